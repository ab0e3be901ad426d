//! The claims of an offer: those that gave a pass, and all of them one after another.

use super::records::{Filter, get, read};
use crate::records::{Claim, Id};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// The voucher that a claim gave.
const GIVEN: &str = "SELECT 1 FROM rewards AS r JOIN vouchers AS v ON v.id = r.voucher WHERE r.id = claims.reward AND v.event IS NOT NULL";
/// That people were let in by it.
const ADMITTED: &str = "EXISTS (SELECT 1 FROM admissions AS a WHERE a.id = 'adm_' || substr(v.id, 5))";

/// Only claims of an offer that gave a pass; and, when that is asked for, only those by whose pass people were let in, or
/// were not.
pub fn with_pass(offer: Id, admitted: Option<bool>) -> Filter {
    let given = match admitted {
        None => format!("EXISTS ({GIVEN})"),
        Some(true) => format!("EXISTS ({GIVEN} AND {ADMITTED})"),
        Some(false) => format!("EXISTS ({GIVEN} AND NOT {ADMITTED})"),
    };
    Filter::new().equals_id("offer", Some(offer)).when(given, [])
}

/// The claims of an offer behind one, in the order in which they were made.
pub fn of_offer(
    connection: &mut Connection,
    shop: Id,
    offer: Id,
    after: Option<Id>,
    limit: usize,
) -> StoreResult<Vec<Claim>> {
    let after = match after {
        Some(after) => get::<Claim>(connection, shop, after)?,
        None => None,
    };
    let behind = if after.is_some() { "AND (created_at, id) > (?, ?)" } else { "" };
    let sql = format!("{} WHERE shop = ? AND offer = ? {behind} ORDER BY created_at, id LIMIT ?", select::<Claim>());
    let mut statement = Statement::new(sql).bind(shop).bind(offer);
    if let Some(after) = after {
        statement = statement.bind(after.created_at).bind(after.id);
    }
    read(connection, &statement.bind(i64::try_from(limit).unwrap_or(i64::MAX)))
}
