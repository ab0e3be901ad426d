//! What the figures in `docs/figures.md` come from: the release server over real HTTP, on SQLite and on
//! PostgreSQL, each path held against a limit that is measured in the same run on the same machine.
//!
//! `make bench` runs it. Names given as arguments choose among the sections: `start`, `links`, `reads`, `checks`,
//! `orders`, `redemptions`, `holds`, `imports`, `audits`, `batches`, `events`, `offers`, `year`, `against`.
//! `GRAPEVINE_BENCH_SECONDS` is the time of each measurement; `GRAPEVINE_BENCH_AGAINST` names the binary of another
//! release, to be measured side by side.

mod against;
mod asker;
mod audits;
mod bare;
mod batches;
mod costs;
mod database;
mod events;
mod figures;
mod gauges;
mod holds;
mod imports;
mod limit;
mod links;
mod load;
mod machine;
mod offers;
mod order_kinds;
mod orders;
mod past;
mod paths;
mod pgbench;
mod processor;
mod reads;
mod redemptions;
mod requests;
mod server;
mod shop;
mod table;
mod trees;
mod written;
mod year;

use std::cell::RefCell;
use std::time::Duration;

/// Connections of the load generator.
const CONNECTIONS: usize = 64;
/// Time of each measurement, seconds, unless set.
const SECONDS: u64 = 8;

/// One run.
struct Bench {
    seconds: Duration,
    chosen: Vec<String>,
    misses: RefCell<Vec<String>>,
}

impl Bench {
    fn wants(&self, section: &str) -> bool {
        self.chosen.is_empty() || self.chosen.iter().any(|chosen| chosen == section)
    }

    /// Notes a goal that was missed.
    fn miss(&self, what: String) {
        self.misses.borrow_mut().push(what);
    }
}

/// A number of the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if arguments.first().is_some_and(|first| first == "bare") {
        return bare::serve();
    }
    let seconds = setting("GRAPEVINE_BENCH_SECONDS", SECONDS);
    let bench = Bench { seconds: Duration::from_secs(seconds), chosen: arguments, misses: RefCell::default() };
    println!("{}", machine::description());
    println!(
        "{CONNECTIONS} connections, {seconds} s a measurement; server, database and load generator on this machine\n"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, paths::run(&bench))
}
