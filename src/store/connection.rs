//! One connection to either database.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::backend::Backend;
use diesel::connection::{DefaultLoadingMode, LoadConnection, SimpleConnection};
use diesel::deserialize::FromSql;
use diesel::row::{Field, Row};
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::{Connection as _, PgConnection, SqliteConnection};

use super::deadline;
use super::error::{StoreError, StoreResult};
use super::files::database_file::{DatabaseFile, Opened};
use super::files::room::LeastFree;
use super::forget::scrub;
use super::server::hosts::as_parameters;
use super::statement::Statement;
use crate::records::{Kind, Value};
use crate::telemetry::SPANS;

/// Which database, chosen by the URL's scheme alone.
#[derive(Clone)]
pub enum Target {
    /// A file.
    Sqlite(DatabaseFile),
    /// A server; the URL with what we add to it.
    Postgres(String),
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The engine's writers: short transactions.
    Write,
    /// Decisions that change nothing: short snapshots, all by key.
    DryRun,
    /// Lists and reports: at most 2 s a statement.
    Read,
    /// Commands beside the server: they may wait.
    Tool,
    /// Migrations: the same; and they alone make a file that is not there.
    Migrate,
}

/// A connection.
pub struct Connection {
    open: Open,
    statements: u64,
}

/// What a connection is open to.
pub(super) enum Open {
    /// What is open, and embedded. In this order they are let go: who finds that the file was opened by somebody
    /// must find what lies beside it, which SQLite takes away when the last one closes.
    Sqlite(Arc<Opened>, SqliteConnection),
    /// Over the network.
    Postgres(PgConnection),
}

/// How long a writer's statement waits for a lock, or for SQLite's file; of what ends a statement on PostgreSQL it
/// is the shortest.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The oldest SQLite that keeps every commit in WAL mode (the WAL-reset bug was fixed in it).
const SQLITE_LEAST: (i64, i64, i64) = (3, 51, 3);

impl Target {
    /// Reads `DATABASE_URL`.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err("DATABASE_URL: name a file, for example sqlite:grapevine.db".into());
            }
            if path.starts_with("file:") {
                return Err(
                    "DATABASE_URL: name the file by its path, not by a URI, for example sqlite:grapevine.db".into()
                );
            }
            return Ok(Target::Sqlite(DatabaseFile::at(path, LeastFree::default())));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Target::Postgres(with_defaults(url)?));
        }
        Err("DATABASE_URL: sqlite:FILE or postgres://USER@HOST/DATABASE is expected".into())
    }

    /// The same, with so much kept free on the disk of a file.
    #[must_use]
    pub fn keeping(self, least: LeastFree) -> Self {
        match self {
            Target::Sqlite(file) => Target::Sqlite(DatabaseFile::at(file.path(), least)),
            Target::Postgres(url) => Target::Postgres(url),
        }
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&DatabaseFile> {
        match self {
            Target::Sqlite(file) => Some(file),
            Target::Postgres(_) => None,
        }
    }

    /// Reads `DATABASE_READ_URL`: a server that may take no writes.
    pub fn parse_replica(url: &str) -> Result<Self, String> {
        let Ok(Target::Postgres(text)) = Self::parse(url) else {
            return Err("DATABASE_READ_URL: postgres://USER@HOST/DATABASE is expected".into());
        };
        let mut url = url::Url::parse(&text).map_err(|error| format!("DATABASE_READ_URL: {error}"))?;
        if !url.query_pairs().any(|(name, _)| name == ATTRIBUTES) {
            url.query_pairs_mut().append_pair(ATTRIBUTES, "any");
        }
        Ok(Target::Postgres(url.into()))
    }

    /// Opens a connection.
    pub fn connect(&self, purpose: Use) -> StoreResult<Connection> {
        let open = match self {
            Target::Sqlite(file) => {
                open_sqlite(file, purpose).map(|(connection, opened)| Open::Sqlite(opened, connection))
            }
            Target::Postgres(url) => open_postgres(url, purpose).map(Open::Postgres),
        };
        Ok(Connection { open: open?, statements: 0 })
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Sqlite(file) => write!(f, "sqlite:{}", file.path()),
            Target::Postgres(url) => f.write_str(&masked(url)),
        }
    }
}

/// What stands in place of a password.
const MASK: &str = "***";

/// The URL without its password, which libpq takes as a parameter, too.
fn masked(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return format!("postgres://{MASK}") };
    if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
        return format!("postgres://{MASK}");
    }
    let is_secret = |name: &str| matches!(name, "password" | "sslpassword");
    if url.query_pairs().any(|(name, _)| is_secret(&name)) {
        let given: Vec<_> = url.query_pairs().into_owned().collect();
        let shown = given.iter().map(|(name, value)| (name, if is_secret(name) { MASK } else { value.as_str() }));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.to_string()
}

/// Adds what bounds every wait on the network, unless the URL says otherwise (libpq's parameters).
fn with_defaults(text: &str) -> Result<String, String> {
    let mut url = url::Url::parse(&as_parameters(text)).map_err(|error| match error {
        url::ParseError::EmptyHost => {
            "DATABASE_URL: a user stands before a host, postgres://USER@HOST/DATABASE, or the folder \
                                       of a socket is named, postgres:///DATABASE?user=USER&host=/var/run/postgresql"
                .to_owned()
        }
        error => format!("DATABASE_URL: {error}"),
    })?;
    let given: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    let defaults = [
        // Of several hosts one that is gone must leave time for the next: readers wait 3 s for both.
        ("connect_timeout", if has_several_hosts(&url) { "2" } else { "3" }),
        ("keepalives_idle", "10"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "10000"),
        ("application_name", "grapevine"),
    ];
    for (name, value) in defaults {
        if !given.iter().any(|other| other == name) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    Ok(url.to_string())
}

/// The parameter by which libpq chooses among the hosts of a URL.
const ATTRIBUTES: &str = "target_session_attrs";

/// The URL for a purpose, unless it says itself which of its hosts are meant. Who writes wants a host that takes
/// writes; who reads the one that has the latest, which may take none for a while.
fn url_for(text: &str, purpose: Use) -> StoreResult<String> {
    let mut url = parsed(text)?;
    let is_given = url.query_pairs().any(|(name, _)| name == ATTRIBUTES);
    let wanted = match purpose {
        _ if is_given => None,
        Use::Write | Use::Tool | Use::Migrate => Some("read-write"),
        Use::Read | Use::DryRun => has_several_hosts(&url).then_some("primary"),
    };
    if let Some(wanted) = wanted {
        url.query_pairs_mut().append_pair(ATTRIBUTES, wanted);
    }
    Ok(url.into())
}

/// The URL as who only looks wants it.
pub(super) fn url_of_any(text: &str) -> StoreResult<String> {
    url_for(text, Use::Read)
}

fn has_several_hosts(url: &url::Url) -> bool {
    let mut named = url.query_pairs().filter(|(name, _)| name == "host" || name == "hostaddr");
    named.any(|(_, hosts)| hosts.contains(','))
}

/// Whether the URL names more hosts than one.
pub(super) fn names_several_hosts(text: &str) -> bool {
    parsed(text).is_ok_and(|url| has_several_hosts(&url))
}

fn parsed(text: &str) -> StoreResult<url::Url> {
    url::Url::parse(text).map_err(|error| StoreError::Failed(error.to_string()))
}

fn open_sqlite(file: &DatabaseFile, purpose: Use) -> StoreResult<(SqliteConnection, Arc<Opened>)> {
    if purpose == Use::Migrate {
        file.make()?;
    }
    let busy = if matches!(purpose, Use::Tool | Use::Migrate) { Duration::from_secs(30) } else { LOCK_TIMEOUT };
    let opened = file.open(establish, |connection| {
        connection.batch_execute(&format!("PRAGMA busy_timeout={}", busy.as_millis()))?;
        keep_log(connection, busy)?;
        // Now what SQLite keeps beside the file is there, too.
        Ok(connection.batch_execute("PRAGMA schema_version")?)
    });
    let (mut connection, opened) = match opened {
        Err(error) if matches!(purpose, Use::Read | Use::DryRun) => file.open_frozen(establish)?.ok_or(error)?,
        opened => opened?,
    };
    set_up_sqlite(&mut connection, purpose, file.room().log_pages())?;
    Ok((connection, opened))
}

fn establish(uri: &str) -> StoreResult<SqliteConnection> {
    SqliteConnection::establish(uri).map_err(|error| StoreError::Failed(format!("{uri}: {error}")))
}

fn set_up_sqlite(connection: &mut SqliteConnection, purpose: Use, log_pages: u64) -> StoreResult<()> {
    connection.batch_execute(&format!(
        "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;
         PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;
         PRAGMA wal_autocheckpoint={log_pages};",
    ))?;
    if purpose == Use::Write {
        // The upper pages of indexes stay in memory; each of the lower ones is seldom met twice, and the system has it.
        // A larger cache is slower: SQLite walks through all of it after most commits (those that split a page of an
        // index, in files below 1 GB). Pages are copied from the log to the file once for 64 MB of it, or sooner on a
        // disk with little room.
        connection.batch_execute("PRAGMA cache_size=-8000")?;
    }
    if matches!(purpose, Use::Read | Use::DryRun) {
        connection.batch_execute("PRAGMA query_only=ON")?;
        deadline::teach(connection)?;
    }
    Ok(())
}

/// Turns a file to its log (WAL). `busy_timeout` does not count here: whoever finds a new file in the
/// hands of another who does the same is refused at once, since both may hold what the other waits
/// for. A transaction does wait for its turn; after it the file has its log, or is ours to turn.
fn keep_log(connection: &mut SqliteConnection, busy: Duration) -> StoreResult<()> {
    let until = Instant::now() + busy;
    loop {
        match connection.batch_execute("PRAGMA journal_mode=WAL") {
            Err(_) if Instant::now() < until => connection.batch_execute("BEGIN IMMEDIATE; COMMIT")?,
            outcome => return Ok(outcome?),
        }
    }
}

fn open_postgres(url: &str, purpose: Use) -> StoreResult<PgConnection> {
    let mut connection =
        PgConnection::establish(&url_for(url, purpose)?).map_err(|error| StoreError::failed(&error))?;
    let session = match purpose {
        // These statements are all by key: whatever the tables hold, nested loops over an index, in its order.
        Use::Write => format!(
            "SET enable_seqscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET enable_sort=off; SET jit=off;
             SET plan_cache_mode=force_generic_plan; SET lock_timeout={};
             SET idle_in_transaction_session_timeout='5s'; SET statement_timeout='5s';
             SET client_connection_check_interval='2s'; SET synchronous_commit=on; SET client_min_messages=warning",
            LOCK_TIMEOUT.as_millis()
        ),
        Use::DryRun => {
            "SET enable_seqscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET enable_sort=off; SET jit=off;
             SET plan_cache_mode=force_generic_plan; SET default_transaction_read_only=on; SET statement_timeout='2s';
             SET idle_in_transaction_session_timeout='5s'; SET client_connection_check_interval='2s'"
                .to_owned()
        }
        Use::Read => {
            "SET jit=off; SET plan_cache_mode=force_custom_plan; SET default_transaction_read_only=on;
             SET statement_timeout='2s'; SET idle_in_transaction_session_timeout='5s'; SET client_connection_check_interval='2s'"
                .to_owned()
        }
        Use::Tool | Use::Migrate => "SET lock_timeout='30s'; SET client_min_messages=warning".to_owned(),
    };
    connection.batch_execute(&session)?;
    Ok(connection)
}

/// Writes an expression once and compiles it for both databases.
macro_rules! on_backend {
    ($connection:expr, |$inner:ident| $body:expr) => {
        match &mut $connection.open {
            Open::Sqlite(_, $inner) => $body,
            Open::Postgres($inner) => $body,
        }
    };
}

impl Connection {
    /// Whether it is PostgreSQL: for the few statements that differ.
    pub fn is_postgres(&self) -> bool {
        matches!(self.open, Open::Postgres(_))
    }

    /// How many statements it has run: on PostgreSQL each is a way there and back.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// What it is open to.
    pub(super) fn open(&mut self) -> &mut Open {
        &mut self.open
    }

    /// The file that is open, where it is one.
    pub(super) fn opened(&self) -> Option<&Arc<Opened>> {
        match &self.open {
            Open::Sqlite(opened, _) => Some(opened),
            Open::Postgres(_) => None,
        }
    }

    /// Runs a statement; answers how many rows it touched.
    pub fn execute(&mut self, statement: &Statement) -> StoreResult<usize> {
        let _traced = tracing::debug_span!(target: SPANS, "statement", sql = %statement).entered();
        self.statements += 1;
        Ok(on_backend!(self, |inner| inner.execute_returning_count(statement))?)
    }

    /// Runs SQL text without values.
    pub fn batch(&mut self, sql: &str) -> StoreResult<()> {
        let _traced = tracing::debug_span!(target: SPANS, "statement", sql).entered();
        self.statements += 1;
        Ok(on_backend!(self, |inner| inner.batch_execute(sql))?)
    }

    /// Runs a query; `kinds` are the types of its columns.
    pub fn query(&mut self, statement: &Statement, kinds: &[Kind]) -> StoreResult<Vec<Vec<Value>>> {
        let _traced = tracing::debug_span!(target: SPANS, "statement", sql = %statement).entered();
        self.statements += 1;
        on_backend!(self, |inner| {
            let rows = LoadConnection::<DefaultLoadingMode>::load(inner, statement)?;
            rows.map(|row| read_row(&row?, kinds)).collect()
        })
    }

    /// Whether what is open is what the process serves still: SQLite's file may have been moved or replaced.
    pub fn check(&self) -> StoreResult<()> {
        self.opened().map_or(Ok(()), |opened| Ok(opened.file().check()?))
    }

    /// The same, for those who read: as it was a few milliseconds ago.
    pub fn check_lately(&self) -> StoreResult<()> {
        self.opened().map_or(Ok(()), |opened| opened.check_lately())
    }

    /// Whether it may be written now: the file is the one that was opened, and its disk has room. Where there is
    /// little, the log is copied into the file and gives its own back. PostgreSQL says so itself.
    pub fn check_writable(&mut self) -> StoreResult<()> {
        self.check_lately()?;
        let Some(opened) = self.opened().cloned() else { return Ok(()) };
        let room = opened.file().room();
        if room.lacking(false).is_none() {
            return Ok(());
        }
        if opened.log_bytes() > 0
            && let Err(error) = scrub(self)
        {
            tracing::debug!(%error, "not even the log can be copied into the file");
        }
        room.lacking(true).map_or(Ok(()), |space| Err(opened.file().without_room(space).into()))
    }

    /// Has the log copied into the file once it has so much of what is free on the disk.
    pub(super) fn bound_log(&mut self, set: &mut u64) -> StoreResult<()> {
        let Some(opened) = self.opened() else { return Ok(()) };
        let pages = opened.file().room().log_pages();
        if *set != pages {
            self.batch(&format!("PRAGMA wal_autocheckpoint={pages}"))?;
            *set = pages;
        }
        Ok(())
    }

    /// Runs work in a transaction of its own that may write.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> StoreResult<T>) -> StoreResult<T> {
        self.check_writable()?;
        self.batch(if self.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
        let commit = self.commit_sql();
        let done = work(self).and_then(|done| self.check().map(|()| done));
        let outcome = done.and_then(|done| self.batch(commit).map(|()| done));
        if outcome.is_err()
            && let Err(rollback) = self.batch("ROLLBACK")
        {
            tracing::debug!(%rollback, "nothing was left to undo, or its connection is gone");
        }
        outcome
    }

    /// How to commit. COMMIT may wait for a synchronous standby as long as it takes; and what comes
    /// before it fails in a transaction that failed already, where PostgreSQL would turn COMMIT into
    /// ROLLBACK and call that a success. Both go in one message, so that nothing comes between.
    pub(super) fn commit_sql(&self) -> &'static str {
        if self.is_postgres() { "SET LOCAL statement_timeout=0; COMMIT" } else { "COMMIT" }
    }

    /// Runs a query of one integer; nothing found, or NULL, is `None`.
    pub fn number(&mut self, statement: &Statement) -> StoreResult<Option<i64>> {
        let rows = self.query(statement, &[Kind::Int])?;
        Ok(rows.into_iter().next().and_then(|row| match row.first() {
            Some(Value::Int(number)) => *number,
            _ => None,
        }))
    }

    /// Refuses a SQLite that can lose commits.
    pub fn check_version(&mut self) -> StoreResult<()> {
        if self.is_postgres() {
            return Ok(());
        }
        let rows = self.query(&Statement::new("SELECT sqlite_version()"), &[Kind::Text])?;
        let Some(Value::Text(Some(version))) = rows.first().and_then(|row| row.first()) else {
            return Err(StoreError::Failed("SQLite does not tell its version".into()));
        };
        let mut parts = version.split('.').map(|part| part.parse::<i64>().unwrap_or(0));
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found < SQLITE_LEAST {
            return Err(StoreError::Failed(format!("SQLite {version} can lose commits; 3.51.3 is the least")));
        }
        Ok(())
    }
}

fn read_row<'a, DB, R>(row: &R, kinds: &[Kind]) -> StoreResult<Vec<Value>>
where
    DB: Backend,
    R: Row<'a, DB> + diesel::row::RowIndex<usize>,
    String: FromSql<Text, DB>,
    i64: FromSql<BigInt, DB>,
    Vec<u8>: FromSql<Binary, DB>,
{
    let mut values = Vec::with_capacity(kinds.len());
    for (index, kind) in kinds.iter().enumerate() {
        let field = row.get(index).ok_or_else(|| StoreError::Failed("too few columns".into()))?;
        let raw = field.value();
        let value = match kind {
            Kind::Text => Value::Text(raw.map(<String as FromSql<Text, DB>>::from_sql).transpose().map_err(bad)?),
            Kind::Int => Value::Int(raw.map(<i64 as FromSql<BigInt, DB>>::from_sql).transpose().map_err(bad)?),
            Kind::Bytes => Value::Bytes(raw.map(<Vec<u8> as FromSql<Binary, DB>>::from_sql).transpose().map_err(bad)?),
        };
        values.push(value);
    }
    Ok(values)
}

fn bad(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Failed(error.to_string())
}
