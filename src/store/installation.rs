//! What is made once for an installation and kept with its database: the secret.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ulid::Ulid;

use super::connection::Use;
use super::files::private;
use super::writer::text;
use super::{Connection, Statement, StoreError, StoreResult, Target};
use crate::records::Kind;

/// The secret; made when there is none. SQLite: a file beside the database that only its owner may
/// read. PostgreSQL: a row of the table `installation`.
pub fn secret(target: &Target) -> StoreResult<String> {
    match target {
        Target::Sqlite(file) => secret_file(&format!("{}.secret", file.path())),
        Target::Postgres(_) => secret_row(target),
    }
}

fn made() -> String {
    let mut bytes = [0u8; 48];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    STANDARD.encode(bytes)
}

/// Of several processes that start at once each makes a secret, whole, and the first gives it the
/// name by which all then read it.
fn secret_file(path: &str) -> StoreResult<String> {
    let failed = |error: std::io::Error| StoreError::Failed(format!("{path}: {error}"));
    if !fs::exists(path).map_err(failed)? {
        let own = format!("{path}.{}", Ulid::generate());
        let named = write_new(&own).and_then(|()| fs::hard_link(&own, path));
        let removed = fs::remove_file(&own);
        match named {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => removed.and_then(|()| keep_name(path)).map_err(failed)?,
        }
    }
    private::keep_if_there(Path::new(path)).map_err(failed)?;
    let secret = fs::read_to_string(path).map_err(failed)?;
    if secret.trim().is_empty() {
        return Err(StoreError::Failed(format!("{path} is empty; restore it, or set GRAPEVINE_SECRET")));
    }
    Ok(secret.trim().to_owned())
}

fn write_new(path: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(made().as_bytes())?;
    file.sync_all()
}

/// Its name survives a power cut, too.
fn keep_name(path: &str) -> std::io::Result<()> {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A server that takes no writes now may have one all the same.
fn secret_row(target: &Target) -> StoreResult<String> {
    if let Some(kept) = kept_row(&mut target.connect(Use::Read)?)? {
        return Ok(kept);
    }
    let mut connection = target.connect(Use::Tool)?;
    let insert = "INSERT INTO installation (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING";
    connection.execute(&Statement::new(insert).bind(made()))?;
    kept_row(&mut connection)?.ok_or_else(|| StoreError::Failed("the secret cannot be read back".into()))
}

fn kept_row(connection: &mut Connection) -> StoreResult<Option<String>> {
    let select = Statement::new("SELECT value FROM installation WHERE name = 'secret'");
    Ok(connection.query(&select, &[Kind::Text])?.first().and_then(|row| text(row.first())))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn who_starts_at_once_reads_the_same_secret() {
        let folder = std::env::temp_dir().join(format!("grapevine-secret-{}", Ulid::generate()));
        fs::create_dir(&folder).expect("a folder");
        for round in 0..50 {
            let path = folder.join(round.to_string()).display().to_string();
            let gate = Barrier::new(4);
            let secrets: Vec<String> = std::thread::scope(|scope| {
                let start = || {
                    gate.wait();
                    secret_file(&path).expect("a secret")
                };
                let starts = [(); 4].map(|()| scope.spawn(start));
                starts.into_iter().map(|start| start.join().expect("no panic")).collect()
            });
            assert!(secrets.iter().all(|secret| *secret == secrets[0] && secret.len() == 64), "{secrets:?}");
            assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 50, "nothing else is left");
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
}
