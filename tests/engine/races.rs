//! Several engines on one database: with the shop's lock n of n and never n + 1; without it
//! conflicts, and never a wrong sum.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use grapevine::engine::{Engine, Failure, PATIENCE};
use grapevine::records::Id;
use grapevine::store::leader::Leadership;
use grapevine::store::writer::{Locking, Wait, WriterConnection};

use crate::rig::{self, Start, block_on, books_balance, number, stop, submit};
use crate::support::{Fresh, on_postgres};

on_postgres!(
    two_engines_give_n_of_n,
    without_the_lock_the_database_refuses,
    without_the_lock_no_code_is_a_vouchers_and_an_advocates,
    one_who_reads_events_misses_none_whatever_the_clocks_say,
    a_stopped_process_delays_others_for_seconds_only,
    one_process_leads_and_another_follows_it,
    a_command_reads_the_same_few_rows_however_many_there_are,
);

/// Clients at once.
const CLIENTS: usize = 60;
/// What they race for.
const USES: i64 = 5;
/// Codes that two race for, one after the other.
const CODES: i64 = 30;
/// How far the clocks of two processes are off, either way: by more than any command may take.
const SKEW_MS: i64 = 60_000;
/// Commands that are under way at once, of those that are read about.
const AT_ONCE: usize = 300;
/// After so long the database ends a transaction in which nothing happens.
const IDLE: Duration = Duration::from_secs(5);

fn two_engines_give_n_of_n(database: &Fresh) {
    let answers = race(database, Locking::On);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5, "{answers:?}");
    assert_eq!(number(database, "SELECT used FROM voucher_uses"), USES);
    books_balance(database);
}

fn without_the_lock_the_database_refuses(database: &Fresh) {
    let answers = race(database, Locking::Off);
    let given = i64::try_from(answers.iter().filter(|answer| answer.is_ok()).count()).expect("few");
    assert!((1..=USES).contains(&given), "{given} of {USES}");
    assert_eq!(number(database, "SELECT used FROM voucher_uses"), given);
    assert_eq!(number(database, "SELECT COUNT(*) FROM redemptions"), given);
    books_balance(database);
}

/// Each round is of a voucher and of an advocate's code, on one engine each, and written in two ways.
fn without_the_lock_no_code_is_a_vouchers_and_an_advocates(database: &Fresh) {
    let shop = rig::shop(database);
    let start = || Start { locking: Locking::Off, ..Start::on(database) }.engine();
    block_on(async {
        let engines = [start(), start()];
        let (program, _) = rig::program_with_code("c-0");
        submit(&engines[0], shop, program, None).await.expect("a program");
        for round in 0..CODES {
            let customer = format!("c-{round}");
            submit(&engines[0], shop, rig::customer(&customer), None).await.expect("a customer");
            let (voucher, code) =
                (rig::voucher(&format!("SOLO-{round}-I")), rig::code(&customer, &format!("s0l0{round}1")));
            let (voucher, code) =
                tokio::join!(submit(&engines[0], shop, voucher, None), submit(&engines[1], shop, code, None));
            assert_ne!(voucher.is_ok(), code.is_ok(), "{voucher:?} {code:?}");
        }
        for engine in engines {
            stop(engine).await;
        }
    });
    assert_eq!(number(database, "SELECT COUNT(*) FROM taken_codes"), CODES);
    let both = "SELECT (SELECT COUNT(*) FROM vouchers) + (SELECT COUNT(*) FROM codes)";
    assert_eq!(number(database, both), CODES);
}

/// Lets clients of two engines race for a voucher and for numbers of events.
fn race(database: &Fresh, locking: Locking) -> Vec<Result<(), Failure>> {
    let shop = rig::shop(database);
    let start = || Start { locking, ..Start::on(database) }.engine();
    block_on(async {
        let engines = [start(), start()];
        submit(&engines[0], shop, rig::limited(USES), None).await.expect("a voucher");
        let asks = (0..CLIENTS).map(|number| {
            let engine = engines[number % 2].clone();
            async move {
                let noise = submit(&engine, shop, rig::customer(&number.to_string()), None);
                let order = rig::redemption(&number.to_string());
                let (redeemed, _) = tokio::join!(submit(&engine, shop, order, None), noise);
                redeemed.map(|_| ())
            }
        });
        let answers = join_all(asks).await;
        for engine in engines {
            stop(engine).await;
        }
        answers
    })
}

fn one_who_reads_events_misses_none_whatever_the_clocks_say(database: &Fresh) {
    let shop = rig::shop(database);
    let engines = [-SKEW_MS, SKEW_MS].map(|skew_ms| Start { skew_ms, ..Start::on(database) }.engine());
    let (commands, done) = (if rig::is_soak() { 5_000 } else { 300 }, AtomicBool::new(false));
    block_on(submit(&engines[0], shop, rig::customer("ann"), None)).expect("a customer");
    let (answers, behind_is_healthy, (seen, last)) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let seen = rig::read_on(database, shop, &done);
            (seen, number(database, "SELECT MAX(seq) FROM shop_heads"))
        });
        let (answers, behind_is_healthy) = block_on(async {
            let ask = |number: usize| submit(&engines[number % 2], shop, rig::grant("ann", &number.to_string()), None);
            let mut answers: Vec<_> = stream::iter((0..commands).map(ask)).buffer_unordered(AT_ONCE).collect().await;
            // The last one comes by the clock that is behind, right after one by the clock that is ahead.
            answers.push(ask(commands + 1).await);
            answers.push(ask(commands).await);
            (answers, engines[0].is_healthy())
        });
        // Whatever came of it, the reader ends.
        done.store(true, Ordering::Release);
        (answers, behind_is_healthy, reader.join().expect("a reader"))
    });
    for engine in engines {
        block_on(stop(engine));
    }
    let failed: Vec<_> = answers.iter().filter(|answer| answer.is_err()).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(!behind_is_healthy, "a clock that is behind makes unready");
    assert!(last >= i64::try_from(commands).expect("few"), "events were made");
    assert_eq!(seen, (1..=last).collect::<Vec<_>>());
    books_balance(database);
}

/// A process that is stopped inside a transaction holds the shop's lock until the database ends it.
fn a_stopped_process_delays_others_for_seconds_only(database: &Fresh) {
    let (held, free) = (rig::shop(database), rig::shop(database));
    let mut stopped = WriterConnection::open(&database.target, Locking::On).expect("a connection");
    block_on(async {
        let engine = Start::on(database).engine();
        stopped.begin().expect("a transaction");
        let begun = Instant::now();
        assert_eq!(stopped.lock(&[held], Wait::Skip).expect("a lock").len(), 1);
        let (delayed, others) = tokio::join!(
            async { (submit(&engine, held, rig::customer("ann"), None).await, begun.elapsed()) },
            serve_for(&engine, free, IDLE),
        );
        let (answer, waited) = delayed;
        assert!(matches!(answer, Ok(_) | Err(Failure::Busy)), "{answer:?}");
        assert!(waited < IDLE + PATIENCE, "{waited:?}");
        assert!(waited > IDLE / 2, "the lock was held: {waited:?}");
        assert!(others < IDLE / 2, "another shop waited {others:?}, as if it were held, too");
        submit(&engine, held, rig::customer("bob"), None).await.expect("the database has ended the stopped one");
        stop(engine).await;
    });
}

/// Submits one command after the other; answers the longest wait.
async fn serve_for(engine: &Engine, shop: Id, time: Duration) -> Duration {
    let begun = Instant::now();
    let mut longest = Duration::ZERO;
    while begun.elapsed() < time {
        let asked = Instant::now();
        submit(engine, shop, rig::customer("ann"), None).await.expect("the other shop is free");
        longest = longest.max(asked.elapsed());
    }
    longest
}

fn one_process_leads_and_another_follows_it(database: &Fresh) {
    let [mut first, mut second] = [(), ()].map(|()| Leadership::new(database.target.clone()));
    for _ in 0..2 {
        assert_eq!((first.holds(), second.holds()), (true, false));
    }
    drop(first);
    let begun = Instant::now();
    while !second.holds() {
        assert!(begun.elapsed() < rig::FOR_EVER, "nobody leads");
        std::thread::yield_now();
    }
}

/// Plans that were made on empty tables must not read whole shops later.
fn a_command_reads_the_same_few_rows_however_many_there_are(database: &Fresh) {
    let tables =
        "SELECT string_agg(format('ALTER TABLE %s SET (autovacuum_enabled = false)', CAST(oid AS regclass)), '; ')
                  FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST('public' AS regnamespace)";
    let alter = format!("DO $$ BEGIN EXECUTE ({tables}); END $$");
    database.connect().batch(&alter).expect("nobody analyses");
    let shop = rig::shop(database);
    let commands = if rig::is_soak() { 60_000 } else { 3_000 };
    block_on(async {
        let engine = Start::on(database).engine();
        for batch in 0..commands / 100 {
            let asks = (0..100).map(|number| {
                let name = format!("{batch}-{number}");
                let engine = &engine;
                async move {
                    submit(engine, shop, rig::customer(&name), None).await.expect("a customer");
                    submit(engine, shop, rig::grant(&name, &name), Some(&name)).await.expect("a grant");
                }
            });
            join_all(asks).await;
        }
        stop(engine).await;
    });
    // The statistics of a connection are there when it has ended.
    let read = "SELECT CAST(SUM(idx_tup_read) AS BIGINT) FROM pg_stat_user_indexes";
    let begun = Instant::now();
    while number(database, "SELECT CAST(SUM(n_tup_ins) AS BIGINT) FROM pg_stat_user_tables WHERE relname = 'grants'")
        < commands
    {
        assert!(begun.elapsed() < rig::FOR_EVER, "the statistics do not come");
        std::thread::yield_now();
    }
    let each = number(database, read) / commands;
    assert!((1..60).contains(&each), "{each} rows are read by each command");
}
