//! Every operation of the API on one screen: its name, where it is, what scope it needs, and
//! whether an `Idempotency-Key` is asked for. What a role may do follows from the scopes it has.

use std::future::Future;
use std::pin::Pin;

use super::call::Call;
use super::problem::Problem;
use super::reply::Reply;
use super::*;

/// Whether an operation takes an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// 400 without one.
    Required,
    /// Honoured when given.
    Optional,
    /// Not looked at.
    Ignored,
}

/// A handler.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>>>>;

/// An operation.
pub struct Operation {
    /// The contract's `operationId`.
    pub id: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path template.
    pub path: &'static str,
    /// The scope that it needs.
    pub scope: &'static str,
    /// Whether it takes an `Idempotency-Key`.
    pub key: KeyRule,
    /// What does it.
    pub handler: Handler,
}

use KeyRule::{Ignored, Optional, Required};

macro_rules! op {
    ($id:literal, $method:ident, $path:literal, $scope:literal, $key:ident, $module:ident) => {
        op!(@ $id, $method, $path, $scope, $key, $module)
    };
    (@ $id:literal, $method:ident, $path:literal, $scope:literal, $key:ident, $($handler:tt)+) => {
        Operation {
            id: $id,
            method: stringify!($method),
            path: $path,
            scope: $scope,
            key: $key,
            handler: |call| Box::pin($($handler)+(call)),
        }
    };
}
