//! A conversion: an order that the shop reported, and whom it is credited to.

use serde::{Deserialize, Serialize};

use super::money::Currency;
use super::referral::Method;
use super::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// The life of an order; the states before and beside these come with their rules.
    ConversionStatus {
        Pending = "pending",
        Approved = "approved",
        Cancelled = "cancelled",
    }
}

/// Evidence that did not win, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// What kind of evidence.
    pub method: Method,
    /// Its program, when known.
    pub program: Option<Id>,
    /// Whom it spoke for: the shop's id.
    pub advocate: Option<String>,
    /// Why it lost.
    pub outcome: String,
}

/// A reward that was not given, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedReward {
    /// For whom it would have been.
    pub to: super::program::Side,
    /// Why not.
    pub reason: String,
}

record! {
    /// One order of the shop.
    versioned Conversion in "conversions" {
        /// The shop's id of the order; unique in the shop.
        order_id: String,
        /// Who ordered.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Where it stands.
        status: ConversionStatus,
        /// What kind of conversion; `order`.
        kind: String,
        /// Whether it came with an import: it was ordered before and is credited to nobody.
        imported: bool,
        /// Goods, VAT included, after discounts, minor units.
        amount: i64,
        /// Sent back so far, minor units.
        refunded_amount: i64,
        /// The order's currency.
        currency: Currency,
        /// Shipping, minor units.
        shipping_amount: i64,
        /// When it was ordered.
        occurred_at: Timestamp,
        /// When it was reported.
        created_at: Timestamp,
        /// When the wait ends, or ended.
        pending_until: Option<Timestamp>,
        /// The same while it waits, else nothing: what the sweep looks for.
        due_at: Option<Timestamp>,
        /// When it was approved.
        approved_at: Option<Timestamp>,
        /// The program that decided.
        program: Option<Id>,
        /// In this version.
        program_version: Option<i64>,
        /// By what the winner won.
        method: Method,
        /// The winner.
        advocate: Option<Id>,
        /// Her id at the shop.
        advocate_ref: Option<String>,
        /// The winning share.
        share: Option<Id>,
        /// Its channel.
        channel: Option<String>,
        /// Whether that is private.
        private: Option<bool>,
        /// Its depth in the share tree.
        depth: Option<i64>,
        /// Age of the winning evidence at the order, milliseconds.
        age_ms: Option<i64>,
        /// The losers.
        considered: Json<Vec<Considered>>,
        /// Rewards that were not given.
        refused_rewards: Json<Vec<RefusedReward>>,
    }
    keys { BY_ORDER = order_id }
}
