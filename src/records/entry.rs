//! An entry of the ledger: one debit and one credit of the same amount and currency.

use super::money::Currency;
use super::{Id, Timestamp};
use crate::{record, words};

words! {
    /// The step that an entry stands for.
    EntryKind {
        Pending = "pending",
        Issued = "issued",
        Held = "held",
        Released = "released",
        Spent = "spent",
        Unused = "unused",
        Voided = "voided",
        Expired = "expired",
        Forgiven = "forgiven",
        Reversed = "reversed",
        Moved = "moved",
    }
}

record! {
    /// An entry. Never changed; a correction is a new one that names what it reverses.
    append Entry in "entries" {
        /// The step.
        kind: EntryKind,
        /// The account that gives.
        debit: String,
        /// The account that gets.
        credit: String,
        /// Minor units, above 0.
        amount: i64,
        /// Currency of the amount.
        currency: Currency,
        /// Kind of what caused it.
        cause_type: String,
        /// Its id.
        cause_id: String,
        /// The customer whom it concerns.
        customer: Option<Id>,
        /// The entry that it undoes, or part of it.
        reverses: Option<Id>,
        /// When.
        created_at: Timestamp,
    }
}
