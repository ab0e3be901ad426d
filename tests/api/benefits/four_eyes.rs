//! What is given by hand and worth much: two persons look at it, whichever way it is tried.

use crate::support::*;

on_both!(
    a_limit_stands_from_the_first_day,
    nobody_raises_the_limit_alone,
    a_voucher_made_by_hand_is_good_when_another_approved_it,
    a_voucher_is_not_made_worth_more_alone,
    who_lets_another_in_is_no_second_person,
    many_small_gifts_are_a_large_one,
    a_key_of_ones_own_is_ones_own_hand,
    a_key_is_the_shops_when_another_approved_it,
    what_is_given_by_a_file_is_given_by_the_shop,
    a_promotion_asks_for_consent,
    an_export_names_nobody_who_looked,
);

fn grant(customer: &str, amount: i64) -> Value {
    json!({"customer": customer, "reward": {"kind": "store_credit", "amount": amount}, "reason": "late parcel"})
}

async fn set_limit(actor: &Actor, above: Value) -> Answer {
    let etag = actor.get("/v1/shop").await.etag();
    actor.patch("/v1/shop", json!({ "grant_approval_above": above })).if_match(&etag).await
}

async fn a_limit_stands_from_the_first_day(shop: TestShop) {
    shop.customer("c-7").await;
    let settings = shop.get("/v1/shop").await.ok();
    assert_eq!((&settings["grant_approval_above"], &settings["grant_limit_raise"]), (&json!(5000), &Value::Null));
    let manager = shop.operator("manager").await;
    for actor in [&*shop, &manager] {
        let asked = actor.post("/v1/grants", grant("c-7", 5001)).await.created();
        assert_eq!(asked["status"], "pending_approval");
    }
    assert_eq!(shop.get("/v1/customers/c-7/balance").await.ok()["balance"], 0);
}

async fn nobody_raises_the_limit_alone(shop: TestShop) {
    shop.customer("c-7").await;
    let (anton, berta) = (shop.operator("manager").await, shop.operator("owner").await);
    for higher in [json!(null), json!(5001), json!(1_000_000)] {
        set_limit(&shop, higher.clone()).await.refused(409, "four_eyes_required");
        for _ in 0..2 {
            let asked = set_limit(&anton, higher.clone()).await.ok();
            assert_eq!((&asked["grant_approval_above"], &asked["grant_limit_raise"]["above"]), (&json!(5000), &higher));
        }
    }
    assert_eq!(anton.post("/v1/grants", grant("c-7", 5001)).await.created()["status"], "pending_approval");
    let other = set_limit(&berta, json!(6000)).await.ok();
    assert_eq!(other["grant_approval_above"], 5000, "each asked for another one");
    assert_eq!(set_limit(&anton, json!(6000)).await.ok()["grant_approval_above"], 6000);
    let lower = set_limit(&anton, json!(100)).await.ok();
    assert_eq!((&lower["grant_approval_above"], &lower["grant_limit_raise"]), (&json!(100), &Value::Null));
    assert_eq!(set_limit(&shop, json!(0)).await.ok()["grant_approval_above"], 0);
    assert_eq!(anton.post("/v1/grants", grant("c-7", 1)).await.created()["status"], "pending_approval");
    set_limit(&berta, json!(null)).await.ok();
    assert_eq!(set_limit(&anton, json!(null)).await.ok()["grant_approval_above"], Value::Null);
    assert_eq!(anton.post("/v1/grants", grant("c-7", 50_000)).await.created()["status"], "given");
}

async fn a_voucher_made_by_hand_is_good_when_another_approved_it(shop: TestShop) {
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let small = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 10});
    assert_eq!(anton.post("/v1/vouchers", small).await.created()["status"], "active");
    let large = [
        json!({"kind": "gift_card", "amount": 5001}),
        json!({"kind": "amount_off", "amount": 500, "max_redemptions": 11}),
        json!({"kind": "amount_off", "amount": 1, "max_redemptions": null}),
        json!({"kind": "percent_off", "rate_bps": 100}),
        json!({"kind": "free_shipping", "max_redemptions": null}),
    ];
    for (number, body) in large.into_iter().enumerate() {
        let made = anton.post("/v1/vouchers", body.clone()).await.created();
        assert_eq!(
            (&made["status"], &made["asked_by"]["name"]),
            (&json!("pending_approval"), &json!("manager")),
            "{body}"
        );
        let cart = json!({"codes": [made["code"]], "order_id": format!("A-{number}"), "currency": "EUR", "amount": 4000,
                          "shipping_amount": 400});
        shop.post("/v1/redemptions", cart.clone()).await.refused(409, "voucher_not_yet_valid");
        let mut hold = cart.clone();
        hold["cart_id"] = json!("C");
        shop.post("/v1/holds", hold).await.refused(409, "voucher_not_yet_valid");
        let place = path("/v1/vouchers", &made["id"]);
        let approve = format!("{place}/approve");
        anton.patch(&place, json!({"min_order_amount": 1})).if_match("\"1\"").await.refused(409, "illegal_transition");
        anton.post(&format!("{place}/replace"), json!({"reason": "r"})).await.refused(409, "illegal_transition");
        anton.post(&approve, json!({})).await.refused(409, "four_eyes_required");
        shop.post(&approve, json!({})).await.refused(409, "four_eyes_required");
        shop.operator("support").await.post(&approve, json!({})).await.refused(403, "forbidden");
        let good = berta.post(&approve, json!({"reason": "for the fair"})).await.ok();
        assert_eq!((&good["status"], &good["asked_by"]), (&json!("active"), &Value::Null));
        assert_eq!(berta.post(&approve, json!({})).await.ok(), good, "once");
        shop.post("/v1/redemptions", cart).await.created();
    }
    let key_made = shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 20_000})).await.created();
    assert_eq!(key_made["status"], "active", "the shop's backend sells cards");
    let waits = anton.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 5001})).await.created();
    assert_eq!(shop.list("/v1/vouchers?status=pending_approval").await.len(), 1);
    let place = path("/v1/vouchers", &waits["id"]);
    assert_eq!(berta.post(&format!("{place}/void"), json!({"reason": "no"})).await.ok()["status"], "void");
    berta.post(&format!("{place}/approve"), json!({})).await.refused(409, "illegal_transition");
    shop.books_balance().await;
}

async fn a_voucher_is_not_made_worth_more_alone(shop: TestShop) {
    let (anton, later) = (shop.operator("manager").await, "2030-01-01T00:00:00.000Z");
    let uses = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2});
    let percent = json!({"kind": "percent_off", "rate_bps": 1000, "max_redemptions": 2});
    let short = json!({"kind": "gift_card", "amount": 20_000, "valid_until": "2026-12-31T00:00:00.000Z"});
    let table = [
        (uses.clone(), json!({"max_redemptions": 12}), true),
        (uses.clone(), json!({"max_redemptions": 13}), false),
        (uses, json!({"max_redemptions": 1_000_000}), false),
        (percent.clone(), json!({"max_redemptions": 3}), false),
        (percent, json!({"max_redemptions": 1, "min_order_amount": 0}), true),
        (short.clone(), json!({"valid_until": later}), true),
    ];
    for (body, change, is_small) in table {
        let place = path("/v1/vouchers", &shop.post("/v1/vouchers", body).await.created()["id"]);
        let changed = anton.patch(&place, change.clone()).if_match("\"1\"").await;
        match is_small {
            true => drop(changed.ok()),
            false => drop(changed.refused(409, "four_eyes_required")),
        }
        shop.patch(&place, change).if_match(if is_small { "\"2\"" } else { "\"1\"" }).await.ok();
    }
    let place = path("/v1/vouchers", &shop.post("/v1/vouchers", short).await.created()["id"]);
    shop.post("/v1/test/clock", json!({"now": "2027-02-01T00:00:00.000Z"})).await.ok();
    let etag = shop.get(&place).await.etag();
    let extend = json!({ "valid_until": later });
    anton.patch(&place, extend.clone()).if_match(&etag).await.refused(409, "four_eyes_required");
    shop.patch(&place, extend).if_match(&etag).await.ok();
    shop.books_balance().await;
}

/// An operator with a password of this owner's choosing, signed in.
async fn hired(shop: &TestShop, owner: &Actor, role: &str) -> (Value, Actor) {
    let (email, password) = (format!("{}@shop.example", fresh(role)), fresh("password"));
    let operator = json!({"email": email, "name": role, "role": role, "password": password});
    let made = owner.post("/v1/operators", operator).await.created();
    (made, signed_in(shop, &email, &password).await)
}

async fn signed_in(shop: &TestShop, email: &str, password: &str) -> Actor {
    let login = json!({"email": email, "password": password, "shop": shop.id});
    let token = shop.anonymous().post("/v1/operators/token", login).await.ok();
    Actor::bearer(shop.base(), token["access_token"].as_str().expect("a token"))
}

async fn who_lets_another_in_is_no_second_person(shop: TestShop) {
    for customer in ["c-1", "c-2", "c-3", "c-4"] {
        shop.customer(customer).await;
    }
    let owner = shop.operator("owner").await;
    let ((_, one), (made, two)) = (hired(&shop, &owner, "manager").await, hired(&shop, &owner, "manager").await);
    let asked_by = |actor: Actor, customer: &'static str| async move {
        let asked = actor.post("/v1/grants", grant(customer, 9000)).await.created();
        format!("{}/approve", path("/v1/grants", &asked["id"]))
    };
    let approve = asked_by(owner.clone(), "c-1").await;
    one.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    let approve = asked_by(one.clone(), "c-2").await;
    owner.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    two.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    assert_eq!(shop.operator("manager").await.post(&approve, json!({})).await.ok()["status"], "given");
    shop.advance(8).await;
    let approve = asked_by(owner.clone(), "c-3").await;
    assert_eq!(one.post(&approve, json!({})).await.ok()["status"], "given", "by now it is somebody's own");
    // A password that was set anew is known to who set it.
    let (place, password) = (path("/v1/operators", &made["id"]), fresh("password"));
    owner.patch(&place, json!({ "password": password })).await.ok();
    let seized = signed_in(&shop, made["email"].as_str().expect("an address"), &password).await;
    let approve = asked_by(owner.clone(), "c-4").await;
    seized.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    assert_eq!(one.post(&approve, json!({})).await.ok()["status"], "given");
    // Nor does a key of one's own help, nor the limit.
    let key = owner.post("/v1/keys", json!({"name": "mine", "scopes": ["grants:write", "shop:read", "shop:write"]}));
    let key = key.await.created();
    let key = Actor::bearer(shop.base(), key["secret"].as_str().expect("a secret"));
    let approve = asked_by(key.clone(), "c-1").await;
    assert_eq!(owner.post(&approve, json!({})).await.ok()["status"], "pending_approval");
    owner.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    key.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    seized.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    set_limit(&owner, json!(null)).await.ok();
    set_limit(&seized, json!(null)).await.refused(409, "four_eyes_required");
    set_limit(&key, json!(null)).await.refused(409, "four_eyes_required");
}

async fn many_small_gifts_are_a_large_one(shop: TestShop) {
    shop.to_mid_month().await;
    for number in 0..12 {
        shop.customer(&format!("c-{number}")).await;
    }
    let status = |answer: Answer| text(&answer.created()["status"]);
    let (carl, dora) = (shop.operator("support").await, shop.operator("support").await);
    // By operators for one customer up to the limit, whoever gave it.
    assert_eq!(status(carl.post("/v1/grants", grant("c-0", 3000)).await), "given");
    assert_eq!(status(shop.post("/v1/grants", grant("c-0", 2000)).await), "given");
    for actor in [&carl, &dora] {
        assert_eq!(status(actor.post("/v1/grants", grant("c-0", 1)).await), "pending_approval");
    }
    // By a key, behind which a shop's rules may stand, up to ten times the limit.
    for number in 0..10 {
        let expected = if number < 9 { "given" } else { "pending_approval" };
        assert_eq!(status(shop.post("/v1/grants", grant("c-0", 5000)).await), expected, "{number}");
    }
    // By one operator up to ten times the limit.
    for number in 1..10 {
        assert_eq!(status(carl.post("/v1/grants", grant(&format!("c-{number}"), 5000)).await), "given");
    }
    assert_eq!(status(carl.post("/v1/grants", grant("c-10", 2001)).await), "pending_approval");
    assert_eq!(status(carl.post("/v1/grants", grant("c-10", 2000)).await), "given");
    assert_eq!(status(dora.post("/v1/grants", grant("c-11", 5000)).await), "given");
    shop.advance(1).await;
    assert_eq!(status(carl.post("/v1/grants", grant("c-0", 5000)).await), "given", "another day");
    // Vouchers made by hand count with them.
    let manager = shop.operator("manager").await;
    let voucher = json!({"kind": "gift_card", "amount": 3000, "customer": "c-1"});
    assert_eq!(status(manager.post("/v1/vouchers", voucher.clone()).await), "active");
    assert_eq!(status(manager.post("/v1/vouchers", voucher).await), "pending_approval");
    assert_eq!(status(carl.post("/v1/grants", grant("c-1", 2001)).await), "pending_approval");
    shop.books_balance().await;
}

/// All that the shop's own key may do.
async fn all_scopes(shop: &TestShop) -> Value {
    shop.list("/v1/keys").await[0]["scopes"].clone()
}

/// A key that somebody makes, and the one who calls with it.
async fn key_of(shop: &TestShop, maker: &Actor, scopes: &Value) -> (Value, Actor) {
    let made = maker.post("/v1/keys", json!({"name": "mine", "scopes": scopes})).await.created();
    let caller = Actor::bearer(shop.base(), made["secret"].as_str().expect("a secret"));
    (made, caller)
}

async fn a_key_of_ones_own_is_ones_own_hand(shop: TestShop) {
    shop.to_mid_month().await;
    shop.customer("c-1").await;
    let (anton, berta) = (shop.operator("owner").await, shop.operator("owner").await);
    let (made, key) = key_of(&shop, &anton, &all_scopes(&shop).await).await;
    assert_eq!((&made["asked_by"]["type"], &made["asked_by"]["name"]), (&json!("operator"), &json!("owner")));
    let (inner, by_inner) = key_of(&shop, &key, &json!(["vouchers:write"])).await;
    assert_eq!(inner["asked_by"], made["asked_by"], "a key of a key is nobody else's");
    let large = [
        json!({"kind": "gift_card", "amount": 5001}),
        json!({"kind": "gift_card", "amount": 20_000, "reference": "R-1"}),
        json!({"kind": "percent_off", "rate_bps": 10_000}),
        json!({"kind": "amount_off", "amount": 500, "max_redemptions": null}),
    ];
    for (body, asker) in large.into_iter().zip([&key, &by_inner, &key, &by_inner]) {
        let waits = asker.post("/v1/vouchers", body.clone()).await.created();
        assert_eq!((&waits["status"], &waits["asked_by"]), (&json!("pending_approval"), &made["asked_by"]), "{body}");
        let approve = format!("{}/approve", path("/v1/vouchers", &waits["id"]));
        for own in [&anton, asker] {
            own.post(&approve, json!({})).await.refused(409, "four_eyes_required");
        }
        assert_eq!(berta.post(&approve, json!({})).await.ok()["status"], "active", "{body}");
    }
    let file = key.post("/v1/imports?kind=vouchers", json!({})).raw("code,kind,amount\nKARTE-1,gift_card,9000\n");
    file.header("content-type", "text/csv").await.refused(409, "four_eyes_required");
    // What both give one customer within a day counts together, up to the limit of an operator.
    assert_eq!(key.post("/v1/grants", grant("c-1", 3000)).await.created()["status"], "given");
    for asker in [&anton, &key, &by_inner] {
        let card = json!({"kind": "gift_card", "amount": 2001, "customer": "c-1"});
        assert_eq!(asker.post("/v1/vouchers", card).await.created()["status"], "pending_approval");
    }
    let small = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 2});
    let place = path("/v1/vouchers", &key.post("/v1/vouchers", small).await.created()["id"]);
    let more = key.patch(&place, json!({"max_redemptions": 13})).if_match("\"1\"").await;
    more.refused(409, "four_eyes_required");
    // Whom it lets in is let in by its maker.
    let (_, friend) = hired(&shop, &key, "support").await;
    let (other, _) = hired(&shop, &key, "owner").await;
    let approve =
        format!("{}/approve", path("/v1/grants", &friend.post("/v1/grants", grant("c-1", 9000)).await.created()["id"]));
    anton.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    let password = fresh("password");
    key.patch(&path("/v1/operators", &other["id"]), json!({ "password": password })).await.ok();
    let seized = signed_in(&shop, other["email"].as_str().expect("an address"), &password).await;
    seized.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    assert_eq!(berta.post(&approve, json!({})).await.ok()["status"], "given");
    shop.books_balance().await;
}

async fn a_key_is_the_shops_when_another_approved_it(shop: TestShop) {
    let (anton, berta) = (shop.operator("owner").await, shop.operator("owner").await);
    let (made, key) = key_of(&shop, &anton, &all_scopes(&shop).await).await;
    let (place, card) = (path("/v1/keys", &made["id"]), json!({"kind": "gift_card", "amount": 20_000}));
    let approve = format!("{place}/approve");
    let (_, mine) = hired(&shop, &anton, "owner").await;
    for nobody_else in [&anton, &key, &mine, &*shop] {
        nobody_else.post(&approve, json!({})).await.refused(409, "four_eyes_required");
    }
    shop.operator("manager").await.post(&approve, json!({})).await.refused(403, "forbidden");
    for _ in 0..2 {
        let approved = berta.post(&approve, json!({"reason": "the till at the fair"})).await.ok();
        assert_eq!((&approved["id"], &approved["asked_by"]), (&made["id"], &Value::Null));
    }
    assert_eq!(shop.get(&place).await.ok()["asked_by"], Value::Null);
    assert_eq!(key.post("/v1/vouchers", card.clone()).await.created()["status"], "active");
    assert_eq!(key_of(&shop, &key, &json!(["vouchers:write"])).await.0["asked_by"], Value::Null);
    let noted = shop.list("/v1/audit_log?action=approve_key").await;
    assert_eq!((noted.len(), &noted[0]["reason"]), (1, &json!("the till at the fair")));
    // Less is no news; more is, and so is a secret that its maker knows.
    anton.patch(&place, json!({"name": "till", "scopes": ["customers:read"]})).await.ok();
    assert_eq!(shop.get(&place).await.ok()["asked_by"], Value::Null);
    let wider = anton.patch(&place, json!({"scopes": ["customers:read", "vouchers:write"]})).await.ok();
    assert_eq!(wider["asked_by"], made["asked_by"]);
    assert_eq!(key.post("/v1/vouchers", card.clone()).await.created()["status"], "pending_approval");
    berta.post(&approve, json!({})).await.ok();
    let rotated = anton.post("/v1/keys", json!({"name": "new", "scopes": ["vouchers:write"], "rotates": made["id"]}));
    assert_eq!(rotated.await.created()["asked_by"], made["asked_by"]);
    // Nobody approves what they may not do themselves, nor what is gone.
    anton.delete(&place).await.no_content();
    berta.post(&approve, json!({})).await.refused(404, "not_found");
}

async fn what_is_given_by_a_file_is_given_by_the_shop(shop: TestShop) {
    let file = "code,kind,amount\nALTE-KARTE-1,gift_card,900000\n";
    let form = |actor: &Actor| {
        let ask = actor.post("/v1/imports?kind=vouchers", json!({}));
        ask.raw(file).header("content-type", "text/csv")
    };
    let manager = shop.operator("owner").await;
    form(&manager).await.refused(409, "four_eyes_required");
    form(&shop.key(&["imports:write"]).await).await.refused(403, "forbidden");
    assert!(shop.list("/v1/jobs").await.is_empty());
    form(&shop.key(&["imports:write", "vouchers:write"]).await).await.accepted();
}

async fn a_promotion_asks_for_consent(shop: TestShop) {
    shop.customer("anna").await;
    shop.customer("bert").await;
    let consent = json!({"consents": [{"kind": "marketing_mail", "given": true}]});
    shop.put("/v1/customers/bert", consent).await.ok();
    let given = |customer: &str, purpose: Value| {
        let mut body = grant(customer, 100);
        body["purpose"] = purpose;
        shop.post("/v1/grants", body)
    };
    given("anna", json!("fun")).await.refused(422, "invalid_field");
    let table = [
        ("anna", json!("promotion"), "no_consent"),
        ("anna", json!("compensation"), "test_shop"),
        ("anna", Value::Null, "test_shop"),
        ("bert", json!("promotion"), "test_shop"),
    ];
    for (customer, purpose, reason) in table {
        let grant = given(customer, purpose.clone()).await.created();
        assert_eq!(grant["purpose"], purpose);
        let reward = shop.get(&path("/v1/rewards", &grant["reward_id"])).await.ok();
        let message = shop.get(&path("/v1/messages", &reward["message"])).await.ok();
        assert_eq!(
            (&message["status"], &message["reason"]),
            (&json!("suppressed"), &json!(reason)),
            "{customer} {purpose}"
        );
        let again =
            shop.post(&format!("{}/resend", path("/v1/messages", &message["id"])), json!({"to": "current"})).await;
        assert_eq!(again.created()["reason"], reason, "nor when it is asked for again");
    }
}

async fn an_export_names_nobody_who_looked(shop: TestShop) {
    shop.customer("anna").await;
    let manager = shop.operator("manager").await;
    let asked = shop.post("/v1/grants", grant("anna", 9000)).await.created();
    manager.post(&format!("{}/approve", path("/v1/grants", &asked["id"])), json!({})).await.ok();
    let card = json!({"kind": "gift_card", "amount": 9000, "customer": "anna"});
    assert_eq!(manager.post("/v1/vouchers", card).await.created()["status"], "pending_approval");
    let export = shop.get("/v1/customers/anna/export").await.ok();
    let nameless = json!({"type": "operator", "id": null, "name": "operator"});
    assert_eq!((&export["grants"][0]["approved_by"], &export["vouchers"][0]["asked_by"]), (&nameless, &nameless));
    assert!(shop.browser("anna").await.get("/v1/me/vouchers").await.ok()["data"] == json!([]), "it is nobody's yet");
}
