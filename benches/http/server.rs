//! Processes that are measured: the release server, and the bare one.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

/// The release of this run.
pub const BINARY: &str = env!("CARGO_BIN_EXE_grapevine");
/// Who may read the metrics of a measured server.
pub const METRICS_TOKEN: &str = "a bearer that only measurements use, long enough";

/// A process that serves; it is killed when this is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start until it said where it listens.
    pub started_in: Duration,
}

impl Process {
    /// Starts the server of a release.
    pub fn grapevine(binary: &Path, database_url: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut command = grapevine(binary, database_url, folder);
        // Mails are queued with what they tell of; sending them is not what is measured.
        command.args(["serve", "--no-delivery", "--json"]);
        Self::start(command)
    }

    /// Starts the bare one.
    pub fn bare(body: &str, location: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare").env("BARE_BODY", body).env("BARE_LOCATION", location);
        Self::start(command)
    }

    fn start(mut command: Command) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = said["url"].as_str().and_then(|url| url.strip_prefix("http://")?.parse().ok());
        let address = address.with_context(|| format!("the server did not say where it listens, but {line:?}"))?;
        Ok(Self { child, address, started_in: begun.elapsed() })
    }

    /// Its number among the machine's processes.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A line of its memory, megabytes: `VmHWM:` is the peak, `VmRSS:` the present.
    pub fn memory_mb(&self, line: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kib =
            status.lines().find_map(|text| text.strip_prefix(line)?.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn grapevine(binary: &Path, database_url: &str, folder: &Path) -> Command {
    let mut command = Command::new(binary);
    command.env("DATABASE_URL", database_url).env("GRAPEVINE_LISTEN", "127.0.0.1:0");
    command.env("GRAPEVINE_RATE_LIMIT", "off").env("GRAPEVINE_GUESS_LIMIT", "off");
    command.env("GRAPEVINE_SECRET", "a secret that only measurements use, long enough").env("GRAPEVINE_LOG", "warn");
    command.env("GRAPEVINE_METRICS_TOKEN", METRICS_TOKEN);
    command.env("MAIL_URL", "file:mailbox").current_dir(folder);
    command
}

/// Runs a command of the command line; answers the JSON that it printed.
pub fn run(binary: &Path, database_url: &str, folder: &Path, arguments: &[&str]) -> anyhow::Result<Value> {
    let output = grapevine(binary, database_url, folder).args(arguments).arg("--json").output()?;
    anyhow::ensure!(output.status.success(), "grapevine {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The size of the binary, megabytes.
pub fn binary_mb() -> f64 {
    fs::metadata(BINARY).map_or(0.0, |file| file.len() as f64 / 1024.0 / 1024.0)
}
