//! An event: a fact that leaves the house.

use super::{Id, Timestamp};
use crate::record;

record! {
    /// An event, numbered in the order of commits, without gaps.
    append Event in "events" {
        /// Its number in its shop, from 1.
        seq: i64,
        /// For example `reward.issued`.
        kind: String,
        /// What it is about, where that has an id.
        subject: Option<Id>,
        /// The resource as the API shows it, JSON.
        data: String,
        /// When.
        created_at: Timestamp,
    }
}
