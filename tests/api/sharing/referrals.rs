//! Referrals: who recommended a friend, noted at sign-up and checked before.

use crate::support::*;

on_both!(
    a_friend_who_came_by_a_link_has_his_advocate,
    a_code_makes_a_referral_too,
    the_first_advocate_stays,
    the_last_advocate_wins_until_the_first_conversion,
    a_check_shows_what_the_friend_gets_and_changes_nothing,
    evidence_that_is_no_good_is_refused_with_its_reason,
    nobody_refers_himself,
    a_friend_who_bought_before_is_not_new,
    rewards_for_the_referral_are_issued_at_once,
    a_reward_that_the_budget_has_no_room_for_is_refused_aloud,
    a_referral_is_over_when_its_time_is,
    referrals_are_listed,
);

struct Town {
    shop: TestShop,
    program: Value,
    share: Value,
}

/// Anna shares; Bert and the friend are known.
async fn town(shop: TestShop, program: Value) -> Town {
    let program = shop.program(program).await;
    shop.put("/v1/customers/anna", json!({"first_name": "Anna", "email": "anna@mail.example"})).await.created();
    let share = json!({"program": program["id"], "customer": "anna", "channel": "whatsapp"});
    let share = shop.post("/v1/shares", share).await.created();
    for customer in ["bert", "friend"] {
        shop.customer(customer).await;
    }
    Town { shop, program, share }
}

impl Town {
    async fn code(&self, customer: &str) -> String {
        let codes = format!("{}/codes", path("/v1/programs", &self.program["id"]));
        let code = self.shop.post(&codes, json!({"customer": customer})).await.created();
        code["code"].as_str().expect("a code").to_owned()
    }

    fn by_token(&self) -> Value {
        json!({"friend": "friend", "evidence": {"token": self.share["token"]}})
    }
}

async fn a_friend_who_came_by_a_link_has_his_advocate(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let referral = town.shop.post("/v1/referrals", town.by_token()).await.created();
    assert_eq!((&referral["advocate"], &referral["status"]), (&json!("anna"), &json!("open")));
    assert_eq!((&referral["share"], &referral["channel"]), (&town.share["id"], &json!("whatsapp")));
    let again = town.shop.post("/v1/referrals", town.by_token()).await.ok();
    assert_eq!(again, referral);
    assert_eq!(town.shop.get(&path("/v1/referrals", &referral["id"])).await.ok(), referral);
    let share = town.shop.get(&path("/v1/shares", &town.share["id"])).await.ok();
    assert_eq!(share["counts"]["referrals"], 1);
    let order = json!({"order_id": "1", "customer": "friend", "amount": 5000, "currency": "EUR"});
    let order = town.shop.post("/v1/conversions", order).await.created();
    assert_eq!(
        (&order["attribution"]["method"], &order["attribution"]["advocate"]),
        (&json!("referral"), &json!("anna"))
    );
    let converted = town.shop.get(&path("/v1/referrals", &referral["id"])).await.ok();
    assert_eq!(converted["status"], "converted");
}

async fn a_code_makes_a_referral_too(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let code = town.code("anna").await.to_lowercase().replace('-', " ");
    let referral = json!({"friend": "friend", "evidence": {"code": code, "token": ""}});
    let referral = town.shop.post("/v1/referrals", referral).await.created();
    assert_eq!((&referral["method"], &referral["share"]), (&json!("code"), &json!(null)));
}

async fn the_first_advocate_stays(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let first = town.shop.post("/v1/referrals", town.by_token()).await.created();
    let other = json!({"friend": "friend", "evidence": {"code": town.code("bert").await}});
    assert_eq!(town.shop.post("/v1/referrals", other).await.ok(), first);
}

async fn the_last_advocate_wins_until_the_first_conversion(shop: TestShop) {
    let last = json!({"attribution": {"window_days": 90, "credit_window_days": 90, "model": "last"}});
    let town = town(shop, last).await;
    let first = town.shop.post("/v1/referrals", town.by_token()).await.created();
    let by_bert = json!({"friend": "friend", "evidence": {"code": town.code("bert").await}});
    let second = town.shop.post("/v1/referrals", by_bert.clone()).await.ok();
    assert_eq!((&second["id"], &second["advocate"]), (&first["id"], &json!("bert")));
    let share = town.shop.get(&path("/v1/shares", &town.share["id"])).await.ok();
    assert_eq!(share["counts"]["referrals"], 0);
    let order = json!({"order_id": "1", "customer": "friend", "amount": 5000, "currency": "EUR"});
    town.shop.post("/v1/conversions", order).await.created();
    let kept = town.shop.post("/v1/referrals", town.by_token()).await.ok();
    assert_eq!((&kept["advocate"], &kept["status"]), (&json!("bert"), &json!("converted")));
}

async fn a_check_shows_what_the_friend_gets_and_changes_nothing(shop: TestShop) {
    let town = town(shop, json!({"content": {"de": {"title": "Kaffee für Freunde"}}})).await;
    for ask in [json!({"evidence": {"token": town.share["token"]}}), town.by_token()] {
        let check = town.shop.post("/v1/referrals/check", ask).await.ok();
        assert_eq!((&check["valid"], &check["program"]), (&json!(true), &town.program["id"]));
        assert_eq!((&check["advocate_name"], &check["reasons"]), (&json!("Anna"), &json!([])));
        assert_eq!(check["friend_rewards"][0]["amount"], 500);
        assert_eq!(check["content"]["title"], "Kaffee für Freunde");
    }
    assert!(town.shop.list("/v1/referrals").await.is_empty());
    let check = json!({"evidence": {"code": "NOBODY-1"}});
    let check = town.shop.post("/v1/referrals/check", check).await.ok();
    assert_eq!((&check["valid"], &check["reasons"]), (&json!(false), &json!(["unknown"])));
    let check = json!({"friend": "cus_00000000000000000000000000", "evidence": {"code": "NOBODY-1"}});
    town.shop.post("/v1/referrals/check", check).await.refused(422, "customer_unknown");
}

async fn evidence_that_is_no_good_is_refused_with_its_reason(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let other = town.shop.program(json!({"name": "Other"})).await;
    let nobody = town.shop.post("/v1/shares", json!({"program": other["id"], "channel": "sms"})).await.created();
    let token = &town.share["token"];
    let table = [
        (json!({"friend": "friend", "evidence": {"code": "NOBODY-1"}}), 422, "code_unknown"),
        (json!({"friend": "friend", "evidence": {"token": "00000000000"}}), 422, "share_unknown"),
        (json!({"friend": "friend", "evidence": {"token": nobody["token"]}}), 422, "share_unknown"),
        (json!({"friend": "friend", "evidence": {"token": token}, "program": "other"}), 422, "share_unknown"),
        (json!({"friend": "friend", "evidence": {"token": token}, "program": "nothing"}), 422, "program_unknown"),
        (json!({"friend": "cus_00000000000000000000000000", "evidence": {"token": token}}), 422, "customer_unknown"),
        (json!({"friend": "friend", "evidence": {}}), 422, "invalid_field"),
        (json!({"friend": "friend"}), 422, "invalid_field"),
        (json!({"friend_details": {"name": "X"}, "evidence": {"token": token}}), 422, "invalid_field"),
        (json!({"evidence": {"token": token}}), 422, "invalid_field"),
    ];
    for (referral, status, code) in table {
        town.shop.post("/v1/referrals", referral).await.refused(status, code);
    }
    town.shop.post(&format!("{}/pause", path("/v1/programs", &town.program["id"])), json!({})).await.ok();
    town.shop.post("/v1/referrals", town.by_token()).await.refused(409, "program_not_active");
    assert!(town.shop.list("/v1/referrals").await.is_empty());
}

async fn nobody_refers_himself(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let token = json!({"token": town.share["token"]});
    town.shop.post("/v1/referrals", json!({"friend": "anna", "evidence": token})).await.refused(422, "self_referral");
    town.shop.put("/v1/customers/second-account", json!({"email": "ANNA@mail.example"})).await.created();
    let second = json!({"friend": "second-account", "evidence": token});
    town.shop.post("/v1/referrals", second.clone()).await.refused(422, "self_referral");
    let check = town.shop.post("/v1/referrals/check", second).await.ok();
    assert_eq!((&check["valid"], &check["reasons"]), (&json!(false), &json!(["self_referral"])));
}

async fn a_friend_who_bought_before_is_not_new(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let order = json!({"order_id": "1", "customer": "friend", "amount": 5000, "currency": "EUR"});
    town.shop.post("/v1/conversions", order).await.created();
    town.shop.post("/v1/referrals", town.by_token()).await.refused(422, "not_eligible");
    let check = town.shop.post("/v1/referrals/check", town.by_token()).await.ok();
    assert_eq!(check["reasons"], json!(["not_new"]));
}

async fn rewards_for_the_referral_are_issued_at_once(shop: TestShop) {
    let rewards = json!([{"to": "friend", "on": "referral", "kind": "amount_off", "amount": 500},
                         {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}]);
    let town = town(shop, json!({"rewards": rewards})).await;
    let referral = town.shop.post("/v1/referrals", town.by_token()).await.created();
    let earned = elements(&referral["rewards"]);
    assert_eq!(earned.len(), 1);
    assert_eq!((&earned[0]["customer"], &earned[0]["status"]), (&json!("friend"), &json!("issued")));
    assert_eq!(town.shop.post("/v1/referrals", town.by_token()).await.ok()["rewards"][0]["id"], earned[0]["id"]);
    assert_eq!(town.shop.list("/v1/customers/friend/vouchers").await.len(), 1);
    town.shop.books_balance().await;
}

async fn a_reward_that_the_budget_has_no_room_for_is_refused_aloud(shop: TestShop) {
    let rewards = json!([{"to": "friend", "on": "referral", "kind": "amount_off", "amount": 500},
                         {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}]);
    let town = town(shop, json!({"name": "Weitersagen", "rewards": rewards, "budget": {"amount": 499}})).await;
    let refused = json!([{"to": "friend", "reason": "budget_exhausted"}]);
    let promise = |ask: Value| town.shop.post("/v1/referrals/check", ask);
    for ask in [json!({"evidence": {"token": town.share["token"]}}), town.by_token()] {
        let check = promise(ask).await.ok();
        assert_eq!((&check["valid"], &check["refused_rewards"]), (&json!(true), &refused));
        assert_eq!(check["friend_rewards"], json!([]));
    }
    let referral = town.shop.post("/v1/referrals", town.by_token()).await.created();
    assert_eq!((&referral["rewards"], &referral["refused_rewards"]), (&json!([]), &refused));
    assert_eq!(town.shop.get(&path("/v1/referrals", &referral["id"])).await.ok(), referral);
    let check = promise(town.by_token()).await.ok();
    assert_eq!((&check["friend_rewards"], &check["refused_rewards"]), (&json!([]), &refused));
    let told = |customer: &str| town.shop.get(&format!("/v1/customers/{customer}/timeline?locale=en"));
    let refusal = "No reward for the recommendation (Weitersagen): the budget of the program is exhausted.";
    assert!(told("friend").await.text().contains(refusal));
    assert!(!told("anna").await.text().contains(refusal), "it was not hers");
}

async fn a_referral_is_over_when_its_time_is(shop: TestShop) {
    let short = json!({"attribution": {"window_days": 90, "credit_window_days": 5, "model": "first"}});
    let town = town(shop, short).await;
    let referral = town.shop.post("/v1/referrals", town.by_token()).await.created();
    town.shop.advance(6).await;
    let over = town.shop.get(&path("/v1/referrals", &referral["id"])).await.ok();
    assert_eq!(over["status"], "expired");
    let order = json!({"order_id": "1", "customer": "friend", "amount": 5000, "currency": "EUR"});
    let order = town.shop.post("/v1/conversions", order).await.created();
    assert_eq!(order["attribution"]["method"], "none");
    assert_eq!(order["attribution"]["considered"][0]["outcome"], "credit_expired");
    let bert = json!({"friend": "bert", "evidence": {"token": town.share["token"]}});
    town.shop.post("/v1/referrals", bert.clone()).await.created();
    town.shop.advance(6).await;
    let anew = town.shop.post("/v1/referrals", bert).await.ok();
    assert_eq!(anew["status"], "open");
}

async fn referrals_are_listed(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let referral = town.shop.post("/v1/referrals", town.by_token()).await.created();
    for query in ["", "?program=weitersagen", "?external_id=friend", "?advocate=anna", "?status=open"] {
        assert_eq!(town.shop.list(&format!("/v1/referrals{query}")).await, std::slice::from_ref(&referral), "{query}");
    }
    for query in ["?program=nothing", "?external_id=bert", "?advocate=bert", "?status=expired"] {
        assert!(town.shop.list(&format!("/v1/referrals{query}")).await.is_empty(), "{query}");
    }
    let other = town.shop.another().await;
    assert!(other.list("/v1/referrals").await.is_empty());
    other.get(&path("/v1/referrals", &referral["id"])).await.refused(404, "not_found");
}
