//! Milestones: what advocates get for so many different friends.

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    the_third_friend_earns_the_gift_and_a_return_takes_it_back,
    what_was_spent_is_kept_and_not_given_twice,
    every_so_many_friends_count_once_each_however_they_come,
    an_order_counts_for_whom_it_is_credited_to,
    what_cannot_be_a_milestone_is_refused,
);

/// A program with these rewards, and Anna's code in it.
async fn with_code(shop: &TestShop, rewards: Value) -> (Value, Value) {
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards})).await;
    shop.customer("anna").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.created()["code"].clone();
    (program, code)
}

async fn order(shop: &TestShop, order_id: &str, friend: &str, code: &Value) -> Value {
    let details = json!({"email": format!("{friend}@mail.example")});
    let order = json!({"order_id": order_id, "customer_details": details, "amount": 5000, "currency": "EUR",
                       "evidence": {"code": code}});
    shop.post("/v1/conversions", order).await.created()
}

async fn send_back(shop: &TestShop, order_id: &str) {
    let place = format!("/v1/conversions/{order_id}/refunds");
    shop.post(&place, json!({"refund_id": format!("{order_id}-back"), "kind": "refund"})).await.created();
}

/// The rewards of an advocate for so many friends, in the order of their making: number and status.
async fn earned(shop: &TestShop, advocate: &str) -> Vec<String> {
    let all = shop.get(&format!("/v1/rewards?customer={advocate}&limit=100")).await.ok();
    let mut all = elements(&all["data"]);
    all.retain(|reward| reward["on"] == "milestone");
    all.sort_by_key(|reward| text(&reward["id"]));
    all.iter().map(|reward| format!("{} {}", reward["friends"], text(&reward["status"]))).collect()
}

async fn the_third_friend_earns_the_gift_and_a_return_takes_it_back(shop: TestShop) {
    let gift = json!({"to": "advocate", "on": "milestone", "at": [2, 3], "kind": "gift_card", "amount": 2500});
    let (program, code) = with_code(&shop, json!([gift])).await;
    let me = shop.browser("anna").await;
    let progress = async || {
        let summary = me.get("/v1/me/summary").await.ok();
        text(&summary["milestones"][0]["text"])
    };
    assert_eq!(progress().await, "0 von 2");
    order(&shop, "1", "ben", &code).await;
    order(&shop, "1b", "ben", &code).await;
    assert_eq!((earned(&shop, "anna").await, progress().await), (vec![], "1 von 2".into()), "one friend, twice");
    order(&shop, "2", "cara", &code).await;
    order(&shop, "3", "dora", &code).await;
    assert_eq!(earned(&shop, "anna").await, ["2 issued", "3 issued"]);
    assert_eq!(progress().await, "3: alles erreicht");
    send_back(&shop, "3").await;
    assert_eq!(
        (earned(&shop, "anna").await, progress().await),
        (vec!["2 issued".into(), "3 voided".to_owned()], "2 von 3".into())
    );
    send_back(&shop, "1").await;
    assert_eq!(progress().await, "2 von 3", "ben keeps the other one");
    send_back(&shop, "1b").await;
    assert_eq!(earned(&shop, "anna").await, ["2 voided", "3 voided"]);
    order(&shop, "4", "ben", &code).await;
    order(&shop, "5", "emil", &code).await;
    assert_eq!(earned(&shop, "anna").await, ["2 voided", "3 voided", "2 issued", "3 issued"]);
    let place = path("/v1/programs", &program["id"]);
    let budget = shop.get(&place).await.ok()["budget"]["used"].clone();
    assert_eq!(budget, 5000, "what fell is free again");
    shop.books_balance().await;
}

async fn what_was_spent_is_kept_and_not_given_twice(shop: TestShop) {
    let gift = json!({"to": "advocate", "on": "milestone", "at": [1], "kind": "gift_card", "amount": 2500});
    let (_, code) = with_code(&shop, json!([gift])).await;
    order(&shop, "1", "ben", &code).await;
    let rewards = shop.get("/v1/rewards?customer=anna").await.ok();
    let voucher = shop.get(&path("/v1/vouchers", &rewards["data"][0]["voucher"])).await.ok();
    let voucher =
        shop.post(&format!("{}/reveal", path("/v1/vouchers", &voucher["id"])), json!({"reason": "test"})).await.ok();
    let cart =
        json!({"order_id": "hers", "currency": "EUR", "amount": 4000, "codes": [voucher["code"]], "customer": "anna"});
    shop.post("/v1/redemptions", cart).await.created();
    send_back(&shop, "1").await;
    assert_eq!(earned(&shop, "anna").await, ["1 spent"]);
    order(&shop, "2", "cara", &code).await;
    assert_eq!(earned(&shop, "anna").await, ["1 spent"], "she has had it");
    shop.books_balance().await;
}

/// From two places at once, each friend twice: nobody is counted two times, and nothing is given once too often.
async fn every_so_many_friends_count_once_each_however_they_come(shop: TestShop) {
    let credit = json!({"to": "advocate", "on": "milestone", "every": 4, "kind": "store_credit", "amount": 100});
    let capped = json!({"to": "advocate", "on": "milestone", "every": 2, "kind": "store_credit", "amount": 7, "max_per_customer": 3});
    let (_, code) = with_code(&shop, json!([credit, capped])).await;
    let orders = (0..22).map(|number| {
        let (shop, code) = (&shop, &code);
        async move { order(shop, &format!("o-{number}"), &format!("friend-{}", number / 2), code).await }
    });
    join_all(orders).await;
    let mut told = earned(&shop, "anna").await;
    told.sort();
    assert_eq!(told, ["2 issued", "4 issued", "4 issued", "6 issued", "8 issued"]);
    let balance = shop.get("/v1/customers/anna/balance").await.ok();
    assert_eq!(balance["balance"], 221);
    shop.books_balance().await;
}

async fn an_order_counts_for_whom_it_is_credited_to(shop: TestShop) {
    let gift = json!({"to": "advocate", "on": "milestone", "at": [2], "kind": "amount_off", "amount": 500});
    let (program, code) = with_code(&shop, json!([gift])).await;
    shop.customer("berta").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let bertas = shop.post(&codes, json!({"customer": "berta"})).await.created()["code"].clone();
    order(&shop, "1", "ben", &code).await;
    order(&shop, "2", "cara", &code).await;
    order(&shop, "3", "dora", &bertas).await;
    assert_eq!((earned(&shop, "anna").await, earned(&shop, "berta").await), (vec!["2 issued".to_owned()], vec![]));
    let correction = json!({"advocate": "berta", "program": program["id"], "reason": "it was she"});
    shop.post("/v1/conversions/2/attribute", correction).await.ok();
    assert_eq!(
        (earned(&shop, "anna").await, earned(&shop, "berta").await),
        (vec!["2 voided".to_owned()], vec!["2 issued".to_owned()])
    );
    shop.post("/v1/conversions/3/cancelled", json!({"reason": "lost"})).await.ok();
    assert_eq!(earned(&shop, "berta").await, ["2 voided"]);
    shop.post("/v1/conversions/3/paid", json!({})).await.ok();
    assert_eq!(earned(&shop, "berta").await, ["2 voided", "2 issued"]);
    shop.books_balance().await;
}

async fn what_cannot_be_a_milestone_is_refused(shop: TestShop) {
    let with = |more: Value| {
        let mut rule = json!({"to": "advocate", "on": "milestone", "kind": "amount_off", "amount": 500});
        rule.as_object_mut().expect("a reward").extend(more.as_object().expect("fields").clone());
        rule
    };
    for (rule, field, said) in [
        (with(json!({})), "at", "[3, 10]"),
        (with(json!({"at": []})), "at", "1 to 20"),
        (with(json!({"at": [0]})), "at/0", "1"),
        (with(json!({"at": [3, 3]})), "at/1", "already"),
        (with(json!({"at": [10, 3]})), "at/1", "rise"),
        (with(json!({"at": [10_001]})), "at/0", "10000"),
        (with(json!({"at": [3], "every": 5})), "every", "one of"),
        (with(json!({"every": 0})), "every", "1"),
        (with(json!({"every": 5, "to": "friend"})), "to", "advocate"),
        (with(json!({"every": 5, "amount": null, "kind": "gift_card", "of_order_bps": 100})), "of_order_bps", "amount"),
        (with(json!({"every": 5, "max_per_friend": 2})), "max_per_friend", "conversion"),
        (with(json!({"on": "conversion", "every": 5})), "every", "milestone"),
        (with(json!({"on": "conversion", "at": [5]})), "at", "milestone"),
    ] {
        let body = json!({"name": "Tell", "landing_url": "https://shop.example/", "rewards": [rule]});
        let refused = shop.post("/v1/programs", body).await.refused(422, "invalid_field");
        let fault = &refused["errors"][0];
        assert_eq!(fault["pointer"], format!("/rewards/0/{field}"), "{refused}");
        assert!(text(&fault["detail"]).contains(said), "{refused}");
    }
}
