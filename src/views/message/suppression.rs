//! A suppressed address, and what a report of a mail came to, as the API shows them.

use serde::Serialize;

use crate::records::{Id, Suppression, Timestamp};
use crate::views::View;
use crate::words;

/// See the contract's `Suppression`.
#[derive(Serialize)]
pub struct SuppressionView<'a> {
    id: Id,
    customer_id: Option<Id>,
    message: Id,
    status: &'a str,
    created_at: Timestamp,
}

impl View for SuppressionView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a suppression: of the address a keyed hash is kept, which would tell nobody anything.
pub fn suppression(suppression: &Suppression) -> SuppressionView<'_> {
    SuppressionView {
        id: suppression.id,
        customer_id: suppression.customer,
        message: suppression.message,
        status: &suppression.status,
        created_at: suppression.created_at,
    }
}

words! {
    /// What a report came to.
    Bounced {
        /// The mail has failed, and nothing is sent to its address any more:
        Suppressed = "suppressed",
        /// The mail has failed:
        Failed = "failed",
        /// Nothing: it is late, has arrived, or is known already.
        Ignored = "ignored",
    }
}

/// See the contract's `Bounce`.
#[derive(Serialize)]
pub struct BounceView {
    message: Id,
    status: String,
    outcome: Bounced,
}

impl View for BounceView {
    fn subject(&self) -> Option<Id> {
        Some(self.message)
    }
}

/// Shows what a report came to.
pub fn bounce(message: Id, status: String, outcome: Bounced) -> BounceView {
    BounceView { message, status, outcome }
}
