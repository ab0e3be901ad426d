//! A shop's past: how long it takes to import, what memory it needs, and how long others wait meanwhile.

use std::fmt::Write as _;
use std::pin::pin;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::asker::{Asker, Waits, rows};
use crate::setting;

/// Orders, unless `GRAPEVINE_BENCH_IMPORT_LINES` says otherwise.
const LINES: u64 = 200_000;
/// Orders of one customer.
const EACH: u64 = 3;
/// The most memory that the server may take, megabytes.
const MEMORY_MB: f64 = 200.0;
/// How often it is asked how far the import is.
const LOOK: Duration = Duration::from_secs(1);

/// Imports orders and prints what it took, and what others waited who asked one thing after the other;
/// answers whether the goal was met.
pub async fn import(asker: &Asker<'_>, name: &str, alone: Duration) -> anyhow::Result<bool> {
    let lines = setting("GRAPEVINE_BENCH_IMPORT_LINES", LINES);
    let (before, mut meanwhile) = (asker.ask_for(alone, "before").await?, Waits::default());
    let file = file(lines);
    let begun = Instant::now();
    let mut sending = pin!(send(asker, file));
    let job = loop {
        tokio::select! {
            job = &mut sending => break job?,
            asked = asker.ask(&mut meanwhile, "meanwhile") => asked?,
        }
    };
    let sent = begun.elapsed();
    let mut looked = Instant::now();
    let ended = loop {
        asker.ask(&mut meanwhile, "meanwhile").await?;
        if looked.elapsed() < LOOK {
            continue;
        }
        looked = Instant::now();
        let now: Value = asker.get(&format!("/v1/jobs/{job}")).await?.json().await?;
        if now["finished_at"].is_string() {
            break now;
        }
    };
    let all = begun.elapsed();
    anyhow::ensure!(ended["done"] == lines && ended["refused"] == 0, "{ended}");
    let peak_mb = asker.server.memory_mb("VmHWM:");
    println!("\n| import | database | lines | sent in s | done in s | lines/s | peak MB | at most |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    let (sent, all) = (sent.as_secs_f64(), all.as_secs_f64());
    let rate = lines as f64 / all;
    println!("| orders | {name} | {lines} | {sent:.1} | {all:.0} | {rate:.0} | {peak_mb:.0} | {MEMORY_MB:.0} |\n");
    rows(name, before, meanwhile);
    Ok(peak_mb < MEMORY_MB)
}

async fn send(asker: &Asker<'_>, file: String) -> anyhow::Result<String> {
    let post = asker.client.post(asker.url("/v1/imports?kind=orders")).bearer_auth(asker.secret);
    let post = post.header("idempotency-key", "the past").header("content-type", "text/csv");
    let sent = post.body(file).send().await?;
    anyhow::ensure!(sent.status() == 202, "{}", sent.text().await?);
    let job: Value = sent.json().await?;
    Ok(job["id"].as_str().context("no job")?.to_owned())
}

/// Orders of customers and of guests, in turn.
fn file(lines: u64) -> String {
    let mut file = "order_id,occurred_at,amount,customer,email\n".to_owned();
    for line in 0..lines {
        let who = line / EACH;
        let named = if who.is_multiple_of(2) { format!("past-{who},") } else { format!(",past-{who}@mail.example") };
        writeln!(file, "past-{line},2016-05-04T10:00:00Z,{},{named}", 1_000 + line % 9_000)
            .expect("memory can be written");
    }
    file
}
