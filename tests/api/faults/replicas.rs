//! A database that takes no writes is read all the same; and with a replica, lists are read there and nothing else is.

use std::time::{Duration, Instant};

use grapevine::store::connection::Use;
use grapevine::store::{Connection, Target};

use crate::support::database::{Backend, fresh_database};
use crate::support::process::{Process, command, run};
use crate::support::proxy::Proxy;
use crate::support::server::block_on;
use crate::support::*;

/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

/// In which a refusal comes once it is known that nothing can be written.
const AT_ONCE: Duration = Duration::from_secs(2);

fn connect(database: &str) -> Connection {
    let target = Target::parse(database).expect("a URL");
    target.connect(Use::Tool).unwrap_or_else(|error| panic!("{error}"))
}

fn name(database: &str) -> String {
    url::Url::parse(database).expect("a URL").path().trim_start_matches('/').to_owned()
}

mod a_server_that_takes_no_writes_is_read {
    #[test]
    fn postgres() {
        super::is_read();
    }
}

fn is_read() {
    let database = fresh_database(Backend::Postgres);
    let server = Process::start(&database, &[]);
    block_on(async {
        let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let share = shop.share(&shop.program(json!({})).await, "ann").await;
        let voucher = json!({"kind": "amount_off", "amount": 500, "code": "SPRING24", "max_redemptions": 9});
        shop.post("/v1/vouchers", voucher).await.created();
        let browser = shop.browser("ann").await;
        let mut other = connect(&database);
        let mut turn = |to: &str| {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            let set = format!("ALTER DATABASE {} SET default_transaction_read_only = {to}", name(&database));
            other.batch(&set).and_then(|()| other.batch(end)).unwrap_or_else(|error| panic!("{error}"));
        };
        turn("on");
        refuses_writes(&shop).await;
        browser.get("/v1/me/vouchers").await.ok();
        // A process that starts now reads as well as one that was there before.
        let newcomer = Process::start(&database, &[]);
        for base in [server.base(), newcomer.base()] {
            let shop = shop.at(base);
            shop.get("/v1/customers/ann").await.ok();
            assert_eq!(shop.get("/v1/customers").await.ok()["data"][0]["external_id"], "ann");
            assert!(shop.get("/v1/customers?format=csv").await.text().contains("ann"));
            let cart = json!({"codes": ["SPRING24"], "currency": "EUR", "amount": 5000});
            assert_eq!(shop.post("/v1/vouchers/check", cart).without("idempotency-key").await.ok()["valid"], true);
            shop.get(&format!("/s/{}", text(&share["token"]))).without("authorization").await.found();
            let begun = Instant::now();
            let refused = shop.put("/v1/customers/ben", json!({})).await;
            assert_eq!((refused.status(), refused.header("retry-after")), (503, Some("1")), "{refused:?}");
            assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
            assert_eq!(shop.get("/readyz").without("authorization").await.status(), 503);
        }
        let output = command(&database).args(["key", "create", "--shop", &shop.id, "--scope", "all"]).output();
        assert_eq!(output.expect("the binary runs").status.code(), Some(1), "it writes");
        assert_eq!(run(&database, &["doctor"])["database"]["takes_writes"], false);
        turn("off");
        let begun = Instant::now();
        for base in [server.base(), newcomer.base()] {
            let ben = shop.at(base).put("/v1/customers/ben", json!({}));
            while ben.clone().await.status() == 503 {
                assert!(begun.elapsed() < LIMIT, "it takes writes again");
            }
            while shop.at(base).get("/readyz").without("authorization").await.status() != 200 {
                assert!(begun.elapsed() < LIMIT, "every writer writes again");
            }
        }
    });
}

/// Until it is known nobody waits for long, and nothing is done.
async fn refuses_writes(shop: &TestShop) {
    let begun = Instant::now();
    loop {
        let asked = Instant::now();
        let answer = shop.put("/v1/customers/ben", json!({})).await;
        assert_eq!(answer.status(), 503, "{answer:?}");
        if asked.elapsed() < AT_ONCE && answer.json()["code"] == "unavailable" {
            return;
        }
        assert!(begun.elapsed() < LIMIT, "it is known that nothing can be written");
    }
}

mod lists_come_from_the_replica_and_nothing_else_does {
    #[test]
    fn postgres() {
        super::lists_come_from_it();
    }
}

/// A replica that stopped following: what it lacks shows who is asked.
fn lists_come_from_it() {
    let (database, replica) = (fresh_database(Backend::Postgres), fresh_database(Backend::Postgres));
    run(&database, &["migrate"]);
    block_on(async {
        let (shop, program) = {
            let server = Process::start(&database, &[]);
            let shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
            let program = shop.program(json!({})).await;
            shop.customer("ann").await;
            (shop, program)
        };
        copy(&database, &replica);
        let proxy = Proxy::before(&replica);
        let server = Process::start(&database, &[("DATABASE_READ_URL", &proxy.url())]);
        let shop = shop.moved_to(std::slice::from_ref(&server));
        // Whoever got a key since is let in, what was made since is there, and counts.
        let newcomer = shop.key(&["customers:read", "customers:write"]).await;
        newcomer.put("/v1/customers/ben", json!({"email": "ben@mail.example"})).await.created();
        newcomer.get("/v1/customers/ben").await.ok();
        let share = json!({"program": program["id"], "customer": "ben", "channel": "whatsapp"});
        let share = shop.post("/v1/shares", share).await.created();
        shop.anonymous().get(&format!("/s/{}", text(&share["token"]))).await.found();
        let order = json!({"order_id": "A-1", "customer_details": {"email": "cleo@mail.example"}, "amount": 4990,
                           "currency": "EUR", "evidence": {"token": share["token"]}});
        assert_eq!(shop.post("/v1/conversions", order).await.created()["attribution"]["advocate"], "ben");
        shop.browser("ben").await.get("/v1/me/shares").await.ok();
        shop.advance(40).await;
        shop.get("/v1/customers/ben/timeline").await.ok();
        shop.get("/v1/customers/ben/export").await.ok();
        // Lists, their CSV and events are as old as the replica.
        assert_eq!(shop.list("/v1/customers").await.len(), 1);
        assert!(!shop.get("/v1/customers?format=csv").await.text().contains("ben"));
        assert_eq!(shop.list("/v1/conversions").await, Vec::<Value>::new());
        let events = shop.get("/v1/events?limit=200").await.ok();
        assert!(elements(&events["data"]).iter().all(|event| event["type"] != "conversion.recorded"), "{events}");
        assert_eq!(shop.anonymous().get("/readyz").await.ok(), json!({"status": "ok", "lists": "ok"}));
        // Without it there are no lists, and all else.
        proxy.stand_still();
        let begun = Instant::now();
        for list in ["/v1/customers", "/v1/customers?format=csv", "/v1/events"] {
            shop.get(list).await.refused(503, "unavailable");
        }
        assert!(begun.elapsed() < LIMIT);
        shop.get("/v1/customers/ben").await.ok();
        newcomer.put("/v1/customers/dora", json!({})).await.created();
        assert_eq!(shop.anonymous().get("/readyz").await.ok(), json!({"status": "ok", "lists": "unavailable"}));
        proxy.go_on();
        while shop.get("/v1/customers").await.status() != 200 {
            assert!(begun.elapsed() < LIMIT, "it is there again");
        }
    });
    let found = command(&database).args(["doctor", "--json"]).env("DATABASE_READ_URL", &replica).output();
    let found: Value = serde_json::from_slice(&found.expect("the binary runs").stdout).expect("JSON");
    assert_eq!(
        (&found["replica"]["ok"], &found["replica"]["schema_is_current"]),
        (&json!(true), &json!(true)),
        "{found}"
    );
    for (url, read) in [(database.as_str(), "sqlite:x.db"), ("sqlite:x.db", replica.as_str()), (&database, "mysql://x")]
    {
        let output = command(url).arg("doctor").env("DATABASE_READ_URL", read).output().expect("the binary runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{read}: {said}");
        assert!(said.contains("DATABASE_READ_URL: "), "{said}");
    }
}

/// Makes the second database what the first is, when nobody is connected to that.
fn copy(from: &str, to: &str) {
    let cluster = std::env::var("GRAPEVINE_TEST_POSTGRES").expect("scripts/with-postgres sets it");
    let mut connection = connect(&cluster);
    let (from, to) = (name(from), name(to));
    let begun = Instant::now();
    connection.batch(&format!("DROP DATABASE {to}")).expect("it is empty");
    // The sessions of a process that was killed end soon.
    while let Err(error) = connection.batch(&format!("CREATE DATABASE {to} TEMPLATE {from}")) {
        assert!(begun.elapsed() < LIMIT, "{error}");
    }
}
