//! The limit that durable writes are held against: the very rows that one request wrote, written by
//! prepared single statements in a transaction for each request, by as many connections as do best.
//!
//! The rows are found by looking at every table before and after one request; so the limit writes
//! what the server writes, with new ids, and the rows that every request changes it changes too, as
//! late in the transaction as can be.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use grapevine::records::{Id, Record, Value};
use grapevine::store::connection::Use;
use grapevine::store::queries::records::read;
use grapevine::store::{Bind, Connection, Statement, StoreError, StoreResult, Target};
use grapevine::world::{Shelf, Visitor, World};

/// Connections that are tried.
pub const CONNECTIONS: [usize; 5] = [1, 2, 4, 8, 16];

/// The number of the next transaction: no event of the server's has one that high.
static NEXT: AtomicI64 = AtomicI64::new(1_000_000);

/// Every row of a shop, by table and id.
pub struct Snapshot {
    tables: Vec<Table>,
}

struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    keys: &'static [&'static str],
    rows: HashMap<String, Vec<Value>>,
}

struct Look<'c> {
    connection: &'c mut Connection,
    shop: Id,
    tables: Vec<Table>,
}

impl Visitor for Look<'_> {
    type Error = StoreError;

    fn visit<R: Record>(&mut self, _shelf: &mut Shelf<R>) -> StoreResult<()> {
        if R::IS_VIEW {
            return Ok(());
        }
        let columns: Vec<&'static str> =
            R::COLUMNS.iter().map(|(name, _)| *name).filter(|name| !name.contains('(')).collect();
        let statement =
            Statement::new(format!("{} WHERE shop = ?", grapevine::store::shelves::select::<R>())).bind(self.shop);
        let mut rows = HashMap::new();
        for record in read::<R>(self.connection, &statement)? {
            let mut values = record.values();
            values.truncate(columns.len());
            rows.insert(record.id().to_string(), values);
        }
        self.tables.push(Table { name: R::TABLE, columns, keys: R::KEYS, rows });
        Ok(())
    }
}

impl Snapshot {
    /// Looks at every table.
    pub fn take(target: &Target, shop: Id) -> anyhow::Result<Self> {
        let mut connection = target.connect(Use::Tool)?;
        let mut look = Look { connection: &mut connection, shop, tables: Vec::new() };
        World::default().each(&mut look)?;
        Ok(Self { tables: look.tables })
    }
}

/// A piece of a text that is made for each transaction.
pub enum Part {
    /// As it was.
    Text(String),
    /// The id of the n-th new row.
    NewId(usize),
    /// The number of the transaction.
    Unique,
}

/// A value of a statement.
pub enum Cell {
    /// As it was.
    Same(Bind),
    /// A text with something new in it.
    Made(Vec<Part>),
    /// A new number.
    Number,
}

/// One statement; each `?` stands for the next value.
pub struct Write {
    /// Its text.
    pub sql: String,
    /// Its values.
    pub cells: Vec<Cell>,
}

/// The statements of one request.
pub struct Script {
    /// The statements.
    pub writes: Vec<Write>,
    /// What the ids of the new rows begin with.
    pub prefixes: Vec<String>,
}

impl Script {
    /// What was written between two looks.
    pub fn of(before: &Snapshot, after: &Snapshot) -> Self {
        let mut fresh = Vec::new();
        for (old, new) in before.tables.iter().zip(&after.tables) {
            fresh.extend(new.rows.keys().filter(|id| !old.rows.contains_key(*id)).cloned());
        }
        let (mut inserts, mut updates) = (Vec::new(), Vec::new());
        for (old, new) in before.tables.iter().zip(&after.tables) {
            let mut ids: Vec<&String> = new.rows.keys().collect();
            ids.sort_unstable();
            for id in ids {
                match old.rows.get(id) {
                    None => inserts.push(insert(new, &new.rows[id], &fresh)),
                    Some(values) if *values != new.rows[id] => updates.push(update(new, id)),
                    Some(_) => {}
                }
            }
        }
        inserts.append(&mut updates);
        Self { writes: inserts, prefixes: fresh.iter().map(|id| id[..4].to_owned()).collect() }
    }

    fn run(&self, connection: &mut Connection, number: i64) -> StoreResult<()> {
        let ids: Vec<String> = self
            .prefixes
            .iter()
            .enumerate()
            .map(|(index, prefix)| format!("{prefix}{:026}", i128::from(number) * 1000 + index as i128))
            .collect();
        connection.batch(if connection.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
        for (index, write) in self.writes.iter().enumerate() {
            let binds = write.cells.iter().map(|cell| match cell {
                Cell::Same(bind) => bind.clone(),
                Cell::Number => Bind::Int(Some(number * 1000 + index as i64)),
                Cell::Made(parts) => Bind::Text(Some(made(parts, &ids, number))),
            });
            connection.execute(&Statement::new(write.sql.clone()).binds(binds))?;
        }
        connection.batch("COMMIT")
    }

    /// Runs it over and over; answers how often a second, with the number of connections that does best.
    pub fn best(self, target: &Target, time: Duration) -> anyhow::Result<(f64, usize)> {
        let script = Arc::new(self);
        let mut best = (0.0, 0);
        for connections in CONNECTIONS {
            let rate = measure(&script, target, connections, time)?;
            if rate > best.0 {
                best = (rate, connections);
            }
        }
        Ok(best)
    }
}

fn measure(script: &Arc<Script>, target: &Target, connections: usize, time: Duration) -> anyhow::Result<f64> {
    let (ended, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let begun = Instant::now();
    let mut threads = Vec::new();
    for _ in 0..connections {
        let (script, target) = (script.clone(), target.clone());
        let (ended, done) = (ended.clone(), done.clone());
        threads.push(std::thread::spawn(move || -> StoreResult<()> {
            let mut connection = target.connect(Use::Tool)?;
            while !ended.load(Ordering::Relaxed) {
                script.run(&mut connection, NEXT.fetch_add(1, Ordering::Relaxed))?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    std::thread::sleep(time);
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    ended.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
    }
    Ok(rate)
}

fn made(parts: &[Part], ids: &[String], number: i64) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::NewId(index) => text.push_str(&ids[*index]),
            Part::Unique => text.push_str(&format!("-{number}")),
        }
    }
    text
}

fn insert(table: &Table, values: &[Value], fresh: &[String]) -> Write {
    let marks = vec!["?"; table.columns.len()].join(", ");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.columns.join(", "));
    let cells = table.columns.iter().zip(values).map(|(column, value)| match value {
        Value::Int(Some(_)) if column.ends_with("seq") => Cell::Number,
        Value::Text(Some(text)) => cell(text, table.keys.contains(column), fresh),
        other => Cell::Same(other.clone().into()),
    });
    Write { sql, cells: cells.collect() }
}

/// A text with the ids of the request's own rows in it, which are new each time.
fn cell(text: &str, is_key: bool, fresh: &[String]) -> Cell {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((at, index)) =
        fresh.iter().enumerate().filter_map(|(index, id)| rest.find(id.as_str()).map(|at| (at, index))).min()
    {
        parts.push(Part::Text(rest[..at].to_owned()));
        parts.push(Part::NewId(index));
        rest = &rest[at + fresh[index].len()..];
    }
    let plain = parts.is_empty();
    if plain && !is_key {
        return Cell::Same(Bind::Text(Some(text.to_owned())));
    }
    parts.push(Part::Text(rest.to_owned()));
    if plain {
        parts.push(Part::Unique);
    }
    Cell::Made(parts)
}

/// A row that every request changes is written as it is: what that costs, without undoing what the
/// server has counted.
fn update(table: &Table, id: &str) -> Write {
    let names = table.columns.iter().filter(|name| !matches!(**name, "id" | "shop"));
    let sets: Vec<String> = names.map(|name| format!("{name} = {name}")).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?", table.name, sets.join(", "));
    Write { sql, cells: vec![Cell::Same(id.into())] }
}
