//! SQLite's file as a name on a disk: whether what stands there is still what was opened, with its log beside
//! it, and whether its disk has room. Looks at names and disks, never into the file; `connection` opens it.
//!
//! A process serves the file that it opened first, and no other: what a name leads to may change, and nobody
//! must read half of one file and write half of another.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::private;
use super::room::{LeastFree, Room, Space};
use crate::store::{StoreError, StoreResult};

/// What SQLite keeps beside a file as long as somebody has it open.
const LOGS: [&str; 2] = ["-wal", "-shm"];
/// What a path may have in a URI as it is.
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');
/// Times that a file is opened anew because another one came into its place meanwhile.
const TRIES: u32 = 3;

/// How long a look counts for those who only read.
const LATELY: Duration = Duration::from_millis(5);

/// What keeps the file from being used; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Nothing stands at its name.
    #[error(
        "The file {0} is gone, or its folder has another name. Put it back with what lay beside it: the server goes \
         on by itself. To begin with another file, restart the server."
    )]
    Gone(String),
    /// Something else stands at its name.
    #[error(
        "Another file stands in the place of {0}. Put the one back that stood there: the server goes on by itself. \
         To serve the other one, restart the server."
    )]
    Replaced(String),
    /// What lay beside it does no more.
    #[error(
        "What SQLite keeps beside {file} while the server runs, {file}-wal or {file}-shm, was deleted or replaced. {}",
        if *.is_saved { "What was answered is in the file all the same: restart the server." }
        else { "What was answered is being copied into the file: wait until it is there, before you restart the server." }
    )]
    LogGone {
        /// The file's name.
        file: String,
        /// Whether all that was answered is in the file.
        is_saved: bool,
    },
    /// Its disk is nearly full.
    #[error(
        "The disk of {file} has {free_kb} KB free, and {kept_kb} KB are kept free (GRAPEVINE_MIN_FREE_MB). Make \
         room: the server goes on by itself; until then it only reads."
    )]
    NoRoom {
        /// The file's name.
        file: String,
        /// What is free, kilobytes.
        free_kb: u64,
        /// What must be, kilobytes.
        kept_kb: u64,
    },
}

/// By what a file is told from every other: an inode's number may be given again, not to one born then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    born: Option<SystemTime>,
}

/// The file that `DATABASE_URL` names, for all who use it in this process.
#[derive(Clone)]
pub struct DatabaseFile(Arc<Parts>);

struct Parts {
    path: String,
    room: Room,
    first: OnceLock<Identity>,
    open: Mutex<Weak<Opened>>,
    known: Mutex<Known>,
    /// Whether the log was emptied when it was found gone.
    is_saved: AtomicBool,
}

/// What was found when it was last looked at.
#[derive(Default)]
struct Known {
    at: Option<Instant>,
    obstacle: Option<Obstacle>,
}

/// What a connection has open.
pub struct Opened {
    file: DatabaseFile,
    logs: [(PathBuf, Option<Identity>); 2],
    /// Whether nobody can have it open for writing, and it is read as it lies there.
    frozen: bool,
}

impl DatabaseFile {
    /// The file at a path, on a disk that keeps some room free.
    pub fn at(path: impl Into<String>, least: LeastFree) -> Self {
        let path = path.into();
        let room = Room::new(path.clone(), least);
        Self(Arc::new(Parts {
            path,
            room,
            first: OnceLock::new(),
            open: Mutex::default(),
            known: Mutex::default(),
            is_saved: AtomicBool::default(),
        }))
    }

    /// Its path, as it was given.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The room on its disk.
    pub fn room(&self) -> &Room {
        &self.0.room
    }

    /// Whether something stands at its name.
    pub fn is_there(&self) -> bool {
        identity(Path::new(self.path())).is_some()
    }

    /// Whether it is still to be made, and where to is there.
    pub fn can_be_made(&self) -> bool {
        !self.is_there() && self.folder().is_dir()
    }

    fn folder(&self) -> &Path {
        let folder = Path::new(self.path()).parent();
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Whether what stands at its name is what this process opened, and so is what lies beside it. Says so in the log
    /// when that changes.
    pub fn check(&self) -> Result<(), Obstacle> {
        let found = self.look();
        let mut known = self.known();
        if known.obstacle.as_ref() != found.as_ref().err() {
            match &found {
                Err(obstacle) => tracing::error!(path = self.path(), "{obstacle}"),
                Ok(()) => tracing::info!(path = self.path(), "the database's file is in its place again"),
            }
        }
        *known = Known { at: Some(Instant::now()), obstacle: found.clone().err() };
        found
    }

    /// The same, unless all was well a moment ago: for what is asked very often and changes nothing.
    pub fn check_lately(&self) -> Result<(), Obstacle> {
        let known = self.known();
        let is_known = known.obstacle.is_none() && known.at.is_some_and(|at| at.elapsed() < LATELY);
        drop(known);
        if is_known { Ok(()) } else { self.check() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) -> Result<(), Obstacle> {
        let Some(first) = self.0.first.get() else { return Ok(()) };
        match identity(Path::new(self.path())) {
            Some(found) if found == *first => {}
            Some(_) => return Err(Obstacle::Replaced(self.name())),
            None => return Err(Obstacle::Gone(self.name())),
        }
        match self.opened() {
            Some(open) if !open.lies_there() && open.is_held() => Err(self.log_gone()),
            _ => Ok(()),
        }
    }

    fn log_gone(&self) -> Obstacle {
        Obstacle::LogGone { file: self.name(), is_saved: self.0.is_saved.load(Ordering::Acquire) }
    }

    /// Notes that all that was answered is in the file, and that its log is empty.
    pub(in crate::store) fn note_saved(&self) {
        self.0.is_saved.store(true, Ordering::Release);
    }

    /// What keeps it from being written when its disk has so little free.
    pub(in crate::store) fn without_room(&self, space: Space) -> Obstacle {
        Obstacle::NoRoom { file: self.name(), free_kb: space.free / 1024, kept_kb: space.kept / 1024 }
    }

    /// What keeps it from being served or, as far as writers have met it, from being written.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let met = || self.0.room.lacks().then(|| self.0.room.space()).flatten();
        self.check().err().or_else(|| met().map(|space| self.without_room(space)))
    }

    /// What keeps it from being written when its disk is nearly full now, whether a writer has met it or not.
    pub fn lack_of_room(&self) -> Option<Obstacle> {
        let space = self.0.room.space()?;
        (space.free < space.kept).then(|| self.without_room(space))
    }

    /// How it is called, without its folder.
    pub fn name(&self) -> String {
        let name = Path::new(self.path()).file_name();
        name.map_or_else(|| self.path().to_owned(), |name| name.to_string_lossy().into_owned())
    }

    fn opened(&self) -> Option<Arc<Opened>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    /// Makes it where there is none yet, for its owner alone. Its log without the file is somebody's data.
    pub(in crate::store) fn make(&self) -> StoreResult<()> {
        let path = Path::new(self.path());
        if self.0.first.get().is_some() || fs::metadata(path).is_ok_and(|found| found.is_dir() || found.len() > 0) {
            return Ok(());
        }
        let log = format!("{}-wal", self.path());
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return Err(self.failed(&format!(
                "the file is not there, and its log {log} is, which holds what was written last; put the file back, \
                 or remove the log"
            )));
        }
        private::keep(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => self.missing(),
            _ => self.failed(&error.to_string()),
        })
    }

    /// Opens it by what is given its URI, and begins to use it. Fails when it is not the one that this process opened
    /// first: that is known before SQLite looks at the log beside it, which would be another file's.
    pub(in crate::store) fn open<T>(
        &self,
        connect: impl Fn(&str) -> StoreResult<T>,
        begin: impl Fn(&mut T) -> StoreResult<()>,
    ) -> StoreResult<(T, Arc<Opened>)> {
        self.check()?;
        for _ in 0..TRIES {
            let before = self.present()?;
            if self.0.first.get().is_some_and(|first| *first != before) {
                break;
            }
            self.keep_private()?;
            let mut connection = connect(&self.uri("mode=rw"))?;
            if identity(Path::new(self.path())) != Some(before) {
                continue;
            }
            begin(&mut connection)?;
            if identity(Path::new(self.path())) == Some(before) {
                let opened = self.note_opened(before)?;
                return Ok((connection, opened));
            }
        }
        Err(Obstacle::Replaced(self.name()).into())
    }

    /// Opens it as it lies there, where nobody can have it open for writing: its disk has not even the room for what
    /// SQLite keeps beside an open file. `None`: not so.
    pub(in crate::store) fn open_frozen<T>(
        &self,
        connect: impl Fn(&str) -> StoreResult<T>,
    ) -> StoreResult<Option<(T, Arc<Opened>)>> {
        let opened = Opened { file: self.clone(), logs: self.logs(), frozen: true };
        if !self.0.room.is_used_up() || !opened.is_left_alone() {
            return Ok(None);
        }
        self.check()?;
        let found = self.present()?;
        let connection = connect(&self.uri("mode=ro&immutable=1"))?;
        if *self.0.first.get_or_init(|| found) != found {
            return Err(Obstacle::Replaced(self.name()).into());
        }
        Ok(Some((connection, Arc::new(opened))))
    }

    /// Which file it is that will be opened.
    fn present(&self) -> StoreResult<Identity> {
        let path = Path::new(self.path());
        if path.is_dir() {
            return Err(self.failed("this is a folder; name a file, for example sqlite:FOLDER/grapevine.db"));
        }
        identity(path).ok_or_else(|| self.missing())
    }

    fn missing(&self) -> StoreError {
        match self.folder() {
            folder if folder.is_dir() => {
                self.failed("there is no such file; `grapevine migrate` or `grapevine serve` makes it")
            }
            folder => self.failed(&format!("there is no folder {}; make it, or name another", folder.display())),
        }
    }

    fn failed(&self, what: &str) -> StoreError {
        StoreError::Failed(format!("{}: {what}", self.path()))
    }

    /// SQLite makes what it keeps beside a file as open as that; what was there before is closed, too.
    fn keep_private(&self) -> StoreResult<()> {
        let beside = ["", "-wal", "-shm", "-journal"].map(|end| format!("{}{end}", self.real().display()));
        let kept = beside.iter().try_for_each(|path| private::keep_if_there(Path::new(path)));
        kept.map_err(|error| self.failed(&error.to_string()))
    }

    /// Where links lead: SQLite keeps its log beside the file itself.
    fn real(&self) -> PathBuf {
        fs::canonicalize(self.path()).unwrap_or_else(|_| PathBuf::from(self.path()))
    }

    fn logs(&self) -> [(PathBuf, Option<Identity>); 2] {
        let real = self.real();
        LOGS.map(|end| {
            let path = PathBuf::from(format!("{}{end}", real.display()));
            let found = identity(&path);
            (path, found)
        })
    }

    fn note_opened(&self, found: Identity) -> StoreResult<Arc<Opened>> {
        if *self.0.first.get_or_init(|| found) != found {
            return Err(Obstacle::Replaced(self.name()).into());
        }
        let logs = self.logs();
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.upgrade() {
            Some(known) if known.logs == logs => return Ok(known),
            Some(known) if known.is_held() => return Err(self.log_gone().into()),
            _ => {}
        }
        let opened = Arc::new(Opened { file: self.clone(), logs, frozen: false });
        self.0.is_saved.store(false, Ordering::Release);
        *open = Arc::downgrade(&opened);
        Ok(opened)
    }

    fn uri(&self, parameters: &str) -> String {
        // An absolute path begins behind an authority that is empty.
        let start = if self.path().starts_with('/') { "file://" } else { "file:" };
        format!("{start}{}?{parameters}", utf8_percent_encode(self.path(), IN_PATHS))
    }
}

impl Opened {
    /// Whether what is open may be read still.
    pub fn check_lately(&self) -> StoreResult<()> {
        self.file.check_lately()?;
        if self.frozen && !self.is_left_alone() {
            return Err(self.file.failed("somebody writes again; it is opened anew"));
        }
        Ok(())
    }

    /// The file.
    pub fn file(&self) -> &DatabaseFile {
        &self.file
    }

    /// Bytes of the log, written or to be written over.
    pub fn log_bytes(&self) -> u64 {
        fs::metadata(&self.logs[0].0).map_or(0, |log| log.len())
    }

    /// Whether its log lies where it was.
    fn lies_there(&self) -> bool {
        self.logs.iter().all(|(path, log)| identity(path) == *log)
    }

    /// Whether somebody has it open still, beside the one who asks: when the last one has closed it, SQLite has taken
    /// its log away.
    fn is_held(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1
    }

    /// Whether nobody has it open for writing: that takes a log, and an index of it of a page at least.
    fn is_left_alone(&self) -> bool {
        let bytes = |place: usize| fs::metadata(&self.logs[place].0).map_or(0, |log| log.len());
        bytes(0) == 0 && bytes(1) < 4096
    }
}

fn identity(path: &Path) -> Option<Identity> {
    let found = fs::metadata(path).ok()?;
    Some(Identity { device: found.dev(), inode: found.ino(), born: found.created().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_itself_in_a_uri() {
        let table = [
            ("/var/lib/grapevine.db", "file:///var/lib/grapevine.db?mode=rw"),
            ("grapevine.db", "file:grapevine.db?mode=rw"),
            ("./a b/x.db", "file:./a%20b/x.db?mode=rw"),
            ("/x?mode=memory#y%41", "file:///x%3Fmode%3Dmemory%23y%2541?mode=rw"),
            ("//host/x", "file:////host/x?mode=rw"),
            ("ü", "file:%C3%BC?mode=rw"),
        ];
        for (path, uri) in table {
            assert_eq!(DatabaseFile::at(path, LeastFree::default()).uri("mode=rw"), uri);
        }
    }
}
