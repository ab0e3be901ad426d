//! What a database knows of the time: its own clock, the last that was written, and what lies ahead.

use super::queries::records::read;
use super::shelves::select;
use super::{Connection, Statement, StoreError, StoreResult};
use crate::records::{Id, Kind, ShopHead, Timestamp, Value};

/// The clock of the database's machine; SQLite has none of its own.
pub fn own(connection: &mut Connection) -> StoreResult<Option<Timestamp>> {
    if !connection.is_postgres() {
        return Ok(None);
    }
    let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    Ok(connection.number(&Statement::new(sql))?.map(Timestamp::from_ms))
}

/// When something was written last, by the real clock, or somebody said that the clock is right.
pub fn newest(connection: &mut Connection) -> StoreResult<Option<Timestamp>> {
    let written = connection.number(&Statement::new("SELECT MAX(last_at - clock_offset_ms) FROM shop_heads"))?;
    let trusted = connection
        .number(&Statement::new("SELECT CAST(value AS BIGINT) FROM installation WHERE name = 'clock_trusted_at'"))?;
    Ok(written.max(trusted).map(Timestamp::from_ms))
}

/// Notes that the clock is right.
pub fn trust(connection: &mut Connection, at: Timestamp) -> StoreResult<()> {
    let sql = "INSERT INTO installation (name, value) VALUES ('clock_trusted_at', ?)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(&Statement::new(sql).bind(at.ms().to_string())).map(|_| ())
}

/// Shops whose last command lies behind an instant, by the real clock.
pub fn shops_ahead(connection: &mut Connection, now: Timestamp) -> StoreResult<Vec<ShopHead>> {
    let sql = format!("{} WHERE last_at - clock_offset_ms > ?", select::<ShopHead>());
    read(connection, &Statement::new(sql).bind(now))
}

/// What waits for a time that was reckoned from one that had not come, or is over by it: table, and which.
const WAITING: &[(&str, &str)] = &[
    ("holds", "due_at IS NOT NULL AND created_at > ?"),
    ("conversions", "due_at IS NOT NULL AND (occurred_at > ? OR paid_at > ? OR delivered_at > ?)"),
    ("messages", "next_at > ?"),
    ("vouchers", "due_at IS NULL AND valid_until > ?"),
    ("referrals", "status = 'expired' AND expires_at > ?"),
];

/// A page of what has to be brought back with a shop's time, behind an id, in the order of tables and ids.
pub fn waiting(
    connection: &mut Connection,
    shop: Id,
    now: Timestamp,
    after: Option<(usize, Id)>,
    limit: i64,
) -> StoreResult<Vec<(usize, Id)>> {
    let mut found = Vec::new();
    let from = after.map_or(0, |(table, _)| table);
    for (number, (table, which)) in WAITING.iter().enumerate().skip(from) {
        let behind = after.filter(|(table, _)| *table == number).map_or_else(String::new, |(_, id)| id.to_string());
        let sql = format!("SELECT id FROM {table} WHERE shop = ? AND id > ? AND {which} ORDER BY id LIMIT ?");
        let times = which.matches('?').map(|_| now.into());
        let statement = Statement::new(sql).bind(shop).bind(behind).binds(times).bind(limit);
        for row in connection.query(&statement, &[Kind::Text])? {
            match row.as_slice() {
                [Value::Text(Some(id))] => {
                    let id = id.parse().map_err(|_| StoreError::Failed(format!("not an id: {id}")))?;
                    found.push((number, id));
                }
                _ => return Err(StoreError::Failed("a record without an id".into())),
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    Ok(found)
}
