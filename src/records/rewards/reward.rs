//! A reward: what one side is owed.

use serde::{Deserialize, Serialize};

use crate::records::audit::Actor;
use crate::records::benefit::Benefit;
use crate::records::money::Currency;
use crate::records::program::{RewardOn, Side};
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `pending → issued → spent`, or `voided`, `expired`; what the shop hands over: `pending → due → issued`.
    RewardStatus {
        Pending = "pending",
        Due = "due",
        Issued = "issued",
        Spent = "spent",
        Voided = "voided",
        Expired = "expired",
    }
}

impl RewardStatus {
    /// Whether nothing of it was given yet, and what it costs lies with what waits.
    pub fn waits(self) -> bool {
        matches!(self, Self::Pending | Self::Due)
    }
}

/// One step of a reward's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The state it took.
    pub status: RewardStatus,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub who: Actor,
    /// Why.
    pub why: Option<String>,
    /// What it was worth from then on, minor units, where it has an amount.
    pub amount: Option<i64>,
}

record! {
    /// A reward.
    versioned Reward in "rewards" {
        /// For which side of a referral; a grant is for neither.
        to_side: Option<Side>,
        /// For what.
        on_what: RewardOn,
        /// Who gets it.
        customer: Id,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// The program, unless granted.
        program: Option<Id>,
        /// The conversion that earned it.
        conversion: Option<Id>,
        /// The referral that earned it.
        referral: Option<Id>,
        /// The grant that gave it.
        grant_id: Option<Id>,
        /// The channel of the share that brought what earned it.
        channel: Option<String>,
        /// The placement at which that share is counted.
        placed: Option<String>,
        /// The instant of what earned it, on whose day it is counted; nothing: when it was made.
        counted_at: Option<Timestamp>,
        /// What earned it and which rule: unique in the shop.
        once: String,
        /// What it is.
        benefit: Json<Benefit>,
        /// Its fixed amount, minor units, where it has one.
        amount: Option<i64>,
        /// Currency of its amounts.
        currency: Currency,
        /// What it counts for in the budget, minor units.
        cost_amount: i64,
        /// What of it was redeemed at the till, minor units; of a voucher that is spent at once.
        redeemed_amount: i64,
        /// What of it was spent and let go when its order came back, minor units.
        forgiven_amount: i64,
        /// Whose credit is taken back should what was forgiven return to it.
        owed_by: Option<Id>,
        /// The tally of the friend's places that counts it; nothing once its place is free.
        place: Option<String>,
        /// The tallies of its customer's places that count it; none once they are free.
        counted_by: Json<Vec<String>>,
        /// Where it stands.
        status: RewardStatus,
        /// When the wait ends, or ended.
        pending_until: Option<Timestamp>,
        /// The voucher that was made of it.
        voucher: Option<Id>,
        /// The shop's own id of what it handed over; nothing until then, and of what has a voucher or is credit.
        reference: Option<String>,
        /// The mail that told of it last.
        message: Option<Id>,
        /// When it was issued.
        issued_at: Option<Timestamp>,
        /// When what was issued expires (first instant too late).
        expires_at: Option<Timestamp>,
        /// Its steps, oldest first.
        history: Json<Vec<Step>>,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_ONCE = once }
    lists { OF_CONVERSION = conversion, OWED_BY = owed_by }
    counted { 3 }
    owed { true }
}

impl Reward {
    /// The offer that gave it; a claim's reward is named as its place, an organiser's after its share.
    pub fn offer(&self) -> Option<Id> {
        let named = self.once.split('/').next().filter(|_| self.on_what == RewardOn::Offer)?;
        Id::parse("ofr", named)
    }

    /// How many friends it is for, where it is for a number of them. It is named by program, rule, person and number, and
    /// how often that was fallen short of.
    pub fn friends(&self) -> Option<i64> {
        let named = self.once.rsplit('/').next().filter(|_| self.on_what == RewardOn::Milestone)?;
        named.split('.').next()?.parse().ok()
    }

    /// The place of the rule that gave it in its program's list; grants come last.
    pub fn rule(&self) -> usize {
        self.once.rsplit_once('/').and_then(|(_, rule)| rule.parse().ok()).unwrap_or(usize::MAX)
    }
}
