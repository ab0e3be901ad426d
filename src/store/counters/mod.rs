//! The counters of reports: of days and months, and how they get what was there before them.

pub mod advocate_counts;
pub mod day_counts;
pub mod day_fill;
pub mod month_tallies;
mod tally_fill;
mod turns;

use super::statement::columns;
use super::{Bind, Connection, Statement, StoreResult};
pub use turns::page_of;

/// Adds rows of a table of counters: as columns on PostgreSQL, one after the other on SQLite.
fn add_rows(connection: &mut Connection, sql: String, rows: Vec<Vec<Bind>>) -> StoreResult<()> {
    if connection.is_postgres() {
        return match columns(rows) {
            columns if columns.is_empty() => Ok(()),
            columns => connection.execute(&Statement::new(sql).binds(columns)).map(|_| ()),
        };
    }
    rows.into_iter().try_for_each(|row| connection.execute(&Statement::new(sql.clone()).binds(row)).map(|_| ()))
}
