//! What the figures in the README come from: the release server over real HTTP, on SQLite and on
//! PostgreSQL, each path held against a limit that is measured in the same run on the same machine.
//!
//! `make bench` runs it. Names given as arguments choose among the paths: `links`, `conversions`,
//! `redemptions`, `checks`, `reads`, `holds`, `start`, `imports`, `audits`. `GRAPEVINE_BENCH_SECONDS` is the time of each measurement.

mod asker;
mod audits;
mod bare;
mod imports;
mod limit;
mod load;
mod machine;
mod paths;
mod pgbench;
mod server;
mod table;

use std::time::Duration;

/// Connections of the load generator.
const CONNECTIONS: usize = 64;
/// Time of each measurement, seconds, unless set.
const SECONDS: u64 = 8;

/// One run.
struct Bench {
    seconds: Duration,
    chosen: Vec<String>,
}

impl Bench {
    fn wants(&self, path: &str) -> bool {
        self.chosen.is_empty() || self.chosen.iter().any(|chosen| chosen == path)
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if arguments.first().is_some_and(|first| first == "bare") {
        return bare::serve();
    }
    let seconds = std::env::var("GRAPEVINE_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let bench = Bench { seconds: Duration::from_secs(seconds), chosen: arguments };
    println!("{}", machine::description());
    println!(
        "{CONNECTIONS} connections, {seconds} s a measurement; server, database and load generator on this machine\n"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, paths::run(&bench))
}
