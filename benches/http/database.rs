//! Databases of their own, so that nobody meets the rows of another.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use grapevine::store::Target;
use grapevine::store::connection::Use;

/// A database and a folder for its server; both are removed when this is dropped.
pub struct Database {
    /// `SQLite` or `PostgreSQL`.
    pub name: &'static str,
    /// Where it is.
    pub url: String,
    /// Where its server may make files.
    pub folder: PathBuf,
    /// Where PostgreSQL is told to remove it, and how.
    removal: Option<(String, String)>,
}

impl Database {
    /// Makes one.
    pub fn make(folder: &Path, name: &'static str, whose: &str) -> anyhow::Result<Self> {
        let folder = folder.join(format!("{name}-{whose}"));
        std::fs::create_dir_all(&folder)?;
        if name == "SQLite" {
            let url = format!("sqlite:{}", folder.join("bench.db").display());
            return Ok(Self { name, url, folder, removal: None });
        }
        let postgres = std::env::var("GRAPEVINE_TEST_POSTGRES");
        let postgres = postgres.context("run `make bench`, which starts a PostgreSQL")?;
        let database = format!("{whose}_{}", std::process::id());
        run(&postgres, &format!("CREATE DATABASE {database}"))?;
        let mut url = url::Url::parse(&postgres)?;
        url.set_path(&database);
        let removal = Some((postgres, format!("DROP DATABASE {database} WITH (FORCE)")));
        Ok(Self { name, url: url.into(), folder, removal })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let removed = self.removal.as_ref().map_or(Ok(()), |(url, sql)| run(url, sql));
        if let Err(error) = removed.and_then(|()| Ok(std::fs::remove_dir_all(&self.folder)?)) {
            eprintln!("{} is left behind: {error}", self.folder.display());
        }
    }
}

fn run(url: &str, sql: &str) -> anyhow::Result<()> {
    Ok(Target::parse(url).map_err(anyhow::Error::msg)?.connect(Use::Tool)?.batch(sql)?)
}
