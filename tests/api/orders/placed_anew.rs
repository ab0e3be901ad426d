//! Who was paid once is not paid again; a cancelled order that is paid after all lives again.

use crate::support::*;

on_both!(
    a_place_that_was_spent_is_not_free_again,
    whatever_of_a_reward_was_spent_keeps_its_place,
    an_order_that_is_paid_after_all_pays,
    an_order_that_is_told_again_lives_again,
    what_ended_it_is_told_again,
);

const CREDIT: &str = r#"[{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 1000}]"#;

fn order(id: &str, token: &Value) -> Value {
    json!({"order_id": id, "customer": "bob", "amount": 4990, "currency": "EUR", "evidence": {"token": token}})
}

async fn balance(shop: &TestShop) -> Value {
    shop.get("/v1/customers/anna/balance").await.ok()["balance"].clone()
}

async fn spend(shop: &TestShop, order: &str, amount: i64) -> Value {
    let cart =
        json!({"order_id": order, "customer": "anna", "store_credit": amount, "amount": 4990, "currency": "EUR"});
    shop.post("/v1/redemptions", cart).await.created()
}

async fn begun(shop: &TestShop, rewards: &str, pending_days: i64) -> Value {
    let rewards: Value = serde_json::from_str(rewards).expect("rewards");
    let program = shop.program(json!({"pending_days": pending_days, "rewards": rewards})).await;
    let token = shop.share(&program, "anna").await["token"].clone();
    shop.put("/v1/customers/bob", json!({})).await.created();
    token
}

async fn a_place_that_was_spent_is_not_free_again(shop: TestShop) {
    let token = begun(&shop, CREDIT, 0).await;
    let refund = json!({"refund_id": "R", "kind": "chargeback"});
    shop.post("/v1/conversions", order("A-1", &token)).await.created();
    let spent = spend(&shop, "S-1", 1000).await;
    shop.post("/v1/conversions/A-1/refunds", refund.clone()).await.created();
    for number in 2..5 {
        let again = shop.post("/v1/conversions", order(&format!("A-{number}"), &token)).await.created();
        assert_eq!(again["refused_rewards"][0]["reason"], "limit_reached", "{again}");
        shop.post(&format!("/v1/conversions/A-{number}/refunds"), refund.clone()).await.created();
    }
    assert_eq!(balance(&shop).await, 0);
    // What was spent comes back, and is taken: now his place is free.
    let undo = json!({"reversal_id": "U", "reason": "payment failed"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &spent["id"])), undo).await.created();
    assert_eq!(balance(&shop).await, 0);
    let paid = shop.post("/v1/conversions", order("A-9", &token)).await.created();
    assert_eq!((&paid["refused_rewards"], balance(&shop).await), (&json!([]), json!(1000)));
    shop.books_balance().await;
}

/// Of whatever kind it is, however much of it was spent, and however its order fell.
async fn whatever_of_a_reward_was_spent_keeps_its_place(shop: TestShop) {
    let kinds = [
        (json!({"kind": "gift_card", "amount": 800}), Some(300), "refunds"),
        (json!({"kind": "gift_card", "amount": 800}), Some(800), "cancelled"),
        (json!({"kind": "amount_off", "amount": 500}), None, "refunds"),
        (json!({"kind": "percent_off", "rate_bps": 1500}), None, "cancelled"),
    ];
    for (number, (mut rule, spent, falls)) in kinds.into_iter().enumerate() {
        rule["to"] = json!("advocate");
        rule["on"] = json!("conversion");
        let program = json!({"name": format!("P-{number}"), "pending_days": 0, "rewards": [rule]});
        let program = shop.program(program).await;
        let (advocate, friend) = (format!("anna-{number}"), format!("bob-{number}"));
        let token = shop.share(&program, &advocate).await["token"].clone();
        let order = |place: u32| {
            let mut order = order(&format!("A-{number}-{place}"), &token);
            order["customer"] = json!(friend);
            order
        };
        shop.post("/v1/conversions", order(1)).await.created();
        let voucher = shop.list(&format!("/v1/customers/{advocate}/vouchers")).await[0].clone();
        let code = spent.map_or(voucher["code"].clone(), |amount| json!({"code": voucher["code"], "amount": amount}));
        let cart = json!({"codes": [code], "order_id": format!("S-{number}"), "customer": advocate, "amount": 4990, "currency": "EUR"});
        shop.post("/v1/redemptions", cart).await.created();
        let told = if falls == "refunds" { json!({"refund_id": "R", "kind": "withdrawal"}) } else { json!({}) };
        shop.post(&format!("/v1/conversions/A-{number}-1/{falls}"), told).await;
        let again = shop.post("/v1/conversions", order(2)).await.created();
        assert_eq!(again["refused_rewards"][0]["reason"], "limit_reached", "{again}");
    }
    shop.books_balance().await;
}

async fn an_order_that_is_paid_after_all_pays(shop: TestShop) {
    let token = begun(&shop, CREDIT, 14).await;
    let mut unpaid = order("A/10+01%", &token);
    unpaid["paid"] = json!(false);
    shop.post("/v1/conversions", unpaid).await.created();
    let facts = "/v1/conversions/A%2F10%2B01%25";
    let ended = shop.post(&format!("{facts}/cancelled"), json!({"reason": "the card was refused"})).await.ok();
    assert_eq!((&ended["status"], &ended["rewards"][0]["status"]), (&json!("cancelled"), &json!("voided")));
    shop.advance(1).await;
    let lives = shop.post(&format!("{facts}/paid"), json!({})).await.ok();
    assert_eq!((&lives["status"], &lives["attribution"]["advocate"]), (&json!("pending"), &json!("anna")));
    let states: Vec<_> = elements(&lives["rewards"]).iter().map(|reward| text(&reward["status"])).collect();
    assert_eq!(states, ["voided", "pending"]);
    let again = shop.post(&format!("{facts}/paid"), json!({})).await.ok();
    assert_eq!(elements(&again["rewards"]).len(), 2, "told twice, it lives once");
    shop.advance(15).await;
    assert_eq!(balance(&shop).await, 1000);
    let told = shop.list("/v1/events").await;
    let recorded = told.iter().filter(|event| event["type"] == "conversion.recorded").count();
    assert_eq!(recorded, 2, "who listens learns of it");
    let timeline = shop.get("/v1/customers/anna/timeline?locale=en").await.ok().to_string();
    assert!(timeline.contains("was cancelled") && timeline.contains("placed anew"), "{timeline}");
    shop.books_balance().await;
}

async fn an_order_that_is_told_again_lives_again(shop: TestShop) {
    let token = begun(&shop, CREDIT, 0).await;
    shop.post("/v1/conversions", order("A-1", &token)).key("first").await.created();
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    assert_eq!(balance(&shop).await, 0);
    let replayed = shop.post("/v1/conversions", order("A-1", &token)).key("first").await;
    assert_eq!(replayed.status(), 201, "the very request again is answered as it was");
    assert_eq!(shop.get("/v1/conversions/A-1").await.ok()["status"], "cancelled");
    let mut other = order("A-1", &token);
    other["amount"] = json!(1);
    shop.post("/v1/conversions", other).await.refused(409, "order_differs");
    let lives = shop.post("/v1/conversions", order("A-1", &token)).await.ok();
    assert_eq!((&lives["status"], balance(&shop).await), (&json!("approved"), json!(1000)));
    let same = shop.post("/v1/conversions", order("A-1", &token)).await.ok();
    assert_eq!((elements(&same["rewards"]).len(), balance(&shop).await), (2, json!(1000)));
    shop.books_balance().await;
}

async fn what_ended_it_is_told_again(shop: TestShop) {
    let token = begun(&shop, CREDIT, 14).await;
    shop.post("/v1/conversions", order("A-1", &token)).await.created();
    shop.advance(1).await;
    let ended = shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    let at = shop.list("/v1/events").await;
    let at =
        at.iter().rev().find(|event| event["type"] == "conversion.cancelled").expect("it is told")["timestamp"].clone();
    assert_eq!(ended["status"], "cancelled");
    shop.advance(1).await;
    shop.post("/v1/conversions/A-1/paid", json!({})).await.ok();
    let late = shop.post("/v1/conversions/A-1/cancelled", json!({"at": at})).await.ok();
    assert_eq!(late["status"], "pending", "that is the cancellation that was lifted");
    let anew = shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    assert_eq!(anew["status"], "cancelled");
    // Once an operator rejected it, or all of it came back, it is over.
    shop.post("/v1/conversions", order("A-2", &token)).await.created();
    shop.post("/v1/conversions/A-2/reject", json!({"reason": "fraud"})).await.ok();
    shop.post("/v1/conversions/A-2/cancelled", json!({})).await.ok();
    assert_eq!(shop.post("/v1/conversions/A-2/paid", json!({})).await.ok()["status"], "rejected");
    shop.post("/v1/conversions", order("A-3", &token)).await.created();
    shop.post("/v1/conversions/A-3/refunds", json!({"refund_id": "R", "kind": "withdrawal"})).await.created();
    shop.post("/v1/conversions/A-3/cancelled", json!({})).await.ok();
    assert_eq!(shop.post("/v1/conversions", order("A-3", &token)).await.ok()["status"], "cancelled");
}
