//! A shop's past: how long it takes to import, what memory it needs, and how long others wait meanwhile.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::server::Process;

/// Orders, unless `GRAPEVINE_BENCH_IMPORT_LINES` says otherwise.
const LINES: u64 = 200_000;
/// Orders of one customer.
const EACH: u64 = 3;
/// The most memory that the server may take, megabytes.
const MEMORY_MB: f64 = 200.0;
/// How often the server is asked something meanwhile.
const PAUSE: Duration = Duration::from_millis(50);

/// Imports orders into a shop and prints a line about it; answers whether the goal was met.
pub async fn run(name: &str, server: &Process, secret: &str) -> anyhow::Result<bool> {
    let given = std::env::var("GRAPEVINE_BENCH_IMPORT_LINES").ok().and_then(|text| text.parse().ok());
    let lines = given.unwrap_or(LINES);
    let client = reqwest::Client::new();
    let base = format!("http://{}", server.address);
    let begun = Instant::now();
    let sent = client.post(format!("{base}/v1/imports?kind=orders")).bearer_auth(secret).body(file(lines));
    let sent = sent.header("idempotency-key", "the past").header("content-type", "text/csv").send().await?;
    anyhow::ensure!(sent.status() == 202, "{}", sent.text().await?);
    let job: Value = sent.json().await?;
    let uploaded = begun.elapsed();
    let job = format!("{base}/v1/jobs/{}", job["id"].as_str().context("no job")?);
    let (mut longest, mut asked) = (Duration::ZERO, 0_u64);
    let ended = loop {
        tokio::time::sleep(PAUSE).await;
        let order = format!(
            r#"{{"order_id":"now-{asked}","customer_details":{{"email":"now-{asked}@mail.example"}},"amount":4990,"currency":"EUR"}}"#
        );
        let order = client.post(format!("{base}/v1/conversions")).bearer_auth(secret).body(order);
        let order = order.header("idempotency-key", format!("now-{asked}")).header("content-type", "application/json");
        let waiting = Instant::now();
        let answer = order.send().await?;
        anyhow::ensure!(answer.status() == 201, "{}", answer.text().await?);
        longest = longest.max(waiting.elapsed());
        asked += 1;
        let now: Value = client.get(&job).bearer_auth(secret).send().await?.json().await?;
        if now["finished_at"].is_string() {
            break now;
        }
    };
    let all = begun.elapsed();
    anyhow::ensure!(ended["done"] == lines && ended["refused"] == 0, "{ended}");
    let peak_mb = server.usage().peak_mb;
    println!(
        "\n| import | database | lines | sent in s | done in s | lines/s | longest order meanwhile ms | peak MB |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    println!(
        "| orders | {name} | {lines} | {:.1} | {:.0} | {:.0} | {:.0} | {peak_mb:.0} |\n",
        uploaded.as_secs_f64(),
        all.as_secs_f64(),
        lines as f64 / all.as_secs_f64(),
        longest.as_secs_f64() * 1000.0
    );
    Ok(peak_mb < MEMORY_MB)
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
