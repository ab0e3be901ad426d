//! How often a share's link was opened. Written by the visit recorder; decisions read it.

use crate::record;
use crate::records::Timestamp;

record! {
    /// The openings of a share's link; its id is the share's.
    append ShareCount in "share_counts" {
        /// By preview robots.
        previews: i64,
        /// By persons.
        visits: i64,
        /// By persons, each counted once a day.
        unique_visits: i64,
        /// Of those counted once a day: by persons whom a page sent that everybody can read.
        public_visits: i64,
        /// When a person last opened it, in the shop's time.
        opened_at: Option<Timestamp>,
    }
}
