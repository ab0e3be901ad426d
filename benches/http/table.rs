//! The printed table.

use crate::load::Outcome;
use crate::processor::Spent;

/// Prints its heading. The processor's time is for a thousand requests.
pub fn heading() {
    println!(
        "\n| path | database | requests/s | p50 ms | p99 ms | errors | server ms/1000 | database ms/1000 | peak MB | limit/s | ratio | goal |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
}

/// What a path took.
#[derive(Clone, Copy)]
pub struct Usage {
    /// Processor time, of so many requests as were answered.
    pub spent: Spent,
    /// The server's memory at most, megabytes.
    pub peak_mb: f64,
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
    let spent = row.usage.spent.for_thousand(outcome.all);
    println!(
        "| {} | {} | {rate:.0} | {:.2} | {:.2} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {ratio:.2} | {:.2} |",
        row.path,
        row.database,
        outcome.p50_ms,
        outcome.p99_ms,
        outcome.errors,
        spent.server_ms,
        spent.database_ms,
        row.usage.peak_mb,
        row.limit,
        row.goal
    );
    ratio
}
