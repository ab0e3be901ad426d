//! A PostgreSQL cluster of a test's own, and standbys that follow it; each is ended, and its folder removed, when it is
//! dropped. A test that kills one kills no other test's.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use grapevine::store::connection::Use;
use grapevine::store::{Connection, Statement, Target};

use super::process::{Signal, send};

/// PostgreSQL does not run as root: under the first of these that the machine has.
const USERS: [&str; 2] = ["postgres", "nobody"];
const PASSWORD: &str = "a-password-that-only-the-tests-use";
/// What is set of each: a power cut may lose data here, the death of a process may not.
const SETTINGS: &str = "fsync = off\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 60\n\
                        shared_buffers = 16MB\nwal_keep_size = 64MB\nwal_receiver_status_interval = 1\n";
/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    address: SocketAddr,
    server: Child,
}

impl Cluster {
    /// A new one.
    pub fn start() -> Self {
        let folder = Self::folder();
        let password = folder.join("password");
        fs::write(&password, PASSWORD).and_then(|()| give(&password)).expect("a file can be made");
        let login = [format!("--pwfile={}", password.display()), "--username=grapevine".to_owned()];
        run(program("initdb").arg("-D").arg(folder.join("data")).args(login).args([
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        Self::serve(folder)
    }

    /// A standby that follows this one.
    pub fn standby(&self) -> Self {
        let folder = Self::folder();
        run(program("pg_basebackup").arg("-D").arg(folder.join("data")).args(["-d", &self.url()]).args([
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ]));
        Self::serve(folder)
    }

    fn folder() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("grapevine-cluster-{}", ulid::Ulid::generate()));
        fs::create_dir(&folder).expect("a folder can be made");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("it is ours");
        give(&folder).expect("it is ours");
        folder
    }

    fn serve(folder: PathBuf) -> Self {
        let address = free();
        let (data, log) = (folder.join("data"), folder.join("log"));
        let own = format!("{SETTINGS}port = {}\n", address.port());
        let file = data.join("postgresql.conf");
        let given = fs::read_to_string(&file).expect("there is a configuration");
        // A standby has that of the first as well; what comes last counts.
        fs::write(&file, given + &own).expect("it can be written");
        let said = fs::File::create(&log).expect("a log can be made");
        let mut command = program("postgres");
        let server = command.arg("-D").arg(data).stdout(Stdio::null()).stderr(said).spawn().expect("it starts");
        let mut cluster = Self { folder, address, server };
        let begun = Instant::now();
        while Target::parse(&cluster.url()).expect("a URL").connect(Use::Read).is_err() {
            let ended = cluster.server.try_wait().expect("it is ours");
            let log = || fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "it does not serve: {ended:?}\n{}", log());
        }
        cluster
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://grapevine:{PASSWORD}@{}/postgres", self.address)
    }

    /// The URL of its database and that of the other, whichever takes writes.
    pub fn url_with(&self, other: &Self) -> String {
        format!("postgres://grapevine:{PASSWORD}@{},{}/postgres", self.address, other.address)
    }

    /// Has every commit wait for its standby, by these statements, and waits until one is there.
    pub fn wait_for_standby(&self, statements: &[String]) {
        let mut connection = self.connect(Use::Tool);
        for sql in statements {
            connection.batch(sql).unwrap_or_else(|error| panic!("{error}"));
        }
        let waits = Statement::new("SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')");
        let begun = Instant::now();
        while connection.number(&waits).expect("a count") != Some(1) {
            assert!(begun.elapsed() < LIMIT, "no standby follows");
        }
    }

    /// Waits until a standby follows.
    pub fn is_followed(&self) {
        let (mut connection, begun) = (self.connect(Use::Tool), Instant::now());
        let follow = Statement::new("SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming'");
        while connection.number(&follow).expect("a count") != Some(1) {
            assert!(begun.elapsed() < LIMIT, "no standby follows");
        }
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        self.connect(Use::Read).batch("SELECT pg_promote(false)").unwrap_or_else(|error| panic!("{error}"));
    }

    /// Ends it in the middle of everything, with all who are connected.
    pub fn crash(&mut self) {
        send(&self.server, Signal::QUIT);
        self.server.wait().expect("it is ours");
    }

    fn connect(&self, purpose: Use) -> Connection {
        Target::parse(&self.url()).expect("a URL").connect(purpose).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Ok(None) = self.server.try_wait() {
            self.crash();
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays: {error}", self.folder.display());
        }
    }
}

/// One of PostgreSQL's programs, as its user, where that is another.
fn program(name: &str) -> Command {
    let programs = std::env::var("GRAPEVINE_TEST_POSTGRES_BIN").expect("scripts/with-postgres sets it");
    let mut command = Command::new(Path::new(&programs).join(name));
    command.env_clear().env("LC_ALL", "C.UTF-8").env("PGPASSWORD", PASSWORD).stdin(Stdio::null()).current_dir("/");
    if let Some((user, group)) = user() {
        command.uid(user).gid(group);
    }
    command
}

fn run(command: &mut Command) {
    let output = command.output().expect("PostgreSQL's programs are there");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn give(path: &Path) -> std::io::Result<()> {
    user().map_or(Ok(()), |(user, group)| chown(path, Some(user), Some(group)))
}

/// Whom the clusters belong to, where that is not us.
fn user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("the process lives").uid() != 0 {
        return None;
    }
    let known = fs::read_to_string("/etc/passwd").expect("the users can be read");
    let numbers = |name: &str| {
        let line = known.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    USERS.iter().find_map(|name| numbers(name))
}

/// A port that nobody has now.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free")
}
