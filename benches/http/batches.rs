//! Vouchers by the million: made, exported, taken over by another shop, one redeemed, all withdrawn; how long that takes,
//! what memory the server needs, and how long others wait meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::asker::{Asker, Waits, rows};
use crate::server::{self, BINARY};
use crate::setting;
use crate::shop::Shop;

/// Codes, unless `GRAPEVINE_BENCH_CODES` says otherwise.
const CODES: u64 = 1_000_000;
/// The most memory that the server may take, megabytes.
const MEMORY_MB: f64 = 200.0;
/// How often it is asked how far it is.
const LOOK: Duration = Duration::from_secs(1);

/// Goes the whole way of a batch and prints what it took; answers whether the goal was met.
pub async fn batches(shop: &Shop, alone: Duration) -> anyhow::Result<bool> {
    let codes = setting("GRAPEVINE_BENCH_CODES", CODES);
    let asker = Asker::new(&shop.server, &shop.secret);
    let (before, mut meanwhile) = (asker.ask_for(alone, "before-batch").await?, Waits::default());
    let mut steps = Vec::new();

    let begun = Instant::now();
    let body = json!({"name": "Flyer", "count": codes, "prefix": "FLYER", "kind": "amount_off", "amount": 500});
    let batch = post(&asker, "/v1/voucher_batches", "batch", "application/json", body.to_string()).await?;
    let place = format!("/v1/voucher_batches/{}", batch["id"].as_str().context("no batch")?);
    let made = ended(&asker, &mut meanwhile, &place, "/job/finished_at").await?;
    anyhow::ensure!(made["made"] == codes, "{made}");
    steps.push(("made", begun.elapsed()));

    let begun = Instant::now();
    let file = asker.get(&format!("{place}/export.csv")).await?.text().await?;
    anyhow::ensure!(file.lines().count() as u64 == codes + 1, "{} lines", file.lines().count());
    steps.push(("exported", begun.elapsed()));
    let code = file.lines().nth(1).and_then(|line| line.split(',').next()).context("no code")?.to_owned();

    let begun = Instant::now();
    let elsewhere = another_shop(shop)?;
    let there = Asker::new(&shop.server, &elsewhere);
    let job = post(&there, "/v1/voucher_batches/import?name=Flyer", "import", "text/csv", file).await?;
    let job = format!("/v1/jobs/{}", job["id"].as_str().context("no job")?);
    let imported = loop {
        asker.ask(&mut meanwhile, "import-batch").await?;
        let now: Value = there.get(&job).await?.json().await?;
        if now["finished_at"].is_string() {
            break now;
        }
    };
    anyhow::ensure!(imported["done"] == codes && imported["refused"] == 0, "{imported}");
    steps.push(("imported elsewhere", begun.elapsed()));

    let cart = json!({"codes": [code], "order_id": "flyer", "currency": "EUR", "amount": 4990});
    post(&asker, "/v1/redemptions", "flyer", "application/json", cart.to_string()).await?;
    let begun = Instant::now();
    let void = json!({"reason": "a measurement"}).to_string();
    post(&asker, &format!("{place}/void"), "void", "application/json", void).await?;
    steps.push(("none is good", begun.elapsed()));
    let void = ended(&asker, &mut meanwhile, &place, "/job/finished_at").await?;
    anyhow::ensure!(void["void"] == codes - 1 && void["redeemed"] == 1, "{void}");
    steps.push(("withdrawn in the books", begun.elapsed()));

    let peak_mb = shop.server.memory_mb("VmHWM:");
    println!("\n| batch | database | vouchers | s | vouchers/s |");
    println!("|---|---|--:|--:|--:|");
    for (step, took) in steps {
        let seconds = took.as_secs_f64();
        println!("| {step} | {} | {codes} | {seconds:.2} | {:.0} |", shop.name, codes as f64 / seconds);
    }
    println!("\nPeak memory of the server: {peak_mb:.0} MB, at most {MEMORY_MB:.0}.\n");
    rows(shop.name, before, meanwhile);
    Ok(peak_mb < MEMORY_MB)
}

async fn post(asker: &Asker<'_>, path: &str, key: &str, form: &str, body: String) -> anyhow::Result<Value> {
    let post = asker.client.post(asker.url(path)).bearer_auth(asker.secret).body(body);
    let sent = post.header("idempotency-key", key).header("content-type", form).send().await?;
    anyhow::ensure!(sent.status().is_success(), "{path}: {}", sent.text().await?);
    Ok(sent.json().await?)
}

/// The batch when its job has ended; somebody asks other things meanwhile.
async fn ended(asker: &Asker<'_>, waits: &mut Waits, place: &str, field: &str) -> anyhow::Result<Value> {
    let mut looked = Instant::now();
    loop {
        asker.ask(waits, "batch").await?;
        if looked.elapsed() < LOOK {
            continue;
        }
        looked = Instant::now();
        let now: Value = asker.get(place).await?.json().await?;
        if now.pointer(field).is_some_and(Value::is_string) {
            return Ok(now);
        }
    }
}

/// The secret of a key of another shop on the same server.
fn another_shop(shop: &Shop) -> anyhow::Result<String> {
    let words = "shop create Elsewhere --currency EUR --locale de --landing-host shop.example --mode live";
    let (binary, url, folder) = (Path::new(BINARY), &shop.url, &shop.folder);
    let made = server::run(binary, url, folder, &words.split(' ').collect::<Vec<_>>())?;
    let id = made["shop"].as_str().context("no shop")?;
    let key = server::run(binary, url, folder, &["key", "create", "--shop", id, "--scope", "all"])?;
    Ok(key["client_secret"].as_str().context("no secret")?.to_owned())
}
