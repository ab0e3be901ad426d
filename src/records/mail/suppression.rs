//! An address that takes no mails, as a keyed hash.

use crate::record;
use crate::records::{Id, Timestamp};

record! {
    /// An address to which nothing is sent any more, for a mail to it came back for good. Its id is made of a keyed
    /// hash of the address, which stands in no column.
    versioned Suppression in "suppressions" {
        /// To whom that mail was; none: it is lifted, or he was erased, and this record with it.
        customer: Option<Id>,
        /// The mail that came back.
        message: Id,
        /// What was said of it: an enhanced status code (RFC 3463).
        status: String,
        /// Since when.
        created_at: Timestamp,
    }
    kept_while { customer }
}

impl Suppression {
    /// The id of an address; `hash` is the vault's.
    pub fn id_of(shop: Id, hash: &str) -> Id {
        Id::of("sup", &[&shop.to_string(), hash])
    }
}
