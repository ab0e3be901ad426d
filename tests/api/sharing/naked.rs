//! Orders that came without any visit, counted by the code and by the share that brought them.

use crate::support::*;

on_both!(
    a_code_that_was_typed_without_a_visit_is_counted,
    a_token_without_a_genuine_mark_is_counted,
    whoever_opened_a_link_of_the_advocate_came_by_a_visit,
    what_no_longer_counts_is_counted_no_more,
    a_discount_by_a_copied_code_is_counted,
    an_order_that_changes_hands_is_counted_once,
);

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

/// The token with the mark that opening its link leaves.
async fn visit(shop: &TestShop, token: &Value) -> String {
    let answer = shop.anonymous().get(&format!("/s/{}", text(token))).header("user-agent", BROWSER).await;
    shop.settle_visits().await;
    let mark = answer.found().split("gv=").nth(1).and_then(|rest| rest.split('&').next()).map(str::to_owned);
    mark.expect("evidence")
}

/// The code of a customer in a program.
async fn code(shop: &TestShop, program: &Value, customer: &str) -> Value {
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    shop.post(&codes, json!({"customer": customer})).await.created()
}

/// An order of a new friend.
async fn order(shop: &TestShop, friend: &str, evidence: Value) -> Value {
    shop.customer(friend).await;
    shop.post("/v1/conversions", sold(friend, evidence)).await.created()
}

fn sold(friend: &str, evidence: Value) -> Value {
    json!({"order_id": friend, "customer": friend, "amount": 5000, "currency": "EUR", "evidence": evidence})
}

/// How many orders a code brought naked, of which its share says the same.
async fn by_code(shop: &TestShop, code: &Value) -> Value {
    let shown = shop.get(&format!("/v1/codes/{}", text(&code["code"]))).await.ok()["naked"].clone();
    assert_eq!(by_share(shop, &code["share"]).await, shown);
    shown
}

async fn by_share(shop: &TestShop, share: &Value) -> Value {
    shop.get(&path("/v1/shares", share)).await.ok()["counts"]["naked"].clone()
}

async fn a_code_that_was_typed_without_a_visit_is_counted(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let code = code(&shop, &program, "anna").await;
    assert_eq!(code["naked"], 0);
    for friend in ["f-1", "f-2"] {
        let made = order(&shop, friend, json!({"code": code["code"]})).await;
        assert_eq!(
            (&made["attribution"]["method"], &made["attribution"]["advocate"]),
            (&json!("code"), &json!("anna"))
        );
    }
    // The same report again is the same order, and a wrong code nobody's.
    shop.post("/v1/conversions", sold("f-1", json!({"code": code["code"]}))).await.ok();
    order(&shop, "f-3", json!({"code": "NOBODY-1"})).await;
    assert_eq!(by_code(&shop, &code).await, 2);
    assert_eq!(by_share(&shop, &share["id"]).await, 0);
    let listed = shop.list("/v1/shares?customer=anna").await;
    let listed = listed.iter().find(|one| one["id"] == code["share"]).expect("the code's share");
    assert_eq!((&listed["counts"]["naked"], &listed["counts"]["conversions"]), (&json!(2), &json!(0)));
    shop.books_balance().await;
    let other = shop.another().await;
    let program = other.program(json!({})).await;
    other.customer("anna").await;
    assert_eq!(self::code(&other, &program, "anna").await["naked"], 0);
}

async fn a_token_without_a_genuine_mark_is_counted(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    let token = text(&share["token"]);
    let mark = visit(&shop, &share["token"]).await;
    order(&shop, "f-1", json!({"token": mark})).await;
    assert_eq!(by_share(&shop, &share["id"]).await, 0);
    for (friend, token) in [("f-2", token.clone()), ("f-3", format!("{token}.{}", "A".repeat(20)))] {
        assert_eq!(order(&shop, friend, json!({"token": token})).await["attribution"]["method"], "token");
    }
    assert_eq!(by_share(&shop, &share["id"]).await, 2);
    shop.books_balance().await;
}

async fn whoever_opened_a_link_of_the_advocate_came_by_a_visit(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let (share, other) = (shop.share(&program, "anna").await, shop.share(&program, "zoe").await);
    let code = code(&shop, &program, "anna").await;
    let (own, others) = (visit(&shop, &share["token"]).await, visit(&shop, &other["token"]).await);
    let made = order(&shop, "f-1", json!({"code": code["code"], "token": own})).await;
    assert_eq!(made["attribution"]["method"], "code");
    assert_eq!(by_code(&shop, &code).await, 0, "the friend opened her link");
    order(&shop, "f-2", json!({"code": code["code"], "token": others})).await;
    assert_eq!(by_code(&shop, &code).await, 1, "the friend opened somebody else's");
    order(&shop, "f-3", json!({"code": code["code"], "token": share["token"]})).await;
    assert_eq!(by_code(&shop, &code).await, 2, "a token alone shows no visit");
    assert_eq!(by_share(&shop, &share["id"]).await, 0, "and one order is counted once");
    shop.books_balance().await;
}

async fn what_no_longer_counts_is_counted_no_more(shop: TestShop) {
    let program = shop.program(json!({})).await;
    shop.customer("anna").await;
    shop.customer("zoe").await;
    let code = code(&shop, &program, "anna").await;
    let naked = json!({"code": code["code"]});
    let [first, second] = [order(&shop, "f-1", naked.clone()).await, order(&shop, "f-2", naked).await];
    let place = |order: &Value| path("/v1/conversions", &order["id"]);
    for _ in 0..2 {
        shop.post(&format!("{}/cancelled", place(&first)), json!({"reason": "changed their mind"})).await.ok();
        assert_eq!(by_code(&shop, &code).await, 1);
    }
    shop.post(&format!("{}/paid", place(&first)), json!({})).await.ok();
    assert_eq!(by_code(&shop, &code).await, 1, "placed after all, it is won by the referral that is there by now");
    let credit = json!({"advocate": "zoe", "program": program["id"], "reason": "she told us"});
    shop.post(&format!("{}/attribute", place(&second)), credit).await.ok();
    assert_eq!(by_code(&shop, &code).await, 0, "it is somebody else's now");
    shop.books_balance().await;
}

/// A program that gives the friend something at the checkout.
async fn discounting(shop: &TestShop) -> Value {
    let rewards = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
                         {"to": "friend", "on": "checkout", "kind": "amount_off", "amount": 500}]);
    shop.program(json!({ "rewards": rewards })).await
}

fn cart(friend: &str, code: &Value, evidence: Value) -> Value {
    json!({"order_id": friend, "customer": friend, "amount": 5000, "currency": "EUR", "codes": [code["code"]], "evidence": evidence})
}

async fn a_discount_by_a_copied_code_is_counted(shop: TestShop) {
    let program = discounting(&shop).await;
    let share = shop.share(&program, "anna").await;
    let code = code(&shop, &program, "anna").await;
    let mark = visit(&shop, &share["token"]).await;
    let came = json!({ "token": mark });
    let cases = [
        ("f-1", json!({}), json!({}), 1),
        ("f-2", came.clone(), json!({}), 1),
        ("f-3", json!({}), came, 1),
        ("f-4", json!({}), json!({"code": code["code"]}), 2),
    ];
    for (friend, with_cart, with_order, counted) in cases {
        shop.customer(friend).await;
        shop.post("/v1/redemptions", cart(friend, &code, with_cart)).await.created();
        let made = shop.post("/v1/conversions", sold(friend, with_order)).await.created();
        assert_eq!(made["attribution"]["method"], "voucher");
        assert_eq!(by_code(&shop, &code).await, counted, "{friend}");
    }
    shop.books_balance().await;
}

/// A discount that is redeemed after its order was reported.
async fn an_order_that_changes_hands_is_counted_once(shop: TestShop) {
    let program = discounting(&shop).await;
    let (annas, zoes) = (shop.share(&program, "anna").await, shop.share(&program, "zoe").await);
    let (anna, zoe) = (code(&shop, &program, "anna").await, code(&shop, &program, "zoe").await);
    order(&shop, "f-1", json!({"code": anna["code"]})).await;
    shop.post("/v1/redemptions", cart("f-1", &zoe, json!({}))).await.created();
    assert_eq!([by_code(&shop, &anna).await, by_code(&shop, &zoe).await], [0, 1], "hers now");
    order(&shop, "f-2", json!({"code": anna["code"]})).await;
    shop.post("/v1/redemptions", cart("f-2", &anna, json!({}))).await.created();
    assert_eq!([by_code(&shop, &anna).await, by_code(&shop, &zoe).await], [1, 1], "hers as before");
    let mark = visit(&shop, &annas["token"]).await;
    order(&shop, "f-3", json!({ "token": mark })).await;
    shop.post("/v1/redemptions", cart("f-3", &anna, json!({}))).await.created();
    assert_eq!(by_code(&shop, &anna).await, 1, "the order told of a visit");
    order(&shop, "f-4", json!({"code": zoe["code"]})).await;
    let mark = visit(&shop, &zoes["token"]).await;
    shop.post("/v1/redemptions", cart("f-4", &zoe, json!({ "token": mark }))).await.created();
    assert_eq!(by_code(&shop, &zoe).await, 1, "the cart told of a visit");
    shop.books_balance().await;
}
