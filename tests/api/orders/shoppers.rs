//! What a shop shows to shoppers before it knows them: prices, and why a code does not count; and what its own checkout has
//! given.

use crate::support::*;

on_both!(
    a_price_is_shown_before_the_address_is_known,
    a_link_shows_its_price_too,
    a_code_that_gives_no_discount_counts,
    why_not_is_said_to_shoppers_in_their_language,
    what_the_shop_has_given_is_recorded,
    what_could_not_count_is_told_and_nothing_more,
    only_a_redemption_may_have_been_given,
);

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

fn cart(codes: Value, changes: Value) -> Value {
    let mut cart = json!({"codes": codes, "currency": "EUR", "amount": 4990, "shipping_amount": 490});
    for (name, value) in changes.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

async fn check(shop: &TestShop, cart: Value) -> Value {
    shop.post("/v1/vouchers/check", cart).await.ok()
}

/// A program whose friends get 10 % off at the checkout, and Ann's code.
async fn recommended(shop: &TestShop) -> (Value, Value) {
    let rewards = json!([{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000}]);
    let program = shop.program(json!({"rewards": rewards})).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["slug"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    (program, code)
}

async fn a_price_is_shown_before_the_address_is_known(shop: TestShop) {
    let (_, code) = recommended(&shop).await;
    let own = voucher(&shop, json!({"per_customer": 1})).await;
    let plain = voucher(&shop, json!({"amount": 100})).await;
    let checked = check(&shop, cart(json!([code]), json!({}))).await;
    assert_eq!(
        (&checked["valid"], &checked["discount"], &checked["payable"]),
        (&json!(false), &json!(0), &json!(5480))
    );
    assert_eq!(checked["needs"], json!(["customer"]));
    assert_eq!(checked["provisional"], json!({"discount": 499, "payment": 0, "payable": 4981}));
    let many = check(&shop, cart(json!([code, own["code"], plain["code"]]), json!({"store_credit": 100}))).await;
    assert_eq!(many["discount"], 100, "what asks for nobody counts already");
    assert_eq!(many["provisional"], json!({"discount": 1099, "payment": 0, "payable": 4381}));
    // What does not count for anybody does not count provisionally.
    let gone = voucher(&shop, json!({"min_order_amount": 9000, "per_customer": 1})).await;
    let none = check(&shop, cart(json!([gone["code"]]), json!({}))).await;
    assert_eq!(none["provisional"], json!({"discount": 0, "payment": 0, "payable": 5480}));
    // Once it is known who buys, there is one price.
    let known = check(&shop, cart(json!([code]), json!({"customer_details": {"email": "eve@mail.example"}}))).await;
    assert_eq!(
        (&known["discount"], &known["payable"], &known["provisional"]),
        (&json!(499), &json!(4981), &Value::Null)
    );
    assert_eq!(check(&shop, cart(json!([plain["code"]]), json!({}))).await["provisional"], Value::Null);
}

async fn a_link_shows_its_price_too(shop: TestShop) {
    let (program, _) = recommended(&shop).await;
    let share = shop
        .post("/v1/shares", json!({"program": program["id"], "customer": "ann", "channel": "signal"}))
        .await
        .created();
    let checked = check(&shop, cart(json!([]), json!({"evidence": {"token": share["token"]}}))).await;
    assert_eq!((&checked["needs"], &checked["provisional"]["discount"]), (&json!(["customer"]), &json!(499)));
    // Who followed a link has seen no code.
    let line = &checked["lines"][0];
    let asked =
        "Bitte geben Sie Ihre E-Mail-Adresse an oder melden Sie sich an, um den Rabatt der Empfehlung zu erhalten.";
    assert_eq!((&line["source"], &line["message"]), (&json!("program"), &json!(asked)));
    let english = json!({"evidence": {"token": share["token"]}, "customer_details": {"locale": "en"}});
    let line = check(&shop, cart(json!([]), english)).await["lines"][0].clone();
    assert!(text(&line["message"]).ends_with("to get the discount of your friend's recommendation."), "{line}");
}

/// An advocate's code is typed where vouchers are, and her program gives nothing there.
async fn a_code_that_gives_no_discount_counts(shop: TestShop) {
    let program = shop.program(json!({"name": "Danke"})).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["slug"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    let told = [
        ("de", "Die Empfehlung zählt. Einen Rabatt gibt es dafür nicht; bestellen Sie einfach weiter."),
        ("en", "Your friend's recommendation counts. There is no discount for it, so just go on with your order."),
    ];
    for (locale, message) in told {
        let eve = json!({"customer_details": {"email": "eve@mail.example", "locale": locale}});
        let checked = check(&shop, cart(json!([code]), eve)).await;
        let line = &checked["lines"][0];
        assert_eq!(
            (&line["source"], &line["program"], &line["advocate"]),
            (&json!("program"), &program["id"], &json!("ann"))
        );
        assert_eq!((&line["valid"], &line["reasons"]), (&json!(false), &json!(["no_discount"])));
        assert_eq!(line["message"], message);
        assert_eq!((&checked["payable"], &checked["needs"]), (&json!(5480), &json!([])));
    }
    let mut given = cart(json!([code]), json!({"order_id": "A-1", "already_applied": true}));
    let line = shop.post("/v1/redemptions", given.clone()).await.created()["lines"][0].clone();
    assert_eq!((&line["source"], &line["reasons"]), (&json!("program"), &json!(["no_discount"])));
    given["order_id"] = json!("A-2");
    given["already_applied"] = json!(false);
    shop.post("/v1/redemptions", given).await.refused(422, "not_applicable");
    // As evidence it counts indeed.
    let order =
        json!({"order_id": "A-2", "customer": "eve", "amount": 4990, "currency": "EUR", "evidence": {"code": code}});
    assert_eq!(shop.post("/v1/conversions", order).await.created()["attribution"]["advocate"], "ann");
    // Where it does not, that is what is said.
    let own = check(&shop, cart(json!([code]), json!({"customer": "ann"}))).await;
    assert_eq!(own["lines"][0]["reasons"], json!(["self_referral"]));
    shop.post(&format!("{}/pause", path("/v1/programs", &program["id"])), json!({})).await.ok();
    let rests = check(&shop, cart(json!([code]), json!({}))).await;
    assert_eq!(rests["lines"][0]["reasons"], json!(["program_not_active"]));
}

async fn why_not_is_said_to_shoppers_in_their_language(shop: TestShop) {
    let dear = voucher(&shop, json!({"min_order_amount": 10_000})).await;
    let codes = json!([dear["code"], "NOSUCHCODE12"]);
    let german = check(&shop, cart(codes.clone(), json!({"customer_details": {"locale": "de"}}))).await;
    let line = &german["lines"][0];
    assert_eq!((&line["reasons"], &line["min_order_amount"]), (&json!(["min_order_amount"]), &json!(10_000)));
    assert_eq!(line["message"], "Einlösbar ab einem Einkauf von 100,00 €.");
    assert!(text(&line["detail"]).contains("10000"), "{line}");
    let unknown = &german["lines"][1];
    assert_eq!(unknown["message"], "Diesen Code gibt es nicht. Bitte prüfen Sie, ob er vollständig ist.");
    assert_eq!(unknown["min_order_amount"], Value::Null);
    shop.put("/v1/customers/eve", json!({"locale": "en"})).await.created();
    let english = check(&shop, cart(codes, json!({"customer": "eve"}))).await;
    assert_eq!(english["lines"][0]["message"], "Good for purchases of €100.00 or more.");
    let good = voucher(&shop, json!({})).await;
    assert_eq!(check(&shop, cart(json!([good["code"]]), json!({}))).await["lines"][0]["message"], Value::Null);
}

async fn what_the_shop_has_given_is_recorded(shop: TestShop) {
    let (good, spent) = (voucher(&shop, json!({})).await, voucher(&shop, json!({"amount": 300})).await);
    shop.post("/v1/redemptions", cart(json!([spent["code"]]), json!({"order_id": "A-0"}))).await.created();
    let codes = json!([good["code"], spent["code"], "ANNA-WRONG"]);
    let given = cart(codes, json!({"order_id": "A-1", "already_applied": true}));
    let redeemed = shop.post("/v1/redemptions", given.clone()).await.created();
    assert_eq!((&redeemed["valid"], &redeemed["discount"]), (&json!(false), &json!(500)));
    let told: Vec<_> =
        elements(&redeemed["lines"]).iter().map(|line| (line["valid"].clone(), line["reasons"].clone())).collect();
    assert_eq!(told, [(json!(true), json!([])), (json!(false), json!(["spent"])), (json!(false), json!(["unknown"]))]);
    assert_eq!((&redeemed["lines"][1]["code"], &redeemed["lines"][2]["code"]), (&spent["code"], &Value::Null));
    assert_eq!(redeemed["lines"][2]["kind"], Value::Null);
    assert_eq!(shop.get(&path("/v1/redemptions", &redeemed["id"])).await.ok(), redeemed);
    assert_eq!(shop.post("/v1/redemptions", given).await.ok(), redeemed, "the same again");
    let uses = |voucher: &Value| shop.get(&path("/v1/vouchers", &voucher["id"]));
    assert_eq!((uses(&good).await.ok()["used"].clone(), uses(&spent).await.ok()["used"].clone()), (json!(1), json!(1)));
    // What did not count does not come back either.
    let back = json!({"reversal_id": "R-1", "reason": "returned"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed["id"])), back).await.created();
    assert_eq!((uses(&good).await.ok()["used"].clone(), uses(&spent).await.ok()["used"].clone()), (json!(0), json!(1)));
    shop.books_balance().await;
}

async fn what_could_not_count_is_told_and_nothing_more(shop: TestShop) {
    let one = voucher(&shop, json!({})).await;
    let given =
        |order: usize| cart(json!([one["code"]]), json!({"order_id": format!("A-{order}"), "already_applied": true}));
    let asked = (0..8).map(|order| shop.post("/v1/redemptions", given(order)));
    let answers = futures_util::future::join_all(asked.map(IntoFuture::into_future)).await;
    let discounts: Vec<i64> =
        answers.iter().map(|answer| answer.created()["discount"].as_i64().unwrap_or(-1)).collect();
    assert_eq!(discounts.iter().sum::<i64>(), 500, "one use is one, whatever the shop has given: {discounts:?}");
    assert_eq!(shop.get(&path("/v1/vouchers", &one["id"])).await.ok()["used"], 1);
    // An order that is cancelled undoes one of which nothing counted as well.
    let order = |id: &str| json!({"order_id": id, "amount": 4990, "currency": "EUR"});
    for number in 0..8 {
        let id = format!("A-{number}");
        shop.post("/v1/conversions", order(&id)).await.created();
        shop.post(&format!("/v1/conversions/{id}/cancelled"), json!({})).await.ok();
    }
    assert!(shop.list("/v1/redemptions").await.iter().all(|redemption| redemption["status"] == "reversed"));
    assert_eq!(shop.get(&path("/v1/vouchers", &one["id"])).await.ok()["used"], 0);
    shop.books_balance().await;
}

async fn only_a_redemption_may_have_been_given(shop: TestShop) {
    let good = voucher(&shop, json!({})).await;
    let given = cart(json!([good["code"]]), json!({"already_applied": true, "cart_id": "C-1"}));
    for operation in ["/v1/vouchers/check", "/v1/holds"] {
        let refused = shop.post(operation, given.clone()).await.refused(422, "unknown_field");
        assert_eq!(refused["errors"][0]["pointer"], "/already_applied", "{operation}");
    }
    // What no cart can be is refused as ever.
    let twice = cart(json!([good["code"], good["code"]]), json!({"already_applied": true, "order_id": "A-1"}));
    shop.post("/v1/redemptions", twice).await.refused(422, "invalid_field");
    // An order may be paid so, too.
    let order = json!({"order_id": "A-1", "amount": 4990, "currency": "EUR",
                       "redeem": {"codes": [good["code"], "WRONG"], "already_applied": true}});
    let report = shop.post("/v1/conversions", order).await.created();
    assert_eq!((&report["amount"], &report["redemption"]["valid"]), (&json!(4490), &json!(false)));
}
