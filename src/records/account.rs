//! An account of the ledger, and its balance.

use super::money::Currency;
use super::owed::Lot;
use super::{Id, Json, Timestamp};
use crate::record;

/// What pending rewards may come to cost.
pub const PENDING: &str = "pending";
/// What issued vouchers may still take off, and have not.
pub const ISSUED: &str = "issued";
/// What was taken off or paid with.
pub const REDEEMED: &str = "redeemed";
/// What lapsed unused.
pub const EXPIRED: &str = "expired";
/// What was redeemed by rewards whose orders came back afterwards, and was let go.
pub const FORGIVEN: &str = "forgiven";
/// What grants are paid from.
pub const GRANTS: &str = "grants";
/// What vouchers that the shop makes are paid from.
pub const SHOP: &str = "shop";

/// How the names of customers' store credit begin.
pub const CREDIT: &str = "credit:";
/// How the names of gift cards' balances begin.
pub const VOUCHER: &str = "voucher:";
/// How the names of what holds have set aside begin.
pub const HELD: &str = "held:";

/// A customer's store credit.
pub fn credit_account(customer: Id) -> String {
    format!("{CREDIT}{customer}")
}

/// What lapsed of a customer's store credit because he was erased: it is nobody's any more.
pub fn lapsed_account(customer: Id) -> String {
    format!("expired:{customer}")
}

record! {
    /// An account. Its balance is its credits minus its debits; it never goes below its floor.
    versioned Account in "accounts" {
        /// Its name.
        name: String,
        /// Currency of its amounts.
        currency: Currency,
        /// Credits minus debits, minor units.
        balance: i64,
        /// The least balance; `None`: none. A budget of n is a floor of -n.
        floor: Option<i64>,
        /// Since when parts of the balance are there, oldest first, where that is told apart.
        lots: Json<Vec<Lot>>,
        /// When it was opened.
        created_at: Timestamp,
    }
    owed { true }
}

impl Account {
    /// The id of an account; it lies beside the record that its name names.
    pub fn id_of(shop: Id, name: &str, currency: Currency) -> Id {
        Id::of("acc", &[&shop.to_string(), name, currency.as_str()]).beside(Id::last_in(name))
    }
}
