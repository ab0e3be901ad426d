//! What the shop hands over itself: free products, and things of its own.

use serde_json::json;

use crate::support::*;

on_both!(
    what_is_due_is_listed_and_handed_over_once,
    a_product_is_due_when_its_order_has_waited,
    what_is_handed_over_is_told_by_mail_and_in_the_timeline,
    a_mail_is_not_sent_where_nobody_asked_for_it,
    only_what_is_due_is_handed_over,
    what_came_of_its_order_follows,
    many_hand_over_the_same_and_it_is_handed_over_once,
    a_product_of_which_nobody_says_what_it_costs_needs_two,
    an_erasure_takes_what_is_due,
    limits_count_what_is_due,
);

const MUG: &str = r#"{"kind":"free_product","sku":"mug-7","name":"Mug","description":"Of clay.","cost_amount":400}"#;

fn mug() -> Value {
    serde_json::from_str(MUG).expect("JSON")
}

async fn granted(shop: &TestShop, more: Value) -> String {
    shop.customer("ann").await;
    let mut grant = json!({"customer": "ann", "reward": mug(), "reason": "thanks"});
    for (name, value) in more.as_object().into_iter().flatten() {
        grant[name] = value.clone();
    }
    path("/v1/rewards", &shop.post("/v1/grants", grant).await.created()["reward_id"])
}

/// An order that earns Ann a mug; its program and its reward.
async fn earned(shop: &TestShop, rule: Value) -> (Value, String) {
    let mut reward = mug();
    (reward["to"], reward["on"]) = (json!("advocate"), json!("conversion"));
    for (name, value) in rule.as_object().into_iter().flatten() {
        reward[name] = value.clone();
    }
    let program = shop.program(json!({"rewards": [reward], "budget": {"amount": 1000}})).await;
    let share = shop.share(&program, "ann").await;
    let order = order(shop, &share, 1).await;
    (share, path("/v1/rewards", &order["rewards"][0]["id"]))
}

async fn order(shop: &TestShop, share: &Value, number: i64) -> Value {
    let order = json!({"order_id": format!("A-{number}"), "customer": format!("friend-{number}"), "amount": 4990,
                       "currency": "EUR", "evidence": {"token": share["token"]}});
    shop.post("/v1/conversions", order).await.created()
}

async fn events(shop: &TestShop) -> Vec<String> {
    shop.list("/v1/events").await.iter().map(|event| text(&event["type"])).collect()
}

async fn what_is_due_is_listed_and_handed_over_once(shop: TestShop) {
    let reward = granted(&shop, json!({})).await;
    let due = shop.list("/v1/rewards?status=due").await;
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0]["sku"], &due[0]["name"], &due[0]["voucher"]), (&json!("mug-7"), &json!("Mug"), &Value::Null));
    assert_eq!((&due[0]["reference"], &due[0]["message"]), (&Value::Null, &Value::Null));
    assert!(events(&shop).await.ends_with(&["reward.due".to_owned(), "grant.given".to_owned()]));
    let fulfil = format!("{reward}/fulfil");
    shop.post(&fulfil, json!({"reference": "P-1"}))
        .without("idempotency-key")
        .await
        .refused(400, "idempotency_key_required");
    shop.operator("support").await.post(&fulfil, json!({"reference": "P-1"})).await.refused(403, "forbidden");
    shop.post(&fulfil, json!({})).await.refused(422, "invalid_field");
    let handed = shop.operator("manager").await.post(&fulfil, json!({"reference": "P-1"})).await.ok();
    assert_eq!((&handed["status"], &handed["reference"]), (&json!("issued"), &json!("P-1")));
    assert!(handed["issued_at"].is_string() && handed["message"].is_string());
    assert_eq!(handed["history"][1]["who"]["name"], "manager");
    assert_eq!(shop.post(&fulfil, json!({"reference": "P-1"})).await.ok(), handed, "once");
    let other = shop.post(&fulfil, json!({"reference": "P-2"})).await.refused(409, "reference_differs");
    assert_eq!(other["errors"][0]["pointer"], "/reference");
    assert_eq!(shop.list("/v1/rewards?status=due").await.len(), 0);
    assert_eq!(events(&shop).await.iter().filter(|kind| *kind == "reward.issued").count(), 1);
    assert_eq!(shop.list("/v1/messages?kind=reward_fulfilled").await.len(), 1);
    assert_eq!(shop.browser("ann").await.get("/v1/me/rewards").await.ok()["data"][0]["name"], "Mug");
    shop.books_balance().await;
}

async fn a_product_is_due_when_its_order_has_waited(shop: TestShop) {
    let (_, reward) = earned(&shop, json!({})).await;
    assert_eq!(shop.get(&reward).await.ok()["status"], "pending");
    shop.post(&format!("{reward}/fulfil"), json!({"reference": "P-1"})).await.refused(409, "illegal_transition");
    shop.advance(31).await;
    let due = shop.get(&reward).await.ok();
    assert_eq!((&due["status"], &due["cost_amount"]), (&json!("due"), &json!(400)));
    shop.books_balance().await;
    let approved = shop.post(&format!("{reward}/approve"), json!({"reason": "she asked"})).await.ok();
    assert_eq!(approved["status"], "due", "it is approved already");
    shop.post(&format!("{reward}/fulfil"), json!({"reference": "P-1"})).await.ok();
    shop.books_balance().await;
}

async fn what_is_handed_over_is_told_by_mail_and_in_the_timeline(shop: TestShop) {
    let reward = granted(&shop, json!({})).await;
    let sentences = async || {
        let moments = shop.list("/v1/customers/ann/timeline?locale=en").await;
        moments
            .iter()
            .map(|moment| format!("{} {}", moment["sentence"], moment["next"]["sentence"]))
            .collect::<String>()
    };
    let told = sentences().await;
    assert!(told.contains("free: Mug: the shop hands it over.") && told.contains("says when it has"), "{told}");
    shop.post(&format!("{reward}/fulfil"), json!({"reference": "P-1"})).await.ok();
    let told = sentences().await;
    assert!(told.contains("free: Mug: handed over.") && told.contains("a reward that was handed over"), "{told}");
    let export = shop.get("/v1/customers/ann/export").await.ok();
    assert_eq!(export["rewards"][0]["reference"], "P-1");
}

async fn a_mail_is_not_sent_where_nobody_asked_for_it(shop: TestShop) {
    let reward = granted(&shop, json!({"notify": false})).await;
    let handed = shop.post(&format!("{reward}/fulfil"), json!({"reference": "P-1"})).await.ok();
    assert_eq!(handed["message"], Value::Null);
    assert!(shop.list("/v1/messages").await.is_empty());
    let other = shop.another().await;
    let unasked = granted(&other, json!({"purpose": "promotion"})).await;
    other.post(&format!("{unasked}/fulfil"), json!({"reference": "P-1"})).await.ok();
    assert_eq!(other.list("/v1/messages").await[0]["reason"], "no_consent");
}

async fn only_what_is_due_is_handed_over(shop: TestShop) {
    shop.customer("ann").await;
    let card = json!({"customer": "ann", "reward": {"kind": "gift_card", "amount": 500}, "reason": "thanks"});
    let card = path("/v1/rewards", &shop.post("/v1/grants", card).await.created()["reward_id"]);
    let reference = json!({"reference": "P-1"});
    shop.post(&format!("{card}/fulfil"), reference.clone()).await.refused(409, "illegal_transition");
    let mug = json!({"customer": "ann", "reward": mug(), "reason": "thanks"});
    let mug = path("/v1/rewards", &shop.post("/v1/grants", mug).await.created()["reward_id"]);
    let voided = shop.post(&format!("{mug}/void"), json!({"reason": "none is left"})).await.ok();
    assert_eq!(voided["status"], "voided");
    shop.post(&format!("{mug}/fulfil"), reference.clone()).await.refused(409, "illegal_transition");
    let nobody = "/v1/rewards/rwd_01kaskqz3m0d2w9xk7y5hd1v8r/fulfil";
    shop.post(nobody, reference.clone()).await.refused(404, "not_found");
    let other = shop.another().await;
    other.post(&format!("{mug}/fulfil"), reference).await.refused(404, "not_found");
    assert!(shop.list("/v1/messages?kind=reward_withdrawn").await.is_empty(), "nobody had been told");
    shop.books_balance().await;
}

/// What is due falls with its order; what was handed over is let go, until it comes back.
async fn what_came_of_its_order_follows(shop: TestShop) {
    let (share, first) = earned(&shop, json!({})).await;
    let second = path("/v1/rewards", &order(&shop, &share, 2).await["rewards"][0]["id"]);
    shop.advance(31).await;
    shop.post(&format!("{first}/fulfil"), json!({"reference": "P-1"})).await.ok();
    for number in [1, 2] {
        let refund = json!({"refund_id": format!("R-{number}"), "kind": "withdrawal"});
        shop.post(&format!("/v1/conversions/A-{number}/refunds"), refund).await.created();
        shop.books_balance().await;
    }
    let (gone, due) = (shop.get(&first).await.ok(), shop.get(&second).await.ok());
    assert_eq!((&gone["status"], &gone["forgiven_amount"]), (&json!("spent"), &json!(400)));
    assert_eq!((&due["status"], &due["forgiven_amount"]), (&json!("voided"), &json!(0)));
    let used = async || shop.list("/v1/programs").await[0]["budget"]["used"].clone();
    assert_eq!(used().await, 400, "the mug is gone");
    let back = shop.post(&format!("{first}/void"), json!({"reason": "the mug came back"})).await.ok();
    assert_eq!((&back["status"], &back["forgiven_amount"]), (&json!("voided"), &json!(0)));
    assert_eq!(used().await, 0);
    shop.books_balance().await;
}

async fn many_hand_over_the_same_and_it_is_handed_over_once(shop: TestShop) {
    let reward = granted(&shop, json!({})).await;
    let fulfil = format!("{reward}/fulfil");
    let tries =
        (0..16).map(|number| shop.post(&fulfil, json!({"reference": format!("P-{}", number % 4)})).into_future());
    let answers = futures_util::future::join_all(tries).await;
    let handed = answers.iter().filter(|answer| answer.status() == 200).count();
    assert_eq!(handed, 4, "those that gave it the same name");
    assert!(answers.iter().all(|answer| matches!(answer.status(), 200 | 409)));
    assert_eq!(events(&shop).await.iter().filter(|kind| *kind == "reward.issued").count(), 1);
    shop.books_balance().await;
}

async fn a_product_of_which_nobody_says_what_it_costs_needs_two(shop: TestShop) {
    let etag = shop.get("/v1/shop").await.etag();
    shop.patch("/v1/shop", json!({"grant_approval_above": 500})).if_match(&etag).await.ok();
    shop.customer("ann").await;
    let mia = shop.operator("support").await;
    for (cost, status) in [(json!(400), "given"), (json!(501), "pending_approval"), (Value::Null, "pending_approval")] {
        let reward = json!({"kind": "free_product", "sku": "mug", "cost_amount": cost});
        let grant = json!({"customer": "ann", "reward": reward, "reason": "thanks"});
        assert_eq!(mia.post("/v1/grants", grant).await.created()["status"], status, "{cost}");
    }
}

async fn an_erasure_takes_what_is_due(shop: TestShop) {
    let reward = granted(&shop, json!({})).await;
    shop.delete("/v1/customers/ann").await.accepted();
    shop.server().settle_jobs().await;
    let gone = shop.get(&reward).await.ok();
    assert_eq!((&gone["status"], &gone["customer"]), (&json!("voided"), &Value::Null));
    shop.books_balance().await;
}

/// One mug for each person: while it is due, and when it was handed over, there is no second.
async fn limits_count_what_is_due(shop: TestShop) {
    let (share, first) = earned(&shop, json!({"max_per_customer": 1})).await;
    let refused = async |number: i64| order(&shop, &share, number).await["refused_rewards"].clone();
    let limit = json!([{"to": "advocate", "reason": "limit_reached"}]);
    assert_eq!(refused(2).await, limit);
    shop.advance(31).await;
    assert_eq!(refused(3).await, limit, "it is due");
    shop.post(&format!("{first}/fulfil"), json!({"reference": "P-1"})).await.ok();
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    assert_eq!(refused(4).await, limit, "she has it");
    shop.post(&format!("{first}/void"), json!({"reason": "the mug came back"})).await.ok();
    assert_eq!(refused(5).await, json!([]));
    shop.books_balance().await;
}
