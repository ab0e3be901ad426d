//! What operators do to rewards.

use serde_json::json;

use crate::support::*;

on_both!(
    a_pending_reward_is_issued_before_its_time,
    nobody_issues_what_nobody_may_approve,
    a_pending_reward_that_is_voided_returns_to_its_budget,
    an_issued_reward_is_voided_with_its_voucher,
    credit_is_taken_back,
    what_was_spent_is_not_taken_back,
    each_step_is_told_and_written_down,
    rewards_are_found_by_what_they_are,
    rewards_of_another_shop_are_not_there,
    a_limit_that_came_later_counts_what_came_later,
    a_lapsed_reward_of_an_order_that_fell_takes_no_place,
    each_kind_is_voided_while_it_waits_and_when_it_is_issued,
);

/// Ann recommends, Bob orders: two rewards of 10.00 and 5.00 wait for 30 days.
async fn ordered(shop: &TestShop) -> (Value, Value) {
    let program = shop.program(json!({"budget": {"amount": 10_000}})).await;
    shop.customer("ann").await;
    shop.customer("bob").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    let order =
        json!({"order_id": "A/1", "customer": "bob", "amount": 4990, "currency": "EUR", "evidence": {"code": code}});
    (program, shop.post("/v1/conversions", order).await.created())
}

async fn used(shop: &TestShop, program: &Value) -> i64 {
    let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
    program["budget"]["used"].as_i64().expect("an amount")
}

fn of_ann(conversion: &Value) -> String {
    let rewards = elements(&conversion["rewards"]);
    let own = rewards.iter().find(|reward| reward["to"] == "advocate").expect("ann has earned something");
    path("/v1/rewards", &own["id"])
}

async fn a_pending_reward_is_issued_before_its_time(shop: TestShop) {
    let (program, conversion) = ordered(&shop).await;
    let place = of_ann(&conversion);
    assert_eq!(shop.get(&place).await.ok()["status"], "pending");
    let approve = format!("{place}/approve");
    let because = json!({"reason": "she asked"});
    shop.operator("viewer").await.post(&approve, because.clone()).await.refused(403, "forbidden");
    shop.post(&approve, because.clone()).without("idempotency-key").await.refused(400, "idempotency_key_required");
    let issued = shop.operator("manager").await.post(&approve, because.clone()).await.ok();
    assert_eq!(issued["status"], "issued");
    assert_eq!(issued["history"][1]["who"]["name"], "manager");
    assert!(issued["voucher"].is_string() && issued["message"].is_string());
    assert_eq!(shop.post(&approve, because).await.ok(), issued, "once");
    assert_eq!(shop.list("/v1/vouchers?customer=ann").await.len(), 1);
    assert_eq!(used(&shop, &program).await, 1500);
}

/// Who may approve no order may issue nothing of it, and what cannot be approved is not issued.
async fn nobody_issues_what_nobody_may_approve(shop: TestShop) {
    let program = shop
        .program(json!({"rewards": [{"to": "advocate", "on": "conversion", "kind": "gift_card", "amount": 700}]}))
        .await;
    let share = shop.share(&program, "ann").await;
    let (support, manager) = (shop.operator("support").await, shop.operator("manager").await);
    let because = json!({"reason": "she asked"});
    for (number, paid) in [(1, false), (2, true)] {
        let order = json!({"order_id": number.to_string(), "customer_details": {"email": format!("ben{number}@mail.example")},
                           "amount": 4990, "currency": "EUR", "paid": paid, "evidence": {"token": share["token"]}});
        let order = shop.post("/v1/conversions", order).await.created();
        let reward = path("/v1/rewards", &order["rewards"][0]["id"]);
        let [approve, void] = ["approve", "void"].map(|verb| format!("{reward}/{verb}"));
        support.post(&approve, because.clone()).await.refused(403, "forbidden");
        support.post(&void, because.clone()).await.refused(403, "forbidden");
        let order = format!("/v1/conversions/{number}");
        support.post(&format!("{order}/approve"), because.clone()).await.refused(403, "forbidden");
        support.post(&format!("{order}/clear"), because.clone()).await.refused(403, "forbidden");
        let advocate = json!({"advocate": "ann", "program": program["id"], "reason": "hers"});
        support.post(&format!("{order}/attribute"), advocate).await.refused(403, "forbidden");
        let narrow = shop.key(&["rewards:write"]).await;
        narrow.post(&approve, because.clone()).await.refused(403, "forbidden");
        for actor in [&manager, &shop.key(&["conversions:write"]).await] {
            let refused = actor.post(&approve, json!({})).await.refused(422, "invalid_field");
            assert_eq!(refused["errors"][0]["pointer"], "/reason");
        }
        if paid {
            assert_eq!(manager.post(&approve, because.clone()).await.ok()["status"], "issued");
        } else {
            manager.post(&approve, because.clone()).await.refused(409, "illegal_transition");
            assert_eq!(shop.get(&reward).await.ok()["status"], "pending");
        }
    }
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1);
    shop.books_balance().await;
}

async fn a_pending_reward_that_is_voided_returns_to_its_budget(shop: TestShop) {
    let (program, conversion) = ordered(&shop).await;
    assert_eq!(used(&shop, &program).await, 1500);
    let place = of_ann(&conversion);
    let void = format!("{place}/void");
    shop.post(&void, json!({})).await.refused(422, "invalid_field");
    let voided = shop.post(&void, json!({"reason": "a test order"})).await.ok();
    assert_eq!((&voided["status"], &voided["history"][1]["why"]), (&json!("voided"), &json!("a test order")));
    assert_eq!(used(&shop, &program).await, 500);
    assert_eq!(shop.post(&void, json!({"reason": "again"})).await.ok(), voided, "once");
    shop.post(&format!("{place}/approve"), json!({"reason": "r"})).await.refused(409, "illegal_transition");
    assert_eq!(used(&shop, &program).await, 500);
    shop.books_balance().await;
}

async fn granted(shop: &TestShop, benefit: Value) -> Value {
    shop.customer("ann").await;
    let grant = json!({"customer": "ann", "reward": benefit, "reason": "r"});
    shop.post("/v1/grants", grant).await.created()
}

async fn an_issued_reward_is_voided_with_its_voucher(shop: TestShop) {
    let given = granted(&shop, json!({"kind": "gift_card", "amount": 1500})).await;
    let place = path("/v1/rewards", &given["reward_id"]);
    let voided = shop.post(&format!("{place}/void"), json!({"reason": "by mistake"})).await.ok();
    assert_eq!(voided["status"], "voided");
    let voucher = shop.get(&path("/v1/vouchers", &voided["voucher"])).await.ok();
    assert_eq!((&voucher["status"], &voucher["balance"]), (&json!("void"), &json!(0)));
}

async fn credit_is_taken_back(shop: TestShop) {
    let given = granted(&shop, json!({"kind": "store_credit", "amount": 1500})).await;
    let place = path("/v1/rewards", &given["reward_id"]);
    assert_eq!(shop.post(&format!("{place}/void"), json!({"reason": "by mistake"})).await.ok()["status"], "voided");
    let cart = json!({"order_id": "A-1", "customer": "ann", "store_credit": 1, "currency": "EUR", "amount": 1000});
    shop.post("/v1/redemptions", cart).await.refused(409, "balance_too_low");
    shop.books_balance().await;
}

async fn what_was_spent_is_not_taken_back(shop: TestShop) {
    let given = granted(&shop, json!({"kind": "store_credit", "amount": 1500})).await;
    let cart = json!({"order_id": "A-1", "customer": "ann", "store_credit": 1, "currency": "EUR", "amount": 1000});
    shop.post("/v1/redemptions", cart).await.created();
    let void = format!("{}/void", path("/v1/rewards", &given["reward_id"]));
    shop.post(&void, json!({"reason": "r"})).await.refused(409, "balance_too_low");
    let grant = json!({"customer": "ann", "reward": {"kind": "amount_off", "amount": 500}, "reason": "r"});
    let reward = path("/v1/rewards", &shop.post("/v1/grants", grant).await.created()["reward_id"]);
    let voucher = shop.get(&path("/v1/vouchers", &shop.get(&reward).await.ok()["voucher"])).await.ok();
    let cart =
        json!({"order_id": "A-2", "customer": "ann", "codes": [voucher["code"]], "currency": "EUR", "amount": 1000});
    shop.post("/v1/redemptions", cart).await.created();
    shop.post(&format!("{reward}/void"), json!({"reason": "r"})).await.refused(409, "illegal_transition");
    shop.books_balance().await;
}

async fn each_step_is_told_and_written_down(shop: TestShop) {
    shop.customer("ann").await;
    let manager = shop.operator("manager").await;
    let before = shop.list("/v1/audit_log").await.len();
    let grant = json!({"customer": "ann", "reward": {"kind": "gift_card", "amount": 1500}, "reason": "late parcel"});
    let given = manager.post("/v1/grants", grant).await.created();
    let void = format!("{}/void", path("/v1/rewards", &given["reward_id"]));
    manager.post(&void, json!({"reason": "by mistake"})).await.ok();
    let kinds: Vec<Value> = shop.list("/v1/events").await.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds, ["voucher.issued", "reward.issued", "grant.given", "voucher.voided", "reward.voided"]);
    let mut rows = shop.list("/v1/audit_log").await;
    rows.truncate(rows.len() - before);
    let told: Vec<_> = rows.iter().map(|row| (&row["action"], &row["reason"], &row["actor"]["name"])).collect();
    let manager = &json!("manager");
    let wanted = [
        (&json!("void_reward"), &json!("by mistake"), manager),
        (&json!("create_grant"), &json!("late parcel"), manager),
    ];
    assert!(wanted.iter().all(|row| told.contains(row)) && told.len() == 2, "{told:?}");
    shop.books_balance().await;
}

async fn rewards_are_found_by_what_they_are(shop: TestShop) {
    let (program, conversion) = ordered(&shop).await;
    let ann = shop.get("/v1/customers/ann").await.ok();
    shop.post(&format!("{}/approve", of_ann(&conversion)), json!({"reason": "r"})).await.ok();
    let slug = program["slug"].as_str().expect("a slug");
    let named = |start: &str, id: &Value| format!("/v1/rewards?{start}={}", id.as_str().expect("an id"));
    let table = [
        ("/v1/rewards".to_owned(), 2),
        ("/v1/rewards?customer=ann".to_owned(), 1),
        (named("customer", &ann["id"]), 1),
        ("/v1/rewards?external_id=bob&status=pending".to_owned(), 1),
        ("/v1/rewards?status=issued".to_owned(), 1),
        (named("program", &program["id"]), 2),
        (format!("/v1/rewards?program={slug}"), 2),
        ("/v1/rewards?program=other".to_owned(), 0),
        (named("conversion", &conversion["id"]), 2),
        ("/v1/rewards?order_id=A%2F1".to_owned(), 2),
        ("/v1/rewards?order_id=A-2".to_owned(), 0),
        ("/v1/customers/ann/rewards".to_owned(), 1),
    ];
    for (list, count) in table {
        assert_eq!(shop.list(&list).await.len(), count, "{list}");
    }
    shop.get("/v1/customers/nobody/rewards").await.refused(404, "not_found");
}

async fn rewards_of_another_shop_are_not_there(shop: TestShop) {
    let given = granted(&shop.another().await, json!({"kind": "store_credit", "amount": 5})).await;
    let foreign = path("/v1/rewards", &given["reward_id"]);
    shop.get(&foreign).await.refused(404, "not_found");
    shop.post(&format!("{foreign}/approve"), json!({"reason": "r"})).await.refused(404, "not_found");
    shop.post(&format!("{foreign}/void"), json!({"reason": "r"})).await.refused(404, "not_found");
}

/// Every kind with every limit, so that all is looked at that voiding ever looks at.
async fn each_kind_is_voided_while_it_waits_and_when_it_is_issued(shop: TestShop) {
    let limited = |kind: &str, field: &str, value: i64| json!({"to": "advocate", "on": "conversion", "kind": kind, field: value, "max_per_customer": 5, "max_per_customer_per_month": 5});
    let rewards = json!([
        limited("amount_off", "amount", 1000),
        limited("percent_off", "rate_bps", 1000),
        limited("gift_card", "amount", 700),
        limited("store_credit", "amount", 300),
    ]);
    for (days, name) in [(30, "waits"), (0, "issued")] {
        let program = json!({"name": name, "pending_days": days, "rewards": rewards, "budget": {"amount": 100_000}});
        let program = shop.program(program).await;
        let share = shop.share(&program, &format!("anna-{name}")).await;
        let friend = format!("ben-{name}");
        shop.customer(&friend).await;
        let order = json!({"order_id": name, "customer": friend, "amount": 5000, "currency": "EUR", "evidence": {"token": share["token"]}});
        let order = shop.post("/v1/conversions", order).await.created();
        assert_eq!(elements(&order["rewards"]).len(), 4, "{order}");
        for reward in elements(&order["rewards"]) {
            let place = format!("{}/void", path("/v1/rewards", &reward["id"]));
            assert_eq!(shop.post(&place, json!({"reason": "a test"})).await.ok()["status"], "voided", "{reward}");
        }
        assert_eq!(shop.get(&path("/v1/programs", &program["id"])).await.ok()["budget"]["used"], 0);
    }
    shop.books_balance().await;
}

/// What was earned before its program got a limit takes no place in it, and gives none back.
async fn a_limit_that_came_later_counts_what_came_later(shop: TestShop) {
    shop.to_mid_month().await;
    for limit in ["max_per_customer", "max_per_customer_per_month"] {
        let program = shop.program(json!({"name": limit, "pending_days": 0})).await;
        let ann = format!("ann {limit}").replace(' ', "-");
        shop.customer(&ann).await;
        let place = path("/v1/programs", &program["id"]);
        let code = shop.post(&format!("{place}/codes"), json!({"customer": ann})).await.created()["code"].clone();
        let order = |number: u32| {
            let id = format!("{limit}-{number}");
            let order = json!({"order_id": id, "customer_details": {"email": format!("{id}@mail.example")}, "amount": 4990,
                               "currency": "EUR", "evidence": {"code": code}});
            let shop = &*shop;
            async move { shop.post("/v1/conversions", order).await.created() }
        };
        let of_ann = |order: &Value| {
            let own = elements(&order["rewards"]).into_iter().find(|reward| reward["to"] == "advocate");
            own.map(|reward| format!("{}/void", path("/v1/rewards", &reward["id"])))
        };
        let before = [of_ann(&order(1).await).expect("no limit"), of_ann(&order(2).await).expect("no limit")];
        let mut rewards = program["rewards"].clone();
        rewards[0][limit] = json!(2);
        let etag = shop.get(&place).await.etag();
        shop.patch(&place, json!({"rewards": rewards})).if_match(&etag).await.ok();
        let after = [of_ann(&order(3).await).expect("the first"), of_ann(&order(4).await).expect("the second")];
        assert_eq!(of_ann(&order(5).await), None, "two of two");
        for void in &before {
            shop.post(void, json!({"reason": "by mistake"})).await.ok();
        }
        assert_eq!(of_ann(&order(6).await), None, "what never took a place gives none back");
        shop.post(&after[0], json!({"reason": "by mistake"})).await.ok();
        assert!(of_ann(&order(7).await).is_some(), "what took one does");
        assert_eq!(of_ann(&order(8).await), None);
    }
    shop.books_balance().await;
}

async fn a_lapsed_reward_of_an_order_that_fell_takes_no_place(shop: TestShop) {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000, "max_per_customer": 1,
                          "valid": {"days": 1}}]);
    let program = shop.program(json!({"pending_days": 0, "rewards": rewards})).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    let order = |id: &str| {
        let order = json!({"order_id": id, "customer_details": {"email": format!("{id}@mail.example")}, "amount": 4990,
                           "currency": "EUR", "evidence": {"code": code}});
        let shop = &*shop;
        async move { elements(&shop.post("/v1/conversions", order).await.created()["rewards"]).len() }
    };
    assert_eq!(order("A-1").await, 1);
    shop.advance(3).await;
    assert_eq!(shop.get("/v1/conversions/A-1").await.ok()["rewards"][0]["status"], "expired");
    assert_eq!(order("A-2").await, 0, "it was given, and lapsed by her");
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    assert_eq!(order("A-3").await, 1);
    shop.books_balance().await;
}
