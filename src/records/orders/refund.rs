//! A refund: an order, or part of it, came back.

use serde::{Deserialize, Serialize};

use crate::records::conversion::ConversionStatus;
use crate::records::money::Currency;
use crate::records::program::Side;
use crate::records::reward::RewardStatus;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// Why money went back.
    RefundKind {
        Refund = "refund",
        Withdrawal = "withdrawal",
        Chargeback = "chargeback",
    }
}

words! {
    /// What became of a reward.
    Outcome {
        Kept = "kept",
        Reduced = "reduced",
        Voided = "voided",
        Forgiven = "forgiven",
        Gone = "gone",
    }
}

/// What became of one reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardOutcome {
    /// The reward.
    pub id: Id,
    /// For which side.
    pub to: Option<Side>,
    /// What became of it; `gone`: it was voided, expired or forgiven before.
    pub outcome: Outcome,
    /// Where it stands now.
    pub status: RewardStatus,
    /// What it cost before, minor units.
    pub before: i64,
    /// What it costs now, minor units.
    pub after: i64,
    /// What was spent already and is let go, minor units.
    pub forgiven: i64,
}

/// What came back of one line of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundedItem {
    /// The item's id in the order.
    pub id: String,
    /// Pieces.
    pub quantity: i64,
    /// This refund's own amount for them, minor units.
    pub amount: i64,
}

record! {
    /// A refund, with its own amount. Never changed.
    append Refund in "refunds" {
        /// The shop's id of it.
        refund_id: String,
        /// The order.
        conversion: Id,
        /// `conversion/refund_id`; unique in the shop.
        once: String,
        /// Goods, this refund's own amount, minor units.
        amount: i64,
        /// The order's currency.
        currency: Currency,
        /// Why money went back.
        kind: RefundKind,
        /// What came back, where it was said.
        items: Json<Vec<RefundedItem>>,
        /// Why, in words.
        reason: Option<String>,
        /// The reversal of the order's redemption that it caused.
        reversal: Option<Id>,
        /// What became of each reward of the order.
        rewards: Json<Vec<RewardOutcome>>,
        /// Where the order stood afterwards.
        conversion_status: ConversionStatus,
        /// When it was reported.
        created_at: Timestamp,
    }
    keys { BY_ONCE = once }
    lists { OF_CONVERSION = conversion }
}

impl Refund {
    /// Why something happened for its sake: what its reversal and the rewards that it changed say.
    pub fn why(&self) -> String {
        format!("{} {}", self.kind, self.refund_id)
    }
}

/// The second key of a refund.
pub fn once(conversion: Id, refund_id: &str) -> String {
    format!("{conversion}/{refund_id}")
}
