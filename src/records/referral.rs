//! A referral: the edge advocate → friend in a program.

use super::{Id, Timestamp};
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
    /// A referral; one for each (program, friend).
    versioned Referral in "referrals" {
        /// The program.
        program: Id,
        /// Who came.
        friend: Id,
        /// His id at the shop.
        friend_ref: Option<String>,
        /// Who recommended.
        advocate: Id,
        /// Her id at the shop.
        advocate_ref: Option<String>,
        /// The share, when a link was followed.
        share: Option<Id>,
        /// Its channel.
        channel: Option<String>,
        /// How the friend came.
        method: Method,
        /// Where it stands.
        status: ReferralStatus,
        /// `program/friend`; unique in the shop.
        pair: String,
        /// When it was made.
        created_at: Timestamp,
        /// When it may no longer pay.
        expires_at: Timestamp,
    }
    keys { BY_PAIR = pair }
    lists { OF_FRIEND = friend }
}

/// The pair column of a friend in a program.
pub fn pair(program: Id, friend: Id) -> String {
    format!("{program}/{friend}")
}
