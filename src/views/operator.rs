//! An operator, as the API shows one.

use serde::Serialize;

use super::View;
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
}

impl View for OperatorView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// An operator who was just added.
#[derive(Serialize)]
pub struct NewOperatorView<'a> {
    #[serde(flatten)]
    operator: OperatorView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

impl View for NewOperatorView<'_> {
    fn subject(&self) -> Option<Id> {
        self.operator.subject()
    }
}

/// Shows an operator with the password that was made up: once, when they are added.
pub fn new_operator<'a>(added: &'a Operator, password: Option<&'a str>) -> NewOperatorView<'a> {
    NewOperatorView { operator: operator(added), password }
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
    }
}
