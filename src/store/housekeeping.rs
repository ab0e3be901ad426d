//! What nobody needs any more, removed page by page.

use super::{Connection, Statement, StoreResult};
use crate::records::Timestamp;

/// Rows that are removed at once: a few milliseconds of the writer's time.
const PAGE: usize = 500;
/// After so many days without a batch a writer is dead.
const WRITER_DAYS: i64 = 7;

/// Removes a page of stored answers whose time is over; answers whether there may be more.
pub fn forget_answers(connection: &mut Connection, now: Timestamp) -> StoreResult<bool> {
    // A row that a writer is about to renew is left to it.
    let skip = if connection.is_postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
    let statement = Statement::new(format!(
        "DELETE FROM stored_answers WHERE id IN
         (SELECT id FROM stored_answers WHERE expires_at <= ? ORDER BY expires_at LIMIT {PAGE}{skip})"
    ));
    Ok(connection.execute(&statement.bind(now))? == PAGE)
}

/// Removes the rows of writers that are long gone.
pub fn forget_writers(connection: &mut Connection, now: Timestamp) -> StoreResult<()> {
    let statement = Statement::new("DELETE FROM engine_writers WHERE at < ?").bind(now.plus_days(-WRITER_DAYS));
    connection.execute(&statement).map(|_| ())
}
