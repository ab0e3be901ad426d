//! The tables of the visit recorder: what is kept of openings, and how often a link was opened.
//!
//! Uniqueness is a hash under a salt that is new each day; salt and hashes die after their day.

use std::collections::{BTreeMap, BTreeSet};

use super::writer::text;
use super::{Bind, Connection, Statement, StoreError, StoreResult};
use crate::records::{Id, Kind, Timestamp};

/// Hashes of past days that one batch removes.
const PURGED: i64 = 5_000;

/// An opening that is counted.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// When, in the shop's time.
    pub at: Timestamp,
    /// Who.
    pub class: Class,
}

/// Who opened.
#[derive(Clone, Debug)]
pub enum Class {
    /// A person.
    Person {
        /// Class of the device.
        device: &'static str,
        /// Hash of share, address and browser under the day's salt.
        hash: String,
    },
    /// A preview robot.
    Preview {
        /// The channel that it proved, where the share's own says nothing.
        channel: Option<&'static str>,
    },
}

#[derive(Clone, Copy, Default)]
struct Counts {
    previews: i64,
    visits: i64,
    unique_visits: i64,
}

/// The salt of a day (days since 1970, UTC): the one that the first process made.
pub fn salt(connection: &mut Connection, day: i64, made: &str) -> StoreResult<String> {
    let insert = "INSERT INTO visit_salts (day, salt) VALUES (?, ?) ON CONFLICT (day) DO NOTHING";
    connection.execute(&Statement::new(insert).bind(day).bind(made))?;
    let select = Statement::new("SELECT salt FROM visit_salts WHERE day = ?").bind(day);
    let rows = connection.query(&select, &[Kind::Text])?;
    let kept = rows.first().and_then(|row| text(row.first()));
    kept.ok_or_else(|| StoreError::Failed("the day's salt cannot be read back".into()))
}

/// Removes the salts of days before, and some of their hashes; answers whether there may be more.
pub fn forget_days_before(connection: &mut Connection, day: i64) -> StoreResult<bool> {
    connection.execute(&Statement::new("DELETE FROM visit_salts WHERE day < ?").bind(day))?;
    let sql =
        "DELETE FROM visitor_hashes WHERE (day, hash) IN (SELECT day, hash FROM visitor_hashes WHERE day < ? LIMIT ?)";
    let gone = connection.execute(&Statement::new(sql).bind(day).bind(PURGED))?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone == PURGED))
}

/// Saves a batch of openings, in the transaction that is open. Rows that several processes change
/// are written in the order of their keys, so that they cannot wait for each other in a circle.
pub fn record(connection: &mut Connection, day: i64, visits: &[Visit]) -> StoreResult<()> {
    insert_visits(connection, visits)?;
    let mut hashes = BTreeSet::new();
    for visit in visits {
        if let Class::Person { hash, .. } = &visit.class {
            hashes.insert(hash.clone());
        }
    }
    let mut fresh = insert_hashes(connection, day, hashes)?;
    let mut counts: BTreeMap<Id, (Id, Counts)> = BTreeMap::new();
    for visit in visits {
        let (_, counts) = counts.entry(visit.share).or_insert((visit.shop, Counts::default()));
        match &visit.class {
            Class::Preview { .. } => counts.previews += 1,
            Class::Person { hash, .. } => {
                counts.visits += 1;
                counts.unique_visits += i64::from(fresh.remove(hash));
            }
        }
    }
    add_counts(connection, counts)
}

fn insert_visits(connection: &mut Connection, visits: &[Visit]) -> StoreResult<()> {
    let names = "INSERT INTO visits (shop, share, at, class, device, channel)";
    let rows = visits.iter().map(|visit| {
        let (class, device, channel) = match &visit.class {
            Class::Person { device, .. } => ("person", Some(*device), None),
            Class::Preview { channel } => ("preview", None, *channel),
        };
        let word = |word: Option<&'static str>| Bind::Text(word.map(str::to_owned));
        [visit.shop.into(), visit.share.into(), visit.at.into(), class.into(), word(device), word(channel)]
    });
    insert(connection, names, "", rows).map(|_| ())
}

/// Notes hashes; answers those that were not there.
fn insert_hashes(connection: &mut Connection, day: i64, hashes: BTreeSet<String>) -> StoreResult<BTreeSet<String>> {
    let insert = "INSERT INTO visitor_hashes (day, hash)";
    let behind = " ON CONFLICT (day, hash) DO NOTHING";
    if !connection.is_postgres() {
        let mut fresh = BTreeSet::new();
        for hash in hashes {
            let statement = Statement::new(format!("{insert} VALUES (?, ?){behind}")).bind(day).bind(hash.as_str());
            if connection.execute(&statement)? == 1 {
                fresh.insert(hash);
            }
        }
        return Ok(fresh);
    }
    let sql = format!("{insert} SELECT ?, unnest(?){behind} RETURNING hash");
    let hashes = hashes.into_iter().map(Some).collect();
    let rows = connection.query(&Statement::new(sql).bind(day).bind(Bind::Texts(hashes)), &[Kind::Text])?;
    Ok(rows.iter().filter_map(|row| text(row.first())).collect())
}

fn add_counts(connection: &mut Connection, counts: BTreeMap<Id, (Id, Counts)>) -> StoreResult<()> {
    let names = "INSERT INTO share_counts (id, shop, previews, visits, unique_visits)";
    let behind = " ON CONFLICT (id) DO UPDATE SET previews = share_counts.previews + excluded.previews, \
                  visits = share_counts.visits + excluded.visits, \
                  unique_visits = share_counts.unique_visits + excluded.unique_visits";
    let rows = counts.into_iter().map(|(share, (shop, counts))| {
        [share.into(), shop.into(), counts.previews.into(), counts.visits.into(), counts.unique_visits.into()]
    });
    insert(connection, names, behind, rows).map(|_| ())
}

/// Inserts rows: in one statement on PostgreSQL, one by one on SQLite.
fn insert<const N: usize>(
    connection: &mut Connection,
    names: &str,
    behind: &str,
    rows: impl Iterator<Item = [Bind; N]>,
) -> StoreResult<usize> {
    let marks = vec!["?"; N].join(", ");
    if !connection.is_postgres() {
        let sql = format!("{names} VALUES ({marks}){behind}");
        let mut inserted = 0;
        for row in rows {
            inserted += connection.execute(&Statement::new(sql.clone()).binds(row))?;
        }
        return Ok(inserted);
    }
    let mut columns: Vec<Bind> = Vec::new();
    for row in rows {
        if columns.is_empty() {
            columns = row.iter().map(column_of).collect();
        }
        for (column, value) in columns.iter_mut().zip(row) {
            match (column, value) {
                (Bind::Texts(texts), Bind::Text(text)) => texts.push(text),
                (Bind::Ints(numbers), Bind::Int(number)) => numbers.push(number),
                _ => return Err(StoreError::Failed("a column of visits changed its kind".into())),
            }
        }
    }
    if columns.is_empty() {
        return Ok(0);
    }
    connection.execute(&Statement::new(format!("{names} SELECT * FROM unnest({marks}){behind}")).binds(columns))
}

fn column_of(value: &Bind) -> Bind {
    match value {
        Bind::Int(_) | Bind::Ints(_) => Bind::Ints(Vec::new()),
        Bind::Text(_) | Bind::Texts(_) => Bind::Texts(Vec::new()),
    }
}
