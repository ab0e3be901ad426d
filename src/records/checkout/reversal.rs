//! A reversal: a redemption, or part of it, undone.

use serde::{Deserialize, Serialize};

use crate::record;
use crate::records::redemption::RedemptionStatus;
use crate::records::{Id, Json, Timestamp};

/// What went back to one code or to the store credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReversedLine {
    /// The voucher, where it was one.
    pub voucher: Option<Id>,
    /// The program, where it was a discount `on: checkout`.
    pub program: Option<Id>,
    /// The last four characters of its code.
    pub code_hint: Option<String>,
    /// Minor units.
    pub amount: i64,
    /// Uses given back: 1 when all was reversed.
    pub uses: i64,
}

record! {
    /// A reversal.
    append Reversal in "reversals" {
        /// The shop's id of it, or ours of what caused it.
        reversal_id: String,
        /// The redemption.
        redemption: Id,
        /// `redemption/reversal_id`, or `cause/redemption` where we made it; unique in the shop.
        once: String,
        /// Undone by this one, minor units.
        amount: i64,
        /// Why.
        reason: String,
        /// What went back where.
        lines: Json<Vec<ReversedLine>>,
        /// Where the redemption stood afterwards.
        redemption_status: RedemptionStatus,
        /// When.
        created_at: Timestamp,
    }
    keys { BY_ONCE = once }
    lists { OF_REDEMPTION = redemption }
}
