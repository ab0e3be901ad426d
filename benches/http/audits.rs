//! The proof of the books: how long it takes for so many entries, and how long others wait meanwhile.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::asker::{Asker, Waits, rows};
use crate::setting;

/// Entries, unless `GRAPEVINE_BENCH_ENTRIES` says otherwise.
const ENTRIES: u64 = 1_000_000;
/// The longest that the proof of a million may take, seconds.
const MOST: f64 = 60.0;

/// How many entries there are to be.
pub fn entries() -> u64 {
    setting("GRAPEVINE_BENCH_ENTRIES", ENTRIES)
}

/// Has the books proven and prints what it took, and what others waited who asked one thing after the other;
/// answers whether the goal was met.
pub async fn audit(asker: &Asker<'_>, name: &str, alone: Duration) -> anyhow::Result<bool> {
    let (before, mut meanwhile) = (asker.ask_for(alone, "before-audit").await?, Waits::default());
    let begun = Instant::now();
    let report: Value = loop {
        let answer = asker.get("/v1/ledger/audit").await?;
        match answer.status().as_u16() {
            200 => break answer.json().await?,
            202 => {}
            _ => anyhow::bail!("{}", answer.text().await?),
        }
        let looked = Instant::now();
        while looked.elapsed() < Duration::from_secs(1) {
            asker.ask(&mut meanwhile, "audit").await?;
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    anyhow::ensure!(report["ok"] == true, "{report}");
    let entries = report["checked"]["entries"].as_u64().unwrap_or(0);
    let most = MOST * entries as f64 / ENTRIES as f64;
    println!("\n| proof of the books | database | entries | s | at most |");
    println!("|---|---|--:|--:|--:|");
    println!("| a shop | {name} | {entries} | {seconds:.1} | {most:.0} |\n");
    rows(name, before, meanwhile);
    Ok(seconds < most)
}
