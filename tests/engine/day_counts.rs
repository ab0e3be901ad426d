//! The counters of days: proved against what they count, and filled with what was there before.

use std::collections::BTreeMap;

use grapevine::decide::orders::attribute_conversion::AttributeConversion;
use grapevine::decide::orders::create_refund::CreateRefund;
use grapevine::decide::orders::record_conversion::RecordConversion;
use grapevine::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use grapevine::decide::people::upsert_customer::UpsertCustomer;
use grapevine::decide::programs::create_program::CreateProgram;
use grapevine::decide::sharing::create_shares::CreateShares;
use grapevine::decide::sharing::mark_share_sent::MarkShareSent;
use grapevine::decide::shops::update_shop::UpdateShop;
use grapevine::engine::Engine;
use grapevine::records::day_count::{DayKey, Figure};
use grapevine::records::{Conversion, Id, Kind, Timestamp, Value};
use grapevine::store::connection::Use;
use grapevine::store::queries::records::{Filter, Part, list, list_among};
use grapevine::store::visits::{self, Batch, Class, Hash, Person, Visit};
use grapevine::store::{Statement, advocate_counts, day_fill, visit_weeks};
use serde_json::{Value as Json, json};

use crate::rig::{self, Start, block_on, books_balance, from, number, report, stop, submit};
use crate::support::{Fresh, on_both, on_postgres};

on_both!(
    visits_that_are_removed_are_still_proved,
    a_counter_that_is_one_off_is_found,
    a_counter_of_a_placement_that_is_one_off_is_found,
    no_placement_is_declared_beside_the_release_before,
    what_months_count_of_before_is_what_they_would_have_counted,
    a_list_looks_at_so_many_rows_for_each_page,
    what_waits_and_what_is_merged_is_what_advocates_brought,
    what_was_there_before_is_counted_while_orders_go_on,
);
on_postgres!(weeks_of_visits_that_are_dropped_are_still_proved);

const DAY_MS: i64 = 86_400_000;

/// Who acts in the tests.
struct Story {
    engine: Engine,
    shop: Id,
    tokens: Vec<String>,
    shares: Vec<Id>,
    /// Where the first of them is counted.
    place: Option<&'static str>,
}

impl Story {
    async fn begin(database: &Fresh) -> Self {
        Self::begin_at(database, None).await
    }

    /// The same in a shop that has declared a placement.
    async fn begin_at(database: &Fresh, place: Option<&'static str>) -> Self {
        let shop = rig::shop(database);
        if let Some(place) = place {
            let declared = format!("UPDATE shops SET placements = '[\"{place}\"]'");
            database.connect().batch(&declared).expect("a setting");
        }
        let engine = Start::on(database).engine();
        for name in ["ann", "cara"] {
            submit(&engine, shop, rig::customer(name), None).await.expect("an advocate");
        }
        let reward = json!({"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 500});
        let program: CreateProgram =
            from(json!({"name": "Tell", "slug": "tell", "status": "active", "pending_days": 0,
            "landing_url": "https://shop.example/", "rewards": [reward]}));
        submit(&engine, shop, program, None).await.expect("a program");
        let mut story = Self { engine, shop, tokens: Vec::new(), shares: Vec::new(), place };
        for (name, channel, placement) in [("ann", "whatsapp", json!("footer")), ("cara", "telegram", Json::Null)] {
            let share = json!({"program": "tell", "customer": name, "channel": channel, "placement": placement});
            let share: CreateShares = from(share);
            let given = submit(&story.engine, shop, share, None).await.expect("a share");
            let shown: Json = serde_json::from_str(&given.answer.body).expect("JSON");
            story.tokens.push(shown["token"].as_str().expect("a token").to_owned());
            story.shares.push(shown["id"].as_str().expect("an id").parse().expect("an id"));
        }
        let sent = MarkShareSent { share: story.shares[0], channel: None };
        submit(&story.engine, shop, sent, None).await.expect("it was opened");
        story
    }

    /// A new friend orders, by the link of the n-th share.
    async fn order(&self, order: &str, share: usize, paid: bool) {
        let friend = format!("friend of {order}");
        let known = UpsertCustomer { external_id: friend.clone(), ..from(json!({})) };
        submit(&self.engine, self.shop, known, None).await.expect("a friend");
        let order: RecordConversion =
            from(json!({"order_id": order, "customer": friend, "amount": 5_000, "currency": "EUR",
            "paid": paid, "evidence": {"token": self.tokens[share]}}));
        submit(&self.engine, self.shop, order, None).await.expect("an order");
    }

    /// Somebody shares who came by the n-th share.
    async fn share(&self, name: &str, parent: usize) {
        submit(&self.engine, self.shop, rig::customer(name), None).await.expect("a customer");
        let token = &self.tokens[parent];
        let share = json!({"program": "tell", "customer": name, "channel": "sms", "parent_token": token});
        submit(&self.engine, self.shop, from::<CreateShares>(share), None).await.expect("a share");
    }

    /// The first share of somebody who came by another.
    fn child(&self, database: &Fresh) -> Id {
        let sql = "SELECT MIN(id) FROM shares WHERE parent IS NOT NULL";
        rig_text(database, sql).parse().expect("an id")
    }

    async fn refund(&self, order: &str, amount: Json) {
        let body = from(json!({"refund_id": format!("{order} {amount}"), "kind": "refund", "amount": amount}));
        submit(&self.engine, self.shop, CreateRefund { order: order.to_owned(), body }, None).await.expect("a refund");
    }

    async fn fact(&self, order: &str, fact: Fact) {
        let fact = ReportFact { order: order.to_owned(), fact, at: None, reason: None, redemption: Redeemed::Reverse };
        submit(&self.engine, self.shop, fact, None).await.expect("a fact");
    }

    async fn credit(&self, order: &str, advocate: &str) {
        let body = from(json!({"advocate": advocate, "program": "tell", "reason": "it was she"}));
        let credit = AttributeConversion { order: order.to_owned(), body };
        submit(&self.engine, self.shop, credit, None).await.expect("it is hers");
    }

    /// Something of everything that changes what an order counts for.
    async fn live(&self, part: &str) {
        let name = |order: &str| format!("{part}-{order}");
        self.order(&name("kept"), 0, true).await;
        for (order, share) in [("shrunk", 0), ("back", 1), ("moved", 1), ("gone", 0)] {
            self.order(&name(order), share, true).await;
        }
        self.order(&name("cancelled"), 0, false).await;
        self.order(&name("again"), 1, false).await;
        self.refund(&name("shrunk"), json!(1_000)).await;
        self.refund(&name("back"), Json::Null).await;
        self.credit(&name("moved"), "ann").await;
        self.refund(&name("gone"), json!(4_000)).await;
        self.refund(&name("gone"), Json::Null).await;
        for order in ["cancelled", "again"] {
            self.fact(&name(order), Fact::Cancelled).await;
        }
        self.fact(&name("again"), Fact::Paid).await;
    }

    /// Two persons and a robot open the first share's link.
    fn open(&self, database: &Fresh, number: u8) {
        self.open_on(database, number, 20_000);
    }

    /// The same on a day.
    fn open_on(&self, database: &Fresh, number: u8, day: i64) {
        let at = Timestamp::from_ms(day * DAY_MS);
        let program = rig_text(database, &format!("SELECT id FROM programs WHERE shop = '{}'", self.shop));
        let place = self.place.unwrap_or_default().to_owned();
        let key = DayKey { day, program, channel: "whatsapp".to_owned(), place };
        let visit = |class, count| Visit { shop: self.shop, share: self.shares[0], at, class, count, key: key.clone() };
        let person = |n: u8| {
            let hash = Hash { place: format!("p{number}{n}"), browser: format!("b{number}{n}") };
            (hash, Person { share: self.shares[0], is_public: false })
        };
        let batch = Batch {
            visits: vec![visit(Class::Person("phone"), 3), visit(Class::Preview(None), 1)],
            persons: BTreeMap::from([person(1), person(2)]),
            most: 8,
        };
        database.connect().transaction(|connection| visits::record(connection, day, batch)).expect("they are noted");
    }
}

fn rig_text(database: &Fresh, sql: &str) -> String {
    let rows = database.connect().query(&Statement::new(sql.to_owned()), &[Kind::Text]).expect("a query");
    match rows.first().and_then(|row| row.first()) {
        Some(Value::Text(Some(text))) => text.clone(),
        other => panic!("no text: {other:?}"),
    }
}

/// The counters of all days together, by channel.
fn sums(database: &Fresh, figure: &str) -> Vec<i64> {
    ["whatsapp", "telegram", "(code)"]
        .map(|channel| {
            let sql = format!(
                "SELECT CAST(COALESCE(SUM({figure}), 0) AS BIGINT) FROM day_counts WHERE channel = '{channel}'"
            );
            number(database, &sql)
        })
        .to_vec()
}

fn a_counter_that_is_one_off_is_found(database: &Fresh) {
    let story = block_on(async {
        let story = Story::begin(database).await;
        story.live("a").await;
        story
    });
    story.open(database, 1);
    story.open(database, 1);
    block_on(stop(story.engine));
    books_balance(database);
    // By hand: seven orders, one of which stays cancelled; the moved one has no link any more.
    let told = [
        ("shares_made", [1, 1, 0]),
        ("shares_sent", [1, 0, 0]),
        ("orders", [3, 2, 1]),
        ("approved", [3, 2, 1]),
        ("kept", [2, 1, 1]),
        ("revenue", [15_000, 10_000, 5_000]),
        ("refunded", [6_000, 5_000, 0]),
    ];
    for (figure, expected) in told {
        assert_eq!(sums(database, figure), expected, "{figure}");
    }
    assert_eq!(number(database, "SELECT CAST(SUM(visits) AS BIGINT) FROM day_visits"), 6);
    assert_eq!(number(database, "SELECT CAST(SUM(unique_visits) AS BIGINT) FROM day_visits"), 2);

    for figure in Figure::WORDS {
        let one = "channel = 'whatsapp' AND day = (SELECT MIN(day) FROM day_counts WHERE channel = 'whatsapp')";
        for change in ["+ 1", "- 1"] {
            is_found(database, &format!("UPDATE day_counts SET {figure} = {figure} {change} WHERE {one}"), figure);
        }
    }
    for figure in ["previews", "visits", "unique_visits"] {
        is_found(database, &format!("UPDATE day_visits SET {figure} = {figure} + 1"), "rows of visits come to");
    }
    is_found(database, "DELETE FROM day_counts WHERE channel = 'telegram'", "in telegram");
    is_found(database, "UPDATE day_counts SET day = day + 1 WHERE channel = 'telegram'", "in telegram");
    is_found(database, "UPDATE conversions SET amount = amount + 1 WHERE order_id = 'a-kept'", "revenue");
    for change in
        ["amount = amount + 1", "amount = amount - 1", "day = day - 1", "kind = 'gift_cards' WHERE kind = 'vouchers'"]
    {
        is_found(database, &format!("UPDATE owed_days SET {change}"), "as owed in vouchers");
    }
    is_found(database, "DELETE FROM owed_days", "as owed in vouchers");
    is_found(database, "UPDATE vouchers SET face_amount = face_amount + 1", "as owed in vouchers");
    is_found(database, "UPDATE accounts SET balance = balance + 1 WHERE name = 'issued'", "the ledger's accounts hold");
    is_found(database, "UPDATE visits SET count = count + 1 WHERE class = 'preview'", "rows of visits come to");
    books_balance(database);
}

fn a_counter_of_a_placement_that_is_one_off_is_found(database: &Fresh) {
    let story = block_on(async {
        let story = Story::begin_at(database, Some("footer")).await;
        story.live("a").await;
        story
    });
    story.open(database, 1);
    block_on(stop(story.engine));
    books_balance(database);
    let sum = |table: &str, figure: &str| {
        number(database, &format!("SELECT CAST(SUM({figure}) AS BIGINT) FROM {table} WHERE channel = 'whatsapp'"))
    };
    assert_eq!((sum("place_counts", "orders"), sum("place_visits", "visits")), (3, 3));
    assert_eq!(number(database, "SELECT COUNT(*) FROM day_counts WHERE channel = 'whatsapp'"), 0);
    for figure in Figure::WORDS {
        is_found(database, &format!("UPDATE place_counts SET {figure} = {figure} + 1"), figure);
    }
    is_found(database, "UPDATE place_visits SET visits = visits - 1", "rows of visits come to");
    is_found(database, "UPDATE place_counts SET place = 'thanks'", "in whatsapp thanks");
    is_found(database, "UPDATE shares SET placed = NULL WHERE placed IS NOT NULL", "in whatsapp footer");
    let before = Timestamp::from_ms(20_000 * DAY_MS + 1);
    visits::forget_before(&mut database.connect(), before).expect("they are removed");
    assert_eq!((sum("place_visits", "visits"), sum("place_visits", "gone_visits")), (3, 3));
    books_balance(database);
}

fn no_placement_is_declared_beside_the_release_before(database: &Fresh) {
    let before = "DELETE FROM installation WHERE name IN ('day_counts', 'day_tallies')";
    database.connect().batch(before).expect("as the release before left it");
    block_on(async {
        let shop = rig::shop(database);
        let engine = Start::on(database).engine();
        let declare = async || {
            let body = from(json!({"placements": ["footer"]}));
            let change = UpdateShop { if_match: 1.into(), body, slug_is_taken: false };
            submit(&engine, shop, change, None).await
        };
        assert!(declare().await.is_err(), "a process of the release before may count");
        let mut connection = database.connect();
        day_fill::begin(&mut connection).expect("a flag");
        while day_fill::count_some(&mut connection).expect("some are counted").is_some() {}
        assert!(day_fill::is_finished(&mut connection).expect("an answer"));
        declare().await.expect("it is gone");
        stop(engine.clone()).await;
    });
    books_balance(database);
}

fn what_months_count_of_before_is_what_they_would_have_counted(database: &Fresh) {
    let story = block_on(async {
        let story = Story::begin(database).await;
        story.share("bea", 0).await;
        story.share("cara", 0).await;
        let sent = MarkShareSent { share: story.child(database), channel: None };
        submit(&story.engine, story.shop, sent, None).await.expect("it was opened");
        story.live("a").await;
        story
    });
    block_on(stop(story.engine));
    books_balance(database);
    let told = || {
        let sql =
            "SELECT COALESCE(string_agg(what || ' ' || many, ', '), '') FROM (SELECT what, many FROM month_tallies
                   ORDER BY month, program, what) counted";
        rig_text(database, sql)
    };
    let before = told();
    assert_eq!(before, "advocates 3, ordered/00 3, shared/00 1, won/07 7, won/30 7, won/90 7");
    for change in ["+ 1", "- 1"] {
        is_found(database, &format!("UPDATE month_tallies SET many = many {change}"), "shared/00");
    }
    is_found(database, "DELETE FROM month_tallies WHERE what = 'won/30'", "won/30");
    is_found(database, "UPDATE month_tallies SET what = 'others' WHERE what = 'advocates'", "advocates");
    is_found(database, "UPDATE referrals SET advocate_since = NULL", "won/07");
    let blank = "UPDATE shares SET first_of = NULL, advocate_since = NULL, after_ms = NULL;
                 UPDATE codes SET advocate_since = NULL; UPDATE referrals SET advocate_since = NULL;
                 UPDATE conversions SET after_ms = NULL; DELETE FROM month_tallies;
                 DELETE FROM advocate_lines; DELETE FROM advocate_counts; UPDATE shop_heads SET tallied = ''";
    database.connect().batch(blank).expect("as the release before left it");
    assert!(report(database).ok, "what is not counted is not missed");
    let mut connection = database.connect();
    while day_fill::count_some(&mut connection).expect("some are counted").is_some() {
        books_balance(database);
    }
    assert!(day_fill::is_finished(&mut connection).expect("an answer"));
    assert_eq!(told(), before);
    assert_eq!(number(database, "SELECT COUNT(*) FROM shares WHERE first_of IS NOT NULL"), 3);
}

/// Where no index leads to the rows of a figure, so many are looked at for each page, and none is left out or shown twice.
fn a_list_looks_at_so_many_rows_for_each_page(database: &Fresh) {
    let story = block_on(async {
        let story = Story::begin(database).await;
        for number in 0..23 {
            story.order(&format!("o-{number}"), number % 2, number % 3 == 0).await;
        }
        story
    });
    let shop = story.shop;
    block_on(stop(story.engine));
    let mut connection = database.target.connect(Use::Read).expect("a connection");
    let paid = Filter::new().when("channel = ?", ["telegram".into()]).when("status <> 'unpaid'", []);
    let whole = Part { limit: 200, ..Part::default() };
    let expected: Vec<Id> = list::<Conversion>(&mut connection, shop, &paid, &whole)
        .expect("a list")
        .rows
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(expected.len(), 4);
    for (limit, looked_at) in [(1, 1), (1, 5), (2, 3), (3, 7), (10, 4), (4, 100), (200, 23)] {
        let (mut found, mut part, mut pages) = (Vec::new(), Part { limit, ..Part::default() }, 0);
        loop {
            let page = list_among::<Conversion>(&mut connection, shop, &paid, &part, looked_at).expect("a page");
            assert!(page.rows.len() <= limit);
            found.extend(page.rows.iter().map(|row| row.id));
            pages += 1;
            if !page.more {
                break;
            }
            part.after = page.last;
        }
        assert_eq!(found, expected, "{limit} of {looked_at}");
        assert!(pages <= 23 / looked_at + 1 + expected.len(), "{pages} pages of {limit} of {looked_at}");
        assert!(pages >= 23 / looked_at, "{pages} pages of {limit} of {looked_at}");
    }
}

/// The counters of advocates: in a month, or of all time.
fn brought(database: &Fresh) -> String {
    let sql = "SELECT COALESCE(string_agg(orders || ' ' || kept || ' ' || revenue || ' ' || refunded || ' ' || reward_cost, ', '), '')
               FROM (SELECT * FROM advocate_counts ORDER BY month, orders DESC) counted";
    rig_text(database, sql)
}

fn what_waits_and_what_is_merged_is_what_advocates_brought(database: &Fresh) {
    let story = block_on(async {
        let story = Story::begin(database).await;
        story.live("a").await;
        story
    });
    books_balance(database);
    assert_eq!(brought(database), "", "nothing is merged yet");
    let waiting = number(database, "SELECT COUNT(*) FROM advocate_lines");
    assert!(waiting > 10, "a line for each batch: {waiting}");
    is_found(database, "DELETE FROM advocate_lines WHERE id = (SELECT MAX(id) FROM advocate_lines)", "advocate");
    // Two who merge at once, and orders meanwhile.
    let mut two = [database.connect(), database.connect()];
    let merged = two[0].transaction(advocate_counts::merge).expect("some are merged");
    assert!(merged, "there are more");
    block_on(story.live("b"));
    books_balance(database);
    let mut may_be_more = true;
    while may_be_more {
        for connection in &mut two {
            may_be_more = connection.transaction(advocate_counts::merge).expect("some are merged");
            books_balance(database);
        }
    }
    block_on(stop(story.engine));
    assert_eq!(number(database, "SELECT COUNT(*) FROM advocate_lines"), 0);
    // By hand, twice: ann has kept, shrunk, gone and what was moved to her; cara back and again.
    let told = "8 6 40000 12000 2000, 4 2 20000 10000 2000";
    assert_eq!(brought(database), format!("{told}, {told}"));
    for change in ["orders = orders + 1", "revenue = revenue - 1", "month = month + 1"] {
        is_found(database, &format!("UPDATE advocate_counts SET {change} WHERE month > 0"), "advocate");
    }
    is_found(database, "DELETE FROM advocate_counts WHERE month = 0", "advocate");
    let blank = "DELETE FROM advocate_counts; DELETE FROM month_tallies; UPDATE shop_heads SET tallied = ''";
    database.connect().batch(blank).expect("as the release before left it");
    let mut connection = database.connect();
    while day_fill::count_some(&mut connection).expect("some are counted").is_some() {
        books_balance(database);
    }
    while connection.transaction(advocate_counts::merge).expect("some are merged") {}
    assert_eq!(brought(database), format!("{told}, {told}"));
    books_balance(database);
}

/// What was counted of visits stays when their rows are removed, and the rows that are left prove the rest.
fn visits_that_are_removed_are_still_proved(database: &Fresh) {
    let story = block_on(Story::begin(database));
    for number in 1..=3 {
        story.open(database, number);
    }
    block_on(stop(story.engine));
    let later = "UPDATE visits SET at = at + 86400000 WHERE id = (SELECT MAX(id) FROM visits WHERE class = 'person')";
    database.connect().batch(later).expect("one is younger");
    let mut connection = database.connect();
    let before = Timestamp::from_ms(20_000 * DAY_MS + 1);
    assert!(!visits::forget_before(&mut connection, before).expect("they are removed"));
    assert_eq!(number(database, "SELECT COUNT(*) FROM visits"), 1);
    assert_eq!(number(database, "SELECT CAST(SUM(visits) AS BIGINT) FROM day_visits"), 9);
    assert_eq!(number(database, "SELECT CAST(SUM(gone_visits) AS BIGINT) FROM day_visits"), 6);
    books_balance(database);
    is_found(database, "UPDATE day_visits SET visits = visits + 1", "rows of visits come to");
    is_found(database, "DELETE FROM visits", "rows of visits come to");
}

/// Weeks are made ahead, take what lay beside, and go as a whole when they are over and old.
fn weeks_of_visits_that_are_dropped_are_still_proved(database: &Fresh) {
    const TUESDAY: i64 = 30_000;
    let at = |day: i64| Timestamp::from_ms(day * DAY_MS);
    let parts = || number(database, "SELECT COUNT(*) FROM pg_inherits WHERE inhparent = to_regclass('visits')");
    let beside = || number(database, "SELECT COUNT(*) FROM visits_beside");
    for (number, place) in [(1, None), (2, Some("footer"))] {
        let story = block_on(Story::begin_at(database, place));
        block_on(stop(story.engine.clone()));
        story.open_on(database, number, TUESDAY);
    }
    assert_eq!((parts(), beside()), (2, 4), "no week is there yet");
    let mut connection = database.connect();
    for _ in 0..2 {
        connection.transaction(|connection| visit_weeks::prepare(connection, at(TUESDAY))).expect("they are made");
        assert_eq!((parts(), beside()), (5, 0), "this week and the next two, once");
    }
    books_balance(database);
    let mut drop_before = |before: i64, now: i64| {
        connection
            .transaction(|connection| visit_weeks::drop_before(connection, at(before), at(now)))
            .expect("an answer")
    };
    let (monday, sunday) = (TUESDAY - 1, TUESDAY + 5);
    assert!(drop_before(monday, sunday + 1), "what was there before there were weeks");
    assert!(!drop_before(monday, sunday + 1), "it is not old");
    assert!(!drop_before(monday + 1, sunday), "it is not over");
    assert!(drop_before(monday + 1, sunday + 1));
    assert!(!drop_before(monday + 1, sunday + 1), "there was one");
    assert_eq!((parts(), number(database, "SELECT COUNT(*) FROM visits")), (3, 0));
    for table in ["day_visits", "place_visits"] {
        let gone =
            format!("SELECT CAST(SUM(gone_visits * 100 + gone_unique * 10 + gone_previews) AS BIGINT) FROM {table}");
        assert_eq!(number(database, &gone), 321, "{table}");
    }
    books_balance(database);
    is_found(database, "UPDATE day_visits SET visits = visits + 1", "rows of visits come to");
    connection.transaction(|connection| visit_weeks::prepare(connection, at(TUESDAY + 14))).expect("they are made");
    assert_eq!(parts(), 5, "two more weeks");
}

/// Changes rows, demands a sentence of the proof, and changes them back.
fn is_found(database: &Fresh, change: &str, sentence: &str) {
    let mut connection = database.connect();
    connection.batch("BEGIN").expect("a transaction");
    connection.batch(change).unwrap_or_else(|error| panic!("{change}: {error}"));
    let found = grapevine::store::verify::verify_here(&mut connection, None).expect("the books can be read");
    let is_said = found.problems.iter().any(|problem| problem.contains(sentence));
    assert!(!found.ok && is_said, "{change}: {:#?}", found.problems);
    connection.batch("ROLLBACK").expect("as before");
}

fn what_was_there_before_is_counted_while_orders_go_on(database: &Fresh) {
    let before = "DELETE FROM installation WHERE name IN ('day_counts', 'day_tallies', 'owed_days')";
    database.connect().batch(before).expect("as the release before left it");
    block_on(async {
        let story = Story::begin(database).await;
        story.live("before").await;
        story.open(database, 1);
        assert_eq!(number(database, "SELECT COUNT(*) FROM day_counts"), 0, "nothing is counted yet");
        assert_eq!(number(database, "SELECT COUNT(*) FROM owed_days"), 0);
        // As the release before writes.
        let blank = "UPDATE rewards SET channel = NULL, counted_at = NULL;
                     UPDATE visits SET day = NULL, fresh = NULL; DELETE FROM day_visits";
        database.connect().batch(blank).expect("rows of before");
        assert!(report(database).ok, "what is not counted is not missed");
        let mut connection = database.connect();
        day_fill::begin(&mut connection).expect("a flag");
        assert!(!day_fill::is_finished(&mut connection).expect("an answer"));
        let mut step = 0;
        while day_fill::count_some(&mut connection).expect("some are counted").is_some() {
            step += 1;
            story.live(&format!("step {step}")).await;
            story.fact("before-kept", if step % 2 == 0 { Fact::Delivered } else { Fact::Cancelled }).await;
            story.open(database, step + 1);
            books_balance(database);
        }
        assert!(day_fill::is_finished(&mut connection).expect("an answer"));
        assert!(step >= 5, "each kind, and visits, in turn: {step}");
        story.live("after").await;
        stop(story.engine.clone()).await;
    });
    books_balance(database);
    let orders = number(database, "SELECT COUNT(*) FROM conversions WHERE cancelled_at IS NULL");
    assert_eq!(number(database, "SELECT CAST(SUM(orders) AS BIGINT) FROM day_counts"), orders);
    assert_eq!(number(database, "SELECT COUNT(*) FROM visits WHERE day IS NULL"), 0);
    let cost = number(database, "SELECT CAST(SUM(reward_cost) AS BIGINT) FROM day_counts WHERE channel = 'whatsapp'");
    assert!(cost > 0, "rewards of before are where their orders are");
    assert!(number(database, "SELECT CAST(SUM(amount) AS BIGINT) FROM owed_days") > 0);
}
