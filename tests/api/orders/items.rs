//! Discounts that are for some items of a cart alone.

use crate::support::*;

on_both!(
    a_discount_takes_off_what_it_is_for,
    what_the_shop_never_discounts_keeps_its_price,
    a_cart_without_items_is_asked_for_them,
    some_vouchers_stand_beside_no_discount_of_the_shop,
    a_gift_card_pays_for_everything,
    a_scope_can_be_changed,
    case_and_blanks_of_products_do_not_matter,
);

async fn voucher(shop: &TestShop, changes: Value) -> Value {
    let mut voucher = json!({"kind": "percent_off", "rate_bps": 1000});
    for (name, value) in changes.as_object().into_iter().flatten() {
        voucher[name] = value.clone();
    }
    shop.post("/v1/vouchers", voucher).await.created()
}

/// A mug for 30.00, a novel for 20.00, a pan for 50.00 that the shop has discounted.
fn cart(code: &Value) -> Value {
    json!({"codes": [code], "order_id": "A-1", "currency": "EUR", "amount": 10_000, "items": [
        {"id": "1", "sku": "mug", "amount": 3000, "categories": ["kitchen"]},
        {"id": "2", "sku": "novel", "amount": 2000, "categories": ["books"]},
        {"id": "3", "sku": "pan", "amount": 5000, "categories": ["kitchen"], "discounted": true},
    ]})
}

fn without(cart: &Value, field: &str) -> Value {
    let mut cart = cart.clone();
    cart.as_object_mut().expect("a cart").remove(field);
    cart
}

pub async fn never_discounts(shop: &TestShop, never: Value) {
    let tag = shop.get("/v1/shop").await.header("etag").expect("an ETag").to_owned();
    let changed = shop.patch("/v1/shop", json!({"never_discounted": never})).header("if-match", &tag).await.ok();
    for (name, list) in never.as_object().into_iter().flatten() {
        assert_eq!(changed["never_discounted"][name], *list);
    }
}

async fn a_discount_takes_off_what_it_is_for(shop: TestShop) {
    let table = [
        (json!({"skus": ["mug"]}), json!([{"id": "1", "amount": 300}])),
        (json!({"categories": ["kitchen"]}), json!([{"id": "1", "amount": 300}, {"id": "3", "amount": 500}])),
        (json!({"categories": ["kitchen"], "except_discounted": true}), json!([{"id": "1", "amount": 300}])),
        (json!({"except_categories": ["kitchen"]}), json!([{"id": "2", "amount": 200}])),
        (json!({"except_skus": ["novel", "pan"]}), json!([{"id": "1", "amount": 300}])),
    ];
    for (applies_to, items) in table {
        let made = voucher(&shop, json!({"applies_to": applies_to})).await;
        let checked = shop.post("/v1/vouchers/check", cart(&made["code"])).await.ok();
        assert_eq!(checked["lines"][0]["items"], items, "{applies_to}");
    }
    let made = voucher(&shop, json!({"applies_to": {"skus": ["sofa"]}})).await;
    let checked = shop.post("/v1/vouchers/check", cart(&made["code"])).await.ok();
    assert_eq!(checked["lines"][0]["reasons"], json!(["not_applicable"]));
    shop.post("/v1/redemptions", cart(&made["code"])).await.refused(422, "not_applicable");
}

async fn what_the_shop_never_discounts_keeps_its_price(shop: TestShop) {
    never_discounts(&shop, json!({"skus": ["pan"], "categories": ["books"]})).await;
    let made = voucher(&shop, json!({})).await;
    let redeemed = shop.post("/v1/redemptions", cart(&made["code"])).await.created();
    assert_eq!(
        (&redeemed["discount"], &redeemed["lines"][0]["items"]),
        (&json!(300), &json!([{"id": "1", "amount": 300}]))
    );
    let wide = voucher(&shop, json!({"kind": "amount_off", "rate_bps": null, "amount": 5000})).await;
    let checked = shop.post("/v1/vouchers/check", cart(&wide["code"])).await.ok();
    assert_eq!(checked["discount"], 3000, "what is above the mug is lost");
    never_discounts(&shop, json!({"skus": []})).await;
    let checked = shop.post("/v1/vouchers/check", cart(&wide["code"])).await.ok();
    assert_eq!(checked["discount"], 5000);
    shop.books_balance().await;
}

async fn a_cart_without_items_is_asked_for_them(shop: TestShop) {
    let made = voucher(&shop, json!({"applies_to": {"skus": ["mug"]}})).await;
    let bare = without(&cart(&made["code"]), "items");
    let checked = shop.post("/v1/vouchers/check", bare.clone()).await.ok();
    assert_eq!((&checked["valid"], &checked["needs"]), (&json!(false), &json!(["items"])));
    assert_eq!(checked["lines"][0]["reasons"], json!(["items_required"]));
    shop.post("/v1/redemptions", bare).await.refused(422, "items_required");
    let made = voucher(&shop, json!({})).await;
    let bare = without(&cart(&made["code"]), "items");
    assert_eq!(shop.post("/v1/vouchers/check", bare.clone()).await.ok()["discount"], 1000);
    never_discounts(&shop, json!({"categories": ["books"]})).await;
    shop.post("/v1/redemptions", bare).await.refused(422, "items_required");
    let shipping = voucher(&shop, json!({"kind": "free_shipping", "rate_bps": null})).await;
    let mut bare = without(&cart(&shipping["code"]), "items");
    bare["shipping_amount"] = json!(490);
    assert_eq!(shop.post("/v1/redemptions", bare).await.created()["discount"], 490);
}

async fn some_vouchers_stand_beside_no_discount_of_the_shop(shop: TestShop) {
    let made = voucher(&shop, json!({"with_shop_discounts": false})).await;
    assert_eq!(made["with_shop_discounts"], false);
    let mut reduced = without(&cart(&made["code"]), "items");
    reduced["shop_discount"] = json!(500);
    let checked = shop.post("/v1/vouchers/check", reduced.clone()).await.ok();
    assert_eq!(checked["lines"][0]["reasons"], json!(["not_combinable"]));
    shop.post("/v1/redemptions", reduced.clone()).await.refused(422, "not_applicable");
    reduced["shop_discount"] = json!(0);
    shop.post("/v1/redemptions", reduced).await.created();
}

async fn a_gift_card_pays_for_everything(shop: TestShop) {
    never_discounts(&shop, json!({"categories": ["books"]})).await;
    let card = json!({"kind": "gift_card", "amount": 10_000});
    let made = shop.post("/v1/vouchers", card.clone()).await.created();
    let bare = without(&cart(&made["code"]), "items");
    assert_eq!(shop.post("/v1/redemptions", bare).await.created()["payment"], 10_000);
    for (field, value) in [("applies_to", json!({"skus": ["mug"]})), ("with_shop_discounts", json!(false))] {
        let mut card = card.clone();
        card[field] = value;
        let problem = shop.post("/v1/vouchers", card).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"));
    }
}

async fn a_scope_can_be_changed(shop: TestShop) {
    let made = shop.post("/v1/vouchers", json!({"kind": "percent_off", "rate_bps": 1000})).await;
    let (tag, made) = (made.header("etag").expect("an ETag").to_owned(), made.created());
    let whole =
        json!({"skus": [], "categories": [], "except_skus": [], "except_categories": [], "except_discounted": false});
    assert_eq!((&made["applies_to"], &made["with_shop_discounts"]), (&whole, &json!(true)));
    let change = json!({"applies_to": {"skus": ["novel"]}, "with_shop_discounts": false});
    let place = path("/v1/vouchers", &made["id"]);
    let changed = shop.patch(&place, change).header("if-match", &tag).await.ok();
    assert_eq!((&changed["applies_to"]["skus"], &changed["with_shop_discounts"]), (&json!(["novel"]), &json!(false)));
    let checked = shop.post("/v1/vouchers/check", cart(&made["code"])).await.ok();
    assert_eq!(checked["discount"], 200);
    let many: Vec<String> = (0..1001).map(|number| format!("sku-{number}")).collect();
    let problem = shop.post("/v1/vouchers", json!({"kind": "free_shipping", "applies_to": {"skus": many}})).await;
    assert_eq!(problem.refused(422, "invalid_field")["errors"][0]["pointer"], "/applies_to/skus");
}

async fn case_and_blanks_of_products_do_not_matter(shop: TestShop) {
    let typed = |code: &Value| {
        let mut cart = cart(code);
        cart["items"][0]["sku"] = json!(" MUG ");
        cart["items"][1]["categories"] = json!(["Books"]);
        cart["items"][2]["categories"] = json!(["Küche", "KITCHEN\u{a0}"]);
        cart
    };
    never_discounts(&shop, json!({"categories": ["books"]})).await;
    let made = voucher(&shop, json!({})).await;
    let checked = shop.post("/v1/vouchers/check", typed(&made["code"])).await.ok();
    assert_eq!(checked["discount"], 800, "the book keeps its price");
    let redeemed = shop.post("/v1/redemptions", typed(&made["code"])).await.created();
    assert_eq!(redeemed["lines"][0]["items"], json!([{"id": "1", "amount": 300}, {"id": "3", "amount": 500}]));
    never_discounts(&shop, json!({"skus": ["Novel "], "categories": ["KU\u{308}CHE"]})).await;
    let made = voucher(&shop, json!({})).await;
    assert_eq!(shop.post("/v1/vouchers/check", typed(&made["code"])).await.ok()["discount"], 300);
    never_discounts(&shop, json!({"skus": [], "categories": []})).await;
    let table = [
        (json!({"skus": ["Mug", "PAN"]}), 800),
        (json!({"categories": ["BOOKS "]}), 200),
        (json!({"except_skus": ["mug", "Pan"]}), 200),
        (json!({"except_categories": ["Kitchen", "Books"]}), 0),
        (json!({"categories": ["küche"], "except_categories": ["books"]}), 500),
    ];
    for (applies_to, discount) in table {
        let made = voucher(&shop, json!({"applies_to": applies_to})).await;
        for (field, list) in applies_to.as_object().into_iter().flatten() {
            assert_eq!(made["applies_to"][field], *list, "what was typed is shown as typed");
        }
        let checked = shop.post("/v1/vouchers/check", typed(&made["code"])).await.ok();
        assert_eq!(checked["discount"], discount, "{applies_to}");
    }
    // A friend's discount at the checkout keeps off the same products.
    never_discounts(&shop, json!({"categories": ["BOOKS"]})).await;
    let rule = json!({"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000});
    let program = shop.program(json!({"rewards": [rule]})).await;
    shop.customer("anna").await;
    shop.customer("friend").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "anna"})).await.created()["code"].clone();
    let mut cart = typed(&code);
    (cart["customer"], cart["order_id"]) = (json!("friend"), json!("A-9"));
    assert_eq!(shop.post("/v1/redemptions", cart).await.created()["discount"], 800);
}
