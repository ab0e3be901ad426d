//! Repeating a request safely.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::*;

on_both!(
    fifty_equal_requests_have_one_effect_and_one_answer,
    a_key_belongs_to_one_request,
    blanks_and_the_order_of_fields_do_not_matter,
    quotes_around_a_key_do_not_matter,
    a_key_is_required_where_a_repetition_would_cost,
    keys_that_are_none_are_refused,
    a_refusal_is_decided_anew,
    each_client_has_its_own_keys,
    an_order_reported_again_under_another_key_is_shown_as_it_is,
);

fn voucher() -> Value {
    json!({"kind": "amount_off", "amount": 500, "currency": "EUR"})
}

pub async fn fifty_equal_requests_have_one_effect_and_one_answer(shop: TestShop) {
    let asks = shop.everywhere().take(50).map(|client| client.post("/v1/vouchers", voucher()).key("k").into_future());
    let answers = join_all(asks).await;
    let first = answers[0].created();
    for answer in &answers {
        answer.created();
        assert_eq!(answer.bytes(), answers[0].bytes(), "{answer:?}");
    }
    let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed") == Some("true")).count();
    assert_eq!(replayed, 49);
    let listed = shop.list("/v1/vouchers").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], first["id"]);
}

async fn a_key_belongs_to_one_request(shop: TestShop) {
    shop.post("/v1/vouchers", voucher()).key("k").await.created();
    let other = json!({"kind": "amount_off", "amount": 501, "currency": "EUR"});
    shop.post("/v1/vouchers", other).key("k").await.refused(422, "idempotency_key_reused");
    let order = json!({"order_id": "1", "amount": 100, "currency": "EUR"});
    shop.post("/v1/conversions", order).key("k").await.refused(422, "idempotency_key_reused");
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1);
    assert!(shop.list("/v1/conversions").await.is_empty());
}

async fn blanks_and_the_order_of_fields_do_not_matter(shop: TestShop) {
    let ask = |body: &'static str| shop.post("/v1/vouchers", json!({})).raw(body).key("k");
    let first = ask(r#"{"kind":"amount_off","amount":500,"currency":"EUR"}"#).await;
    let again = ask("{ \"currency\": \"EUR\",\n \"amount\": 500, \"kind\": \"amount_off\" }").await;
    first.created();
    again.created();
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.bytes(), first.bytes());
}

async fn quotes_around_a_key_do_not_matter(shop: TestShop) {
    let first = shop.post("/v1/vouchers", voucher()).key("k").await;
    let again = shop.post("/v1/vouchers", voucher()).key("\"k\"").await;
    first.created();
    assert_eq!(again.bytes(), first.bytes());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

async fn a_key_is_required_where_a_repetition_would_cost(shop: TestShop) {
    for path in ["/v1/vouchers", "/v1/grants", "/v1/voucher_batches"] {
        let ask = shop.post(path, json!({})).without("idempotency-key");
        ask.await.refused(400, "idempotency_key_required");
    }
    // What names itself is told from a repetition by that.
    let named = |reference| json!({"kind": "amount_off", "amount": 500, "reference": reference});
    let first = shop.post("/v1/vouchers", named("V-1")).without("idempotency-key").await.created();
    assert_eq!(shop.post("/v1/vouchers", named("V-1")).without("idempotency-key").await.ok()["id"], first["id"]);
    let order = json!({"order_id": "A-1", "amount": 4990, "currency": "EUR"});
    let first = shop.post("/v1/conversions", order.clone()).without("idempotency-key").await.created();
    assert_eq!(shop.post("/v1/conversions", order).without("idempotency-key").await.ok(), first);
    for unnamed in [json!({"reference": null}), json!({"kind": "amount_off"})] {
        let ask = shop.post("/v1/vouchers", unnamed).without("idempotency-key");
        ask.await.refused(400, "idempotency_key_required");
    }
}

async fn keys_that_are_none_are_refused(shop: TestShop) {
    let long = "k".repeat(256);
    for key in ["\"\"", "kö", long.as_str()] {
        shop.post("/v1/vouchers", voucher()).key(key).await.refused(400, "invalid_request");
    }
    assert!(shop.list("/v1/vouchers").await.is_empty());
    shop.post("/v1/vouchers", voucher()).key(&long[..255]).await.created();
}

async fn a_refusal_is_decided_anew(shop: TestShop) {
    let order = json!({"order_id": "1", "customer": "ben", "amount": 100, "currency": "EUR", "program": "late"});
    shop.post("/v1/conversions", order.clone()).key("k").await.refused(422, "program_unknown");
    shop.program(json!({"name": "Late", "slug": "late"})).await;
    let answer = shop.post("/v1/conversions", order).key("k").await;
    answer.created();
    assert_eq!(answer.header("idempotent-replayed"), None);
}

async fn each_client_has_its_own_keys(shop: TestShop) {
    let (other_shop, other_client) = (shop.another().await, shop.key(&["vouchers:write"]).await);
    let first = shop.post("/v1/vouchers", voucher()).key("k").await.created();
    for other in [&*other_shop, &other_client] {
        let answer = other.post("/v1/vouchers", voucher()).key("k").await;
        assert_ne!(answer.created()["id"], first["id"]);
    }
}

async fn an_order_reported_again_under_another_key_is_shown_as_it_is(shop: TestShop) {
    let order = json!({"order_id": "1", "amount": 100, "currency": "EUR"});
    let first = shop.post("/v1/conversions", order.clone()).await.created();
    let again = shop.post("/v1/conversions", order).await.ok();
    assert_eq!(first, again);
    shop.customer("ben").await;
    let others = [
        (
            json!({"order_id": "1", "amount": 101, "currency": "EUR"}),
            "Order 1 was reported with the amount 100; change it with PATCH",
        ),
        (json!({"order_id": "1", "amount": 100, "currency": "USD"}), "Order 1 was reported in EUR; "),
        (
            json!({"order_id": "1", "amount": 100, "currency": "EUR", "customer": "ben"}),
            "Order 1 was reported for another customer; ",
        ),
    ];
    for (other, says) in others {
        let refusal = shop.post("/v1/conversions", other).await.refused(409, "order_differs");
        assert!(refusal["detail"].as_str().is_some_and(|detail| detail.starts_with(says)), "{refusal}");
    }
}
