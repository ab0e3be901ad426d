//! A count that a rule needs.

use crate::record;
use crate::records::Id;

record! {
    /// How many of one subject are live; the database refuses more than the cap.
    versioned Tally in "tallies" {
        /// What is counted.
        subject: String,
        /// How many.
        count: i64,
        /// The most, where a rule has one.
        cap: Option<i64>,
    }
}

impl Tally {
    /// The id of a subject's tally; it lies beside the last record that the subject names.
    pub fn id_of(shop: Id, subject: &str) -> Id {
        Id::of("tly", &[&shop.to_string(), subject]).beside(Id::last_in(subject))
    }
}
