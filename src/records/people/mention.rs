//! Who is spoken of in a record whose own columns do not name him.

use crate::record;
use crate::records::{Id, Timestamp};

record! {
    /// A mention: an advocate whose evidence lost, in the order for which it was brought. An erasure
    /// finds by it what else speaks of a customer.
    append Mention in "mentions" {
        /// Who is spoken of.
        customer: Id,
        /// In which record.
        record: Id,
        /// Since when.
        created_at: Timestamp,
    }
}

impl Mention {
    /// The id of a customer's mention in a record; it lies beside the record.
    pub fn id_of(customer: Id, record: Id) -> Id {
        Id::of("mnt", &[&customer.to_string(), &record.to_string()]).beside(Some(record))
    }
}
