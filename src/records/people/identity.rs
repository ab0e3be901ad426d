//! An address by which a person is known again, as a keyed hash.

use crate::records::{Id, Timestamp};
use crate::{record, words};

words! {
    /// What kind of address.
    IdentityKind {
        Email = "email",
        Phone = "phone",
    }
}

record! {
    /// An address that somebody told. Its id is made of a keyed hash of the canonical form; the
    /// address itself stands in no column.
    versioned Identity in "identities" {
        /// What kind.
        kind: IdentityKind,
        /// Whose it is: what is counted of who gives it is counted there. A phone number is a person of its
        /// own, with whom all count who give it.
        person: Id,
        /// The customer or guest to whom it leads, or who told it first while it leads to nobody; none: he was
        /// erased, and this record with him.
        customer: Option<Id>,
        /// Whether who gives it is taken for the customer: it is a guest's own address, or one of an account
        /// that the shop vouches for. What was only told leads nowhere.
        leads: bool,
        /// When it was first given.
        created_at: Timestamp,
    }
    lists { OF_CUSTOMER = customer }
    kept_while { customer }
}

impl Identity {
    /// The id of an address; `hash` is the vault's, over its canonical form.
    pub fn id_of(shop: Id, kind: IdentityKind, hash: &str) -> Id {
        Id::of("idn", &[&shop.to_string(), kind.as_str(), hash])
    }
}
