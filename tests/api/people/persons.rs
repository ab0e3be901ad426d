//! Who counts with whom, and who has what: told is not vouched for.

use crate::support::*;

on_both!(
    nobody_takes_over_a_stranger_by_telling_his_address,
    a_mail_that_waits_leaves_for_nobody_who_types_a_number,
    an_address_beside_an_order_is_not_forgotten,
    limits_and_newness_count_whichever_was_told_first,
    who_shares_a_number_in_a_household_may_recommend,
    what_the_shop_vouches_for_is_one_address,
    store_credit_is_spent_by_an_account_that_is_named,
);

fn order(order: &str, fields: Value) -> Value {
    with(&json!({"order_id": order, "amount": 4990, "currency": "EUR"}), fields)
}

fn guest(order_id: &str, details: Value) -> Value {
    order(order_id, json!({"customer_details": details}))
}

fn with(body: &Value, fields: Value) -> Value {
    let mut body = body.clone();
    for (name, value) in fields.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

/// A guest whom Anna recommended: he has a voucher and store credit.
async fn victim(shop: &TestShop, details: &Value) -> (String, Value) {
    let program = shop.program(json!({"pending_days": 0})).await;
    let share = shop.share(&program, "anna").await;
    let ordered = with(&guest("V-1", details.clone()), json!({"evidence": {"token": share["token"]}}));
    let ordered = shop.post("/v1/conversions", ordered).await.created();
    let grant =
        json!({"customer_details": details, "reward": {"kind": "store_credit", "amount": 700}, "reason": "late"});
    shop.post("/v1/grants", grant).await.created();
    let place = path("/v1/customers", &ordered["customer_id"]);
    let voucher = shop.list(&format!("{place}/vouchers")).await[0].clone();
    assert_eq!(voucher["customer_id"], ordered["customer_id"]);
    (place, share["token"].clone())
}

async fn nobody_takes_over_a_stranger_by_telling_his_address(shop: TestShop) {
    let (place, token) = victim(&shop, &json!({"email": "victim@example.org", "phone": "+49 170 1234567"})).await;
    shop.put("/v1/customers/evil", json!({})).await.created();
    let told = json!({"email": "Victim@example.org", "phone": "0049 170 1234567"});
    // By every way in which somebody may tell an address that is not his.
    let by_order = order("E-1", json!({"customer": "evil", "customer_details": told}));
    shop.post("/v1/conversions", by_order).await.created();
    let off = json!({"kind": "amount_off", "amount": 100, "max_redemptions": null});
    let off = shop.post("/v1/vouchers", off).await.created();
    let cart = order("E-2", json!({"customer": "evil", "customer_details": told, "codes": [off["code"]]}));
    shop.post("/v1/redemptions", cart).await.created();
    let cart = order("E-3", json!({"customer": "evil", "customer_details": told, "codes": [off["code"]]}));
    shop.post("/v1/holds", cart).await.created();
    let referral = json!({"friend": "evil", "friend_details": told, "evidence": {"token": token}});
    shop.post("/v1/referrals", referral).await;
    for fields in [json!({"email": "victim@example.org"}), json!({"phone": "+49 170 1234567"}), told.clone()] {
        shop.put("/v1/customers/evil", fields.clone()).await.ok();
        shop.put("/v1/customers/other", fields).await;
    }
    let file = "external_id,email,phone\nevil,victim@example.org,+49 170 1234567\n";
    shop.imported("customers", file).await;
    shop.post("/v1/conversions", guest("E-4", json!({"email": "evil@example.org", "phone": "+49 170 1234567"}))).await;
    for thief in ["evil", "other"] {
        let theirs = format!("/v1/customers/{thief}");
        assert_eq!(shop.list(&format!("{theirs}/vouchers")).await, Vec::<Value>::new(), "{thief}");
        assert_eq!(shop.get(&format!("{theirs}/balance")).await.ok()["balance"], 0, "{thief}");
        let export = shop.get(&format!("{theirs}/export")).await.ok().to_string();
        assert!(!export.contains("V-1"), "{export}");
        let timeline = shop.get(&format!("{theirs}/timeline")).await.ok().to_string();
        assert!(!timeline.contains("V-1"), "{timeline}");
        shop.delete(&theirs).await.accepted();
    }
    shop.server().settle_jobs().await;
    let left = shop.get(&place).await.ok();
    assert_eq!((&left["email"], &left["merged_into"]), (&json!("victim@example.org"), &Value::Null));
    assert_eq!(shop.get(&format!("{place}/balance")).await.ok()["balance"], 700);
    assert_eq!(shop.list(&format!("{place}/vouchers")).await.len(), 1);
    let again = shop.post("/v1/conversions", guest("V-2", json!({"email": "VICTIM@example.org"}))).await.created();
    assert_eq!(path("/v1/customers", &again["customer_id"]), place, "his orders are his");
    // Who shows the shop that the address is his has it all.
    let own = json!({"email": "victim@example.org", "email_verified": true});
    shop.put("/v1/customers/victor", own).await.created();
    assert_eq!(shop.get("/v1/customers/victor/balance").await.ok()["balance"], 700);
    assert_eq!(shop.list("/v1/customers/victor/vouchers").await.len(), 1);
    let again = shop.post("/v1/conversions", guest("V-3", json!({"email": "VICTIM@example.org"}))).await.created();
    assert_eq!(again["customer"], "victor");
    shop.books_balance().await;
}

/// A guest is known by a number alone, and what he was given waits for an address.
async fn a_mail_that_waits_leaves_for_nobody_who_types_a_number(shop: TestShop) {
    let number = json!({"phone": "+49 170 7654321"});
    let grant = json!({"customer_details": number, "reward": {"kind": "gift_card", "amount": 900}, "reason": "late"});
    let given = shop.post("/v1/grants", grant).await.created();
    let place = path("/v1/customers", &given["customer_id"]);
    for (order_id, email) in [("E-1", "evil@example.org"), ("E-2", "evil-too@example.org")] {
        let told = json!({"email": email, "phone": "0049 170 7654321", "name": "Evil"});
        let ordered = shop.post("/v1/conversions", guest(order_id, told)).await.created();
        assert_ne!(path("/v1/customers", &ordered["customer_id"]), place);
    }
    shop.put("/v1/customers/evil", json!({"email": "evil@example.org", "phone": "0049 170 7654321"})).await.created();
    let known = shop.get(&place).await.ok();
    assert_eq!((&known["email"], &known["name"]), (&Value::Null, &Value::Null));
    assert_eq!(shop.list("/v1/messages?status=no_address").await.len(), 1, "it still waits");
    let own = json!({"email": "own@example.org", "phone": "0049 170 7654321", "phone_verified": true});
    shop.put("/v1/customers/own", own).await.created();
    assert!(shop.list("/v1/messages?status=no_address").await.is_empty());
    assert_eq!(shop.list("/v1/customers/own/vouchers").await.len(), 1);
}

/// Anna has another address than the one that she ordered with once.
async fn an_address_beside_an_order_is_not_forgotten(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let evidence = json!({"token": share["token"]});
    let told = [json!({"email": "work@example.org"}), json!({"phone": "+49 170 1111111"})];
    for (place, details) in told.iter().enumerate() {
        let own = order(&format!("A-{place}"), json!({"customer": "anna", "customer_details": details}));
        shop.post("/v1/conversions", own).await.created();
        let friend = with(&guest(&format!("B-{place}"), details.clone()), json!({"evidence": evidence}));
        let friend = shop.post("/v1/conversions", friend).await.created();
        assert_eq!(friend["attribution"]["considered"][0]["outcome"], "self_referral", "{details}");
        assert_eq!(friend["customer"], Value::Null, "it is not on her page: {details}");
    }
    // Known before, it was the same.
    let later = json!({"email": "later@example.org"});
    let friend = with(&guest("B-2", later.clone()), json!({"evidence": evidence}));
    let friend = shop.post("/v1/conversions", friend).await.created();
    assert_eq!(friend["attribution"]["advocate"], "anna");
    shop.post("/v1/conversions", order("A-2", json!({"customer": "anna", "customer_details": later}))).await.created();
    shop.advance(31).await;
    let friend = shop.get("/v1/conversions/B-2").await.ok();
    assert_eq!((&friend["status"], &friend["attribution"]["method"]), (&json!("approved"), &json!("none")));
    assert_eq!(shop.list("/v1/customers/anna/vouchers").await, Vec::<Value>::new(), "she was paid for none of them");
}

async fn limits_and_newness_count_whichever_was_told_first(shop: TestShop) {
    let once = json!({"kind": "amount_off", "amount": 100, "max_redemptions": null, "per_customer": 1});
    let program = shop.program(json!({})).await;
    let evidence = json!({"token": shop.share(&program, "anna").await["token"]});
    for (round, is_account_first) in [true, false].into_iter().enumerate() {
        let voucher = shop.post("/v1/vouchers", once.clone()).await.created();
        let (name, email) = (format!("ben-{round}"), format!("other-{round}@example.org"));
        let told = json!({"email": email});
        let account = json!({"customer": name, "customer_details": told});
        let tell = order(&format!("told-{round}"), account.clone());
        shop.put(&format!("/v1/customers/{name}"), json!({"email": format!("{name}@example.org")})).await.created();
        let cart = |number: &str, who: Value| {
            with(&order(&format!("{number}-{round}"), who), json!({"codes": [voucher["code"]]}))
        };
        let as_guest = cart("guest", json!({"customer_details": told}));
        let as_account = cart("account", json!({"customer": name}));
        let (first, second) = if is_account_first { (as_account, as_guest) } else { (as_guest, as_account) };
        shop.post("/v1/redemptions", first).await.created();
        shop.post("/v1/conversions", tell).await.created();
        shop.post("/v1/redemptions", second).await.refused(409, "limit_reached");
        let friend = with(&guest(&format!("new-{round}"), told.clone()), json!({"evidence": evidence}));
        let friend = shop.post("/v1/conversions", friend).await.created();
        assert_eq!(friend["attribution"]["considered"][0]["outcome"], "not_new", "the account has ordered");
    }
}

async fn who_shares_a_number_in_a_household_may_recommend(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let evidence = json!({"token": shop.share(&program, "anna").await["token"]});
    shop.put("/v1/customers/anna", json!({"phone": "+49 30 901820"})).await.ok();
    shop.put("/v1/customers/bert", json!({"email": "bert@example.org", "phone": "0049 30 901820"})).await.created();
    let bert = shop.post("/v1/conversions", order("B-1", json!({"customer": "bert", "evidence": evidence}))).await;
    assert_eq!(bert.created()["attribution"]["advocate"], "anna", "they are two people");
    let guest = with(&guest("B-2", json!({"phone": "+49 (0)30 901820"})), json!({"evidence": evidence}));
    let guest = shop.post("/v1/conversions", guest).await.created();
    assert_eq!(guest["attribution"]["considered"][0]["outcome"], "self_referral", "who gives no more may be either");
}

async fn what_the_shop_vouches_for_is_one_address(shop: TestShop) {
    let anna = json!({"email": "anna@example.org", "email_verified": true});
    let anna = shop.put("/v1/customers/anna", anna).await.created();
    assert_eq!((&anna["email_verified"], &anna["phone_verified"]), (&json!(true), &json!(false)));
    let same = shop.put("/v1/customers/anna", json!({"email": "Anna@Example.org"})).await.ok();
    assert_eq!(same["email_verified"], true);
    let other = shop.put("/v1/customers/anna", json!({"email": "other@example.org"})).await.ok();
    assert_eq!(other["email_verified"], false);
    let ordered = shop.post("/v1/conversions", guest("1", json!({"email": "other@example.org"}))).await.created();
    assert_eq!(ordered["customer"], Value::Null);
    let none = json!({"email": null, "email_verified": true});
    let refused = shop.put("/v1/customers/anna", none).await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/email_verified");
    let file = "external_id,email,email_verified,phone,phone_verified\nbert,bert@example.org,true,,\n";
    assert_eq!(shop.imported("customers", file).await["refused"], 0);
    assert_eq!(shop.get("/v1/customers/bert").await.ok()["email_verified"], true);
    assert_eq!(shop.imported("customers", file).await["known"], 1);
}

async fn store_credit_is_spent_by_an_account_that_is_named(shop: TestShop) {
    let anna =
        json!({"email": "anna@example.org", "email_verified": true, "phone": "+49 170 1", "phone_verified": true});
    let anna = with(&anna, json!({"phone": "+49 170 1234567"}));
    shop.put("/v1/customers/anna", anna).await.created();
    let grant = json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 900}, "reason": "late"});
    shop.post("/v1/grants", grant).await.created();
    for (number, details) in
        [json!({"email": "ANNA@example.org"}), json!({"phone": "0049 170 1234567"}), json!({"email": "x@example.org"})]
            .into_iter()
            .enumerate()
    {
        let cart = with(&guest(&format!("E-{number}"), details), json!({"store_credit": 900}));
        let checked = shop.post("/v1/vouchers/check", cart.clone()).without("idempotency-key").await.ok();
        assert_eq!((&checked["valid"], &checked["needs"]), (&json!(false), &json!(["customer"])));
        shop.post("/v1/redemptions", cart.clone()).await.refused(422, "customer_required");
        shop.post("/v1/holds", cart).await.refused(422, "customer_required");
    }
    let told = json!({"customer": "evil", "customer_details": {"email": "anna@example.org"}, "store_credit": 900});
    shop.put("/v1/customers/evil", json!({})).await.created();
    shop.post("/v1/redemptions", order("E-9", told)).await.refused(409, "balance_too_low");
    let own = order("A-1", json!({"customer": "anna", "store_credit": 900}));
    assert_eq!(shop.post("/v1/redemptions", own).await.created()["payment"], 900);
}
