//! A year of a shop is stored: how long every report takes, how quickly links are opened and orders are taken then.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::Value;

use crate::asker::Asker;
use crate::order_kinds::KINDS;
use crate::past::{DAYS, Past, Writer};
use crate::shop::Shop;
use crate::{Bench, links, setting, table};

/// What is stored, unless set.
const ADVOCATES: u64 = 100_000;
const ORDERS: u64 = 1_000_000;
const VISITS: u64 = 10_000_000;
/// Conversions that are stored when orders are measured again.
const GROWN: u64 = 10_000_000;

/// A report may take so long.
const REPORT: Duration = Duration::from_millis(50);
/// How often each is asked for.
const TIMES: usize = 30;

/// Every report, and how it is asked for.
const REPORTS: [&str; 12] = [
    "funnel",
    "channels",
    "channels?interval=month",
    "placements",
    "advocates",
    "cycle",
    "cohorts",
    "lift",
    "budget",
    "liability",
    "offers",
    "dark",
];
/// Reports that are of now, or of whole months: without a period they tell the last twelve.
const OWN_PERIOD: [&str; 6] = ["advocates", "cycle", "cohorts", "lift", "liability", "offers"];
/// Reports of one program.
const OF_PROGRAM: [&str; 2] = ["advocates", "lift"];

/// Measures reports, links and orders beside what is stored.
pub async fn year(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    let orders = KINDS[0].make(shop);
    shop.rest()?;
    let empty = shop.load(bench.seconds, 201, 2, orders.clone()).await?;
    let past = Past {
        advocates: setting("GRAPEVINE_BENCH_ADVOCATES", ADVOCATES),
        orders: setting("GRAPEVINE_BENCH_ORDERS", ORDERS),
        visits: setting("GRAPEVINE_BENCH_VISITS", VISITS),
    };
    let begun = Instant::now();
    let mut writer = Writer::new(shop).await?;
    writer.write(&past)?;
    let Past { advocates, orders: stored, visits } = past;
    let took = begun.elapsed().as_secs_f64();
    println!("{}: {advocates} advocates, {stored} orders and {visits} openings written in {took:.0} s", shop.name);
    shop.rest()?;
    reports(shop, bench).await?;
    links::links(shop, bench).await?;
    let path = format!("report an order, {stored} conversions stored, against few");
    let again = shop.load(bench.seconds, 201, empty.0.next, orders.clone()).await?;
    shop.row(bench, &path, &again, empty.0.rate(), 0.80);
    let grown = setting("GRAPEVINE_BENCH_GROWN", GROWN);
    if grown > stored {
        let begun = Instant::now();
        writer.plain_orders(stored, grown - stored)?;
        shop.rest()?;
        println!("| … {} more orders written in {:.0} s |", grown - stored, begun.elapsed().as_secs_f64());
        let path = format!("report an order, {grown} conversions stored, against few");
        let last = shop.load(bench.seconds, 201, again.0.next, orders).await?;
        shop.row(bench, &path, &last, empty.0.rate(), 0.80);
    }
    Ok(())
}

async fn reports(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    let asker = Asker::new(&shop.server, &shop.secret);
    let to = Utc::now().date_naive();
    let from = to - chrono::Days::new(u64::try_from(DAYS)? - 1);
    println!("\n| report of a year | database | p50 ms | slowest ms of {TIMES} | at most | its slowest list, ms |");
    println!("|---|---|--:|--:|--:|--:|");
    let program = KINDS[1].program.slug;
    for report in REPORTS {
        let behind = if report.contains('?') { '&' } else { '?' };
        let path = match OWN_PERIOD.contains(&report) {
            _ if OF_PROGRAM.contains(&report) => format!("/v1/reports/{report}?program={program}"),
            true => format!("/v1/reports/{report}"),
            false => format!("/v1/reports/{report}{behind}from={from}&to={to}"),
        };
        let (mut waits, mut answer) = (Vec::new(), Value::Null);
        for _ in 0..TIMES {
            let (took, told) = ask(&asker, &path).await?;
            waits.push(took);
            answer = told;
        }
        let mut lists = BTreeSet::new();
        gather(&answer, &mut lists);
        let mut slowest = Duration::ZERO;
        for list in lists {
            slowest = slowest.max(ask(&asker, list).await?.0);
        }
        waits.sort_unstable();
        let (half, most) = (waits[TIMES / 2], waits[TIMES - 1]);
        let ms = |took: Duration| took.as_secs_f64() * 1_000.0;
        println!(
            "| {report} | {} | {:.1} | {:.1} | {:.0} | {:.1} |",
            shop.name,
            ms(half),
            ms(most),
            ms(REPORT),
            ms(slowest)
        );
        if most > REPORT {
            bench.miss(format!("report {report} on {}", shop.name));
        }
    }
    table::heading();
    Ok(())
}

async fn ask(asker: &Asker<'_>, path: &str) -> anyhow::Result<(Duration, Value)> {
    let asked = Instant::now();
    let answer = asker.get(path).await?;
    let status = answer.status();
    let text = answer.text().await?;
    let took = asked.elapsed();
    anyhow::ensure!(status == 200, "{path}: {status} {text}");
    Ok((took, serde_json::from_str(&text)?))
}

/// The lists that a report leads to.
fn gather<'v>(value: &'v Value, lists: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) if text.starts_with("/v1/") => drop(lists.insert(text)),
        Value::Array(values) => values.iter().for_each(|value| gather(value, lists)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, lists)),
        _ => {}
    }
}
