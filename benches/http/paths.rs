//! What was chosen is measured, on each database.

use std::path::{Path, PathBuf};

use crate::asker::Asker;
use crate::database::Database;
use crate::server::BINARY;
use crate::shop::Shop;
use crate::{
    Bench, against, audits, batches, events, figures, holds, imports, links, offers, orders, reads, redemptions, year,
};

/// Sections that are measured on one shop, and its name. What the limits write is no true history: where books are
/// proved and events are read, nothing of it may be.
const SHOPS: [(&str, &[&str]); 6] = [
    ("bench", &["start", "links", "reads", "checks", "orders", "redemptions", "holds", "imports"]),
    ("books", &["audits"]),
    ("events", &["events"]),
    ("offers", &["offers"]),
    ("batches", &["batches"]),
    ("year", &["year"]),
];

/// Sections in which many ask at once.
const LOADS: [&str; 6] = ["links", "reads", "checks", "orders", "redemptions", "holds"];

/// Measures everything that was chosen.
pub async fn run(bench: &Bench) -> anyhow::Result<()> {
    let folder = Folder(std::env::temp_dir().join(format!("grapevine-bench-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0)?;
    for name in ["SQLite", "PostgreSQL"] {
        for (whose, sections) in SHOPS {
            let wants = |section: &str| sections.contains(&section) && bench.wants(section);
            if sections.iter().any(|section| wants(section)) {
                let database = Database::make(&folder.0, name, whose)?;
                let shop = Shop::set_up(Path::new(BINARY), &database).await?;
                measure(&shop, bench, wants).await?;
                println!();
            }
        }
        if against::is_asked_for(bench) {
            against::measure(bench, &folder.0, name).await?;
        }
    }
    let misses = bench.misses.borrow();
    if misses.is_empty() {
        println!("Every goal is met.");
    } else {
        println!("Goals missed: {}.", misses.join(", "));
    }
    Ok(())
}

/// Where the run keeps its files; removed at its end, however it ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} is left behind: {error}", self.0.display());
        }
    }
}

async fn measure(shop: &Shop, bench: &Bench, wants: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    if wants("start") {
        figures::start(bench, shop);
    }
    // Counted before others have filled the tables.
    let counted = if wants("orders") { Some(orders::count(shop).await?) } else { None };
    if wants("links") {
        links::links(shop, bench).await?;
    }
    if wants("reads") {
        reads::reads(shop, bench).await?;
    }
    if wants("checks") {
        reads::checks(shop, bench).await?;
    }
    if let Some(counted) = counted {
        orders::orders(shop, bench, counted).await?;
    }
    if wants("redemptions") {
        redemptions::redemptions(shop, bench).await?;
    }
    if wants("holds") {
        holds::holds(shop, bench).await?;
    }
    if LOADS.into_iter().any(&wants) {
        println!();
        figures::peak(bench, shop);
    }
    let asker = Asker::new(&shop.server, &shop.secret);
    if wants("imports") && !imports::import(&asker, shop.name, bench.seconds).await? {
        bench.miss(format!("memory of an import on {}", shop.name));
    }
    if wants("audits") {
        redemptions::fill_books(shop).await?;
        if !audits::audit(&asker, shop.name, bench.seconds).await? {
            bench.miss(format!("proof of the books on {}", shop.name));
        }
    }
    if wants("batches") && !batches::batches(shop, bench.seconds).await? {
        bench.miss(format!("memory of a batch on {}", shop.name));
    }
    if wants("events") {
        events::events(shop, bench).await?;
    }
    if wants("offers") {
        offers::offers(shop, bench).await?;
    }
    if wants("year") {
        year::year(shop, bench).await?;
    }
    Ok(())
}
