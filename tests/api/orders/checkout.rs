//! Discounts `on: checkout`: an advocate's code, or the link by which somebody came, in the friend's
//! own order.

use futures_util::future::join_all;

use crate::orders::items::never_discounts;
use crate::support::*;

on_both!(
    a_guest_types_a_code_and_pays_less_now,
    a_link_gives_the_discount_without_typing,
    the_order_may_be_reported_before_its_discount_is_redeemed,
    a_side_that_has_something_issued_gets_nothing_new_by_a_late_discount,
    an_approved_order_stays_with_whom_it_is_credited_to,
    a_cancelled_order_makes_no_regular_new,
    each_refusal_has_its_code,
    a_check_asks_who_buys,
    what_the_shop_never_discounts_keeps_its_price_for_friends_too,
    a_budget_that_has_no_room_refuses_the_discount_and_no_voucher,
    two_hundred_guests_with_one_address_are_one,
    an_order_and_its_discount_told_at_once,
    an_order_is_measured_before_the_discount_that_it_was_given,
    a_discount_that_cannot_be_is_refused,
);

pub struct Town {
    pub shop: TestShop,
    pub program: Value,
    pub code: String,
}

/// Anna recommends; 10 % off the friend's order, 10.00 for her after 30 days.
pub async fn town(shop: TestShop, changes: Value) -> Town {
    let mut fields = json!({"rewards": [
        {"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
    ]});
    for (name, value) in changes.as_object().into_iter().flatten() {
        fields[name] = value.clone();
    }
    let program = shop.program(fields).await;
    shop.customer("anna").await;
    let code = code_of(&shop, &program, "anna").await;
    Town { shop, program, code }
}

async fn code_of(shop: &TestShop, program: &Value, advocate: &str) -> String {
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    text(&shop.post(&codes, json!({"customer": advocate})).await.created()["code"])
}

fn cart(order_id: &str, changes: Value) -> Value {
    let mut cart = json!({"order_id": order_id, "currency": "EUR", "amount": 5000, "shipping_amount": 490});
    for (name, value) in changes.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

pub async fn used(town: &Town) -> Value {
    town.shop.get(&path("/v1/programs", &town.program["id"])).await.ok()["budget"]["used"].clone()
}

async fn a_guest_types_a_code_and_pays_less_now(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let (shop, guest) = (&town.shop, json!({"email": "bert@mail.example"}));
    let order = cart("A/10+01%", json!({"codes": [town.code], "customer_details": guest}));
    let checked = shop.post("/v1/vouchers/check", order.clone()).await.ok();
    assert_eq!(
        (&checked["valid"], &checked["discount"], &checked["payable"]),
        (&json!(true), &json!(500), &json!(4990))
    );
    let made = shop.post("/v1/redemptions", order.clone()).await.created();
    let line = &made["lines"][0];
    assert_eq!(
        (&line["source"], &line["program"], &line["advocate"]),
        (&json!("program"), &town.program["id"], &json!("anna"))
    );
    assert_eq!(used(&town).await, 500);
    let undo = json!({"reversal_id": "R-1", "reason": "the card was refused"});
    let undone = shop.post(&format!("{}/reversals", path("/v1/redemptions", &made["id"])), undo).await.created();
    assert_eq!((&undone["lines"][0]["program"], &undone["lines"][0]["uses"]), (&town.program["id"], &json!(1)));
    assert_eq!(used(&town).await, 0);
    shop.post("/v1/redemptions", order).await.created();
    let referral = shop.list("/v1/referrals").await.remove(0);
    assert_eq!((&referral["method"], &referral["status"]), (&json!("code"), &json!("open")));
    let order = json!({"order_id": "A/10+01%", "customer_details": {"email": "BERT@mail.example"}, "amount": 4500, "currency": "EUR"});
    let order = shop.post("/v1/conversions", order).await.created();
    assert_eq!(
        (&order["attribution"]["method"], &order["attribution"]["advocate"]),
        (&json!("voucher"), &json!("anna"))
    );
    assert_eq!(elements(&order["rewards"]).len(), 1);
    shop.advance(31).await;
    assert_eq!(shop.list("/v1/rewards").await.remove(0)["status"], "issued");
    assert_eq!(used(&town).await, 1500);
    shop.books_balance().await;
}

async fn a_link_gives_the_discount_without_typing(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let share = json!({"program": town.program["id"], "customer": "anna", "channel": "whatsapp"});
    let share = town.shop.post("/v1/shares", share).await.created();
    town.shop.customer("bert").await;
    let order = cart("1", json!({"customer": "bert", "evidence": {"token": share["token"]}}));
    let made = town.shop.post("/v1/redemptions", order).await.created();
    assert_eq!((&made["discount"], &made["lines"][0]["code"]), (&json!(500), &Value::Null));
    let referral = town.shop.list("/v1/referrals").await.remove(0);
    assert_eq!((&referral["method"], &referral["channel"]), (&json!("token"), &json!("whatsapp")));
    let order = json!({"order_id": "1", "customer": "bert", "amount": 4500, "currency": "EUR"});
    let order = town.shop.post("/v1/conversions", order).await.created();
    assert_eq!((&order["attribution"]["method"], &order["attribution"]["share"]), (&json!("token"), &share["id"]));
    // Told the other way round it is the link, too.
    let late =
        json!({"order_id": "2", "customer_details": {"email": "eve@mail.example"}, "amount": 4500, "currency": "EUR"});
    assert_eq!(town.shop.post("/v1/conversions", late).await.created()["attribution"]["method"], "none");
    let given = json!({"customer_details": {"email": "eve@mail.example"}, "evidence": {"token": share["token"]}});
    town.shop.post("/v1/redemptions", cart("2", given)).await.created();
    let order = town.shop.get("/v1/conversions/2").await.ok();
    assert_eq!((&order["attribution"]["method"], &order["attribution"]["share"]), (&json!("token"), &share["id"]));
    let told = town.shop.get("/v1/customers/bert/timeline?locale=en&limit=200").await.text().to_owned();
    assert!(told.contains("on the recommendation of anna") && told.contains("by link"), "{told}");
    town.shop.books_balance().await;
}

async fn the_order_may_be_reported_before_its_discount_is_redeemed(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let shop = &town.shop;
    shop.customer("carl").await;
    let carls = code_of(shop, &town.program, "carl").await;
    for (guest, evidence, losers) in
        [("1", json!({}), 0), ("2", json!({"code": town.code}), 0), ("3", json!({"code": carls}), 1)]
    {
        let details = json!({"email": format!("{guest}@mail.example")});
        let order = json!({"order_id": guest, "customer_details": details, "amount": 4500, "currency": "EUR", "evidence": evidence});
        let reported = shop.post("/v1/conversions", order.clone()).await.created();
        assert_ne!(reported["attribution"]["method"], "voucher");
        let cart = cart(guest, json!({"codes": [town.code], "customer_details": details}));
        let made = shop.post("/v1/redemptions", cart).await.created();
        assert_eq!(made["discount"], 500);
        let after = shop.post("/v1/conversions", order).await.ok();
        let credit = &after["attribution"];
        assert_eq!((&credit["method"], &credit["advocate"]), (&json!("voucher"), &json!("anna")));
        let considered = elements(&credit["considered"]);
        assert_eq!(considered.len(), losers, "nobody loses to herself");
        assert!(considered.iter().all(|loser| loser["advocate"] == "carl" && loser["outcome"] == "weaker"));
        assert_eq!(after["status"], "pending");
        let live = elements(&after["rewards"]).into_iter().filter(|reward| reward["status"] != "voided");
        let hers: Vec<Value> = live.map(|reward| reward["customer"].clone()).collect();
        assert_eq!(hers, [json!("anna")]);
    }
    assert_eq!(used(&town).await, 4500);
    shop.books_balance().await;
    let told = shop.get("/v1/customers/carl/timeline?locale=en").await.ok();
    let sentences: Vec<String> = elements(&told["data"]).iter().map(|moment| text(&moment["sentence"])).collect();
    let lost = "€10.00 off: taken back (another advocate gave the discount in the order).";
    assert!(sentences.iter().any(|sentence| sentence == lost), "{sentences:#?}");
    shop.advance(31).await;
    assert_eq!(shop.list("/v1/rewards?status=issued").await.len(), 3);
    shop.books_balance().await;
}

async fn a_side_that_has_something_issued_gets_nothing_new_by_a_late_discount(shop: TestShop) {
    let rewards = json!([
        {"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1500},
        {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 300},
    ]);
    let town = town(shop, json!({"rewards": rewards})).await;
    let shop = &town.shop;
    let other = shop.program(json!({"slug": "other"})).await;
    let share = shop.share(&other, "carl").await;
    for (number, approved, advocates, friends) in [
        ("1", vec!["advocate"], ("issued", 1000), ("pending", 300)),
        ("2", vec!["friend"], ("pending", 1500), ("issued", 500)),
        ("3", vec!["advocate", "friend"], ("issued", 1000), ("issued", 500)),
    ] {
        let details = json!({"email": format!("{number}@mail.example")});
        let order = json!({"order_id": number, "customer_details": details, "amount": 4500, "currency": "EUR",
                           "evidence": {"token": share["token"]}});
        let reported = shop.post("/v1/conversions", order.clone()).await.created();
        for reward in elements(&reported["rewards"]).iter().filter(|one| approved.contains(&text(&one["to"]).as_str()))
        {
            let approve = format!("{}/approve", path("/v1/rewards", &reward["id"]));
            shop.post(&approve, json!({"reason": "known to be good"})).await.ok();
        }
        let cart = cart(number, json!({"codes": [town.code], "customer_details": details}));
        shop.post("/v1/redemptions", cart).await.created();
        let after = shop.post("/v1/conversions", order).await.ok();
        assert_eq!((&after["status"], &after["attribution"]["advocate"]), (&json!("pending"), &json!("anna")));
        for (side, (status, worth)) in [("advocate", advocates), ("friend", friends)] {
            let live = |one: &Value| one["to"] == side && one["status"] != "voided";
            let live: Vec<Value> = elements(&after["rewards"]).into_iter().filter(live).collect();
            let rows: Vec<_> = live.iter().map(|one| (&one["status"], &one["cost_amount"])).collect();
            assert_eq!(rows, [(&json!(status), &json!(worth))], "{number}: {side}");
        }
        shop.books_balance().await;
    }
    shop.advance(31).await;
    assert_eq!(shop.list("/v1/rewards?status=issued").await.len(), 6);
    shop.books_balance().await;
}

async fn an_approved_order_stays_with_whom_it_is_credited_to(shop: TestShop) {
    let town = town(shop, json!({"pending_days": 0})).await;
    let shop = &town.shop;
    shop.customer("carl").await;
    shop.customer("bert").await;
    let carls = code_of(shop, &town.program, "carl").await;
    let order =
        json!({"order_id": "1", "customer": "bert", "amount": 4500, "currency": "EUR", "evidence": {"code": carls}});
    assert_eq!(shop.post("/v1/conversions", order).await.created()["status"], "approved");
    let made = shop.post("/v1/redemptions", cart("1", json!({"codes": [town.code], "customer": "bert"}))).await;
    assert_eq!(made.created()["discount"], 500);
    let after = shop.get("/v1/conversions/1").await.ok();
    assert_eq!((&after["status"], &after["attribution"]["advocate"]), (&json!("approved"), &json!("carl")));
    let loser = &after["attribution"]["considered"][0];
    assert_eq!((&loser["advocate"], &loser["outcome"]), (&json!("anna"), &json!("too_late")));
    let told = shop.get("/v1/customers/bert/timeline").await.ok();
    assert!(
        elements(&told["data"]).iter().any(|moment| text(&moment["sentence"]).contains("schon bestätigt")),
        "{told}"
    );
    shop.books_balance().await;
}

async fn a_cancelled_order_makes_no_regular_new(shop: TestShop) {
    let town = town(shop, json!({"qualifying": {"new_customers_only": true}})).await;
    let shop = &town.shop;
    shop.customer("ben").await;
    for order_id in ["B-1", "A-1"] {
        let order = json!({"order_id": order_id, "customer": "ben", "amount": 4500, "currency": "EUR"});
        shop.post("/v1/conversions", order).await.created();
    }
    shop.post("/v1/conversions/A-1/cancelled", json!({})).await.ok();
    for order_id in ["A-1", "A-2"] {
        let cart = cart(order_id, json!({"codes": [town.code], "customer": "ben"}));
        shop.post("/v1/redemptions", cart).await.refused(422, "not_new_customer");
    }
    shop.post("/v1/conversions/B-1/cancelled", json!({})).await.ok();
    shop.post("/v1/redemptions", cart("A-1", json!({"codes": [town.code], "customer": "ben"}))).await.created();
    shop.books_balance().await;
}

async fn each_refusal_has_its_code(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let shop = &town.shop;
    for name in ["bert", "carl", "dora"] {
        shop.customer(name).await;
    }
    let carls = code_of(shop, &town.program, "carl").await;
    let old = json!({"order_id": "old", "customer": "dora", "amount": 4500, "currency": "EUR"});
    shop.post("/v1/conversions", old).await.created();
    let table = [
        (json!({"codes": [town.code]}), "customer_required", "customer_required"),
        (json!({"codes": [town.code], "customer": "anna"}), "self_referral", "self_referral"),
        (
            json!({"codes": [town.code], "customer_details": {"email": "anna@mail.example"}}),
            "self_referral",
            "self_referral",
        ),
        (json!({"codes": [town.code], "customer": "dora"}), "not_new", "not_new_customer"),
        (
            json!({"codes": [town.code], "customer_details": {"email": "Dora@mail.example"}}),
            "not_new",
            "not_new_customer",
        ),
        (json!({"codes": [town.code, carls], "customer": "bert"}), "several_advocates", "several_advocates"),
        (
            json!({"codes": [town.code], "evidence": {"code": carls}, "customer": "bert"}),
            "several_advocates",
            "several_advocates",
        ),
        (json!({"codes": [town.code], "customer": "bert", "amount": 1999}), "min_order_amount", "not_applicable"),
        (
            json!({"codes": [town.code], "customer": "bert", "currency": "CHF"}),
            "currency_mismatch",
            "currency_mismatch",
        ),
    ];
    for (fields, reason, code) in table {
        let order = cart("1", fields.clone());
        let checked = shop.post("/v1/vouchers/check", order.clone()).await.ok();
        assert_eq!((&checked["valid"], &checked["lines"][0]["reasons"]), (&json!(false), &json!([reason])), "{fields}");
        shop.post("/v1/redemptions", order).await.refused(422, code);
    }
    shop.post("/v1/redemptions", cart("1", json!({"codes": [town.code], "customer": "bert"}))).await.created();
    let again = cart("2", json!({"codes": [town.code], "customer": "bert"}));
    shop.post("/v1/redemptions", again).await.refused(409, "limit_reached");
    shop.post(&format!("{}/pause", path("/v1/programs", &town.program["id"])), json!({})).await.ok();
    let paused = cart("3", json!({"codes": [carls], "customer": "anna"}));
    shop.post("/v1/redemptions", paused).await.refused(409, "program_not_active");
    shop.books_balance().await;
}

async fn a_check_asks_who_buys(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let checked = town.shop.post("/v1/vouchers/check", cart("1", json!({"codes": [town.code]}))).await.ok();
    assert_eq!((&checked["needs"], &checked["discount"]), (&json!(["customer"]), &json!(0)));
    assert!(town.shop.list("/v1/referrals").await.is_empty());
}

async fn an_order_is_measured_before_the_discount_that_it_was_given(shop: TestShop) {
    let town = town(shop, json!({"qualifying": {"min_order_amount": 2000}})).await;
    let shop = &town.shop;
    for (number, is_first) in [("1", true), ("2", false)] {
        let details = json!({"email": format!("{number}@mail.example")});
        let cart = cart(number, json!({"codes": [town.code], "customer_details": details, "amount": 2000}));
        let order = json!({"order_id": number, "customer_details": details, "amount": 1800, "currency": "EUR",
                           "evidence": {"code": town.code}});
        if is_first {
            shop.post("/v1/redemptions", cart).await.created();
            shop.post("/v1/conversions", order.clone()).await.created();
        } else {
            let reported = shop.post("/v1/conversions", order.clone()).await.created();
            let considered = elements(&reported["attribution"]["considered"]);
            assert_eq!(considered[0]["outcome"], "min_order_amount", "nothing was given in it yet");
            shop.post("/v1/redemptions", cart).await.created();
        }
        let order = shop.post("/v1/conversions", order).await.ok();
        let credit = &order["attribution"];
        assert_eq!((&credit["method"], &credit["advocate"]), (&json!("voucher"), &json!("anna")), "{number}");
        assert_eq!(credit["considered"], json!([]), "nobody loses to herself");
        assert_eq!(order["rewards"][0]["status"], "pending", "{number}");
        let refund = json!({"refund_id": format!("R-{number}"), "kind": "withdrawal", "amount": 1});
        let path = format!("{}/refunds", path("/v1/conversions", &order["id"]));
        let refunded = shop.post(&path, refund).await.created();
        assert_eq!(refunded["rewards"][0]["status"], "voided", "1799 and 199 are less than 2000");
    }
    shop.books_balance().await;
}

async fn what_the_shop_never_discounts_keeps_its_price_for_friends_too(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let shop = &town.shop;
    never_discounts(shop, json!({"skus": ["novel"], "categories": []})).await;
    shop.customer("bert").await;
    let share = json!({"program": town.program["id"], "customer": "anna", "channel": "whatsapp"});
    let token = shop.post("/v1/shares", share).await.created()["token"].clone();
    for by in
        [json!({"codes": [town.code]}), json!({"evidence": {"code": town.code}}), json!({"evidence": {"token": token}})]
    {
        let mut bare = cart("1", by.clone());
        bare["customer"] = json!("bert");
        let checked = shop.post("/v1/vouchers/check", bare.clone()).await.ok();
        assert_eq!((&checked["discount"], &checked["needs"]), (&json!(0), &json!(["items"])), "{by}");
        assert_eq!(checked["lines"][0]["reasons"], json!(["items_required"]), "{by}");
        shop.post("/v1/holds", bare.clone()).await.refused(422, "items_required");
        shop.post("/v1/redemptions", bare.clone()).await.refused(422, "items_required");
        bare["items"] = json!([{"id": "1", "sku": "novel", "amount": 5000}]);
        shop.post("/v1/redemptions", bare.clone()).await.refused(422, "not_applicable");
        bare["items"] = json!([{"id": "1", "sku": "novel", "amount": 2000}, {"id": "2", "sku": "mug", "amount": 3000}]);
        let checked = shop.post("/v1/vouchers/check", bare).await.ok();
        let items = json!([{"id": "2", "amount": 300}]);
        assert_eq!((&checked["discount"], &checked["lines"][0]["items"]), (&json!(300), &items), "{by}");
    }
    assert_eq!(used(&town).await, 0);
    shop.books_balance().await;
}

async fn a_budget_that_has_no_room_refuses_the_discount_and_no_voucher(shop: TestShop) {
    let town = town(shop, json!({"budget": {"amount": 999}})).await;
    let voucher = town.shop.post("/v1/vouchers", json!({"kind": "amount_off", "amount": 700})).await.created();
    for guest in ["1", "2"] {
        let guest = json!({"email": format!("guest-{guest}@mail.example")});
        let order = cart(&text(&guest["email"]), json!({"codes": [town.code], "customer_details": guest}));
        let answer = town.shop.post("/v1/redemptions", order).await;
        match text(&guest["email"]).as_str() {
            "guest-1@mail.example" => drop(answer.created()),
            _ => drop(answer.refused(409, "budget_exhausted")),
        }
    }
    assert_eq!(used(&town).await, 500);
    town.shop.post("/v1/redemptions", cart("3", json!({"codes": [voucher["code"]]}))).await.created();
    town.shop.books_balance().await;
}

/// Whichever is decided first, she who gave the discount is credited, once; Carl's code came along.
pub async fn an_order_and_its_discount_told_at_once(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let shop = &town.shop;
    shop.customer("carl").await;
    let carls = code_of(shop, &town.program, "carl").await;
    for round in 0..8 {
        let (order_id, guest) = (format!("A-{round}"), json!({"email": format!("guest-{round}@mail.example")}));
        let order = json!({"order_id": order_id, "customer_details": guest, "amount": 4500, "currency": "EUR",
                           "evidence": {"code": carls}});
        let cart = cart(&order_id, json!({"codes": [town.code], "customer_details": guest}));
        let asks = shop.everywhere().take(16).enumerate().map(|(number, client)| match (number + round) % 2 {
            0 => client.post("/v1/conversions", order.clone()).into_future(),
            _ => client.post("/v1/redemptions", cart.clone()).into_future(),
        });
        let answers = join_all(asks).await;
        assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 2, "{answers:?}");
        let after = shop.post("/v1/conversions", order).await.ok();
        let credit = &after["attribution"];
        assert_eq!((&credit["method"], &credit["advocate"]), (&json!("voucher"), &json!("anna")));
        let live = elements(&after["rewards"]).into_iter().filter(|reward| reward["status"] == "pending");
        assert_eq!(live.map(|reward| text(&reward["customer"])).collect::<Vec<_>>(), ["anna"]);
    }
    assert_eq!(used(&town).await, 8 * 1500);
    assert_eq!(shop.list("/v1/referrals").await.len(), 8);
    shop.books_balance().await;
}

/// Each time he spells his address otherwise.
pub async fn two_hundred_guests_with_one_address_are_one(shop: TestShop) {
    let town = town(shop, json!({})).await;
    let orders = town.shop.everywhere().take(200).enumerate().map(|(number, client)| {
        let guest = json!({"email": format!("Bert+{number}@gmail.com")});
        let order = cart(&format!("order-{number}"), json!({"codes": [town.code], "customer_details": guest}));
        client.post("/v1/redemptions", order).into_future()
    });
    let answers = join_all(orders).await;
    let made = answers.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        answer.refused(409, "limit_reached");
    }
    assert_eq!(used(&town).await, 500);
    town.shop.books_balance().await;
}

async fn a_discount_that_cannot_be_is_refused(shop: TestShop) {
    let rule = |changes: Value| {
        let mut rule = json!({"to": "friend", "on": "checkout", "kind": "amount_off", "amount": 500});
        for (name, value) in changes.as_object().into_iter().flatten() {
            rule[name] = value.clone();
        }
        rule
    };
    let table = [
        (json!([rule(json!({"to": "advocate"}))]), "/rewards/0/to"),
        (json!([rule(json!({"kind": "gift_card"}))]), "/rewards/0/kind"),
        (json!([rule(json!({"valid": {"days": 3}}))]), "/rewards/0/valid"),
        (json!([rule(json!({"kind": "free_shipping", "amount": null, "cost_amount": 3}))]), "/rewards/0/cost_amount"),
        (json!([rule(json!({})), rule(json!({}))]), "/rewards/1/on"),
    ];
    for (rewards, pointer) in table {
        let program = json!({"name": "Tell", "landing_url": "https://shop.example/welcome", "rewards": rewards});
        let problem = shop.post("/v1/programs", program).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}
