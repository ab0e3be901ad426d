//! The lines of imports that wait to be done, some in each row: written as they come in, read and
//! removed as the job goes on. The rows are the imports' own; the job is the engine's.

use super::writer::text;
use super::{Connection, Statement, StoreResult};
use crate::records::{Id, Kind, Timestamp, Value};

/// Rows that are removed at once: a few milliseconds of the writer's time.
const PAGE: i64 = 100;

/// Lines that are kept together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The number of the last one.
    pub last: i64,
    /// All of them, as JSON.
    pub lines: String,
}

/// Keeps blocks of a job.
pub fn keep(connection: &mut Connection, job: Id, at: Timestamp, blocks: Vec<Block>) -> StoreResult<()> {
    for block in blocks {
        let sql = "INSERT INTO import_lines (job, last, lines, created_at) VALUES (?, ?, ?, ?)";
        connection.execute(&Statement::new(sql).bind(job).bind(block.last).bind(block.lines).bind(at))?;
    }
    Ok(())
}

/// The first block of a job with a line behind this one.
pub fn next(connection: &mut Connection, job: Id, after: i64) -> StoreResult<Option<Block>> {
    let sql = "SELECT last, lines FROM import_lines WHERE job = ? AND last > ? ORDER BY last LIMIT 1";
    let rows = connection.query(&Statement::new(sql).bind(job).bind(after), &[Kind::Int, Kind::Text])?;
    Ok(rows.first().and_then(|row| match row.first() {
        Some(Value::Int(Some(last))) => Some(Block { last: *last, lines: text(row.get(1))? }),
        _ => None,
    }))
}

/// Removes some blocks of a job whose last line is no further than this; answers whether there may be
/// more.
pub fn forget(connection: &mut Connection, job: Id, until: i64) -> StoreResult<bool> {
    let sql = "DELETE FROM import_lines WHERE job = ? AND last IN
               (SELECT last FROM import_lines WHERE job = ? AND last <= ? ORDER BY last LIMIT ?)";
    let statement = Statement::new(sql).bind(job).bind(job).bind(until).bind(PAGE);
    Ok(connection.execute(&statement)? == usize::try_from(PAGE).unwrap_or(usize::MAX))
}

/// A job of which lines came in before this time, and which was never made or has ended.
pub fn abandoned(connection: &mut Connection, before: Timestamp) -> StoreResult<Option<Id>> {
    let sql = "SELECT l.job FROM import_lines l WHERE l.created_at < ?
               AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = l.job AND j.next_at IS NOT NULL) LIMIT 1";
    let rows = connection.query(&Statement::new(sql).bind(before), &[Kind::Text])?;
    Ok(rows.first().and_then(|row| text(row.first())).and_then(|id| id.parse().ok()))
}
