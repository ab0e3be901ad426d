//! An event: a fact that leaves the house.

use super::Timestamp;
use crate::record;

record! {
    /// An event, numbered in the order of commits, without gaps.
    append Event in "events" {
        /// Its number in its shop, from 1.
        seq: i64,
        /// For example `reward.issued`.
        kind: String,
        /// The resource as the API shows it, JSON.
        data: String,
        /// When.
        created_at: Timestamp,
    }
}
