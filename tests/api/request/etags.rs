//! Versions: `PATCH` changes what was read, and an `ETag` covers what it can change, nothing else.

use crate::support::*;

on_both!(a_patch_needs_the_version_that_was_read, a_patch_in_between_is_noticed, what_counts_is_not_what_people_edit);

async fn a_patch_needs_the_version_that_was_read(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let place = path("/v1/programs", &program["id"]);
    let change = json!({"name": "Neu"});
    shop.patch(&place, change.clone()).await.refused(428, "precondition_required");
    for tag in ["\"0\"", "\"99\"", "\"x\"", "x", "\"*\"", "W/\"0\"", "w/\"1\"", "\"0\", \"2\""] {
        shop.patch(&place, change.clone()).if_match(tag).await.refused(412, "stale");
    }
    let none = shop.patch(&place, change.clone()).if_match("x").await.refused(412, "stale");
    assert!(text(&none["detail"]).contains("names no version"), "{none}");
    let read = shop.get(&place).await;
    assert_eq!(read.ok()["name"], "Weitersagen");
    let changed = shop.patch(&place, change).if_match(&read.etag()).await;
    assert_eq!(changed.ok()["name"], "Neu");
    assert_ne!(changed.etag(), read.etag());
    assert_eq!(shop.get(&place).await.etag(), changed.etag());
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 5});
    let voucher = path("/v1/vouchers", &shop.post("/v1/vouchers", voucher).await.created()["id"]);
    let places = [
        (place.as_str(), json!({"priority": 3})),
        (&voucher, json!({"max_redemptions": 9})),
        ("/v1/shop", json!({"name": "x"})),
    ];
    for (place, change) in places {
        shop.patch(place, change.clone()).if_match("*").await.ok();
        let now = shop.get(place).await.etag();
        shop.patch(place, change.clone()).if_match(&format!("\"0\", {now}")).await.ok();
        let now = shop.get(place).await.etag();
        shop.patch(place, change).if_match(&format!("W/{now}")).await.ok();
    }
}

async fn a_patch_in_between_is_noticed(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let place = path("/v1/programs", &program["id"]);
    let tag = shop.get(&place).await.etag();
    let asks =
        (0..8).map(|number| shop.patch(&place, json!({"name": format!("Name {number}")})).if_match(&tag).into_future());
    let answers = futures_util::future::join_all(asks).await;
    let changed: Vec<&Answer> = answers.iter().filter(|answer| answer.status() == 200).collect();
    assert_eq!(changed.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status() != 200) {
        answer.refused(412, "stale");
    }
    assert_eq!(shop.get(&place).await.ok()["name"], changed[0].json()["name"]);
}

async fn what_counts_is_not_what_people_edit(shop: TestShop) {
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 5});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let place = path("/v1/vouchers", &voucher["id"]);
    let tag = shop.get(&place).await.etag();
    let cart = json!({"codes": [voucher["code"]], "order_id": "1", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.created();
    assert_eq!(shop.get(&place).await.etag(), tag);
    shop.patch(&place, json!({"max_redemptions": 7})).if_match(&tag).await.ok();

    let program = shop.program(json!({"pending_days": 0})).await;
    let place = path("/v1/programs", &program["id"]);
    let tag = shop.get(&place).await.etag();
    let share = shop.share(&program, "anna").await;
    shop.customer("ben").await;
    let order = json!({"order_id": "2", "customer": "ben", "amount": 4990, "currency": "EUR", "paid": true,
                       "evidence": {"token": share["token"]}});
    assert_eq!(elements(&shop.post("/v1/conversions", order).await.created()["rewards"]).len(), 2);
    assert_eq!(shop.get(&place).await.etag(), tag);
    shop.patch(&place, json!({"name": "Neu"})).if_match(&tag).await.ok();
}
