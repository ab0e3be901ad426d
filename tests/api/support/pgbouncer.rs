//! A PgBouncer of a test's own before the private cluster; it is killed when this is dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::database::fresh_folder;

/// Where Debian's package puts it, which is not in everybody's PATH.
const PROGRAM: &str = "/usr/sbin/pgbouncer";
/// It does not run as root.
const USER: &str = "postgres";
/// It has begun to listen by then.
const LIMIT: Duration = Duration::from_secs(60);

/// A running pool.
pub struct PgBouncer {
    child: Child,
    address: SocketAddr,
}

impl PgBouncer {
    /// Starts one. `mode` is `session`, `transaction` or `statement`; `more` are lines of its configuration.
    pub fn start(mode: &str, more: &str) -> Self {
        assert!(Path::new(PROGRAM).exists(), "{PROGRAM} is missing: scripts/need pgbouncer, or install it, then again");
        let cluster = std::env::var("GRAPEVINE_TEST_POSTGRES").expect("scripts/with-postgres sets it");
        let cluster = url::Url::parse(&cluster).expect("GRAPEVINE_TEST_POSTGRES is a URL");
        let (folder, address) = (fresh_folder(), free());
        let (file, log) = (folder.join("pgbouncer.ini"), folder.join("log"));
        let text = format!(
            "[databases]\n* = host={} port={} user={} password={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\nmax_client_conn = 500\n\
             default_pool_size = 60\n{more}\n",
            cluster.host_str().expect("a host"),
            cluster.port().expect("a port"),
            cluster.username(),
            cluster.password().unwrap_or_default(),
            address.port(),
        );
        fs::write(&file, text).expect("a configuration can be written");
        let said = fs::File::create(&log).expect("a log can be made");
        let mut command = Command::new(PROGRAM);
        if fs::metadata("/proc/self").expect("the process lives").uid() == 0 {
            command.args(["-u", USER]);
        }
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let mut child = command.spawn().expect("it starts");
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            let ended = child.try_wait().expect("it is ours");
            let log = || fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "it does not listen: {ended:?}\n{}", log());
        }
        Self { child, address }
    }

    /// The URL of a database of the cluster, through the pool.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse(database).expect("a URL");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.query_pairs_mut().append_pair("sslmode", "disable");
        url.to_string()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A port that nobody has now.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free")
}
