//! What is written down: events by number, the books, the audit log.

use grapevine::store::Target;
use grapevine::store::connection::Use;

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    events_are_numbered_without_gaps,
    events_are_read_on_from_a_number,
    a_customers_credit_and_its_entries,
    the_audit_log_says_who_did_what_and_why,
    another_shops_records_are_not_seen,
);

async fn some_events(shop: &TestShop, count: usize) {
    for number in 0..count {
        let voucher = json!({"kind": "amount_off", "amount": 100 + number, "currency": "EUR", "max_redemptions": 1});
        shop.post("/v1/vouchers", voucher).await.created();
    }
}

fn numbers(page: &Value) -> Vec<i64> {
    elements(&page["data"]).iter().map(|event| event["seq"].as_i64().expect("a number")).collect()
}

async fn events_are_numbered_without_gaps(shop: TestShop) {
    some_events(&shop, 5).await;
    let page = shop.get("/v1/events").await.ok();
    assert_eq!((numbers(&page), &page["next"]), ((1..=5).collect(), &json!(null)));
    let first = &elements(&page["data"])[0];
    assert_eq!(
        (&first["type"], &first["mode"], &first["version"]),
        (&json!("voucher.issued"), &json!("test"), &json!(1))
    );
    assert_eq!(first["shop"], json!(shop.id));
    assert_eq!(first["data"]["amount"], 100);
}

async fn events_are_read_on_from_a_number(shop: TestShop) {
    some_events(&shop, 5).await;
    let page = shop.get("/v1/events?limit=2&after=1").await.ok();
    assert_eq!((numbers(&page), &page["next"]), (vec![2, 3], &json!(3)));
    let rest = shop.get("/v1/events?limit=2&after=3").await.ok();
    assert_eq!((numbers(&rest), &rest["next"]), (vec![4, 5], &json!(null)));
    assert!(numbers(&shop.get("/v1/events?after=5").await.ok()).is_empty());
    for wrong in ["-1", "x", "1.5", "99999999999999999999"] {
        shop.get(&format!("/v1/events?after={wrong}")).await.refused(422, "invalid_field");
    }
}

async fn a_customers_credit_and_its_entries(shop: TestShop) {
    let ann = shop.customer("ann").await;
    let empty = shop.get("/v1/customers/ann/balance").await.ok();
    assert_eq!((&empty["balance"], &empty["currency"], &empty["customer_id"]), (&json!(0), &json!("EUR"), &ann["id"]));
    let grant = json!({"customer": "ann", "reward": {"kind": "store_credit", "amount": 1500}, "reason": "late", "notify": false});
    shop.post("/v1/grants", grant).await.created();
    assert_eq!(shop.get(&format!("{}/balance", path("/v1/customers", &ann["id"]))).await.ok()["balance"], 1500);
    let entries = shop.list("/v1/customers/ann/entries").await;
    assert_eq!(entries.len(), 1);
    assert_eq!((&entries[0]["kind"], &entries[0]["amount"]), (&json!("issued"), &json!(1500)));
    assert_eq!(entries[0]["cause"]["type"], "reward");
    shop.get("/v1/customers/nobody/balance").await.refused(404, "not_found");
    let audit = shop.audit().await;
    assert_eq!((&audit["ok"], &audit["checked"]["entries"]), (&json!(true), &json!(1)), "{audit}");
}

async fn the_audit_log_says_who_did_what_and_why(shop: TestShop) {
    shop.customer("ann").await;
    let manager = shop.operator("manager").await;
    let voucher = json!({"kind": "amount_off", "amount": 100, "currency": "EUR", "max_redemptions": 1});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let void = format!("{}/void", path("/v1/vouchers", &voucher["id"]));
    manager.post(&void, json!({"reason": "was a test"})).await.ok();
    let rows = manager.get("/v1/audit_log").await.ok();
    let row = &elements(&rows["data"])[0];
    assert_eq!((&row["action"], &row["reason"]), (&json!("void_voucher"), &json!("was a test")), "{row}");
    assert_eq!((&row["actor"]["type"], &row["actor"]["name"]), (&json!("operator"), &json!("manager")));
    assert_eq!((&row["subject"]["type"], &row["subject"]["id"]), (&json!("voucher"), &voucher["id"]));
    shop.operator("viewer").await.get("/v1/audit_log").await.refused(403, "forbidden");
}

async fn another_shops_records_are_not_seen(shop: TestShop) {
    some_events(&shop, 2).await;
    let ann = shop.customer("ann").await;
    let other = shop.another().await;
    assert!(numbers(&other.get("/v1/events").await.ok()).is_empty());
    other.get(&format!("{}/balance", path("/v1/customers", &ann["id"]))).await.refused(404, "not_found");
    other.get(&format!("{}/entries", path("/v1/customers", &ann["id"]))).await.refused(404, "not_found");
    assert_eq!(other.audit().await["checked"]["vouchers"], 0);
}

/// Another session keeps what the audit reads: whoever asks learns how far it is, all else is answered, and the
/// report comes when there is one. However many ask, one is made.
#[test]
fn an_audit_that_takes_long_is_in_nobodys_way() {
    block_on(async {
        let database = fresh_database(Backend::Postgres);
        let server = [Process::start(&database, &[])];
        let shop = TestShop::through(&database, &server).await;
        let target = Target::parse(&database).expect("a URL");
        let mut other = target.connect(Use::Tool).expect("a connection");
        shop.customer("ann").await;
        other.batch("BEGIN; LOCK TABLE job_faults IN ACCESS EXCLUSIVE MODE").expect("a lock");
        let asked = (0..8).map(|_| shop.get("/v1/ledger/audit").into_future());
        for answer in futures_util::future::join_all(asked).await {
            assert_eq!((answer.status(), answer.header("retry-after")), (202, Some("1")));
            let progress = answer.json();
            assert!(progress["done"].as_i64() < progress["total"].as_i64(), "{progress}");
        }
        let begun = std::time::Instant::now();
        shop.get("/v1/customers/ann").await.ok();
        shop.list("/v1/conversions").await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{:?}", begun.elapsed());
        other.batch("ROLLBACK").expect("it ends");
        assert_eq!(shop.audit().await["ok"], true);
        assert_eq!(shop.audit().await["checked"]["conversions"], 0, "who asks again has it made anew");
    });
}
