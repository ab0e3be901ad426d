//! What `grapevine doctor` wants to know of a database: version, schema, and what protects a commit.

use super::connection::Use;
use super::database_file::DatabaseFile;
use super::migrate::is_pending;
use super::writer::text;
use super::{Connection, Statement, StoreResult, Target};
use crate::records::Kind;

/// How a database is.
#[derive(Debug)]
pub struct Health {
    /// Product and version.
    pub version: String,
    /// Whether the schema is that of this program.
    pub schema_is_current: bool,
    /// The room on the disk of SQLite's file; whether it is enough to write.
    pub room: Option<(String, bool)>,
    /// The settings that decide whether a commit survives the power cut and a failover.
    pub durability: Vec<(&'static str, String)>,
}

/// Connects and looks.
pub fn examine(target: &Target) -> StoreResult<Health> {
    if target.file().is_some_and(DatabaseFile::can_be_made) {
        let version = "SQLite, whose file is not there yet: `grapevine serve` makes it".to_owned();
        return Ok(Health { version, schema_is_current: false, room: room(target), durability: Vec::new() });
    }
    let mut connection = target.connect(Use::Read)?;
    connection.check_version()?;
    let (version, names): (_, &[(&'static str, &'static str)]) = if connection.is_postgres() {
        let settings = &[
            ("synchronous_commit", "SHOW synchronous_commit"),
            ("synchronous_standby_names", "SHOW synchronous_standby_names"),
            ("fsync", "SHOW fsync"),
        ];
        (format!("PostgreSQL {}", one(&mut connection, "SHOW server_version")?), settings)
    } else {
        let settings = &[
            ("journal_mode", "SELECT journal_mode FROM pragma_journal_mode"),
            (
                "synchronous",
                "SELECT CASE synchronous WHEN 2 THEN 'FULL' WHEN 3 THEN 'EXTRA' ELSE 'too low' END FROM pragma_synchronous",
            ),
        ];
        (format!("SQLite {}", one(&mut connection, "SELECT sqlite_version()")?), settings)
    };
    let mut durability = Vec::with_capacity(names.len());
    for (name, sql) in names {
        durability.push((*name, one(&mut connection, sql)?));
    }
    Ok(Health { version, durability, room: room(target), schema_is_current: !is_pending(target)? })
}

fn room(target: &Target) -> Option<(String, bool)> {
    let space = target.file()?.room().space()?;
    Some((space.to_string(), space.free >= space.kept))
}

fn one(connection: &mut Connection, sql: &'static str) -> StoreResult<String> {
    let rows = connection.query(&Statement::new(sql), &[Kind::Text])?;
    Ok(rows.first().and_then(|row| text(row.first())).unwrap_or_default())
}
