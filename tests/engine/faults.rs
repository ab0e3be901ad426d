//! What is lost between the engine and its database: connections, COMMITs and their answers, the
//! database itself. Nothing is doubled, no answer is wrong, and nobody waits for long.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use grapevine::decide::draft::Draft;
use grapevine::decide::orders::record_conversion::RecordConversion;
use grapevine::decide::vouchers::create_voucher::CreateVoucher;
use grapevine::engine::clock::read_machine;
use grapevine::engine::sweep::Sweeper;
use grapevine::engine::{Clock, Engine, Failure};
use grapevine::records::{Customer, Id, Kind, Value};
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Pool, Statement, Target, statistics};
use rand::RngExt as _;
use serde_json::json;
use tokio::sync::Notify;

use crate::proxy::Proxy;
use crate::rig::{self, Start, block_on, books_balance, number, stop, submit};
use crate::support::{Fresh, on_both, on_postgres, on_sqlite};

/// Clients at once.
const CLIENTS: usize = 8;
/// Times that something is broken while they are there.
const BREAKS: usize = 3;
/// In which there is an answer: 5 s are promised; more on a machine that builds beside it.
const IN_TIME: Duration = Duration::from_secs(8);

on_postgres!(
    commits_and_their_answers_are_lost,
    connections_are_lost,
    a_database_that_is_gone_keeps_nobody_waiting,
    what_others_hold_is_no_commands_fault,
    what_is_held_heads_no_other_due_work,
    a_full_disk_is_no_commands_fault,
    statistics_are_made_however_long_it_takes,
    a_shop_is_made_once_though_commits_are_lost,
);
on_sqlite!(a_busy_file_is_waited_for);
on_both!(
    a_panic_ends_nothing_else,
    a_reader_that_panics_goes_on,
    who_panics_over_what_is_not_loaded_yet_is_asked_again,
    carts_that_each_wait_for_a_hold_that_is_over_are_all_served,
    a_reader_that_stands_still_keeps_nobody_waiting,
    after_its_end_nothing_is_at_work,
);

fn commits_and_their_answers_are_lost(database: &Fresh) {
    let seed: u64 = rand::rng().random();
    eprintln!("seed {seed}");
    let proxy = Proxy::start(&database.target, 2, seed);
    let each = if rig::is_soak() { 400 } else { 25 };
    under_load(database, proxy.target(&database.target), each, || true);
    assert!(proxy.faults() > 0, "the load met faults");
}

fn connections_are_lost(database: &Fresh) {
    let proxy = Proxy::start(&database.target, 0, 0);
    let each = if rig::is_soak() { 400 } else { 40 };
    under_load(database, proxy.target(&database.target), each, || proxy.cut() > 0);
}

/// What a client knows of one grant, told apart by its reason.
enum Known {
    /// It was given.
    Given,
    /// It was not.
    NotGiven,
    /// Nobody knows.
    Unknown,
}

/// Clients give grants, half of them with keys and until they are answered; meanwhile something is
/// broken again and again, and they go on until it was (`break_something` says whether it was). What
/// they were told must be what is there.
fn under_load(database: &Fresh, target: Target, each: usize, break_something: impl Fn() -> bool + Send) {
    let shop = rig::shop(database);
    let engine = Start { target, ..Start::on(database) }.engine();
    block_on(until_answered(&engine, shop, "customer", || rig::customer("ann").into()));
    let broken = AtomicUsize::new(0);
    let known = std::thread::scope(|scope| {
        // Dropped when the clients have ended, however they did.
        let (_over, is_over) = mpsc::channel::<()>();
        let breaks = &broken;
        scope.spawn(move || {
            let mut pauses = [300, 40, 150, 700].map(Duration::from_millis).into_iter().cycle();
            while is_over.recv_timeout(pauses.next().expect("endless")) == Err(RecvTimeoutError::Timeout) {
                breaks.fetch_add(usize::from(break_something()), Ordering::SeqCst);
            }
        });
        let go_on = |given: usize| given < each || broken.load(Ordering::SeqCst) < BREAKS;
        let clients = (0..CLIENTS).map(|client| give(&engine, shop, client, go_on));
        block_on(join_all(clients)).into_iter().flatten().collect::<Vec<(String, Known)>>()
    });
    block_on(stop(engine));
    compare(database, &known);
    books_balance(database);
}

async fn give(engine: &Engine, shop: Id, client: usize, go_on: impl Fn(usize) -> bool) -> Vec<(String, Known)> {
    let mut known = Vec::new();
    while go_on(known.len()) {
        let reason = format!("{client}-{}", known.len());
        let grant = || rig::grant("ann", &reason);
        let fate = if client.is_multiple_of(2) {
            until_answered(engine, shop, &reason, || grant().into()).await;
            Known::Given
        } else {
            match submit(engine, shop, grant(), None).await {
                Ok(_) => Known::Given,
                Err(Failure::OutcomeUnknown) => Known::Unknown,
                Err(Failure::Busy | Failure::Unavailable) => {
                    tokio::task::yield_now().await;
                    Known::NotGiven
                }
                Err(failure) => panic!("{failure}: nothing is wrong with the command"),
            }
        };
        known.push((reason, fate));
    }
    known
}

/// Repeats a command under one key, as a client does that got no answer.
async fn until_answered(engine: &Engine, shop: Id, key: &str, command: impl Fn() -> grapevine::decide::Command) {
    loop {
        match submit(engine, shop, command(), Some(key)).await {
            Ok(_) => return,
            Err(Failure::OutcomeUnknown | Failure::Busy | Failure::Unavailable) => tokio::task::yield_now().await,
            Err(failure) => panic!("{failure}: nothing is wrong with the command"),
        }
    }
}

/// Holds what clients know against what is there.
fn compare(database: &Fresh, known: &[(String, Known)]) {
    let counts = Statement::new("SELECT reason, COUNT(*) FROM grants GROUP BY reason");
    let rows = database.connect().query(&counts, &[Kind::Text, Kind::Int]).expect("grants");
    let there: BTreeMap<String, i64> = rows
        .into_iter()
        .filter_map(|row| match <[Value; 2]>::try_from(row) {
            Ok([Value::Text(Some(reason)), Value::Int(Some(count))]) => Some((reason, count)),
            _ => None,
        })
        .collect();
    for (reason, fate) in known {
        let count = there.get(reason).copied().unwrap_or(0);
        match fate {
            Known::Given => assert_eq!(count, 1, "{reason} was given"),
            Known::NotGiven => assert_eq!(count, 0, "{reason} was not given"),
            Known::Unknown => assert!(count <= 1, "{reason} is there {count} times"),
        }
    }
    assert!(known.iter().any(|(_, fate)| matches!(fate, Known::Given)), "something was given");
}

fn a_database_that_is_gone_keeps_nobody_waiting(database: &Fresh) {
    let shop = rig::shop(database);
    let proxy = Proxy::start(&database.target, 0, 0);
    block_on(async {
        let engine = Start { target: proxy.target(&database.target), ..Start::on(database) }.engine();
        submit(&engine, shop, rig::customer("ann"), None).await.expect("the database is there");
        proxy.go_down();
        let begun = Instant::now();
        let first = submit(&engine, shop, rig::customer("bob"), None).await;
        assert!(matches!(first, Err(Failure::Unavailable)), "{first:?}");
        assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
        assert!(!engine.is_healthy());
        let next = submit(&engine, shop, rig::customer("bob"), None).now_or_never();
        assert!(matches!(next, Some(Err(Failure::Unavailable))), "who comes now learns it at once: {next:?}");
        assert_eq!(number(database, "SELECT COUNT(*) FROM customers"), 1);
        proxy.come_up();
        until_served(&engine, shop).await;
        assert!(engine.is_healthy());
        stop(engine).await;
    });
}

/// Asks again until the database is back.
async fn until_served(engine: &Engine, shop: Id) {
    let begun = Instant::now();
    while let Err(failure) = submit(engine, shop, rig::customer("bob"), None).await {
        assert!(begun.elapsed() < rig::FOR_EVER, "{failure}: the database is back");
        tokio::task::yield_now().await;
    }
}

/// Its COMMIT does not arrive, or late, or its answer is lost; whoever tries again makes no second
/// one, and it is called as it should be.
fn a_shop_is_made_once_though_commits_are_lost(database: &Fresh) {
    const SHOPS: usize = 12;
    let proxy = Proxy::start(&database.target, 1, rand::rng().random());
    for number in 0..SHOPS {
        let founding = rig::founding(&format!("Shop {number}"));
        founding.found(&proxy.target(&database.target)).expect_err("its end is lost");
        let shop = rig::found(&founding, database);
        assert_eq!(shop.slug, format!("shop-{number}"));
        let second = rig::found(&rig::founding(&format!("Shop {number}")), database);
        assert!(second.id != shop.id && second.slug.starts_with(&format!("shop-{number}-")), "{}", second.slug);
    }
    let heads = number(database, "SELECT COUNT(*) FROM shop_heads");
    let shops = number(database, "SELECT COUNT(*) FROM shops");
    assert_eq!([heads, shops], [2 * SHOPS as i64; 2]);
}

/// Somebody beside the server holds a table for longer than commands are patient: they may come
/// again, alone or together, and are done when it is free.
fn what_others_hold_is_no_commands_fault(database: &Fresh) {
    let shop = rig::shop(database);
    let mut other = database.connect();
    block_on(async {
        let engine = Start::on(database).engine();
        other.batch("BEGIN; LOCK TABLE customers IN SHARE MODE").expect("a lock");
        for together in [1, 8] {
            let begun = Instant::now();
            let names: Vec<String> = (0..together).map(|number| number.to_string()).collect();
            let asks = names.iter().map(|name| submit(&engine, shop, rig::customer(name), None));
            for answer in join_all(asks).await {
                assert!(matches!(answer, Err(Failure::Unavailable | Failure::Busy)), "{answer:?}");
            }
            assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
        }
        other.batch("COMMIT").expect("an end");
        submit(&engine, shop, rig::customer("ann"), None).await.expect("it is free");
        assert!(engine.is_healthy());
        assert_eq!(number(database, "SELECT COUNT(*) FROM customers"), 1);
        stop(engine).await;
    });
}

/// A table cannot grow, though a tiny write still fits in: that is the database's, and passes.
fn a_full_disk_is_no_commands_fault(database: &Fresh) {
    let shop = rig::shop(database);
    let mut other = database.connect();
    let full = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END';
                CREATE TRIGGER full_up BEFORE INSERT ON customers EXECUTE FUNCTION refuse()";
    other.batch(full).expect("a trigger");
    let room = |connection: &mut Connection, room: &str| {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET temp_file_limit = {room}', current_database()); END $$"
        );
        connection.batch(&set).expect("a setting");
    };
    room(&mut other, "0");
    block_on(async {
        let engine = Start::on(database).engine();
        let refused = submit(&engine, shop, rig::customer("ann"), None).await;
        assert!(matches!(refused, Err(Failure::Unavailable)), "{refused:?}");
        assert!(!engine.is_healthy());
        other.batch("DROP TRIGGER full_up ON customers").expect("it can be dropped");
        room(&mut other, "-1");
        until_served(&engine, shop).await;
        assert!(engine.is_healthy());
        stop(engine).await;
    });
}

/// Somebody holds what the first thing that is due needs.
fn what_is_held_heads_no_other_due_work(database: &Fresh) {
    let shop = rig::shop(database);
    let mut other = database.connect();
    block_on(async {
        let engine = Start::on(database).engine();
        let order: RecordConversion = rig::from(json!({"order_id": "held", "amount": 100, "currency": "EUR"}));
        submit(&engine, shop, order, None).await.expect("an order");
        submit(&engine, shop, rig::program_with_code("ann").0, None).await.expect("a program");
        let due = "UPDATE conversions SET status = 'pending', approved_at = NULL, due_at = 1; UPDATE programs SET ends_at = 1";
        other.batch(due).expect("both are due");
        other.batch("BEGIN; SELECT id FROM conversions FOR UPDATE").expect("a lock");
        let sweeper = Sweeper::new(engine.clone(), Pool::new(database.target.clone(), Use::Read, 2));
        sweeper.sweep().await;
        assert_eq!(number(database, "SELECT COUNT(*) FROM programs WHERE status = 'ended'"), 1);
        assert_eq!(number(database, "SELECT COUNT(*) FROM conversions WHERE status = 'pending'"), 1);
        other.batch("COMMIT").expect("an end");
        stop(engine).await;
    });
}

/// The database looks at its tables for longer than a statement may otherwise take.
fn statistics_are_made_however_long_it_takes(database: &Fresh) {
    let (mut hasty, mut other) = (database.connect(), database.connect());
    hasty.batch("SET statement_timeout='500ms'").expect("a setting");
    other.batch("BEGIN; LOCK TABLE customers IN SHARE UPDATE EXCLUSIVE MODE").expect("a lock");
    assert!(hasty.batch("ANALYZE customers").is_err(), "a statement that takes longer is ended");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| other.batch("SELECT pg_sleep(1); COMMIT").expect("an end"));
        hasty.transaction(statistics::renew).expect("they are made");
    });
    assert!(begun.elapsed() > Duration::from_millis(500), "they had to wait");
}

/// Somebody beside the server writes for a while: the batch waits and is done.
fn a_busy_file_is_waited_for(database: &Fresh) {
    let shop = rig::shop(database);
    let mut other = database.connect();
    block_on(async {
        let engine = Start::on(database).engine();
        other.batch("BEGIN IMMEDIATE").expect("a transaction");
        let mut asked = Box::pin(submit(&engine, shop, rig::customer("ann"), None));
        let answer = tokio::time::timeout(Duration::from_millis(500), &mut asked).await;
        assert!(answer.is_err(), "the file is locked: {answer:?}");
        other.batch("COMMIT").expect("an end");
        asked.await.expect("it was waited for");
        other.batch("BEGIN IMMEDIATE").expect("a transaction");
        let begun = Instant::now();
        let refused = submit(&engine, shop, rig::customer("bob"), None).await;
        assert!(matches!(refused, Err(Failure::Unavailable | Failure::Busy)), "{refused:?}");
        assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
        other.batch("COMMIT").expect("an end");
        until_served(&engine, shop).await;
        stop(engine).await;
    });
}

fn a_panic_ends_nothing_else(database: &Fresh) {
    let shop = rig::shop(database);
    block_on(async {
        let engine = Start::on(database).engine();
        let broken = engine.write(|connection| {
            connection.batch("DELETE FROM shops")?;
            panic!("as a test wants it");
        });
        let broken: Result<(), _> = broken.await;
        assert!(broken.is_err());
        submit(&engine, shop, rig::customer("ann"), None).await.expect("the writer lives");
        assert!(engine.write(|connection| connection.batch("SELECT 1")).await.is_ok());
        assert_eq!(number(database, "SELECT COUNT(*) FROM shops"), 1);
        stop(engine).await;
    });
}

/// A fault of ours while the clock is asked, by a thread of dry runs.
fn a_reader_that_panics_goes_on(database: &Fresh) {
    let shop = rig::shop(database);
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = broken.clone();
    let read = move || {
        let reads = std::thread::current().name().is_some_and(|name| name.starts_with("reader"));
        assert!(!(reads && is_broken.load(Ordering::Relaxed)), "as a test wants it");
        read_machine()
    };
    let clock = Clock::told_by(read, 0);
    block_on(async {
        let engine = Start::on(database).engine_with(clock);
        let ask = || engine.dry_run(shop, |draft| Ok(draft.shop.id));
        assert!(matches!(ask().await, Err(Failure::Internal)));
        broken.store(false, Ordering::Relaxed);
        assert_eq!(ask().await.expect("it lives"), shop);
        stop(engine).await;
    });
}

/// What is not loaded yet is read as if it were not there, and that may surprise a rule; only what it makes of what is
/// there is its fault.
fn who_panics_over_what_is_not_loaded_yet_is_asked_again(database: &Fresh) {
    let shop = rig::shop(database);
    block_on(async {
        let engine = Start::on(database).engine();
        submit(&engine, shop, rig::customer("anna"), None).await.expect("she is known");
        let rule = |name: &'static str| {
            move |draft: &mut Draft<'_>| {
                let found = draft.find(&Customer::BY_EXTERNAL_ID, name)?;
                Ok(found.expect("as a test wants it").external_id.clone())
            }
        };
        let anna = engine.dry_run(shop, rule("anna")).await.expect("she is there");
        assert_eq!(anna.as_deref(), Some("anna"));
        assert!(matches!(engine.dry_run(shop, rule("nobody")).await, Err(Failure::Internal)));
        stop(engine).await;
    });
}

/// Each of many carts that come at once gets a use that lapsed holds have, and each is to end another hold: what one
/// does is what the next one has to load.
fn carts_that_each_wait_for_a_hold_that_is_over_are_all_served(database: &Fresh) {
    const CARTS: i64 = 40;
    let shop = rig::shop(database);
    block_on(async {
        let engine = Start::on(database).engine();
        let voucher = CreateVoucher { per_customer: Some(1), ..rig::limited(CARTS) };
        submit(&engine, shop, voucher, None).await.expect("a voucher");
        for number in 0..CARTS {
            submit(&engine, shop, rig::customer(&format!("a-{number}")), None).await.expect("a customer");
            submit(&engine, shop, rig::customer(&format!("b-{number}")), None).await.expect("a customer");
            submit(&engine, shop, rig::held_code(&format!("a-{number}"), number), None).await.expect("it is set aside");
        }
        stop(engine).await;
        let later = Start { skew_ms: 2 * 3_600_000, ..Start::on(database) }.engine();
        let carts = (0..CARTS).map(|number| {
            let mut redemption = rig::redemption(&format!("O-{number}"));
            redemption.cart.customer = Some(rig::from(json!(format!("b-{number}"))));
            submit(&later, shop, redemption, None)
        });
        let refused: Vec<_> = join_all(carts).await.into_iter().filter_map(Result::err).collect();
        assert!(refused.is_empty(), "{} of {CARTS}: {:?}", refused.len(), refused.first());
        stop(later).await;
    });
    assert_eq!(number(database, "SELECT used FROM voucher_uses"), CARTS);
    books_balance(database);
}

/// A thread stands still, as where the database does: who asks meanwhile learns it in time.
fn a_reader_that_stands_still_keeps_nobody_waiting(database: &Fresh) {
    let shop = rig::shop(database);
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Barrier::new(2)));
    block_on(async {
        let engine = Start::on(database).engine();
        let still = tokio::spawn({
            let (engine, begun, gate) = (engine.clone(), begun.clone(), gate.clone());
            async move {
                let wait = move |_: &mut Draft<'_>| {
                    begun.notify_one();
                    gate.wait();
                    Ok(())
                };
                engine.dry_run(shop, wait).await
            }
        });
        begun.notified().await;
        let asked = tokio::time::timeout(IN_TIME, engine.dry_run(shop, |draft| Ok(draft.shop.id))).await;
        assert!(matches!(asked, Ok(Err(Failure::Busy))), "{asked:?}");
        assert!(matches!(still.await.expect("no panic"), Err(Failure::Busy)));
        gate.wait();
        assert_eq!(engine.dry_run(shop, |draft| Ok(draft.shop.id)).await.expect("it goes on"), shop);
        stop(engine).await;
    });
}

/// A dry run that is under way ends before the engine does, and with it its connection.
fn after_its_end_nothing_is_at_work(database: &Fresh) {
    let shop = rig::shop(database);
    let (begun, done) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    block_on(async {
        let engine = Start::on(database).engine();
        let asked = tokio::spawn({
            let (engine, begun, done) = (engine.clone(), begun.clone(), done.clone());
            async move {
                let slow = move |_: &mut Draft<'_>| {
                    begun.notify_one();
                    std::thread::sleep(Duration::from_millis(300));
                    done.store(true, Ordering::Relaxed);
                    Ok(())
                };
                engine.dry_run(shop, slow).await
            }
        });
        begun.notified().await;
        stop(engine).await;
        assert!(done.load(Ordering::Relaxed), "a thread was still at work");
        asked.await.expect("no panic").expect("an answer");
        if let Target::Sqlite(file) = &database.target {
            assert!(!std::fs::exists(format!("{}-wal", file.path())).expect("a folder"), "a connection is still open");
        }
    });
}
