//! What was chosen is measured, on each database.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::asker::Asker;
use crate::server::BINARY;
use crate::shop::Shop;
use crate::{Bench, against, audits, events, figures, holds, imports, links, orders, reads, redemptions};

/// Sections that are measured on one shop.
const SECTIONS: [&str; 10] =
    ["start", "links", "reads", "checks", "orders", "redemptions", "holds", "imports", "audits", "events"];

/// Measures everything that was chosen.
pub async fn run(bench: &Bench) -> anyhow::Result<()> {
    let folder = Folder(std::env::temp_dir().join(format!("grapevine-bench-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0)?;
    let databases = Databases { folder: folder.0.clone() };
    for name in ["SQLite", "PostgreSQL"] {
        if SECTIONS.iter().any(|section| bench.wants(section)) {
            let (url, folder) = databases.fresh(name, "bench")?;
            let shop = Shop::set_up(Path::new(BINARY), name, url, &folder).await?;
            measure(&shop, bench).await?;
            println!();
        }
        if against::is_asked_for(bench) {
            against::measure(bench, &databases, name).await?;
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

/// Makes databases, so that nobody meets the rows of another.
pub struct Databases {
    folder: PathBuf,
}

impl Databases {
    /// The URL of a new database, and a folder for its server.
    pub fn fresh(&self, name: &str, whose: &str) -> anyhow::Result<(String, PathBuf)> {
        let folder = self.folder.join(format!("{name}-{whose}"));
        if name == "SQLite" {
            return Ok((format!("sqlite:{}", folder.join("bench.db").display()), folder));
        }
        let postgres = std::env::var("GRAPEVINE_TEST_POSTGRES");
        let mut url = url::Url::parse(&postgres.context("run `make bench`, which starts a PostgreSQL")?)?;
        let mut connection = Target::parse(url.as_str()).map_err(anyhow::Error::msg)?.connect(Use::Tool)?;
        let database = format!("{whose}_{}", std::process::id());
        connection.batch(&format!("CREATE DATABASE {database}"))?;
        url.set_path(&database);
        Ok((url.to_string(), folder))
    }
}

async fn measure(shop: &Shop, bench: &Bench) -> anyhow::Result<()> {
    if bench.wants("start") {
        figures::start(bench, shop);
    }
    // Counted before others have filled the tables.
    let counted = if bench.wants("orders") { Some(orders::count(shop).await?) } else { None };
    if bench.wants("links") {
        links::links(shop, bench).await?;
    }
    if bench.wants("reads") {
        reads::reads(shop, bench).await?;
    }
    if bench.wants("checks") {
        reads::checks(shop, bench).await?;
    }
    if let Some(counted) = counted {
        orders::orders(shop, bench, counted).await?;
    }
    if bench.wants("redemptions") {
        redemptions::redemptions(shop, bench).await?;
    }
    if bench.wants("holds") {
        holds::holds(shop, bench).await?;
    }
    let asker = Asker::new(&shop.server, &shop.secret);
    if bench.wants("imports") && !imports::import(&asker, shop.name, bench.seconds).await? {
        bench.miss(format!("memory of an import on {}", shop.name));
    }
    if bench.wants("audits") {
        redemptions::fill_books(shop).await?;
        if !audits::audit(&asker, shop.name, bench.seconds).await? {
            bench.miss(format!("proof of the books on {}", shop.name));
        }
    }
    if bench.wants("events") {
        events::events(shop, bench).await?;
    }
    Ok(())
}
