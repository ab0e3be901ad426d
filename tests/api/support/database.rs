//! Fresh databases: a file in the build's temporary folder, or a database in the cluster that
//! `scripts/with-postgres` made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use grapevine::store::Target;
use grapevine::store::connection::Use;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database in the private cluster.
    Postgres,
}

/// This run's folder. Folders of runs that are over are removed first: of processes that are gone, and
/// of an earlier one that had our number.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("api");
    let own = all.join(std::process::id().to_string());
    let earlier = fs::read_dir(&all).into_iter().flatten().flatten();
    for run in earlier.filter(|run| run.path() == own || !Path::new("/proc").join(run.file_name()).exists()) {
        fs::remove_dir_all(run.path()).expect("the folder of an earlier run can be removed");
    }
    fs::create_dir_all(&own).expect("a temporary folder can be made");
    own
});

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A new empty folder.
pub fn fresh_folder() -> PathBuf {
    let folder = FOLDER.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    fs::create_dir(&folder).expect("a temporary folder can be made");
    folder
}

/// The URL of a new empty database.
pub fn fresh_database(backend: Backend) -> String {
    match backend {
        Backend::Sqlite => format!("sqlite:{}", fresh_folder().join("grapevine.db").display()),
        Backend::Postgres => fresh_postgres(),
    }
}

fn fresh_postgres() -> String {
    let cluster = std::env::var("GRAPEVINE_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("GRAPEVINE_TEST_POSTGRES is not set: run `make test`, or `scripts/with-postgres cargo test …`")
    });
    let name = format!("test_{}", ulid::Ulid::generate()).to_ascii_lowercase();
    let target = Target::parse(&cluster).expect("GRAPEVINE_TEST_POSTGRES is a URL");
    let mut connection = target.connect(Use::Tool).expect("the cluster of the tests can be reached");
    connection.batch(&format!("CREATE DATABASE {name}")).expect("a database can be made");
    let mut url = url::Url::parse(&cluster).expect("GRAPEVINE_TEST_POSTGRES is a URL");
    url.set_path(&name);
    url.to_string()
}
