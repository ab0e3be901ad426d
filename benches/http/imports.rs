//! A shop's past: how long it takes to import, what memory it needs, and how long others wait meanwhile.

use std::fmt::Write as _;
use std::pin::pin;
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
/// How often the server is asked something, with the import and without.
const PAUSE: Duration = Duration::from_millis(20);
/// How often it is asked how far the import is.
const LOOK: Duration = Duration::from_secs(1);

/// A shop on a running server, as one asks it.
pub struct Asker<'s> {
    server: &'s Process,
    secret: &'s str,
    client: reqwest::Client,
}

/// How long answers took.
#[derive(Default)]
struct Waits {
    orders: Vec<Duration>,
    reads: Vec<Duration>,
}

impl<'s> Asker<'s> {
    /// Asks as the bearer of a key.
    pub fn new(server: &'s Process, secret: &'s str) -> Self {
        Self { server, secret, client: reqwest::Client::new() }
    }

    /// Imports orders and prints what it took, and what others waited who asked one thing after the other;
    /// answers whether the goal was met.
    pub async fn import(&self, name: &str, alone: Duration) -> anyhow::Result<bool> {
        let given = std::env::var("GRAPEVINE_BENCH_IMPORT_LINES").ok().and_then(|text| text.parse().ok());
        let lines = given.unwrap_or(LINES);
        let (mut before, mut meanwhile) = (Waits::default(), Waits::default());
        let begun = Instant::now();
        while begun.elapsed() < alone {
            self.ask(&mut before, "before").await?;
        }
        let file = file(lines);
        let begun = Instant::now();
        let mut sending = pin!(self.send(file));
        let job = loop {
            tokio::select! {
                job = &mut sending => break job?,
                asked = self.ask(&mut meanwhile, "meanwhile") => asked?,
            }
        };
        let sent = begun.elapsed();
        let mut looked = Instant::now();
        let ended = loop {
            self.ask(&mut meanwhile, "meanwhile").await?;
            if looked.elapsed() < LOOK {
                continue;
            }
            looked = Instant::now();
            let now: Value = self.get(&format!("/v1/jobs/{job}")).await?.json().await?;
            if now["finished_at"].is_string() {
                break now;
            }
        };
        let all = begun.elapsed();
        anyhow::ensure!(ended["done"] == lines && ended["refused"] == 0, "{ended}");
        let peak_mb = self.server.usage().peak_mb;
        println!("\n| import | database | lines | sent in s | done in s | lines/s | peak MB | at most |");
        println!("|---|---|--:|--:|--:|--:|--:|--:|");
        let (sent, all) = (sent.as_secs_f64(), all.as_secs_f64());
        let rate = lines as f64 / all;
        println!("| orders | {name} | {lines} | {sent:.1} | {all:.0} | {rate:.0} | {peak_mb:.0} | {MEMORY_MB:.0} |\n");
        println!("| asked meanwhile | database | p50 ms alone | p50 ms | ratio | p99 ms alone | p99 ms | ratio |");
        println!("|---|---|--:|--:|--:|--:|--:|--:|");
        row("report an order", name, before.orders, meanwhile.orders);
        row("read a customer", name, before.reads, meanwhile.reads);
        Ok(peak_mb < MEMORY_MB)
    }

    async fn send(&self, file: String) -> anyhow::Result<String> {
        let post = self.client.post(self.url("/v1/imports?kind=orders")).bearer_auth(self.secret);
        let post = post.header("idempotency-key", "the past").header("content-type", "text/csv");
        let sent = post.body(file).send().await?;
        anyhow::ensure!(sent.status() == 202, "{}", sent.text().await?);
        let job: Value = sent.json().await?;
        Ok(job["id"].as_str().context("no job")?.to_owned())
    }

    /// Reports an order of somebody new and reads a customer, then rests.
    async fn ask(&self, waits: &mut Waits, when: &str) -> anyhow::Result<()> {
        let name = format!("{when}-{}", waits.orders.len());
        let order = format!(
            r#"{{"order_id":"{name}","customer_details":{{"email":"{name}@mail.example"}},"amount":4990,"currency":"EUR"}}"#
        );
        let post = self.client.post(self.url("/v1/conversions")).bearer_auth(self.secret).body(order);
        let post = post.header("idempotency-key", &name).header("content-type", "application/json");
        let waiting = Instant::now();
        let answer = post.send().await?;
        anyhow::ensure!(answer.status() == 201, "{}", answer.text().await?);
        waits.orders.push(waiting.elapsed());
        let waiting = Instant::now();
        let answer = self.get("/v1/customers/adv-1").await?;
        anyhow::ensure!(answer.status() == 200, "{}", answer.text().await?);
        waits.reads.push(waiting.elapsed());
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }

    async fn get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        self.client.get(self.url(path)).bearer_auth(self.secret).send().await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }
}

fn row(what: &str, name: &str, mut before: Vec<Duration>, mut meanwhile: Vec<Duration>) {
    let mut cells = String::new();
    for percent in [50, 99] {
        let (alone, with) = (at(&mut before, percent), at(&mut meanwhile, percent));
        write!(cells, " {alone:.2} | {with:.2} | {:.1} |", with / alone).expect("memory can be written");
    }
    println!("| {what} | {name} |{cells}");
}

/// Below which so many percent lie, milliseconds.
fn at(waits: &mut [Duration], percent: usize) -> f64 {
    waits.sort_unstable();
    let place = waits.len() * percent / 100;
    waits.get(place.min(waits.len().saturating_sub(1))).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
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
