//! The file of a backup: lines of JSON, compressed by gzip. The head says what it is; before the rows of each table
//! stands its name with its columns, behind them how many there are and a checksum over them; and the last line has
//! both of all that came before it. A file that does not end so is torn.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::row::{self, Proof, Sum};
use super::snapshot::{Progress, Sink};
use super::tables::Table;
use crate::records::{Kind, Value};
use crate::store::files::private;
use crate::store::{StoreError, StoreResult};

/// What every file says that it is.
const FORMAT: &str = "grapevine backup";
/// The form of what follows; another one is another number.
const VERSION: u32 = 1;
/// The longest line, bytes: no row is near it.
const LINE: u64 = 256 << 20;
/// Lines between two words about how far it is.
const NOTED: u64 = 1_000;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    format: String,
    version: u32,
    /// When it was made, by the machine's clock, RFC 3339.
    pub made_at: String,
    /// The version of the program that made it.
    pub program: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The migrations that the database had.
    pub schema: Vec<String>,
    /// Whether secrets were left out.
    pub without_secrets: bool,
    /// The secret, where it is kept with the database and was to be taken along.
    pub secret: Option<String>,
    /// By what the secret is told from another.
    pub secret_mark: String,
    /// What else is noted of the installation.
    pub installation: Vec<(String, String)>,
}

impl Head {
    /// The head of a file that is made at an instant.
    pub fn new(made_at: &str, database: &str, schema: Vec<String>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            made_at: made_at.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: database.to_owned(),
            schema,
            without_secrets: false,
            secret: None,
            secret_mark: String::new(),
            installation: Vec::new(),
        }
    }
}

/// What stands before the rows of a table.
#[derive(Serialize, Deserialize)]
struct Start {
    table: String,
    /// How many of its columns are its key: those that come first.
    keys: usize,
    columns: Vec<(String, String)>,
}

/// What stands behind the rows of a table.
#[derive(Serialize, Deserialize)]
struct Finish {
    end_of: String,
    #[serde(flatten)]
    proof: Proof,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct Tail {
    tables: usize,
    #[serde(flatten)]
    proof: Proof,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Its first line.
    pub head: Head,
    /// The tables, with what proves their rows.
    pub tables: Vec<(String, Proof)>,
    /// Rows in all.
    pub rows: u64,
}

/// Writes a file. It has its name when it is whole, and nothing of it is left when it is not.
pub struct Writer {
    path: PathBuf,
    own: PathBuf,
    out: Option<GzEncoder<BufWriter<File>>>,
    all: Sum,
    open: Option<(String, Sum)>,
    tables: Vec<(String, Proof)>,
}

impl Writer {
    /// Begins one, for its owner alone; refuses a name that is taken.
    pub fn create(path: &Path, head: &Head) -> StoreResult<Self> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(taken(path));
        }
        let own = PathBuf::from(format!("{}.{}.part", path.display(), Ulid::generate()));
        let file = private::create(&own).map_err(|error| failed(path, &error))?;
        let out = Some(GzEncoder::new(BufWriter::with_capacity(1 << 20, file), Compression::fast()));
        let (path, all) = (path.to_owned(), Sum::default());
        let mut writer = Self { path, own, out, all, open: None, tables: Vec::new() };
        writer.line(head)?;
        Ok(writer)
    }

    fn line(&mut self, said: &impl Serialize) -> StoreResult<()> {
        let mut line = serde_json::to_vec(said).map_err(|error| StoreError::Failed(error.to_string()))?;
        line.push(b'\n');
        self.all.add(&line);
        self.write(&line)
    }

    fn write(&mut self, bytes: &[u8]) -> StoreResult<()> {
        let out = self.out.as_mut().ok_or_else(|| StoreError::Failed("the file is closed".into()))?;
        out.write_all(bytes).map_err(|error| failed(&self.path, &error))
    }

    /// Ends it, and gives it its name; answers what is in it, and how many bytes it has.
    pub fn finish(mut self, head: Head) -> StoreResult<(Contents, u64)> {
        let tables = std::mem::take(&mut self.tables);
        let rows = tables.iter().map(|(_, proof)| proof.rows).sum();
        let sha256 = std::mem::take(&mut self.all).finish().sha256;
        self.line(&Tail { tables: tables.len(), proof: Proof { rows, sha256 } })?;
        let named = self.settle();
        let bytes = named.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => taken(&self.path),
            _ => failed(&self.path, &error),
        })?;
        Ok((Contents { head, tables, rows }, bytes))
    }

    /// All of it is on the disk before it has its name, and so is its name in the end.
    fn settle(&mut self) -> std::io::Result<u64> {
        let Some(out) = self.out.take() else { return Ok(0) };
        let file = out.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        match fs::hard_link(&self.own, &self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(error),
            // Not every disk knows a second name for a file.
            Err(_) => fs::rename(&self.own, &self.path)?,
            Ok(()) => {}
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(bytes)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // It has its name by now, or is nothing.
        let _gone = fs::remove_file(&self.own);
    }
}

impl Sink for Writer {
    fn begin(&mut self, table: &Table) -> StoreResult<()> {
        let columns = table.columns.iter().map(|(name, kind)| (name.clone(), word(*kind).to_owned())).collect();
        self.open = Some((table.name.clone(), Sum::default()));
        self.line(&Start { table: table.name.clone(), keys: table.keys, columns })
    }

    fn row(&mut self, _: Vec<Value>, line: &[u8]) -> StoreResult<()> {
        if let Some((_, sum)) = &mut self.open {
            sum.add(line);
        }
        self.all.add(line);
        self.write(line)
    }

    fn end(&mut self) -> StoreResult<()> {
        let Some((name, sum)) = self.open.take() else { return Ok(()) };
        let proof = sum.finish();
        self.tables.push((name.clone(), proof.clone()));
        self.line(&Finish { end_of: name, proof })
    }
}

/// Reads a file from its beginning.
struct Lines {
    path: PathBuf,
    input: BufReader<GzDecoder<BufReader<File>>>,
    all: Sum,
    rows: u64,
}

impl Lines {
    fn open(path: &Path) -> StoreResult<Self> {
        let file = File::open(path).map_err(|error| failed(path, &error))?;
        let input = BufReader::with_capacity(1 << 18, GzDecoder::new(BufReader::with_capacity(1 << 18, file)));
        Ok(Self { path: path.to_owned(), input, all: Sum::default(), rows: 0 })
    }

    /// The next line, with its end.
    fn next(&mut self, line: &mut Vec<u8>) -> StoreResult<()> {
        line.clear();
        let read = (&mut self.input).take(LINE).read_until(b'\n', line);
        read.map_err(|error| self.torn(&error.to_string()))?;
        if line.ends_with(b"\n") { Ok(()) } else { Err(self.torn("it ends in the middle")) }
    }

    /// What a line says that is no row.
    fn said<T: for<'de> Deserialize<'de>>(&mut self, line: &[u8]) -> StoreResult<T> {
        self.all.add(line);
        serde_json::from_slice(line).map_err(|error| self.torn(&error.to_string()))
    }

    fn head(&mut self) -> StoreResult<Head> {
        let none = || refused(&self.path, "is no backup of Grapevine");
        let mut line = Vec::new();
        let read = (&mut self.input).take(LINE).read_until(b'\n', &mut line);
        let said = read.ok().and_then(|_| serde_json::from_slice::<serde_json::Value>(&line).ok());
        let said = said.filter(|said| said["format"] == FORMAT).ok_or_else(none)?;
        if said["version"] != VERSION {
            let version = &said["version"];
            let program = &said["program"];
            let what =
                format!("has form {version}, and this program reads form {VERSION}; restore it by Grapevine {program}");
            return Err(refused(&self.path, &what));
        }
        self.said(&line)
    }

    /// That nothing is left, neither in what is compressed nor behind it.
    fn end(&mut self) -> StoreResult<()> {
        let mut rest = [0; 1];
        let within = self.input.read(&mut rest).map_err(|error| self.torn(&error.to_string()))?;
        let behind = self.input.get_mut().get_mut().read(&mut rest).map_err(|error| failed(&self.path, &error))?;
        if within + behind == 0 { Ok(()) } else { Err(self.torn("something follows its end")) }
    }

    fn torn(&self, how: &str) -> StoreError {
        refused(&self.path, &format!("is torn or was changed: {how}. Use another backup"))
    }
}

/// Reads a file, shows its rows to a sink, and proves them; nothing is to be believed before it has ended.
pub fn pour(path: &Path, sink: &mut impl Sink, note: &mut dyn FnMut(Progress)) -> StoreResult<Contents> {
    let mut lines = Lines::open(path)?;
    let head = lines.head()?;
    let (mut tables, mut line) = (Vec::new(), Vec::new());
    loop {
        lines.next(&mut line)?;
        if line.starts_with(b"{\"table\"") {
            tables.push(pour_table(&mut lines, &mut line, sink, note)?);
            continue;
        }
        let found = std::mem::take(&mut lines.all).finish();
        let tail: Tail = lines.said(&line)?;
        if (tail.tables, tail.proof.rows, &tail.proof.sha256) != (tables.len(), lines.rows, &found.sha256) {
            return Err(lines.torn("its checksum is another one"));
        }
        lines.end()?;
        return Ok(Contents { head, tables, rows: lines.rows });
    }
}

fn pour_table(
    lines: &mut Lines,
    line: &mut Vec<u8>,
    sink: &mut impl Sink,
    note: &mut dyn FnMut(Progress),
) -> StoreResult<(String, Proof)> {
    let start: Start = lines.said(line)?;
    let kinds: Option<Vec<Kind>> = start.columns.iter().map(|(_, word)| kind(word)).collect();
    let kinds = kinds.ok_or_else(|| lines.torn("a column has no kind"))?;
    let names = start.columns.into_iter().map(|(name, _)| name);
    let table = Table { name: start.table, columns: names.zip(kinds.iter().copied()).collect(), keys: start.keys };
    let mut sum = Sum::default();
    sink.begin(&table)?;
    loop {
        lines.next(line)?;
        if !line.starts_with(b"[") {
            break;
        }
        let values = row::read(line, &kinds).map_err(|fault| lines.torn(&format!("{}: {fault}", table.name)))?;
        sum.add(line);
        lines.all.add(line);
        lines.rows += 1;
        sink.row(values, line)?;
        if lines.rows.is_multiple_of(NOTED) {
            note(Progress { rows: lines.rows, total: None });
        }
    }
    let finish: Finish = lines.said(line)?;
    let proof = sum.finish();
    if finish.end_of != table.name || finish.proof != proof {
        return Err(lines.torn(&format!("the rows of {} do not come to their checksum", table.name)));
    }
    sink.end()?;
    Ok((table.name, proof))
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "integer",
        Kind::Bytes => "bytes",
    }
}

fn kind(word: &str) -> Option<Kind> {
    [Kind::Text, Kind::Int, Kind::Bytes].into_iter().find(|kind| self::word(*kind) == word)
}

fn taken(path: &Path) -> StoreError {
    refused(path, "is there already; name a file that is not")
}

fn refused(path: &Path, what: &str) -> StoreError {
    StoreError::Unfit(format!("{} {what}.", path.display()))
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Failed(format!("{}: {error}", path.display()))
}
