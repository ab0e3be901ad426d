//! Brings the schema up to date: the same names in both trees, one process at a time.

use std::time::Duration;

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Connection, Use, on_backend};
use super::{StoreError, StoreResult, Target};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that migrating processes take, any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_lock(7011986)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7011986)";

/// Times that it is tried: another process may be at it, or hold a lock.
const TRIES: u32 = 5;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs what has not run yet; answers how many migrations that were. Each is a transaction of its
/// own, so that what another process has made meanwhile is found at the next try.
pub fn migrate(target: &Target) -> StoreResult<usize> {
    let mut connection = target.connect(Use::Tool)?;
    connection.check_version()?;
    let mut done = 0;
    for _ in 1..TRIES {
        match run(&mut connection, &mut done) {
            Ok(()) => return Ok(done),
            Err(error) => tracing::info!(%error, "the schema is tried again"),
        }
        std::thread::sleep(PAUSE);
    }
    run(&mut connection, &mut done).map(|()| done)
}

fn run(connection: &mut Connection, done: &mut usize) -> StoreResult<()> {
    if !connection.is_postgres() {
        return run_pending(connection, done);
    }
    connection.batch(LOCK)?;
    let outcome = run_pending(connection, done);
    connection.batch(UNLOCK)?;
    outcome
}

fn run_pending(connection: &mut Connection, done: &mut usize) -> StoreResult<()> {
    let failed = |error| StoreError::Failed(format!("migration: {error}"));
    let postgres = connection.is_postgres();
    on_backend!(connection, |inner| {
        while inner.has_pending_migration(source(postgres)).map_err(failed)? {
            inner.run_next_migration(source(postgres)).map_err(failed)?;
            *done += 1;
        }
    });
    Ok(())
}

fn source(postgres: bool) -> EmbeddedMigrations {
    if postgres { POSTGRES } else { SQLITE }
}

/// Whether the schema is older than this program.
pub fn is_pending(target: &Target) -> StoreResult<bool> {
    let mut connection = target.connect(Use::Tool)?;
    let source = source(connection.is_postgres());
    let pending = on_backend!(&mut connection, |inner| inner.has_pending_migration(source));
    pending.map_err(|error| StoreError::Failed(format!("migration: {error}")))
}
