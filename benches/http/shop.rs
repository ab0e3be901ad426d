//! A shop on a running server, with what the sections need, and how it is loaded.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use grapevine::records::Id;
use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::Bench;
use crate::database::Database;
use crate::limit::{Script, Snapshot};
use crate::load::{self, Make, Outcome, Take, Until};
use crate::pgbench;
use crate::processor::Meter;
use crate::requests::{customer, field, post};
use crate::server::{self, Process};
use crate::table::{self, Row, Usage};

/// Advocates, each with a share in each program.
pub const ADVOCATES: u64 = 1000;
/// Vouchers that are made for each second of a measurement.
const EACH_SECOND: u64 = 12_000;

/// A program that pays both sides.
pub struct Program {
    /// Its slug.
    pub slug: &'static str,
    /// How long its rewards wait.
    pending_days: u32,
}

/// Its rewards wait for 30 days.
pub const WAITING: Program = Program { slug: "waiting", pending_days: 30 };
/// Its rewards are vouchers at once.
pub const ISSUED: Program = Program { slug: "issued", pending_days: 0 };

/// A shop.
pub struct Shop {
    /// The database's name.
    pub name: &'static str,
    /// Its server.
    pub server: Process,
    /// Where the database is.
    pub target: Target,
    /// The same, as it is given to programs.
    pub url: String,
    /// Where files may be made.
    pub folder: PathBuf,
    /// Its id.
    pub id: Id,
    /// A key's secret.
    pub secret: String,
    /// The tokens of the advocates' shares, by program.
    tokens: Vec<(&'static str, Rc<Vec<String>>)>,
    /// The code of a voucher that may be used again and again.
    pub hot: String,
    /// Memory of the server before anybody asked it anything, megabytes.
    pub rests_at_mb: f64,
    meter: Meter,
}

impl Shop {
    /// Starts the server of a release and makes a shop with programs, advocates, shares and a voucher.
    pub async fn set_up(binary: &Path, database: &Database) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let Database { name, url, folder, .. } = database;
        let server = Process::grapevine(binary, url, folder)?;
        let rests_at_mb = server.memory_mb("VmRSS:");
        let words = "shop create Bench --currency EUR --locale de --landing-host shop.example --mode live";
        let made = server::run(binary, url, folder, &words.split(' ').collect::<Vec<_>>())?;
        let id = made["shop"].as_str().context("no shop")?.to_owned();
        let key = server::run(binary, url, folder, &["key", "create", "--shop", &id, "--scope", "all"])?;
        let target = Target::parse(url).map_err(anyhow::Error::msg)?;
        let mut shop = Self {
            name,
            rests_at_mb,
            meter: Meter::new(&server, &target)?,
            server,
            target,
            url: url.clone(),
            folder: folder.clone(),
            id: id.parse().map_err(|_| anyhow::anyhow!("the shop has a strange id"))?,
            secret: key["client_secret"].as_str().context("no secret")?.to_owned(),
            tokens: Vec::new(),
            hot: String::new(),
        };
        shop.fill().await?;
        println!("{name}: set up in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(shop)
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        self.send("advocates", ADVOCATES, 201, customer(&self.secret, "adv"), None).await?;
        for Program { slug, pending_days } in [WAITING, ISSUED] {
            let program = format!(
                r#"{{"name":"Bench","slug":"{slug}","landing_url":"https://shop.example/welcome","status":"active","pending_days":{pending_days},
                "rewards":[{{"to":"advocate","on":"conversion","kind":"amount_off","amount":1000}},{{"to":"friend","on":"conversion","kind":"amount_off","amount":500}}]}}"#
            );
            self.send("a program", 1, 201, post(&self.secret, "/v1/programs", move |_| program.clone()), None).await?;
            let share = move |n| format!(r#"{{"program":"{slug}","customer":"adv-{n}","channel":"whatsapp"}}"#);
            let tokens = self.keep("token", "shares", ADVOCATES, post(&self.secret, "/v1/shares", share)).await?;
            self.tokens.push((slug, Rc::new(tokens)));
        }
        self.hot = self.voucher_for_many().await?;
        Ok(())
    }

    /// Whether its database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.target, Target::Postgres(_))
    }

    /// The tokens of the advocates' shares in a program.
    pub fn tokens(&self, program: &Program) -> Rc<Vec<String>> {
        let found = self.tokens.iter().find(|(slug, _)| *slug == program.slug);
        found.map(|(_, tokens)| tokens.clone()).unwrap_or_default()
    }

    /// Makes a voucher that may be used again and again; answers its code.
    pub async fn voucher_for_many(&self) -> anyhow::Result<String> {
        let voucher =
            |_| r#"{"kind":"amount_off","amount":100,"currency":"EUR","max_redemptions":100000000}"#.to_owned();
        let mut codes = self.keep("code", "a voucher", 1, post(&self.secret, "/v1/vouchers", voucher)).await?;
        codes.pop().context("no code")
    }

    /// Makes vouchers, as many as can be redeemed in that time; answers their codes.
    pub async fn vouchers(&self, time: Duration) -> anyhow::Result<Rc<Vec<String>>> {
        let many = EACH_SECOND * time.as_secs();
        let voucher = |_| r#"{"kind":"amount_off","amount":100,"currency":"EUR"}"#.to_owned();
        Ok(Rc::new(self.keep("code", "vouchers", many, post(&self.secret, "/v1/vouchers", voucher)).await?))
    }

    /// Sends so many requests; answers a field of each answer.
    async fn keep(&self, name: &str, what: &str, count: u64, make: Make) -> anyhow::Result<Vec<String>> {
        let kept = Rc::new(RefCell::new(Vec::new()));
        self.send(what, count, 201, make, Some(field(name, &kept))).await?;
        Ok(kept.take())
    }

    /// Sends so many requests, numbered from 0.
    pub async fn send(
        &self,
        what: &str,
        count: u64,
        status: u16,
        make: Make,
        take: Option<Take>,
    ) -> anyhow::Result<()> {
        if count > 10_000 {
            println!("{}: making {count} {what}", self.name);
        }
        let outcome = load::run(self.server.address, Until::Count(count), status, 0, make, take).await?;
        anyhow::ensure!(outcome.errors == 0, "{what}: {:?}", outcome.complaint);
        Ok(())
    }

    /// Sends one request.
    pub async fn send_one(&self, what: &str, number: u64, make: &Make) -> anyhow::Result<()> {
        let make = make.clone();
        self.send(what, 1, 201, Rc::new(move |_| make(number)), None).await
    }

    /// Sends requests over every connection for so long.
    pub async fn load(&self, time: Duration, status: u16, first: u64, make: Make) -> anyhow::Result<(Outcome, Usage)> {
        let before = self.meter.read();
        let outcome = load::run(self.server.address, Until::Time(time), status, first, make, None).await?;
        if let Some(complaint) = &outcome.complaint {
            println!("| first other answer: {complaint} |");
        }
        let usage = Usage { spent: self.meter.since(before), peak_mb: self.server.memory_mb("VmHWM:") };
        Ok((outcome, usage))
    }

    /// What one request, number 1, writes; number 0 opens what the first of its kind alone opens.
    pub async fn script(&self, make: &Make) -> anyhow::Result<Script> {
        self.send_one("the first request", 0, make).await?;
        let before = Snapshot::take(&self.target, self.id)?;
        self.send_one("the request that is looked at", 1, make).await?;
        Ok(Script::of(&before, &Snapshot::take(&self.target, self.id)?))
    }

    /// The most that those statements reach, by our client and by PostgreSQL's.
    pub fn limit(&self, bench: &Bench, script: Script) -> anyhow::Result<f64> {
        let time = bench.seconds / 4;
        let by_pgbench = match self.is_postgres() {
            true => pgbench::best(&script, &self.url, &self.folder, time)?,
            false => None,
        };
        let (ours, _) = script.best(&self.target, time)?;
        Ok(by_pgbench.map_or(ours, |theirs| theirs.max(ours)))
    }

    /// What a database does for itself after so much was written is over before it is measured.
    pub fn rest(&self) -> anyhow::Result<()> {
        let mut connection = self.target.connect(Use::Tool)?;
        let sql =
            if connection.is_postgres() { &["VACUUM ANALYZE", "CHECKPOINT"][..] } else { &["PRAGMA wal_checkpoint"] };
        sql.iter().try_for_each(|sql| connection.batch(sql))?;
        Ok(())
    }

    /// Prints a line of the table, and notes a goal that was missed.
    pub fn row(&self, bench: &Bench, path: &str, measured: &(Outcome, Usage), limit: f64, goal: f64) {
        let (outcome, usage) = (&measured.0, measured.1);
        let ratio = table::row(&Row { path, database: self.name, outcome, usage, limit, goal });
        if ratio < goal || outcome.errors > 0 {
            bench.miss(format!("{path} on {} ({ratio:.2} of {goal:.2})", self.name));
        }
    }
}
