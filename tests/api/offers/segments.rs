//! Segments: named sets of customers, by list and by condition, and the offers that are for them.

use super::{Town, unmet};
use crate::support::*;

on_both!(
    a_segment_has_a_list,
    who_is_merged_leaves_the_list_as_well,
    a_segment_has_a_condition,
    an_offer_is_for_a_segment,
    members_are_imported,
    what_cannot_be_is_refused,
);

async fn a_segment_has_a_list(shop: TestShop) {
    let segment = shop.put("/v1/segments/regulars", json!({"name": "Regulars"})).await.created();
    assert_eq!((&segment["name"], &segment["condition"]), (&json!("Regulars"), &json!(null)));
    assert_eq!(shop.put("/v1/segments/regulars", json!({})).await.ok(), segment);
    assert_eq!(shop.get("/v1/segments/regulars").await.ok(), segment);
    assert_eq!(shop.list("/v1/segments").await, [segment]);
    shop.customer("ben").await;
    let place = "/v1/segments/regulars/members/ben";
    let member = shop.put(place, json!({})).await.created();
    assert_eq!((&member["segment"], &member["customer"]), (&json!("regulars"), &json!("ben")));
    assert_eq!(shop.put(place, json!({})).await.ok(), member);
    assert_eq!(shop.list("/v1/segments/regulars/members").await, [member]);
    for _ in 0..2 {
        shop.delete(place).await.no_content();
        assert!(shop.list("/v1/segments/regulars/members").await.is_empty());
    }
    shop.put(place, json!({})).await.created();
}

async fn who_is_merged_leaves_the_list_as_well(shop: TestShop) {
    shop.put("/v1/segments/choir", json!({})).await.created();
    for name in ["ben", "ben-old"] {
        shop.put(&format!("/v1/customers/{name}"), json!({})).await.created();
    }
    shop.put("/v1/segments/choir/members/ben-old", json!({})).await.created();
    shop.post("/v1/customers/ben/merge", json!({"from": "ben-old", "reason": "the same person"})).await.ok();
    shop.put("/v1/segments/choir/members/ben", json!({})).await.ok();
    shop.delete("/v1/segments/choir/members/ben").await.no_content();
    assert!(shop.list("/v1/segments/choir/members").await.is_empty());
}

async fn a_segment_has_a_condition(shop: TestShop) {
    let town = Town::new(shop).await;
    let segment = town
        .shop
        .put("/v1/segments/gold", json!({"condition": "customer.attributes.tier == \"gold\""}))
        .await
        .created();
    assert!(text(&segment["sentence"]["en"]).contains("gold"), "{segment}");
    let conditions = json!([{"code": "gold", "expression": "\"gold\" in customer.segments"}]);
    let offer = town.offer(json!({"conditions": conditions})).await;
    let ask = json!({"customer": "ben", "evidence": {"token": town.private["token"]}});
    town.shop.customer("ben").await;
    assert_eq!(unmet(&town.check(&offer, ask.clone()).await), ["gold"]);
    town.shop.put("/v1/customers/ben", json!({"attributes": {"tier": "gold"}})).await.ok();
    assert_eq!(town.check(&offer, ask.clone()).await["eligible"], true);
    town.shop.put("/v1/segments/gold", json!({"condition": null})).await.ok();
    assert_eq!(unmet(&town.check(&offer, ask.clone()).await), ["gold"]);
    town.shop.put("/v1/segments/gold/members/ben", json!({})).await.created();
    assert_eq!(town.check(&offer, ask).await["eligible"], true);
}

async fn an_offer_is_for_a_segment(shop: TestShop) {
    let town = Town::new(shop).await;
    town.shop.put("/v1/segments/choir", json!({})).await.created();
    let offer = town.offer(json!({"targeting": {"segments": ["choir"]}})).await;
    assert_eq!(offer["targeting"], json!({"segments": ["choir"]}));
    town.shop.customer("ben").await;
    town.claim(&offer, "ben", &town.private).await.refused(422, "not_eligible");
    town.shop.put("/v1/segments/choir/members/ben", json!({})).await.created();
    town.claim(&offer, "ben", &town.private).await.created();
}

async fn members_are_imported(shop: TestShop) {
    shop.put("/v1/segments/choir", json!({})).await.created();
    let job = shop.imported("members", "segment,customer\nchoir,ben\nchoir,cleo\nnobody,ben\nchoir,ben\n").await;
    assert_eq!((&job["done"], &job["refused"], &job["known"]), (&json!(4), &json!(1), &json!(1)), "{job}");
    assert_eq!(shop.list("/v1/segments/choir/members").await.len(), 2);
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    assert!(errors.text().contains("\n4,segment_unknown,"), "{errors:?}");
    shop.imported("members", "segment,customer,is_in\nchoir,ben,false\n").await;
    assert_eq!(shop.list("/v1/segments/choir/members").await.len(), 1);
}

async fn what_cannot_be_is_refused(shop: TestShop) {
    shop.put("/v1/segments/Choir", json!({})).await.refused(422, "invalid_field");
    shop.put("/v1/segments/choir/members/ben", json!({})).await.refused(404, "not_found");
    shop.get("/v1/segments/choir").await.refused(404, "not_found");
    for condition in ["arrival.private", "order.amount > 3", "\"gold\" in customer.segments", "customer.orders", "x =="]
    {
        let refused =
            shop.put("/v1/segments/choir", json!({"condition": condition})).await.refused(422, "expression_invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/condition", "{condition}");
    }
    shop.put("/v1/segments/choir", json!({})).await.created();
    shop.put("/v1/segments/choir/members/ben", json!({})).await.refused(404, "not_found");
}
