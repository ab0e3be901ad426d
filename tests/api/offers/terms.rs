//! Offers: made, read as sentences, changed, opened and closed.

use super::{Town, unmet};
use crate::support::*;

on_both!(
    an_offer_is_made_and_reads_as_a_sentence,
    what_cannot_be_is_refused_with_its_place,
    an_expression_that_is_wrong_says_where_and_what_to_do,
    a_change_asks_for_the_version_that_was_read,
    an_offer_opens_rests_and_ends,
    an_offer_ends_by_itself,
    every_fact_is_documented,
    offers_are_listed,
);

async fn an_offer_is_made_and_reads_as_a_sentence(shop: TestShop) {
    let town = Town::new(shop).await;
    let conditions = json!([{"code": "three_friends", "expression": "advocate.friends >= 3",
                             "message": {"en": "For friends of our best."}}]);
    let offer = town.offer(json!({"conditions": conditions, "capacity": 100, "stacking": {"exclusive": true}})).await;
    assert_eq!(
        (&offer["status"], &offer["audience"], &offer["kind"]),
        (&json!("active"), &json!("arrive"), &json!("personal"))
    );
    assert_eq!((&offer["claimed"], &offer["remaining"], &offer["per_customer"]), (&json!(0), &json!(100), &json!(1)));
    assert_eq!(offer["valid"], json!({"days": 7}));
    let condition = &offer["conditions"][0];
    assert_eq!(condition["expression"], "advocate.friends >= 3");
    for language in ["de", "en"] {
        let sentence = text(&condition["sentence"][language]);
        assert!(sentence.contains('3') && !sentence.contains(">="), "{sentence}");
        assert!(text(&offer["sentence"][language]).contains(&sentence), "{offer}");
    }
    let read = town.shop.get(&path("/v1/offers", &offer["id"])).await;
    assert_eq!(read.ok(), offer);
    assert_eq!(read.etag(), "\"1\"");
}

async fn what_cannot_be_is_refused_with_its_place(shop: TestShop) {
    let town = Town::new(shop).await;
    let group = |group: Value| json!({"kind": "group", "group": group});
    let table = [
        (json!({"program": "nobody"}), "program_unknown", "/program"),
        (json!({"reward": {"kind": "percent_off", "rate_bps": 0}}), "invalid_field", "/reward/rate_bps"),
        (
            json!({"reward": {"kind": "percent_off", "rate_bps": 100, "max_amount": 0}}),
            "invalid_field",
            "/reward/max_amount",
        ),
        (json!({"reward": {"kind": "gift_card", "of_order_bps": 100}}), "invalid_field", "/reward/of_order_bps"),
        (
            json!({"reward": {"kind": "gift_card", "amount": 9_007_199_254_740_991_i64}, "capacity": 2}),
            "invalid_field",
            "/capacity",
        ),
        (json!({"capacity": 0}), "invalid_field", "/capacity"),
        (json!({"per_customer": 0}), "invalid_field", "/per_customer"),
        (json!({"per_customer": 2, "capacity": 1}), "invalid_field", "/per_customer"),
        (json!({"starts_at": "2026-12-02T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"}), "invalid_field", "/ends_at"),
        (json!({"ends_at": "2020-12-01T00:00:00Z"}), "invalid_field", "/ends_at"),
        (json!({"status": "ended"}), "invalid_field", "/status"),
        (json!({"targeting": {"segments": ["nobody"]}}), "segment_unknown", "/targeting/segments/0"),
        (json!({"kind": "group"}), "invalid_field", "/group"),
        (group(json!({"places": 0})), "invalid_field", "/group/places"),
        (group(json!({"places": 3, "orders": 4})), "invalid_field", "/group/orders"),
        (group(json!({"places": 3, "orders": 2})), "invalid_field", "/group/orders"),
        (json!({"group": {"places": 3}}), "invalid_field", "/group"),
        (json!({"kind": "group", "group": {"places": 3}, "per_customer": 2}), "invalid_field", "/per_customer"),
        (
            json!({"kind": "group", "group": {"places": 3, "orders": 2, "organiser_reward": {"kind": "free_shipping"}},
                "reward": {"kind": "gift_card", "amount": 100}}),
            "invalid_field",
            "/reward/kind",
        ),
        (json!({"valid": {"days": 0}}), "invalid_field", "/reward/valid"),
        (
            json!({"conditions": [{"code": "a", "expression": "true"}, {"code": "a", "expression": "true"}]}),
            "invalid_field",
            "/conditions/1/code",
        ),
    ];
    for (changes, code, pointer) in table {
        let refused = town.try_offer(changes.clone()).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{changes}");
    }
    assert!(town.shop.list("/v1/offers").await.is_empty());
}

async fn an_expression_that_is_wrong_says_where_and_what_to_do(shop: TestShop) {
    let town = Town::new(shop).await;
    let deep = format!("{}true{}", "!(".repeat(200), ")".repeat(200));
    let long = format!("arrival.depth in [{}]", ["1"; 400].join(","));
    let table = [
        ("arrival.privat", "arrival.private"),
        ("advocate.friends >= \"3\"", "whole number"),
        ("advocate.friends >=", "1"),
        ("arrival.private ? true : false", ""),
        ("[1, 2].exists(x, x == 1)", ""),
        ("customer.locale.matches('d.*')", "startsWith"),
        ("arrival.private && customer.orders", "whole number"),
        (deep.as_str(), ""),
        (long.as_str(), ""),
    ];
    for (expression, named) in table {
        let conditions =
            json!([{"code": "fine", "expression": "arrival.private"}, {"code": "wrong", "expression": expression}]);
        let refused = town.try_offer(json!({"conditions": conditions})).await.refused(422, "expression_invalid");
        let fault = &refused["errors"][0];
        assert_eq!(fault["pointer"], "/conditions/1/expression", "{expression}");
        let detail = text(&fault["detail"]);
        assert!(
            detail.contains("ine ") && detail.contains("column ") && detail.contains(named),
            "{expression}: {detail}"
        );
    }
    let conditions = json!([{"code": "long", "expression": "x".repeat(1001)}]);
    town.try_offer(json!({"conditions": conditions})).await.refused(422, "invalid_field");
}

async fn a_change_asks_for_the_version_that_was_read(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 3})).await;
    let place = path("/v1/offers", &offer["id"]);
    town.shop.patch(&place, json!({"capacity": 5})).await.refused(428, "precondition_required");
    let change = town.shop.patch(&place, json!({"capacity": 5})).if_match("\"1\"").await;
    assert_eq!((change.ok()["capacity"].clone(), change.etag()), (json!(5), "\"2\"".to_owned()));
    town.shop.patch(&place, json!({"capacity": 6})).if_match("\"1\"").await.refused(412, "stale");
    for friend in ["ben", "cleo"] {
        town.claim(&offer, friend, &town.private).await.created();
    }
    let refused = town.shop.patch(&place, json!({"capacity": 1})).if_match("*").await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/capacity");
    let full = town.shop.patch(&place, json!({"capacity": 2})).if_match("*").await.ok();
    assert_eq!((&full["claimed"], &full["remaining"]), (&json!(2), &json!(0)));
    for change in [json!({"kind": "group"}), json!({"status": "paused"})] {
        town.shop.patch(&place, change).if_match("*").await.refused(422, "invalid_field");
    }
    town.shop.patch(&place, json!({"program": "other"})).if_match("*").await.refused(422, "program_unknown");
    let reward = json!({"program": "weitersagen", "reward": {"kind": "percent_off", "rate_bps": 1500}});
    let changed = town.shop.patch(&place, reward).if_match("*").await.ok();
    assert_eq!(changed["valid"], json!({"days": 7}), "what is left out stays");
    assert_eq!(town.shop.patch(&place, json!({"valid": null})).if_match("*").await.ok()["valid"], json!(null));
}

async fn an_offer_opens_rests_and_ends(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"status": "draft"})).await;
    let place = path("/v1/offers", &offer["id"]);
    let ask = json!({"customer": "ben", "evidence": {"token": town.private["token"]}});
    assert_eq!(unmet(&town.check(&offer, ask.clone()).await), ["open"]);
    town.claim(&offer, "ben", &town.private).await.refused(409, "offer_not_active");
    town.shop.post(&format!("{place}/pause"), json!({})).await.refused(409, "illegal_transition");
    for (verb, status) in [("activate", "active"), ("pause", "paused"), ("pause", "paused"), ("activate", "active")] {
        assert_eq!(town.shop.post(&format!("{place}/{verb}"), json!({})).await.ok()["status"], status);
    }
    assert_eq!(town.check(&offer, ask).await["eligible"], true);
    // The program rests, and its offers with it.
    let program = path("/v1/programs", &town.program["id"]);
    town.shop.post(&format!("{program}/pause"), json!({})).await.ok();
    town.claim(&offer, "ben", &town.private).await.refused(409, "offer_not_active");
    assert_eq!(town.shop.post(&format!("{place}/end"), json!({})).await.ok()["status"], "ended");
    town.shop.post(&format!("{place}/activate"), json!({})).await.refused(409, "illegal_transition");
    town.shop.patch(&place, json!({"capacity": 5})).if_match("*").await.refused(409, "illegal_transition");
}

async fn an_offer_ends_by_itself(shop: TestShop) {
    let town = Town::new(shop).await;
    let end = (chrono::Utc::now() + chrono::Duration::days(3)).to_rfc3339();
    let offer = town.offer(json!({"ends_at": end})).await;
    town.claim(&offer, "ben", &town.private).await.created();
    town.shop.advance(4).await;
    let ended = town.shop.get(&path("/v1/offers", &offer["id"])).await.ok();
    assert_eq!((&ended["status"], &ended["ended_at"]), (&json!("ended"), &offer["ends_at"]));
    town.claim(&offer, "cleo", &town.private).await.refused(409, "offer_not_active");
}

async fn every_fact_is_documented(shop: TestShop) {
    let town = Town::new(shop).await;
    let shop = &town.shop;
    let facts = elements(&shop.get("/v1/offers/facts").await.ok()["data"]);
    let names: Vec<String> = facts.iter().map(|fact| text(&fact["name"])).collect();
    for name in ["arrival.private", "customer.is_new", "sharer.friends", "advocate.friends", "order.amount", "now"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    for fact in &facts {
        for field in ["type", "meaning", "example", "source"] {
            assert!(!text(&fact[field]).is_empty(), "{fact}");
        }
        let conditions = json!([{"code": "example", "expression": fact["example"]}]);
        town.offer(json!({"conditions": conditions})).await;
    }
}

async fn offers_are_listed(shop: TestShop) {
    let town = Town::new(shop).await;
    let first = town.offer(json!({"name": "First"})).await;
    let second = town.offer(json!({"name": "Second", "status": "draft"})).await;
    assert_eq!(town.shop.list("/v1/offers").await, [second.clone(), first.clone()]);
    assert_eq!(town.shop.list("/v1/offers?status=draft").await, [second]);
    assert_eq!(town.shop.list("/v1/offers?status=active&program=weitersagen").await, [first]);
    town.shop.another().await.get("/v1/offers").await.ok();
}
