//! An amount that is written in the major unit: whoever sent it is told the rule, and what it would have been.

use std::sync::LazyLock;

use grapevine::api::routes::{ME_OPERATIONS, OPERATIONS};
use reqwest::Method;

use crate::support::*;

on_both!(every_amount_that_is_no_whole_number, amounts_in_files_and_in_the_query);

const TOLD: &str = "a whole number of minor units (cents) is expected: 4990, not 49.90";
/// The largest amount, by which the contract's amounts are known from other numbers.
const LARGEST: i64 = 9_007_199_254_740_991;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_norway::from_str(include_str!("../../../openapi.yaml")).expect("openapi.yaml is YAML"));

/// A body in which an amount stands, in each place that a schema has for one; the amount is `"@"`.
fn bodies(schema: &Value) -> Vec<Value> {
    if let Some(name) = schema["$ref"].as_str() {
        return bodies(CONTRACT.pointer(name.trim_start_matches('#')).expect("it is there"));
    }
    if schema["maximum"] == LARGEST {
        return vec![json!("@")];
    }
    let mut found = Vec::new();
    for each in ["allOf", "anyOf", "oneOf"].iter().flat_map(|list| schema[*list].as_array().into_iter().flatten()) {
        found.extend(bodies(each));
    }
    found.extend(schema.get("items").into_iter().flat_map(bodies).map(|body| json!([body])));
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        found.extend(bodies(field).into_iter().map(|body| json!({name: body})));
    }
    found
}

/// What the paths of operations name.
async fn named(shop: &TestShop) -> Vec<(&'static str, String)> {
    let order = json!({"order_id": "A-1", "customer": "anna", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/conversions", order).await.created();
    let program = text(&shop.program(json!({})).await["id"]);
    let reward = json!({"kind": "amount_off", "amount": 500});
    let offer = json!({"name": "Offer", "program": program, "reward": reward, "capacity": 1});
    let offer = shop.post("/v1/offers", offer).await.created();
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR"});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let cart = json!({"codes": [voucher["code"]], "order_id": "A-1", "amount": 4990, "currency": "EUR"});
    let redemption = shop.post("/v1/redemptions", cart).await.created();
    let mut named = vec![("/programs/", program)];
    for (start, made) in [("/offers/", offer), ("/vouchers/", voucher), ("/redemptions/", redemption)] {
        named.push((start, text(&made["id"])));
    }
    named
}

async fn every_amount_that_is_no_whole_number(shop: TestShop) {
    shop.customer("anna").await;
    let browser = shop.browser("anna").await;
    let named = named(&shop).await;
    let of_shop = OPERATIONS.iter().map(|operation| (operation, &*shop));
    let of_browser = ME_OPERATIONS.iter().map(|operation| (operation, &browser));
    let mut seen = 0;
    for (operation, actor) in of_shop.chain(of_browser) {
        let method = operation.method.to_ascii_lowercase();
        let schema =
            &CONTRACT["paths"][operation.path][&method]["requestBody"]["content"]["application/json"]["schema"];
        for body in bodies(schema) {
            for sent in ["49.90", "\"49.90\""] {
                let id = named.iter().find(|(start, _)| operation.path.contains(start));
                let place = operation.path.replace("{id}", id.map_or("A-1", |(_, id)| id));
                let method: Method = operation.method.parse().expect("a method");
                let ask = actor.ask(method, &place).key(&fresh("key")).if_match("\"1\"");
                let answer =
                    ask.header("content-type", "application/json").raw(body.to_string().replace("\"@\"", sent)).await;
                let said = answer.refused(422, "invalid_field");
                assert!(text(&said["detail"]).ends_with(&format!(": {TOLD}.")), "{} of {body}: {said}", operation.id);
                assert_eq!(said["errors"][0]["detail"], TOLD, "{said}");
            }
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen} amounts are in the contract");
    let order = json!({"order_id": "A-2", "currency": "KWD", "items": [{"id": "1", "amount": 49.9}]});
    let said = shop.post("/v1/conversions", order).await.refused(422, "invalid_field");
    let of_dinars = "/items/0/amount: a whole number of minor units (1 KWD is 1000) is expected: 49900, not 49.9.";
    assert_eq!(said["detail"], of_dinars);
}

async fn amounts_in_files_and_in_the_query(shop: TestShop) {
    let line = r#"{"order_id":"A-1","occurred_at":"2016-05-04T10:00:00Z","amount":49.90}"#;
    for file in [line.to_owned(), "order_id,occurred_at,amount\nA-1,2016-05-04T10:00:00Z,49.90\n".to_owned()] {
        let job = shop.imported("orders", &file).await;
        let report = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
        assert!(report.text().contains(TOLD), "{}", report.text());
    }
    let import =
        shop.post("/v1/voucher_batches/for_customers?name=old&kind=amount_off&amount=49.90&currency=EUR", json!({}));
    let said = import.header("content-type", "text/csv").raw("customer\nanna\n").await.refused(422, "invalid_field");
    assert!(text(&said["detail"]).contains(TOLD), "{said}");
}
