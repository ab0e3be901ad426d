//! Wrong codes: who guesses is held up, and nobody else is.

use crate::support::process::METRICS_TOKEN;
use crate::support::*;

on_both!(
    no_number_of_wrong_codes_closes_the_shops_code_field,
    a_customer_who_guesses_is_held_up_alone,
    a_visitor_who_guesses_is_held_up_alone,
    an_address_is_counted_where_nothing_better_is_known,
    every_way_to_ask_for_a_code_is_counted,
    who_changes_his_session_all_the_time_holds_up_nobody,
    an_operator_who_guesses_is_held_up_alone,
    that_codes_are_guessed_is_told_once_in_a_window,
);

/// The limit of the tests' server, which no slow machine outlives.
const WINDOW_SECONDS: u64 = 3600;

async fn voucher(shop: &TestShop) -> Value {
    let voucher = json!({"kind": "amount_off", "amount": 500, "max_redemptions": 100});
    shop.post("/v1/vouchers", voucher).await.created()["code"].clone()
}

fn cart(who: Value, codes: Value) -> Value {
    let mut cart = json!({"codes": codes, "currency": "EUR", "amount": 5000});
    for (name, value) in who.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

/// Ten codes that nobody has, in one cart.
fn ten(round: usize) -> Value {
    (0..10).map(|number| format!("GUESS-{round}-{number}")).collect()
}

/// Asks for ten codes that nobody has.
async fn guess(shop: &Actor, who: Value, round: usize) {
    let checked = shop.post("/v1/vouchers/check", cart(who, ten(round))).await.ok();
    assert_eq!(checked["valid"], false);
}

/// Asks for a code that is good: in a check, in a hold, in an order.
async fn ask(shop: &TestShop, who: Value, code: &Value, order: &str) -> [u16; 3] {
    let mut asked = cart(who, json!([code]));
    let checked = shop.post("/v1/vouchers/check", asked.clone()).await.status();
    asked["cart_id"] = json!(order);
    let held = shop.post("/v1/holds", asked.clone()).await.status();
    asked["order_id"] = json!(order);
    [checked, held, shop.post("/v1/redemptions", asked).await.status()]
}

async fn no_number_of_wrong_codes_closes_the_shops_code_field(shop: TestShop) {
    let code = voucher(&shop).await;
    for customer in ["anna", "ben"] {
        shop.customer(customer).await;
    }
    for round in 0..55 {
        guess(&shop, json!({}), round).await;
    }
    let everybody = [
        json!({"customer": "anna"}),
        json!({"customer": "ben", "visitor": "s-1"}),
        json!({"visitor": "s-2"}),
        json!({"customer_details": {"email": "guest@mail.example"}}),
        json!({}),
    ];
    for (number, who) in everybody.into_iter().enumerate() {
        assert_eq!(ask(&shop, who.clone(), &code, &format!("A-{number}")).await, [200, 201, 201], "{who}");
    }
    shop.post("/v1/vouchers/lookup", json!({"code": code})).await.ok();
    shop.post("/v1/customers/lookup", json!({"code": code})).await.ok();
}

async fn a_customer_who_guesses_is_held_up_alone(shop: TestShop) {
    let code = voucher(&shop).await;
    for customer in ["anna", "ben"] {
        shop.customer(customer).await;
    }
    guess(&shop, json!({"customer": "anna"}), 1).await;
    assert_eq!(ask(&shop, json!({"customer": "anna", "visitor": "new"}), &code, "A-1").await, [429; 3]);
    for (number, who) in [json!({"customer": "ben"}), json!({"visitor": "new"}), json!({})].into_iter().enumerate() {
        assert_eq!(ask(&shop, who.clone(), &code, &format!("B-{number}")).await, [200, 201, 201], "{who}");
    }
    let refused = shop.post("/v1/vouchers/check", cart(json!({"customer": "anna"}), json!([code]))).await;
    refused.refused(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    assert!((1..=WINDOW_SECONDS + 1).contains(&wait), "{wait}");
    shop.post("/v1/vouchers/check", cart(json!({"customer": "anna"}), json!([""]))).await.ok();
    let other = shop.another().await;
    other.customer("anna").await;
    let theirs = voucher(&other).await;
    assert_eq!(ask(&other, json!({"customer": "anna"}), &theirs, "A-1").await, [200, 201, 201]);
}

async fn a_visitor_who_guesses_is_held_up_alone(shop: TestShop) {
    let code = voucher(&shop).await;
    shop.customer("anna").await;
    for number in 0..10 {
        let who = json!({"visitor": "session-1", "customer_details": {"email": "anna@mail.example"}});
        shop.post("/v1/vouchers/check", cart(who, json!([format!("GUESS-{number}")]))).await.ok();
    }
    for who in [json!({"visitor": "session-1"}), json!({"visitor": " session-1 ", "customer": "anna"})] {
        assert_eq!(ask(&shop, who, &code, "A-1").await, [429; 3]);
    }
    // The address that he typed is another's.
    let anna = json!({"customer_details": {"email": "anna@mail.example"}});
    assert_eq!(ask(&shop, anna, &code, "A-2").await, [200, 201, 201]);
    assert_eq!(ask(&shop, json!({"visitor": "session-2"}), &code, "A-3").await, [200, 201, 201]);
    let mut long = cart(json!({"visitor": "x".repeat(129)}), json!([]));
    shop.post("/v1/vouchers/check", long.clone()).await.refused(422, "invalid_field");
    long["visitor"] = json!("x".repeat(128));
    shop.post("/v1/vouchers/check", long).await.ok();
}

async fn an_address_is_counted_where_nothing_better_is_known(shop: TestShop) {
    let code = voucher(&shop).await;
    guess(&shop, json!({"customer_details": {"email": "anna@mail.example"}}), 1).await;
    let anna = json!({"customer_details": {"email": "Anna@mail.example"}});
    assert_eq!(ask(&shop, anna, &code, "A-1").await, [429; 3]);
    let with_session = json!({"visitor": "hers", "customer_details": {"email": "anna@mail.example"}});
    assert_eq!(ask(&shop, with_session, &code, "A-2").await, [200, 201, 201]);
}

async fn every_way_to_ask_for_a_code_is_counted(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    for customer in ["anna", "friend", "other"] {
        shop.customer(customer).await;
    }
    let good = shop.post(&codes, json!({"customer": "anna", "code": "ANNA-2026"})).await.created();
    let code = voucher(&shop).await;
    let came = |code: &str, who: Value| {
        cart(who, json!([])).as_object().cloned().map(|mut cart| {
            cart.insert("evidence".to_owned(), json!({"code": code}));
            Value::Object(cart)
        })
    };
    let came = |code: &str, who: Value| came(code, who).expect("a cart");
    for number in 0..2 {
        let wrong = format!("WRONG-{number}");
        let visitor = json!({"visitor": "s"});
        shop.post("/v1/vouchers/lookup", json!({"code": wrong, "visitor": "s"})).await.refused(422, "voucher_unknown");
        shop.get(&format!("/v1/codes/{wrong}?visitor=s")).await.refused(404, "not_found");
        shop.post("/v1/vouchers/check", came(&wrong, visitor.clone())).await.ok();
        let mut order = cart(visitor, json!([wrong]));
        order["order_id"] = json!("A-1");
        shop.post("/v1/redemptions", order).await.refused(422, "voucher_unknown");
        let asked = json!({"visitor": "s", "evidence": {"code": wrong}});
        assert_eq!(shop.post("/v1/referrals/check", asked).await.ok()["valid"], false);
    }
    let asked = json!({"visitor": "s", "evidence": {"code": good["code"]}});
    shop.post("/v1/referrals/check", asked).await.refused(429, "rate_limited");
    shop.post("/v1/vouchers/lookup", json!({"code": code, "visitor": "s"})).await.refused(429, "rate_limited");
    shop.get(&format!("/v1/codes/{}?visitor=s", text(&good["code"]))).await.refused(429, "rate_limited");
    shop.post("/v1/vouchers/check", came("ANNA-2026", json!({"visitor": "s"}))).await.refused(429, "rate_limited");
    let asked = json!({"visitor": "t", "evidence": {"code": good["code"]}});
    assert_eq!(shop.post("/v1/referrals/check", asked).await.ok()["valid"], true);
    // A friend who signs up, and one who would like a code of his own: that it is taken tells of it.
    for number in 0..10 {
        let asked = json!({"friend": "friend", "evidence": {"code": format!("NOBODY-{number}")}});
        shop.post("/v1/referrals", asked).await.refused(422, "code_unknown");
        let wish = json!({"customer": "other", "code": "anna 2o26".replace(' ', "-")});
        shop.post(&codes, wish).await.refused(409, "code_taken");
    }
    let asked = json!({"friend": "friend", "evidence": {"code": good["code"]}});
    shop.post("/v1/referrals", asked).await.refused(429, "rate_limited");
    shop.post(&codes, json!({"customer": "other", "code": "FREE-2026"})).await.refused(429, "rate_limited");
    shop.post(&codes, json!({"customer": "other"})).await.created();
}

async fn who_changes_his_session_all_the_time_holds_up_nobody(shop: TestShop) {
    let code = voucher(&shop).await;
    shop.customer("anna").await;
    for round in 0..30 {
        guess(&shop, json!({"visitor": format!("s-{round}")}), round).await;
    }
    for round in 0..5 {
        let who = json!({"customer": format!("no-customer-{round}"), "visitor": format!("n-{round}")});
        shop.post("/v1/vouchers/check", cart(who, ten(round))).await;
    }
    let anna = json!({"customer": "anna", "visitor": "hers"});
    assert_eq!(ask(&shop, anna, &code, "A-1").await, [200, 201, 201]);
}

async fn an_operator_who_guesses_is_held_up_alone(shop: TestShop) {
    let code = voucher(&shop).await;
    let (one, other) = (shop.operator("support").await, shop.operator("support").await);
    for round in 0..10 {
        guess(&one, json!({}), round).await;
    }
    for who in [&one, &other] {
        let expected = if std::ptr::eq(who, &one) { 429 } else { 200 };
        let asked = json!({"code": code});
        assert_eq!(who.post("/v1/vouchers/lookup", asked.clone()).await.status(), expected);
        let found = who.post("/v1/customers/lookup", asked).without("idempotency-key").await;
        assert_eq!(found.status(), expected);
    }
    one.post("/v1/customers/lookup", json!({"email": "anna@mail.example"})).without("idempotency-key").await.ok();
    assert_eq!(ask(&shop, json!({}), &code, "A-1").await, [200, 201, 201]);
}

async fn that_codes_are_guessed_is_told_once_in_a_window(shop: TestShop) {
    let key = shop.key(&["vouchers:read"]).await;
    let told = async || {
        let events = shop.list("/v1/events").await;
        let told = events.into_iter().filter(|event| event["type"] == "guessing");
        told.map(|event| event["data"].clone()).collect::<Vec<_>>()
    };
    for round in 0..9 {
        guess(&key, json!({}), round).await;
    }
    assert_eq!(told().await, [] as [Value; 0]);
    for round in 9..30 {
        guess(&key, json!({"visitor": format!("s-{round}")}), round).await;
    }
    let news = told().await;
    assert_eq!(news.len(), 1, "{news:?}");
    assert_eq!((&news[0]["unknown"], &news[0]["seconds"]), (&json!(100), &json!(WINDOW_SECONDS)));
    assert!(text(&news[0]["caller"]).starts_with("key_"), "{news:?}");
    let metrics = Actor::bearer(shop.base(), METRICS_TOKEN).get("/metrics").await.text().to_owned();
    for name in ["grapevine_unknown_codes_total", "grapevine_guessing_total"] {
        assert!(metrics.contains(name), "{name}");
    }
}
