//! What time brings: a test shop's clock is moved, and what becomes due is done when that is answered.

use crate::support::*;

on_both!(
    a_conversion_is_approved_when_its_wait_is_over,
    what_is_due_in_one_shop_is_not_in_another,
    a_voucher_expires_with_its_time,
    a_referral_expires_with_its_time,
    a_program_ends_with_its_dates,
    a_shop_that_is_far_behind_catches_up_in_one_step,
    the_clock_goes_forward_alone,
    a_repeated_step_is_one_step,
);

/// An order of a friend who came by an advocate's link; its rewards wait 30 days.
async fn referred_order(shop: &TestShop, order_id: &str) -> Value {
    let program = shop.program(json!({"slug": format!("p-{order_id}")})).await;
    let share = shop.share(&program, &format!("advocate-{order_id}")).await;
    let friend = format!("friend-{order_id}");
    shop.customer(&friend).await;
    let order = json!({"order_id": order_id, "customer": friend, "amount": 4990, "currency": "EUR", "paid": true,
        "program": program["id"], "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created()
}

async fn kinds(shop: &TestShop) -> Vec<Value> {
    let page = shop.get("/v1/events?limit=200").await.ok();
    elements(&page["data"]).iter().map(|event| event["type"].clone()).collect()
}

async fn count(shop: &TestShop, kind: &str) -> usize {
    kinds(shop).await.iter().filter(|found| *found == kind).count()
}

async fn a_conversion_is_approved_when_its_wait_is_over(shop: TestShop) {
    let order = referred_order(&shop, "1").await;
    let this = path("/v1/conversions", &order["id"]);
    assert_eq!((&order["status"], elements(&order["rewards"]).len()), (&json!("pending"), 2));
    shop.advance(29).await;
    assert_eq!(shop.get(&this).await.ok()["status"], "pending");
    shop.advance(1).await;
    let approved = shop.get(&this).await.ok();
    assert_eq!(approved["status"], "approved", "{approved}");
    for reward in elements(&approved["rewards"]) {
        assert_eq!(reward["status"], "issued", "{reward}");
        assert_eq!(shop.get(&path("/v1/vouchers", &reward["voucher"])).await.ok()["status"], "active");
    }
    shop.advance(30).await;
    assert_eq!((count(&shop, "conversion.approved").await, count(&shop, "reward.issued").await), (1, 2));
    shop.books_balance().await;
}

async fn what_is_due_in_one_shop_is_not_in_another(shop: TestShop) {
    let other = shop.another().await;
    let (here, there) = (referred_order(&shop, "1").await, referred_order(&other, "1").await);
    shop.advance(31).await;
    assert_eq!(shop.get(&path("/v1/conversions", &here["id"])).await.ok()["status"], "approved");
    assert_eq!(other.get(&path("/v1/conversions", &there["id"])).await.ok()["status"], "pending");
}

async fn a_voucher_expires_with_its_time(shop: TestShop) {
    shop.to_mid_month().await;
    let grant = json!({"customer": "ann", "reason": "late", "notify": false,
        "reward": {"kind": "gift_card", "amount": 1500, "valid": {"days": 10}}});
    shop.customer("ann").await;
    shop.post("/v1/grants", grant).await.created();
    let voucher = shop.list("/v1/vouchers").await.remove(0);
    shop.advance(10).await;
    assert_eq!((count(&shop, "voucher.expired").await, count(&shop, "reward.expired").await), (0, 0));
    shop.advance(1).await;
    assert_eq!(shop.get(&path("/v1/vouchers", &voucher["id"])).await.ok()["status"], "expired");
    shop.advance(1).await;
    assert_eq!((count(&shop, "voucher.expired").await, count(&shop, "reward.expired").await), (1, 1));
    shop.books_balance().await;
}

async fn a_referral_expires_with_its_time(shop: TestShop) {
    let program =
        shop.program(json!({"attribution": {"window_days": 90, "credit_window_days": 10, "model": "first"}})).await;
    let share = shop.share(&program, "advocate").await;
    shop.customer("friend").await;
    let referral = json!({"friend": "friend", "evidence": {"token": share["token"]}});
    let referral = shop.post("/v1/referrals", referral).await.created();
    let this = path("/v1/referrals", &referral["id"]);
    shop.advance(9).await;
    assert_eq!(shop.get(&this).await.ok()["status"], "open");
    shop.advance(2).await;
    assert_eq!(shop.get(&this).await.ok()["status"], "expired");
    shop.advance(2).await;
    assert_eq!(count(&shop, "referral.expired").await, 1);
}

async fn a_program_ends_with_its_dates(shop: TestShop) {
    let now = shop.post("/v1/test/clock", json!({"advance_days": 0})).await.ok()["now"].clone();
    let now: grapevine::records::Timestamp = serde_json::from_value(now).expect("an instant");
    let program = shop.program(json!({"ends_at": now.plus_days(10)})).await;
    let place = path("/v1/programs", &program["id"]);
    let share = shop.share(&program, "anna").await;
    shop.advance(9).await;
    assert_eq!(shop.get(&place).await.ok()["status"], "active");
    shop.advance(20).await;
    let ended = shop.get(&place).await.ok();
    assert_eq!((&ended["status"], &ended["ended_at"]), (&json!("ended"), &json!(now.plus_days(10))));
    assert_eq!(count(&shop, "program.ended").await, 1);
    // An order that is reported late counts by when it was placed.
    shop.customer("ben").await;
    for (order, days, method) in [("1", 9, "token"), ("2", 11, "none")] {
        let order = json!({"order_id": order, "customer": "ben", "amount": 4990, "currency": "EUR", "paid": true,
                           "occurred_at": now.plus_days(days), "evidence": {"token": share["token"]}});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!(order["attribution"]["method"], method, "{order}");
    }
    let late = json!({"name": "Late", "status": "active", "landing_url": "https://shop.example/", "rewards": [],
                      "ends_at": now.plus_days(1)});
    let refused = shop.post("/v1/programs", late).await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/ends_at");
}

async fn a_shop_that_is_far_behind_catches_up_in_one_step(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "advocate").await;
    for number in 0..150 {
        let friend = format!("friend-{number}");
        shop.customer(&friend).await;
        let order = json!({"order_id": number.to_string(), "customer": friend, "amount": 4990, "currency": "EUR", "paid": true,
            "evidence": {"token": share["token"]}});
        shop.post("/v1/conversions", order).await.created();
    }
    shop.advance(365).await;
    assert!(shop.list("/v1/conversions?status=pending").await.is_empty());
    assert_eq!(shop.list("/v1/conversions?status=approved").await.len(), 150);
    shop.books_balance().await;
}

async fn the_clock_goes_forward_alone(shop: TestShop) {
    let moved = shop.post("/v1/test/clock", json!({"advance_days": 2})).await.ok();
    let again = shop.post("/v1/test/clock", json!({"now": moved["now"]})).await;
    match again.status() {
        200 => assert!(again.json()["now"].as_str() >= moved["now"].as_str()),
        _ => drop(again.refused(409, "illegal_transition")),
    }
    let past = json!({"now": "2020-01-01T00:00:00.000Z"});
    shop.post("/v1/test/clock", past).await.refused(409, "illegal_transition");
    shop.post("/v1/test/clock", json!({"advance_days": -1})).await.refused(422, "invalid_field");
    shop.post("/v1/test/clock", json!({})).await.refused(422, "invalid_field");
    let later = shop.put("/v1/customers/late", json!({})).await.created();
    assert!(later["created_at"].as_str() >= moved["now"].as_str(), "{later} before {moved}");
}

async fn a_repeated_step_is_one_step(shop: TestShop) {
    let step = json!({"advance_days": 5});
    let first = shop.post("/v1/test/clock", step.clone()).key("step").await;
    let again = shop.post("/v1/test/clock", step).key("step").await;
    assert_eq!((first.status(), again.status(), first.bytes()), (200, 200, again.bytes()));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}
