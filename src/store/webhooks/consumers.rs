//! The table of consumers: who reads a shop's events by a name, and how far each has got. Written by who reads, in
//! transactions of their own.

use crate::records::{Id, Kind, Timestamp, Values};
use crate::store::{Connection, Statement, StoreResult};

/// Consumers of one shop.
pub const CONSUMERS: i64 = 50;

/// A consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// Its name.
    pub name: String,
    /// The last event that it has.
    pub after: i64,
    /// When it was made, by the real clock.
    pub created_at: Timestamp,
    /// When it said so.
    pub updated_at: Timestamp,
}

/// What came of setting one.
#[derive(Debug, PartialEq, Eq)]
pub enum Set {
    /// It is new.
    Made(Consumer),
    /// It was there.
    Moved(Consumer),
    /// There are as many as there may be.
    TooMany,
}

const COLUMNS: &str = "name, after_seq, created_at, updated_at";
const KINDS: [Kind; 4] = [Kind::Text, Kind::Int, Kind::Int, Kind::Int];

fn read(connection: &mut Connection, statement: &Statement) -> StoreResult<Vec<Consumer>> {
    let rows = connection.query(statement, &KINDS)?;
    let consumer = |row| -> StoreResult<Consumer> {
        let mut row = Values::new(row);
        let (name, after) = (row.column()?, row.column()?);
        Ok(Consumer { name, after, created_at: row.column()?, updated_at: row.column()? })
    };
    rows.into_iter().map(consumer).collect()
}

/// The consumer of a name.
pub fn get(connection: &mut Connection, shop: Id, name: &str) -> StoreResult<Option<Consumer>> {
    let sql = format!("SELECT {COLUMNS} FROM event_consumers WHERE shop = ? AND name = ?");
    Ok(read(connection, &Statement::new(sql).bind(shop).bind(name))?.pop())
}

/// All of a shop, by name.
pub fn list(connection: &mut Connection, shop: Id) -> StoreResult<Vec<Consumer>> {
    let sql = format!("SELECT {COLUMNS} FROM event_consumers WHERE shop = ? ORDER BY name");
    read(connection, &Statement::new(sql).bind(shop))
}

/// Notes how far a consumer has got; one that is not there is made. Who says an earlier number gets those events again.
pub fn set(connection: &mut Connection, shop: Id, name: &str, after: i64, now: Timestamp) -> StoreResult<Set> {
    let sql = "UPDATE event_consumers SET after_seq = ?, updated_at = ? WHERE shop = ? AND name = ?";
    let moved = connection.execute(&Statement::new(sql).bind(after).bind(now).bind(shop).bind(name))?;
    if moved == 0 {
        // Two that are made at the same moment may be one too many, and never more than there are processes.
        let count = Statement::new("SELECT count(*) FROM event_consumers WHERE shop = ?").bind(shop);
        if connection.number(&count)?.unwrap_or(0) >= CONSUMERS {
            return Ok(Set::TooMany);
        }
        let sql = "INSERT INTO event_consumers (shop, name, after_seq, created_at, updated_at) VALUES (?, ?, ?, ?, ?) \
            ON CONFLICT (shop, name) DO UPDATE SET after_seq = excluded.after_seq, updated_at = excluded.updated_at";
        let statement = Statement::new(sql).bind(shop).bind(name).bind(after).bind(now).bind(now);
        connection.execute(&statement)?;
    }
    let consumer = Consumer { name: name.to_owned(), after, created_at: now, updated_at: now };
    let known = get(connection, shop, name)?.unwrap_or(consumer);
    Ok(if moved == 0 { Set::Made(known) } else { Set::Moved(known) })
}

/// Forgets one; answers whether it was there.
pub fn remove(connection: &mut Connection, shop: Id, name: &str) -> StoreResult<bool> {
    let sql = "DELETE FROM event_consumers WHERE shop = ? AND name = ?";
    Ok(connection.execute(&Statement::new(sql).bind(shop).bind(name))? > 0)
}

/// The number of the last event of each of these shops.
pub fn last_seqs(connection: &mut Connection, shops: &[Id]) -> StoreResult<Vec<(Id, i64)>> {
    if shops.is_empty() {
        return Ok(Vec::new());
    }
    let places = vec!["?"; shops.len()].join(", ");
    let sql = format!("SELECT id, seq FROM shop_heads WHERE id IN ({places})");
    let statement = Statement::new(sql).binds(shops.iter().map(|shop| (*shop).into()));
    let rows = connection.query(&statement, &[Kind::Text, Kind::Int])?;
    rows.into_iter().map(Values::new).map(|mut row| Ok((row.column()?, row.column()?))).collect()
}
