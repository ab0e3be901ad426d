//! A referral: the edge advocate → friend in a program.

use crate::records::program::Side;
use crate::records::trial::{Arm, Began};
use crate::records::why::RefusedReward;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `open → converted | expired | rejected`
    ReferralStatus {
        Open = "open",
        Converted = "converted",
        Expired = "expired",
        Rejected = "rejected",
    }
}

words! {
    /// By what somebody was credited.
    Method {
        Voucher = "voucher",
        Code = "code",
        Token = "token",
        Referral = "referral",
        Operator = "operator",
        None = "none",
    }
}

record! {
    /// A referral; one for each (program, person).
    versioned Referral in "referrals" {
        /// The program.
        program: Id,
        /// Who came.
        friend: Id,
        /// His id at the shop.
        friend_ref: Option<String>,
        /// The person that he was when it was made: one referral for each (program, person).
        person: Id,
        /// Who recommended.
        advocate: Id,
        /// Her id at the shop.
        advocate_ref: Option<String>,
        /// The share, when a link was followed.
        share: Option<Id>,
        /// Its channel.
        channel: Option<String>,
        /// The placement at which it is counted.
        placed: Option<String>,
        /// When the advocate first shared in the program.
        advocate_since: Option<Timestamp>,
        /// Where the advocate stands in the trial of that time, where there was one.
        arm: Option<Arm>,
        /// How the friend came.
        method: Method,
        /// Where it stands.
        status: ReferralStatus,
        /// Live conversions that it is credited with.
        conversions: i64,
        /// Rewards `on: referral` that were not given, and why.
        refused_rewards: Json<Vec<RefusedReward>>,
        /// `program/person`; unique in the shop.
        pair: String,
        /// When it was made.
        created_at: Timestamp,
        /// When it may no longer pay.
        expires_at: Timestamp,
    }
    keys { BY_PAIR = pair }
    lists { OF_PERSON = person }
    counted { 1 }
}

impl Referral {
    /// When the advocate began to recommend in the program.
    pub fn began(&self) -> Option<Began> {
        self.advocate_since.map(|at| Began { at, arm: self.arm })
    }

    /// Whether reports count it.
    pub fn is_counted(&self) -> bool {
        self.status != ReferralStatus::Rejected
    }

    /// What stays refused when another advocate takes over: what the friend did not get.
    pub fn refused_to_friend(&self) -> Json<Vec<RefusedReward>> {
        Json(self.refused_rewards.iter().filter(|refused| refused.to == Side::Friend).cloned().collect())
    }
}

/// The pair column of a person in a program.
pub fn pair(program: Id, person: Id) -> String {
    format!("{program}/{person}")
}
