//! What `grapevine doctor` wants to know of a database: how it is reached and how far away it is, version, schema, and
//! what protects a commit.

use std::time::{Duration, Instant};

use super::connection::Use;
use super::files::database_file::DatabaseFile;
use super::migrate::is_pending;
use super::server::pooling::{Way, way};
use super::server::standby::{self, Failover};
use super::writer::text;
use super::{Connection, Statement, StoreResult, Target};
use super::{day_fill, event_rows};
use crate::records::Kind;

/// How often the way is measured; the median counts.
const TRIPS: usize = 9;

/// How a database is.
#[derive(Debug)]
pub struct Health {
    /// Product and version.
    pub version: String,
    /// How it is reached.
    pub way: Way,
    /// How long it is there and back; none for a file.
    pub round_trip: Option<Duration>,
    /// Whether it takes writes now.
    pub takes_writes: bool,
    /// How far a replica is behind what it could know, milliseconds; none where there is no replica.
    pub lag_ms: Option<i64>,
    /// Whether the schema is that of this program.
    pub schema_is_current: bool,
    /// Whether what is stored has the form of this program.
    pub is_finished: bool,
    /// The room on the disk of SQLite's file; whether it is enough to write.
    pub room: Option<(String, bool)>,
    /// The settings that decide whether a commit survives the power cut and a failover.
    pub durability: Vec<(&'static str, String)>,
    /// What a failover may lose.
    pub failover: Failover,
}

/// Connects and looks; changes nothing.
pub fn examine(target: &Target) -> StoreResult<Health> {
    if target.file().is_some_and(DatabaseFile::can_be_made) {
        let version = "SQLite, whose file is not there yet: `grapevine serve` makes it".to_owned();
        return Ok(of_file(target, version, (false, true), Vec::new()));
    }
    let way = way(target)?;
    if let Way::File = way { examine_file(target) } else { examine_server(target, way) }
}

fn of_file(
    target: &Target,
    version: String,
    (schema_is_current, is_finished): (bool, bool),
    durability: Vec<(&'static str, String)>,
) -> Health {
    let room = room(target);
    let takes_writes = room.as_ref().is_none_or(|(_, is_enough)| *is_enough);
    Health {
        version,
        way: Way::File,
        round_trip: None,
        takes_writes,
        lag_ms: None,
        schema_is_current,
        is_finished,
        room,
        durability,
        failover: Failover::None,
    }
}

fn room(target: &Target) -> Option<(String, bool)> {
    let space = target.file()?.room().space()?;
    Some((space.to_string(), space.free >= space.kept))
}

fn examine_file(target: &Target) -> StoreResult<Health> {
    let mut connection = target.connect(Use::Read)?;
    connection.check_version()?;
    let names = [
        ("journal_mode", "SELECT journal_mode FROM pragma_journal_mode"),
        (
            "synchronous",
            "SELECT CASE synchronous WHEN 2 THEN 'FULL' WHEN 3 THEN 'EXTRA' ELSE 'too low' END FROM pragma_synchronous",
        ),
    ];
    let version = format!("SQLite {}", one(&mut connection, "SELECT sqlite_version()")?);
    let durability = settings(&mut connection, &names)?;
    let schema_is_current = !is_pending(target)?;
    let is_finished = !schema_is_current || are_finished(&mut connection)?;
    Ok(of_file(target, version, (schema_is_current, is_finished), durability))
}

fn examine_server(target: &Target, way: Way) -> StoreResult<Health> {
    let mut connection = target.connect(Use::Read)?;
    let names = [
        ("synchronous_commit", "SHOW synchronous_commit"),
        ("synchronous_standby_names", "SHOW synchronous_standby_names"),
        ("fsync", "SHOW fsync"),
    ];
    // What this session has set itself is not asked for.
    let takes_writes = "SELECT CASE WHEN pg_is_in_recovery() OR reset_val = 'on' THEN CAST(0 AS BIGINT) ELSE 1 END
                        FROM pg_settings WHERE name = 'default_transaction_read_only'";
    let lag_ms = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
                              WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN CAST(0 AS BIGINT)
                              ELSE CAST(1000 * extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS BIGINT) END";
    let schema_is_current = !is_pending(target)?;
    Ok(Health {
        version: format!("PostgreSQL {}", one(&mut connection, "SHOW server_version")?),
        way,
        round_trip: Some(round_trip(&mut connection)?),
        takes_writes: connection.number(&Statement::new(takes_writes))? == Some(1),
        lag_ms: connection.number(&Statement::new(lag_ms))?,
        room: None,
        durability: settings(&mut connection, &names)?,
        failover: standby::failover(&mut connection, target)?,
        schema_is_current,
        is_finished: !schema_is_current || are_finished(&mut connection)?,
    })
}

fn round_trip(connection: &mut Connection) -> StoreResult<Duration> {
    let mut trips = Vec::with_capacity(TRIPS);
    for _ in 0..TRIPS {
        let begun = Instant::now();
        connection.batch("SELECT 1")?;
        trips.push(begun.elapsed());
    }
    trips.sort_unstable();
    Ok(trips[TRIPS / 2])
}

fn settings(
    connection: &mut Connection,
    names: &[(&'static str, &'static str)],
) -> StoreResult<Vec<(&'static str, String)>> {
    names.iter().map(|(name, sql)| Ok((*name, one(connection, sql)?))).collect()
}

fn one(connection: &mut Connection, sql: &'static str) -> StoreResult<String> {
    let rows = connection.query(&Statement::new(sql), &[Kind::Text])?;
    Ok(rows.first().and_then(|row| text(row.first())).unwrap_or_default())
}

/// Whether all that is stored has the form of this release.
fn are_finished(connection: &mut Connection) -> StoreResult<bool> {
    Ok(event_rows::are_finished(connection)? && day_fill::is_finished(connection)?)
}
