//! Whom a friend has when his advocate changes, is gone, or turns out to be himself.

use crate::support::client::Ask;
use crate::support::*;

on_both!(
    who_takes_over_with_an_order_has_the_friend_from_then_on,
    a_friend_whose_advocate_was_erased_is_recommended_anew,
    a_friend_who_is_his_own_advocate_is_recommended_anew,
    an_advocate_who_was_merged_is_credited_already,
    a_referral_that_an_order_made_goes_with_its_credit,
);

/// Anna and Zoe share; each friend may be paid for twice, and is hers for five days.
struct Town {
    shop: TestShop,
    program: Value,
    anna: Value,
    zoe: Value,
}

async fn town(shop: TestShop, changes: Value) -> Town {
    let mut fields = json!({"pending_days": 0, "attribution": {"credit_window_days": 5}, "rewards": [
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000, "max_per_friend": 2},
        {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500, "max_per_friend": 2}]});
    for (name, value) in changes.as_object().into_iter().flatten() {
        fields[name] = value.clone();
    }
    let program = shop.program(fields).await;
    let (anna, zoe) = (shop.share(&program, "anna").await, shop.share(&program, "zoe").await);
    shop.customer("friend").await;
    Town { shop, program, anna, zoe }
}

impl Town {
    fn refer(&self, share: &Value) -> Ask {
        self.shop.post("/v1/referrals", json!({"friend": "friend", "evidence": {"token": share["token"]}}))
    }

    async fn order(&self, order_id: &str, share: Option<&Value>) -> Value {
        let evidence = json!({"token": share.map(|share| &share["token"])});
        let order = json!({"order_id": order_id, "customer": "friend", "amount": 4990, "currency": "EUR", "evidence": evidence});
        self.shop.post("/v1/conversions", order).await.created()
    }

    async fn counts(&self, share: &Value) -> [Value; 2] {
        let share = self.shop.get(&path("/v1/shares", &share["id"])).await.ok();
        ["referrals", "conversions"].map(|count| share["counts"][count].clone())
    }
}

fn credited(order: &Value) -> [&Value; 2] {
    ["method", "advocate"].map(|field| &order["attribution"][field])
}

async fn who_takes_over_with_an_order_has_the_friend_from_then_on(shop: TestShop) {
    let town = town(shop, json!({})).await;
    town.refer(&town.anna).await.created();
    town.shop.advance(6).await;
    assert_eq!(credited(&town.order("A-1", Some(&town.zoe)).await), ["token", "zoe"]);
    town.shop.advance(4).await;
    let second = town.order("A-2", None).await;
    assert_eq!(credited(&second), ["referral", "zoe"], "{second}");
    assert_eq!(elements(&second["rewards"]).len(), 2);
    town.shop.advance(2).await;
    assert_eq!(town.order("A-3", None).await["attribution"]["considered"][0]["outcome"], "credit_expired");
    assert_eq!(town.counts(&town.anna).await, [0, 0]);
    assert_eq!(town.counts(&town.zoe).await, [1, 2]);
    assert_eq!(town.shop.list("/v1/referrals").await.len(), 1);
    town.shop.books_balance().await;
}

async fn a_friend_whose_advocate_was_erased_is_recommended_anew(shop: TestShop) {
    let town = town(shop, json!({})).await;
    town.refer(&town.anna).await.created();
    assert_eq!(town.refer(&town.zoe).await.ok()["advocate"], "anna", "the first stays");
    town.shop.delete("/v1/customers/anna").key(&fresh("key")).await.accepted();
    town.shop.server().settle_jobs().await;
    assert_eq!(town.refer(&town.zoe).await.ok()["advocate"], "zoe");
    assert_eq!(credited(&town.order("A-1", None).await), ["referral", "zoe"]);
    assert_eq!(town.counts(&town.zoe).await, [1, 1]);
    town.shop.books_balance().await;
}

async fn a_friend_who_is_his_own_advocate_is_recommended_anew(shop: TestShop) {
    let town = town(shop, json!({})).await;
    town.refer(&town.anna).await.created();
    let merge = json!({"from": "friend", "reason": "one person"});
    town.shop.post("/v1/customers/anna/merge", merge).await.ok();
    town.refer(&town.anna).await.refused(422, "self_referral");
    assert_eq!(town.refer(&town.zoe).await.ok()["advocate"], "zoe");
    assert_eq!(credited(&town.order("A-1", None).await), ["referral", "zoe"]);
    town.shop.books_balance().await;
}

async fn an_advocate_who_was_merged_is_credited_already(shop: TestShop) {
    let town = town(shop, json!({"pending_days": 30})).await;
    let order = town.order("A-1", Some(&town.anna)).await;
    let hers = elements(&order["rewards"]).into_iter().find(|reward| reward["to"] == "advocate").expect("hers");
    town.shop.customer("ann").await;
    town.shop.post("/v1/customers/ann/merge", json!({"from": "anna", "reason": "one person"})).await.ok();
    let by = json!({"advocate": "ann", "program": town.program["id"], "reason": "it was she"});
    let again = town.shop.post("/v1/conversions/A-1/attribute", by).await.ok();
    assert_eq!(elements(&again["rewards"]).len(), 2, "{again}");
    assert_eq!(town.shop.get(&path("/v1/rewards", &hers["id"])).await.ok()["status"], "pending");
    assert_eq!(again["attribution"]["method"], "token");
    town.shop.books_balance().await;
}

async fn a_referral_that_an_order_made_goes_with_its_credit(shop: TestShop) {
    let town = town(shop, json!({"qualifying": {"new_customers_only": false}})).await;
    let shop = &town.shop;
    let other = shop.program(json!({"name": "Other", "pending_days": 0})).await;
    town.order("A-1", Some(&town.anna)).await;
    let by = json!({"advocate": "zoe", "program": other["id"], "reason": "she showed the chat"});
    shop.post("/v1/conversions/A-1/attribute", by).await.ok();
    let second = town.order("A-2", None).await;
    assert_eq!(credited(&second), ["referral", "zoe"], "nothing else speaks for Anna: {second}");
    assert_eq!(town.counts(&town.anna).await, [0, 0]);
    assert_eq!(shop.list("/v1/referrals?status=rejected").await[0]["advocate"], "anna");
    // A referral that was there before stays hers.
    shop.customer("carl").await;
    let carl = json!({"friend": "carl", "evidence": {"token": town.anna["token"]}});
    shop.post("/v1/referrals", carl).await.created();
    let order = json!({"order_id": "B-1", "customer": "carl", "amount": 4990, "currency": "EUR"});
    assert_eq!(credited(&shop.post("/v1/conversions", order).await.created()), ["referral", "anna"]);
    let by = json!({"advocate": "zoe", "program": other["id"], "reason": "she showed the chat"});
    shop.post("/v1/conversions/B-1/attribute", by).await.ok();
    assert_eq!(town.counts(&town.anna).await, [1, 0]);
    let open = shop.list("/v1/referrals?status=open").await;
    assert_eq!((open.len(), &open[0]["friend"]), (1, &json!("carl")));
    shop.books_balance().await;
}
