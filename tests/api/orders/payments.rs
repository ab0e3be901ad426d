//! One call for a payment: an order is reported and what pays for it redeemed, both or neither.

use crate::support::*;

on_both!(
    one_call_reports_and_redeems,
    what_redeems_nothing_is_an_order_all_the_same,
    neither_happens_where_one_cannot,
    a_hold_is_redeemed_with_its_order,
    a_code_of_an_advocate_takes_off_and_credits,
    balances_pay_and_leave_the_amount,
    what_went_back_is_not_redeemed_again,
    who_may_not_redeem_reports_alone,
    one_voucher_pays_one_of_many_orders,
    wrong_codes_are_counted,
);

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

/// An order whose cart is worth 49.90 before `redeem`.
fn paid(order_id: &str, redeem: Value, changes: Value) -> Value {
    let mut order = json!({"order_id": order_id, "customer": "bob", "currency": "EUR", "amount": 4990,
                           "shipping_amount": 490, "redeem": redeem});
    for (name, value) in changes.as_object().into_iter().flatten() {
        order[name] = value.clone();
    }
    order
}

async fn pay(shop: &TestShop, order: &Value) -> Answer {
    shop.post("/v1/conversions", order.clone()).without("idempotency-key").await
}

async fn one_call_reports_and_redeems(shop: TestShop) {
    let made = voucher(&shop, json!({"applies_to": {"skus": ["mug"]}})).await;
    let items = json!([{"id": "1", "sku": "mug", "amount": 1990}, {"id": "2", "sku": "pot", "amount": 3000}]);
    let order = paid("A-1", json!({"codes": [made["code"]]}), json!({"items": items}));
    let first = shop.post("/v1/conversions", order.clone()).key("pay-A-1").await;
    let report = first.created();
    assert_eq!((&report["amount"], &report["shipping_amount"]), (&json!(4490), &json!(490)), "what is left of it");
    let redemption = report["redemption"].clone();
    assert_eq!((&redemption["discount"], &redemption["payable"]), (&json!(500), &json!(4980)));
    assert_eq!(redemption["lines"][0]["code"], made["code"], "who typed it knows it");
    let again = shop.post("/v1/conversions", order.clone()).key("pay-A-1").await;
    assert_eq!((again.bytes(), again.header("idempotent-replayed")), (first.bytes(), Some("true")));
    let unkeyed = pay(&shop, &order).await.ok();
    assert_eq!((&unkeyed["id"], &unkeyed["redemption"]), (&report["id"], &redemption), "the same under its own name");
    assert_eq!(shop.list("/v1/redemptions?order_id=A-1").await, [redemption]);
    let kept = shop.get("/v1/conversions/A-1").await.ok();
    assert_eq!((&kept["amount"], kept.get("redemption")), (&json!(4490), None));
    assert_eq!(shop.get(&path("/v1/vouchers", &made["id"])).await.ok()["status"], "spent");
    let kinds = ["redemption.created", "conversion.recorded"];
    let told: Vec<String> = shop.list("/v1/events").await.iter().map(|event| text(&event["type"])).collect();
    for kind in kinds {
        assert_eq!(told.iter().filter(|one| *one == kind).count(), 1, "{kind} of {told:?}");
    }
    // What comes back by item is what the item came to.
    let back = json!({"refund_id": "R-1", "kind": "refund", "items": [{"id": "1"}]});
    assert_eq!(shop.post("/v1/conversions/A-1/refunds", back).await.created()["refund"]["amount"], 1490);
    // Another cart under its name is another order.
    let other = voucher(&shop, json!({})).await;
    let differs = paid("A-1", json!({"codes": [other["code"]]}), json!({"items": order["items"]}));
    pay(&shop, &differs).await.refused(409, "order_differs");
    shop.books_balance().await;
}

async fn what_redeems_nothing_is_an_order_all_the_same(shop: TestShop) {
    let nothing = [
        json!({}),
        json!({"codes": []}),
        json!({"codes": [" "], "store_credit": 0}),
        json!({"evidence": {"code": ""}}),
    ];
    for (number, redeem) in nothing.into_iter().enumerate() {
        let report = pay(&shop, &paid(&format!("A-{number}"), redeem.clone(), json!({}))).await.created();
        assert_eq!((&report["amount"], report.get("redemption")), (&json!(4990), None), "{redeem}");
    }
    assert!(shop.list("/v1/redemptions").await.is_empty());
}

async fn neither_happens_where_one_cannot(shop: TestShop) {
    let (good, gone) = (voucher(&shop, json!({})).await, voucher(&shop, json!({})).await);
    shop.post(&format!("{}/void", path("/v1/vouchers", &gone["id"])), json!({"reason": "lost"})).await.ok();
    let refused = pay(&shop, &paid("A-1", json!({"codes": [good["code"], gone["code"]]}), json!({}))).await;
    assert_eq!(refused.refused(409, "voucher_void")["errors"][0]["pointer"], "/redeem/codes/1");
    let good_code = json!({"codes": [good["code"]]});
    for (changes, status, code) in [
        (json!({"program": "no-such-program"}), 422, "program_unknown"),
        (json!({"occurred_at": "2099-01-01T00:00:00.000Z"}), 422, "invalid_field"),
        (json!({"customer": "cus_00000000000000000000000000"}), 422, "customer_unknown"),
    ] {
        pay(&shop, &paid("A-1", good_code.clone(), changes)).await.refused(status, code);
    }
    for (redeem, pointer) in [
        (json!({"hold": "hld_00000000000000000000000000", "codes": ["X"]}), "/redeem/hold"),
        (json!({"hold": "hld_00000000000000000000000000"}), "/redeem/hold"),
        (json!({"store_credit": 100}), "/redeem/store_credit"),
        (json!({"amount": 100}), "/redeem/amount"),
    ] {
        let refused = pay(&shop, &paid("A-1", redeem.clone(), json!({}))).await;
        let refused = refused.refused(refused.status(), &text(&refused.json()["code"]));
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{redeem} {refused}");
    }
    shop.get("/v1/conversions/A-1").await.refused(404, "not_found");
    assert!(shop.list("/v1/redemptions").await.is_empty());
    assert!(shop.list("/v1/customers").await.is_empty(), "nobody became known by what did not happen");
    assert_eq!(shop.get(&path("/v1/vouchers", &good["id"])).await.ok()["used"], 0);
    shop.books_balance().await;
}

async fn a_hold_is_redeemed_with_its_order(shop: TestShop) {
    let made = voucher(&shop, json!({"customer": null})).await;
    let cart = json!({"codes": [made["code"]], "customer": "bob", "cart_id": "C-1", "currency": "EUR", "amount": 4990,
                      "items": [{"id": "1", "sku": "mug", "amount": 4990}]});
    let hold = shop.post("/v1/holds", cart).await.created();
    let order = json!({"order_id": "A-1", "currency": "EUR", "amount": 4990, "redeem": {"hold": hold["id"]}});
    let mut wrong = order.clone();
    wrong["amount"] = json!(4490);
    assert_eq!(pay(&shop, &wrong).await.refused(422, "invalid_field")["errors"][0]["pointer"], "/amount");
    let report = pay(&shop, &order).await.created();
    assert_eq!((&report["amount"], &report["customer"]), (&json!(4490), &json!("bob")), "the cart says who");
    assert_eq!((&report["items"][0]["sku"], &report["redemption"]["discount"]), (&json!("mug"), &json!(500)));
    assert_eq!(shop.get(&path("/v1/holds", &hold["id"])).await.ok()["status"], "redeemed");
    assert_eq!(pay(&shop, &order).await.ok()["redemption"], report["redemption"]);
    let mut other = order.clone();
    other["order_id"] = json!("A-2");
    let refused = pay(&shop, &other).await.refused(409, "illegal_transition");
    assert_eq!(refused["errors"][0]["pointer"], "/redeem/hold");
    shop.get("/v1/conversions/A-2").await.refused(404, "not_found");
    shop.books_balance().await;
}

async fn a_code_of_an_advocate_takes_off_and_credits(shop: TestShop) {
    let rewards = json!([{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
                         {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}]);
    let program = shop.program(json!({"rewards": rewards})).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    let report = pay(&shop, &paid("A-1", json!({"codes": [code]}), json!({}))).await.created();
    assert_eq!((&report["amount"], &report["redemption"]["discount"]), (&json!(4491), &json!(499)));
    let by = &report["attribution"];
    assert_eq!((&by["method"], &by["advocate"]), (&json!("voucher"), &json!("ann")));
    assert_eq!((&report["rewards"][0]["to"], &report["rewards"][0]["status"]), (&json!("advocate"), &json!("pending")));
    // The same by the link that was followed, without typing.
    let share = shop
        .post("/v1/shares", json!({"program": program["id"], "customer": "ann", "channel": "signal"}))
        .await
        .created();
    let by_link = paid("A-2", json!({"evidence": {"token": share["token"]}}), json!({"customer": "eve"}));
    let report = pay(&shop, &by_link).await.created();
    assert_eq!((&report["amount"], &report["attribution"]["advocate"]), (&json!(4491), &json!("ann")));
    let by = &report["attribution"];
    assert_eq!((&by["method"], &by["share"], &by["channel"]), (&json!("token"), &share["id"], &json!("signal")));
    assert_eq!(pay(&shop, &by_link).await.ok()["attribution"], *by);
    let kept = shop.get("/v1/conversions/A-2").await.ok()["attribution"].clone();
    assert_eq!((&kept["method"], &kept["share"]), (&json!("token"), &share["id"]));
    shop.books_balance().await;
}

async fn balances_pay_and_leave_the_amount(shop: TestShop) {
    let card = voucher(&shop, json!({"kind": "gift_card", "amount": 2000})).await;
    let free = voucher(&shop, json!({"kind": "free_shipping", "amount": null})).await;
    shop.customer("bob").await;
    let credit = json!({"customer": "bob", "reward": {"kind": "store_credit", "amount": 300}, "reason": "r"});
    shop.post("/v1/grants", credit).await.created();
    let redeem = json!({"codes": [card["code"], free["code"]], "store_credit": 300});
    let report = pay(&shop, &paid("A-1", redeem, json!({}))).await.created();
    assert_eq!((&report["amount"], &report["shipping_amount"]), (&json!(4990), &json!(0)));
    let redemption = &report["redemption"];
    assert_eq!((&redemption["payment"], &redemption["payable"]), (&json!(2300), &json!(2690)));
    shop.books_balance().await;
}

async fn what_went_back_is_not_redeemed_again(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let order = paid("A-1", json!({"codes": [made["code"]]}), json!({}));
    let report = pay(&shop, &order).await.created();
    // The card was refused, and the customer tries again under the same number: it is redeemed anew.
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    let uses = || async { shop.get(&path("/v1/vouchers", &made["id"])).await.ok()["used"].clone() };
    assert_eq!(uses().await, 0);
    let anew = pay(&shop, &order).await.ok();
    assert_eq!((&anew["id"], &anew["status"]), (&report["id"], &report["status"]));
    assert_ne!(anew["redemption"]["id"], report["redemption"]["id"]);
    assert_eq!(uses().await, 1);
    // All of it comes back, and somebody repeats the report late: nothing is spent for an order that is over.
    let back = json!({"refund_id": "R-1", "kind": "refund"});
    shop.post("/v1/conversions/A-1/refunds", back).await.created();
    assert_eq!(uses().await, 0);
    let late = pay(&shop, &order).await.ok();
    assert_eq!((&late["status"], &late["redemption"]["status"]), (&json!("reversed"), &json!("reversed")));
    assert_eq!(uses().await, 0);
    shop.books_balance().await;
}

async fn who_may_not_redeem_reports_alone(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let reporter = shop.key(&["conversions:write"]).await;
    let order = paid("A-1", json!({"codes": [made["code"]]}), json!({}));
    let refused = reporter.post("/v1/conversions", order).await.refused(403, "forbidden");
    assert!(text(&refused["detail"]).contains("vouchers:redeem"), "{refused}");
    reporter.post("/v1/conversions", json!({"order_id": "A-1", "amount": 4990, "currency": "EUR"})).await.created();
}

async fn one_voucher_pays_one_of_many_orders(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let orders: Vec<Value> =
        (0..16).map(|number| paid(&format!("A-{number}"), json!({"codes": [made["code"]]}), json!({}))).collect();
    let answers = futures_util::future::join_all(orders.iter().map(|order| pay(&shop, order))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status() == 201);
    assert_eq!(taken.len(), 1);
    refused.iter().for_each(|answer| drop(answer.refused(409, "voucher_spent")));
    assert_eq!(shop.list("/v1/conversions").await.len(), 1);
    assert_eq!(shop.list("/v1/redemptions").await.len(), 1);
    shop.books_balance().await;
}

async fn wrong_codes_are_counted(shop: TestShop) {
    let wrong = |number: usize| {
        let code = format!("WRONG{number:07}");
        paid("A-1", json!({"codes": [code], "visitor": "s-1"}), json!({"customer": null}))
    };
    for number in 0..10 {
        pay(&shop, &wrong(number)).await.refused(422, "voucher_unknown");
    }
    pay(&shop, &wrong(11)).await.refused(429, "rate_limited");
    let alone = json!({"order_id": "A-1", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/conversions", alone).await.created();
}
