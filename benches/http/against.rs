//! Side by side with another release: both serve, each a database of its own that it made itself, and are loaded in
//! turn. Of the other release nothing is known but its command line and its HTTP.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use crate::database::Database;
use crate::load::Make;
use crate::order_kinds::KINDS;
use crate::processor::Spent;
use crate::server::BINARY;
use crate::shop::Shop;
use crate::{Bench, reads, redemptions};

/// The binary of the other release.
const OTHER: &str = "GRAPEVINE_BENCH_AGAINST";
/// Times that each of both is loaded, in turn; the seconds of a measurement are divided among them.
const TURNS: u32 = 2;
/// What is redeemed beside what is measured, each time.
const BESIDE: Duration = Duration::from_secs(1);

/// What is to be reached.
struct Goal {
    /// The least ratio of the rates.
    rate: f64,
    /// The greatest ratio of the processor times.
    time: Option<f64>,
}

const ORDERS: Goal = Goal { rate: 3.0, time: Some(1.0 / 3.0) };
const REDEMPTIONS: Goal = Goal { rate: 2.0, time: None };
const CHECKS: Goal = Goal { rate: 1.0, time: None };

/// One of both, and what it was measured at.
struct Side<'s> {
    shop: &'s Shop,
    make: Make,
    next: u64,
    requests: u64,
    all: u64,
    errors: u64,
    seconds: f64,
    spent: Spent,
}

/// Whether another release was named.
pub fn is_asked_for(bench: &Bench) -> bool {
    bench.wants("against") && (std::env::var_os(OTHER).is_some() || !bench.chosen.is_empty())
}

/// Measures both on a database.
pub async fn measure(bench: &Bench, folder: &Path, name: &'static str) -> anyhow::Result<()> {
    let other = PathBuf::from(std::env::var_os(OTHER).with_context(|| format!("{OTHER} names the other binary"))?);
    let other = other.canonicalize().with_context(|| format!("{OTHER}: {}", other.display()))?;
    println!("side by side: this, and {}", other.display());
    let databases = [Database::make(folder, name, "this")?, Database::make(folder, name, "other")?];
    let mut shops = Vec::new();
    for (binary, database) in [Path::new(BINARY), &other].into_iter().zip(&databases) {
        shops.push(Shop::set_up(binary, database).await?);
    }
    let time = bench.seconds / TURNS;
    let mut redeem = Vec::new();
    for shop in &shops {
        redeem.push(redemptions::many(shop, (time + BESIDE) * TURNS).await?);
    }
    heading();
    for kind in &KINDS {
        let makes = shops.iter().map(|shop| kind.make(shop)).collect();
        compare(bench, kind.name, &shops, makes, 201, &ORDERS).await?;
    }
    compare(bench, "redeem a voucher (many)", &shops, redeem, 201, &REDEMPTIONS).await?;
    let makes = shops.iter().map(reads::check).collect();
    compare(bench, "check a voucher", &shops, makes, 200, &CHECKS).await?;
    println!();
    Ok(())
}

fn heading() {
    println!(
        "\n| path | database | requests/s | other | ratio | goal | server ms/1000 | other | database ms/1000 | other | sum | other | ratio | at most | errors | other |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
}

async fn compare(
    bench: &Bench,
    path: &str,
    shops: &[Shop],
    makes: Vec<Make>,
    status: u16,
    goal: &Goal,
) -> anyhow::Result<()> {
    let mut sides: Vec<Side<'_>> = shops.iter().zip(makes).map(|(shop, make)| Side::new(shop, make)).collect();
    for _ in 0..TURNS {
        for side in &mut sides {
            side.load(bench.seconds / TURNS, status).await?;
        }
    }
    let [this, other] = &sides[..] else { anyhow::bail!("two are compared") };
    row(bench, path, this, other, goal);
    Ok(())
}

impl<'s> Side<'s> {
    fn new(shop: &'s Shop, make: Make) -> Self {
        Self { shop, make, next: 0, requests: 0, all: 0, errors: 0, seconds: 0.0, spent: Spent::default() }
    }

    async fn load(&mut self, time: Duration, status: u16) -> anyhow::Result<()> {
        self.shop.rest()?;
        let (outcome, usage) = self.shop.load(time, status, self.next, self.make.clone()).await?;
        self.next = outcome.next;
        self.requests += outcome.requests;
        self.all += outcome.all;
        self.errors += outcome.errors;
        self.seconds += outcome.seconds;
        self.spent = self.spent.plus(usage.spent);
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

fn row(bench: &Bench, path: &str, this: &Side<'_>, other: &Side<'_>, goal: &Goal) {
    let name = this.shop.name;
    let (rate, others, ratio) = (this.rate(), other.rate(), this.rate() / other.rate());
    let (spent, others_spent) = (this.spent.for_thousand(this.all), other.spent.for_thousand(other.all));
    let share = spent.sum_ms() / others_spent.sum_ms();
    let most = goal.time.map_or_else(|| "–".to_owned(), |most| format!("{most:.2}"));
    println!(
        "| {path} | {name} | {rate:.0} | {others:.0} | {ratio:.2} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {share:.2} | {most} | {} | {} |",
        goal.rate,
        spent.server_ms,
        others_spent.server_ms,
        spent.database_ms,
        others_spent.database_ms,
        spent.sum_ms(),
        others_spent.sum_ms(),
        this.errors,
        other.errors
    );
    if ratio < goal.rate {
        bench.miss(format!("{path} on {name}, against the other release ({ratio:.2} of {:.2})", goal.rate));
    }
    if goal.time.is_some_and(|most| share > most) {
        bench.miss(format!(
            "processor time: {path} on {name}, against the other release ({share:.2} of at most {most})"
        ));
    }
    if this.errors + other.errors > 0 {
        bench.miss(format!("other answers: {path} on {name}, side by side"));
    }
}
