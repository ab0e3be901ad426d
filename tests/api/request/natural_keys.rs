//! Names that callers give: they never meet names of ours, and met again they mean the same thing.

use crate::support::*;

on_both!(
    a_reversal_is_not_called_like_its_order_which_is_cancelled,
    whatever_a_reversal_is_called_its_order_comes_back,
    what_is_called_like_an_id_of_ours_is_told_apart,
    a_reference_names_one_grant,
    a_reference_names_one_voucher,
    refunds_and_reversals_keep_their_content,
    lines_that_come_again_are_held_against_what_they_made,
);

/// A gift card of 10.00 is redeemed in an order, which is reported then.
async fn paid_by_card(shop: &TestShop, order: &str) -> (String, String) {
    let card = json!({"kind": "gift_card", "amount": 1000});
    let code = shop.post("/v1/vouchers", card).await.created()["code"].clone();
    let cart = json!({"codes": [code], "order_id": order, "currency": "EUR", "amount": 4000});
    let redemption = shop.post("/v1/redemptions", cart).await.created();
    let order = json!({"order_id": order, "amount": 4000, "currency": "EUR"});
    let order = shop.post("/v1/conversions", order).await.created();
    (path("/v1/redemptions", &redemption["id"]), text(&order["id"]))
}

async fn reverse(shop: &TestShop, redemption: &str, reversal_id: &str, amount: i64) -> Answer {
    let body = json!({"reversal_id": reversal_id, "amount": amount, "reason": "returned"});
    shop.post(&format!("{redemption}/reversals"), body).await
}

async fn a_reversal_is_not_called_like_its_order_which_is_cancelled(shop: TestShop) {
    let (redemption, order) = paid_by_card(&shop, "C-2").await;
    reverse(&shop, &redemption, &order, 1).await.refused(422, "invalid_field");
    reverse(&shop, &redemption, "C-2", 1).await.created();
    let cancelled = shop.post("/v1/conversions/C-2/cancelled", json!({})).await.ok();
    assert_eq!(cancelled["status"], "cancelled");
    let redeemed = shop.get(&redemption).await.ok();
    assert_eq!((&redeemed["status"], &redeemed["reversed_amount"]), (&json!("reversed"), &json!(1000)));
    reverse(&shop, &redemption, "C-2", 1).await.ok();
    shop.books_balance().await;
}

async fn whatever_a_reversal_is_called_its_order_comes_back(shop: TestShop) {
    // By a refund of all that is left, by a change to nothing, and by names that are made of ours.
    let ends = [("refunds", json!({"refund_id": "R-1", "kind": "refund"})), ("cancelled", json!({}))];
    for (number, (end, body)) in ends.into_iter().enumerate() {
        let name = format!("D-{number}");
        let (redemption, order) = paid_by_card(&shop, &name).await;
        let id = redemption.trim_start_matches("/v1/redemptions/").to_owned();
        for (amount, called) in [(1, name.clone()), (2, id.clone()), (3, format!("{order}/{id}")), (4, "R-1".into())] {
            reverse(&shop, &redemption, &called, amount).await.created();
        }
        let ended = shop.post(&format!("/v1/conversions/{name}/{end}"), body).await;
        assert!(ended.status() < 300, "{ended:?}");
        assert_eq!(shop.get(&redemption).await.ok()["status"], "reversed", "{end}");
    }
    shop.books_balance().await;
}

async fn what_is_called_like_an_id_of_ours_is_told_apart(shop: TestShop) {
    let (_, order) = paid_by_card(&shop, "E-1").await;
    let alike = json!({"order_id": order, "amount": 4000, "currency": "EUR"});
    let refused = shop.post("/v1/conversions", alike).await.refused(422, "invalid_field");
    assert_eq!(refused["errors"][0]["pointer"], "/order_id");
    let line = format!("order_id,occurred_at,amount\n{order},2025-01-01T00:00:00Z,100\n");
    assert_eq!(shop.imported("orders", &line).await["refused"], 1);
    let customer = shop.customer("anna").await;
    let alike = path("/v1/customers", &customer["id"]);
    shop.put(&alike, json!({})).await.refused(422, "invalid_field");
    // A share at the place of a code's own share is another one.
    let program = shop.program(json!({})).await;
    let code = shop.post(&format!("{}/codes", path("/v1/programs", &program["id"])), json!({"customer": "anna"}));
    code.await.created();
    let before = shop.list("/v1/shares").await.len();
    let share = json!({"program": program["id"], "customer": "anna", "channel": "copy", "placement": "code"});
    shop.post("/v1/shares", share).await.created();
    assert_eq!(shop.list("/v1/shares").await.len(), before + 1);
}

fn with(mut body: Value, changes: Value) -> Value {
    body.as_object_mut().expect("fields").extend(changes.as_object().expect("fields").clone());
    body
}

async fn a_reference_names_one_grant(shop: TestShop) {
    shop.customer("c-7").await;
    shop.customer("c-8").await;
    let body = json!({"customer": "c-7", "reward": {"kind": "gift_card", "amount": 1500}, "reason": "late parcel",
                      "reference": "T-88"});
    let first = shop.post("/v1/grants", body.clone()).await.created();
    assert_eq!(shop.post("/v1/grants", with(body.clone(), json!({"reason": "it came late"}))).await.ok(), first);
    assert_eq!(
        shop.post("/v1/grants", with(body.clone(), json!({"customer": first["customer_id"]}))).await.ok(),
        first
    );
    let others = [
        (json!({"customer": "c-8"}), "/customer"),
        (json!({"reward": {"kind": "gift_card", "amount": 1501}}), "/reward"),
        (json!({"reward": {"kind": "store_credit", "amount": 1500}}), "/reward"),
    ];
    for (changes, pointer) in others {
        let refused = shop.post("/v1/grants", with(body.clone(), changes)).await.refused(409, "reference_differs");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    assert_eq!(shop.list("/v1/grants").await.len(), 1);
    shop.delete("/v1/customers/c-8").await.accepted();
    assert_eq!(shop.post("/v1/grants", body).await.ok(), first, "somebody else was erased");
}

async fn a_reference_names_one_voucher(shop: TestShop) {
    shop.customer("c-7").await;
    let body =
        json!({"kind": "amount_off", "amount": 500, "max_redemptions": 3, "code": "SOMMER-27", "reference": "V-1"});
    let first = shop.post("/v1/vouchers", body.clone()).await.created();
    assert_eq!(
        shop.post("/v1/vouchers", with(body.clone(), json!({"code": "sommer-27"}))).await.ok()["id"],
        first["id"]
    );
    let place = path("/v1/vouchers", &first["id"]);
    shop.patch(&place, json!({"max_redemptions": 9})).if_match("\"1\"").await.ok();
    let again = shop.post("/v1/vouchers", body.clone()).await.ok();
    assert_eq!((&again["id"], &again["max_redemptions"]), (&first["id"], &json!(9)), "as it is now");
    let others = [
        json!({"amount": 501}),
        json!({"kind": "gift_card", "max_redemptions": null, "customer": "c-7"}),
        json!({"customer": "c-7"}),
        json!({"max_redemptions": 9}),
        json!({"code": "SOMMER-28"}),
        json!({"min_order_amount": 1000}),
        json!({"applies_to": {"skus": ["mug"]}}),
    ];
    for changes in others {
        shop.post("/v1/vouchers", with(body.clone(), changes)).await.refused(409, "reference_differs");
    }
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1);
}

async fn refunds_and_reversals_keep_their_content(shop: TestShop) {
    let items = json!([{"id": "1", "quantity": 2, "amount": 2000}, {"id": "2", "quantity": 1, "amount": 2000}]);
    let order = json!({"order_id": "F-1", "amount": 4000, "currency": "EUR", "items": items});
    shop.post("/v1/conversions", order).await.created();
    let refunds = "/v1/conversions/F-1/refunds";
    let body = json!({"refund_id": "R-1", "kind": "refund", "items": [{"id": "1", "quantity": 1}]});
    let first = shop.post(refunds, body.clone()).await.created();
    let again = with(body.clone(), json!({"amount": 1000, "reason": "too small"}));
    assert_eq!(shop.post(refunds, again).await.ok()["refund"], first["refund"]);
    let others = [
        (json!({"amount": 999}), "/amount"),
        (json!({"kind": "chargeback"}), "/kind"),
        (json!({"items": [{"id": "2", "quantity": 1}]}), "/items"),
        (json!({"items": [{"id": "1", "quantity": 2}]}), "/items"),
        (json!({"items": [{"id": "1", "quantity": 1}, {"id": "2", "quantity": 1}]}), "/items"),
    ];
    for (changes, pointer) in others {
        let refused = shop.post(refunds, with(body.clone(), changes)).await.refused(409, "refund_differs");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let (redemption, _) = paid_by_card(&shop, "F-2").await;
    let first = reverse(&shop, &redemption, "S-1", 300).await.created();
    assert_eq!(reverse(&shop, &redemption, "S-1", 300).await.ok()["id"], first["id"]);
    let refused = reverse(&shop, &redemption, "S-1", 301).await.refused(409, "reversal_differs");
    assert_eq!(refused["errors"][0]["pointer"], "/amount");
    shop.books_balance().await;
}

async fn lines_that_come_again_are_held_against_what_they_made(shop: TestShop) {
    shop.customer("anna").await;
    shop.customer("bert").await;
    let orders = |customer: &str, amount: i64| {
        format!("order_id,occurred_at,amount,customer\nG-1,2025-01-01T00:00:00Z,{amount},{customer}\n")
    };
    let vouchers = |fields: &str| format!("code,kind,amount,reference,customer\nALTE-KARTE-1,{fields}\n");
    let table = [
        ("orders", orders("anna", 100), 0, 0),
        ("orders", orders("anna", 100), 1, 0),
        ("orders", orders("bert", 100), 0, 1),
        ("orders", orders("anna", 101), 0, 1),
        ("vouchers", vouchers("gift_card,500,V-9,anna"), 0, 0),
        ("vouchers", vouchers("gift_card,500,V-9,anna"), 1, 0),
        ("vouchers", vouchers("gift_card,501,V-9,anna"), 0, 1),
        ("vouchers", vouchers("gift_card,500,V-8,anna"), 0, 1),
        ("vouchers", vouchers("gift_card,500,V-9,bert"), 0, 1),
        ("vouchers", vouchers("gift_card,500,V-9,anna").replace("KARTE-1", "KARTE-2"), 0, 1),
    ];
    for (kind, file, known, refused) in table {
        let job = shop.imported(kind, &file).await;
        assert_eq!((&job["known"], &job["refused"]), (&json!(known), &json!(refused)), "{file}");
    }
    assert_eq!(shop.list("/v1/conversions").await.len(), 1);
    assert_eq!(shop.list("/v1/vouchers").await.len(), 1);
}
