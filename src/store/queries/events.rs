//! The events of a shop.

use super::records::read;
use crate::records::{Event, Id};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Events behind a number, oldest first. Their numbers are given under the shop's lock: whoever sees
/// one sees all before it.
pub fn after(connection: &mut Connection, shop: Id, seq: i64, limit: usize) -> StoreResult<Vec<Event>> {
    let sql = format!("{} WHERE shop = ? AND seq > ? ORDER BY seq LIMIT ?", select::<Event>());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    read(connection, &Statement::new(sql).bind(shop).bind(seq).bind(limit))
}
