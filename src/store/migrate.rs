//! Brings the schema up to date: the same names in both trees, one process at a time.

use std::fmt::Display;

use diesel::PgConnection;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Open, Use};
use super::files::database_file::DatabaseFile;
use super::server::pooling;
use super::writer::text;
use super::{Connection, Statement, StoreError, StoreResult, Target};
use crate::records::Kind;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that migrating processes take, any number that nobody else uses. However long the one
/// before takes, its turn is waited for.
const LOCK: &str = "SET lock_timeout=0; SELECT pg_advisory_lock(7011986); SET lock_timeout='30s'";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7011986)";

/// Whether migrations ever ran: who only looks must not make the table of them.
const SQLITE_HAS_SCHEMA: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE name = '__diesel_schema_migrations'";
const POSTGRES_HAS_SCHEMA: &str = "SELECT CAST(COUNT(to_regclass('__diesel_schema_migrations')) AS BIGINT)";

/// Times that it is tried on PostgreSQL, where somebody who is at work may hold a table.
const TRIES: u32 = 5;

/// Runs what has not run yet; answers how many migrations that were. Of several processes that start
/// at once one does it, while the others wait for their turn and then find it done.
pub fn migrate(target: &Target) -> StoreResult<usize> {
    pooling::refuse_shared(target)?;
    // What is up to date is not written: its disk may be full.
    if target.file().is_some_and(DatabaseFile::is_there) && !is_pending(target)? {
        return Ok(0);
    }
    let mut connection = target.connect(Use::Migrate)?;
    connection.check_version()?;
    match connection.open() {
        Open::Sqlite(_, inner) => inner.immediate_transaction(|inner| run_pending(inner, SQLITE)),
        Open::Postgres(inner) => {
            inner.batch_execute(LOCK)?;
            let outcome = run_patiently(inner);
            inner.batch_execute(UNLOCK)?;
            outcome
        }
    }
}

/// Whoever waits for a table keeps all who come later waiting too: so he gives up now and then, lets
/// them pass, and asks again.
fn run_patiently(connection: &mut PgConnection) -> StoreResult<usize> {
    let pending = connection.pending_migrations(POSTGRES).map_err(failed)?.len();
    for _ in 1..TRIES {
        match run_pending(connection, POSTGRES) {
            Ok(_) => return Ok(pending),
            Err(error) => tracing::info!(%error, "the schema is tried again"),
        }
    }
    run_pending(connection, POSTGRES).map(|_| pending)
}

fn run_pending<B: Backend>(
    connection: &mut impl MigrationHarness<B>,
    source: EmbeddedMigrations,
) -> StoreResult<usize> {
    connection.run_pending_migrations(source).map(|done| done.len()).map_err(failed)
}

/// Whether the schema is older than this program. A server that takes no writes is asked, too.
pub fn is_pending(target: &Target) -> StoreResult<bool> {
    let mut connection = target.connect(Use::Read)?;
    connection.check_version()?;
    let run = versions(&mut connection)?;
    Ok(known_versions()?.iter().any(|version| !run.contains(version)))
}

/// Whether migrations ever ran.
pub fn has_schema(connection: &mut Connection) -> StoreResult<bool> {
    let has_schema = if connection.is_postgres() { POSTGRES_HAS_SCHEMA } else { SQLITE_HAS_SCHEMA };
    Ok(connection.number(&Statement::new(has_schema))? != Some(0))
}

/// The migrations that a database has, in order.
pub fn versions(connection: &mut Connection) -> StoreResult<Vec<String>> {
    if !has_schema(connection)? {
        return Ok(Vec::new());
    }
    let versions = Statement::new("SELECT CAST(version AS TEXT) FROM __diesel_schema_migrations");
    let mut run: Vec<String> =
        connection.query(&versions, &[Kind::Text])?.iter().filter_map(|row| text(row.first())).collect();
    run.sort_unstable();
    Ok(run)
}

/// Those that this program knows, in order: the same for both databases.
pub fn known_versions() -> StoreResult<Vec<String>> {
    let mut known = known::<Sqlite>(&SQLITE)?;
    known.sort_unstable();
    Ok(known)
}

fn known<B: Backend>(source: &EmbeddedMigrations) -> StoreResult<Vec<String>> {
    let migrations = MigrationSource::<B>::migrations(source).map_err(failed)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn failed(error: impl Display) -> StoreError {
    StoreError::Failed(format!("migration: {error}"))
}
