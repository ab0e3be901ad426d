//! From a database into a file, from a file into an empty database, and from one database into another. A database is
//! filled in one transaction, read back, and committed when every table is the same to the row.

use std::path::Path;

use super::file::{self, Contents, Head, Writer};
use super::load::{Adding, Loader};
use super::row::Proof;
use super::snapshot::{self, Progress, Snapshot};
use super::tables::{self, Destination};
use crate::records::Kind;
use crate::store::connection::Use;
use crate::store::installation as kept;
use crate::store::server::pooling;
use crate::store::writer::text;
use crate::store::{Connection, Statement, StoreError, StoreResult, Target, migrate, statistics};

/// What a file is to say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// When it is made, RFC 3339.
    pub made_at: String,
    /// By what the secret is told from another.
    pub mark: String,
    /// The secret itself, where it is kept with the database and goes along.
    pub secret: Option<String>,
    /// Whether secrets are left out.
    pub without_secrets: bool,
}

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The tables, with what proves their rows.
    pub tables: Vec<(String, Proof)>,
    /// Whether somebody wrote in the first database after the moment that was copied.
    pub written_meanwhile: bool,
}

/// Rows in all.
pub fn rows(tables: &[(String, Proof)]) -> u64 {
    tables.iter().map(|(_, proof)| proof.rows).sum()
}

/// Writes all that a database has, as it is at one moment, into a new file; answers what is in it and how many bytes
/// it has.
pub fn back_up(
    from: &Target,
    path: &Path,
    label: &Label,
    note: &mut dyn FnMut(Progress),
) -> StoreResult<(Contents, u64)> {
    let (mut snapshot, schema) = read_from(from)?;
    let mut head = Head::new(&label.made_at, name(from), schema);
    (head.without_secrets, head.secret, head.secret_mark) =
        (label.without_secrets, label.secret.clone(), label.mark.clone());
    head.installation = installation(snapshot.connection())?;
    if label.without_secrets && snapshot.connection().number(&Statement::new(WAITING_LINES))? != Some(0) {
        let sentence = "Lines of an import wait, with codes in them as they were sent. Make the backup when it has \
                        ended: `GET /v1/jobs` says so.";
        return Err(StoreError::Unfit(sentence.into()));
    }
    let destination = if label.without_secrets { Destination::FileWithoutSecrets } else { Destination::File };
    let mut writer = Writer::create(path, &head)?;
    snapshot.pour(destination, &mut writer, note)?;
    writer.finish(head)
}

const WAITING_LINES: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM import_lines LIMIT 1) AS found";

/// Verifies a file: that it is whole, and fits this program.
pub fn look(path: &Path, note: &mut dyn FnMut(Progress)) -> StoreResult<Contents> {
    let contents = file::pour(path, &mut Adding::default(), note)?;
    let known = migrate::known_versions()?;
    if contents.head.schema != known {
        let newest = |versions: &[String]| versions.last().cloned().unwrap_or_default();
        return Err(StoreError::Unfit(format!(
            "{} was made by Grapevine {} and has its schema ({}), and this program has another one ({}). Restore it by \
             the release that made it, and let `grapevine migrate` of this one bring it up to date.",
            path.display(),
            contents.head.program,
            newest(&contents.head.schema),
            newest(&known),
        )));
    }
    Ok(contents)
}

/// Fills an empty database with a file that was looked at; `secret` is kept with it.
pub fn restore(
    path: &Path,
    contents: &Contents,
    to: &Target,
    secret: Option<&str>,
    note: &mut dyn FnMut(Progress),
) -> StoreResult<()> {
    let mark = (kept::MARK.to_owned(), contents.head.secret_mark.clone());
    let mut installation = contents.head.installation.clone();
    installation.retain(|(name, _)| *name != mark.0);
    installation.push(mark);
    let filling = Filling { to, secret, installation: &installation, destination: Destination::File };
    let filled = filling.fill(|connection| {
        let (mut rows, total) = (0, Some(contents.rows));
        let mut each = |written| {
            rows += written;
            note(Progress { rows, total });
        };
        let mut loader = Loader::new(connection, &mut each)?;
        let read = file::pour(path, &mut loader, &mut |_| {})?;
        if read != *contents {
            return Err(StoreError::Unfit(format!("{} was changed while it was read.", path.display())));
        }
        Ok(loader.tables)
    });
    filled.map(drop)
}

/// Copies a database into an empty one; `secret` is kept with it.
pub fn copy(from: &Target, to: &Target, secret: Option<&str>, note: &mut dyn FnMut(Progress)) -> StoreResult<Copied> {
    let (mut snapshot, _) = read_from(from)?;
    let before = snapshot::changes(snapshot.connection())?;
    let installation = &installation(snapshot.connection())?;
    let filling = Filling { to, secret, installation, destination: Destination::Database };
    let tables = filling.fill(|connection| {
        let mut quiet = |_| {};
        let mut loader = Loader::new(connection, &mut quiet)?;
        snapshot.pour(Destination::Database, &mut loader, note)?;
        Ok(loader.tables)
    })?;
    drop(snapshot);
    let written_meanwhile = snapshot::changes(&mut from.connect(Use::Read)?)? != before;
    Ok(Copied { tables, written_meanwhile })
}

/// An empty database that is to be filled.
struct Filling<'f> {
    to: &'f Target,
    secret: Option<&'f str>,
    installation: &'f [(String, String)],
    destination: Destination,
}

/// As long as it takes, and beside nobody else who founds a shop; tables are read back in the order of their keys.
const POSTGRES_LOAD: &str = "SET LOCAL statement_timeout=0; SET LOCAL idle_in_transaction_session_timeout=0;
    SET LOCAL plan_cache_mode=force_custom_plan; SET LOCAL enable_seqscan=off; SET LOCAL enable_sort=off;
    LOCK TABLE shops, shop_heads IN SHARE ROW EXCLUSIVE MODE";

impl Filling<'_> {
    /// Has it filled by `load`, which answers what it wrote, and reads it back. Where that fails nothing is there.
    fn fill(
        &self,
        load: impl FnOnce(&mut Connection) -> StoreResult<Vec<(String, Proof)>>,
    ) -> StoreResult<Vec<(String, Proof)>> {
        let is_made = self.to.file().is_some_and(|file| !file.is_there());
        if !is_made {
            pooling::refuse_shared(self.to)?;
            self.refuse_occupied(&mut self.to.connect(Use::Read)?)?;
        }
        migrate::migrate(self.to)?;
        let kept = self.secret.map(|secret| kept::keep_beside(self.to, secret)).transpose()?;
        let mut connection = self.to.connect(Use::Tool)?;
        let filled = connection.transaction(|connection| {
            if connection.is_postgres() {
                connection.batch(POSTGRES_LOAD)?;
            }
            self.refuse_occupied(connection)?;
            let loaded = load(connection)?;
            self.note(connection)?;
            let mut adding = Adding::default();
            snapshot::pour(connection, self.destination, &mut adding, &mut |_| Ok(()))?;
            if adding.tables != loaded {
                return Err(StoreError::Failed("what was written is not what is read back".into()));
            }
            Ok(loaded)
        });
        match &filled {
            Ok(_) => connection.transaction(statistics::renew)?,
            Err(_) => kept.into_iter().for_each(kept::Beside::take_back),
        }
        filled
    }

    fn refuse_occupied(&self, connection: &mut Connection) -> StoreResult<()> {
        let to = self.to;
        if let Some(table) = tables::occupied(connection)? {
            return Err(StoreError::Unfit(format!(
                "{to:?} is not empty: there are {table}. Name a database that has nothing in it."
            )));
        }
        let foreign = tables::present(connection)?;
        let is_foreign = |name: &String| !tables::BESIDE.iter().any(|(known, _)| known == name) && !is_record(name);
        match foreign.into_iter().find(is_foreign).filter(|_| !connection.is_postgres()) {
            Some(table) => Err(StoreError::Unfit(format!("{to:?} is another program's: it has a table {table}."))),
            None => Ok(()),
        }
    }

    fn note(&self, connection: &mut Connection) -> StoreResult<()> {
        let set = "INSERT INTO installation (name, value) VALUES (?, ?)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        // Whichever secret was the first here: what comes now was written by another.
        let before = Statement::new("DELETE FROM installation WHERE name = ?").bind(kept::MARK);
        connection.execute(&before)?;
        for (name, value) in self.installation {
            connection.execute(&Statement::new(set).bind(name.as_str()).bind(value.as_str()))?;
        }
        self.secret.map_or(Ok(()), |secret| kept::keep_within(connection, secret))
    }
}

fn is_record(table: &str) -> bool {
    tables::names(Destination::Database).contains(&table)
}

/// A snapshot of a database with the schema of this program, and that schema.
fn read_from(from: &Target) -> StoreResult<(Snapshot, Vec<String>)> {
    if from.file().is_some_and(|file| !file.is_there()) {
        return Err(StoreError::Unfit(format!("There is no {from:?}.")));
    }
    pooling::refuse_shared(from)?;
    let mut snapshot = Snapshot::open(from)?;
    let schema = migrate::versions(snapshot.connection())?;
    if schema != migrate::known_versions()? {
        return Err(StoreError::Unfit(format!(
            "{from:?} has the schema of another release. Use that release, or bring it up to date with `grapevine migrate`."
        )));
    }
    Ok((snapshot, schema))
}

fn name(target: &Target) -> &'static str {
    if target.file().is_some() { "sqlite" } else { "postgres" }
}

/// What is noted of the installation, but for its secret.
fn installation(connection: &mut Connection) -> StoreResult<Vec<(String, String)>> {
    let all = Statement::new("SELECT name, value FROM installation WHERE name <> 'secret' ORDER BY name");
    let rows = connection.query(&all, &[Kind::Text, Kind::Text])?;
    Ok(rows.iter().filter_map(|row| Some((text(row.first())?, text(row.get(1))?))).collect())
}
