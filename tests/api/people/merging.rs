//! Customers who turn out to be one: by hand, and when a guest's address is given an `external_id`.

use std::future::IntoFuture;

use futures_util::future::join_all;

use crate::support::*;

on_both!(
    a_guest_becomes_the_customer_whom_his_address_names,
    what_a_guest_had_is_the_customers,
    merging_by_hand_is_written_down_and_repeatable,
    merging_moves_what_is_pending_and_what_returns,
    who_was_merged_is_found_as_the_other,
    what_cannot_be_merged_is_refused,
    a_shared_phone_merges_nobody,
    an_order_that_brings_several_people_together_is_recorded,
    accounts_made_at_the_same_time_are_one_person,
    one_who_was_two_friends_has_the_advocate_who_came_first,
    many_rewards_for_one_who_was_many_are_earned,
);

fn order(order: &str, email: &str) -> Value {
    json!({"order_id": order, "amount": 4990, "currency": "EUR", "paid": true, "customer_details": {"email": email}})
}

async fn credit(shop: &TestShop, customer: &Value, amount: i64) -> Value {
    let reward = json!({"kind": "store_credit", "amount": amount});
    let mut grant = json!({"reward": reward, "reason": "late parcel", "notify": false});
    grant[if customer.is_string() { "customer" } else { "customer_details" }] = customer.clone();
    shop.post("/v1/grants", grant).await.created()
}

async fn balance(shop: &TestShop, customer: &str) -> i64 {
    let balance = shop.get(&format!("/v1/customers/{customer}/balance")).await.ok();
    balance["balance"].as_i64().expect("a balance")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

async fn a_guest_becomes_the_customer_whom_his_address_names(shop: TestShop) {
    let ordered = shop.post("/v1/conversions", order("A-1", "gerd@mail.example")).await.created();
    let told = json!({"email": "Gerd@MAIL.example", "first_name": "Gerd"});
    shop.put("/v1/customers/gerd", told).await.created();
    let told = shop.get(&path("/v1/customers", &ordered["customer_id"])).await.ok();
    assert_eq!(told["merged_into"], Value::Null, "what is told is not vouched for");
    let gerd = shop.put("/v1/customers/gerd", json!({"email_verified": true})).await.ok();
    let guest = shop.get(&path("/v1/customers", &ordered["customer_id"])).await.ok();
    assert_eq!(guest["merged_into"], gerd["id"]);
    let events = shop.get("/v1/events?limit=200").await.ok();
    let merged: Vec<_> =
        elements(&events["data"]).into_iter().filter(|event| event["type"] == "customer.merged").collect();
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0]["data"]["customer"], "gerd");
    assert_eq!(merged[0]["data"]["merged_id"], guest["id"]);
    let conversions = shop.list("/v1/conversions?customer=gerd").await;
    assert_eq!(conversions.len(), 1, "what the guest ordered, he ordered");
    let again = shop.post("/v1/conversions", order("A-2", "gerd@mail.example")).await.created();
    assert_eq!(again["customer"], "gerd");
    shop.post("/v1/conversions", order("A-1", "gerd@mail.example")).await.ok();
}

async fn what_a_guest_had_is_the_customers(shop: TestShop) {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let mut ordered = order("A-1", "gerd@mail.example");
    ordered["evidence"] = json!({"token": share["token"]});
    shop.post("/v1/conversions", ordered).await.created();
    credit(&shop, &json!({"email": "gerd@mail.example"}), 700).await;
    let shared =
        json!({"program": program["id"], "channel": "sms", "customer_details": {"email": "gerd@mail.example"}});
    let shared = shop.post("/v1/shares", shared).await.created();
    shop.put("/v1/customers/gerd", json!({"email": "gerd@mail.example", "email_verified": true})).await.created();
    assert_eq!(balance(&shop, "gerd").await, 700);
    let entries = shop.list("/v1/customers/gerd/entries").await;
    assert!(entries.iter().any(|entry| entry["kind"] == "moved" && entry["amount"] == 700), "{entries:?}");
    let vouchers = shop.list("/v1/customers/gerd/vouchers").await;
    assert_eq!(vouchers.len(), 1);
    assert_eq!(shop.list("/v1/customers/gerd/rewards").await.len(), 2);
    assert_eq!(shop.list("/v1/customers/gerd/shares").await[0]["id"], shared["id"]);
    assert_eq!(shop.list("/v1/vouchers?customer=gerd").await.len(), 1);
    let cart = json!({"codes": [vouchers[0]["code"]], "store_credit": 700, "order_id": "A-2", "amount": 4990,
                      "currency": "EUR", "customer": "gerd"});
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    assert_eq!((&redeemed["discount"], &redeemed["payment"]), (&json!(500), &json!(700)));
    let friend = json!({"order_id": "B-1", "amount": 4990, "currency": "EUR", "customer_details": {"email": "flo@mail.example"},
                        "evidence": {"token": shared["token"]}});
    let friend = shop.post("/v1/conversions", friend).await.created();
    assert_eq!(friend["attribution"]["advocate"], "gerd", "who shared as a guest is paid as a customer");
    shop.books_balance().await;
}

async fn merging_by_hand_is_written_down_and_repeatable(shop: TestShop) {
    let told = json!({"email": "old@mail.example", "consents": [{"kind": "marketing_mail", "given": true}]});
    shop.put("/v1/customers/old", told).await.created();
    shop.put("/v1/customers/new", json!({"phone": "+49 170 1"})).await.created();
    credit(&shop, &json!("old"), 500).await;
    credit(&shop, &json!("new"), 200).await;
    let support = shop.operator("support").await;
    let merge = json!({"from": "old", "reason": "two accounts of one person"});
    let merged = support.post("/v1/customers/new/merge", merge.clone()).await.ok();
    assert_eq!((&merged["external_id"], &merged["email"]), (&json!("new"), &json!("old@mail.example")));
    assert_eq!(elements(&merged["consents"]).len(), 1);
    assert_eq!((balance(&shop, "new").await, balance(&shop, "old").await), (700, 700));
    shop.post("/v1/customers/new/merge", merge).await.ok();
    assert_eq!(balance(&shop, "new").await, 700);
    let audit = shop.list("/v1/audit_log?action=merge_customers").await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["reason"], "two accounts of one person");
    let viewer = shop.operator("viewer").await;
    viewer.post("/v1/customers/new/merge", json!({"from": "old", "reason": "r"})).await.refused(403, "forbidden");
    shop.books_balance().await;
}

async fn merging_moves_what_is_pending_and_what_returns(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 1000},
                         {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}]);
    let program = shop.program(json!({"pending_days": 14, "rewards": rewards})).await;
    let share = shop.share(&program, "old").await;
    credit(&shop, &json!("old"), 300).await;
    let cart = json!({"store_credit": 300, "order_id": "C-1", "amount": 4990, "currency": "EUR", "customer": "old"});
    let spent = shop.post("/v1/redemptions", cart).await.created();
    let friend = json!({"order_id": "B-1", "amount": 4990, "currency": "EUR", "paid": true,
                        "customer_details": {"phone": "+49 170 5500"}, "evidence": {"token": share["token"]}});
    let friend = shop.post("/v1/conversions", friend).await.created();
    shop.put("/v1/customers/new", json!({})).await.created();
    shop.post("/v1/customers/new/merge", json!({"from": "old", "reason": "one person"})).await.ok();
    shop.advance(15).await;
    assert_eq!(balance(&shop, "new").await, 1000, "what was pending is issued to the one who stays");
    let reversal = json!({"reversal_id": "R-1", "reason": "payment failed"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &spent["id"])), reversal).await.created();
    assert_eq!(balance(&shop, "new").await, 1300, "what he paid with returns to the one who stays");
    let waiting = shop.list("/v1/messages?status=no_address").await;
    assert_eq!(waiting.len(), 1, "the friend has no address yet");
    shop.put("/v1/customers/flo", json!({"phone": "0049 170 5500", "phone_verified": true})).await.created();
    assert_eq!(shop.list("/v1/messages?status=no_address&customer=flo").await.len(), 1);
    shop.put("/v1/customers/flo", json!({"email": "flo@mail.example"})).await.ok();
    assert!(shop.list("/v1/messages?status=no_address").await.is_empty());
    let rewards = shop.list("/v1/rewards?customer=flo").await;
    assert_eq!((rewards.len(), &rewards[0]["customer_id"]), (1, &friend["customer_id"]));
    let reward = shop.list("/v1/rewards?customer=new&status=issued").await;
    let void =
        format!("{}/void", path("/v1/rewards", &reward.iter().find(|r| r["on"] == "conversion").expect("one")["id"]));
    shop.post(&void, json!({"reason": "sent back"})).await.ok();
    assert_eq!(balance(&shop, "new").await, 300);
    shop.books_balance().await;
}

async fn who_was_merged_is_found_as_the_other(shop: TestShop) {
    shop.put("/v1/customers/old", json!({"email": "old@mail.example", "email_verified": true})).await.created();
    shop.put("/v1/customers/new", json!({"email": "new@mail.example"})).await.created();
    shop.put("/v1/customers/newest", json!({})).await.created();
    let voucher =
        json!({"kind": "amount_off", "amount": 500, "customer": "old", "max_redemptions": null, "per_customer": 1});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    shop.post("/v1/customers/new/merge", json!({"from": "old", "reason": "one person"})).await.ok();
    shop.post("/v1/customers/newest/merge", json!({"from": "new", "reason": "one person"})).await.ok();
    let by_name = json!({"order_id": "A-1", "amount": 100, "currency": "EUR", "customer": "old"});
    assert_eq!(shop.post("/v1/conversions", by_name).await.created()["customer"], "newest");
    assert_eq!(shop.post("/v1/conversions", order("A-2", "OLD@mail.example")).await.created()["customer"], "newest");
    let cart = |number: &str, customer: &str| json!({"codes": [voucher["code"]], "order_id": number, "amount": 4990, "currency": "EUR", "customer": customer});
    shop.post("/v1/redemptions", cart("A-3", "newest")).await.created();
    shop.post("/v1/redemptions", cart("A-4", "old")).await.refused(409, "limit_reached");
    shop.put("/v1/customers/old", json!({"name": "Old"})).await.refused(409, "illegal_transition");
    let old = shop.get("/v1/customers/old").await.ok();
    assert_eq!(old["merged_into"], shop.get("/v1/customers/newest").await.ok()["id"]);
    assert_eq!(shop.list("/v1/customers/newest/vouchers").await.len(), 1);
    assert_eq!(shop.list("/v1/customers/old/vouchers").await.len(), 1);
}

async fn what_cannot_be_merged_is_refused(shop: TestShop) {
    for name in ["a", "b", "c"] {
        shop.put(&format!("/v1/customers/{name}"), json!({})).await.created();
    }
    let into = |into: &str, from: &str| {
        shop.post(&format!("/v1/customers/{into}/merge"), json!({"from": from, "reason": "r"}))
    };
    into("a", "a").await.refused(422, "invalid_field");
    into("a", "nobody").await.refused(422, "customer_unknown");
    into("nobody", "a").await.refused(404, "not_found");
    into("a", "b").await.ok();
    into("c", "b").await.refused(409, "illegal_transition");
    into("b", "c").await.refused(409, "illegal_transition");
    into("b", "a").await.refused(409, "illegal_transition");
    shop.post("/v1/customers/a/merge", json!({"from": "c"})).await.refused(422, "invalid_field");
    let other = shop.another().await;
    other.put("/v1/customers/stranger", json!({})).await.created();
    into("a", "stranger").await.refused(422, "customer_unknown");
}

async fn a_shared_phone_merges_nobody(shop: TestShop) {
    let guest = json!({"order_id": "A-1", "amount": 100, "currency": "EUR",
                       "customer_details": {"email": "gina@mail.example", "phone": "+49 30 1"}});
    let guest = shop.post("/v1/conversions", guest).await.created();
    shop.put("/v1/customers/gerd", json!({"email": "gerd@mail.example", "phone": "+49 30 1"})).await.created();
    let gina = shop.get(&path("/v1/customers", &guest["customer_id"])).await.ok();
    assert_eq!(gina["merged_into"], Value::Null);
    let by_phone =
        json!({"order_id": "A-2", "amount": 100, "currency": "EUR", "customer_details": {"phone": "+49 30 1"}});
    let by_phone = shop.post("/v1/conversions", by_phone).await.created();
    assert_eq!(by_phone["customer"], Value::Null, "nobody vouches that the number is Gerd's");
    shop.put("/v1/customers/gerd", json!({"phone_verified": true})).await.ok();
    let told = json!({"order_id": "A-3", "amount": 100, "currency": "EUR",
                      "customer_details": {"email": "gina@mail.example", "phone": "+49 30 1"}});
    shop.post("/v1/conversions", told).await.created();
    let again = json!({"order_id": "A-4", "amount": 100, "currency": "EUR", "customer_details": {"phone": "+49 30 1"}});
    assert_eq!(shop.post("/v1/conversions", again).await.created()["customer"], "gerd");
}

/// The worst that an order can ask for: its guest is two who were never seen together, each of them
/// united with others before, and its advocate was merged into somebody else.
async fn an_order_that_brings_several_people_together_is_recorded(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 1000, "max_per_customer": 5,
                          "max_per_customer_per_month": 5},
                         {"to": "friend", "on": "conversion", "kind": "gift_card", "amount": 500, "max_per_customer": 1}]);
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards, "budget": {"amount": 100_000}})).await;
    let share = shop.share(&program, "anna").await;
    shop.customer("ann").await;
    shop.post("/v1/customers/ann/merge", json!({"from": "anna", "reason": "one person"})).await.ok();
    let people = [("x", "x@mail.example", "+49 170 1111111"), ("y", "y@mail.example", "+49 170 2222222")];
    for (name, email, phone) in people {
        shop.put(&format!("/v1/customers/{name}"), json!({})).await.created();
        shop.put(&format!("/v1/customers/{name}"), json!({"email": email, "email_verified": true})).await.ok();
        let guest = json!({"reward": {"kind": "store_credit", "amount": 100}, "reason": "late parcel",
                           "customer_details": {"phone": phone}});
        shop.post("/v1/grants", guest).await.created();
    }
    let [(_, x, first), (_, y, second)] = people;
    for (email, phone) in [(x, first), (y, second), (x, second)] {
        let details = json!({"email": email, "phone": phone});
        let order = json!({"order_id": format!("{email}{phone}"), "amount": 4990, "currency": "EUR", "paid": true,
                           "customer_details": details, "evidence": {"token": share["token"]}});
        let recorded = shop.post("/v1/conversions", order).await.created();
        assert_eq!(recorded["attribution"]["advocate"], "ann");
    }
    assert_eq!(balance(&shop, "anna").await, 2000, "two friends, for they were two when they ordered");
    assert_eq!((balance(&shop, "x").await, balance(&shop, "y").await), (0, 0), "a number that was typed gives nothing");
    for (name, _, phone) in people {
        shop.put(&format!("/v1/customers/{name}"), json!({"phone": phone, "phone_verified": true})).await.ok();
    }
    assert_eq!((balance(&shop, "x").await, balance(&shop, "y").await), (100, 100), "each has the credit of his guest");
    let found = shop.post("/v1/customers/lookup", json!({"phone": second})).without("idempotency-key").await.ok();
    assert_eq!(elements(&found["customers"]).len(), 1, "two accounts are two people: {found}");
    shop.books_balance().await;
}

async fn accounts_made_at_the_same_time_are_one_person(shop: TestShop) {
    let voucher = json!({"kind": "amount_off", "amount": 500, "max_redemptions": null, "per_customer": 1});
    let voucher = shop.post("/v1/vouchers", voucher).await.created();
    let asks = shop.everywhere().take(60).enumerate().map(|(number, client)| match number % 3 {
        0 => client.put(&format!("/v1/customers/c-{number}"), json!({"email": "Otto@mail.example"})).into_future(),
        1 => client.post("/v1/conversions", order(&format!("A-{number}"), "otto@mail.example")).into_future(),
        _ => {
            let cart = json!({"codes": [voucher["code"]], "order_id": format!("A-{number}"), "amount": 4990,
                              "currency": "EUR", "customer_details": {"email": "OTTO@mail.example"}});
            client.post("/v1/redemptions", cart).into_future()
        }
    });
    let answers = join_all(asks).await;
    let taken = (0..60).filter(|number| number % 3 == 2 && answers[*number].status() == 201).count();
    assert_eq!(taken, 1);
    assert!((0..60).all(|number| number % 3 == 2 || answers[number].status() == 201));
    let found =
        shop.post("/v1/customers/lookup", json!({"email": "otto@mail.example"})).without("idempotency-key").await.ok();
    let guests = elements(&found["customers"]).iter().filter(|one| one["external_id"].is_null()).count();
    assert_eq!(guests, 1, "one guest, and who counts with him: {found}");
    shop.books_balance().await;
}

/// How many referrals and conversions a share has.
async fn counts(shop: &TestShop, share: &Value) -> [Value; 2] {
    let share = shop.get(&path("/v1/shares", &share["id"])).await.ok();
    ["referrals", "conversions"].map(|count| share["counts"][count].clone())
}

async fn one_who_was_two_friends_has_the_advocate_who_came_first(shop: TestShop) {
    for (converted, status, winner) in [(None, "open", 0), (Some(1), "converted", 1), (Some(0), "converted", 0)] {
        let program = shop.program(json!({"name": format!("{converted:?}"), "pending_days": 0})).await;
        let named = |name: &str| format!("{name}-{}-{winner}", converted.is_some());
        let advocates = [named("anna"), named("zoe")];
        let mut shares = Vec::new();
        for advocate in &advocates {
            shares.push(shop.share(&program, advocate).await);
        }
        // Whoever is known the longest came last.
        let friends = [named("late"), named("early")];
        for friend in &friends {
            shop.put(&format!("/v1/customers/{friend}"), json!({})).await.created();
        }
        for (friend, share) in friends.iter().rev().zip(&shares) {
            let referral = json!({"friend": friend, "evidence": {"token": share["token"]}});
            let referral = shop.post("/v1/referrals", referral).await.created();
            assert_eq!(referral["status"], "open");
            shop.advance(1).await;
        }
        let order = |number: u32, customer: &str| json!({"order_id": named(&number.to_string()), "customer": customer, "amount": 4990, "currency": "EUR"});
        if let Some(converted) = converted {
            let friend = &friends[1 - converted];
            shop.post("/v1/conversions", order(1, friend)).await.created();
        }
        let merge = json!({"from": friends[1], "reason": "one person"});
        shop.post(&format!("/v1/customers/{}/merge", friends[0]), merge).await.ok();
        let order = shop.post("/v1/conversions", order(2, &friends[0])).await.created();
        let attribution = &order["attribution"];
        assert_eq!(
            (&attribution["method"], &attribution["advocate"], &attribution["share"]),
            (&json!("referral"), &json!(advocates[winner]), &shares[winner]["id"]),
            "{status}"
        );
        let conversions = 1 + u32::from(converted.is_some());
        assert_eq!(counts(&shop, &shares[winner]).await, [json!(1), json!(conversions)]);
        assert_eq!(counts(&shop, &shares[1 - winner]).await, [json!(1), json!(0)]);
        let referrals = shop.list(&format!("/v1/referrals?program={}", text(&program["id"]))).await;
        let mut shown: Vec<_> = referrals.iter().map(|one| (text(&one["advocate"]), text(&one["status"]))).collect();
        shown.sort_unstable();
        let status = |place: usize| if place == winner { "converted" } else { "open" };
        assert_eq!(shown, [(&*advocates[0], status(0)), (&*advocates[1], status(1))]);
    }
    shop.books_balance().await;
}

async fn many_rewards_for_one_who_was_many_are_earned(shop: TestShop) {
    let reward = |number: usize| {
        let to = if number.is_multiple_of(2) { "advocate" } else { "friend" };
        json!({"to": to, "on": "conversion", "kind": "store_credit", "amount": 10 + number, "max_per_customer": 5,
               "max_per_customer_per_month": 5})
    };
    let rewards: Vec<_> = (0..20).map(reward).collect();
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards})).await;
    let share = shop.share(&program, "anna").await;
    for (side, others) in [("anna", ["ann", "anne"]), ("friend", ["fred", "freddy"])] {
        shop.put(&format!("/v1/customers/{side}"), json!({})).await;
        for other in others {
            shop.put(&format!("/v1/customers/{other}"), json!({})).await.created();
            let merge = json!({"from": other, "reason": "one person"});
            shop.post(&format!("/v1/customers/{side}/merge"), merge).await.ok();
        }
    }
    let order = json!({"order_id": "A-1", "customer": "friend", "amount": 4990, "currency": "EUR",
                       "evidence": {"token": share["token"]}});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!(elements(&order["rewards"]).len(), 20);
    assert_eq!((balance(&shop, "anna").await, balance(&shop, "friend").await), (190, 200));
    shop.books_balance().await;
}
