//! Fills an empty database with rows, in the transaction that is open.

use super::row::{Proof, Sum};
use super::snapshot::Sink;
use super::tables::{self, Destination, Table};
use crate::records::{Kind, Value};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// What is written with one statement on PostgreSQL: rows, and what they come to as text.
const ROWS: usize = 1_000;
const BYTES: usize = 1 << 20;

/// Tables whose numbers PostgreSQL gives itself: what comes later is to have numbers behind those that are loaded.
const NUMBERED: &[(&str, &str)] = &[("visits", "id")];

/// Writes rows into the tables of a connection that have the same columns.
pub(super) struct Loader<'c> {
    connection: &'c mut Connection,
    known: Vec<Table>,
    open: Option<Open>,
    /// What was written.
    pub(super) tables: Vec<(String, Proof)>,
    note: &'c mut dyn FnMut(u64),
}

/// A table that is being filled.
struct Open {
    table: Table,
    sql: String,
    waiting: Vec<Vec<Value>>,
    bytes: usize,
    sum: Sum,
}

impl<'c> Loader<'c> {
    pub(super) fn new(connection: &'c mut Connection, note: &'c mut dyn FnMut(u64)) -> StoreResult<Self> {
        let known = tables::of(connection, Destination::Database)?;
        Ok(Self { connection, known, open: None, tables: Vec::new(), note })
    }

    fn write(&mut self) -> StoreResult<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let rows = std::mem::take(&mut open.waiting);
        open.bytes = 0;
        let written = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if !self.connection.is_postgres() {
            for row in rows {
                self.connection.execute(&Statement::new(open.sql.clone()).binds(row.into_iter().map(Bind::from)))?;
            }
        } else if !rows.is_empty() {
            let binds = columns(&open.table, rows);
            self.connection.execute(&Statement::new(open.sql.clone()).binds(binds))?;
        }
        (self.note)(written);
        Ok(())
    }
}

fn insert(table: &Table, is_postgres: bool) -> String {
    let marks = vec!["?"; table.columns.len()].join(", ");
    let start = format!("INSERT INTO {} ({})", table.name, table.names());
    match is_postgres {
        true => format!("{start} OVERRIDING SYSTEM VALUE SELECT * FROM unnest({marks})"),
        false => format!("{start} VALUES ({marks})"),
    }
}

/// Rows as columns, for `unnest`.
fn columns(table: &Table, rows: Vec<Vec<Value>>) -> Vec<Bind> {
    let mut columns: Vec<Bind> = table
        .columns
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Text => Bind::Texts(Vec::with_capacity(rows.len())),
            Kind::Int => Bind::Ints(Vec::with_capacity(rows.len())),
            Kind::Bytes => Bind::Blobs(Vec::with_capacity(rows.len())),
        })
        .collect();
    for (column, value) in rows.into_iter().flat_map(|row| (0..).zip(row)) {
        match (&mut columns[column], value) {
            (Bind::Texts(texts), Value::Text(text)) => texts.push(text),
            (Bind::Ints(numbers), Value::Int(number)) => numbers.push(number),
            (Bind::Blobs(blobs), Value::Bytes(bytes)) => blobs.push(bytes),
            _ => unreachable!("a row was read by the kinds of its columns"),
        }
    }
    columns
}

impl Sink for Loader<'_> {
    fn begin(&mut self, table: &Table) -> StoreResult<()> {
        if !self.known.contains(table) {
            let sentence = format!("The table {} has other columns there than here.", table.name);
            return Err(StoreError::Unfit(sentence));
        }
        let sql = insert(table, self.connection.is_postgres());
        self.open = Some(Open { table: table.clone(), sql, waiting: Vec::new(), bytes: 0, sum: Sum::default() });
        Ok(())
    }

    fn row(&mut self, row: Vec<Value>, line: &[u8]) -> StoreResult<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.sum.add(line);
        open.bytes += line.len();
        open.waiting.push(row);
        if open.waiting.len() >= ROWS || open.bytes >= BYTES { self.write() } else { Ok(()) }
    }

    fn end(&mut self) -> StoreResult<()> {
        self.write()?;
        let Some(open) = self.open.take() else { return Ok(()) };
        let name = open.table.name;
        let numbered = NUMBERED.iter().find(|(table, _)| *table == name);
        if let Some((table, column)) = numbered.filter(|_| self.connection.is_postgres()) {
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false) FROM {table}"
            );
            self.connection.number(&Statement::new(next))?;
        }
        self.tables.push((name, open.sum.finish()));
        Ok(())
    }
}

/// Adds up what it is shown, and keeps nothing.
#[derive(Default)]
pub(super) struct Adding {
    open: Option<(String, Sum)>,
    pub(super) tables: Vec<(String, Proof)>,
}

impl Sink for Adding {
    fn begin(&mut self, table: &Table) -> StoreResult<()> {
        self.open = Some((table.name.clone(), Sum::default()));
        Ok(())
    }

    fn row(&mut self, _: Vec<Value>, line: &[u8]) -> StoreResult<()> {
        if let Some((_, sum)) = &mut self.open {
            sum.add(line);
        }
        Ok(())
    }

    fn end(&mut self) -> StoreResult<()> {
        self.tables.extend(self.open.take().map(|(name, sum)| (name, sum.finish())));
        Ok(())
    }
}
