//! What a customer could use in a cart: theirs alone, best first, judged as the check judges.

use crate::support::*;

on_both!(
    the_best_comes_first_and_the_others_say_why_not,
    what_is_somebody_elses_is_told_to_nobody,
    what_is_set_aside_for_the_cart_is_its_own,
    of_very_many_the_newest_are_looked_at,
);

fn cart(fields: Value) -> Value {
    let mut cart = json!({"customer": "anna", "currency": "EUR", "amount": 4000, "shipping_amount": 490});
    for (name, value) in fields.as_object().into_iter().flatten() {
        cart[name] = value.clone();
    }
    cart
}

async fn applicable(shop: &Actor, fields: Value) -> Vec<Value> {
    elements(&shop.post("/v1/vouchers/applicable", cart(fields)).await.ok()["data"])
}

async fn voucher(shop: &TestShop, fields: Value) -> Value {
    let mut voucher = json!({"kind": "amount_off", "amount": 500, "customer": "anna"});
    for (name, value) in fields.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

async fn the_best_comes_first_and_the_others_say_why_not(shop: TestShop) {
    shop.customer("anna").await;
    let kinds = [
        (json!({}), json!([])),
        (json!({"kind": "percent_off", "amount": null, "rate_bps": 5000, "max_amount": 1500}), json!([])),
        (json!({"kind": "free_shipping", "amount": null}), json!([])),
        (json!({"kind": "gift_card", "amount": 9000}), json!([])),
        (json!({"stacking": {"exclusive": true}, "valid_until": "2040-01-01T00:00:00.000Z"}), json!([])),
        (json!({"min_order_amount": 4001}), json!(["min_order_amount"])),
        (json!({"valid_from": "2040-01-01T00:00:00.000Z"}), json!(["not_yet_valid"])),
        (json!({"applies_to": {"skus": ["mug"]}}), json!(["items_required"])),
        (json!({"with_shop_discounts": false}), json!([])),
    ];
    let mut made = Vec::new();
    for (fields, reasons) in kinds {
        made.push((voucher(&shop, fields).await, reasons));
    }
    let void = voucher(&shop, json!({})).await;
    shop.post(&format!("{}/void", path("/v1/vouchers", &void["id"])), json!({"reason": "a test"})).await.ok();
    let spent = voucher(&shop, json!({})).await;
    let order =
        json!({"codes": [spent["code"]], "customer": "anna", "order_id": "A-1", "currency": "EUR", "amount": 900});
    shop.post("/v1/redemptions", order).await.created();
    let shown = applicable(&shop, json!({})).await;
    assert_eq!(shown.len(), made.len(), "what is spent or withdrawn is left out");
    for one in &shown {
        let (voucher, reasons) = made.iter().find(|(voucher, _)| voucher["id"] == one["voucher"]).expect("it was made");
        assert_eq!((&one["reasons"], &one["valid"]), (reasons, &json!(*reasons == json!([]))), "{voucher}");
        let code = text(&voucher["code"]);
        assert_eq!(one["hint"], code[code.len() - 4..], "{one}");
        // The check of this code alone says the same.
        let check = shop.post("/v1/vouchers/check", cart(json!({"codes": [code]}))).await.ok();
        for field in ["valid", "discount", "payment", "reasons", "detail"] {
            assert_eq!(check["lines"][0][field], one[field], "{field} of {voucher}");
        }
    }
    let worth: Vec<i64> =
        shown.iter().map(|one| one["discount"].as_i64().unwrap_or(0) + one["payment"].as_i64().unwrap_or(0)).collect();
    assert_eq!(worth, [4490, 1500, 500, 500, 500, 490, 0, 0, 0]);
    assert_eq!(shown[2]["valid_until"], "2040-01-01T00:00:00.000Z", "of equal ones the one that ends first");
    let with =
        applicable(&shop, json!({"shop_discount": 100, "items": [{"id": "1", "sku": "mug", "amount": 4000}]})).await;
    let reasons_of = |number: usize| {
        with.iter().find(|one| one["voucher"] == made[number].0["id"]).expect("it is shown")["reasons"].clone()
    };
    assert_eq!((reasons_of(7), reasons_of(8)), (json!([]), json!(["not_combinable"])));
    for one in applicable(&shop, json!({"currency": "USD"})).await {
        assert!(elements(&one["reasons"]).contains(&json!("currency_mismatch")), "{one}");
    }
}

async fn what_is_somebody_elses_is_told_to_nobody(shop: TestShop) {
    shop.customer("anna").await;
    shop.customer("ben").await;
    let hers = voucher(&shop, json!({})).await;
    voucher(&shop, json!({"customer": null})).await;
    assert_eq!(applicable(&shop, json!({})).await.len(), 1);
    let told = json!({"customer": "ben", "customer_details": {"email": "anna@mail.example"}});
    assert!(applicable(&shop, told).await.is_empty(), "an address that is told is no key");
    let guest = cart(json!({"customer": null, "customer_details": {"email": "anna@mail.example"}}));
    shop.post("/v1/vouchers/applicable", guest).await.refused(422, "customer_required");
    assert!(applicable(&shop, json!({"customer": "nobody-yet"})).await.is_empty());
    assert!(shop.get("/v1/customers/nobody-yet").await.status() == 404, "nothing is kept");
    shop.post("/v1/vouchers/applicable", cart(json!({"codes": ["A"]}))).await.refused(422, "invalid_field");
    shop.post("/v1/vouchers/applicable", cart(json!({"ttl_seconds": 60}))).await.refused(422, "unknown_field");
    shop.post("/v1/customers/ben/merge", json!({"from": "anna", "reason": "she told us"})).await.ok();
    let merged = applicable(&shop, json!({"customer": "ben"})).await;
    assert_eq!((merged.len(), &merged[0]["voucher"], &merged[0]["valid"]), (1, &hers["id"], &json!(true)));
    let reader = shop.key(&["vouchers:read"]).await;
    assert_eq!(applicable(&reader, json!({"customer": "ben"})).await, merged, "no code is shown to anybody");
    shop.key(&["customers:read"])
        .await
        .post("/v1/vouchers/applicable", cart(json!({})))
        .await
        .refused(403, "forbidden");
}

async fn what_is_set_aside_for_the_cart_is_its_own(shop: TestShop) {
    shop.customer("anna").await;
    let hers = voucher(&shop, json!({})).await;
    let hold = cart(json!({"cart_id": "C-1", "codes": [hers["code"]]}));
    shop.post("/v1/holds", hold).await.created();
    assert_eq!(applicable(&shop, json!({})).await[0]["reasons"], json!(["held"]));
    assert_eq!(applicable(&shop, json!({"cart_id": "C-1"})).await[0]["valid"], true);
    shop.advance(1).await;
    assert_eq!(applicable(&shop, json!({})).await[0]["valid"], true, "the hold is over");
}

async fn of_very_many_the_newest_are_looked_at(shop: TestShop) {
    shop.customer("anna").await;
    let lines: String = (0..101).map(|number| format!("OLD-FLYER-{number},amount_off,500,anna\n")).collect();
    shop.imported("vouchers", &format!("code,kind,amount,customer\n{lines}")).await;
    let newest = voucher(&shop, json!({"amount": 700})).await;
    let answer = shop.post("/v1/vouchers/applicable", cart(json!({}))).await.ok();
    assert_eq!((elements(&answer["data"]).len(), &answer["more"]), (100, &json!(true)));
    assert_eq!(answer["data"][0]["voucher"], newest["id"]);
}
