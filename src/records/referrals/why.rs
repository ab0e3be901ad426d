//! Why evidence lost, or a reward was not given: the closed list of the contract's `Why`.

use serde::{Deserialize, Serialize};

use crate::records::program::Side;
use crate::words;

words! {
    /// Why evidence lost, or a reward was not given.
    Why {
        /// The advocate is the friend.
        SelfReferral = "self_referral",
        /// Other evidence was stronger.
        Weaker = "weaker",
        /// Other evidence of the same strength was younger.
        Older = "older",
        /// It is older than the program's window.
        Expired = "expired",
        /// The referral is older than the window within which its advocate is credited.
        CreditExpired = "credit_expired",
        /// The friend has ordered before, and the program is for new customers.
        NotNew = "not_new",
        /// The order is worth less than the program asks for.
        MinOrderAmount = "min_order_amount",
        /// A share of the order that comes to nothing.
        WorthNothing = "worth_nothing",
        /// The reward's limit is reached.
        LimitReached = "limit_reached",
        /// The program's budget has no room for it.
        BudgetExhausted = "budget_exhausted",
        /// The order is in another currency than the shop's.
        CurrencyMismatch = "currency_mismatch",
        /// The program does not count, or was not the one that was asked for.
        ProgramNotActive = "program_not_active",
        /// Nobody knows who ordered.
        CustomerRequired = "customer_required",
        /// Nobody stands behind it, or no longer.
        Unknown = "unknown",
        /// It belongs to another program, or to another person.
        Foreign = "foreign",
        /// The advocate is one of those whom the program keeps without an offer.
        HeldOut = "held_out",
        /// The order had been approved for somebody else.
        TooLate = "too_late",
    }
}

/// A reward that was not given, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedReward {
    /// For whom it would have been.
    pub to: Side,
    /// Why not.
    pub reason: Why,
}
