//! The printed table.

use crate::load::Outcome;
use crate::server::Usage;

/// Prints its heading.
pub fn heading() {
    println!(
        "| path | database | requests/s | p50 ms | p99 ms | errors | CPU ms/1000 | peak MB | limit/s | ratio | goal |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
}

/// One line of it.
pub struct Row<'a> {
    /// What was measured.
    pub path: &'a str,
    /// On which database.
    pub database: &'a str,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// What it took.
    pub usage: Usage,
    /// The limit, requests a second.
    pub limit: f64,
    /// The least ratio that is aimed at.
    pub goal: f64,
}

/// Prints a line; answers the ratio.
pub fn row(row: &Row<'_>) -> f64 {
    let outcome = row.outcome;
    let rate = outcome.rate();
    let ratio = rate / row.limit;
    let cpu_ms = row.usage.cpu_ms / (outcome.requests.max(1) as f64 / 1000.0);
    println!(
        "| {} | {} | {rate:.0} | {:.2} | {:.2} | {} | {cpu_ms:.0} | {:.0} | {:.0} | {ratio:.2} | {:.2} |",
        row.path, row.database, outcome.p50_ms, outcome.p99_ms, outcome.errors, row.usage.peak_mb, row.limit, row.goal
    );
    ratio
}
