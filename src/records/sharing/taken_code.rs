//! A code that is taken in its shop, whoever has it: vouchers and advocates' codes share one namespace.

use crate::record;
use crate::records::{Id, Timestamp};

record! {
    /// A code that somebody chose, or that was made of a name. Its id is made of the keyed hash by which a
    /// voucher's code is found, so that the database refuses a second one, whatever it is for. Codes that
    /// are drawn have none: of two among 60 bits no two are equal.
    versioned TakenCode in "taken_codes" {
        /// The voucher, or the advocate's code; none: it is free again, and the record goes.
        owner: Option<Id>,
        /// When it was taken.
        created_at: Timestamp,
    }
    kept_while { owner }
}

impl TakenCode {
    /// The id of a code that is taken; `key` is the vault's, over its folded form.
    pub fn id_of(shop: Id, key: &str) -> Id {
        Id::of("tkn", &[&shop.to_string(), key])
    }
}
