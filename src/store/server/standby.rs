//! Whether what was answered is there still when a standby takes over.

use crate::store::{Connection, Statement, StoreResult, Target, connection};

/// What happens to the last commits when the primary is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failover {
    /// There is no standby of which we know.
    None,
    /// Commits wait for a standby: nothing is lost.
    Keeps,
    /// They do not: the last ones may be lost.
    MayLose,
}

/// What it would be now: a standby is known where one follows, or where the URL names more hosts than one.
pub(in crate::store) fn failover(connection: &mut Connection, target: &Target) -> StoreResult<Failover> {
    let follow = Statement::new("SELECT COUNT(*) FROM pg_stat_replication");
    let is_there = connection.number(&follow)?.is_some_and(|standbys| standbys > 0);
    let is_named = matches!(target, Target::Postgres(url) if connection::names_several_hosts(url));
    if !is_there && !is_named {
        return Ok(Failover::None);
    }
    let waits = "SELECT CASE WHEN current_setting('synchronous_standby_names') = '' THEN CAST(0 AS BIGINT) ELSE 1 END";
    let waits = connection.number(&Statement::new(waits))? == Some(1);
    Ok(if waits { Failover::Keeps } else { Failover::MayLose })
}
