//! The proof of the books finds what is wrong, and due work that fails stands in nobody's way.

use grapevine::decide::orders::record_conversion::RecordConversion;
use grapevine::engine::sweep::Sweeper;
use grapevine::records::{Id, Kind, Value};
use grapevine::store::connection::Use;
use grapevine::store::{Connection, Pool, Statement};

use crate::rig::{self, Start, block_on, from, number, report, stop, submit};
use crate::support::{Fresh, on_both};

on_both!(what_is_wrong_is_found, what_fails_heads_nothing,);

/// PostgreSQL joins by hashes; on SQLite the second table of a join is sought, by an index or by one that it makes.
#[test]
fn no_check_reads_a_table_for_each_row_of_another() {
    let database = Fresh::sqlite();
    some_of_everything(&database);
    let mut connection = database.connect();
    connection.batch("ANALYZE").expect("statistics");
    let a_million = "UPDATE sqlite_stat1 SET stat = '1000000' || substr(stat || ' ', instr(stat || ' ', ' ')); ANALYZE sqlite_schema";
    connection.batch(a_million).expect("statistics of large tables");
    for sql in grapevine::store::verify::statements() {
        let plan = plan(&mut connection, &sql);
        assert!(!is_quadratic(&plan), "{sql}\n{plan:#?}");
    }
    for sql in grapevine::store::verify::paged_statements(Id::of("shp", &["any"])) {
        let plan = plan(&mut connection, &sql.replace('?', "1"));
        assert!(plan.iter().all(|(_, what)| !what.contains("TEMP B-TREE")), "sorted for each page: {sql}\n{plan:#?}");
    }
    let slow = "SELECT r.id FROM redemptions r LEFT JOIN order_slots s ON s.redemption = r.id";
    connection.batch("PRAGMA automatic_index=off").expect("a setting");
    assert!(is_quadratic(&plan(&mut connection, slow)), "the check itself would see it");
}

/// The steps of a query: what each is part of, and what it does.
fn plan(connection: &mut Connection, sql: &str) -> Vec<(i64, String)> {
    let columns = [Kind::Int, Kind::Int, Kind::Int, Kind::Text];
    let rows = connection.query(&Statement::new(format!("EXPLAIN QUERY PLAN {sql}")), &columns).expect("a plan");
    let steps = rows.into_iter().map(|row| match <[Value; 4]>::try_from(row) {
        Ok([_, Value::Int(Some(parent)), _, Value::Text(Some(what))]) => (parent, what),
        other => panic!("not a step: {other:?}"),
    });
    steps.collect()
}

/// Whether a table is read as a whole for each row of the one before it. Full joins are of sums by shop or by
/// program, which are few.
fn is_quadratic(plan: &[(i64, String)]) -> bool {
    let is_full_join = plan.iter().any(|(_, what)| what.starts_with("RIGHT-JOIN"));
    let reads = |what: &str| what.starts_with("SCAN") || what.starts_with("SEARCH");
    plan.iter().enumerate().any(|(place, (parent, what))| {
        let is_inner = plan[..place].iter().any(|(other, before)| other == parent && reads(before));
        is_inner && what.starts_with("SCAN") && !(is_full_join && what.ends_with("LEFT-JOIN"))
    })
}

/// A shop with something of everything, all of it in order.
fn some_of_everything(database: &Fresh) -> Id {
    let shop = rig::shop(database);
    block_on(async {
        let engine = Start::on(database).engine();
        submit(&engine, shop, rig::customer("ann"), None).await.expect("a customer");
        submit(&engine, shop, rig::grant("ann", "late"), None).await.expect("a grant");
        submit(&engine, shop, rig::limited(3), None).await.expect("a voucher");
        for order in ["1", "2"] {
            submit(&engine, shop, rig::redemption(order), None).await.expect("a redemption");
        }
        submit(&engine, shop, rig::held_credit("ann", 40), None).await.expect("a hold");
        submit(&engine, shop, rig::customer("bob"), None).await.expect("a friend");
        let (program, code) = rig::program_with_code("ann");
        submit(&engine, shop, program, None).await.expect("a program");
        submit(&engine, shop, code, None).await.expect("her code");
        submit(&engine, shop, rig::discount("bob", "3"), None).await.expect("a discount");
        stop(engine).await;
    });
    shop
}

/// Each change of the rows, and a part of the sentence that it brings.
const WRONGS: &[(&str, &str)] = &[
    ("UPDATE accounts SET balance = balance + 1 WHERE name LIKE 'credit:%'", "its entries come to 60"),
    ("UPDATE accounts SET balance = balance + 1 WHERE name LIKE 'credit:%'", "and not to nothing"),
    ("DELETE FROM accounts WHERE name LIKE 'credit:%'", "one of these accounts does not exist"),
    ("UPDATE voucher_uses SET used = 1", "counts 1 uses, 2 live redemptions used it"),
    ("DELETE FROM voucher_uses", "counts 0 uses, 2 live redemptions used it"),
    ("UPDATE voucher_uses SET used = 3", "the account of issued vouchers"),
    ("UPDATE vouchers SET max_redemptions = 1", "its limit is 1"),
    ("UPDATE redemptions SET order_id = '1'", "has 3 live redemptions"),
    ("UPDATE redemptions SET reversed_amount = 5", "its reversals come to 0"),
    ("UPDATE order_slots SET redemption = NULL", "no order knows it"),
    ("UPDATE holds SET set_aside_amount = 1", "its holds have 1"),
    ("UPDATE holds SET status = 'released'", "is over and still has something"),
    ("UPDATE holds SET status = 'released'", "still names it"),
    ("UPDATE voucher_uses SET held = 1", "counts 1 uses set aside, 0 live holds have it"),
    ("UPDATE redemptions SET lines = '[]'", "paid 500 for discounts, live redemptions took off 0"),
    ("UPDATE shop_heads SET seq = seq + 1", "the last number that was given"),
    ("UPDATE rewards SET customer = 'cus_00000000000000000000000000'", "as its customer, which does not exist"),
    ("UPDATE rewards SET status = 'pending'", "the account of pending rewards"),
    (
        "INSERT INTO tallies (id, shop, subject, count, version)
         SELECT 'tly_00000000000000000000000000', id, 'share:shr_1:naked', 1, 1 FROM shops",
        "counts 1 orders that came without a visit, those that are credited are 0",
    ),
    (
        "INSERT INTO tallies (id, shop, subject, count, version)
         SELECT 'tly_00000000000000000000000000', id, 'kept:prg_1:per_1:per_2', 1, 1 FROM shops",
        "counts 1 orders for milestones, those that are kept are 0",
    ),
    (
        "INSERT INTO tallies (id, shop, subject, count, version)
         SELECT 'tly_00000000000000000000000000', id, 'friends:prg_1:per_1', 1, 1 FROM shops",
        "counts 1 friends for milestones, those of whom an order is kept are 0",
    ),
];

fn what_is_wrong_is_found(database: &Fresh) {
    let shop = some_of_everything(database);
    let before = report(database);
    assert!(before.ok, "{:#?}", before.problems);
    assert!(before.checked["entries"] > 0 && before.checked["voucher_uses"] == 1, "{:?}", before.checked);
    for (change, sentence) in WRONGS {
        let mut connection = database.connect();
        spoil(&mut connection, change);
        let found = grapevine::store::verify::verify_here(&mut connection, Some(shop)).expect("the books can be read");
        let is_said = found.problems.iter().any(|problem| problem.to_lowercase().contains(&sentence.to_lowercase()));
        assert!(!found.ok && is_said, "{change}: {:#?}", found.problems);
        connection.batch("ROLLBACK").expect("as before");
    }
    assert!(report(database).ok);
}

/// Changes rows in a transaction that is never committed.
fn spoil(connection: &mut Connection, change: &str) {
    connection.batch("BEGIN").expect("a transaction");
    connection.batch(change).unwrap_or_else(|error| panic!("{change}: {error}"));
}

/// An order whose approval breaks stands before one that is fine.
fn what_fails_heads_nothing(database: &Fresh) {
    let shop = rig::shop(database);
    block_on(async {
        let engine = Start::on(database).engine();
        for order in ["broken", "fine"] {
            let order: RecordConversion =
                from(serde_json::json!({"order_id": order, "amount": 100, "currency": "EUR"}));
            submit(&engine, shop, order, None).await.expect("an order");
        }
        let due = "UPDATE conversions SET status = 'pending', approved_at = NULL, due_at = CASE order_id WHEN 'broken' THEN 1 ELSE 2 END;
             INSERT INTO rewards (id, shop, to_side, on_what, customer, conversion, once, benefit, currency, cost_amount,
                                  redeemed_amount, forgiven_amount, counted_by, status, history, created_at, version)
             SELECT 'rwd_00000000000000000000000000', shop, 'friend', 'conversion', 'cus_00000000000000000000000000', id, 'x', '{\"kind\":\"free_shipping\"}',
                    'EUR', 0, 0, 0, '[]', 'pending', '[]', 1, 1 FROM conversions WHERE order_id = 'broken'";
        database.connect().batch(due).expect("both are due, and one names a customer that is not there");
        let sweeper = Sweeper::new(engine.clone(), Pool::new(database.target.clone(), Use::Read, 2));
        sweeper.sweep().await;
        let pending = "SELECT COUNT(*) FROM conversions WHERE status = 'pending' AND order_id = ";
        assert_eq!(number(database, &format!("{pending}'fine'")), 0);
        assert_eq!(number(database, &format!("{pending}'broken'")), 1);
        // What failed rests; the shop's clock waits for nothing of it.
        let finished = tokio::time::timeout(rig::FOR_EVER, sweeper.finish_shop(shop)).await;
        finished.expect("in time").expect("the sweep ends");
        stop(engine).await;
    });
}
