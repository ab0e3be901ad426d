//! The counters of advocates: what batches add to them, noted as a line each in the transaction of what they count, and the
//! counters into which lines are merged. Lines may be merged in any order, by whichever process.

use std::collections::BTreeMap;

use crate::records::advocate_count::{AdvocateCounts, AdvocateKey, Brought, FIGURES, packed, unpacked};
use crate::records::day_count::Figure;
use crate::records::{BadColumn, Id, Kind, Timestamp, Value, Values};
use crate::store::counters::add_rows;
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// The table of lines.
pub const LINES: &str = "advocate_lines";

/// The table of counters.
pub const TABLE: &str = "advocate_counts";

/// Lines that are merged at once: of full batches some thousand counters, some tens of milliseconds.
const MERGED: i64 = 4;

/// A line for each shop: when, in the shop's time, and what.
pub fn rows(changes: &BTreeMap<Id, (Timestamp, AdvocateCounts)>) -> Vec<Vec<Bind>> {
    let any = changes.iter().filter(|(_, (_, counts))| !counts.is_empty());
    any.map(|(shop, (at, counts))| vec![(*shop).into(), (*at).into(), packed(counts).into()]).collect()
}

/// Adds lines: as columns on PostgreSQL, one on SQLite.
pub fn note_sql(postgres: bool) -> String {
    let source = if postgres { "SELECT * FROM unnest(?, ?, ?)" } else { "VALUES (?, ?, ?)" };
    format!("INSERT INTO {LINES} (shop, at, changes) {source}")
}

/// Notes what records of before add, in the transaction that is open.
pub fn note(connection: &mut Connection, shop: Id, at: Timestamp, counts: AdvocateCounts) -> StoreResult<()> {
    let sql = note_sql(connection.is_postgres());
    add_rows(connection, sql, rows(&BTreeMap::from([(shop, (at, counts))])))
}

/// Whether lines wait.
pub fn is_waiting(connection: &mut Connection) -> StoreResult<bool> {
    let statement = Statement::new(format!("SELECT COUNT(*) FROM (SELECT 1 FROM {LINES} LIMIT 1) AS waiting"));
    Ok(connection.number(&statement)? == Some(1))
}

/// Merges some lines into the counters, in the transaction that is open; answers whether there may be more.
pub fn merge(connection: &mut Connection) -> StoreResult<bool> {
    let passed = if connection.is_postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "DELETE FROM {LINES} WHERE id IN (SELECT id FROM {LINES} ORDER BY id LIMIT ?{passed}) RETURNING shop, changes"
    );
    let lines = connection.query(&Statement::new(sql).bind(MERGED), &[Kind::Text, Kind::Text])?;
    let may_be_more = i64::try_from(lines.len()).is_ok_and(|lines| lines == MERGED);
    let mut sums: BTreeMap<(Id, AdvocateKey), Brought> = BTreeMap::new();
    for line in lines {
        let mut line = Values::new(line);
        let (shop, changes): (Id, String) = (line.column()?, line.column()?);
        let changes = unpacked(&changes).ok_or_else(|| unreadable(shop))?;
        for (key, brought) in changes {
            sums.entry((shop, key.of_all_time())).or_default().add(&brought);
            sums.entry((shop, key)).or_default().add(&brought);
        }
    }
    sums.retain(|_, brought| !brought.is_nothing());
    add(connection, sums)?;
    Ok(may_be_more)
}

fn unreadable(shop: Id) -> StoreError {
    StoreError::Failed(format!("a line of the counters of advocates of {shop} cannot be read"))
}

fn names() -> [&'static str; FIGURES.len()] {
    FIGURES.map(Figure::as_str)
}

/// In the order of their keys, so that two who merge cannot wait for each other in a circle.
fn add(connection: &mut Connection, sums: BTreeMap<(Id, AdvocateKey), Brought>) -> StoreResult<()> {
    let names = names();
    let marks = vec!["?"; 4 + names.len()].join(", ");
    let source =
        if connection.is_postgres() { format!("SELECT * FROM unnest({marks})") } else { format!("VALUES ({marks})") };
    let added: Vec<String> = names.iter().map(|name| format!("{name} = {TABLE}.{name} + excluded.{name}")).collect();
    let sql = format!(
        "INSERT INTO {TABLE} (shop, month, program, advocate, {}) {source} \
         ON CONFLICT (shop, month, program, advocate) DO UPDATE SET {}",
        names.join(", "),
        added.join(", ")
    );
    let row = |((shop, key), brought): ((Id, AdvocateKey), Brought)| -> Vec<Bind> {
        let AdvocateKey { month, program, advocate } = key;
        let key: [Bind; 4] = [shop.into(), month.into(), program.into(), advocate.into()];
        key.into_iter().chain(brought.0.map(Bind::from)).collect()
    };
    add_rows(connection, sql, sums.into_iter().map(row).collect())
}

/// Since when lines of a shop wait, in its time; `None`: all are merged.
pub fn waiting_since(connection: &mut Connection, shop: Id) -> StoreResult<Option<Timestamp>> {
    let statement = Statement::new(format!("SELECT MIN(at) FROM {LINES} WHERE shop = ?")).bind(shop);
    Ok(connection.number(&statement)?.map(Timestamp::from_ms))
}

/// By what advocates are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// The month, or all time.
    pub month: i64,
    /// The program.
    pub program: Id,
    /// The figure that ranks them; of those that have as much, the one with the lower id comes first.
    pub by: Figure,
    /// The last one of the page before: how much she has of it, and who she is.
    pub after: Option<(i64, Id)>,
    /// How many at most.
    pub most: i64,
}

/// The advocates of a ranking who have any of what ranks them.
pub fn ranked(connection: &mut Connection, shop: Id, ranking: &Ranking) -> StoreResult<Vec<(Id, Brought)>> {
    let by = ranking.by.as_str();
    let after = match ranking.after {
        Some(_) => format!(" AND {by} <= ? AND ({by} < ? OR advocate > ?)"),
        None => String::new(),
    };
    let sql = format!(
        "SELECT advocate, {names} FROM {TABLE} WHERE shop = ? AND month = ? AND program = ? AND {by} > 0{after} \
         ORDER BY {by} DESC, advocate LIMIT ?",
        names = names().join(", "),
    );
    let mut statement = Statement::new(sql).bind(shop).bind(ranking.month).bind(ranking.program);
    if let Some((many, advocate)) = ranking.after {
        statement = statement.bind(many).bind(many).bind(advocate);
    }
    let kinds = [[Kind::Text].as_slice(), &[Kind::Int; FIGURES.len()]].concat();
    let rows = connection.query(&statement.bind(ranking.most), &kinds)?;
    let read = |row: Vec<Value>| -> Result<_, BadColumn> {
        let mut row = Values::new(row);
        let advocate: Id = row.column()?;
        Ok((advocate, brought(&mut row)?))
    };
    rows.into_iter().map(|row| read(row).map_err(Into::into)).collect()
}

fn brought(row: &mut Values) -> Result<Brought, BadColumn> {
    let mut brought = Brought::default();
    for many in &mut brought.0 {
        *many = row.column()?;
    }
    Ok(brought)
}

/// Counters of a shop behind one, in the order of their keys, at most so many.
pub fn page(
    connection: &mut Connection,
    shop: Id,
    (month, program, advocate): &(i64, String, String),
    most: i64,
) -> StoreResult<Vec<(AdvocateKey, Brought)>> {
    let sql = format!(
        "SELECT month, program, advocate, {names} FROM {TABLE} WHERE shop = ? AND (month, program, advocate) > (?, ?, ?) \
         ORDER BY month, program, advocate LIMIT ?",
        names = names().join(", "),
    );
    let statement = Statement::new(sql).bind(shop).bind(*month).bind(program.as_str()).bind(advocate.as_str());
    let kinds = [[Kind::Int, Kind::Text, Kind::Text].as_slice(), &[Kind::Int; FIGURES.len()]].concat();
    let rows = connection.query(&statement.bind(most), &kinds)?;
    let read = |row: Vec<Value>| -> Result<_, BadColumn> {
        let mut row = Values::new(row);
        let key = AdvocateKey { month: row.column()?, program: row.column()?, advocate: row.column()? };
        Ok((key, brought(&mut row)?))
    };
    rows.into_iter().map(|row| read(row).map_err(Into::into)).collect()
}

/// Lines of a shop that wait, behind one, at most so many; and their ids.
pub fn lines(connection: &mut Connection, shop: Id, behind: i64, most: i64) -> StoreResult<Vec<(i64, AdvocateCounts)>> {
    let sql = format!("SELECT id, changes FROM {LINES} WHERE shop = ? AND id > ? ORDER BY id LIMIT ?");
    let rows = connection.query(&Statement::new(sql).bind(shop).bind(behind).bind(most), &[Kind::Int, Kind::Text])?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = Values::new(row);
        let (id, changes): (i64, String) = (row.column()?, row.column()?);
        found.push((id, unpacked(&changes).ok_or_else(|| unreadable(shop))?));
    }
    Ok(found)
}

/// How many counters a shop has.
pub fn many(connection: &mut Connection, shop: Id) -> StoreResult<i64> {
    let statement = Statement::new(format!("SELECT COUNT(*) FROM {TABLE} WHERE shop = ?")).bind(shop);
    Ok(connection.number(&statement)?.unwrap_or(0))
}
