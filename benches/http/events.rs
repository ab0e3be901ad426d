//! A shop's events, many of them: how fast they are read from the first to the last, and how long an erasure takes that
//! goes through them.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::asker::Asker;
use crate::load::Line;
use crate::order_kinds::KINDS;
use crate::requests::request;
use crate::shop::Shop;
use crate::{Bench, figures, setting};

/// Events, unless `GRAPEVINE_BENCH_EVENTS` says otherwise.
const EVENTS: u64 = 1_000_000;
/// Orders that are reported between two looks at how many events there are.
const PART: u64 = 10_000;
/// The number of the first of these orders.
const FIRST: u64 = 600_000_000;
/// Consumers that read at once.
const CONSUMERS: usize = 10;
/// Events of a page: the most that there may be.
const PAGE: u64 = 200;
/// So long consumers read at most.
const READING: Duration = Duration::from_secs(60);
/// Events that are to be read a second, by all together.
const RATE: f64 = 50_000.0;
/// The longest that an erasure may take, seconds.
const ERASURE: f64 = 10.0;
/// How often it is asked how far it is.
const LOOK: Duration = Duration::from_millis(50);

/// Makes events, reads them, and erases an advocate.
pub async fn events(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    let most = setting("GRAPEVINE_BENCH_EVENTS", EVENTS);
    make(shop, most).await?;
    println!("\n| events are read | database | consumers | events | s | events/s | goal |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    for consumers in [1, CONSUMERS] {
        read_all(shop, bench, consumers).await?;
    }
    println!();
    let seconds = erase(shop).await?;
    figures::figure(bench, shop, "until an advocate is erased, s", seconds, ERASURE);
    Ok(())
}

/// Reports orders until there are so many events: an import tells of its end alone.
async fn make(shop: &Shop, most: u64) -> anyhow::Result<()> {
    let begun = Instant::now();
    let make = KINDS[0].make(shop);
    let mut orders = 0;
    while !is_there(shop, most).await? {
        let (make, first) = (make.clone(), FIRST + orders);
        shop.send("orders", PART, 201, Rc::new(move |n| make(first + n)), None).await?;
        orders += PART;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}: {most} events are there; for them {orders} orders were reported in {seconds:.0} s", shop.name);
    shop.rest()
}

async fn is_there(shop: &Shop, number: u64) -> anyhow::Result<bool> {
    let mut line = Line::open(shop.server.address).await?;
    let page = page(&mut line, &shop.secret, number.saturating_sub(1), 1).await?;
    Ok(page.events > 0)
}

struct Page {
    events: u64,
    next: Option<u64>,
}

async fn page(line: &mut Line, secret: &str, after: u64, limit: u64) -> anyhow::Result<Page> {
    let path = format!("/v1/events?after={after}&limit={limit}");
    let status = line.ask(&request("GET", &path, secret, None, "")).await?;
    let text = std::str::from_utf8(line.body())?;
    anyhow::ensure!(status == 200, "{status}: {text}");
    let (_, next) = text.rsplit_once("\"next\":").context("a page without its next")?;
    let next = next.trim_end_matches('}').parse().ok();
    Ok(Page { events: text.matches("\"seq\":").count() as u64, next })
}

/// So many consumers read at once, each from the first to the last.
async fn read_all(shop: &Shop, bench: &Bench, consumers: usize) -> anyhow::Result<()> {
    let begun = Instant::now();
    let reading = (0..consumers).map(|_| tokio::task::spawn_local(read(shop.server.address, shop.secret.clone())));
    let (mut events, mut is_all) = (0, true);
    for reading in reading.collect::<Vec<_>>() {
        let (read, has_ended) = reading.await??;
        events += read;
        is_all &= has_ended;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = events as f64 / seconds;
    let how = if is_all { "from first to last" } else { "from the first, until their time was over" };
    println!("| {how} | {} | {consumers} | {events} | {seconds:.1} | {rate:.0} | {RATE:.0} |", shop.name);
    if rate < RATE {
        bench.miss(format!("events read by {consumers} on {} ({rate:.0} of {RATE:.0})", shop.name));
    }
    Ok(())
}

/// Answers how many it read, and whether these are all.
async fn read(address: SocketAddr, secret: String) -> anyhow::Result<(u64, bool)> {
    let (mut line, mut events, mut after) = (Line::open(address).await?, 0, 0);
    let begun = Instant::now();
    while begun.elapsed() < READING {
        let page = page(&mut line, &secret, after, PAGE).await?;
        events += page.events;
        match page.next {
            Some(next) => after = next,
            None => return Ok((events, true)),
        }
    }
    Ok((events, false))
}

/// Erases an advocate; answers how many seconds it took until the job had ended.
async fn erase(shop: &Shop) -> anyhow::Result<f64> {
    let asker = Asker::new(&shop.server, &shop.secret);
    let begun = Instant::now();
    let delete = asker.client.delete(asker.url("/v1/customers/adv-7")).bearer_auth(&shop.secret);
    let answer = delete.send().await?;
    anyhow::ensure!(answer.status() == 202, "{}", answer.text().await?);
    let mut job: Value = answer.json().await?;
    while !job["finished_at"].is_string() {
        tokio::time::sleep(LOOK).await;
        let id = job["id"].as_str().context("no job")?;
        job = asker.get(&format!("/v1/jobs/{id}")).await?.json().await?;
    }
    anyhow::ensure!(job["status"] == "finished", "{job}");
    Ok(begun.elapsed().as_secs_f64())
}
