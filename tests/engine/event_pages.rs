//! Events in pages, and how those of the release before come into them.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use grapevine::decide::erasure::erase_customer::EraseCustomer;
use grapevine::engine::Engine;
use grapevine::jobs::erasure::command;
use grapevine::records::{Column, Event, Id, Kind};
use grapevine::store::queries::erasure::{Next, next};
use grapevine::store::queries::events;
use grapevine::store::{Connection, Statement, event_rows};

use crate::rig::{self, Start, block_on, books_balance, number, stop, submit};
use crate::support::{Fresh, on_both, on_postgres};

on_both!(
    events_of_the_release_before_come_into_pages,
    what_stands_in_no_page_is_not_removed,
    an_answer_that_an_event_tells_is_kept_once,
    pages_that_were_changed_by_other_hands_are_found,
    an_erasure_comes_through_much_that_tells_nothing,
);

on_postgres!(one_who_reads_misses_none_while_rows_become_pages);

/// The database as one that the release before has written, and may write still.
fn of_the_release_before(database: &Fresh) -> Id {
    let shop = rig::shop(database);
    database.connect().batch("DELETE FROM installation WHERE name = 'event_pages'").expect("a flag");
    shop
}

/// Grants one after the other and some at once, each of which raises events.
async fn grants(engine: &Engine, shop: Id, name: &str, count: usize) {
    submit(engine, shop, rig::customer("ann"), None).await.expect("a customer");
    let asks = (0..count).map(|number| submit(engine, shop, rig::grant("ann", &format!("{name} {number}")), None));
    for answer in join_all(asks).await {
        answer.expect("a grant");
    }
}

fn told(connection: &mut Connection, shop: Id) -> Vec<(i64, Id, String, String, i64)> {
    let events = events::after(connection, shop, 0, 10_000).expect("events");
    let tell = |event: Event| (event.seq, event.id, event.kind.to_string(), event.data, event.created_at.ms());
    events.into_iter().map(tell).collect()
}

fn rows(database: &Fresh) -> i64 {
    number(database, "SELECT COUNT(*) FROM events")
}

fn pages(database: &Fresh) -> i64 {
    number(database, "SELECT COUNT(*) FROM event_pages")
}

fn events_of_the_release_before_come_into_pages(database: &Fresh) {
    let shop = of_the_release_before(database);
    let engine = Start::on(database).engine();
    block_on(grants(&engine, shop, "before", 30));
    block_on(stop(engine));
    let before = told(&mut database.connect(), shop);
    assert_eq!((rows(database), pages(database)), (i64::try_from(before.len()).expect("few"), 0));
    books_balance(database);

    assert!(event_rows::end(&mut database.connect()).expect("a flag"));
    let engine = Start::on(database).engine();
    block_on(grants(&engine, shop, "after", 30));
    assert_eq!(rows(database), i64::try_from(before.len()).expect("few"), "no row comes any more");
    assert!((1..=30).contains(&pages(database)), "those who come together share a page");
    let all = told(&mut database.connect(), shop);
    assert_eq!(all[..before.len()], before);
    books_balance(database);

    let mut connection = database.connect();
    while event_rows::move_some(&mut connection).expect("some are moved") > 0 {
        assert_eq!(told(&mut connection, shop), all, "whatever stands where");
    }
    assert_eq!(rows(database), 0);
    assert_eq!(told(&mut connection, shop), all);
    block_on(grants(&engine, shop, "later", 3));
    block_on(stop(engine));
    let last = number(database, "SELECT seq FROM shop_heads");
    let numbers: Vec<i64> = told(&mut connection, shop).iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    for after in [0, 1, 29, 30, 31, last - 1, last, last + 1] {
        let page = events::after(&mut connection, shop, after, 7).expect("events");
        let expected: Vec<i64> = (after + 1..=last).take(7).collect();
        assert_eq!(page.iter().map(|event| event.seq).collect::<Vec<_>>(), expected, "after {after}");
    }
    books_balance(database);
}

fn what_stands_in_no_page_is_not_removed(database: &Fresh) {
    let shop = of_the_release_before(database);
    let engine = Start::on(database).engine();
    block_on(grants(&engine, shop, "before", 3));
    block_on(stop(engine));
    let mut connection = database.connect();
    let before = told(&mut connection, shop);
    assert!(connection.batch("DELETE FROM events").is_err());
    assert!(connection.batch("DELETE FROM events WHERE seq = 2").is_err());
    assert_eq!(told(&mut connection, shop), before);
    event_rows::move_some(&mut connection).expect("all are moved");
    assert!(connection.batch("DELETE FROM event_pages").is_err());
    assert!(connection.batch("UPDATE event_pages SET last_seq = last_seq + 1").is_err());
    assert_eq!((told(&mut connection, shop), rows(database)), (before, 0));
}

/// The same request again, in the same batch, in another, and after the events were moved.
fn an_answer_that_an_event_tells_is_kept_once(database: &Fresh) {
    let shop = rig::shop(database);
    let engine = Start::on(database).engine();
    let (first, later) = block_on(async {
        submit(&engine, shop, rig::customer("ann"), None).await.expect("a customer");
        let asks = (0..20).map(|_| submit(&engine, shop, rig::voucher("ONCE-2345"), Some("voucher")));
        let grants = (0..20).map(|_| submit(&engine, shop, rig::grant("ann", "once"), Some("grant")));
        let (vouchers, grants) = tokio::join!(join_all(asks), join_all(grants));
        let first: Vec<String> =
            vouchers.into_iter().chain(grants).map(|given| given.expect("an answer").answer.body).collect();
        let later = submit(&engine, shop, rig::grant("ann", "once"), Some("grant")).await.expect("an answer");
        (first, later)
    });
    let different: HashSet<&String> = first.iter().collect();
    assert_eq!(different.len(), 2, "{different:?}");
    assert!(later.replayed);
    assert_eq!(&later.answer.body, first.last().expect("forty"));
    assert_eq!(number(database, "SELECT COUNT(*) FROM stored_answers WHERE told_in IS NOT NULL AND body = ''"), 1);
    assert_eq!(number(database, "SELECT COUNT(*) FROM stored_answers WHERE told_in IS NULL AND body <> ''"), 1);
    block_on(stop(engine));
}

fn pages_that_were_changed_by_other_hands_are_found(database: &Fresh) {
    let shop = rig::shop(database);
    let engine = Start::on(database).engine();
    block_on(grants(&engine, shop, "some", 3));
    block_on(stop(engine));
    books_balance(database);
    let mut connection = database.connect();
    let bytes = if connection.is_postgres() { "'\\x0001'" } else { "x'0001'" };
    connection.batch(&format!("UPDATE event_pages SET body = {bytes}")).expect("an erasure may");
    let report = rig::report(database);
    assert!(
        !report.ok && report.problems.iter().any(|problem| problem.contains("Events cannot be read")),
        "{report:?}"
    );
}

/// Each chunk looks at so many pages at most, and says how far it came.
fn an_erasure_comes_through_much_that_tells_nothing(database: &Fresh) {
    const PAGES: i64 = 50_000;
    let shop = rig::shop(database);
    let engine = Start::on(database).engine();
    block_on(submit(&engine, shop, rig::customer("ann"), None)).expect("a customer");
    let asked = EraseCustomer { customer: "ann".to_owned(), lease_ms: 0 };
    block_on(submit(&engine, shop, asked, None)).expect("she is erased");
    let mut connection = database.connect();
    let (id, none) = match connection.is_postgres() {
        true => ("lpad(CAST(i AS TEXT), 26, '0')", "''"),
        false => ("printf('%026d', i)", "x''"),
    };
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO event_pages (id, shop, first_seq, last_seq, subjects, body, version)
         SELECT 'evp_' || {id}, '{shop}', i, i, {none}, {none}, 1 FROM n",
        PAGES + 99
    );
    connection.batch(&sql).expect("pages");
    connection.batch("UPDATE forgotten SET until_seq = 1000000").expect("what is forgotten");
    let job = connection.query(&Statement::new("SELECT id FROM jobs"), &[Kind::Text]).expect("a job");
    let job = Id::from_value(job[0][0].clone()).expect("an id");
    let (mut furthest, mut chunks) = (0, 0);
    while let Some((before, next)) = next(&mut connection, shop, job, 100).expect("what is next") {
        if let Next::Events(telling, passed) = &next {
            assert!(*passed > furthest && *passed - furthest < PAGES / 2 && telling.len() <= 1, "{passed}, {furthest}");
            (furthest, chunks) = (*passed, chunks + 1);
        }
        block_on(submit(&engine, shop, command(&before, next), None)).expect("a chunk");
    }
    assert_eq!(furthest, PAGES + 99, "all is looked at");
    assert!(chunks > 2);
    assert_eq!(number(database, "SELECT COUNT(*) FROM forgotten"), 0);
    assert_eq!(number(database, "SELECT COUNT(*) FROM jobs WHERE status = 'finished' AND done = total"), 1);
    block_on(stop(engine));
}

/// Some processes write rows still when others write pages already, and rows are moved meanwhile.
fn one_who_reads_misses_none_while_rows_become_pages(database: &Fresh) {
    let shop = of_the_release_before(database);
    let engines = [Start::on(database).engine(), Start::on(database).engine()];
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| rig::read_on(database, shop, &done));
        let mover = scope.spawn({
            let (mut connection, done) = (database.connect(), &done);
            move || {
                while !done.load(Ordering::Acquire) {
                    event_rows::move_some(&mut connection).expect("some are moved");
                }
            }
        });
        block_on(async {
            tokio::join!(grants(&engines[0], shop, "1", 40), grants(&engines[1], shop, "2", 40));
            event_rows::end(&mut database.connect()).expect("a flag");
            // This one knows of it at once, the others within seconds.
            let newer = Start::on(database).engine();
            for round in ["3", "4", "5"] {
                let asks = engines.iter().chain([&newer]).map(|engine| grants(engine, shop, round, 40));
                join_all(asks).await;
            }
            stop(newer).await;
        });
        done.store(true, Ordering::Release);
        mover.join().expect("a mover");
        reader.join().expect("a reader")
    });
    for engine in engines {
        block_on(stop(engine));
    }
    assert_eq!(seen, (1..=number(database, "SELECT seq FROM shop_heads")).collect::<Vec<_>>());
    assert!(pages(database) > 0);
    books_balance(database);
}
