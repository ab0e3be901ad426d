//! Vouchers: made, shown, found, changed, withdrawn; and what carts would come to.

use crate::support::*;

on_both!(
    a_voucher_is_made_shown_and_found,
    what_no_voucher_can_be_is_refused,
    a_reference_names_one_voucher,
    a_code_of_ones_own_is_bound_or_capped_and_taken_once,
    a_change_needs_the_version_that_was_read,
    an_expired_voucher_is_extended,
    a_withdrawn_voucher_is_worth_nothing,
    other_shops_have_no_such_voucher,
    support_and_viewers_see_the_end_of_a_code,
    a_code_is_revealed_to_support_and_that_is_noted,
    a_lost_code_is_replaced,
    vouchers_are_listed_by_state_and_customer,
    a_check_says_what_a_cart_comes_to_and_changes_nothing,
);

async fn made(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR"});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

fn cart(codes: Value) -> Value {
    json!({"codes": codes, "currency": "EUR", "amount": 4990, "shipping_amount": 490})
}

async fn a_voucher_is_made_shown_and_found(shop: TestShop) {
    let voucher = made(&shop, json!({})).await;
    assert_eq!(
        (&voucher["status"], &voucher["used"], &voucher["remaining_uses"]),
        (&json!("active"), &json!(0), &json!(1))
    );
    let shown = shop.get(&path("/v1/vouchers", &voucher["id"])).await;
    assert_eq!((shown.ok(), shown.etag()), (voucher.clone(), "\"1\"".to_owned()));
    assert_eq!(shop.list("/v1/vouchers").await, std::slice::from_ref(&voucher));
    let code = voucher["code"].as_str().expect("a code");
    assert_eq!((code.len(), code.matches('-').count()), (14, 2));
    for typed in [code.to_owned(), code.to_lowercase(), format!(" {} ", code.replace('-', " "))] {
        let found = shop.post("/v1/vouchers/lookup", json!({"code": typed})).await;
        assert_eq!(found.ok(), voucher, "{typed}");
    }
    shop.get("/v1/vouchers/vch_none").await.refused(404, "not_found");
    shop.get("/v1/vouchers/a%2Fb%2Bc%25d%23").await.refused(404, "not_found");
}

async fn what_no_voucher_can_be_is_refused(shop: TestShop) {
    let table = [
        (json!({"kind": "store_credit"}), "invalid_field", "/kind"),
        (json!({"kind": "free_product"}), "invalid_field", "/kind"),
        (json!({"kind": "custom"}), "invalid_field", "/kind"),
        (json!({"amount": -1}), "invalid_field", "/amount"),
        (json!({"amount": 1.5}), "invalid_field", "/amount"),
        (json!({"currency": "CHF"}), "currency_mismatch", "/currency"),
        (json!({"min_order_amount": {"EUR": 2000, "CHF": 2200}}), "invalid_field", "/min_order_amount"),
        (json!({"customer": "nobody"}), "customer_unknown", "/customer"),
        (json!({"applies_to": {"colours": ["red"]}}), "unknown_field", "/applies_to/colours"),
        (json!({"colour": "red"}), "unknown_field", "/colour"),
        (json!({"valid_until": "tomorrow"}), "invalid_field", "/valid_until"),
        (json!({"max_redemptions": 0}), "invalid_field", "/max_redemptions"),
    ];
    for (changes, code, place) in table {
        let mut voucher = json!({"kind": "amount_off", "amount": 500});
        for (name, value) in changes.as_object().into_iter().flatten() {
            voucher[name] = value.clone();
        }
        let problem = shop.post("/v1/vouchers", voucher).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], place);
    }
    assert!(shop.list("/v1/vouchers").await.is_empty());
}

async fn a_reference_names_one_voucher(shop: TestShop) {
    let first = made(&shop, json!({"reference": "V/1"})).await;
    let again = json!({"kind": "amount_off", "amount": 500, "reference": "V/1"});
    assert_eq!(shop.post("/v1/vouchers", again).await.ok(), first);
    assert_eq!(shop.list("/v1/vouchers?reference=V%2F1").await.len(), 1);
}

async fn a_code_of_ones_own_is_bound_or_capped_and_taken_once(shop: TestShop) {
    let own = |max: Value| json!({"kind": "amount_off", "amount": 500, "code": "Sommer-26", "max_redemptions": max});
    shop.post("/v1/vouchers", own(json!(null))).await.refused(422, "invalid_field");
    let voucher = shop.post("/v1/vouchers", own(json!(9))).await.created();
    assert_eq!(voucher["code"], "SOMMER-26");
    shop.post("/v1/vouchers", own(json!(9))).await.refused(409, "code_taken");
    shop.another().await.post("/v1/vouchers", own(json!(9))).await.created();
}

async fn a_change_needs_the_version_that_was_read(shop: TestShop) {
    let voucher = made(&shop, json!({"max_redemptions": 2})).await;
    let place = path("/v1/vouchers", &voucher["id"]);
    let change = json!({"min_order_amount": 2000, "max_redemptions": 5});
    shop.patch(&place, change.clone()).await.refused(428, "precondition_required");
    shop.patch(&place, change.clone()).if_match("\"7\"").await.refused(412, "stale");
    let changed = shop.patch(&place, change.clone()).if_match("\"1\"").await;
    assert_eq!((&changed.ok()["min_order_amount"], &changed.ok()["remaining_uses"]), (&json!(2000), &json!(5)));
    assert_eq!(shop.get(&place).await.etag(), changed.etag());
    shop.patch(&place, change).if_match("\"1\"").await.refused(412, "stale");
    shop.patch(&place, json!({"amount": 1})).if_match(&changed.etag()).await.refused(422, "unknown_field");
    shop.books_balance().await;
}

async fn an_expired_voucher_is_extended(shop: TestShop) {
    let now = shop.post("/v1/test/clock", json!({"advance_days": 0})).await.ok()["now"].clone();
    let until = later(&now, 2);
    let voucher = made(&shop, json!({"valid_until": until, "max_redemptions": 3})).await;
    let place = path("/v1/vouchers", &voucher["id"]);
    shop.advance(3).await;
    let expired = shop.get(&place).await;
    assert_eq!(expired.ok()["status"], "expired");
    let mut order = cart(json!([voucher["code"]]));
    order["order_id"] = json!("A-1");
    shop.post("/v1/redemptions", order.clone()).await.refused(409, "voucher_expired");
    shop.books_balance().await;
    let change = json!({"valid_until": later(&now, 30)});
    let extended = shop.patch(&place, change).if_match(&expired.etag()).await.ok();
    assert_eq!(extended["status"], "active");
    shop.post("/v1/redemptions", order).await.created();
    shop.books_balance().await;
}

async fn a_withdrawn_voucher_is_worth_nothing(shop: TestShop) {
    let voucher = made(&shop, json!({})).await;
    let place = format!("{}/void", path("/v1/vouchers", &voucher["id"]));
    shop.post(&place, json!({})).await.refused(422, "invalid_field");
    for _ in 0..2 {
        assert_eq!(shop.post(&place, json!({"reason": "by mistake"})).await.ok()["status"], "void");
    }
    let checked = shop.post("/v1/vouchers/check", cart(json!([voucher["code"]]))).await.ok();
    assert_eq!(checked["lines"][0]["reasons"], json!(["void"]));
    shop.books_balance().await;
}

async fn other_shops_have_no_such_voucher(shop: TestShop) {
    let voucher = made(&shop, json!({})).await;
    let other = shop.another().await;
    let place = path("/v1/vouchers", &voucher["id"]);
    other.get(&place).await.refused(404, "not_found");
    other.patch(&place, json!({"min_order_amount": 1})).if_match("\"1\"").await.refused(404, "not_found");
    other.post(&format!("{place}/void"), json!({"reason": "theirs"})).await.refused(404, "not_found");
    other.post("/v1/vouchers/lookup", json!({"code": voucher["code"]})).await.refused(422, "voucher_unknown");
    let checked = other.post("/v1/vouchers/check", cart(json!([voucher["code"]]))).await.ok();
    assert_eq!(checked["lines"][0]["reasons"], json!(["unknown"]));
    assert_eq!(shop.get(&place).await.ok(), voucher);
}

async fn support_and_viewers_see_the_end_of_a_code(shop: TestShop) {
    let voucher = made(&shop, json!({})).await;
    let (place, code) = (path("/v1/vouchers", &voucher["id"]), voucher["code"].as_str().expect("a code"));
    for (role, is_whole) in [("owner", true), ("manager", true), ("support", false), ("viewer", false)] {
        let person = shop.operator(role).await;
        for shown in [person.get(&place).await.ok(), person.get("/v1/vouchers").await.ok()["data"][0].clone()] {
            let expected = if is_whole { code.to_owned() } else { format!("****{}", &code[code.len() - 4..]) };
            assert_eq!(shown["code"], json!(expected), "{role}");
        }
    }
    shop.operator("support")
        .await
        .post("/v1/vouchers", json!({"kind": "free_shipping"}))
        .await
        .refused(403, "forbidden");
    let events = shop.get("/v1/events").await.ok();
    assert!(!events.to_string().contains(code), "events are for everybody's webhooks");
}

async fn a_code_is_revealed_to_support_and_that_is_noted(shop: TestShop) {
    let voucher = made(&shop, json!({})).await;
    let place = format!("{}/reveal", path("/v1/vouchers", &voucher["id"]));
    let (support, why) = (shop.operator("support").await, json!({"reason": "he cannot read his mail"}));
    for _ in 0..2 {
        let shown = support.post(&place, why.clone()).key("k").await;
        assert_eq!((shown.ok(), shown.header("idempotent-replayed")), (voucher.clone(), None));
        assert_eq!(shown.etag(), "\"1\"");
    }
    support.post(&place, json!({})).await.refused(422, "invalid_field");
    shop.operator("viewer").await.post(&place, why.clone()).await.refused(403, "forbidden");
    shop.key(&["vouchers:read"]).await.post(&place, why.clone()).await.refused(403, "forbidden");
    shop.another().await.post(&place, why.clone()).await.refused(404, "not_found");
    let noted = shop.list("/v1/audit_log?action=reveal_voucher").await;
    assert_eq!(noted.len(), 2, "each time: {noted:?}");
    assert_eq!((&noted[0]["reason"], &noted[0]["actor"]["name"]), (&why["reason"], &json!("support")));
    assert_eq!(noted[0]["subject"]["id"], voucher["id"]);
}

async fn a_lost_code_is_replaced(shop: TestShop) {
    shop.customer("anna").await;
    let card = json!({"kind": "gift_card", "amount": 5000, "customer": "anna", "reference": "V-1"});
    let old = made(&shop, card).await;
    let mut order = cart(json!([{"code": old["code"], "amount": 2000}]));
    (order["customer"], order["order_id"]) = (json!("anna"), json!("A-1"));
    let redemption = shop.post("/v1/redemptions", order.clone()).await.created();
    let place = format!("{}/replace", path("/v1/vouchers", &old["id"]));
    let (support, why) = (shop.operator("support").await, json!({"reason": "she lost the card"}));
    shop.post(&place, why.clone()).without("idempotency-key").await.refused(400, "idempotency_key_required");
    shop.operator("viewer").await.post(&place, why.clone()).await.refused(403, "forbidden");
    shop.another().await.post(&place, why.clone()).await.refused(404, "not_found");
    let answer = support.post(&place, why.clone()).key("k").await;
    let masked = answer.created();
    let new = shop.get(&path("/v1/vouchers", &masked["id"])).await;
    assert_eq!(
        (new.etag(), answer.etag(), answer.header("location")),
        (answer.etag(), new.etag(), Some(path("/v1/vouchers", &masked["id"]).as_str()))
    );
    let new = new.ok();
    let code = text(&new["code"]);
    assert_eq!(masked["code"], format!("****{}", &code[code.len() - 4..]), "support sees its end");
    assert_eq!((&new["replaces"], &new["balance"], &new["customer"]), (&old["id"], &json!(3000), &json!("anna")));
    assert_eq!((&new["reference"], &new["valid_until"]), (&Value::Null, &old["valid_until"]));
    let again = support.post(&place, why.clone()).key("k").await;
    assert_eq!((again.created(), again.header("idempotent-replayed")), (masked, Some("true")));
    shop.post(&place, why.clone()).await.refused(409, "illegal_transition");
    let void = shop.list("/v1/vouchers?reference=V-1").await;
    assert_eq!(
        (&void[0]["status"], &void[0]["replaced_by"], &void[0]["balance"]),
        (&json!("void"), &new["id"], &json!(0))
    );
    (order["codes"], order["order_id"]) = (json!([old["code"]]), json!("A-2"));
    let refused = shop.post("/v1/redemptions", order.clone()).await;
    refused.refused(409, "voucher_void");
    assert!(refused.text().contains("The code was replaced by a new one"), "{}", refused.text());
    order["codes"] = json!([{"code": new["code"], "amount": 1000}]);
    shop.post("/v1/redemptions", order).await.created();
    shop.books_balance().await;
    let undo = json!({"reversal_id": "R-1", "reason": "payment failed"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redemption["id"])), undo).await.created();
    assert_eq!(shop.get(&path("/v1/vouchers", &new["id"])).await.ok()["balance"], 4000);
    shop.books_balance().await;
    assert_eq!(shop.list("/v1/audit_log?action=replace_voucher").await[0]["reason"], why["reason"]);
    let events = shop.get("/v1/events?limit=200").await.ok();
    assert!(!events.to_string().contains(&code), "events are for everybody's webhooks");
}

async fn vouchers_are_listed_by_state_and_customer(shop: TestShop) {
    shop.customer("anna").await;
    let until = later(&shop.post("/v1/test/clock", json!({"advance_days": 0})).await.ok()["now"], 1);
    let (spent, void) = (made(&shop, json!({"customer": "anna"})).await, made(&shop, json!({})).await);
    let card = made(&shop, json!({"kind": "gift_card", "amount": 100})).await;
    let expired = made(&shop, json!({"valid_until": until})).await;
    let active = made(&shop, json!({"max_redemptions": null})).await;
    let mut order = cart(json!([spent["code"], card["code"], active["code"]]));
    (order["customer"], order["order_id"]) = (json!("anna"), json!("A-1"));
    shop.post("/v1/redemptions", order).await.created();
    shop.post(&format!("{}/void", path("/v1/vouchers", &void["id"])), json!({"reason": "lost"})).await.ok();
    shop.advance(2).await;
    for (status, expected) in
        [("spent", vec![&card, &spent]), ("void", vec![&void]), ("expired", vec![&expired]), ("active", vec![&active])]
    {
        let listed = shop.list(&format!("/v1/vouchers?status={status}")).await;
        let mut ids: Vec<String> = listed.iter().map(|voucher| voucher["id"].to_string()).collect();
        let mut expected: Vec<String> = expected.iter().map(|voucher| voucher["id"].to_string()).collect();
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected, "{status}");
        assert!(listed.iter().all(|voucher| voucher["status"] == status), "{listed:?}");
    }
    for list in ["/v1/vouchers?customer=anna", "/v1/customers/anna/vouchers"] {
        let listed = shop.list(list).await;
        assert_eq!((listed.len(), &listed[0]["id"]), (1, &spent["id"]), "{list}");
    }
    shop.get("/v1/customers/nobody/vouchers").await.refused(404, "not_found");
}

async fn a_check_says_what_a_cart_comes_to_and_changes_nothing(shop: TestShop) {
    let (half, ten) = (
        made(&shop, json!({"kind": "percent_off", "amount": null, "rate_bps": 5000})).await,
        made(&shop, json!({})).await,
    );
    let mut asked = cart(json!([ten["code"], half["code"]]));
    asked["items"] = json!([{"id": "1", "sku": "mug", "quantity": 2, "amount": 2990}, {"id": "2", "amount": 2000}]);
    for _ in 0..2 {
        let checked = shop.post("/v1/vouchers/check", asked.clone()).without("idempotency-key").await.ok();
        assert_eq!((&checked["valid"], &checked["discount"]), (&json!(true), &json!(2995)));
        assert_eq!((&checked["payment"], &checked["payable"]), (&json!(0), &json!(2485)));
        assert_eq!(checked["lines"][0]["items"], json!([{"id": "1", "amount": 300}, {"id": "2", "amount": 200}]));
        assert_eq!(checked["lines"][1]["items"], json!([{"id": "1", "amount": 1495}, {"id": "2", "amount": 1000}]));
        assert_eq!(checked["lines"][0]["remaining_uses"], 0);
    }
    assert_eq!(shop.get(&path("/v1/vouchers", &ten["id"])).await.ok(), ten);
    for (name, value, code) in [
        ("evidence", json!({"link": "x"}), "unknown_field"),
        ("customer_details", json!({"nickname": "A"}), "unknown_field"),
        ("customer", json!("cus_00000000000000000000000000"), "customer_unknown"),
        ("amount", json!(-5), "invalid_field"),
        ("items", json!([{"id": "1", "amount": 5}]), "invalid_field"),
        ("codes", json!([ten["code"], ten["code"]]), "invalid_field"),
        ("codes", json!([5]), "invalid_field"),
        ("codes", json!([{"code": "X", "size": 5}]), "unknown_field"),
    ] {
        let mut cart = asked.clone();
        cart[name] = value;
        shop.post("/v1/vouchers/check", cart).await.refused(422, code);
    }
    // What nobody needs, and who is not known yet, keeps nobody from an answer.
    for (name, value) in [("customer_details", json!({"name": "A"})), ("customer", json!("nobody"))] {
        let mut cart = asked.clone();
        cart[name] = value;
        assert_eq!(shop.post("/v1/vouchers/check", cart).await.ok()["discount"], 2995, "{name}");
    }
    assert!(shop.list("/v1/customers").await.is_empty());
}

/// Days after an instant.
fn later(now: &Value, days: i64) -> Value {
    let at: grapevine::records::Timestamp = serde_json::from_value(now.clone()).expect("an instant");
    json!(at.plus_days(days))
}
