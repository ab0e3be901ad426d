//! Somebody who asks one thing after the other, to see how long others wait while a server does something large.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::server::Process;

/// Between two times that the server is asked something.
const PAUSE: Duration = Duration::from_millis(20);

/// A shop on a running server, as one asks it.
pub struct Asker<'s> {
    /// The server.
    pub server: &'s Process,
    /// The key's secret.
    pub secret: &'s str,
    /// A client.
    pub client: reqwest::Client,
}

/// How long answers took.
#[derive(Default)]
pub struct Waits {
    /// To an order that is reported.
    pub orders: Vec<Duration>,
    /// To a read.
    pub reads: Vec<Duration>,
}

impl<'s> Asker<'s> {
    /// Asks as the bearer of a key.
    pub fn new(server: &'s Process, secret: &'s str) -> Self {
        Self { server, secret, client: reqwest::Client::new() }
    }

    /// Asks for so long.
    pub async fn ask_for(&self, time: Duration, when: &str) -> anyhow::Result<Waits> {
        let (mut waits, begun) = (Waits::default(), Instant::now());
        while begun.elapsed() < time {
            self.ask(&mut waits, when).await?;
        }
        Ok(waits)
    }

    /// Reports an order of somebody new and reads a customer, then rests.
    pub async fn ask(&self, waits: &mut Waits, when: &str) -> anyhow::Result<()> {
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

    /// Reads something.
    pub async fn get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        self.client.get(self.url(path)).bearer_auth(self.secret).send().await
    }

    /// Where something is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }
}

/// Prints how long others waited, alone and meanwhile.
pub fn rows(name: &str, before: Waits, meanwhile: Waits) {
    println!("| asked meanwhile | database | p50 ms alone | p50 ms | ratio | p99 ms alone | p99 ms | ratio |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    row("report an order", name, before.orders, meanwhile.orders);
    row("read a customer", name, before.reads, meanwhile.reads);
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
