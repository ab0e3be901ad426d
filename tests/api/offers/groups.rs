//! Groups: one share, the first so many of it, and the organiser's reward.

use futures_util::future::join_all;

use super::{Town, code_of, unmet};
use crate::support::*;

on_both!(
    the_first_of_one_share_take_it,
    the_organiser_is_rewarded_when_enough_have_ordered,
    an_order_that_comes_back_takes_the_organisers_reward_back,
    what_the_organiser_spent_is_forgiven,
    the_organiser_sees_the_group_fill,
);

async fn group(town: &Town, changes: Value) -> Value {
    let mut offer = json!({"kind": "group", "group": {"places": 3}});
    for (name, value) in changes.as_object().into_iter().flatten() {
        offer[name] = value.clone();
    }
    town.offer(offer).await
}

async fn state(town: &Town, offer: &Value) -> Value {
    let place = format!("{}/groups/{}", path("/v1/offers", &offer["id"]), text(&town.private["id"]));
    town.shop.get(&place).await.ok()
}

pub async fn the_first_of_one_share_take_it(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = group(&town, json!({})).await;
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    let asks = town.shop.everywhere().take(40).enumerate().map(|(number, client)| {
        let ask = json!({"customer": format!("friend-{number}"), "evidence": {"token": town.private["token"]}});
        client.post(&claims, ask).into_future()
    });
    let answers = join_all(asks).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 3);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        let refused = answer.refused(409, "offer_exhausted");
        assert_eq!(refused["errors"][0]["pointer"], "/conditions/group_places");
    }
    assert_eq!(
        (&state(&town, &offer).await["claimed"], &state(&town, &offer).await["remaining"]),
        (&json!(3), &json!(0))
    );
    // Another share has places of its own.
    let other = town.shop.share(&town.program, "bert").await;
    town.claim(&offer, "late", &other).await.created();
    let check = town.check(&offer, json!({"customer": "nobody"})).await;
    assert_eq!(unmet(&check), ["arrived_in_private", "group"]);
    town.shop.books_balance().await;
}

/// So many of the group redeem what they took; answers their redemptions.
async fn orders(town: &Town, offer: &Value, friends: &[&str]) -> Vec<Value> {
    let mut redeemed = Vec::new();
    for friend in friends {
        let claim = town.claim(offer, friend, &town.private).await.created();
        let cart = json!({"codes": [code_of(&town.shop, &claim).await], "customer": friend, "order_id": format!("o-{friend}"), "amount": 5000, "currency": "EUR"});
        redeemed.push(town.shop.post("/v1/redemptions", cart).await.created());
    }
    redeemed
}

fn promised() -> Value {
    json!({"group": {"places": 3, "orders": 2, "organiser_reward": {"kind": "amount_off", "amount": 1500}}})
}

async fn of_anna(town: &Town) -> Vec<Value> {
    let mut rewards = town.shop.list("/v1/customers/anna/rewards").await;
    rewards.retain(|reward| reward["on"] == "offer");
    rewards
}

async fn the_organiser_is_rewarded_when_enough_have_ordered(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = group(&town, promised()).await;
    orders(&town, &offer, &["ben"]).await;
    assert!(of_anna(&town).await.is_empty());
    orders(&town, &offer, &["cleo", "dora"]).await;
    let rewards = of_anna(&town).await;
    assert_eq!(rewards.len(), 1, "once, however many more order");
    assert_eq!((&rewards[0]["status"], &rewards[0]["amount"]), (&json!("issued"), &json!(1500)));
    let after = state(&town, &offer).await;
    assert_eq!((&after["ordered"], &after["organiser_rewarded"]), (&json!(3), &json!(true)));
    town.shop.books_balance().await;
}

async fn an_order_that_comes_back_takes_the_organisers_reward_back(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = group(&town, promised()).await;
    let redeemed = orders(&town, &offer, &["ben", "cleo"]).await;
    let back = json!({"reversal_id": "r-1", "reason": "returned"});
    town.shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed[0]["id"])), back).await.created();
    assert_eq!(of_anna(&town).await[0]["status"], "voided");
    assert_eq!(state(&town, &offer).await["organiser_rewarded"], false);
    // Another one makes it whole again, and it is given anew.
    orders(&town, &offer, &["dora"]).await;
    let rewards = of_anna(&town).await;
    assert_eq!(rewards.iter().map(|reward| text(&reward["status"])).collect::<Vec<_>>(), ["issued", "voided"]);
    town.shop.books_balance().await;
}

/// A card of which something was spent is taken back with what is left; the rest is forgiven.
async fn what_the_organiser_spent_is_forgiven(shop: TestShop) {
    let town = Town::new(shop).await;
    let card = json!({"kind": "gift_card", "amount": 1500});
    let offer = group(&town, json!({"group": {"places": 3, "orders": 2, "organiser_reward": card}})).await;
    let redeemed = orders(&town, &offer, &["ben", "cleo"]).await;
    let reward = of_anna(&town).await[0].clone();
    let code = code_of(&town.shop, &reward).await;
    let cart = json!({"codes": [{"code": code, "amount": 100}], "customer": "anna", "order_id": "a-1", "amount": 5000, "currency": "EUR"});
    town.shop.post("/v1/redemptions", cart).await.created();
    let back = json!({"reversal_id": "r-1", "reason": "returned"});
    town.shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed[0]["id"])), back).await.created();
    let after = of_anna(&town).await[0].clone();
    assert_eq!(
        (&after["status"], &after["amount"], &after["forgiven_amount"]),
        (&json!("spent"), &json!(100), &json!(100))
    );
    town.shop.books_balance().await;
}

async fn the_organiser_sees_the_group_fill(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = group(&town, json!({})).await;
    let place = format!("/v1/me/offers/{}/groups/{}", text(&offer["id"]), text(&town.private["id"]));
    let anna = town.shop.browser("anna").await;
    assert_eq!(anna.get(&place).await.ok()["remaining"], 3);
    town.claim(&offer, "ben", &town.private).await.created();
    assert_eq!(anna.get(&place).await.ok()["remaining"], 2);
    let ben = town.shop.browser("ben").await;
    ben.get(&place).await.refused(404, "not_found");
    let personal = town.offer(json!({})).await;
    let none = format!("{}/groups/{}", path("/v1/offers", &personal["id"]), text(&town.private["id"]));
    town.shop.get(&none).await.refused(404, "not_found");
}
