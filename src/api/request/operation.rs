//! What is known of an operation: its name, where it is, who may ask for it. Which there are is in `routes`.

use crate::records::operator::Role;
use crate::records::scope::Scope;

/// Whether an operation takes an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// 400 without one.
    Required,
    /// 400 without one, unless the body names itself by a `reference`: that tells a repetition as well.
    UnlessNamed,
    /// Honoured when given.
    Optional,
    /// Not looked at.
    Ignored,
}

/// Who may ask for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A key or an operator with this scope.
    Scope(Scope),
    /// A customer's browser, about that customer.
    Me,
}

/// An operation.
pub struct Operation {
    /// The contract's `operationId`.
    pub id: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path template.
    pub path: &'static str,
    /// Who may ask for it.
    pub access: Access,
    /// Whether it takes an `Idempotency-Key`.
    pub key: KeyRule,
    /// Whether its handler reads the body itself, as it comes.
    pub streamed: bool,
}

impl Operation {
    /// The scope that it needs; `None`: it is a browser's.
    pub fn scope(&self) -> Option<Scope> {
        match self.access {
            Access::Scope(scope) => Some(scope),
            Access::Me => None,
        }
    }

    /// Whether it is of a shop as a whole, and not of one record of it, or of a customer in a browser.
    pub fn is_of_shop(&self) -> bool {
        self.access != Access::Me && !self.path.contains('{')
    }

    /// The scopes of which one opens it.
    pub fn scopes(&self) -> Vec<Scope> {
        let others = ALSO_BY.iter().filter(|(id, _)| *id == self.id).map(|(_, scope)| *scope);
        self.scope().into_iter().chain(others).collect()
    }

    /// The least role of an operator who may ask for it; `None`: it is a browser's.
    pub fn least_role(&self) -> Option<Role> {
        let role = self.scope()?.least_role();
        let above = ABOVE_SCOPE.iter().find(|(id, _)| *id == self.id);
        Some(above.map_or(role, |(_, above)| role.max(*above)))
    }
}

/// Operations that ask for a higher role than their scope does: they hand out, or take away, all that
/// is known of a customer.
const ABOVE_SCOPE: &[(&str, Role)] = &[("delete_customer", Role::Manager), ("export_customer", Role::Manager)];

/// Operations that another scope opens as well; the handler asks what for. Who may erase a customer may
/// look how far that is.
const ALSO_BY: &[(&str, Scope)] = &[("get_job", Scope::CustomersWrite)];
