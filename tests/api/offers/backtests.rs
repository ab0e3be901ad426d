//! What an offer would have done: to whom it would have opened, and what would have kept out the others.

use super::Town;
use crate::support::*;

on_both!(
    those_who_came_are_let_in_or_kept_out_by_the_first_that_fails,
    who_came_is_judged_as_they_were_then,
    those_who_shared_are_judged_as_they_are,
    an_offer_stands_beside_what_it_was_before,
    who_is_meant_counts,
    what_is_not_known_of_then_is_said,
    only_the_last_days_count,
    what_cannot_be_tried_is_refused,
    a_back_test_changes_nothing,
);

async fn backtest(town: &Town, changes: Value) -> Value {
    let mut asked = json!({"program": town.program["id"]});
    for (name, value) in changes.as_object().into_iter().flatten() {
        asked[name] = value.clone();
    }
    town.shop.post("/v1/offers/backtest", asked).await.ok()
}

fn kept_out(report: &Value) -> Vec<(String, i64, i64)> {
    let all = elements(&report["refused"]);
    all.iter().map(|one| (text(&one["code"]), number(&one["count"]), number(&one["alone"]))).collect()
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

fn owned(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|(code, count, alone)| ((*code).to_owned(), *count, *alone)).collect()
}

/// Three come in private, one of them by Bert, and one in public.
async fn crowded(shop: TestShop) -> Town {
    let town = Town::new(shop).await;
    let bert = town.shop.share(&town.program, "bert").await;
    for (friend, share) in [("f1", &town.private), ("f2", &town.private), ("f3", &bert), ("f4", &town.public)] {
        town.friend_orders(friend, share).await;
    }
    town
}

async fn those_who_came_are_let_in_or_kept_out_by_the_first_that_fails(shop: TestShop) {
    let town = crowded(shop).await;
    let report = backtest(&town, json!({})).await;
    assert_eq!((&report["considered"], &report["admitted"]), (&json!(4), &json!(3)));
    assert_eq!((&report["arrivals"], &report["sharers"]), (&json!(4), &json!(0)));
    assert_eq!((&report["days"], &report["before"]), (&json!(30), &json!(null)));
    assert_eq!(kept_out(&report), owned(&[("arrived_in_private", 1, 1)]));

    let conditions = json!([
        {"code": "whatsapp", "expression": "arrival.channel == \"whatsapp\""},
        {"code": "known_advocate", "expression": "advocate.conversions >= 1"},
    ]);
    let report = backtest(&town, json!({"conditions": conditions})).await;
    // Anna's first friend found her without one; Bert's, too. The one in public fails twice, and is counted once.
    assert_eq!((&report["considered"], &report["admitted"]), (&json!(4), &json!(1)));
    assert_eq!(kept_out(&report), owned(&[("arrived_in_private", 1, 0), ("whatsapp", 0, 0), ("known_advocate", 2, 2)]));
}

async fn who_came_is_judged_as_they_were_then(shop: TestShop) {
    let town = crowded(shop).await;
    let again = json!({"order_id": "again", "customer": "f1", "amount": 5000, "currency": "EUR", "paid": true});
    town.shop.post("/v1/conversions", again).await.created();
    for (expression, admitted) in [
        ("customer.is_new", 3),
        ("customer.orders == 0", 3),
        ("customer.orders > 0", 0),
        ("advocate.conversions == 0", 2),
        ("advocate.friends == 1", 1),
        ("advocate.conversions_30d == 1", 1),
        ("advocate.conversions > 1", 0),
        ("arrival.age_hours == 0", 3),
    ] {
        let report = backtest(&town, json!({"conditions": [{"code": "it", "expression": expression}]})).await;
        assert_eq!(report["admitted"], admitted, "{expression}: {report}");
        assert_eq!(report["as_of_today"], json!([]), "{expression}");
    }
}

async fn those_who_shared_are_judged_as_they_are(shop: TestShop) {
    let town = crowded(shop).await;
    town.open(&town.private).await;
    let report = backtest(&town, json!({"audience": "share"})).await;
    assert_eq!((&report["sharers"], &report["arrivals"], &report["admitted"]), (&json!(2), &json!(0), &json!(1)));
    assert_eq!(kept_out(&report), owned(&[("shared_in_private", 1, 1)]));
    let conditions = json!([{"code": "three", "expression": "sharer.friends >= 3"}]);
    let report = backtest(&town, json!({"audience": "share", "conditions": conditions})).await;
    assert_eq!(kept_out(&report), owned(&[("shared_in_private", 1, 0), ("three", 0, 0)]));
    assert_eq!(report["admitted"], 1);
    let report = backtest(&town, json!({"audience": "both", "conditions": conditions})).await;
    assert_eq!((&report["considered"], &report["arrivals"], &report["sharers"]), (&json!(6), &json!(4), &json!(2)));
    assert_eq!(report["admitted"], 1);
}

async fn an_offer_stands_beside_what_it_was_before(shop: TestShop) {
    let town = crowded(shop).await;
    let offer = town.offer(json!({"conditions": [{"code": "it", "expression": "customer.orders > 0"}]})).await;
    let place = path("/v1/offers", &offer["id"]);
    let try_it = || async { town.shop.post(&format!("{place}/backtest"), json!({"days": 7})).await.ok() };
    let report = try_it().await;
    assert_eq!((&report["admitted"], &report["before"], &report["days"]), (&json!(0), &json!(null), &json!(7)));
    let changes = json!({"conditions": [{"code": "it", "expression": "customer.is_new"}]});
    town.shop.patch(&place, changes).header("if-match", "\"1\"").await.ok();
    let report = try_it().await;
    assert_eq!((&report["admitted"], &report["before"]), (&json!(3), &json!({"admitted": 0})));
    town.shop.post(&format!("{place}/backtest"), json!({"days": 0})).await.refused(422, "invalid_field");
    town.shop.post("/v1/offers/ofr_00000000000000000000000000/backtest", json!({})).await.refused(404, "not_found");
}

async fn who_is_meant_counts(shop: TestShop) {
    let town = crowded(shop).await;
    town.shop.put("/v1/segments/choir", json!({"name": "Choir"})).await.created();
    town.shop.put("/v1/segments/choir/members/f2", json!({})).await;
    let report = backtest(&town, json!({"targeting": {"segments": ["choir"]}})).await;
    assert_eq!(report["admitted"], 1);
    assert_eq!(kept_out(&report), owned(&[("arrived_in_private", 1, 0), ("segment", 2, 2)]));
}

async fn what_is_not_known_of_then_is_said(shop: TestShop) {
    let town = crowded(shop).await;
    let conditions = json!([
        {"code": "large", "expression": "order.amount >= 100"},
        {"code": "gold", "expression": "customer.attributes.tier == \"gold\" || advocate.visits_private > 5"},
    ]);
    let report = backtest(&town, json!({"conditions": conditions})).await;
    assert_eq!(report["unknown"], json!(["order.amount"]));
    assert_eq!(report["as_of_today"], json!(["advocate.visits_private", "customer.attributes.tier"]));
    assert_eq!(report["admitted"], 0);
}

async fn only_the_last_days_count(shop: TestShop) {
    let town = crowded(shop).await;
    town.shop.advance(10).await;
    let late = town.shop.share(&town.program, "carla").await;
    town.friend_orders("f5", &late).await;
    for (days, arrivals, sharers) in [(5, 1, 1), (11, 5, 3)] {
        let report = backtest(&town, json!({"audience": "both", "days": days})).await;
        assert_eq!((&report["arrivals"], &report["sharers"]), (&json!(arrivals), &json!(sharers)), "{days} days");
    }
}

async fn what_cannot_be_tried_is_refused(shop: TestShop) {
    let town = Town::new(shop).await;
    let one = |expression: &str| json!([{"code": "it", "expression": expression}]);
    for (changes, code, pointer) in [
        (json!({"program": "nobody"}), "program_unknown", "/program"),
        (json!({"days": 367}), "invalid_field", "/days"),
        (json!({"conditions": one("customer.age > 3")}), "expression_invalid", "/conditions/0/expression"),
        (json!({"targeting": {"segments": ["nobody"]}}), "segment_unknown", "/targeting/segments/0"),
        (json!({"audience": "all"}), "invalid_field", "/audience"),
    ] {
        let mut asked = json!({"program": town.program["id"]});
        for (name, value) in changes.as_object().into_iter().flatten() {
            asked[name] = value.clone();
        }
        let refused = town.shop.post("/v1/offers/backtest", asked).await.refused(422, code);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
}

async fn a_back_test_changes_nothing(shop: TestShop) {
    let town = crowded(shop).await;
    let offer = town.offer(json!({"capacity": 1})).await;
    let events = town.shop.get("/v1/events?limit=200").await.ok();
    for _ in 0..2 {
        let report = town.shop.post(&format!("{}/backtest", path("/v1/offers", &offer["id"])), json!({})).await.ok();
        // It counts no places: one would have been let in, and then another one.
        assert_eq!(report["admitted"], 3);
    }
    assert_eq!(town.shop.get("/v1/events?limit=200").await.ok(), events);
    assert_eq!(town.shop.get(&path("/v1/offers", &offer["id"])).await.ok(), offer);
}
