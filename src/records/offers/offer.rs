//! An offer: an exclusive deal for those who arrive, or share, in private.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::records::benefit::Benefit;
use crate::records::expression::Expression;
use crate::records::program::Content;
use crate::records::text::{Prose, Slug};
use crate::records::voucher::Stacking;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `draft → active ⇄ paused → ended`
    OfferStatus {
        Draft = "draft",
        Active = "active",
        Paused = "paused",
        Ended = "ended",
    }
}

words! {
    /// Whom it is for: one person at a time, or the people of one share together.
    OfferKind {
        Personal = "personal",
        Group = "group",
    }
}

words! {
    /// Who may take it: who arrives by a private share, who shares in private, or either.
    Audience {
        Arrive = "arrive",
        Share = "share",
        Both = "both",
    }
}

words! {
    /// What is done about a share whose link has got about.
    Leak {
        Warn = "warn",
        Throttle = "throttle",
    }
}

/// One thing that must hold of who takes an offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Its name in answers; unique in its offer.
    pub code: String,
    /// As it was written.
    pub expression: String,
    /// As it is evaluated.
    pub tree: Expression,
    /// What somebody reads of whom it does not hold, by locale; where a language is missing it is made of the tree.
    #[serde(default)]
    pub message: BTreeMap<String, Prose>,
}

/// What a group is promised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupTerms {
    /// How many of one share may take the offer.
    pub places: i64,
    /// How many of them must have ordered before the organiser is rewarded.
    pub orders: Option<i64>,
    /// What the organiser gets then.
    pub organiser_reward: Option<Benefit>,
}

record! {
    /// An offer as people edit it; what counts against its capacity is counted apart.
    versioned Offer in "offers" {
        /// Its name.
        name: String,
        /// Where it stands.
        status: OfferStatus,
        /// Whom it is for.
        kind: OfferKind,
        /// The program whose shares count.
        program: Id,
        /// Who may take it.
        audience: Audience,
        /// What they get.
        reward: Json<Benefit>,
        /// What must hold, all of it.
        conditions: Json<Vec<Condition>>,
        /// What had to hold before the conditions were last changed; `null`: they never were.
        conditions_before: Json<Option<Vec<Condition>>>,
        /// Only members of one of these segments; empty: everybody.
        segments: Json<Vec<Slug>>,
        /// Claims in all; `None`: no limit.
        capacity: Option<i64>,
        /// Claims of one person.
        per_customer: i64,
        /// What its vouchers may be combined with.
        stacking: Json<Stacking>,
        /// What a group is promised, where it is for groups.
        group_terms: Json<Option<GroupTerms>>,
        /// What is done about a share whose link has got about.
        leak: Leak,
        /// Words by locale.
        content: Json<BTreeMap<String, Content>>,
        /// Good from here.
        starts_at: Option<Timestamp>,
        /// Good until here (first instant too late).
        ends_at: Option<Timestamp>,
        /// When it was made.
        created_at: Timestamp,
        /// When it was first activated.
        activated_at: Option<Timestamp>,
        /// When it ended.
        ended_at: Option<Timestamp>,
    }
}

impl Offer {
    /// Whether it can be taken at an instant, as far as its state and its dates go.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.status == OfferStatus::Active
            && self.starts_at.is_none_or(|start| start <= at)
            && self.ends_at.is_none_or(|end| at < end)
    }

    /// Takes a state, and notes since when.
    pub fn take(&mut self, status: OfferStatus, at: Timestamp) {
        self.status = status;
        match status {
            OfferStatus::Draft | OfferStatus::Paused => {}
            OfferStatus::Active => self.activated_at = self.activated_at.or(Some(at)),
            OfferStatus::Ended => self.ended_at = Some(at),
        }
    }

    /// The account that what it gives is paid from; below nothing by what it has given.
    pub fn account(&self) -> String {
        offer_account(self.id)
    }
}

/// The account that an offer pays from.
pub fn offer_account(offer: Id) -> String {
    format!("offer:{offer}")
}

/// How the name of an organiser's reward ends.
pub const ORGANISER: &str = "/organiser";

/// The counter of an offer's vouchers that were redeemed.
pub fn offer_redeemed_subject(offer: Id) -> String {
    format!("offer:{offer}:redeemed")
}

/// The counter of the orders in which they were.
pub fn offer_orders_subject(offer: Id) -> String {
    format!("offer:{offer}:orders")
}

/// What the goods of these orders came to, minor units.
pub fn offer_revenue_subject(offer: Id) -> String {
    format!("offer:{offer}:revenue")
}

/// The counter of an offer's claims.
pub fn claims_subject(offer: Id) -> String {
    format!("claims:{offer}")
}

/// The counter of one person's claims of an offer.
pub fn person_subject(offer: Id, person: Id) -> String {
    format!("claims:{offer}:person:{person}")
}

/// The counter of those who have a place in a group: of an offer's claims by one share.
pub fn share_claims_subject(offer: Id, share: Id) -> String {
    format!("claims:{offer}:share:{share}")
}

/// The counter of those of one share who have ordered.
pub fn group_orders_subject(offer: Id, share: Id) -> String {
    format!("claims:{offer}:share:{share}:orders")
}
