//! What is due: whose wait is over, or whose time. Each shop's own time counts, for a test shop's
//! clock can be moved. The one query over all shops is the first, which finds those to look at.

use crate::records::{Due, Id, Kind, Timestamp, Value};
use crate::store::{Connection, Statement, StoreError, StoreResult};

/// A shop in which something is due, and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueShop {
    /// The shop.
    pub shop: Id,
    /// Its time.
    pub now: Timestamp,
}

/// Where one kind of due work of a shop stands: when, and what.
pub type Place = (Timestamp, Id);

/// The shops in which something is due; and those whose real time is ahead, which are few.
pub fn shops(
    connection: &mut Connection,
    all: &[Due],
    now: Timestamp,
    ahead: &[(Id, Timestamp)],
) -> StoreResult<Vec<DueShop>> {
    let tests: Vec<String> = all.iter().map(exists).collect();
    let sql = format!("SELECT h.id, h.clock_offset_ms FROM shop_heads h WHERE {}", tests.join(" OR "));
    let statement = Statement::new(sql).binds(all.iter().map(|_| now.into()));
    let mut found = read_shops(connection, &statement, now)?;
    found.retain(|due| ahead.iter().all(|(shop, _)| *shop != due.shop));
    for (id, now) in ahead {
        found.extend(shop(connection, *id, *now)?);
    }
    Ok(found)
}

/// One shop's time, when something is due in it.
pub fn shop(connection: &mut Connection, shop: Id, now: Timestamp) -> StoreResult<Option<DueShop>> {
    let statement = Statement::new("SELECT h.id, h.clock_offset_ms FROM shop_heads h WHERE h.id = ?").bind(shop);
    Ok(read_shops(connection, &statement, now)?.pop())
}

/// What the index of what is due is limited to.
fn condition(due: &Due) -> String {
    let states: Vec<String> = due.states.iter().map(|state| format!("'{state}'")).collect();
    match states.as_slice() {
        [] => format!("{} IS NOT NULL", due.at),
        [state] => format!("{} IS NOT NULL AND status = {state}", due.at),
        states => format!("{} IS NOT NULL AND status IN ({})", due.at, states.join(", ")),
    }
}

fn exists(due: &Due) -> String {
    let (table, column, condition) = (due.kind.table(), due.at, condition(due));
    format!("EXISTS (SELECT 1 FROM {table} WHERE shop = h.id AND {condition} AND {column} <= ? + h.clock_offset_ms)")
}

fn read_shops(connection: &mut Connection, statement: &Statement, now: Timestamp) -> StoreResult<Vec<DueShop>> {
    let rows = connection.query(statement, &[Kind::Text, Kind::Int])?;
    rows.iter()
        .map(|row| match row.as_slice() {
            [Value::Text(Some(id)), Value::Int(Some(offset_ms))] => {
                Ok(DueShop { shop: read_id(id)?, now: now.plus_ms(*offset_ms) })
            }
            _ => Err(StoreError::Failed("a shop's head without an id or an offset".into())),
        })
        .collect()
}

/// A page of what is due in a shop, longest due first, behind `after`.
pub fn page(
    connection: &mut Connection,
    due: &Due,
    shop: DueShop,
    after: Option<Place>,
    limit: usize,
) -> StoreResult<Vec<Place>> {
    let (table, column, condition) = (due.kind.table(), due.at, condition(due));
    let behind = if after.is_some() { format!(" AND ({column}, id) > (?, ?)") } else { String::new() };
    let mut statement = Statement::new(format!(
        "SELECT {column}, id FROM {table} WHERE shop = ? AND {condition} AND {column} <= ?{behind}
         ORDER BY {column}, id LIMIT ?"
    ));
    statement = statement.bind(shop.shop).bind(shop.now);
    if let Some((at, id)) = after {
        statement = statement.bind(at).bind(id);
    }
    let statement = statement.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = connection.query(&statement, &[Kind::Int, Kind::Text])?;
    rows.iter()
        .map(|row| match row.as_slice() {
            [Value::Int(Some(at)), Value::Text(Some(id))] => Ok((Timestamp::from_ms(*at), read_id(id)?)),
            _ => Err(StoreError::Failed("what is due has no time or no id".into())),
        })
        .collect()
}

fn read_id(text: &str) -> StoreResult<Id> {
    text.parse().map_err(|_| StoreError::Failed(format!("not an id: {text}")))
}
