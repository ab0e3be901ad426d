//! A disk of a few megabytes: a file system in memory where one may be mounted; elsewhere a folder that a library,
//! preloaded to the server, makes small. A test that gets neither fails.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::statvfs;
use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};

use super::database::fresh_folder;

const MB: u64 = 1024 * 1024;
/// What all our folders are called.
const NAME: &str = "grapevine-disk-";

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The disk; gone when it is dropped.
pub struct SmallDisk {
    folder: PathBuf,
    megabytes: u64,
    /// The library, where nothing could be mounted.
    preloaded: Option<PathBuf>,
}

impl SmallDisk {
    /// One of so many megabytes.
    pub fn of(megabytes: u64) -> Self {
        let mut disk = Self { folder: new_folder(), megabytes, preloaded: None };
        if mount("tmpfs", &disk.folder, "tmpfs", MountFlags::empty(), &*size(megabytes)).is_err() {
            disk.preloaded = Some(build_library());
        }
        disk
    }

    /// The same where nothing may be mounted.
    pub fn unmounted(megabytes: u64) -> Self {
        Self { folder: new_folder(), megabytes, preloaded: Some(build_library()) }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it is a disk for every process, and not for a server with these settings alone.
    pub fn is_mounted(&self) -> bool {
        self.preloaded.is_none()
    }

    /// What a server must be set to, so that it finds the disk small.
    pub fn settings(&self) -> Vec<(String, String)> {
        let Some(library) = &self.preloaded else { return Vec::new() };
        vec![
            ("LD_PRELOAD".to_owned(), library.display().to_string()),
            ("SMALL_DISK_FOLDER".to_owned(), self.folder.display().to_string()),
            ("SMALL_DISK_BYTES".to_owned(), (self.megabytes * MB).to_string()),
        ]
    }

    /// Fills it until no more than this is free, kilobytes.
    pub fn fill(&self, left_kb: u64) {
        let more = self.free().saturating_sub(left_kb * 1024);
        let mut ballast = File::options().append(true).create(true).open(self.ballast()).expect("a file can be made");
        match self.is_mounted() {
            // What others wrote meanwhile is not there any more.
            true => drop((0..more / 4096).try_for_each(|_| ballast.write_all(&[1; 4096]))),
            false => ballast.set_len(ballast.metadata().map_or(0, |file| file.len()) + more).expect("it can grow"),
        }
    }

    /// Gives back what filled it.
    pub fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("it was filled");
    }

    /// Makes it larger.
    pub fn grow(&mut self, megabytes: u64) {
        assert!(self.is_mounted(), "only a mounted disk grows");
        let size = size(megabytes);
        mount_remount(&self.folder, MountFlags::empty(), &*size).expect("it can be mounted anew");
        self.megabytes = megabytes;
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    fn free(&self) -> u64 {
        if self.is_mounted() {
            let found = statvfs(&self.folder).expect("it is a disk");
            return found.f_bavail * found.f_frsize;
        }
        let entries = fs::read_dir(&self.folder).expect("the folder can be read").flatten();
        let used: u64 =
            entries.filter_map(|entry| entry.metadata().ok()).map(|file| file.len().next_multiple_of(4096)).sum();
        (self.megabytes * MB).saturating_sub(used)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

fn new_folder() -> PathBuf {
    remove_earlier();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("{NAME}{}-{number}", std::process::id()));
    fs::create_dir(&folder).expect("a temporary folder can be made");
    folder
}

fn size(megabytes: u64) -> CString {
    CString::new(format!("size={megabytes}m,mode=777")).expect("no NUL")
}

fn remove(folder: &Path) {
    // Only where it is mounted; a server that was not told to end may still use it.
    let _not_mounted = unmount(folder, UnmountFlags::DETACH);
    if let Err(error) = fs::remove_dir_all(folder) {
        eprintln!("{} stays: {error}", folder.display());
    }
}

/// Removes what processes that are gone have left.
fn remove_earlier() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(NAME).and_then(|rest| rest.split('-').next()).map(str::to_owned);
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            remove(&entry.path());
        }
    }
}

fn build_library() -> PathBuf {
    let library = fresh_folder().join("small_disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/support/small_disk.c");
    let built =
        Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").output();
    let built = built.expect("no disk can be mounted here, and there is no C compiler to make up for it");
    assert!(
        built.status.success(),
        "no disk can be mounted here, and the library for it cannot be built: {}",
        String::from_utf8_lossy(&built.stderr)
    );
    library
}
