//! Many clients for what there is little of: n of n, never n + 1.
//!
//! Each race is run against one server on either database, and by `two_servers` through two processes
//! on PostgreSQL.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::*;

on_both!(
    two_hundred_clients_for_a_voucher_with_five_uses,
    sixty_four_equal_orders_make_one_conversion,
    a_budget_is_never_passed,
    a_balance_is_spent_once,
    one_order_redeems_once,
);

pub async fn two_hundred_clients_for_a_voucher_with_five_uses(shop: TestShop) {
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 5, "per_customer": null});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let asks = shop
        .everywhere()
        .take(200)
        .enumerate()
        .map(|(number, client)| client.post("/v1/redemptions", cart(&format!("order-{number}"), &voucher["code"])));
    let answers = join_all(asks.map(IntoFuture::into_future)).await;
    assert_eq!(count(&answers, 201), 5);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        answer.refused(409, "limit_reached");
    }
    let after = shop.get(&path("/v1/vouchers", &voucher["id"])).await.ok();
    assert_eq!((&after["status"], &after["used"]), (&json!("spent"), &json!(5)));
    assert_eq!(shop.list("/v1/redemptions").await.len(), 5);
    shop.books_balance().await;
}

pub async fn sixty_four_equal_orders_make_one_conversion(shop: TestShop) {
    shop.customer("buyer").await;
    let order = json!({"order_id": "A-1", "customer": "buyer", "amount": 4990, "currency": "EUR", "paid": true});
    let asks = shop.everywhere().take(64).map(|client| client.post("/v1/conversions", order.clone()).into_future());
    let answers = join_all(asks).await;
    assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 63));
    for answer in &answers {
        assert_eq!(answer.json(), answers[0].json());
    }
    assert_eq!(shop.list("/v1/conversions").await.len(), 1);
}

pub async fn a_budget_is_never_passed(shop: TestShop) {
    let program = shop.program(json!({"budget": {"amount": 10_000}, "pending_days": 0})).await;
    let share = shop.share(&program, "advocate").await;
    let friends: Vec<String> = (0..30).map(|number| format!("friend-{number}")).collect();
    join_all(friends.iter().map(|friend| shop.customer(friend))).await;
    let asks = shop
        .everywhere()
        .zip(&friends)
        .map(|(client, friend)| client.post("/v1/conversions", order(friend, &share["token"])).into_future());
    let answers = join_all(asks).await;
    // An advocate's reward costs 10.00 and a friend's 5.00: 100.00 hold ten and twenty at most.
    let rewards: Vec<Value> = answers.iter().flat_map(|answer| elements(&answer.created()["rewards"])).collect();
    let refused: Vec<Value> =
        answers.iter().flat_map(|answer| elements(&answer.created()["refused_rewards"])).collect();
    let cost: i64 = rewards.iter().filter_map(|reward| reward["amount"].as_i64()).sum();
    assert_eq!(rewards.len() + refused.len(), 60);
    assert!(refused.iter().all(|refusal| refusal["reason"] == "budget_exhausted"), "{refused:?}");
    assert_eq!(cost, 10_000);
    shop.books_balance().await;
}

pub async fn a_balance_is_spent_once(shop: TestShop) {
    let card = json!({"kind": "gift_card", "amount": 1_000, "currency": "EUR"});
    let card = shop.post("/v1/vouchers", card).await.created();
    let asks = shop.everywhere().take(40).enumerate().map(|(number, client)| {
        let codes = json!([{"code": card["code"], "amount": 100}]);
        let cart = json!({"codes": codes, "order_id": format!("order-{number}"), "amount": 4990, "currency": "EUR"});
        client.post("/v1/redemptions", cart).into_future()
    });
    let answers = join_all(asks).await;
    assert_eq!(count(&answers, 201), 10);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        assert_eq!(answer.status(), 409, "{answer:?}");
    }
    shop.books_balance().await;
}

pub async fn one_order_redeems_once(shop: TestShop) {
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 50, "per_customer": null});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let asks = shop.everywhere().take(40);
    let answers =
        join_all(asks.map(|client| client.post("/v1/redemptions", cart("A-1", &voucher["code"])).into_future())).await;
    assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 39));
    let after = shop.get(&path("/v1/vouchers", &voucher["id"])).await.ok();
    assert_eq!(after["used"], 1);
}

fn cart(order: &str, code: &Value) -> Value {
    json!({"codes": [code], "order_id": order, "amount": 4990, "currency": "EUR"})
}

fn order(friend: &str, token: &Value) -> Value {
    json!({"order_id": format!("order-of-{friend}"), "customer": friend, "amount": 4990, "currency": "EUR", "paid": true,
           "evidence": {"token": token}})
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}
