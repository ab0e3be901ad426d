//! What comes back, from a folder in which a mail server delivers (Maildir): each file is read once, and moved from `new`
//! to `cur`. One that is read by two processes is noted once.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::background::{Next, Stop, Work};
use crate::decide::mail::bounce;
use crate::decide::mail::note_bounce::NoteBounce;
use crate::engine::{Engine, Failure, Request};
use crate::store::queries::messages::shop_of_message;
use crate::store::{Pool, StoreResult};

/// Files that are listed at one look.
const LOOK: usize = 256;
/// How long one is left alone that cannot be moved.
const STUCK: Duration = Duration::from_secs(60);

/// Reads what comes back.
pub struct Bounces {
    engine: Engine,
    reader: Pool,
    folder: PathBuf,
}

/// What a file came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// It was noted: seen, as mail programs have it.
    Noted,
    /// It is nothing of ours; a person may look at it.
    Foreign,
    /// It cannot be noted now.
    NotNow,
}

impl Bounces {
    pub(super) fn new(engine: Engine, reader: Pool, folder: PathBuf) -> Self {
        Self { engine, reader, folder }
    }

    async fn note(&self, bytes: Vec<u8>) -> Read {
        let Some(report) = bounce::read(&bytes) else { return Read::Foreign };
        let Some(message) = bounce::message(&self.engine.installation().vault, &report) else { return Read::Foreign };
        let shop = match self.reader.run(move |connection| shop_of_message(connection, message)).await {
            Ok(Some(shop)) => shop,
            Ok(None) => return Read::Foreign,
            Err(error) => {
                tracing::warn!(%error, %message, "a bounce is read later");
                return Read::NotNow;
            }
        };
        match self.engine.submit(Request::system(shop, NoteBounce { message, report })).await {
            Ok(_) => Read::Noted,
            Err(Failure::Refused(_)) => Read::Foreign,
            Err(failure) => {
                tracing::debug!(%failure, %message, "a bounce is noted later");
                Read::NotNow
            }
        }
    }
}

impl Work for Bounces {
    /// A file's name in `new`.
    type Item = PathBuf;
    const NAME: &'static str = "bounces";
    const LANES: usize = 2;
    const LEFT: &'static str = "they are read when this starts again";

    async fn due(&self, under_way: &[PathBuf]) -> StoreResult<Vec<PathBuf>> {
        let (folder, busy) = (self.folder.clone(), under_way.to_vec());
        let listed = tokio::task::spawn_blocking(move || arrived(&folder)).await;
        match listed {
            Ok(Ok(names)) => Ok(names.into_iter().filter(|name| !busy.contains(name)).collect()),
            Ok(Err(error)) => {
                tracing::warn!(%error, folder = %self.folder.display(), "what comes back cannot be read");
                Ok(Vec::new())
            }
            Err(_) => Ok(Vec::new()),
        }
    }

    async fn work(&self, name: PathBuf, _: Stop) -> Next {
        let from = self.folder.join("new").join(&name);
        let path = from.clone();
        let Ok(Ok(bytes)) = tokio::task::spawn_blocking(move || read(&path)).await else {
            // Another process was faster, or it cannot be read.
            return if from.exists() { Next::After(STUCK) } else { Next::Now };
        };
        let came_to = self.note(bytes).await;
        tracing::info!(file = %from.display(), ?came_to, "what came back was read");
        let mark = match came_to {
            Read::NotNow => return Next::Later,
            Read::Noted => ":2,S",
            Read::Foreign => ":2,",
        };
        let mut seen = name.into_os_string();
        seen.push(mark);
        match std::fs::rename(&from, self.folder.join("cur").join(seen)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, file = %from.display(), "a bounce that was read cannot be put aside");
                Next::After(STUCK)
            }
            _ => Next::Now,
        }
    }
}

/// Whether the folder is one.
pub(super) fn try_out(folder: &Path) -> Result<String, String> {
    let count = arrived(folder).map_err(|error| format!("{} is no Maildir: {error}", folder.display()))?.len();
    let is_writable = rustix::fs::access(folder.join("cur"), rustix::fs::Access::WRITE_OK).is_ok();
    match is_writable {
        true => Ok(format!("what comes back is read from {}, {count} to read", folder.display())),
        false => Err(format!(
            "{} is not ours to write in: what was read could not be put aside",
            folder.join("cur").display()
        )),
    }
}

/// Names of files that nobody has read.
fn arrived(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("new"))?.take(LOOK) {
        names.push(PathBuf::from(entry?.file_name()));
    }
    names.sort();
    Ok(names)
}

/// A file, as much of it as a report may have.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(u64::try_from(bounce::BYTES).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
