//! Redemptions and reversals.

use crate::support::*;

on_both!(
    a_cart_is_redeemed_once_for_its_order,
    every_fault_is_named_and_nothing_is_spent,
    each_refusal_has_its_code,
    balances_pay_and_come_back_by_amount,
    after_a_full_reversal_the_order_is_redeemed_anew,
    a_reversal_never_exceeds_the_redemption,
    other_shops_have_no_such_redemption,
    a_rewards_voucher_is_spent_and_comes_back,
    a_redemption_names_its_order,
    a_customers_uses_count_whatever_the_voucher_allows_now,
);

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

fn cart(order_id: &str, codes: Value) -> Value {
    json!({"order_id": order_id, "codes": codes, "currency": "EUR", "amount": 4990, "shipping_amount": 490})
}

fn with(cart: &Value, changes: Value) -> Value {
    let mut cart = cart.clone();
    for (name, value) in changes.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

async fn a_cart_is_redeemed_once_for_its_order(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let order = cart("A/1+%#", json!([made["code"]]));
    let redemption = shop.post("/v1/redemptions", order.clone()).await;
    let first = redemption.created();
    assert_eq!((&first["status"], &first["valid"]), (&json!("redeemed"), &json!(true)));
    assert_eq!((&first["discount"], &first["payable"]), (&json!(500), &json!(4980)));
    assert_eq!((&first["lines"][0]["code"], &first["lines"][0]["voucher"]), (&made["code"], &made["id"]));
    let place = path("/v1/redemptions", &first["id"]);
    assert_eq!(redemption.header("location"), Some(place.as_str()));
    assert_eq!(shop.post("/v1/redemptions", order.clone()).await.ok(), first, "the same again");
    assert_eq!(shop.get(&place).await.ok(), first);
    assert_eq!(shop.list("/v1/redemptions?order_id=A%2F1%2B%25%23").await, [first]);
    assert!(shop.list("/v1/redemptions?order_id=A%2F2").await.is_empty());
    let differs = with(&order, json!({"amount": 4991}));
    shop.post("/v1/redemptions", differs).await.refused(409, "order_differs");
    shop.post("/v1/redemptions", with(&order, json!({"order_id": "A-2"}))).await.refused(409, "voucher_spent");
    assert_eq!(shop.get(&path("/v1/vouchers", &made["id"])).await.ok()["status"], "spent");
    shop.books_balance().await;
}

async fn every_fault_is_named_and_nothing_is_spent(shop: TestShop) {
    let (good, bound) = (voucher(&shop, json!({})).await, {
        shop.customer("bert").await;
        voucher(&shop, json!({"customer": "bert"})).await
    });
    shop.customer("anna").await;
    let order =
        with(&cart("1", json!([good["code"], "GUESS", bound["code"]])), json!({"customer": "anna", "store_credit": 5}));
    let problem = shop.post("/v1/redemptions", order).await.refused(422, "voucher_unknown");
    let faults: Vec<(String, String)> = elements(&problem["errors"])
        .iter()
        .map(|fault| {
            (fault["pointer"].as_str().unwrap_or("").to_owned(), fault["code"].as_str().unwrap_or("").to_owned())
        })
        .collect();
    let expected =
        [("/codes/1", "voucher_unknown"), ("/codes/2", "voucher_foreign"), ("/store_credit", "balance_too_low")];
    assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    assert_eq!(shop.get(&path("/v1/vouchers", &good["id"])).await.ok()["used"], 0);
    assert!(shop.list("/v1/redemptions").await.is_empty());
}

async fn each_refusal_has_its_code(shop: TestShop) {
    shop.customer("anna").await;
    let table = [
        (json!({"valid_from": "2999-01-01T00:00:00Z"}), json!({}), 409, "voucher_not_yet_valid"),
        (json!({"customer": "anna"}), json!({}), 422, "customer_required"),
        (json!({"min_order_amount": 4991}), json!({}), 422, "not_applicable"),
        (json!({}), json!({"currency": "CHF"}), 422, "currency_mismatch"),
        (json!({}), json!({"customer": "cus_00000000000000000000000000"}), 422, "customer_unknown"),
        (json!({}), json!({"order_id": null}), 422, "invalid_field"),
        (json!({}), json!({"hold": "hld_1"}), 422, "unknown_field"),
        (json!({}), json!({"store_credit": 1}), 422, "customer_required"),
        (json!({}), json!({"amount": 0}), 422, "not_applicable"),
        (json!({}), json!({"colour": "red"}), 422, "unknown_field"),
    ];
    for (number, (fields, changes, status, code)) in table.into_iter().enumerate() {
        let made = voucher(&shop, fields).await;
        let order = with(&cart(&number.to_string(), json!([made["code"]])), changes);
        shop.post("/v1/redemptions", order).await.refused(status, code);
    }
    shop.post("/v1/redemptions", cart("1", json!([]))).await.refused(422, "not_applicable");
    let made = voucher(&shop, json!({"max_redemptions": 2})).await;
    for order in ["a", "b"] {
        shop.post("/v1/redemptions", cart(order, json!([made["code"]]))).await.created();
    }
    shop.post("/v1/redemptions", cart("c", json!([made["code"]]))).await.refused(409, "limit_reached");
}

async fn balances_pay_and_come_back_by_amount(shop: TestShop) {
    shop.customer("anna").await;
    let grant = json!({"customer": "anna", "reward": {"kind": "store_credit", "amount": 1000}, "reason": "late"});
    shop.post("/v1/grants", grant).await.created();
    let card = voucher(&shop, json!({"kind": "gift_card", "amount": 3000})).await;
    let codes = json!([{"code": card["code"], "amount": 2500}]);
    let order = with(&cart("1", codes), json!({"customer": "anna", "store_credit": 800}));
    let made = shop.post("/v1/redemptions", order).await.created();
    assert_eq!((&made["discount"], &made["payment"], &made["payable"]), (&json!(0), &json!(3300), &json!(2180)));
    assert_eq!((&made["lines"][0]["balance"], &made["lines"][1]["balance"]), (&json!(500), &json!(200)));
    let place = format!("{}/reversals", path("/v1/redemptions", &made["id"]));
    let undo =
        |id: &str, amount: i64| shop.post(&place, json!({"reversal_id": id, "amount": amount, "reason": "return"}));
    let undone = undo("R-1", 1000).await.created();
    assert_eq!(
        undone["lines"][0],
        json!({"voucher": card["id"], "program": null, "code_hint": hint(&card), "amount": 200, "uses": 0})
    );
    assert_eq!(
        undone["lines"][1],
        json!({"voucher": null, "program": null, "code_hint": null, "amount": 800, "uses": 0})
    );
    assert_eq!(undo("R-1", 1000).await.ok(), undone, "the same again");
    assert_eq!(shop.get(&path("/v1/vouchers", &card["id"])).await.ok()["balance"], 700);
    let after = shop.get(&path("/v1/redemptions", &made["id"])).await.ok();
    assert_eq!((&after["status"], &after["reversed_amount"]), (&json!("partly_reversed"), &json!(1000)));
    shop.books_balance().await;
}

fn hint(voucher: &Value) -> String {
    let code = voucher["code"].as_str().expect("a code");
    code[code.len() - 4..].to_owned()
}

async fn after_a_full_reversal_the_order_is_redeemed_anew(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let order = cart("1", json!([made["code"]]));
    let first = shop.post("/v1/redemptions", order.clone()).await.created();
    let place = format!("{}/reversals", path("/v1/redemptions", &first["id"]));
    let undone = shop.post(&place, json!({"reversal_id": "R-1", "reason": "payment failed"})).await.created();
    assert_eq!((&undone["redemption_status"], &undone["lines"][0]["uses"]), (&json!("reversed"), &json!(1)));
    let other = with(&order, json!({"amount": 3000}));
    let again = shop.post("/v1/redemptions", other).await.created();
    assert_ne!(again["id"], first["id"]);
    let orders: Vec<Value> =
        shop.list("/v1/redemptions?order_id=1").await.into_iter().map(|one| one["status"].clone()).collect();
    assert_eq!(orders.len(), 2);
    let events: Vec<Value> =
        elements(&shop.get("/v1/events").await.ok()["data"]).into_iter().map(|event| event["type"].clone()).collect();
    assert_eq!(events, ["voucher.issued", "redemption.created", "redemption.reversed", "redemption.created"]);
    shop.books_balance().await;
}

async fn a_reversal_never_exceeds_the_redemption(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let redemption = shop.post("/v1/redemptions", cart("1", json!([made["code"]]))).await.created();
    let place = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
    let undo =
        |id: &str, amount: Value| shop.post(&place, json!({"reversal_id": id, "amount": amount, "reason": "return"}));
    undo("R-1", json!(501)).await.refused(409, "reversal_exceeds_redemption");
    undo("R-1", json!(0)).await.refused(422, "invalid_field");
    undo("R-1", json!(200)).await.created();
    undo("R-1", json!(300)).await.refused(409, "reversal_differs");
    undo("R-2", json!(301)).await.refused(409, "reversal_exceeds_redemption");
    undo("R-2", json!(300)).await.created();
    let nothing_left = undo("R-3", json!(null)).await;
    nothing_left.refused(409, "reversal_exceeds_redemption");
    assert_eq!(nothing_left.json()["detail"], "All of it has come back already.");
    shop.post(&place, json!({"reversal_id": "R-4"})).await.refused(422, "invalid_field");
    shop.post(&place, json!({"reversal_id": "R-2", "amount": 300, "reason": "x"}))
        .without("idempotency-key")
        .await
        .ok();
    assert_eq!(shop.get(&path("/v1/vouchers", &made["id"])).await.ok()["remaining_uses"], 1);
    shop.books_balance().await;
}

async fn other_shops_have_no_such_redemption(shop: TestShop) {
    let made = voucher(&shop, json!({})).await;
    let redemption = shop.post("/v1/redemptions", cart("1", json!([made["code"]]))).await.created();
    let (other, place) = (shop.another().await, path("/v1/redemptions", &redemption["id"]));
    other.get(&place).await.refused(404, "not_found");
    let undo = json!({"reversal_id": "R-1", "reason": "theirs"});
    other.post(&format!("{place}/reversals"), undo).await.refused(404, "not_found");
    other.post("/v1/redemptions", cart("1", json!([made["code"]]))).await.refused(422, "voucher_unknown");
    assert!(other.list("/v1/redemptions").await.is_empty());
    let reader = shop.key(&["vouchers:read"]).await;
    reader.post("/v1/redemptions", cart("2", json!([made["code"]]))).await.refused(403, "forbidden");
}

async fn a_rewards_voucher_is_spent_and_comes_back(shop: TestShop) {
    shop.customer("anna").await;
    let grant = json!({"customer": "anna", "reward": {"kind": "amount_off", "amount": 700}, "reason": "late"});
    shop.post("/v1/grants", grant).await.created();
    let reward = shop.list("/v1/rewards").await.remove(0);
    let place = path("/v1/rewards", &reward["id"]);
    let code = shop.get(&path("/v1/vouchers", &reward["voucher"])).await.ok()["code"].clone();
    let order = with(&cart("1", json!([code])), json!({"customer": "anna"}));
    let made = shop.post("/v1/redemptions", order).await.created();
    assert_eq!(shop.get(&place).await.ok()["status"], "spent");
    let undo = json!({"reversal_id": "R-1", "reason": "payment failed"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &made["id"])), undo).await.created();
    assert_eq!(shop.get(&place).await.ok()["status"], "issued");
    shop.books_balance().await;
}

async fn a_redemption_names_its_order(shop: TestShop) {
    let (one, other) = (voucher(&shop, json!({})).await, voucher(&shop, json!({})).await);
    shop.post("/v1/redemptions", cart("1", json!([one["code"]]))).await.created();
    shop.post("/v1/redemptions", cart("1", json!([other["code"]]))).await.refused(409, "order_differs");
    let viewer = shop.operator("viewer").await;
    let shown = viewer.get("/v1/redemptions?order_id=1").await.ok();
    assert_eq!(shown["data"][0]["lines"][0]["code"], json!(format!("****{}", hint(&one))));
}

async fn a_customers_uses_count_whatever_the_voucher_allows_now(shop: TestShop) {
    shop.customer("ben").await;
    let order = |order_id: &str, voucher: &Value| {
        shop.post("/v1/redemptions", with(&cart(order_id, json!([voucher["code"]])), json!({"customer": "ben"})))
    };
    let once = voucher(&shop, json!({"max_redemptions": 1, "per_customer": 1})).await;
    order("1", &once).await.created();
    limit(&shop, &once, 2).await;
    order("2", &once).await.refused(409, "limit_reached");
    let often = voucher(&shop, json!({"max_redemptions": 5, "per_customer": 1})).await;
    let made = order("3", &often).await.created();
    limit(&shop, &often, 1).await;
    let undo = json!({"reversal_id": "R-1", "reason": "payment failed"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &made["id"])), undo).await.created();
    limit(&shop, &often, 2).await;
    order("4", &often).await.created();
    order("5", &often).await.refused(409, "limit_reached");
    shop.books_balance().await;
}

async fn limit(shop: &TestShop, voucher: &Value, uses: i64) {
    let place = path("/v1/vouchers", &voucher["id"]);
    let etag = shop.get(&place).await.etag();
    shop.patch(&place, json!({"max_redemptions": uses})).if_match(&etag).await.ok();
}
