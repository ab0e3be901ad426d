//! One process among several does what one alone should do: sweep.

use super::connection::Use;
use super::{Connection, Statement, StoreResult, Target};

/// The lock of the process that sweeps; any number that nobody else uses.
const LOCK: &str = "SELECT CASE WHEN pg_try_advisory_lock(7011987) THEN CAST(1 AS BIGINT) ELSE 0 END";

/// A claim to lead. On PostgreSQL the leader holds an advisory lock as long as its connection lives;
/// on SQLite there is one server, and it leads.
pub struct Leadership {
    target: Target,
    connection: Option<Connection>,
    leads: bool,
}

impl Leadership {
    /// A claim that was not tried yet.
    pub fn new(target: Target) -> Self {
        Self { target, connection: None, leads: false }
    }

    /// Whether this process leads now; tries to become the leader when there is none.
    pub fn holds(&mut self) -> bool {
        if matches!(self.target, Target::Sqlite(_)) {
            return true;
        }
        self.leads = self.ask().unwrap_or_else(|error| {
            tracing::debug!(%error, "nobody knows who leads");
            self.connection = None;
            false
        });
        self.leads
    }

    /// A leader whose connection still lives has the lock still.
    fn ask(&mut self) -> StoreResult<bool> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                self.leads = false;
                self.connection.insert(self.target.connect(Use::Read)?)
            }
        };
        let question = if self.leads { "SELECT CAST(1 AS BIGINT)" } else { LOCK };
        Ok(connection.number(&Statement::new(question))? == Some(1))
    }
}
