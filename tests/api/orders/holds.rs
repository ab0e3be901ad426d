//! Holds: codes and balances set aside for one checkout.

use futures_util::future::join_all;

use crate::orders::checkout::{self, Town};
use crate::support::*;

on_both!(
    what_is_held_is_nobody_elses_until_it_is_over,
    a_redemption_spends_what_its_cart_has_set_aside,
    a_hold_is_redeemed_by_its_name,
    the_same_name_replaces_what_is_held,
    a_hold_lapses_by_its_time,
    a_voucher_that_ends_while_it_is_held_is_still_good,
    balances_and_discounts_are_set_aside,
    an_order_whose_payment_failed_knows_its_cart,
    what_cannot_be_is_refused,
    two_hundred_checkouts_hold_five_uses,
    one_hold_ends_in_one_state,
    the_last_uses_of_carts_that_were_left_are_everybodys,
);

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

fn cart(changes: Value) -> Value {
    let mut cart = json!({"currency": "EUR", "amount": 5000});
    for (name, value) in changes.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

fn reasons(checked: &Value) -> &Value {
    &checked["lines"][0]["reasons"]
}

async fn standing(shop: &TestShop, voucher: &Value) -> [Value; 4] {
    let shown = shop.get(&path("/v1/vouchers", &voucher["id"])).await.ok();
    ["status", "used", "held", "remaining_uses"].map(|field| shown[field].clone())
}

async fn what_is_held_is_nobody_elses_until_it_is_over(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let ours = cart(json!({"codes": [made["code"]], "cart_id": "C/1 %"}));
    let answer = shop.post("/v1/holds", ours.clone()).await;
    let hold = answer.created();
    let place = path("/v1/holds", &hold["id"]);
    assert_eq!(answer.header("location"), Some(place.as_str()));
    assert_eq!((&hold["status"], &hold["discount"], &hold["cart_id"]), (&json!("held"), &json!(500), &json!("C/1 %")));
    assert_eq!(standing(&shop, &made).await, [json!("active"), json!(0), json!(1), json!(0)]);
    assert_eq!(shop.get(&place).await.ok(), hold);
    assert_eq!(shop.list("/v1/holds?cart_id=C%2F1%20%25&status=held").await, [hold]);

    let theirs = cart(json!({"codes": [made["code"]], "order_id": "2"}));
    assert_eq!(reasons(&shop.post("/v1/vouchers/check", theirs.clone()).await.ok()), &json!(["held"]));
    shop.post("/v1/redemptions", theirs.clone()).await.refused(409, "voucher_held");
    shop.post("/v1/holds", theirs.clone()).await.refused(409, "voucher_held");
    shop.post(&format!("{}/replace", path("/v1/vouchers", &made["id"])), json!({"reason": "lost"}))
        .await
        .refused(409, "voucher_held");
    assert_eq!(shop.post("/v1/vouchers/check", ours).await.ok()["valid"], true, "for its own cart it is there");

    shop.delete(&place).await.no_content();
    shop.delete(&place).await.no_content();
    assert_eq!(shop.get(&place).await.ok()["status"], "released");
    shop.post("/v1/redemptions", theirs).await.created();
    shop.books_balance().await;
}

async fn a_redemption_spends_what_its_cart_has_set_aside(shop: TestShop) {
    for name in ["cart_id", "order_id"] {
        let made = voucher(&shop, json!({})).await;
        let mut ours = cart(json!({"codes": [made["code"]]}));
        ours[name] = json!(name);
        let hold = shop.post("/v1/holds", ours.clone()).await.created();
        ours["order_id"] = json!(name);
        let redeemed = shop.post("/v1/redemptions", ours.clone()).await.created();
        assert_eq!(redeemed["discount"], 500);
        let place = path("/v1/holds", &hold["id"]);
        let after = shop.get(&place).await.ok();
        assert_eq!((&after["status"], &after["redemption"]), (&json!("redeemed"), &redeemed["id"]));
        assert_eq!(standing(&shop, &made).await, [json!("spent"), json!(1), json!(0), json!(0)]);
        shop.delete(&place).await.refused(409, "illegal_transition");
        assert_eq!(shop.post("/v1/redemptions", ours).await.ok(), redeemed, "the same again");
    }
    shop.books_balance().await;
}

async fn a_hold_is_redeemed_by_its_name(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let guest = json!({"email": "bert@mail.example"});
    let ours = cart(json!({"codes": [made["code"]], "cart_id": "C-1", "customer_details": guest}));
    let hold = shop.post("/v1/holds", ours).await.created();
    let from_hold = json!({"hold": hold["id"], "order_id": "A-1"});
    let redeemed = shop.post("/v1/redemptions", from_hold.clone()).await.created();
    assert_eq!((&redeemed["order_id"], &redeemed["customer_id"]), (&json!("A-1"), &hold["customer_id"]));
    assert_eq!(redeemed["lines"][0]["code"], made["code"]);
    assert_eq!(shop.post("/v1/redemptions", from_hold).await.ok(), redeemed, "the same again");
    shop.books_balance().await;
}

async fn the_same_name_replaces_what_is_held(shop: TestShop) {
    let (one, other) = (voucher(&shop, json!({})).await, voucher(&shop, json!({"amount": 700})).await);
    let of = |made: &Value| cart(json!({"codes": [made["code"]], "cart_id": "C-1"}));
    let first = shop.post("/v1/holds", of(&one)).await.created();
    let second = shop.post("/v1/holds", of(&other)).await.ok();
    assert_eq!((&second["id"], &second["discount"]), (&first["id"], &json!(700)));
    assert_eq!(
        (standing(&shop, &one).await[2].clone(), standing(&shop, &other).await[2].clone()),
        (json!(0), json!(1))
    );
    let mut named = of(&other);
    named["order_id"] = json!("A-1");
    let third = shop.post("/v1/holds", named).await.ok();
    assert_eq!((&third["id"], &third["order_id"], &third["cart_id"]), (&first["id"], &json!("A-1"), &json!("C-1")));
    assert_eq!(shop.list("/v1/holds").await.len(), 1);
    let by_order = cart(json!({"codes": [other["code"]], "order_id": "A-1"}));
    shop.post("/v1/redemptions", by_order).await.created();
    let again = shop.post("/v1/holds", of(&one)).await.created();
    assert_ne!(again["id"], first["id"], "what was redeemed is over");
    shop.books_balance().await;
}

async fn a_hold_lapses_by_its_time(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let ours = cart(json!({"codes": [made["code"]], "cart_id": "C-1", "ttl_seconds": 60}));
    let hold = shop.post("/v1/holds", ours).await.created();
    shop.advance(1).await;
    assert_eq!(shop.get(&path("/v1/holds", &hold["id"])).await.ok()["status"], "expired");
    assert_eq!(standing(&shop, &made).await, [json!("active"), json!(0), json!(0), json!(1)]);
    let from_hold = json!({"hold": hold["id"], "order_id": "A-1"});
    shop.post("/v1/redemptions", from_hold).await.refused(409, "hold_expired");
    let events: Vec<Value> = elements(&shop.get("/v1/events").await.ok()["data"]);
    let told: Vec<&Value> = events.iter().filter(|event| event["type"] == "hold.expired").collect();
    assert_eq!((told.len(), &told[0]["data"]["id"]), (1, &hold["id"]));
    let ours = cart(json!({"codes": [made["code"]], "cart_id": "C-1", "order_id": "A-1"}));
    shop.post("/v1/redemptions", ours).await.created();
    shop.books_balance().await;
}

async fn a_voucher_that_ends_while_it_is_held_is_still_good(shop: TestShop) {
    let clock = shop.post("/v1/test/clock", json!({"advance_days": 0})).await.ok();
    let now = text(&clock["now"]).parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
    let hours = |hours: i64| {
        let at = now + chrono::TimeDelta::hours(hours);
        json!(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    };
    let made = voucher(&shop, json!({"valid_until": hours(12)})).await;
    let card = voucher(&shop, json!({"kind": "gift_card", "amount": 3000, "valid_until": hours(12)})).await;
    let ours = |amount: Value| {
        let codes = json!([made["code"], {"code": card["code"], "amount": amount}]);
        cart(json!({"codes": codes, "cart_id": "C-1", "order_id": "A-1"}))
    };
    let mut held = ours(json!(700));
    held["ttl_seconds"] = json!(86400);
    shop.post("/v1/holds", held).await.created();
    shop.post("/v1/test/clock", json!({"now": hours(13)})).await.ok();
    let more = shop.post("/v1/redemptions", ours(json!(701))).await.refused(409, "voucher_expired");
    assert_eq!(more["errors"][0]["pointer"], "/codes/1", "of a card no more is good than was set aside");
    for amount in [json!(700), Value::Null] {
        let checked = shop.post("/v1/vouchers/check", ours(amount)).await.ok();
        assert_eq!((&checked["valid"], &checked["payment"]), (&json!(true), &json!(700)));
    }
    shop.post("/v1/redemptions", ours(Value::Null)).await.created();
    shop.books_balance().await;
}

async fn balances_and_discounts_are_set_aside(shop: TestShop) {
    let town = checkout::town(shop, json!({"budget": {"amount": 900}})).await;
    let shop = &town.shop;
    shop.customer("bert").await;
    let grant = json!({"customer": "bert", "reward": {"kind": "store_credit", "amount": 1000}, "reason": "late"});
    shop.post("/v1/grants", grant).await.created();
    let card = shop.post("/v1/vouchers", json!({"kind": "gift_card", "amount": 2000})).await.created();
    let codes = json!([{"code": card["code"], "amount": 1500}, town.code]);
    let ours = cart(json!({"codes": codes, "store_credit": 800, "customer": "bert", "cart_id": "C-1"}));
    let hold = shop.post("/v1/holds", ours.clone()).await.created();
    assert_eq!((&hold["discount"], &hold["payment"]), (&json!(500), &json!(2300)));
    assert_eq!(shop.get(&path("/v1/vouchers", &card["id"])).await.ok()["balance"], 500);
    assert_eq!(shop.get("/v1/customers/bert/balance").await.ok()["balance"], 200);
    assert_eq!(shop.get(&path("/v1/programs", &town.program["id"])).await.ok()["budget"]["used"], 500);
    shop.books_balance().await;
    refuses_others(&town, &card).await;
    let redeemed = shop.post("/v1/redemptions", json!({"hold": hold["id"], "order_id": "A-1"})).await.created();
    assert_eq!((&redeemed["discount"], &redeemed["payment"]), (&json!(500), &json!(2300)));
    assert_eq!(shop.list("/v1/referrals").await.len(), 1, "the redemption makes the referral");
    shop.books_balance().await;
}

async fn refuses_others(town: &Town, card: &Value) {
    let guest = json!({"email": "carl@mail.example"});
    let table = [
        (json!({"codes": [{"code": card["code"], "amount": 501}]}), "voucher_held"),
        (json!({"customer": "bert", "store_credit": 201}), "balance_too_low"),
        (json!({"customer": "bert", "codes": [town.code]}), "limit_reached"),
        (json!({"customer_details": guest, "codes": [town.code]}), "budget_exhausted"),
    ];
    for (fields, code) in table {
        let mut theirs = cart(fields);
        theirs["order_id"] = json!("theirs");
        town.shop.post("/v1/redemptions", theirs).await.refused(409, code);
    }
}

async fn an_order_whose_payment_failed_knows_its_cart(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let hold = shop.post("/v1/holds", cart(json!({"codes": [made["code"]], "cart_id": "C-1"}))).await.created();
    let from_hold = json!({"hold": hold["id"], "order_id": "A-1"});
    let first = shop.post("/v1/redemptions", from_hold.clone()).await.created();
    let undo = json!({"reversal_id": "R-1", "reason": "the card was refused"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &first["id"])), undo).await.created();
    let again = shop.post("/v1/redemptions", from_hold).await.created();
    assert_ne!(again["id"], first["id"]);
    shop.books_balance().await;
}

async fn what_cannot_be_is_refused(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let good = cart(json!({"codes": [made["code"]], "cart_id": "C-1"}));
    let with = |changes: Value| {
        let mut cart = good.clone();
        for (name, value) in changes.as_object().into_iter().flatten() {
            cart[name] = value.clone();
        }
        cart
    };
    let table = [
        (with(json!({"cart_id": null})), 422, "invalid_field"),
        (with(json!({"ttl_seconds": 0})), 422, "invalid_field"),
        (with(json!({"ttl_seconds": 86_401})), 422, "invalid_field"),
        (with(json!({"codes": []})), 422, "not_applicable"),
        (with(json!({"codes": ["NOSUCHCODE12"]})), 422, "voucher_unknown"),
        (with(json!({"customer": "cus_00000000000000000000000000"})), 422, "customer_unknown"),
    ];
    for (cart, status, code) in table {
        shop.post("/v1/holds", cart).await.refused(status, code);
    }
    shop.post("/v1/vouchers/check", with(json!({"ttl_seconds": 60}))).await.refused(422, "unknown_field");
    shop.post("/v1/redemptions", with(json!({"ttl_seconds": 60, "order_id": "1"}))).await.refused(422, "unknown_field");
    for hold in ["hld_00000000000000000000000000", "C-1"] {
        shop.post("/v1/redemptions", json!({"hold": hold, "order_id": "1"})).await.refused(422, "hold_unknown");
    }
    let hold = shop.post("/v1/holds", with(json!({"order_id": "A-1"}))).await.created();
    let elsewhere = json!({"hold": hold["id"], "order_id": "A-2"});
    shop.post("/v1/redemptions", elsewhere).await.refused(422, "invalid_field");
    shop.post("/v1/redemptions", json!({"hold": hold["id"], "order_id": "A-1"})).await.created();
    shop.post("/v1/holds", with(json!({"order_id": "A-1"}))).await.refused(409, "illegal_transition");
    let other = shop.another().await;
    other.get(&path("/v1/holds", &hold["id"])).await.refused(404, "not_found");
    other.delete(&path("/v1/holds", &hold["id"])).await.refused(404, "not_found");
    other.post("/v1/redemptions", json!({"hold": hold["id"], "order_id": "1"})).await.refused(422, "hold_unknown");
    let viewer = shop.operator("viewer").await;
    assert!(text(&viewer.get(&path("/v1/holds", &hold["id"])).await.ok()["lines"][0]["code"]).starts_with("****"));
}

/// Nobody sweeps before them: whoever needs a use ends the hold that is over.
async fn the_last_uses_of_carts_that_were_left_are_everybodys(shop: TestShop) {
    let made = voucher(&shop, json!({"max_redemptions": 60, "per_customer": 1})).await;
    let of = |number: usize, name: &str| {
        let details = json!({"email": format!("guest-{number}@example.org")});
        cart(json!({"codes": [made["code"]], name: format!("C-{number}"), "customer_details": details}))
    };
    let holds = (0..60).map(|number| shop.post("/v1/holds", of(number, "cart_id")).into_future());
    assert!(join_all(holds).await.iter().all(|answer| answer.status() == 201));
    assert_eq!(reasons(&shop.post("/v1/vouchers/check", of(99, "cart_id")).await.ok()), &json!(["held"]));
    shop.advance(1).await;
    let redemptions = (0..80).map(|number| shop.post("/v1/redemptions", of(number + 20, "order_id")).into_future());
    let answers = join_all(redemptions).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 60, "of sixty uses sixty");
    assert_eq!(standing(&shop, &made).await, [json!("spent"), json!(60), json!(0), json!(0)]);
    shop.books_balance().await;
}

pub async fn two_hundred_checkouts_hold_five_uses(shop: TestShop) {
    let made = voucher(&shop, json!({"max_redemptions": 5})).await;
    let asks = shop.everywhere().take(200).enumerate().map(|(number, client)| {
        let cart =
            cart(json!({"codes": [made["code"]], "cart_id": format!("C-{number}"), "order_id": format!("A-{number}")}));
        let place = if number % 2 == 0 { "/v1/holds" } else { "/v1/redemptions" };
        client.post(place, cart).into_future()
    });
    let answers = join_all(asks).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 5);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        assert!(matches!(text(&answer.json()["code"]).as_str(), "voucher_held" | "limit_reached"), "{answer:?}");
    }
    let [_, used, held, left] = standing(&shop, &made).await;
    assert_eq!((used.as_i64().zip(held.as_i64()).map(|(used, held)| used + held), left), (Some(5), json!(0)));
    shop.books_balance().await;
}

/// Redeemed, released, replaced and looked at by many at once, again and again.
pub async fn one_hold_ends_in_one_state(shop: TestShop) {
    for round in 0..8 {
        let made = voucher(&shop, json!({})).await;
        let ours = cart(json!({"codes": [made["code"]], "cart_id": format!("C-{round}")}));
        let hold = shop.post("/v1/holds", ours.clone()).await.created();
        let place = path("/v1/holds", &hold["id"]);
        let redeem = json!({"hold": hold["id"], "order_id": format!("A-{round}")});
        let mut theirs = ours.clone();
        (theirs["cart_id"], theirs["order_id"]) = (Value::Null, json!(format!("B-{round}")));
        let asks = shop.everywhere().take(24).enumerate().map(|(number, client)| match (number + round) % 4 {
            0 => client.post("/v1/redemptions", redeem.clone()).into_future(),
            1 => client.delete(&place).into_future(),
            2 => client.post("/v1/redemptions", theirs.clone()).into_future(),
            _ => client.post("/v1/vouchers/check", ours.clone()).into_future(),
        });
        let answers = join_all(asks).await;
        let redeemed = answers.iter().filter(|answer| answer.status() == 201).count();
        let after = shop.get(&place).await.ok();
        let [status, used, held, _] = standing(&shop, &made).await;
        match after["status"].as_str() {
            Some("redeemed") => assert_eq!((redeemed, &used), (1, &json!(1))),
            Some("released") => assert!(redeemed <= 1 && used == json!(redeemed), "{used} {redeemed}"),
            other => panic!("a hold that was ended is {other:?}"),
        }
        assert_eq!((held, status), (json!(0), json!(if redeemed == 1 { "spent" } else { "active" })));
        let orders = [format!("A-{round}"), format!("B-{round}")];
        let mut live = 0;
        for order in orders {
            live += shop.list(&format!("/v1/redemptions?order_id={order}")).await.len();
        }
        assert_eq!(live, redeemed);
    }
    shop.books_balance().await;
}
