//! The status of an order, and what may be done in which. The status follows from the facts that are known of the
//! order: in any sequence and any repetition they lead to the same one.

use crate::records::Conversion;
use crate::records::conversion::ConversionStatus::{self, *};
use crate::records::program::{Approval, PendingFrom};
use crate::records::time::Timestamp;
use crate::refusal::{Code, Rejection};

/// What an operator, or a change of the order, wants to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Screening is fine, the wait goes on.
    Clear,
    /// Approve now.
    Approve,
    /// Nothing is paid for it.
    Reject,
    /// Credit somebody else.
    Attribute,
    /// Change its amount or its items.
    Change,
}

/// Whether that can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It can.
    Go,
    /// It is so already.
    Already,
    /// It cannot.
    Illegal,
}

/// The table of what can be done to an order in which state.
pub fn ruling(act: Act, status: ConversionStatus) -> Ruling {
    match (act, status) {
        (Act::Clear, Review)
        | (Act::Approve, Pending | Review)
        | (Act::Reject, Unpaid | Pending | Review)
        | (Act::Attribute, Unpaid | Pending | Review | Approved)
        | (Act::Change, Unpaid | Pending | Review) => Ruling::Go,
        (Act::Clear, Unpaid | Pending | Approved) | (Act::Approve, Approved) | (Act::Reject, Rejected) => {
            Ruling::Already
        }
        _ => Ruling::Illegal,
    }
}

/// Whether the act is to be done; `false`: it was done before. Refuses what cannot be, with the state
/// in which the order is.
pub fn permit(act: Act, conversion: &Conversion) -> Result<bool, Rejection> {
    let word = match act {
        Act::Clear => "cleared",
        Act::Approve => "approved",
        Act::Reject => "rejected",
        Act::Attribute => "credited to somebody else",
        Act::Change => "changed",
    };
    match ruling(act, conversion.status) {
        Ruling::Go => Ok(true),
        Ruling::Already => Ok(false),
        Ruling::Illegal => {
            let advice = match (act, conversion.status) {
                (Act::Approve, Unpaid) => "; report POST …/paid first",
                (Act::Change | Act::Reject, Approved) => "; report what came back with POST …/refunds",
                _ => "",
            };
            let (order, status) = (&conversion.order_id, conversion.status);
            let detail = format!("Order {order} is {status} and cannot be {word}{advice}.");
            Err(Rejection::new(Code::IllegalTransition, detail))
        }
    }
}

/// Sets what follows from the facts at an instant: the status, the wait, when the sweep looks again. An approval stays approved whatever is reported later, until it falls.
pub fn set_status(conversion: &mut Conversion, at: Timestamp) {
    conversion.pending_until = wait_ends(conversion);
    conversion.overdue = false;
    let is_free = conversion.paid_at.is_some() && !conversion.in_review && !conversion.has_fallen();
    if is_free && conversion.approved_at.is_none() {
        let is_over = conversion.pending_until.is_some_and(|until| until <= at);
        match conversion.terms.as_ref().map(|terms| terms.approval) {
            None => conversion.approved_at = Some(at),
            Some(Approval::Auto) if is_over => conversion.approved_at = Some(at),
            Some(Approval::Manual) if is_over => conversion.overdue = true,
            Some(_) => {}
        }
    }
    conversion.status = status(conversion);
    let waits = conversion.status == Pending && !conversion.overdue;
    conversion.due_at = conversion.pending_until.filter(|_| waits);
}

/// Where it stands.
fn status(conversion: &Conversion) -> ConversionStatus {
    if conversion.rejected_at.is_some() {
        Rejected
    } else if conversion.cancelled_at.is_some() {
        Cancelled
    } else if conversion.returned_at.is_some() {
        Reversed
    } else if conversion.approved_at.is_some() {
        Approved
    } else if conversion.in_review {
        Review
    } else if conversion.paid_at.is_none() {
        Unpaid
    } else {
        Pending
    }
}

/// When the wait ends; `None`: what it counts from has not come, or there is none.
fn wait_ends(conversion: &Conversion) -> Option<Timestamp> {
    let terms = conversion.terms.as_ref()?;
    let from = match terms.pending_from {
        PendingFrom::Order => Some(conversion.occurred_at),
        PendingFrom::Payment => conversion.paid_at,
        PendingFrom::Delivery => conversion.delivered_at,
    };
    Some(from?.plus_days(terms.pending_days))
}

#[cfg(test)]
#[path = "order_status_tests.rs"]
mod tests;
