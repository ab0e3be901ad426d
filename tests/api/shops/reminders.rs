//! Mails that a shop asks for: what is on its way, and what is about to expire.

use crate::shops::messages::allow;
use crate::support::*;

on_both!(
    what_is_on_its_way_is_told_where_the_shop_wants_it,
    who_agreed_is_reminded_once_before_each_end,
    of_what_is_spent_void_short_or_nobodys_no_one_is_reminded,
    what_cannot_be_set_is_refused,
);

async fn set(shop: &TestShop, mail: Value) -> Value {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({ "mail": mail })).if_match(&etag).await.ok()["mail"].clone()
}

async fn agrees(shop: &TestShop, customer: &str) {
    let consents = json!([{"kind": "marketing_mail", "given": true, "source": "checkout"}]);
    let email = format!("{customer}@mail.example");
    shop.put(&format!("/v1/customers/{customer}"), json!({"email": email, "consents": consents})).await.created();
}

/// A card for a customer, good for so many days.
async fn card(shop: &TestShop, customer: &str, days: i64) -> Value {
    let reward = json!({"kind": "gift_card", "amount": 500, "valid": {"days": days}});
    let grant = json!({"customer": customer, "reward": reward, "reason": "late parcel"});
    shop.post("/v1/grants", grant).await.created();
    shop.list(&format!("/v1/vouchers?customer={customer}")).await[0].clone()
}

/// Mails of a kind: customer, status and reason.
async fn mails(shop: &TestShop, kind: &str) -> Vec<String> {
    let mails = shop.list(&format!("/v1/messages?kind={kind}")).await;
    let mut told: Vec<String> = mails
        .iter()
        .map(|mail| format!("{} {} {}", text(&mail["customer"]), text(&mail["status"]), mail["reason"]))
        .collect();
    told.sort();
    told
}

async fn what_is_on_its_way_is_told_where_the_shop_wants_it(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}]);
    let program = shop.program(json!({"pending_days": 30, "rewards": rewards})).await;
    let share = shop.share(&program, "anna").await;
    let order = async |order_id: &str| {
        let details = json!({"email": format!("{order_id}@mail.example")});
        let order = json!({"order_id": order_id, "customer_details": details, "amount": 5000, "currency": "EUR",
                           "evidence": {"token": share["token"]}});
        shop.post("/v1/conversions", order).await.created()
    };
    order("before").await;
    assert!(mails(&shop, "reward_pending").await.is_empty(), "nobody asked for it");
    assert_eq!(set(&shop, json!({"reward_pending": "send"})).await["reward_pending"], "send");
    order("after").await;
    assert_eq!(mails(&shop, "reward_pending").await, ["anna suppressed \"test_shop\""]);
    // What waits for an address until its order is certain tells of nothing that is over.
    let address = format!("{}@mail.example", fresh("emil")).to_ascii_lowercase();
    allow(&shop, &[&address]).await;
    shop.put("/v1/customers/emil", json!({})).await.created();
    let share = shop.post("/v1/shares", json!({"program": program["id"], "customer": "emil", "channel": "sms"})).await;
    let share = share.created();
    let order = json!({"order_id": "emils", "customer_details": {"email": "fay@mail.example"}, "amount": 5000,
                       "currency": "EUR", "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created();
    shop.advance(31).await;
    shop.put("/v1/customers/emil", json!({ "email": address })).await.ok();
    shop.server().settle_mails().await;
    assert_eq!(mails(&shop, "reward_pending").await[1], "emil suppressed \"withdrawn\"");
    let mut issued = mails(&shop, "voucher_issued").await;
    issued.retain(|mail| mail.starts_with("emil"));
    assert_eq!(issued.len(), 1);
}

async fn who_agreed_is_reminded_once_before_each_end(shop: TestShop) {
    set(&shop, json!({"expires_soon": "send", "expires_soon_days": 10})).await;
    agrees(&shop, "anna").await;
    shop.customer("ben").await;
    let anna = card(&shop, "anna", 30).await;
    card(&shop, "ben", 30).await;
    shop.advance(19).await;
    assert!(mails(&shop, "expires_soon").await.is_empty());
    shop.advance(2).await;
    let first = ["anna suppressed \"test_shop\"", "ben suppressed \"no_consent\""];
    assert_eq!(mails(&shop, "expires_soon").await, first);
    shop.advance(1).await;
    assert_eq!(mails(&shop, "expires_soon").await, first, "once");
    // It is extended: there is another end.
    let place = path("/v1/vouchers", &anna["id"]);
    let until = (chrono::Utc::now() + chrono::Duration::days(22 + 60)).to_rfc3339();
    let etag = shop.get(&place).await.etag();
    shop.patch(&place, json!({"valid_until": until})).if_match(&etag).await.ok();
    shop.advance(40).await;
    assert_eq!(mails(&shop, "expires_soon").await.len(), 2);
    shop.advance(11).await;
    assert_eq!(mails(&shop, "expires_soon").await.len(), 3);
    assert_eq!(shop.get(&place).await.ok()["status"], "active", "a reminder ends nothing");
    shop.advance(20).await;
    assert_eq!(shop.get(&place).await.ok()["status"], "expired");
    shop.books_balance().await;
}

async fn of_what_is_spent_void_short_or_nobodys_no_one_is_reminded(shop: TestShop) {
    let before = {
        agrees(&shop, "early").await;
        card(&shop, "early", 30).await
    };
    set(&shop, json!({"expires_soon": "send"})).await;
    for customer in ["spent", "void", "short", "gone"] {
        agrees(&shop, customer).await;
    }
    let spent = card(&shop, "spent", 30).await;
    let void = card(&shop, "void", 30).await;
    card(&shop, "short", 5).await;
    card(&shop, "gone", 30).await;
    let code = shop.post(&format!("{}/reveal", path("/v1/vouchers", &spent["id"])), json!({"reason": "a test"})).await;
    let code = code.ok()["code"].clone();
    let cart = json!({"order_id": "A-1", "codes": [code], "customer": "spent", "amount": 5000, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.created();
    shop.post(&format!("{}/void", path("/v1/vouchers", &void["id"])), json!({"reason": "a test"})).await.ok();
    let nobodys = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 1,
                         "valid_until": (chrono::Utc::now() + chrono::Duration::days(30)).to_rfc3339()});
    shop.post("/v1/vouchers", nobodys).await.created();
    shop.delete("/v1/customers/gone").await.accepted();
    shop.server().settle_jobs().await;
    shop.advance(28).await;
    assert!(mails(&shop, "expires_soon").await.is_empty(), "made before it was asked for: {before}");
    shop.books_balance().await;
}

async fn what_cannot_be_set_is_refused(shop: TestShop) {
    let etag = shop.get("/v1/shop").await.etag();
    for (mail, pointer) in [
        (json!({"expires_soon_days": 0}), "/mail/expires_soon_days"),
        (json!({"expires_soon_days": 91}), "/mail/expires_soon_days"),
        (json!({"expires_soon": "perhaps"}), "/mail/expires_soon"),
    ] {
        let refused = shop.patch("/v1/shop", json!({ "mail": mail })).if_match(&etag).await;
        assert_eq!(refused.refused(422, "invalid_field")["errors"][0]["pointer"], pointer);
    }
}
