//! Grants by hand.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::*;

on_both!(
    every_kind_is_given_to_any_customer,
    a_reference_is_one_grant,
    a_large_grant_waits_for_another_operator,
    what_comes_at_the_same_time_is_given_once,
    a_key_does_not_get_round_the_limit,
    a_rejected_grant_gives_nothing,
    what_cannot_be_granted_is_refused_at_its_place,
    nobody_is_told_who_shall_not_be,
    grants_are_found_by_what_they_are,
    grants_of_another_shop_are_not_there,
);

fn grant(amount: i64) -> Value {
    json!({"customer": "c-7", "reward": {"kind": "gift_card", "amount": amount}, "reason": "late parcel"})
}

/// Grants above 50.00 need a second operator, as in every new shop.
async fn with_limit(shop: &TestShop) {
    shop.customer("c-7").await;
    assert_eq!(shop.get("/v1/shop").await.ok()["grant_approval_above"], 5000);
}

async fn every_kind_is_given_to_any_customer(shop: TestShop) {
    shop.customer("c-7").await;
    let table = [
        json!({"kind": "percent_off", "rate_bps": 1000, "max_amount": 2000}),
        json!({"kind": "amount_off", "amount": 500}),
        json!({"kind": "free_shipping"}),
        json!({"kind": "gift_card", "amount": 1500, "valid": {"days": 30}}),
        json!({"kind": "store_credit", "amount": 700}),
    ];
    for benefit in table {
        let body = json!({"customer": "c-7", "reward": benefit, "reason": "late parcel"});
        let given = shop.post("/v1/grants", body).await.created();
        assert_eq!(
            (&given["status"], &given["customer"], &given["reward"]),
            (&json!("given"), &json!("c-7"), &benefit)
        );
        let reward = shop.get(&path("/v1/rewards", &given["reward_id"])).await.ok();
        assert_eq!(
            (&reward["status"], &reward["on"], &reward["to"]),
            (&json!("issued"), &json!("grant"), &Value::Null)
        );
        assert_eq!(reward["cause"], json!({"type": "grant", "id": given["id"]}));
        assert_eq!(reward["voucher"].is_null(), benefit["kind"] == "store_credit", "{benefit}");
        assert!(reward["message"].is_string(), "{benefit}");
    }
    assert_eq!(shop.list("/v1/vouchers?customer=c-7").await.len(), 4);
}

async fn a_reference_is_one_grant(shop: TestShop) {
    shop.customer("c-7").await;
    let mut body = grant(1500);
    body["reference"] = json!("T/88+1");
    let first = shop.post("/v1/grants", body.clone()).await.created();
    let again = shop.post("/v1/grants", body.clone()).await.ok();
    assert_eq!(again, first);
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1);
    assert_eq!(shop.post("/v1/grants", body).without("idempotency-key").await.ok(), first);
    shop.post("/v1/grants", grant(1500)).without("idempotency-key").await.refused(400, "idempotency_key_required");
    shop.post("/v1/grants", grant(1500)).await.created();
    shop.post("/v1/grants", grant(1500)).await.created();
    assert_eq!(shop.list("/v1/grants").await.len(), 3, "without a reference each is a new one");
}

async fn a_large_grant_waits_for_another_operator(shop: TestShop) {
    with_limit(&shop).await;
    let (support, manager) = (shop.operator("support").await, shop.operator("manager").await);
    assert_eq!(support.post("/v1/grants", grant(5000)).await.created()["status"], "given");
    let asked = support.post("/v1/grants", grant(5001)).await.created();
    assert_eq!((&asked["status"], &asked["reward_id"]), (&json!("pending_approval"), &Value::Null));
    let place = path("/v1/grants", &asked["id"]);
    let approve = format!("{place}/approve");
    support.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    shop.operator("support").await.post(&approve, json!({})).await.refused(403, "forbidden");
    shop.operator("viewer").await.post(&approve, json!({})).await.refused(403, "forbidden");
    shop.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1, "only the small one");
    let given = manager.post(&approve, json!({"reason": "known customer"})).await.ok();
    assert_eq!((&given["status"], &given["by"]["name"]), (&json!("given"), &json!("support")));
    assert_eq!(given["decided_by"]["name"], "manager");
    assert_eq!(manager.post(&approve, json!({})).await.ok(), given, "once");
    assert_eq!(shop.list("/v1/vouchers").await.len(), 2);
    manager.post(&format!("{place}/reject"), json!({"reason": "no"})).await.refused(409, "illegal_transition");
}

async fn what_comes_at_the_same_time_is_given_once(shop: TestShop) {
    with_limit(&shop).await;
    let mut small = grant(1500);
    small["reference"] = json!("T-88");
    let answers = join_all((0..20).map(|_| shop.post("/v1/grants", small.clone()).into_future())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 1);
    let asked = shop.post("/v1/grants", grant(9000)).await.created();
    let approve = format!("{}/approve", path("/v1/grants", &asked["id"]));
    let (anton, berta) = (shop.operator("owner").await, shop.operator("manager").await);
    let both = (0..20).map(|turn| if turn % 2 == 0 { &anton } else { &berta });
    let mut given = 0;
    for answer in join_all(both.map(|operator| operator.post(&approve, json!({})).into_future())).await {
        // Until the other one has approved it, too, nobody approves twice.
        match answer.status() {
            200 => given += usize::from(answer.json()["status"] == "given"),
            _ => drop(answer.refused(409, "four_eyes_required")),
        }
    }
    assert!(given > 0);
    assert_eq!(shop.list("/v1/vouchers").await.len(), 2);
    shop.books_balance().await;
}

async fn a_key_does_not_get_round_the_limit(shop: TestShop) {
    with_limit(&shop).await;
    let other = shop.key(&["grants:write"]).await;
    let asked = shop.post("/v1/grants", grant(5001)).await.created();
    assert_eq!(asked["status"], "pending_approval");
    let approve = format!("{}/approve", path("/v1/grants", &asked["id"]));
    other.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    let uncapped =
        json!({"customer": "c-7", "reward": {"kind": "percent_off", "rate_bps": 10_000}, "reason": "why not"});
    assert_eq!(shop.post("/v1/grants", uncapped).await.created()["status"], "pending_approval");
    let (anton, berta) = (shop.operator("owner").await, shop.operator("manager").await);
    let first = berta.post(&approve, json!({})).await.ok();
    assert_eq!((&first["status"], &first["approved_by"]["name"]), (&json!("pending_approval"), &json!("manager")));
    berta.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    assert!(shop.list("/v1/rewards").await.is_empty(), "one person alone looked at it");
    let given = anton.post(&approve, json!({})).await.ok();
    assert_eq!((&given["status"], &given["decided_by"]["name"]), (&json!("given"), &json!("owner")));
}

async fn a_rejected_grant_gives_nothing(shop: TestShop) {
    with_limit(&shop).await;
    let (anton, berta) = (shop.operator("owner").await, shop.operator("owner").await);
    let asked = anton.post("/v1/grants", grant(9000)).await.created();
    let place = path("/v1/grants", &asked["id"]);
    let reject = format!("{place}/reject");
    berta.post(&reject, json!({})).await.refused(422, "invalid_field");
    anton.post(&reject, json!({"reason": "mine"})).await.refused(409, "four_eyes_required");
    let rejected = berta.post(&reject, json!({"reason": "too much"})).await.ok();
    assert_eq!((&rejected["status"], &rejected["reward_id"]), (&json!("rejected"), &Value::Null));
    berta.post(&format!("{place}/approve"), json!({})).await.refused(409, "illegal_transition");
    assert!(shop.list("/v1/rewards").await.is_empty());
}

async fn what_cannot_be_granted_is_refused_at_its_place(shop: TestShop) {
    shop.customer("c-7").await;
    let benefit = |benefit: Value| json!({"customer": "c-7", "reward": benefit, "reason": "r"});
    let table = [
        (
            json!({"customer": "c-8", "reward": {"kind": "gift_card", "amount": 5}, "reason": "r"}),
            "customer_unknown",
            "/customer",
        ),
        (json!({"customer": "c-7", "reward": {"kind": "gift_card", "amount": 5}}), "invalid_field", "/reason"),
        (
            json!({"customer": "c-7", "reward": {"kind": "gift_card", "amount": 5}, "reason": ""}),
            "invalid_field",
            "/reason",
        ),
        (benefit(json!({"kind": "gift_card", "amount": 0})), "invalid_field", "/reward/amount"),
        (benefit(json!({"kind": "gift_card"})), "invalid_field", "/reward/amount"),
        (benefit(json!({"kind": "store_credit", "of_order_bps": 500})), "invalid_field", "/reward/of_order_bps"),
        (benefit(json!({"kind": "percent_off", "rate_bps": 10_001})), "invalid_field", "/reward/rate_bps"),
        (benefit(json!({"kind": "free_product"})), "invalid_field", "/reward/sku"),
        (benefit(json!({"kind": "free_product", "sku": "mug", "amount": 5})), "invalid_field", "/reward/amount"),
        (
            benefit(json!({"kind": "free_product", "sku": "mug", "valid": {"days": 5}})),
            "invalid_field",
            "/reward/valid",
        ),
        (benefit(json!({"kind": "custom", "sku": "mug"})), "invalid_field", "/reward/name"),
        (benefit(json!({"kind": "custom", "name": "Tour", "sku": "mug"})), "invalid_field", "/reward/sku"),
        (benefit(json!({"kind": "amount_off", "amount": 5, "name": "Tour"})), "invalid_field", "/reward/name"),
        (benefit(json!({"kind": "gift_card", "amount": 5, "colour": "red"})), "unknown_field", "/reward/colour"),
    ];
    for (body, code, pointer) in table {
        let problem = shop.post("/v1/grants", body.clone()).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    assert!(shop.list("/v1/grants").await.is_empty());
}

async fn nobody_is_told_who_shall_not_be(shop: TestShop) {
    shop.customer("c-7").await;
    let mut body = grant(1500);
    body["notify"] = json!(false);
    let given = shop.post("/v1/grants", body).await.created();
    let reward = shop.get(&path("/v1/rewards", &given["reward_id"])).await.ok();
    assert_eq!((&reward["message"], &reward["status"]), (&Value::Null, &json!("issued")));
}

async fn grants_are_found_by_what_they_are(shop: TestShop) {
    with_limit(&shop).await;
    let eight = shop.customer("c-8").await;
    let mut named = grant(10);
    named["reference"] = json!("T-1");
    shop.post("/v1/grants", named).await.created();
    shop.post("/v1/grants", grant(9000)).await.created();
    let mut other = grant(20);
    other["customer"] = eight["id"].clone();
    let other = shop.post("/v1/grants", other).await.created();
    assert_eq!(other["customer"], "c-8", "named by our id");
    let by_id = format!("/v1/grants?customer={}", eight["id"].as_str().expect("an id"));
    let table = [
        ("/v1/grants", 3),
        ("/v1/grants?customer=c-7", 2),
        ("/v1/grants?external_id=c-8", 1),
        (&by_id, 1),
        ("/v1/grants?customer=nobody", 0),
        ("/v1/grants?status=pending_approval", 1),
        ("/v1/grants?status=given&customer=c-7", 1),
        ("/v1/grants?reference=T-1", 1),
    ];
    for (list, count) in table {
        assert_eq!(shop.list(list).await.len(), count, "{list}");
    }
}

async fn grants_of_another_shop_are_not_there(shop: TestShop) {
    let other = shop.another().await;
    other.customer("c-7").await;
    let foreign = path("/v1/grants", &other.post("/v1/grants", grant(5)).await.created()["id"]);
    shop.get(&foreign).await.refused(404, "not_found");
    let owner = shop.operator("owner").await;
    owner.post(&format!("{foreign}/approve"), json!({})).await.refused(404, "not_found");
    owner.post(&format!("{foreign}/reject"), json!({"reason": "r"})).await.refused(404, "not_found");
}
