//! A proxy of a test's own before a server: nginx or Caddy, with the configuration that `deploy/` has for it, but without
//! TLS and at another address. It is killed when this is dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::database::fresh_folder;

/// Where Debian's packages put them, which is not in everybody's PATH.
const NGINX: &str = "/usr/sbin/nginx";
const CADDY: &str = "/usr/bin/caddy";
/// Where the configurations expect the server.
const BEHIND: &str = "127.0.0.1:8080";
/// It has begun to listen by then.
const LIMIT: Duration = Duration::from_secs(60);

/// Which proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

/// A running proxy.
pub struct Front {
    child: Child,
    address: SocketAddr,
}

impl Front {
    /// Starts one with a file of `deploy/` before a server.
    pub fn start(make: Make, file: &str, server: SocketAddr) -> Self {
        let (folder, address) = (fresh_folder(), free());
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file)).expect("a file");
        let text = replaced(&text, BEHIND, &server.to_string());
        let log = folder.join("log");
        let mut command = match make {
            Make::Nginx => nginx(&folder, &text, address),
            Make::Caddy => caddy(&folder, &text, address),
        };
        let said = fs::File::create(&log).expect("a log can be made");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).spawn();
        let mut front = Self { child: child.unwrap_or_else(|error| missing(make, &error)), address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            let ended = front.child.try_wait().expect("it is ours");
            let log = || fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < LIMIT, "it does not listen: {ended:?}\n{}", log());
        }
        front
    }

    /// Where it listens: `http://ADDRESS:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn missing(make: Make, error: &std::io::Error) -> ! {
    panic!("{make:?} does not start ({error}): scripts/need nginx caddy, or install them, then again")
}

/// One process, as the one who starts it.
fn nginx(folder: &Path, server: &str, address: SocketAddr) -> Command {
    let without_tls: Vec<&str> = server.lines().filter(|line| !line.trim().starts_with("ssl_certificate")).collect();
    let server = replaced(&without_tls.join("\n"), "listen 443 ssl http2;", &format!("listen {address};"));
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let places: String =
        places.iter().map(|place| format!("{place}_temp_path {0}/{place};\n", folder.display())).collect();
    let main = format!(
        "daemon off;\nmaster_process off;\npid {0}/pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{places}\n{server}\n}}\n",
        folder.display()
    );
    let file = written(folder, "nginx.conf", &main);
    let mut command = Command::new(NGINX);
    command.env_clear().arg("-p").arg(folder).arg("-c").arg(file).args(["-e", "stderr"]);
    command
}

fn caddy(folder: &Path, site: &str, address: SocketAddr) -> Command {
    let site = replaced(site, "\ngo.shop.example {", &format!("\nhttp://{address} {{"));
    let file = written(folder, "Caddyfile", &format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}"));
    let mut command = Command::new(CADDY);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
    // Where it keeps what it remembers.
    command.env_clear().env("HOME", folder);
    command
}

#[track_caller]
fn replaced(text: &str, what: &str, with: &str) -> String {
    assert_eq!(text.matches(what).count(), 1, "{what} stands there once");
    text.replace(what, with)
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, text).expect("a configuration can be written");
    file
}

impl Drop for Front {
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
