//! The paths that are measured, on each database.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context as _;
use grapevine::records::Id;
use grapevine::store::connection::Use;
use grapevine::store::{Statement, Target};

use crate::Bench;
use crate::asker::Asker;
use crate::audits;
use crate::imports;
use crate::limit::{Script, Snapshot};
use crate::load::{self, Make, Outcome, Take, Until};
use crate::pgbench;
use crate::server::{self, Process, Usage};
use crate::table::{self, Row};

/// Advocates, each with a share.
const ADVOCATES: u64 = 1000;
/// Customers and vouchers that are made for each second of a measurement.
const EACH_SECOND: u64 = 12_000;
/// Redemptions that are made between two looks at how many entries there are.
const PART: u64 = 50_000;
/// Carts that have set a code aside while others use it; the first is what the others are held against.
const OPEN_HOLDS: [u64; 3] = [0, 1_000, 100_000];

const PERSON: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/// Measures everything that was chosen.
pub async fn run(bench: &Bench) -> anyhow::Result<()> {
    let folder = Folder(std::env::temp_dir().join(format!("grapevine-bench-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0)?;
    let postgres = std::env::var("GRAPEVINE_TEST_POSTGRES").context("run `make bench`, which starts a PostgreSQL")?;
    let sqlite = format!("sqlite:{}", folder.0.join("bench.db").display());
    let mut misses = Vec::new();
    for (name, url) in [("SQLite", sqlite), ("PostgreSQL", fresh_database(&postgres)?)] {
        let shop = Shop::set_up(bench, name, url, &folder.0, &mut misses).await?;
        table::heading();
        shop.measure(bench, &mut misses).await?;
        println!();
    }
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

/// A database of its own, so that a run does not meet the rows of another.
fn fresh_database(url: &str) -> anyhow::Result<String> {
    let name = format!("bench_{}", std::process::id());
    let mut connection = Target::parse(url).map_err(anyhow::Error::msg)?.connect(Use::Tool)?;
    connection.batch(&format!("CREATE DATABASE {name}"))?;
    let mut url = url::Url::parse(url)?;
    url.set_path(&name);
    Ok(url.to_string())
}

/// A shop on a running server, with what the paths need.
struct Shop {
    name: &'static str,
    server: Process,
    target: Target,
    url: String,
    folder: PathBuf,
    id: Id,
    secret: String,
    tokens: Rc<Vec<String>>,
    codes: Rc<Vec<String>>,
    hot: String,
}

impl Shop {
    async fn set_up(
        bench: &Bench,
        name: &'static str,
        url: String,
        folder: &Path,
        misses: &mut Vec<String>,
    ) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let server = Process::grapevine(&url, folder)?;
        start_figures(bench, name, &server, misses);
        let arguments = [
            "shop",
            "create",
            "Bench",
            "--currency",
            "EUR",
            "--locale",
            "de",
            "--landing-host",
            "shop.example",
            "--mode",
            "live",
        ];
        let made = server::run(&url, folder, &arguments)?;
        let id = made["shop"].as_str().context("no shop")?.to_owned();
        let key = server::run(&url, folder, &["key", "create", "--shop", &id, "--scope", "all"])?;
        let secret = key["client_secret"].as_str().context("no secret")?.to_owned();
        let target = Target::parse(&url).map_err(anyhow::Error::msg)?;
        let id = id.parse().map_err(|_| anyhow::anyhow!("the shop has a strange id"))?;
        let folder = folder.to_owned();
        let mut shop = Self {
            name,
            server,
            target,
            url,
            folder,
            id,
            secret,
            tokens: Rc::default(),
            codes: Rc::default(),
            hot: String::new(),
        };
        shop.fill(bench).await?;
        println!("{name}: set up in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(shop)
    }

    /// Makes a program, shares, customers and vouchers.
    async fn fill(&mut self, bench: &Bench) -> anyhow::Result<()> {
        let many = EACH_SECOND * (bench.seconds.as_secs() + 2);
        let secret = self.secret.clone();
        let program = r#"{"name":"Bench","slug":"bench","landing_url":"https://shop.example/welcome","status":"active","pending_days":0,
            "rewards":[{"to":"advocate","on":"conversion","kind":"amount_off","amount":1000},{"to":"friend","on":"conversion","kind":"amount_off","amount":500}]}"#;
        self.send("a program", 1, 201, post(&secret, "/v1/programs", move |_| program.to_owned()), None).await?;
        self.send("advocates", ADVOCATES, 201, customer(&self.secret, "adv"), None).await?;
        let tokens = Rc::new(RefCell::new(Vec::new()));
        let share = |n| format!(r#"{{"program":"bench","customer":"adv-{n}","channel":"whatsapp"}}"#);
        self.send("shares", ADVOCATES, 201, post(&self.secret, "/v1/shares", share), Some(field("token", &tokens)))
            .await?;
        self.tokens = Rc::new(tokens.take());
        let hot = Rc::new(RefCell::new(Vec::new()));
        let voucher =
            |_| r#"{"kind":"amount_off","amount":100,"currency":"EUR","max_redemptions":100000000}"#.to_owned();
        self.send("a voucher", 1, 201, post(&self.secret, "/v1/vouchers", voucher), Some(field("code", &hot))).await?;
        self.hot = hot.take().pop().context("no code")?;
        if bench.wants("conversions") {
            self.send("customers", many, 201, customer(&self.secret, "c"), None).await?;
        }
        if bench.wants("redemptions") {
            let codes = Rc::new(RefCell::new(Vec::new()));
            let voucher = |_| r#"{"kind":"amount_off","amount":100,"currency":"EUR"}"#.to_owned();
            self.send("vouchers", many, 201, post(&self.secret, "/v1/vouchers", voucher), Some(field("code", &codes)))
                .await?;
            self.codes = Rc::new(codes.take());
        }
        Ok(())
    }

    async fn send(&self, what: &str, count: u64, status: u16, make: Make, take: Option<Take>) -> anyhow::Result<()> {
        if count > 10_000 {
            println!("{}: making {count} {what}", self.name);
        }
        let outcome = load::run(self.server.address, Until::Count(count), status, 0, make, take).await?;
        anyhow::ensure!(outcome.errors == 0, "{what}: {:?}", outcome.complaint);
        Ok(())
    }

    async fn measure(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        if bench.wants("links") {
            self.links(bench, misses).await?;
        }
        if bench.wants("reads") {
            self.reads(bench, misses).await?;
        }
        if bench.wants("checks") {
            self.checks(bench, misses).await?;
        }
        if bench.wants("conversions") {
            self.conversions(bench, misses).await?;
        }
        if bench.wants("redemptions") {
            self.redemptions(bench, misses).await?;
        }
        if bench.wants("holds") {
            self.holds(bench, misses).await?;
        }
        let asker = Asker::new(&self.server, &self.secret);
        if bench.wants("imports") && !imports::import(&asker, self.name, bench.seconds).await? {
            misses.push(format!("memory of an import on {}", self.name));
        }
        if bench.wants("audits") {
            self.fill_books().await?;
            if !audits::audit(&asker, self.name, bench.seconds).await? {
                misses.push(format!("proof of the books on {}", self.name));
            }
        }
        Ok(())
    }

    async fn links(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let tokens = self.tokens.clone();
        let make: Make = Rc::new(move |n| opening(&tokens[pick(n, tokens.len())]));
        let (outcome, usage) = self.load(bench, 302, 0, make).await?;
        let location = "https://shop.example/welcome?gv=a1B2c3D4e5F.AbCdEfGhIjKlMnOpQrSt&utm_source=whatsapp&utm_medium=social&utm_campaign=bench&utm_source_platform=dark_social&utm_id=prg_01arz3ndektsv4rrffq69g5fav&utm_content=share";
        let bare = Process::bare("", location)?;
        let make: Make = Rc::new(|_| opening("a1B2c3D4e5F"));
        let limit = load::run(bare.address, Until::Time(bench.seconds), 302, 0, make, None).await?;
        self.row("open a share link", &outcome, usage, limit.rate(), 0.70, misses);
        println!(
            "| … p99 against the limit's | {} | | | {:.2} | | | | {:.2} | {:.2} | 3.00 (most) |",
            self.name,
            outcome.p99_ms,
            limit.p99_ms,
            outcome.p99_ms / limit.p99_ms
        );
        if outcome.p99_ms > 3.0 * limit.p99_ms {
            misses.push(format!("p99 of a share link on {}", self.name));
        }
        Ok(())
    }

    async fn reads(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let secret = self.secret.clone();
        let make: Make =
            Rc::new(move |n| request("GET", &format!("/v1/customers/adv-{}", pick(n, 1000)), &secret, None, ""));
        let (outcome, usage) = self.load(bench, 200, 0, make.clone()).await?;
        let limit = self.bare_limit(bench, "GET", make(0)).await?;
        self.row("read a resource", &outcome, usage, limit, 0.40, misses);
        Ok(())
    }

    async fn checks(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let cart = cart(&self.hot, "check");
        let make = post(&self.secret, "/v1/vouchers/check", move |_| cart.clone());
        let (outcome, usage) = self.load(bench, 200, 0, make.clone()).await?;
        let limit = self.bare_limit(bench, "POST", make(0)).await?;
        self.row("check a voucher", &outcome, usage, limit, 0.40, misses);
        Ok(())
    }

    /// A bare handler with the same request and the same body.
    async fn bare_limit(&self, bench: &Bench, method: &str, sample: String) -> anyhow::Result<f64> {
        let body = Rc::new(RefCell::new(String::new()));
        let kept = body.clone();
        let take: Take = Rc::new(move |_, text| *kept.borrow_mut() = text.to_owned());
        let one = sample.clone();
        load::run(self.server.address, Until::Count(1), 200, 0, Rc::new(move |_| one.clone()), Some(take)).await?;
        let bare = Process::bare(&body.borrow(), "")?;
        let path = sample.split(' ').nth(1).unwrap_or_default();
        let bare_request = sample.replacen(&format!("{method} {path}"), &format!("{method} /body"), 1);
        let make: Make = Rc::new(move |_| bare_request.clone());
        Ok(load::run(bare.address, Until::Time(bench.seconds), 200, 0, make, None).await?.rate())
    }

    async fn conversions(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let (secret, tokens) = (self.secret.clone(), self.tokens.clone());
        let make: Make = Rc::new(move |n| {
            let token = &tokens[pick(n, tokens.len())];
            let body = format!(
                r#"{{"order_id":"o-{n}","customer":"c-{n}","amount":4990,"currency":"EUR","evidence":{{"token":"{token}"}}}}"#
            );
            request("POST", "/v1/conversions", &secret, Some(&format!("conversion-{n}")), &body)
        });
        let script = self.script(&make).await?;
        println!("| (a conversion writes {} rows) |", script.len());
        let (outcome, usage) = self.load(bench, 201, 2, make).await?;
        let limit = self.limit(bench, script)?;
        self.row("record a conversion", &outcome, usage, limit, 2.50, misses);
        Ok(())
    }

    async fn redemptions(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let codes = self.codes.clone();
        let many = self.redemption(move |n| codes.get(usize::try_from(n).unwrap_or(0)).cloned().unwrap_or_default());
        let script = self.script(&many).await?;
        let (outcome, usage) = self.load(bench, 201, 2, many).await?;
        let limit = self.limit(bench, script)?;
        self.row("redeem a voucher (many)", &outcome, usage, limit, 2.50, misses);
        let code = self.hot.clone();
        let hot = self.redemption(move |_| code.clone());
        let (hot, usage) = self.load(bench, 201, 10_000_000, hot).await?;
        self.row("redeem a voucher (one, against many)", &hot, usage, outcome.rate(), 0.80, misses);
        Ok(())
    }

    /// Each step of a checkout with a code that so many other carts have set aside, against the same with none.
    async fn holds(&self, bench: &Bench, misses: &mut Vec<String>) -> anyhow::Result<()> {
        let mut free: Option<[f64; 3]> = None;
        for open in OPEN_HOLDS {
            let code = self.held(open).await?;
            let [checked, held, redeemed] = [cart(&code, "check"), code.clone(), code];
            let check = post(&self.secret, "/v1/vouchers/check", move |_| checked.clone());
            let hold = post(&self.secret, "/v1/holds", move |n| held_cart(&held, &format!("mine-{open}-{n}")));
            let first = 100_000_000 + open * 1_000;
            let redeem = self.redemption(move |_| redeemed.clone());
            let steps = [("check", 200, check), ("hold", 201, hold), ("redeem", 201, redeem)];
            let mut rates = [0.0; 3];
            for (place, (step, status, make)) in steps.into_iter().enumerate() {
                let (outcome, usage) = self.load(bench, status, first, make).await?;
                rates[place] = outcome.rate();
                let (limit, goal) = free.map_or((outcome.rate(), 1.0), |free| (free[place], 0.80));
                self.row(&format!("{step} beside {open} open holds"), &outcome, usage, limit, goal, misses);
            }
            free.get_or_insert(rates);
        }
        Ok(())
    }

    /// The code of a voucher that so many carts have set aside.
    async fn held(&self, open: u64) -> anyhow::Result<String> {
        let codes = Rc::new(RefCell::new(Vec::new()));
        let voucher =
            |_| r#"{"kind":"amount_off","amount":100,"currency":"EUR","max_redemptions":100000000}"#.to_owned();
        self.send("a voucher", 1, 201, post(&self.secret, "/v1/vouchers", voucher), Some(field("code", &codes)))
            .await?;
        let code = codes.take().pop().context("no code")?;
        let held = code.clone();
        let hold = post(&self.secret, "/v1/holds", move |n| held_cart(&held, &format!("theirs-{open}-{n}")));
        self.send("holds", open, 201, hold, None).await?;
        self.rest()?;
        Ok(code)
    }

    /// What a database does for itself after so much was written is over before it is measured.
    fn rest(&self) -> anyhow::Result<()> {
        let mut connection = self.target.connect(Use::Tool)?;
        let sql =
            if connection.is_postgres() { &["VACUUM ANALYZE", "CHECKPOINT"][..] } else { &["PRAGMA wal_checkpoint"] };
        sql.iter().try_for_each(|sql| connection.batch(sql))?;
        Ok(())
    }

    /// Redeems the hot voucher until there are as many entries as are to be.
    async fn fill_books(&self) -> anyhow::Result<()> {
        let mut connection = self.target.connect(Use::Tool)?;
        for part in 0.. {
            let counted = connection.number(&Statement::new("SELECT COUNT(*) FROM entries"))?;
            if counted.and_then(|entries| u64::try_from(entries).ok()) >= Some(audits::entries()) {
                break;
            }
            let (code, first) = (self.hot.clone(), 500_000_000 + part * PART);
            let make = self.redemption(move |_| code.clone());
            self.send("redemptions", PART, 201, Rc::new(move |n| make(first + n)), None).await?;
        }
        Ok(())
    }

    fn redemption(&self, code: impl Fn(u64) -> String + 'static) -> Make {
        let secret = self.secret.clone();
        Rc::new(move |n| {
            let body = cart(&code(n), &format!("r-{n}"));
            request("POST", "/v1/redemptions", &secret, Some(&format!("redemption-{n}")), &body)
        })
    }

    /// The most that those statements reach, by our client and by PostgreSQL's.
    fn limit(&self, bench: &Bench, script: Script) -> anyhow::Result<f64> {
        let time = bench.seconds / 4;
        let by_pgbench = match self.url.starts_with("postgres") {
            true => pgbench::best(&script, &self.url, &self.folder, time)?,
            false => None,
        };
        let (ours, _) = script.best(&self.target, time)?;
        Ok(by_pgbench.map_or(ours, |theirs| theirs.max(ours)))
    }

    /// What one request, number 1, writes; number 0 opens what the first of its kind alone opens.
    async fn script(&self, make: &Make) -> anyhow::Result<Script> {
        self.send("the first request", 1, 201, make.clone(), None).await?;
        let before = Snapshot::take(&self.target, self.id)?;
        let outcome = load::run(self.server.address, Until::Count(1), 201, 1, make.clone(), None).await?;
        anyhow::ensure!(outcome.errors == 0, "{:?}", outcome.complaint);
        Ok(Script::of(&before, &Snapshot::take(&self.target, self.id)?))
    }

    async fn load(&self, bench: &Bench, status: u16, first: u64, make: Make) -> anyhow::Result<(Outcome, Usage)> {
        let before = self.server.usage();
        let outcome = load::run(self.server.address, Until::Time(bench.seconds), status, first, make, None).await?;
        if let Some(complaint) = &outcome.complaint {
            println!("| first other answer: {complaint} |");
        }
        Ok((outcome, self.server.usage_since(before)))
    }

    fn row(&self, path: &str, outcome: &Outcome, usage: Usage, limit: f64, goal: f64, misses: &mut Vec<String>) {
        let ratio = table::row(&Row { path, database: self.name, outcome, usage, limit, goal });
        if ratio < goal || outcome.errors > 0 {
            misses.push(format!("{path} on {} ({ratio:.2} of {goal:.2})", self.name));
        }
    }
}

fn start_figures(bench: &Bench, name: &str, server: &Process, misses: &mut Vec<String>) {
    if !bench.wants("start") {
        return;
    }
    let figures = [
        ("until it listens, s", server.started_in.as_secs_f64(), 0.30),
        ("memory at rest, MB", server.memory_mb("VmRSS:"), 40.0),
        ("binary, MB", server::binary_mb(), 40.0),
    ];
    for (what, figure, most) in figures {
        println!("{name}: {what}: {figure:.2} (at most {most:.2})");
        if figure > most {
            misses.push(format!("{what} on {name} ({figure:.2} of at most {most:.2})"));
        }
    }
}

/// Spreads consecutive numbers over so many places.
fn pick(number: u64, places: usize) -> usize {
    usize::try_from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap_or(0) % places.max(1)
}

fn cart(code: &str, order: &str) -> String {
    format!(r#"{{"codes":["{code}"],"order_id":"{order}","currency":"EUR","amount":4990,"shipping_amount":490}}"#)
}

fn held_cart(code: &str, cart: &str) -> String {
    format!(r#"{{"codes":["{code}"],"cart_id":"{cart}","currency":"EUR","amount":4990,"ttl_seconds":86400}}"#)
}

fn opening(token: &str) -> String {
    format!("GET /s/{token} HTTP/1.1\r\nHost: go.shop.example\r\nUser-Agent: {PERSON}\r\nAccept: text/html\r\n\r\n")
}

/// Makes customers; each is a person, by an address of his own.
fn customer(secret: &str, prefix: &'static str) -> Make {
    let secret = secret.to_owned();
    Rc::new(move |n| {
        let body = format!(r#"{{"email":"{prefix}-{n}@mail.example"}}"#);
        request("PUT", &format!("/v1/customers/{prefix}-{n}"), &secret, None, &body)
    })
}

fn post(secret: &str, path: &'static str, body: impl Fn(u64) -> String + 'static) -> Make {
    let secret = secret.to_owned();
    Rc::new(move |n| request("POST", path, &secret, Some(&ulid::Ulid::generate().to_string()), &body(n)))
}

fn request(method: &str, path: &str, secret: &str, key: Option<&str>, body: &str) -> String {
    let key = key.map_or_else(String::new, |key| format!("Idempotency-Key: {key}\r\n"));
    let content = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n{key}{content}\r\n{body}")
}

/// Keeps a text field of each answer.
fn field(name: &str, kept: &Rc<RefCell<Vec<String>>>) -> Take {
    let (mark, kept) = (format!("\"{name}\":\""), kept.clone());
    Rc::new(move |_, body| {
        if let Some((value, _)) = body.split_once(&mark).and_then(|(_, rest)| rest.split_once('"')) {
            kept.borrow_mut().push(value.to_owned());
        }
    })
}
