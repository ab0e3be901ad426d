//! Through a pool of connections (PgBouncer): one in session mode serves; one that gives each transaction or statement
//! to another session is refused before anything is done, by every command, with what to do.

use std::sync::atomic::{AtomicBool, Ordering};

use grapevine::store::connection::Use;
use grapevine::store::server::pooling::refuse_shared;
use grapevine::store::{StoreError, Target};

use crate::support::database::{Backend, fresh_database};
use crate::support::pgbouncer::PgBouncer;
use crate::support::process::{Process, command, run};
use crate::support::server::block_on;
use crate::support::*;

/// Commands that write, and those that only look and would look into sessions of others.
const COMMANDS: &[&[&str]] = &[
    &["serve"],
    &["deliver"],
    &["migrate"],
    &["shop", "create", "Tee", "--currency", "EUR", "--mode", "test", "--landing-host", "shop.example"],
    &["shop", "list"],
    &["key", "create", "--shop", "tee", "--scope", "all"],
    &["operator", "add", "mia@shop.example", "--shop", "tee", "--role", "owner"],
    &["verify"],
];

mod a_pool_in_session_mode_serves {
    #[test]
    fn postgres() {
        super::serves();
    }
}

fn serves() {
    let database = fresh_database(Backend::Postgres);
    let pool = PgBouncer::start("session", "");
    let url = pool.url(&database);
    let server = Process::start(&url, &[]);
    block_on(async {
        let shop = TestShop::through(&url, std::slice::from_ref(&server)).await;
        let share = shop.share(&shop.program(json!({})).await, "ann").await;
        let order = json!({"order_id": "A-1", "customer_details": {"email": "ben@mail.example"}, "amount": 4990,
                           "currency": "EUR", "evidence": {"token": share["token"]}});
        assert_eq!(shop.post("/v1/conversions", order).await.created()["attribution"]["advocate"], "ann");
        shop.advance(40).await;
        shop.books_balance().await;
        assert_eq!(shop.list("/v1/customers").await.len(), 2);
        shop.anonymous().get("/readyz").await.ok();
    });
    assert_eq!(run(&url, &["doctor"])["database"]["reached"], "through a pool in session mode");
    let found = run(&database, &["doctor"]);
    assert_eq!((&found["database"]["reached"], &found["database"]["takes_writes"]), (&json!("directly"), &json!(true)));
    assert!(found["database"]["round_trip_ms"].as_f64().is_some_and(|trip| trip > 0.0), "{found}");
}

mod a_pool_that_shares_sessions_is_refused {
    #[test]
    fn postgres() {
        super::is_refused();
    }
}

fn is_refused() {
    let database = fresh_database(Backend::Postgres);
    for (mode, more, commands) in [
        ("transaction", "", COMMANDS),
        ("transaction", "server_round_robin = 1", &COMMANDS[..1]),
        ("statement", "", COMMANDS),
    ] {
        let pool = PgBouncer::start(mode, more);
        let url = pool.url(&database);
        // Others have left sessions of every kind there.
        let target = Target::parse(&url).expect("a URL");
        let earlier: Vec<_> = (0..3).map(|_| target.connect(Use::Tool)).collect();
        drop(earlier);
        for arguments in commands {
            let output = command(&url).args(*arguments).output().expect("the binary runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{mode} {arguments:?}: {said}");
            assert!(
                said.contains("pool_mode=session") && said.contains("8 connections"),
                "{mode} {arguments:?}: {said}"
            );
            assert!(said.lines().last().is_some_and(|line| line.contains("DATABASE_URL")), "{said}");
        }
        let output = command(&url).args(["doctor", "--json"]).output().expect("the binary runs");
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((output.status.code(), &found["database"]["ok"]), (Some(1), &json!(false)), "{found}");
        assert!(text(&found["database"]["error"]).contains("pool_mode=session"), "{found}");
    }
    let pool = PgBouncer::start("transaction", "");
    let mut command = command(&fresh_database(Backend::Postgres));
    let output = command.env("DATABASE_READ_URL", pool.url(&database)).arg("serve").output();
    let said = String::from_utf8_lossy(&output.expect("the binary runs").stderr).into_owned();
    assert!(said.contains("DATABASE_READ_URL: ") && said.contains("pool_mode=session"), "{said}");
    let target = Target::parse(&database).expect("a URL");
    let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
    let mut connection = target.connect(Use::Tool).expect("a connection");
    assert_eq!(
        connection.number(&grapevine::store::Statement::new(tables)).expect("a count"),
        Some(0),
        "nothing was made"
    );
}

mod what_is_busy_is_recognised_too {
    #[test]
    fn postgres() {
        super::is_recognised();
    }
}

/// Others work through the pool meanwhile and take what it has; and nobody who comes directly is refused for that.
fn is_recognised() {
    let database = fresh_database(Backend::Postgres);
    let pool = PgBouncer::start("transaction", "");
    let (shared, direct) =
        (Target::parse(&pool.url(&database)).expect("a URL"), Target::parse(&database).expect("a URL"));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let Ok(mut other) = shared.connect(Use::Read) else { return };
                while !over.load(Ordering::Relaxed) {
                    // A session of others may be gone.
                    let _lost = other.batch("BEGIN; COMMIT");
                }
            });
        }
        let rounds = if is_soak() { 200 } else { 20 };
        let looks = (0..rounds).map(|_| (refuse_shared(&shared), refuse_shared(&direct)));
        let others = looks.filter(|looks| !matches!(looks, (Err(StoreError::Unfit(_)), Ok(()))));
        let others: Vec<_> = others.collect();
        over.store(true, Ordering::Relaxed);
        assert!(others.is_empty(), "{} of {rounds}: {others:?}", others.len());
    });
}
