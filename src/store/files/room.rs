//! The room on the disk of SQLite's file: how much is free, how much is kept free, and how far the log may grow
//! before it is copied into the file, so that this always fits.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::statvfs;

/// Kept free when nobody says otherwise, bytes.
const KEPT: u64 = 64 * MB;
/// Of a small disk no more than this part is kept free unless somebody says so.
const KEPT_PART: u64 = 8;
/// What is free again must be this part more than what is kept, or writing would begin and end all the time.
const MORE_PART: u64 = 8;
/// The log is copied into the file when it has this part of what is free.
const LOG_PART: u64 = 4;
/// Bytes of a page of the database.
const PAGE: u64 = 4096;
/// Pages of the log after which it is copied into the file: 64 MB at most, and little where little is free.
const LOG_PAGES: std::ops::RangeInclusive<u64> = 64..=16_384;
/// How long a look at the disk counts where much is free.
const FAR: Duration = Duration::from_millis(250);
/// The same where there is not much more than what is kept.
const NEAR: Duration = Duration::from_millis(20);
/// With less than this nobody can open the file as usual, bytes: what SQLite keeps beside it may not fit.
const USED_UP: u64 = MB;
const MB: u64 = 1024 * 1024;

/// How much is to be kept free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeastFree {
    /// 64 MB, or an eighth of a disk of less than 512.
    #[default]
    Auto,
    /// So many bytes; 0: nothing is kept, and writes go on until the disk is full.
    Bytes(u64),
}

/// A disk, when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes that are free.
    pub free: u64,
    /// Bytes that are kept free.
    pub kept: u64,
}

/// The room on one disk.
pub struct Room {
    path: String,
    least: LeastFree,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    seen: Option<(Instant, Space)>,
    lacks: bool,
}

impl LeastFree {
    fn of(self, size: u64) -> u64 {
        match self {
            LeastFree::Auto => KEPT.min(size / KEPT_PART),
            LeastFree::Bytes(bytes) => bytes,
        }
    }
}

impl Space {
    /// Whether there is enough to write; after there was not, a little more than enough.
    fn is_enough(self, lacked: bool) -> bool {
        self.free >= if lacked { self.kept + self.kept / MORE_PART } else { self.kept }
    }

    fn is_near(self) -> bool {
        self.free < self.kept.saturating_mul(4)
    }

    /// Pages of the log after which it is to be copied into the file: a power of two, so that it seldom changes.
    fn log_pages(self) -> u64 {
        let pages = (self.free / LOG_PART / PAGE).clamp(*LOG_PAGES.start(), *LOG_PAGES.end());
        1 << pages.ilog2()
    }
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} KB free on its disk, {} KB are kept free", self.free / 1024, self.kept / 1024)
    }
}

impl Room {
    pub(in crate::store) fn new(path: String, least: LeastFree) -> Self {
        Self { path, least, state: Mutex::default() }
    }

    /// What is free now, and what is kept; `None`: the disk does not tell.
    pub fn space(&self) -> Option<Space> {
        let path = Path::new(&self.path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let found = statvfs(path).or_else(|_| statvfs(folder)).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
        Some(Space { free: bytes(found.f_bavail), kept: self.least.of(bytes(found.f_blocks)) })
    }

    /// What was free a moment ago.
    fn recent(&self) -> Option<Space> {
        let seen = self.state.lock().unwrap_or_else(PoisonError::into_inner).seen;
        if let Some((at, space)) = seen
            && at.elapsed() < if space.is_near() { NEAR } else { FAR }
        {
            return Some(space);
        }
        let space = self.space()?;
        self.state.lock().unwrap_or_else(PoisonError::into_inner).seen = Some((Instant::now(), space));
        Some(space)
    }

    /// The space when there is not enough of it to write: as it was a moment ago, or as it is `now`, which then is
    /// said in the log when it has changed.
    pub(in crate::store) fn lacking(&self, now: bool) -> Option<Space> {
        let space = if now { self.space() } else { self.recent() }?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let lacks = !space.is_enough(state.lacks);
        if now {
            state.seen = Some((Instant::now(), space));
        }
        if now || !lacks {
            self.note(&mut state, lacks, space);
        }
        lacks.then_some(space)
    }

    fn note(&self, state: &mut State, lacks: bool, space: Space) {
        if state.lacks != lacks {
            let (path, free_mb, kept_mb) = (&self.path, space.free / MB, space.kept / MB);
            match lacks {
                true => tracing::error!(
                    path,
                    free_mb,
                    kept_mb,
                    "the disk is nearly full: nothing is written until there is room"
                ),
                false => tracing::info!(path, free_mb, kept_mb, "the disk has room again"),
            }
            state.lacks = lacks;
        }
    }

    /// Whether writes were refused for want of room when one was last tried.
    pub fn lacks(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).lacks
    }

    /// Pages of the log after which it is to be copied into the file.
    pub(in crate::store) fn log_pages(&self) -> u64 {
        self.recent().map_or(*LOG_PAGES.end(), Space::log_pages)
    }

    /// Whether so little is free that not even an open file's index fits.
    pub fn is_used_up(&self) -> bool {
        self.space().is_some_and(|space| space.free < USED_UP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_keeps_a_part_of_itself_unless_somebody_says_how_much() {
        let table = [
            (LeastFree::Auto, 1024 * MB, 64 * MB),
            (LeastFree::Auto, 40 * MB, 5 * MB),
            (LeastFree::Bytes(2 * MB), 8 * MB, 2 * MB),
            (LeastFree::Bytes(0), 8 * MB, 0),
        ];
        for (least, size, kept) in table {
            assert_eq!(least.of(size), kept, "{least:?} {size}");
        }
    }

    #[test]
    fn the_log_is_copied_while_what_it_holds_fits() {
        for free in [0, 1, 5, 40, 100, 1_000, 100_000] {
            let pages = Space { free: free * MB, kept: 0 }.log_pages();
            assert!(LOG_PAGES.contains(&pages));
            assert!(free == 0 || pages * PAGE <= free * MB / LOG_PART, "{free} MB: {pages}");
        }
    }

    #[test]
    fn there_must_be_a_little_more_before_writing_goes_on() {
        let enough = |free: u64, lacked: bool| Space { free, kept: 800 }.is_enough(lacked);
        assert_eq!(
            [enough(800, false), enough(799, false), enough(800, true), enough(900, true)],
            [true, false, false, true]
        );
        assert!(Space { free: 0, kept: 0 }.is_enough(true), "nothing is kept");
    }
}
