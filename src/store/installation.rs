//! What is made once for an installation and kept with its database: the secret, and the mark by which it is known.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ulid::Ulid;

use super::connection::Use;
use super::files::private;
use super::migrate;
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

/// The secret that is kept with a database; `None`: none is, or the database is not there.
pub fn kept(target: &Target) -> StoreResult<Option<String>> {
    let Target::Sqlite(file) = target else {
        let mut connection = target.connect(Use::Read)?;
        return if migrate::has_schema(&mut connection)? { kept_row(&mut connection) } else { Ok(None) };
    };
    let path = format!("{}.secret", file.path());
    match fs::read_to_string(&path) {
        Ok(secret) => Ok(Some(secret.trim().to_owned()).filter(|secret| !secret.is_empty())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Failed(format!("{path}: {error}"))),
    }
}

/// A secret that was written beside a file.
pub(super) struct Beside(Option<PathBuf>);

impl Beside {
    /// Takes it away again, where it was not there before.
    pub(super) fn take_back(self) {
        if let Some(path) = self.0 {
            // What cannot be removed is the secret of nothing.
            let _left = fs::remove_file(path);
        }
    }
}

/// Keeps a secret that was made elsewhere beside a file; on PostgreSQL see [`keep_within`].
pub(super) fn keep_beside(target: &Target, secret: &str) -> StoreResult<Beside> {
    let Target::Sqlite(file) = target else { return Ok(Beside(None)) };
    if let Some(other) = kept(target)? {
        return if other == secret { Ok(Beside(None)) } else { Err(another()) };
    }
    let path = format!("{}.secret", file.path());
    let failed = |error: std::io::Error| StoreError::Failed(format!("{path}: {error}"));
    write_new(&path, secret).and_then(|()| keep_name(&path)).map_err(failed)?;
    Ok(Beside(Some(PathBuf::from(path))))
}

/// Keeps a secret that was made elsewhere, in the transaction that is open; beside a file see [`keep_beside`].
pub(super) fn keep_within(connection: &mut Connection, secret: &str) -> StoreResult<()> {
    if !connection.is_postgres() {
        return Ok(());
    }
    match kept_row(connection)? {
        Some(other) if other == secret => Ok(()),
        Some(_) => Err(another()),
        None => {
            let insert = Statement::new("INSERT INTO installation (name, value) VALUES ('secret', ?)");
            connection.execute(&insert.bind(secret)).map(drop)
        }
    }
}

fn another() -> StoreError {
    StoreError::Unfit(
        "A secret is kept with that database already, and it is another one: a server was started there. Name a database \
         that is new."
            .into(),
    )
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
        let named = write_new(&own, &made()).and_then(|()| fs::hard_link(&own, path));
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

fn write_new(path: &str, secret: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(secret.as_bytes())?;
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

/// Under which name the mark of the secret is kept.
pub(super) const MARK: &str = "secret_mark";

/// By what is known by which secret a database was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The mark of the secret; `None`: no process of this release has been here.
    pub mark: Option<String>,
    /// Something that was sealed; `None`: nothing is.
    pub sealed: Option<String>,
    /// Whether there is a shop, whose records depend on the secret.
    pub has_shops: bool,
}

/// Looks by which secret a database was written; nothing is changed.
pub fn written(target: &Target) -> StoreResult<Written> {
    let mut connection = target.connect(Use::Read)?;
    if !migrate::has_schema(&mut connection)? {
        return Ok(Written::default());
    }
    let mut one = |sql: &str| -> StoreResult<Option<String>> {
        let rows = connection.query(&Statement::new(sql.to_owned()), &[Kind::Text])?;
        Ok(rows.first().and_then(|row| text(row.first())))
    };
    Ok(Written {
        mark: one(&format!("SELECT value FROM installation WHERE name = '{MARK}'"))?,
        sealed: one("SELECT code_box FROM vouchers LIMIT 1")?,
        has_shops: one("SELECT id FROM shops LIMIT 1")?.is_some(),
    })
}

/// Keeps the mark of a secret, unless another one counts already: where there is a shop the first one does.
pub fn keep_mark(target: &Target, mark: &str) -> StoreResult<()> {
    let keep = format!(
        "INSERT INTO installation (name, value) VALUES ('{MARK}', ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE NOT EXISTS (SELECT 1 FROM shops)"
    );
    target.connect(Use::Tool)?.execute(&Statement::new(keep).bind(mark)).map(drop)
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
