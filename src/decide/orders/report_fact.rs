//! Notes a fact of an order: it was paid, delivered, or cancelled. Each is told once, in any order;
//! told again, the answer is the order as it is. An order that is paid after it was cancelled lives again.

use crate::decide::answer::Answer;
use crate::decide::checkout::reversal::undo_order;
use crate::decide::draft::Draft;
use crate::decide::orders::order::{named, update_order};
use crate::decide::orders::placing::{may_live_again, place_anew};
use crate::decide::orders::record_conversion::check_time;
use crate::decide::rewards::voiding::Because;
use crate::records::text::Reason;
use crate::records::{Reward, Timestamp};
use crate::views::conversion::conversion as view;
use crate::words;
use crate::world::Stop;

words! {
    /// A fact of an order.
    Fact {
        Paid = "paid",
        Delivered = "delivered",
        Cancelled = "cancelled",
    }
}

words! {
    /// What becomes of the redemption of an order that is undone.
    Redeemed {
        Reverse = "reverse",
        Keep = "keep",
    }
}

/// The order and what happened to it.
#[derive(Clone, Debug)]
pub struct ReportFact {
    /// The conversion's id, or the shop's id of the order.
    pub order: String,
    /// What happened.
    pub fact: Fact,
    /// When; `None`: now.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Option<Reason>,
    /// What becomes of the order's redemption when it is cancelled.
    pub redemption: Redeemed,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &ReportFact) -> Result<Answer, Stop> {
    let before = named(draft, &command.order)?;
    check_time(draft, command.at, "/at")?;
    let at = command.at.unwrap_or(draft.at());
    let is_after_all = command.at.is_none_or(|at| Some(at) > before.cancelled_at);
    if command.fact == Fact::Paid && may_live_again(&before) && is_after_all {
        let brought = before.brought.clone().map(|brought| brought.0).unwrap_or_default();
        let placed = place_anew(draft, &before, Some(at), brought)?;
        draft.audit("order_paid", before.id, command.reason.as_deref());
        return Ok(Answer::ok(&view(&placed.conversion, &placed.rewards)));
    }
    let mut after = (*before).clone();
    // A cancellation that was lifted is told again.
    let is_lifted = command.fact == Fact::Cancelled && command.at.is_some_and(|at| Some(at) <= before.lifted_at);
    let noted = match command.fact {
        Fact::Paid => &mut after.paid_at,
        Fact::Delivered => &mut after.delivered_at,
        Fact::Cancelled => &mut after.cancelled_at,
    };
    if noted.is_some() || is_lifted {
        let rewards = draft.list(&Reward::OF_CONVERSION, before.id)?;
        return Ok(Answer::ok(&view(&before, &rewards)));
    }
    *noted = Some(at);
    let why = command.reason.as_deref().unwrap_or(command.fact.as_str());
    if command.fact == Fact::Cancelled {
        after.reason = after.reason.take().or_else(|| command.reason.as_deref().map(str::to_owned));
        if command.redemption == Redeemed::Reverse {
            undo_order(draft, &before.order_id, before.id, why)?;
        }
    }
    let updated = update_order(draft, &before, after, &Because { cause: before.id, why })?;
    draft.audit(&format!("order_{}", command.fact), before.id, command.reason.as_deref());
    Ok(Answer::ok(&view(&updated.conversion, &updated.rewards)))
}
