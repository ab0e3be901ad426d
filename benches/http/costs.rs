//! What an order costs, counted: rows, entries in trees, bytes; and of a batch under load commands, rounds, statements.

use std::fs;
use std::rc::Rc;

use anyhow::Context as _;
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Statement};

use crate::Bench;
use crate::gauges::Batch;
use crate::load::{self, Make, Until};
use crate::order_kinds::Kind;
use crate::requests::order;
use crate::shop::Shop;
use crate::trees;
use crate::written::{Rows, Written, changed, written};

/// The number of the first order that is looked at.
const FIRST: u64 = 900_000_000;
/// Orders that are sent at once, to see of which tables a batch writes less than a row for each of them.
const AT_ONCE: u64 = 256;
/// The most rounds that a batch may take.
const ROUNDS: f64 = 3.0;
/// The most statements that a batch may take on PostgreSQL. On SQLite each row is one.
const STATEMENTS: f64 = 16.0;
/// Orders of which the bytes are counted, in parts: SQLite's log begins anew before it is full.
const PARTS: u64 = 4;
const PART: u64 = 250;

/// What orders of a kind write.
pub struct Counted {
    /// The first by an advocate's share.
    first: Vec<Written>,
    /// A later one.
    later: Vec<Written>,
    /// What a batch writes once, however many orders are in it: rows that every order changes, and of tables of which
    /// many orders at once write fewer rows than they are.
    batch: Vec<Written>,
}

/// Counts what orders of a kind write.
pub async fn count(shop: &Shop, kind: &Kind) -> anyhow::Result<Counted> {
    let (secret, slug, tokens) = (shop.secret.clone(), kind.program.slug, shop.tokens(&kind.program));
    // The first of all opens what all use. Then come two of another advocate, and one more of the first.
    let advocate = |n: u64| usize::from(n == 1 || n == 2);
    let make: Make = Rc::new(move |n| order(&secret, slug, FIRST + n, &tokens[advocate(n)]));
    let mut looks = Vec::new();
    for number in 0..4 {
        shop.send_one("an order", number, &make).await?;
        looks.push(trees::look(&shop.target)?);
    }
    shop.send("orders", AT_ONCE, 201, Rc::new(move |n| make(4 + n)), None).await?;
    looks.push(trees::look(&shop.target)?);
    let [opened, first, later, other, many] = &looks[..] else { anyhow::bail!("five looks were taken") };
    let every = changed(first, later).intersection(&changed(later, other)).cloned().collect::<Rows>();
    let at_once = written(other, many, |_, _| true);
    let is_of_batch = |table: &str, key: &str| {
        every.contains(&(table.to_owned(), key.to_owned()))
            || at_once.iter().any(|written| written.table == table && (1..AT_ONCE).contains(&written.new))
    };
    Ok(Counted {
        first: written(opened, first, |table, key| !is_of_batch(table, key)),
        later: written(first, later, |table, key| !is_of_batch(table, key)),
        batch: written(first, later, is_of_batch),
    })
}

/// Prints what orders of a kind write.
pub fn print(shop: &Shop, bench: &Bench, kind: &Kind, counted: &Counted) {
    println!("\n{}, {}: what one writes, counted", kind.name, shop.name);
    println!("\n| table | new rows | changed | removed | indexes | entries in trees | of which |");
    println!("|---|--:|--:|--:|--:|--:|---|");
    counted.later.iter().for_each(|table| line(&table.table, &[table]));
    line("an order", &counted.later.iter().collect::<Vec<_>>());
    line("the first order of an advocate", &counted.first.iter().collect::<Vec<_>>());
    counted.batch.iter().for_each(|table| line(&format!("{}, once a batch", table.table), &[table]));
    let (new, all) = counted.later.iter().fold((0, 0), |(new, all), table| (new + table.new, all + table.rows()));
    let most = kind.most_rows;
    println!("\nnew rows of an order: {new} (at most {most}); with those that it changes: {all}");
    if new > most {
        bench.miss(format!("rows: {} on {} ({new} of at most {most})", kind.name, shop.name));
    }
}

fn line(name: &str, tables: &[&Written]) {
    let sum = |of: fn(&Written) -> u64| tables.iter().map(|table| of(table)).sum::<u64>();
    let (new, changed, removed) = (sum(|table| table.new), sum(|table| table.changed), sum(|table| table.removed));
    let one = if let [table] = tables { table.trees.as_slice() } else { &[] };
    let trees = one.iter().filter(|(_, entries)| *entries > 0).map(|(tree, entries)| format!("{tree} {entries}"));
    let trees = trees.collect::<Vec<_>>().join(", ");
    let indexes = if let [table] = tables { table.indexes().to_string() } else { String::new() };
    println!("| {name} | {new} | {changed} | {removed} | {indexes} | {} | {trees} |", sum(Written::entries));
}

/// The heading of what batches took.
pub fn heading() {
    println!(
        "\n| a batch under load | database | commands | rounds | at most | statements | at most | bytes an order |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
}

/// Prints what batches took.
pub fn batch(shop: &Shop, bench: &Bench, kind: &Kind, batch: &Batch, bytes: u64) {
    let Batch { commands, rounds, statements } = batch;
    let most = shop.is_postgres().then_some(STATEMENTS);
    let told = most.map_or_else(|| "–".to_owned(), |most| most.to_string());
    println!(
        "| {} | {} | {commands:.1} | {rounds:.2} | {ROUNDS} | {statements:.1} | {told} | {bytes} |",
        kind.name, shop.name
    );
    if *rounds > ROUNDS {
        bench.miss(format!("rounds of a batch: {} on {} ({rounds:.2} of at most {ROUNDS})", kind.name, shop.name));
    }
    if let Some(most) = most.filter(|most| statements > most) {
        bench
            .miss(format!("statements of a batch: {} on {} ({statements:.1} of at most {most})", kind.name, shop.name));
    }
}

/// How many bytes the database's log takes for an order under load.
pub async fn bytes(shop: &Shop, first: u64, make: &Make) -> anyhow::Result<u64> {
    let mut connection = shop.target.connect(Use::Tool)?;
    let mut bytes = 0;
    for part in 0..PARTS {
        let before = log_at(shop, &mut connection, true)?;
        let until = Until::Count(PART);
        let outcome = load::run(shop.server.address, until, 201, first + part * PART, make.clone(), None).await?;
        anyhow::ensure!(outcome.errors == 0, "{:?}", outcome.complaint);
        bytes += log_at(shop, &mut connection, false)? - before;
    }
    Ok(bytes / (PARTS * PART))
}

/// Where the log ends; SQLite's is emptied before, where that is wanted, and begins anew.
fn log_at(shop: &Shop, connection: &mut Connection, empty: bool) -> anyhow::Result<u64> {
    if let Some(path) = shop.url.strip_prefix("sqlite:") {
        if empty {
            connection.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        return Ok(fs::metadata(format!("{path}-wal"))?.len());
    }
    let at = Statement::new("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT)");
    Ok(connection.number(&at)?.context("the log does not tell where it ends")?.try_into()?)
}
