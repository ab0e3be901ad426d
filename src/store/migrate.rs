//! Brings the schema up to date: the same names in both trees, one process at a time.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Connection, Use, on_backend};
use super::{StoreError, StoreResult, Target};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The lock that migrating processes take, any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_lock(7011986)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7011986)";

/// Runs what has not run yet; answers how many migrations that were.
pub fn migrate(target: &Target) -> StoreResult<usize> {
    let mut connection = target.connect(Use::Tool)?;
    connection.check_version()?;
    if !connection.is_postgres() {
        return run(&mut connection);
    }
    connection.batch(LOCK)?;
    let outcome = run(&mut connection);
    connection.batch(UNLOCK)?;
    outcome
}

fn run(connection: &mut Connection) -> StoreResult<usize> {
    let source = if connection.is_postgres() { POSTGRES } else { SQLITE };
    let done = on_backend!(connection, |inner| inner.run_pending_migrations(source).map(|done| done.len()));
    done.map_err(|error| StoreError::Failed(format!("migration: {error}")))
}

/// Whether the schema is older than this program.
pub fn is_pending(target: &Target) -> StoreResult<bool> {
    let mut connection = target.connect(Use::Tool)?;
    let source = if connection.is_postgres() { POSTGRES } else { SQLITE };
    let pending = on_backend!(&mut connection, |inner| inner.has_pending_migration(source));
    pending.map_err(|error| StoreError::Failed(format!("migration: {error}")))
}
