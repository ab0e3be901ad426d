//! What the shop's analytics call a browser: kept with consent, for 72 hours, apart from everything else.

use grapevine::store::Target;

use crate::people::erasure::places_of;
use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    what_comes_with_an_order_is_kept_for_three_days,
    what_is_told_first_stays_until_it_is_taken_back,
    what_cannot_be_read_is_left_aside,
    what_is_no_consent_is_refused,
);

mod ids_stand_in_one_place {
    use super::*;

    #[test]
    fn sqlite() {
        stand_in_one_place(Backend::Sqlite);
    }

    #[test]
    fn postgres() {
        stand_in_one_place(Backend::Postgres);
    }
}

const CLIENT: &str = "7717171.1760000001";
const SESSION: &str = "1760007717";

fn told(consent: bool) -> Value {
    json!({"consent": consent, "ga_client_id": format!("GA1.1.{CLIENT}"), "ga_session_id": format!("GS2.1.s{SESSION}$o1"),
           "matomo_visitor_id": "0123456789ABCDEF"})
}

fn order(order_id: &str, customer: &str, analytics: Value) -> Value {
    json!({"order_id": order_id, "customer": customer, "amount": 4990, "currency": "EUR", "analytics": analytics})
}

/// What is kept of a customer: subject and client.
async fn kept(shop: &TestShop, customer: &str) -> Vec<(String, String)> {
    let export = shop.get(&format!("/v1/customers/{customer}/export")).await.ok();
    elements(&export["analytics_ids"]).iter().map(|ids| (text(&ids["subject"]), text(&ids["ga_client_id"]))).collect()
}

async fn what_comes_with_an_order_is_kept_for_three_days(shop: TestShop) {
    let made = shop.post("/v1/conversions", order("A-1", "ben", told(true))).await.created();
    assert_eq!(kept(&shop, "ben").await, [(text(&made["id"]), CLIENT.to_owned())]);
    shop.post("/v1/conversions", order("A-2", "carl", told(false))).await.created();
    assert!(kept(&shop, "carl").await.is_empty(), "nobody agreed");
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let referral = json!({"friend": "dora", "evidence": {"token": share["token"]}, "analytics": told(true)});
    let referral = shop.post("/v1/referrals", referral).await.created();
    assert_eq!(kept(&shop, "dora").await, [(text(&referral["id"]), CLIENT.to_owned())]);
    assert!(kept(&shop, "anna").await.is_empty(), "it is not her browser");
    shop.advance(2).await;
    assert_eq!(kept(&shop, "ben").await.len(), 1);
    shop.advance(1).await;
    assert!(kept(&shop, "ben").await.is_empty() && kept(&shop, "dora").await.is_empty());
    // What is told late has passed already; what is told in time is kept as long as from then.
    let day = |days: i64| (chrono::Utc::now() + chrono::Duration::days(3 - days)).to_rfc3339();
    for (order_id, days, expected) in [("late", 4, 0), ("in-time", 2, 1)] {
        let mut late = order(order_id, order_id, told(true));
        late["occurred_at"] = json!(day(days));
        shop.post("/v1/conversions", late).await.created();
        assert_eq!(kept(&shop, order_id).await.len(), expected, "{order_id}");
    }
    shop.advance(1).await;
    assert!(kept(&shop, "in-time").await.is_empty());
}

async fn what_is_told_first_stays_until_it_is_taken_back(shop: TestShop) {
    let mut second = told(true);
    second["ga_client_id"] = json!("1.2");
    shop.post("/v1/conversions", order("A-1", "ben", Value::Null)).await.created();
    for (analytics, expected) in
        [(told(true), Some(CLIENT)), (second.clone(), Some(CLIENT)), (told(false), None), (second, Some("1.2"))]
    {
        shop.post("/v1/conversions", order("A-1", "ben", analytics)).await.ok();
        let kept = kept(&shop, "ben").await;
        assert_eq!(kept.first().map(|(_, client)| client.as_str()), expected);
    }
    // Erased, it is gone, and the order told once more brings nothing back.
    shop.delete("/v1/customers/ben").await.accepted();
    shop.server().settle_jobs().await;
    shop.post("/v1/conversions", order("A-1", "ben", told(true))).await.ok();
    shop.customer("ben").await;
    assert!(kept(&shop, "ben").await.is_empty());
}

async fn what_cannot_be_read_is_left_aside(shop: TestShop) {
    let analytics =
        json!({"consent": true, "ga_client_id": "anna@mail.example", "ga_session_id": "  ", "matomo_visitor_id": null});
    let made = shop.post("/v1/conversions", order("A-1", "ben", analytics)).await.created();
    let aside: Vec<_> = elements(&made["ignored"]).iter().map(|aside| text(&aside["pointer"])).collect();
    assert_eq!(aside, ["/analytics/ga_client_id"]);
    assert!(kept(&shop, "ben").await.is_empty(), "nothing is left of it");
    // What is redeemed with the order goes the same way.
    let mut redeemed = order("A-2", "ben", told(true));
    redeemed["redeem"] = json!({"codes": []});
    shop.post("/v1/conversions", redeemed).await.created();
    assert_eq!(kept(&shop, "ben").await.len(), 1);
}

async fn what_is_no_consent_is_refused(shop: TestShop) {
    for (analytics, code, pointer) in [
        (json!({}), "invalid_field", "/analytics/consent"),
        (json!({"consent": "yes"}), "invalid_field", "/analytics/consent"),
        (json!({"consent": true, "ip": "198.51.100.7"}), "unknown_field", "/analytics/ip"),
        (json!([]), "invalid_field", "/analytics"),
    ] {
        let refused = shop.post("/v1/conversions", order("A-1", "ben", analytics)).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    shop.get("/v1/conversions/A-1").await.refused(404, "not_found");
}

/// Neither events, answers nor logs tell them, and after an erasure they stand nowhere.
fn stand_in_one_place(backend: Backend) {
    let database = fresh_database(backend);
    let servers = [Process::start(&database, &[("GRAPEVINE_LOG", "trace")])];
    let target = Target::parse(&database).expect("a database");
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let made = shop.post("/v1/conversions", order("A-1", "ben", told(true))).await;
        assert!(made.created()["id"].is_string() && !made.text().contains(SESSION), "{made:?}");
        assert_eq!(places_of(&target, SESSION), ["analytics_ids.ids"]);
        shop.delete("/v1/customers/ben").await.accepted();
        while places_of(&target, SESSION) != Vec::<String>::new() {
            assert_ne!(shop.get("/v1/customers/ben").await.status(), 500);
        }
    });
    assert!(!servers[0].log().contains(SESSION), "the log tells it");
}
