//! An operator, as the API shows one.

use serde::Serialize;

use crate::records::operator::Role;
use crate::records::{Id, Operator, Timestamp};

/// See the contract's `Operator`.
#[derive(Serialize)]
pub struct OperatorView<'a> {
    id: Id,
    email: &'a str,
    name: &'a str,
    role: Role,
    disabled: bool,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

/// Shows an operator.
pub fn operator(operator: &Operator) -> OperatorView<'_> {
    OperatorView {
        id: operator.id,
        email: &operator.email,
        name: &operator.name,
        role: operator.role,
        disabled: operator.disabled,
        created_at: operator.created_at,
        deleted_at: operator.deleted_at,
    }
}
