//! Files that nobody but their owner may read, whatever the umask: the database with what SQLite keeps beside it,
//! and the secret. Mails in a folder are such files, too.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Read and written by the owner alone.
const FILE: u32 = 0o600;
/// The same of a folder, which is entered, too.
const FOLDER: u32 = 0o700;
/// What anybody else may.
const OTHERS: u32 = 0o077;

/// Makes a file anew, to write it.
pub fn create(path: &Path) -> io::Result<File> {
    restricted(OpenOptions::new().create(true).truncate(true), path)
}

/// Takes from others what they may do with a file; one that is not there yet is made. A file of another owner
/// stays as it is, and the log says so.
pub fn keep(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        // What somebody else has made meanwhile is not emptied.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            restricted(OpenOptions::new().create(true).truncate(false), path).map(drop)
        }
        _ => keep_if_there(path),
    }
}

/// The same for what may be there or not.
pub fn keep_if_there(path: &Path) -> io::Result<()> {
    let outcome = match fs::metadata(path) {
        Ok(found) if found.is_file() && found.mode() & OTHERS != 0 => {
            fs::set_permissions(path, Permissions::from_mode(found.mode() & FOLDER))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), "others may read this file; only its owner can take that from them");
            Ok(())
        }
        outcome => outcome,
    }
}

fn restricted(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = options.write(true).mode(FILE).open(path)?;
    // A umask may have taken what the owner needs, and an old file has what it had.
    file.set_permissions(Permissions::from_mode(FILE))?;
    Ok(file)
}

/// Makes a folder, and those above it; one that is there already stays as it is, for it may be shared.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
    fs::set_permissions(path, Permissions::from_mode(FOLDER))
}
