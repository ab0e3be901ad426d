//! Events by type: which are shown, how far was looked, and that a code that is made is told of.

use crate::support::*;

on_both!(events_are_shown_by_type, much_of_other_types_is_passed_over, a_code_that_is_made_is_told_of);

const ORDERS: usize = 4;

/// A program, an advocate with a code, and some orders of hers: several events each.
async fn town(shop: &TestShop) -> Value {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    for number in 0..ORDERS {
        let friend = format!("friend-{number}");
        shop.customer(&friend).await;
        let order = json!({"order_id": number.to_string(), "customer": friend, "amount": 5000, "currency": "EUR",
                           "evidence": {"token": share["token"]}});
        shop.post("/v1/conversions", order).await.created();
    }
    program
}

async fn events_are_shown_by_type(shop: TestShop) {
    town(&shop).await;
    let all = shop.list("/v1/events").await;
    let of = |kinds: &[&str]| -> Vec<Value> {
        all.iter().filter(|event| kinds.contains(&text(&event["type"]).as_str())).cloned().collect()
    };
    let orders = of(&["conversion.recorded"]);
    assert_eq!(orders.len(), ORDERS);
    assert_eq!(shop.list("/v1/events?type=conversion.recorded").await, orders);
    let both = of(&["conversion.recorded", "referral.created"]);
    assert!(both.len() > orders.len() && both.len() < all.len(), "{all:?}");
    for query in [
        "type=conversion.recorded,referral.created",
        "type=conversion.recorded&type=referral.created",
        "type=referral.created&type=conversion.recorded,referral.created",
    ] {
        assert_eq!(shop.list(&format!("/v1/events?{query}")).await, both, "{query}");
    }
    let csv = shop.get("/v1/events?type=conversion.recorded&format=csv&limit=1").await;
    assert_eq!(csv.text().lines().count(), 1 + ORDERS);
    let last = json!(all.len());
    let page = shop.get("/v1/events?type=conversion.recorded&limit=2").await.ok();
    assert_eq!((&page["data"], &page["next"]), (&json!(orders[..2]), &page["seen"]));
    assert!(page["seen"].as_i64() < orders[2]["seq"].as_i64(), "what is not shown is not passed over: {page}");
    let rest = shop.get(&format!("/v1/events?type=conversion.recorded&after={}", page["next"])).await.ok();
    assert_eq!((&rest["data"], &rest["next"], &rest["seen"]), (&json!(orders[2..]), &Value::Null, &last));
    let none = shop.get("/v1/events?type=batch.voided").await.ok();
    assert_eq!(none, json!({"data": [], "next": null, "seen": last}));
    assert_eq!(shop.get(&format!("/v1/events?after={last}")).await.ok(), none);
    for unknown in ["conversion", "", "conversion.recorded,", "conversion.recorded,x", "CONVERSION.RECORDED"] {
        let refused = shop.get(&format!("/v1/events?type={unknown}")).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], "?type", "{unknown}");
    }
}

/// One who waits for something rare is told how far was looked, and need not begin anew.
async fn much_of_other_types_is_passed_over(shop: TestShop) {
    let program = town(&shop).await;
    let seen = shop.get("/v1/events?type=program.ended").await.ok()["seen"].clone();
    shop.post(&format!("{}/end", path("/v1/programs", &program["id"])), json!({})).await.ok();
    let later = shop.get(&format!("/v1/events?type=program.ended&after={seen}")).await.ok();
    assert_eq!(later["data"][0]["data"]["id"], program["id"]);
    assert_eq!(later["data"][0]["seq"], later["seen"]);
}

async fn a_code_that_is_made_is_told_of(shop: TestShop) {
    let program = shop.program(json!({"content": {"en": {"text": "Say {code}: {link}"}}})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.customer("anna").await;
    let told = async || -> Vec<Value> {
        shop.list("/v1/events?type=code.created").await.iter().map(|event| event["data"].clone()).collect()
    };
    let asked_for = shop.post(&codes, json!({"customer": "anna"})).await.created();
    shop.post(&codes, json!({"customer": "anna"})).await.ok();
    assert_eq!(told().await, std::slice::from_ref(&asked_for), "one that she has already is not made");
    shop.customer("zoe").await;
    shop.browser("zoe").await.post("/v1/me/code", json!({"program": program["id"]})).await.created();
    shop.customer("ida").await;
    let ask = json!({"program": program["id"], "customer": "ida", "channel": "whatsapp", "locale": "en"});
    shop.post("/v1/shares", ask).await.created();
    let whose: Vec<String> = told().await.iter().map(|code| text(&code["customer"])).collect();
    assert_eq!(whose, ["anna", "zoe", "ida"], "words that name a code have one made");
    shop.imported("codes", &format!("customer,code,program\nmax,MAXIMUS,{}\n", text(&program["slug"]))).await;
    assert_eq!(told().await.len(), 3, "history is told of to nobody");
    shop.delete("/v1/customers/anna").await.accepted();
    let erased = json!({"id": asked_for["id"], "erased": true});
    assert_eq!(told().await[0], erased);
}
