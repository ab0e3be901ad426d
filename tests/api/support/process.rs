//! The real binary: for tests in which a server dies, and for two servers on one database.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, kill_process};
use serde_json::Value;

use super::database::fresh_folder;

pub use rustix::process::Signal;

/// What is logged at all is logged before that.
const LIMIT: Duration = Duration::from_secs(60);

const BINARY: &str = env!("CARGO_BIN_EXE_grapevine");

/// A server in a process of its own; it is killed when this is dropped.
pub struct Process {
    child: Child,
    log: PathBuf,
    base: String,
}

impl Process {
    /// Starts one and waits until it listens. `settings` are variables of the environment.
    pub fn start(database_url: &str, settings: &[(&str, &str)]) -> Self {
        let log = fresh_folder().join("log");
        let file = std::fs::File::create(&log).expect("a log can be made");
        let mut child = command(database_url)
            .args(["serve", "--json"])
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output was asked for");
        BufReader::new(output).read_line(&mut line).expect("its output can be read");
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(base) = said["url"].as_str().map(str::to_owned) else {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("the server did not say where it listens, but {line:?}\n{log}");
        };
        Self { base, child, log }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("its log can be read")
    }

    /// Waits until it logged a word.
    pub fn until_logged(&self, word: &str) {
        let begun = Instant::now();
        while !self.log().contains(word) {
            assert!(begun.elapsed() < LIMIT, "it does not log {word}: {}", self.log());
            std::thread::yield_now();
        }
    }

    /// Where it listens: `http://ADDRESS:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        send(&self.child, signal);
    }

    /// The most memory that it has had so far, megabytes.
    pub fn peak_megabytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak is noted");
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") / 1_000
    }

    /// The descriptors that it holds.
    pub fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).expect("the process lives").count()
    }

    /// Waits until it has ended by itself.
    pub fn wait(mut self) {
        self.child.wait().expect("it is ours");
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub fn kill(mut self) {
        self.end();
    }

    /// Tells it to stop (SIGTERM), and waits until it has.
    pub fn stop(mut self) {
        self.signal(Signal::TERM);
        let ended = self.child.wait().expect("it is ours");
        assert!(ended.success(), "{ended:?}: {}", self.log());
    }

    fn end(&mut self) {
        // Both fail only when it is gone already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends a process of the test a signal.
pub fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the process is there");
}

/// Runs a command of the command line with `--json`; answers what it printed. The command must succeed.
#[track_caller]
pub fn run(database_url: &str, arguments: &[&str]) -> Value {
    let output = command(database_url).args(arguments).arg("--json").output().expect("the binary runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "grapevine {arguments:?} failed: {out}\n{err}");
    serde_json::from_str(&out)
        .unwrap_or_else(|error| panic!("grapevine {arguments:?} printed no JSON ({error}): {out}"))
}

/// The binary, with the settings of tests, in a folder of its own.
pub fn command(database_url: &str) -> Command {
    let mut command = Command::new(BINARY);
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("DATABASE_URL", database_url);
    command.envs(SETTINGS.iter().copied()).current_dir(fresh_folder());
    command
}

/// By which the metrics are read.
pub const METRICS_TOKEN: &str = "a token that only the tests use, for metrics";

/// What servers of tests are set to, beside their database.
pub const SETTINGS: &[(&str, &str)] = &[
    ("GRAPEVINE_LISTEN", "127.0.0.1:0"),
    ("GRAPEVINE_SECRET", "a secret that only the tests use, longer than it must be"),
    ("GRAPEVINE_RATE_LIMIT", "off"),
    ("GRAPEVINE_SIGN_IN_LIMIT", "off"),
    ("GRAPEVINE_METRICS_TOKEN", METRICS_TOKEN),
    // However long the tests of guesses take.
    ("GRAPEVINE_GUESS_LIMIT", "10/3600"),
    ("GRAPEVINE_TICK_MS", "100"),
    // Receivers of webhooks are on this machine.
    ("GRAPEVINE_OUTBOUND_ALLOW", "127.0.0.0/8"),
    // All tests come from one address, hundreds at once.
    ("GRAPEVINE_ADDRESS_CONNECTIONS", "4096"),
];
