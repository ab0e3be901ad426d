//! How long a reader's statement may take on SQLite, which ends none by itself as PostgreSQL does: a condition
//! that each row is held to, and that breaks the statement off when its time is over.

use std::cell::Cell;
use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use diesel::serialize::{IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;

use super::{StoreError, StoreResult};

/// The condition; true until the time is over.
pub const IN_TIME: &str = "in_time()";

thread_local! {
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Whether the time of the statement is not over.
    fn in_time() -> Bool;
}

/// Whether the time of this thread's statement is over.
#[derive(Debug)]
struct Left(bool);

impl ToSql<Bool, Sqlite> for Left {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> diesel::serialize::Result {
        if !self.0 {
            return Err("it took too long".into());
        }
        out.set_value(1_i32);
        Ok(IsNull::No)
    }
}

/// Teaches a connection the condition.
pub(super) fn teach(connection: &mut SqliteConnection) -> StoreResult<()> {
    let left = || Left(UNTIL.get().is_none_or(|until| Instant::now() < until));
    in_time_utils::register_nondeterministic_impl(connection, left).map_err(StoreError::from)
}

/// Runs work whose statements on this thread have so long together.
pub(super) fn within<T>(limit: Duration, work: impl FnOnce() -> T) -> T {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            UNTIL.set(None);
        }
    }
    UNTIL.set(Some(Instant::now() + limit));
    let _reset = Reset;
    work()
}

#[cfg(test)]
mod tests {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;

    use super::*;

    /// Counts until somebody ends it.
    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE in_time())
                           SELECT COUNT(*) FROM n";

    #[test]
    fn a_statement_without_end_ends_with_its_time() {
        let mut connection = SqliteConnection::establish(":memory:").expect("a database");
        teach(&mut connection).expect("it learns");
        let begun = Instant::now();
        let outcome = within(Duration::from_millis(50), || connection.batch_execute(ENDLESS));
        assert!(outcome.expect_err("it is broken off").to_string().contains("too long"));
        assert!(begun.elapsed() < Duration::from_secs(5));
        connection.batch_execute("SELECT 1 WHERE in_time()").expect("it goes on, and nobody waits for the next");
    }
}
