//! A claim: somebody took an offer.

use crate::record;
use crate::records::{Id, Timestamp};

record! {
    /// A claim. What it gave is its reward.
    versioned Claim in "claims" {
        /// The offer.
        offer: Id,
        /// Who took it.
        customer: Id,
        /// Their id at the shop.
        customer_ref: Option<String>,
        /// `offer/person/n`, for the n-th claim of a person; unique in the shop.
        place: String,
        /// The share by which they came.
        share: Option<Id>,
        /// Its channel.
        channel: Option<String>,
        /// Whose share or code it was.
        advocate: Option<Id>,
        /// Their id at the shop.
        advocate_ref: Option<String>,
        /// The program whose shares count.
        program: Id,
        /// The referral that it made, or that was there.
        referral: Option<Id>,
        /// What it gave.
        reward: Id,
        /// When.
        created_at: Timestamp,
    }
    keys { BY_PLACE = place }
}

/// The place of the n-th claim of a person, from 1.
pub fn place(offer: Id, person: Id, number: i64) -> String {
    format!("{offer}/{person}/{number}")
}
