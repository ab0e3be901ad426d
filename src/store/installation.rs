//! What is made once for an installation and kept with its database: the secret.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::connection::Use;
use super::writer::text;
use super::{Statement, StoreError, StoreResult, Target};
use crate::records::Kind;

/// The secret; made when there is none. SQLite: a file beside the database that only its owner may
/// read. PostgreSQL: a row of the table `installation`.
pub fn secret(target: &Target) -> StoreResult<String> {
    match target {
        Target::Sqlite(path) => secret_file(&format!("{path}.secret")),
        Target::Postgres(_) => secret_row(target),
    }
}

fn made() -> String {
    let mut bytes = [0u8; 48];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    STANDARD.encode(bytes)
}

fn secret_file(path: &str) -> StoreResult<String> {
    let failed = |error: std::io::Error| StoreError::Failed(format!("{path}: {error}"));
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(made().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(error)),
    }
    let secret = fs::read_to_string(path).map_err(failed)?;
    if secret.trim().is_empty() {
        return Err(StoreError::Failed(format!("{path} is empty; restore it, or set GRAPEVINE_SECRET")));
    }
    Ok(secret.trim().to_owned())
}

fn secret_row(target: &Target) -> StoreResult<String> {
    let mut connection = target.connect(Use::Tool)?;
    let insert = "INSERT INTO installation (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING";
    connection.execute(&Statement::new(insert).bind(made()))?;
    let rows =
        connection.query(&Statement::new("SELECT value FROM installation WHERE name = 'secret'"), &[Kind::Text])?;
    let kept = rows.first().and_then(|row| text(row.first()));
    kept.ok_or_else(|| StoreError::Failed("the secret cannot be read back".into()))
}
