//! Reads a database table by table, page by page, as it was at one moment: beside a running server, with as much memory
//! for a million rows as for ten.

use super::row;
use super::tables::{self, Destination, Table};
use crate::records::Value;
use crate::store::connection::Use;
use crate::store::files::database_file::DatabaseFile;
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult, Target};

/// What a page of rows comes to, bytes, and how many it has at most.
const PAGE_BYTES: usize = 1 << 20;
const PAGE_ROWS: usize = 2_000;
/// How many the first page of a table has: nobody knows yet how large they are.
const FIRST_ROWS: usize = 16;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are done.
    pub rows: u64,
    /// Rows in all, as far as is known.
    pub total: Option<u64>,
}

/// Where rows go.
pub trait Sink {
    /// Rows of this table follow.
    fn begin(&mut self, table: &Table) -> StoreResult<()>;
    /// A row, and its line.
    fn row(&mut self, row: Vec<Value>, line: &[u8]) -> StoreResult<()>;
    /// That was all of the table.
    fn end(&mut self) -> StoreResult<()>;
}

/// A connection that sees one moment until it is dropped.
pub struct Snapshot {
    connection: Connection,
    file: Option<DatabaseFile>,
}

impl Snapshot {
    /// Opens one. Nothing is waited for, and nobody is kept waiting.
    pub fn open(target: &Target) -> StoreResult<Self> {
        let mut connection = target.connect(Use::Read)?;
        connection.batch(match connection.is_postgres() {
            true => {
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout=0;
                 SET LOCAL idle_in_transaction_session_timeout=0; SET LOCAL enable_seqscan=off; SET LOCAL enable_sort=off"
            }
            false => "BEGIN",
        })?;
        Ok(Self { connection, file: target.file().cloned() })
    }

    /// What is read by it.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// How many rows go to a destination.
    pub fn count(&mut self, destination: Destination) -> StoreResult<u64> {
        let mut rows = 0;
        for name in tables::names(destination) {
            let count = self.connection.number(&Statement::new(format!("SELECT COUNT(*) FROM {name}")))?;
            rows += count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        }
        Ok(rows)
    }

    /// Shows every row to a sink.
    pub fn pour(
        &mut self,
        destination: Destination,
        sink: &mut impl Sink,
        note: &mut dyn FnMut(Progress),
    ) -> StoreResult<()> {
        let total = Some(self.count(destination)?);
        let file = self.file.clone();
        let mut rows = 0;
        let mut look = |done: u64| {
            rows += done;
            note(Progress { rows, total });
            // What is written beside a database must not take its last room.
            file.as_ref().and_then(DatabaseFile::lack_of_room).map_or(Ok(()), |obstacle| Err(obstacle.into()))
        };
        pour(&mut self.connection, destination, sink, &mut look)?;
        self.connection.check()
    }
}

/// Shows a sink every row of the transaction that is open; `note` is told after each page how many rows it had.
pub(super) fn pour(
    connection: &mut Connection,
    destination: Destination,
    sink: &mut impl Sink,
    note: &mut dyn FnMut(u64) -> StoreResult<()>,
) -> StoreResult<()> {
    for table in tables::of(connection, destination)? {
        sink.begin(&table)?;
        let mut pages = Pages::new(&table);
        while let Some(page) = pages.next(connection)? {
            let rows = u64::try_from(page.len()).unwrap_or(u64::MAX);
            pages.show(page, destination, sink)?;
            note(rows)?;
        }
        sink.end()?;
    }
    Ok(())
}

/// The pages of a table, in the order of its key.
struct Pages<'t> {
    table: &'t Table,
    after: Option<Vec<Value>>,
    limit: usize,
    is_over: bool,
}

impl<'t> Pages<'t> {
    fn new(table: &'t Table) -> Self {
        Self { table, after: None, limit: FIRST_ROWS, is_over: false }
    }

    fn next(&mut self, connection: &mut Connection) -> StoreResult<Option<Vec<Vec<Value>>>> {
        if self.is_over {
            return Ok(None);
        }
        let table = self.table;
        let key = table.columns[..table.keys].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; table.keys].join(", ");
        let behind = if self.after.is_some() { format!("WHERE ({key}) > ({marks})") } else { String::new() };
        let sql = format!("SELECT {} FROM {} {behind} ORDER BY {key} LIMIT ?", table.names(), table.name);
        let after = self.after.take().into_iter().flatten().map(Bind::from);
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let page = connection.query(&Statement::new(sql).binds(after).bind(limit), &table.kinds())?;
        self.is_over = page.len() < self.limit;
        self.after = page.last().map(|row| row[..table.keys].to_vec());
        Ok(Some(page).filter(|page| !page.is_empty()))
    }

    fn show(&mut self, page: Vec<Vec<Value>>, destination: Destination, sink: &mut impl Sink) -> StoreResult<()> {
        let (mut line, mut bytes, rows) = (Vec::new(), 0, page.len());
        for mut row in page {
            if let Some(secret) = self.table.secret(destination) {
                row[secret] = Value::Text(Some(String::new()));
            }
            line.clear();
            row::write(&row, &mut line);
            bytes += line.len();
            sink.row(row, &line)?;
        }
        self.limit = (PAGE_BYTES * rows / bytes.max(1)).clamp(1, PAGE_ROWS);
        Ok(())
    }
}

/// The number of changes that all shops have had: where two moments have the same, nothing was written between.
pub fn changes(connection: &mut Connection) -> StoreResult<i64> {
    let sql = "SELECT CAST(coalesce(sum(seq + version), 0) AS BIGINT) FROM shop_heads";
    connection
        .number(&Statement::new(sql))?
        .ok_or_else(|| StoreError::Failed("the heads of shops cannot be read".into()))
}
