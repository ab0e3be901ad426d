//! Clocks that are wrong: one that jumps while a server runs, one that is wrong when a program starts, a
//! shop in whose time somebody wrote whose clock was ahead. The clock of the real binary is set by
//! libfaketime; the time that has passed is not.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use grapevine::demo::receiver::Receiver;

use crate::shops::messages::{card, message, reachable, told};
use crate::support::database::{Backend, fresh_database, fresh_folder};
use crate::support::process::{Process, command, run};
use crate::support::server::block_on;
use crate::support::*;

/// Makes a test of each function for each database.
macro_rules! on_fresh_databases {
    ( $( $name:ident ),* $(,)? ) => { $(
        mod $name {
            use crate::support::Backend;
            use crate::support::server::block_on;

            #[test]
            fn sqlite() {
                block_on(super::$name(Backend::Sqlite));
            }

            #[test]
            fn postgres() {
                block_on(super::$name(Backend::Postgres));
            }
        }
    )* };
}

on_fresh_databases!(
    a_clock_that_jumps_ahead_is_not_followed,
    a_clock_that_goes_back_keeps_nothing_waiting,
    a_clock_that_is_wrong_from_the_start_writes_nothing,
    a_shop_whose_time_is_ahead_is_brought_back,
);

const DAY_MS: i64 = 86_400_000;
/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

/// Jumps there and back: one, or with `GRAPEVINE_SOAK` as many as are asked for before a release.
fn rounds() -> usize {
    if is_soak() { 100 } else { 1 }
}

/// A clock that a test sets.
struct FakeClock {
    file: PathBuf,
}

impl FakeClock {
    /// It shows the true time, or one that is off: `+1d`, `-1h`.
    fn showing(off: &str) -> Self {
        let clock = Self { file: fresh_folder().join("clock") };
        clock.set(off);
        clock
    }

    fn set(&self, off: &str) {
        let next = self.file.with_extension("next");
        std::fs::write(&next, format!("{off}\n")).expect("it can be written");
        std::fs::rename(next, &self.file).expect("it can be put in place");
    }

    /// The variables of the environment of a program that goes by it.
    fn settings(&self) -> Vec<(&str, &str)> {
        let library = LIBRARIES.iter().find(|library| Path::new(library).exists());
        let library = library.expect("libfaketime is there: scripts/need faketime brings it");
        vec![
            ("LD_PRELOAD", library),
            ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().expect("UTF-8")),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ]
    }
}

/// Where Debian has it.
const LIBRARIES: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// How far an instant of an answer is from now, milliseconds.
fn off_ms(instant: &Value) -> i64 {
    let at = chrono::DateTime::parse_from_rfc3339(instant.as_str().expect("an instant")).expect("RFC 3339");
    at.timestamp_millis() - chrono::Utc::now().timestamp_millis()
}

fn instant(off_ms: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::milliseconds(off_ms)).to_rfc3339()
}

/// Asks again and again until it is so.
async fn until<F: Future<Output = bool>>(what: &str, ask: impl Fn() -> F) {
    let begun = Instant::now();
    while !ask().await {
        assert!(begun.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
    }
}

async fn voucher(shop: &Actor, until_ms: i64) -> Value {
    let voucher = json!({"kind": "amount_off", "amount": 500, "valid_until": instant(until_ms)});
    shop.post("/v1/vouchers", voucher).await.created()
}

fn cart(voucher: &Value) -> Value {
    json!({"currency": "EUR", "amount": 5000, "codes": [voucher["code"]]})
}

async fn is_valid(shop: &Actor, voucher: &Value) -> bool {
    shop.post("/v1/vouchers/check", cart(voucher)).await.ok()["valid"] == true
}

async fn hold(shop: &Actor, voucher: &Value, seconds: i64) -> Value {
    let mut hold = cart(voucher);
    (hold["ttl_seconds"], hold["cart_id"]) = (json!(seconds), json!(fresh("cart")));
    shop.post("/v1/holds", hold).await.created()
}

/// A mail is queued for a customer, and leaves.
async fn a_mail_leaves(shop: &Actor, name: &str) {
    reachable(shop, name).await;
    let queued = told(shop, name, card()).await;
    until("the mail leaves", || async { message(shop, &queued["id"]).await["status"] == "sent" }).await;
}

async fn a_clock_that_jumps_ahead_is_not_followed(backend: Backend) {
    let (database, clock) = (fresh_database(backend), FakeClock::showing("+0"));
    let server = Process::start(&database, &clock.settings());
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    let made = voucher(&shop, 30 * DAY_MS).await;
    for off in ["+2h", "+1d", "+365d", "+0"].repeat(rounds()) {
        clock.set(off);
        let customer = shop.customer(&fresh("ahead")).await;
        assert!(off_ms(&customer["created_at"]).abs() < 60_000, "{off}: {customer}");
        assert!(is_valid(&shop, &made).await, "{off}");
        shop.anonymous().get("/readyz").await.ok();
    }
    let said = server.log().matches("the machine's clock jumped ahead").count();
    assert_eq!(said, rounds(), "each jump is said once: {}", server.log());
    server.kill();
    let server = Process::start(&database, &[]);
    let shop = shop.moved_to(std::slice::from_ref(&server));
    let customer = shop.customer("later").await;
    assert!(off_ms(&customer["created_at"]).abs() < 60_000, "{customer}");
    shop.anonymous().get("/readyz").await.ok();
}

async fn a_clock_that_goes_back_keeps_nothing_waiting(backend: Backend) {
    let receiver = Receiver::start().await.expect("a receiver");
    let (database, clock, url) = (fresh_database(backend), FakeClock::showing("+0"), receiver.url());
    let mut settings = clock.settings();
    settings.push(("MAIL_URL", url.as_str()));
    let mut server = Process::start(&database, &settings);
    let mut shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    let made = voucher(&shop, 30 * DAY_MS).await;
    for (name, off) in [("before", "+0"), ("while", "-1h"), ("after", "-1h")] {
        hold(&shop, &made, 2).await;
        clock.set(off);
        until("the hold lapses", || is_valid(&shop, &made)).await;
        a_mail_leaves(&shop, name).await;
        if off != "+0" && name == "while" {
            server.kill();
            // PostgreSQL's clock did not go back, and a server whose clock is an hour behind it does not start.
            if backend == Backend::Postgres {
                clock.set("+0");
            }
            server = Process::start(&database, &settings);
            shop = shop.moved_to(std::slice::from_ref(&server));
        }
    }
    assert_eq!(server.log().contains("a shop's time is ahead"), backend == Backend::Sqlite, "{}", server.log());
    shop.books_balance().await;
}

async fn a_clock_that_is_wrong_from_the_start_writes_nothing(backend: Backend) {
    let database = fresh_database(backend);
    let server = Process::start(&database, &[]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    shop.customer("anna").await;
    let attempt = |clock: &FakeClock, arguments: &[&str]| {
        let output = command(&database).args(arguments).envs(clock.settings()).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (year, hour) = (FakeClock::showing("+365d"), FakeClock::showing("+1h"));
    let (postgres, id) = (backend == Backend::Postgres, shop.id.as_str());
    let key = ["key", "create", "--shop", id, "--scope", "programs:read"];
    let create = ["shop", "create", "Late", "--currency", "EUR", "--mode", "test", "--landing-host", "shop.example"];
    let remedy = if postgres { "that of the database" } else { "grapevine clock trust" };
    for arguments in [&key[..], &create, &["serve"], &["clock", "show"]] {
        let (code, said) = attempt(&year, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains(remedy) || arguments[0] == "clock", "{arguments:?}: {said}");
    }
    assert_eq!(attempt(&hour, &key).0 == Some(0), !postgres, "an hour is seen where there is another clock");
    shop.anonymous().get("/readyz").await.ok();
    let customer = shop.customer("berta").await;
    let within_ms = if postgres { 60_000 } else { 3_660_000 };
    assert!(off_ms(&customer["created_at"]).abs() < within_ms, "{customer}");
    // Whoever has the database can say that it is right; not against the database's own clock.
    let (code, said) = attempt(&year, &["clock", "trust"]);
    assert_eq!(code == Some(0), !postgres, "{said}");
    assert_eq!(attempt(&year, &key).0 == Some(0), !postgres);
}

/// A server whose clock is a year ahead, by a setting for tests that no check sees, does what is due then.
async fn a_shop_whose_time_is_ahead_is_brought_back(backend: Backend) {
    let receiver = Receiver::start().await.expect("a receiver");
    let (database, url) = (fresh_database(backend), receiver.url());
    let year_ms = (365 * DAY_MS).to_string();
    let server = Process::start(&database, &[]);
    let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
    let other = shop.another().await;
    let program = shop.program(json!({"pending_days": 14})).await;
    let [month, free] = [voucher(&shop, 30 * DAY_MS).await, voucher(&shop, 500 * DAY_MS).await];
    let gift = json!({"kind": "gift_card", "amount": 2_000, "valid_until": instant(60 * DAY_MS)});
    let gift = shop.post("/v1/vouchers", gift).await.created();
    server.kill();

    let ahead = Process::start(&database, &[("GRAPEVINE_CLOCK_SKEW_MS", &year_ms), ("MAIL_URL", "smtp://127.0.0.1:9")]);
    let shop = shop.moved_to(std::slice::from_ref(&ahead));
    let show = |shop: &TestShop, voucher: &Value| shop.get(&path("/v1/vouchers", &voucher["id"]));
    for lapses in [&month, &gift] {
        until("it expires", || async { show(&shop, lapses).await.ok()["status"] == "expired" }).await;
    }
    let share = shop.share(&program, "advocate").await;
    shop.customer("friend").await;
    let order = json!({"order_id": "A-1", "customer": "friend", "amount": 4990, "currency": "EUR", "paid": true,
                       "evidence": {"token": share["token"]}});
    let conversion = shop.post("/v1/conversions", order).await.created();
    assert!(off_ms(&conversion["created_at"]) > 360 * DAY_MS);
    let held = hold(&shop, &free, 900).await;
    reachable(&shop, "waits").await;
    let mail = told(&shop, "waits", card()).await;
    ahead.kill();

    // The other shop knows nothing of it, and what lapses in seconds lapses in this one, too.
    let server = Process::start(&database, &[("MAIL_URL", &url)]);
    let (shop, other) = (shop.moved_to(std::slice::from_ref(&server)), other.moved_to(std::slice::from_ref(&server)));
    let brief = voucher(&shop, 500 * DAY_MS).await;
    hold(&shop, &brief, 2).await;
    until("the hold lapses", || is_valid(&shop, &brief)).await;
    assert!(off_ms(&other.customer("anna").await["created_at"]).abs() < 60_000);
    shop.anonymous().get("/readyz").await.ok();
    let shown = command(&database).args(["clock", "show", "--json"]).output().expect("it runs");
    assert_eq!(shown.status.code(), Some(1));
    let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(shown["shops_ahead"].as_array().map(Vec::len), Some(1), "{shown}");
    assert_eq!(shown["shops_ahead"][0]["shop"], shop.id.as_str());

    // Brought back while a server runs.
    let rewound = run(&database, &["clock", "rewind", &shop.id]);
    assert!(rewound["brought_back"].as_i64() >= Some(4), "{rewound}");
    for again in [&month, &gift] {
        assert_eq!(show(&shop, again).await.ok()["status"], "active");
        assert!(is_valid(&shop, again).await);
    }
    assert_eq!(shop.get(&path("/v1/holds", &held["id"])).await.ok()["status"], "released");
    until("the mail leaves", || async { message(&shop, &mail["id"]).await["status"] == "sent" }).await;
    let due = shop.get(&path("/v1/conversions", &conversion["id"])).await.ok()["pending_until"].clone();
    assert!((off_ms(&due) - 14 * DAY_MS).abs() < DAY_MS, "{due}");
    let customer = shop.customer("now").await;
    assert!(off_ms(&customer["created_at"]).abs() < 60_000, "{customer}");
    let audited = shop.list("/v1/audit_log?action=rewind_clock").await;
    assert_eq!(audited.len(), 1, "{audited:?}");
    let again = command(&database).args(["clock", "rewind", &shop.id]).output().expect("it runs");
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(run(&database, &["clock", "show"])["ok"], true);
    assert_eq!(run(&database, &["verify"])["ok"], true);
}

#[test]
fn the_clock_of_these_tests_is_the_one_that_the_program_sees() {
    let clock = FakeClock::showing("+365d");
    let database = fresh_database(Backend::Sqlite);
    run(&database, &["migrate"]);
    let output = command(&database).args(["clock", "show", "--json"]).envs(clock.settings()).output().expect("it runs");
    let shown: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(off_ms(&shown["machine"]) > 360 * DAY_MS, "{shown}");
    block_on(async {});
}
