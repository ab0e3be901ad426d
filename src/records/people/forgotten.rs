//! What an erasure has still to take out of events.

use crate::record;
use crate::records::Id;

record! {
    /// A record whose story in events is to be erased. Whoever erases goes through the events once, when all records
    /// are done.
    versioned Forgotten in "forgotten" {
        /// The erasure; `None`: it is done.
        job: Option<Id>,
        /// The record.
        subject: Id,
        /// The number of the last event that may tell of it; later ones are told without what was erased.
        until_seq: i64,
    }
    kept_while { job }
}

impl Forgotten {
    /// The id of what an erasure has to forget of a record.
    pub fn id_of(job: Id, subject: Id) -> Id {
        Id::of("fgt", &[&job.to_string(), &subject.to_string()]).beside(Some(job))
    }
}
