//! What the server counts of its batches, as its metrics tell.

use crate::load::Line;
use crate::requests::request;
use crate::server::{METRICS_TOKEN, Process};

/// Counters of the engine's writers.
#[derive(Clone, Copy)]
pub struct Gauges {
    batches: f64,
    commands: f64,
    rounds: f64,
    statements: f64,
}

impl Gauges {
    /// Reads them.
    pub async fn take(server: &Process) -> anyhow::Result<Self> {
        let mut line = Line::open(server.address).await?;
        let status = line.ask(&request("GET", "/metrics", METRICS_TOKEN, None, "")).await?;
        anyhow::ensure!(status == 200, "the metrics cannot be read: {status}");
        let text = String::from_utf8_lossy(line.body()).into_owned();
        let counter = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok());
            found.unwrap_or(0.0)
        };
        Ok(Self {
            batches: counter("grapevine_batches_total"),
            commands: counter("grapevine_commands_total"),
            rounds: counter("grapevine_rounds_total"),
            statements: counter("grapevine_statements_total"),
        })
    }

    /// What was counted since then, for each batch.
    pub async fn since(before: Self, server: &Process) -> anyhow::Result<Batch> {
        let now = Self::take(server).await?;
        let batches = (now.batches - before.batches).max(1.0);
        Ok(Batch {
            commands: (now.commands - before.commands) / batches,
            rounds: (now.rounds - before.rounds) / batches,
            statements: (now.statements - before.statements) / batches,
        })
    }
}

/// An average batch.
pub struct Batch {
    /// Commands that were done together.
    pub commands: f64,
    /// Rounds of deciding, the last of which asks for nothing more.
    pub rounds: f64,
    /// Statements, from BEGIN to COMMIT.
    pub statements: f64,
}
