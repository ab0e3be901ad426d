//! A refund, as the API shows it.

use serde::Serialize;

use crate::records::money::Currency;
use crate::records::refund::{RefundKind, RefundedItem, RewardOutcome};
use crate::records::{Id, Refund, Timestamp};

/// See the contract's `Refund`.
#[derive(Serialize)]
pub struct RefundView<'a> {
    id: Id,
    refund_id: &'a str,
    conversion: Id,
    order_id: &'a str,
    amount: i64,
    currency: Currency,
    kind: RefundKind,
    items: &'a [RefundedItem],
    reason: Option<&'a str>,
    reversal: Option<Id>,
    rewards: &'a [RewardOutcome],
    created_at: Timestamp,
}

/// Shows a refund with what became of each reward.
pub fn refund<'a>(refund: &'a Refund, order_id: &'a str) -> RefundView<'a> {
    RefundView {
        id: refund.id,
        refund_id: &refund.refund_id,
        conversion: refund.conversion,
        order_id,
        amount: refund.amount,
        currency: refund.currency,
        kind: refund.kind,
        items: &refund.items,
        reason: refund.reason.as_deref(),
        reversal: refund.reversal,
        rewards: &refund.rewards,
        created_at: refund.created_at,
    }
}
