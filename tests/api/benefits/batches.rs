//! Vouchers by the million: a batch is made in the background, its codes leave as a file, it is withdrawn at once, and
//! the books follow exactly.

use std::collections::BTreeSet;

use crate::support::database::fresh_database;
use crate::support::process::{self, Process};
use crate::support::server::block_on;
use crate::support::*;

on_both!(
    a_batch_is_made_exported_and_redeemed,
    what_cannot_be_a_batch_is_refused,
    codes_leave_once_without_being_asked_why,
    a_large_batch_waits_for_a_second_operator,
    what_was_made_before_it_was_cancelled_is_good,
    a_batch_is_withdrawn_at_once_and_the_books_follow,
    what_is_withdrawn_while_it_is_made_is_not_made,
    what_was_set_aside_goes_with_the_batch,
    cards_of_a_batch_lie_in_accounts_of_their_own,
    one_of_a_batch_lives_and_dies_alone,
    what_is_withdrawn_while_it_is_redeemed_is_one_of_both,
    a_batch_goes_to_another_shop,
    each_customer_of_a_list_gets_one,
    a_list_that_cannot_be_is_refused,
    a_list_of_an_operator_waits_for_another,
    what_was_made_elsewhere_is_a_batch_as_well,
);

/// A batch that is made when this returns.
async fn made(shop: &TestShop, fields: Value) -> Value {
    let batch = asked(shop, fields).await.accepted();
    shop.server().settle_jobs().await;
    seen(shop, &batch).await
}

/// A batch of discounts of 5.00, with other fields.
fn asked(actor: &Actor, fields: Value) -> client::Ask {
    let mut batch = json!({"name": "Flyer", "count": 5, "kind": "amount_off", "amount": 500});
    for (name, value) in fields.as_object().into_iter().flatten() {
        batch[name] = value.clone();
    }
    actor.post("/v1/voucher_batches", batch)
}

async fn seen(shop: &TestShop, batch: &Value) -> Value {
    shop.get(&path("/v1/voucher_batches", &batch["id"])).await.ok()
}

fn place(batch: &Value, verb: &str) -> String {
    format!("{}/{verb}", path("/v1/voucher_batches", &batch["id"]))
}

async fn export(actor: &Actor, batch: &Value, reason: &str) -> Answer {
    let query = if reason.is_empty() { String::new() } else { format!("?reason={reason}") };
    actor.get(&format!("{}{query}", place(batch, "export.csv"))).await
}

/// The codes of a batch, as the file has them.
async fn codes(shop: &TestShop, batch: &Value) -> Vec<String> {
    let file = export(shop, batch, "test").await;
    assert_eq!((file.status(), file.header("content-type")), (200, Some("text/csv; charset=utf-8")), "{file:?}");
    let mut reader = csv::Reader::from_reader(file.bytes());
    reader.records().map(|row| row.expect("a row")[0].to_owned()).collect()
}

fn cart(code: &str, order: &str) -> Value {
    json!({"codes": [code], "order_id": order, "currency": "EUR", "amount": 2000})
}

fn check(code: &str) -> Value {
    json!({"codes": [code], "currency": "EUR", "amount": 2000})
}

async fn reasons(shop: &TestShop, code: &str) -> Value {
    shop.post("/v1/vouchers/check", check(code)).await.ok()["lines"][0]["reasons"].clone()
}

async fn events(shop: &TestShop, kind: &str) -> usize {
    let all = elements(&shop.get("/v1/events?limit=200").await.ok()["data"]);
    all.iter().filter(|event| event["type"] == kind).count()
}

fn counts(batch: &Value) -> [i64; 4] {
    ["count", "made", "redeemed", "void"].map(|name| batch[name].as_i64().expect("a count"))
}

async fn a_batch_is_made_exported_and_redeemed(shop: TestShop) {
    let fields =
        json!({"count": 450, "prefix": "xmas", "min_order_amount": 1000, "applies_to": {"except_skus": ["book"]}});
    let asked = asked(&shop, fields).await;
    assert_eq!(asked.header("location").map(str::to_owned), Some(path("/v1/voucher_batches", &asked.json()["id"])));
    let batch = asked.accepted();
    assert_eq!((&batch["pattern"], &batch["entropy_bits"]), (&json!("XMAS-####-####-####"), &json!(60)));
    assert_eq!(batch["job"]["kind"], "make_vouchers");
    shop.server().settle_jobs().await;
    let batch = seen(&shop, &batch).await;
    assert_eq!((&batch["status"], counts(&batch)), (&json!("made"), [450, 450, 0, 0]), "{batch}");
    assert_eq!((&batch["job"]["status"], &batch["job"]["done"]), (&json!("finished"), &json!(450)));
    let codes = codes(&shop, &batch).await;
    let others: BTreeSet<&String> = codes.iter().collect();
    assert_eq!((codes.len(), others.len()), (450, 450));
    assert!(codes.iter().all(|code| code.starts_with("XMAS-") && code.len() == 19), "{codes:?}");
    let all = format!("/v1/vouchers?batch={}", text(&batch["id"]));
    let page = shop.get(&format!("{all}&limit=200")).await.ok();
    assert_eq!((elements(&page["data"]).len(), page["next"].is_string()), (200, true));
    assert_eq!((&page["data"][0]["batch"], &page["data"][0]["min_order_amount"]), (&batch["id"], &json!(1000)));
    assert!(shop.list("/v1/vouchers?batch=bat_01kaskqz3m0d2w9xk7y5hd1v8r").await.is_empty());
    assert_eq!(reasons(&shop, &codes[7]).await, json!(["items_required"]));
    let mut order = cart(&codes[449].to_lowercase(), "A-1");
    order["items"] = json!([{"id": "1", "sku": "mug", "amount": 2000}]);
    let redeemed = shop.post("/v1/redemptions", order).await.created();
    assert_eq!(redeemed["discount"], 500);
    assert_eq!(counts(&seen(&shop, &batch).await), [450, 450, 1, 0]);
    shop.books_balance().await;
    let undo = json!({"reversal_id": "R-1", "reason": "a test"});
    shop.post(&format!("{}/reversals", path("/v1/redemptions", &redeemed["id"])), undo).await.created();
    assert_eq!(counts(&seen(&shop, &batch).await), [450, 450, 0, 0]);
    assert_eq!((events(&shop, "voucher.issued").await, events(&shop, "batch.finished").await), (0, 1));
    assert_eq!(shop.list("/v1/voucher_batches?status=made").await, [seen(&shop, &batch).await]);
    assert_eq!(shop.list("/v1/jobs?kind=make_vouchers").await[0]["batch"], batch["id"]);
    shop.books_balance().await;
}

async fn what_cannot_be_a_batch_is_refused(shop: TestShop) {
    let table = [
        (json!({"count": 0}), "/count"),
        (json!({"count": null}), "/count"),
        (json!({"count": 1_000_001}), "/count"),
        (json!({"count": 1000, "amount": 9_007_199_254_740_991_i64}), "/count"),
        (json!({"name": ""}), "/name"),
        (json!({"length": 3}), "/length"),
        (json!({"length": 26}), "/length"),
        (json!({"prefix": "A#"}), "/prefix"),
        (json!({"prefix": "Käse"}), "/prefix"),
        (json!({"pattern": "TEA"}), "/pattern"),
        (json!({"pattern": "TEA-####", "prefix": "TEA"}), "/pattern"),
        (json!({"pattern": "TEA-####", "count": 2}), "/pattern"),
        (json!({"length": 7, "count": 1_000_000}), "/pattern"),
        (json!({"kind": "gift_card", "amount": 1000, "length": 11}), "/pattern"),
        (
            json!({"kind": "percent_off", "amount": null, "rate_bps": 1000, "max_redemptions": null, "length": 11}),
            "/pattern",
        ),
        (json!({"kind": "store_credit"}), "/kind"),
        (json!({"kind": "percent_off"}), "/rate_bps"),
        (json!({"valid_until": "2020-01-01T00:00:00Z"}), "/valid_until"),
        (json!({"kind": "gift_card", "max_redemptions": 2}), "/max_redemptions"),
    ];
    for (fields, pointer) in table {
        let refused = asked(&shop, fields.clone()).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{fields}: {refused}");
    }
    asked(&shop, json!({"currency": "USD"})).await.refused(422, "currency_mismatch");
    asked(&shop, json!({"code": "A"})).await.refused(422, "unknown_field");
    asked(&shop, json!({})).without("idempotency-key").await.refused(400, "idempotency_key_required");
    let reader = shop.key(&["vouchers:read"]).await;
    asked(&reader, json!({})).await.refused(403, "forbidden");
    assert!(shop.list("/v1/voucher_batches").await.is_empty() && shop.list("/v1/jobs").await.is_empty());
    let other = shop.another().await;
    let theirs = made(&other, json!({})).await;
    for verb in ["cancel", "void"] {
        shop.post(&place(&theirs, verb), json!({"reason": "a test"})).await.refused(404, "not_found");
    }
    shop.operator("owner").await.post(&place(&theirs, "approve"), json!({})).await.refused(404, "not_found");
    shop.get(&path("/v1/voucher_batches", &theirs["id"])).await.refused(404, "not_found");
    export(&shop, &theirs, "").await.refused(404, "not_found");
    let once = asked(&shop, json!({})).key("once").await.accepted();
    assert_eq!(asked(&shop, json!({})).key("once").await.accepted()["id"], once["id"]);
    asked(&shop, json!({"count": 6})).key("once").await.refused(422, "idempotency_key_reused");
    assert_eq!(shop.list("/v1/voucher_batches").await.len(), 1);
}

async fn codes_leave_once_without_being_asked_why(shop: TestShop) {
    let batch = made(&shop, json!({})).await;
    assert_eq!(export(&shop, &batch, "").await.text().lines().count(), 6);
    export(&shop, &batch, "").await.refused(422, "invalid_field");
    assert_eq!(export(&shop, &batch, "the%20printer%20lost%20it").await.text().lines().count(), 6);
    let another = shop.key(&["vouchers:write", "vouchers:redeem"]).await;
    assert_eq!(export(&another, &batch, "").await.text().lines().count(), 6);
    let manager = shop.operator("manager").await;
    assert_eq!(export(&manager, &batch, "").await.text().lines().count(), 6);
    for role in ["support", "viewer"] {
        export(&shop.operator(role).await, &batch, "please").await.refused(403, "forbidden");
    }
    let masked = shop.key(&["vouchers:write", "vouchers:read"]).await;
    export(&masked, &batch, "please").await.refused(403, "forbidden");
    let log = shop.list("/v1/audit_log?action=export_voucher_batch").await;
    let reasons: Vec<&Value> = log.iter().map(|row| &row["reason"]).collect();
    assert_eq!((log.len(), reasons.iter().filter(|reason| reason.is_string()).count()), (4, 1), "{log:?}");
    assert!(log.iter().all(|row| row["subject"]["id"] == batch["id"]), "{log:?}");
    for code in codes(&shop, &batch).await {
        for view in ["/v1/audit_log", "/v1/events?limit=200", "/v1/voucher_batches", "/v1/jobs"] {
            let shown = shop.get(view).await;
            assert!(!shown.text().contains(&code), "{view} shows a code");
        }
        let masked = masked.get(&format!("/v1/vouchers?batch={}", text(&batch["id"]))).await;
        assert!(!masked.text().contains(&code), "{masked:?}");
    }
}

async fn a_large_batch_waits_for_a_second_operator(shop: TestShop) {
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let small = asked(&anton, json!({"count": 10})).await.accepted();
    assert_eq!((&small["status"], &small["asked_by"]), (&json!("making"), &Value::Null));
    for fields in [json!({"count": 11}), json!({"kind": "percent_off", "amount": null, "rate_bps": 500})] {
        let large = asked(&anton, fields.clone()).await.accepted();
        assert_eq!((&large["status"], &large["asked_by"]["name"]), (&json!("pending_approval"), &json!("manager")));
        shop.server().settle_jobs().await;
        assert_eq!(counts(&seen(&shop, &large).await)[1], 0, "nothing is made yet");
        let approve = place(&large, "approve");
        export(&shop, &large, "").await.refused(409, "illegal_transition");
        anton.post(&approve, json!({})).await.refused(409, "four_eyes_required");
        shop.post(&approve, json!({})).await.refused(409, "four_eyes_required");
        shop.operator("support").await.post(&approve, json!({})).await.refused(403, "forbidden");
        let good = berta.post(&approve, json!({"reason": "for the fair"})).await.ok();
        assert_eq!((&good["status"], &good["asked_by"]), (&json!("making"), &Value::Null));
        shop.server().settle_jobs().await;
        let made = seen(&shop, &large).await;
        assert_eq!((&made["status"], &made["made"]), (&json!("made"), &made["count"]), "{fields}");
        assert_eq!(berta.post(&approve, json!({})).await.ok(), made, "once");
    }
    let many = asked(&anton, json!({"count": 10})).await.accepted();
    assert_eq!(many["status"], "making", "150.00 of the 500.00 that one gives in a day");
    for _ in 0..7 {
        asked(&anton, json!({"count": 10})).await.accepted();
    }
    assert_eq!(asked(&anton, json!({"count": 9})).await.accepted()["status"], "making");
    let more = asked(&anton, json!({"count": 10})).await.accepted();
    assert_eq!(more["status"], "pending_approval", "many small ones are a large one");
    assert_eq!(berta.post(&place(&more, "cancel"), json!({})).await.ok()["status"], "cancelled");
    berta.post(&place(&more, "approve"), json!({})).await.refused(409, "illegal_transition");
    let key_made = asked(&shop, json!({"count": 500})).await.accepted();
    assert_eq!(key_made["status"], "making", "the shop's backend makes what it sells");
    shop.server().settle_jobs().await;
    shop.books_balance().await;
}

async fn what_was_made_before_it_was_cancelled_is_good(shop: TestShop) {
    let batch = asked(&shop, json!({"count": 500_000})).await.accepted();
    while seen(&shop, &batch).await["made"] == 0 {}
    export(&shop, &batch, "").await.refused(409, "illegal_transition");
    let cancel = place(&batch, "cancel");
    let (one, other) =
        tokio::join!(shop.post(&cancel, json!({})).into_future(), shop.post(&cancel, json!({})).into_future());
    assert_eq!(one.ok(), other.ok());
    let cancelled = seen(&shop, &batch).await;
    assert_eq!((&cancelled["status"], &cancelled["job"]["status"]), (&json!("cancelled"), &json!("cancelled")));
    shop.server().settle_jobs().await;
    assert_eq!(seen(&shop, &batch).await, cancelled, "nothing more is made");
    let codes = codes(&shop, &batch).await;
    assert_eq!(Some(codes.len() as u64), cancelled["made"].as_u64());
    assert!(codes.len() < 500_000);
    shop.post("/v1/redemptions", cart(&codes[0], "A-1")).await.created();
    shop.books_balance().await;
    let made = made(&shop, json!({})).await;
    shop.post(&place(&made, "cancel"), json!({})).await.refused(409, "illegal_transition");
    assert_eq!(shop.post(&place(&batch, "void"), json!({"reason": "late"})).await.ok()["status"], "void");
    shop.post(&cancel, json!({})).await.refused(409, "illegal_transition");
    shop.server().settle_jobs().await;
    assert_eq!(seen(&shop, &batch).await["void"], codes.len() - 1);
    shop.books_balance().await;
}

async fn a_batch_is_withdrawn_at_once_and_the_books_follow(shop: TestShop) {
    let batch = made(&shop, json!({"count": 300, "max_redemptions": 2})).await;
    let codes = codes(&shop, &batch).await;
    let spent = shop.post("/v1/redemptions", cart(&codes[0], "A-1")).await.created();
    shop.post("/v1/redemptions", cart(&codes[0], "A-2")).await.created();
    let half = shop.post("/v1/redemptions", cart(&codes[1], "A-3")).await.created();
    assert_eq!(reasons(&shop, &codes[2]).await, json!([]));
    shop.post(&place(&batch, "void"), json!({})).await.refused(422, "invalid_field");
    let void = shop.post(&place(&batch, "void"), json!({"reason": "leaked"})).await.ok();
    assert_eq!((&void["status"], &void["job"]["kind"]), (&json!("void"), &json!("void_vouchers")));
    for code in &codes[1..20] {
        assert_eq!(reasons(&shop, code).await, json!(["void"]));
    }
    assert_eq!(reasons(&shop, &codes[0]).await, json!(["limit_reached"]));
    shop.post("/v1/redemptions", cart(&codes[3], "A-4")).await.refused(409, "voucher_void");
    let lookup = shop.post("/v1/vouchers/lookup", json!({"code": codes[3]})).await;
    let (etag, one) = (lookup.etag(), lookup.ok());
    assert_eq!(one["status"], "void");
    let voucher = path("/v1/vouchers", &one["id"]);
    for verb in ["replace", "void"] {
        let answer = shop.post(&format!("{voucher}/{verb}"), json!({"reason": "r"})).await;
        assert_eq!(answer.status(), if verb == "void" { 200 } else { 409 }, "{answer:?}");
    }
    let change = shop.patch(&voucher, json!({"valid_until": "2040-01-01T00:00:00Z"}));
    let change = change.if_match(&etag).await;
    assert!(matches!(change.status(), 409 | 412), "{change:?}");
    let all = format!("/v1/vouchers?batch={}&limit=200", text(&batch["id"]));
    for (status, many) in [("void", 200), ("active", 0), ("spent", 1), ("expired", 0)] {
        let page = shop.get(&format!("{all}&status={status}")).await.ok();
        assert_eq!(elements(&page["data"]).len(), many, "{status}");
    }
    shop.server().settle_jobs().await;
    let after = seen(&shop, &batch).await;
    assert_eq!((counts(&after), &after["job"]["status"]), ([300, 300, 3, 299], &json!("finished")));
    assert_eq!(shop.post(&place(&batch, "void"), json!({"reason": "again"})).await.ok(), after, "once");
    shop.books_balance().await;
    let undo = |redemption: &Value, name: &str| {
        let place = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
        shop.post(&place, json!({"reversal_id": name, "reason": "sent back"})).into_future()
    };
    undo(&half, "R-1").await.created();
    undo(&spent, "R-2").await.created();
    assert_eq!(reasons(&shop, &codes[0]).await, json!(["void"]), "what comes back is withdrawn, too");
    assert_eq!(counts(&seen(&shop, &batch).await), [300, 300, 1, 300]);
    assert_eq!((events(&shop, "batch.voided").await, events(&shop, "voucher.voided").await), (1, 1));
    let log = shop.list("/v1/audit_log?action=void_voucher_batch").await;
    assert_eq!((log.len(), &log[0]["reason"]), (1, &json!("leaked")));
    shop.books_balance().await;
}

async fn what_is_withdrawn_while_it_is_made_is_not_made(shop: TestShop) {
    let batch = asked(&shop, json!({"count": 500_000})).await.accepted();
    while seen(&shop, &batch).await["made"] == 0 {}
    let (void, cancel) = (place(&batch, "void"), place(&batch, "cancel"));
    let void = shop.post(&void, json!({"reason": "leaked"})).into_future();
    let (void, cancel) = tokio::join!(void, shop.post(&cancel, json!({})).into_future());
    assert_eq!(void.ok()["status"], "void");
    assert!(matches!(cancel.status(), 200 | 409), "whichever came first: {cancel:?}");
    shop.server().settle_jobs().await;
    let after = seen(&shop, &batch).await;
    let [_, made, redeemed, void] = counts(&after);
    assert!((1..500_000).contains(&made), "{after}");
    assert_eq!((&after["status"], void, redeemed), (&json!("void"), made, 0), "{after}");
    assert_eq!(shop.list("/v1/jobs?kind=make_vouchers&status=cancelled").await.len(), 1);
    shop.books_balance().await;
    shop.imported("customers", "external_id\nanna\n").await;
}

async fn what_was_set_aside_goes_with_the_batch(shop: TestShop) {
    for kind in ["amount_off", "gift_card"] {
        let batch = made(&shop, json!({"count": 3, "kind": kind})).await;
        let codes = codes(&shop, &batch).await;
        let hold = |code: &str, name: &str| {
            let mut hold = check(code);
            hold["cart_id"] = json!(format!("{kind}-{name}"));
            shop.post("/v1/holds", hold).into_future()
        };
        let (redeemed, released) = (hold(&codes[0], "1").await.created(), hold(&codes[1], "2").await.created());
        shop.post(&place(&batch, "void"), json!({"reason": "leaked"})).await.ok();
        hold(&codes[2], "3").await.refused(409, "voucher_void");
        let order = json!({"hold": redeemed["id"], "order_id": format!("A-{kind}")});
        shop.post("/v1/redemptions", order.clone()).await.refused(409, "voucher_void");
        shop.delete(&path("/v1/holds", &released["id"])).await.no_content();
        shop.server().settle_jobs().await;
        shop.post("/v1/redemptions", order).await.refused(409, "voucher_void");
        shop.delete(&path("/v1/holds", &redeemed["id"])).await.no_content();
        assert_eq!(counts(&seen(&shop, &batch).await), [3, 3, 0, 3], "{kind}");
        shop.books_balance().await;
    }
}

async fn cards_of_a_batch_lie_in_accounts_of_their_own(shop: TestShop) {
    let batch = made(&shop, json!({"count": 210, "kind": "gift_card", "amount": 2500})).await;
    assert_eq!((&batch["legal_kind"], &batch["tax_kind"]), (&json!("paid"), &json!("mpv")));
    let codes = codes(&shop, &batch).await;
    let part =
        json!({"codes": [{"code": codes[0], "amount": 1000}], "order_id": "A-1", "currency": "EUR", "amount": 9000});
    let part = shop.post("/v1/redemptions", part).await.created();
    let whole = json!({"codes": [codes[1]], "order_id": "A-2", "currency": "EUR", "amount": 9000});
    let whole = shop.post("/v1/redemptions", whole).await.created();
    shop.books_balance().await;
    shop.post(&place(&batch, "void"), json!({"reason": "a misprint"})).await.ok();
    shop.server().settle_jobs().await;
    assert_eq!(counts(&seen(&shop, &batch).await), [210, 210, 2, 209], "one is spent");
    shop.books_balance().await;
    for (redemption, amounts) in [(&part, [400, 600]), (&whole, [500, 2000])] {
        for amount in amounts {
            let place = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
            let undo = json!({"reversal_id": format!("R-{amount}"), "amount": amount, "reason": "sent back"});
            shop.post(&place, undo).await.created();
            shop.books_balance().await;
        }
    }
    assert_eq!(counts(&seen(&shop, &batch).await), [210, 210, 0, 210]);
    for code in &codes[..3] {
        let card = shop.post("/v1/vouchers/lookup", json!({"code": code})).await.ok();
        assert_eq!((&card["status"], &card["balance"]), (&json!("void"), &json!(0)));
    }
}

async fn one_of_a_batch_lives_and_dies_alone(shop: TestShop) {
    let until = "2040-01-01T00:00:00.000Z";
    let batch = made(&shop, json!({"count": 4, "valid_until": until})).await;
    let codes = codes(&shop, &batch).await;
    let mut ids = Vec::new();
    for code in &codes {
        ids.push(shop.post("/v1/vouchers/lookup", json!({ "code": code })).await.ok()["id"].clone());
    }
    let voucher = |number: usize| path("/v1/vouchers", &ids[number]);
    shop.post(&format!("{}/void", voucher(0)), json!({"reason": "lost"})).await.ok();
    let new = shop.post(&format!("{}/replace", voucher(1)), json!({"reason": "lost"})).await.created();
    assert_eq!(new["batch"], batch["id"]);
    let later = json!({"valid_until": "2050-01-01T00:00:00.000Z"});
    shop.patch(&voucher(2), later).if_match("\"1\"").await.ok();
    assert_eq!(counts(&seen(&shop, &batch).await), [4, 4, 0, 1]);
    shop.books_balance().await;
    shop.post("/v1/test/clock", json!({"now": "2041-01-01T00:00:00.000Z"})).await.ok();
    assert_eq!(reasons(&shop, &codes[3]).await, json!(["expired"]));
    assert_eq!(reasons(&shop, &codes[2]).await, json!([]));
    shop.post(&place(&batch, "void"), json!({"reason": "over"})).await.ok();
    for code in [text(&new["code"]), codes[2].clone(), codes[3].clone()] {
        assert_eq!(reasons(&shop, &code).await, json!(["void"]));
    }
    shop.server().settle_jobs().await;
    assert_eq!(counts(&seen(&shop, &batch).await), [4, 4, 0, 4]);
    shop.books_balance().await;
}

async fn what_is_withdrawn_while_it_is_redeemed_is_one_of_both(shop: TestShop) {
    let batch = made(&shop, json!({"count": 60})).await;
    let codes = codes(&shop, &batch).await;
    let redemptions: Vec<_> =
        codes.iter().map(|code| tokio::spawn(shop.post("/v1/redemptions", cart(code, code)).into_future())).collect();
    let void = || shop.post(&place(&batch, "void"), json!({"reason": "leaked"})).into_future();
    let (one, other) = tokio::join!(void(), void());
    assert_eq!(one.ok()["voided_at"], other.ok()["voided_at"]);
    let mut redeemed = 0;
    for redemption in redemptions {
        let answer = redemption.await.expect("an answer");
        match answer.status() {
            201 => redeemed += 1,
            _ => drop(answer.refused(409, "voucher_void")),
        }
    }
    shop.server().settle_jobs().await;
    assert_eq!(counts(&seen(&shop, &batch).await), [60, 60, redeemed, 60 - redeemed]);
    shop.books_balance().await;
}

async fn a_batch_goes_to_another_shop(shop: TestShop) {
    let terms = [
        json!({"kind": "percent_off", "amount": null, "rate_bps": 1500, "max_amount": 2000, "per_customer": 1, "max_redemptions": null,
            "applies_to": {"categories": ["kitchen"]}, "stacking": {"group": "flyer"}, "with_shop_discounts": false}),
        json!({"kind": "gift_card", "amount": 2500, "valid_until": "2040-01-01T00:00:00.000Z"}),
        json!({"kind": "free_shipping", "amount": null, "max_redemptions": 3, "stacking": {"exclusive": true}, "min_order_amount": 1000}),
    ];
    let other = shop.another().await;
    for fields in terms {
        let batch = made(&shop, fields.clone()).await;
        let file = export(&shop, &batch, "").await;
        let job = other.imported("vouchers", file.text()).await;
        assert_eq!((&job["done"], &job["refused"], &job["known"]), (&json!(5), &json!(0), &json!(0)), "{fields}");
        for code in codes(&shop, &batch).await {
            let [mut here, mut there] = [
                shop.post("/v1/vouchers/lookup", json!({"code": code})).await.ok(),
                other.post("/v1/vouchers/lookup", json!({"code": code})).await.ok(),
            ];
            for voucher in [&mut here, &mut there] {
                for own in ["id", "batch", "created_at"] {
                    voucher.as_object_mut().expect("a voucher").remove(own);
                }
            }
            assert_eq!(here, there);
        }
    }
    other.books_balance().await;
}

/// Sends a list of customers; the terms stand behind the `?`.
fn listed(actor: &Actor, terms: &str, file: &str) -> client::Ask {
    let form = if file.starts_with('{') { "application/x-ndjson" } else { "text/csv" };
    let place = format!("/v1/voucher_batches/for_customers?name=Regulars&{terms}");
    actor.post(&place, json!({})).raw(file).header("content-type", form)
}

const FIVE_OFF: &str = "kind=amount_off&amount=500";

async fn each_customer_of_a_list_gets_one(shop: TestShop) {
    for name in ["anna", "ben", "cleo"] {
        shop.customer(name).await;
    }
    let gone = shop.customer("gone").await;
    shop.delete("/v1/customers/gone").await.accepted();
    shop.server().settle_jobs().await;
    let asked = json!({"count": null, "customers": ["anna", "ben", "anna", "nobody"]});
    let batch = made(&shop, asked).await;
    assert_eq!((&batch["status"], &batch["bound"], counts(&batch)), (&json!("made"), &json!(true), [4, 2, 0, 0]));
    let job = &batch["job"];
    assert_eq!((&job["done"], &job["known"], &job["refused"]), (&json!(4), &json!(1), &json!(1)));
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &job["id"]))).await;
    assert!(errors.text().contains("4,customer_unknown"), "{errors:?}");
    let annas = shop.list("/v1/customers/anna/vouchers").await;
    assert_eq!((annas.len(), &annas[0]["batch"]), (1, &batch["id"]));
    let entries = shop.list("/v1/customers/anna/entries").await;
    assert_eq!((entries.len(), &entries[0]["amount"]), (1, &json!(500)), "what is hers is entered as hers");
    let file = export(&shop, &batch, "test").await;
    let bens = file.text().lines().find(|line| line.contains(",ben,")).and_then(|line| line.split(',').next());
    let bens = bens.expect("his code").to_owned();
    let mut cart = cart(&bens, "A-1");
    cart["customer"] = json!("cleo");
    shop.post("/v1/redemptions", cart.clone()).await.refused(422, "voucher_foreign");
    cart["customer"] = json!("ben");
    shop.post("/v1/redemptions", cart).await.created();
    let file = format!("customer\nanna\n{}\nben\n,\ncleo\nanna\n", text(&gone["id"]));
    let asked = listed(&shop, "kind=gift_card&amount=2000&prefix=DANKE&valid_until=2040-01-01T00:00:00Z", &file);
    let second = asked.await.accepted();
    shop.server().settle_jobs().await;
    let second = seen(&shop, &second).await;
    assert_eq!(
        (&second["name"], &second["kind"], counts(&second)),
        (&json!("Regulars"), &json!("gift_card"), [6, 3, 0, 0])
    );
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &second["job"]["id"]))).await;
    assert!(errors.text().contains("3,erased") && errors.text().contains("5,invalid_field"), "{errors:?}");
    let many: Vec<String> = (0..450).map(|number| format!("c-{number}")).collect();
    shop.imported("customers", &format!("external_id\n{}\n", many.join("\n"))).await;
    let terms =
        format!("{FIVE_OFF}&max_redemptions=null&pattern=R-%23%23%23%23&applies_to=%7B%22skus%22:%5B%22mug%22%5D%7D");
    let third = listed(&shop, &terms, &format!("customer\n{}\nc-7\n", many.join("\n"))).await.accepted();
    shop.server().settle_jobs().await;
    let third = seen(&shop, &third).await;
    assert_eq!((counts(&third), &third["job"]["known"]), ([451, 450, 0, 0], &json!(1)), "{third}");
    assert_eq!((&third["max_redemptions"], &third["applies_to"]["skus"]), (&Value::Null, &json!(["mug"])));
    shop.books_balance().await;
    shop.delete("/v1/customers/anna").await.accepted();
    shop.server().settle_jobs().await;
    for batch in [&batch, &second, &third] {
        shop.post(&place(batch, "void"), json!({"reason": "a test"})).await.ok();
    }
    shop.server().settle_jobs().await;
    assert_eq!(counts(&seen(&shop, &third).await), [451, 450, 0, 450]);
    shop.books_balance().await;
}

async fn a_list_that_cannot_be_is_refused(shop: TestShop) {
    shop.customer("anna").await;
    let table = [
        ("kind=amount_off&amount=five", "customer\nanna\n", "invalid_field"),
        ("kind=amount_off", "customer\nanna\n", "invalid_field"),
        ("kind=amount_off&amount=500&count=3", "customer\nanna\n", "invalid_field"),
        ("kind=gift_card&amount=500&length=8", "customer\nanna\n", "invalid_field"),
        ("kind=amount_off&amount=500", "external_id\nanna\n", "unknown_field"),
        ("kind=amount_off&amount=500", "customer\n", "invalid_field"),
    ];
    for (terms, file, code) in table {
        listed(&shop, terms, file).await.refused(422, code);
    }
    listed(&shop, FIVE_OFF, "customer\nanna\n")
        .header("content-type", "text/plain")
        .await
        .refused(415, "unsupported_media_type");
    for customers in [json!([]), json!(vec!["anna"; 10_001])] {
        asked(&shop, json!({"count": null, "customers": customers})).await.refused(422, "invalid_field");
    }
    asked(&shop, json!({"customers": ["anna"]})).await.refused(422, "invalid_field");
    assert!(shop.list("/v1/voucher_batches").await.is_empty() && shop.list("/v1/jobs").await.is_empty());
    let file = "{\"customer\":\"anna\"}\n";
    let once = listed(&shop, FIVE_OFF, file).key("once").await.accepted();
    assert_eq!(listed(&shop, FIVE_OFF, file).key("once").await.accepted()["id"], once["id"]);
    listed(&shop, FIVE_OFF, "customer\nanna\n").key("once").await.refused(422, "idempotency_key_reused");
    let bad: String = (0..5_000).map(|number| format!("nobody-{number}\n")).collect();
    let batch = listed(&shop, FIVE_OFF, &format!("customer\n{bad}anna\n")).await.accepted();
    shop.server().settle_jobs().await;
    let batch = seen(&shop, &batch).await;
    assert_eq!((&batch["job"]["refused"], counts(&batch)), (&json!(5_000), [5_001, 1, 0, 0]), "{batch}");
    let errors = shop.get(&format!("{}/errors", path("/v1/jobs", &batch["job"]["id"]))).await;
    assert_eq!(errors.text().lines().count(), 1_002, "the first thousand, and how many more");
    shop.books_balance().await;
}

async fn a_list_of_an_operator_waits_for_another(shop: TestShop) {
    shop.customer("anna").await;
    let (anton, berta) = (shop.operator("manager").await, shop.operator("manager").await);
    let small = "kind=amount_off&amount=1";
    let batch = listed(&anton, small, "customer\nanna\n").await.accepted();
    assert_eq!(batch["status"], "pending_approval", "many small ones would be a large one");
    shop.server().settle_jobs().await;
    assert!(shop.list("/v1/customers/anna/vouchers").await.is_empty());
    anton.post(&place(&batch, "approve"), json!({})).await.refused(409, "four_eyes_required");
    berta.post(&place(&batch, "approve"), json!({})).await.ok();
    shop.server().settle_jobs().await;
    assert_eq!(shop.list("/v1/customers/anna/vouchers").await.len(), 1);
    let import = anton
        .post("/v1/voucher_batches/import?name=Old", json!({}))
        .raw("code,kind,amount\nFLYER-2020,amount_off,500\n");
    import.header("content-type", "text/csv").await.refused(409, "four_eyes_required");
    assert_eq!(shop.list("/v1/voucher_batches").await.len(), 1);
}

async fn what_was_made_elsewhere_is_a_batch_as_well(shop: TestShop) {
    let import = |name: &str, file: &str| {
        let ask = shop.post(&format!("/v1/voucher_batches/import{name}"), json!({}));
        ask.raw(file).header("content-type", "text/csv").into_future()
    };
    import("", "code,kind\n").await.refused(422, "invalid_field");
    let file = "code,kind,amount,max_redemptions\nFLYER-2020-A,amount_off,500,1\nFLYER-2020-B,gift_card,900,\nX,amount_off,1,1\n";
    let job = import("?name=Old%20flyer", file).await.accepted();
    shop.server().settle_jobs().await;
    let batch = shop.get(&path("/v1/voucher_batches", &job["batch"])).await.ok();
    assert_eq!(
        (&batch["name"], &batch["imported"], &batch["status"]),
        (&json!("Old flyer"), &json!(true), &json!("made"))
    );
    assert_eq!((&batch["kind"], counts(&batch), &batch["job"]["refused"]), (&Value::Null, [3, 2, 0, 0], &json!(1)));
    let taken: BTreeSet<String> = codes(&shop, &batch).await.into_iter().collect();
    assert_eq!(taken, ["FLYER-2020-A", "FLYER-2020-B"].map(str::to_owned).into());
    let again = import("?name=Again", file).await.accepted();
    shop.server().settle_jobs().await;
    let again = shop.get(&path("/v1/voucher_batches", &again["batch"])).await.ok();
    assert_eq!((counts(&again), &again["job"]["known"]), ([3, 0, 0, 0], &json!(2)), "they stay where they are");
    shop.post("/v1/redemptions", cart("flyer 2020 a", "A-1")).await.created();
    shop.books_balance().await;
    shop.post(&place(&batch, "void"), json!({"reason": "over"})).await.ok();
    assert_eq!(reasons(&shop, "FLYER-2020-B").await, json!(["void"]));
    shop.server().settle_jobs().await;
    assert_eq!(counts(&shop.get(&path("/v1/voucher_batches", &job["batch"])).await.ok()), [3, 2, 1, 1]);
    shop.books_balance().await;
}

#[test]
fn goes_on_where_it_was_sqlite() {
    goes_on_where_it_was(Backend::Sqlite);
}

#[test]
fn goes_on_where_it_was_postgres() {
    goes_on_where_it_was(Backend::Postgres);
}

/// A server that dies while it makes vouchers, and while it withdraws them: each is made once, and withdrawn once.
fn goes_on_where_it_was(backend: Backend) {
    const COUNT: u64 = 4_000;
    let database = fresh_database(backend);
    let mut server = Process::start(&database, &[]);
    block_on(async {
        let mut shop = TestShop::through(&database, std::slice::from_ref(&server)).await;
        let batch = asked(&shop, json!({"count": COUNT})).await.accepted();
        let mut interrupted = [0, 0];
        for (work, verb) in ["made", "void"].into_iter().enumerate() {
            if verb == "void" {
                shop.post(&place(&batch, "void"), json!({"reason": "a test"})).await.ok();
            }
            for death in 1..=2 {
                reached(&shop, &batch, verb, COUNT * death / 3).await;
                server.kill();
                server = Process::start(&database, &[]);
                shop = shop.moved_to(std::slice::from_ref(&server));
                interrupted[work] += usize::from(seen(&shop, &batch).await["job"]["status"] != "finished");
            }
            reached(&shop, &batch, verb, COUNT).await;
        }
        assert!(interrupted.iter().all(|times| *times > 0), "it was done before the server died: {interrupted:?}");
        while seen(&shop, &batch).await["job"]["status"] != "finished" {}
        assert_eq!(counts(&seen(&shop, &batch).await), [4_000, 4_000, 0, 4_000]);
    });
    let verified = process::run(&database, &["verify"]);
    assert_eq!((&verified["ok"], &verified["checked"]["vouchers"]), (&json!(true), &json!(COUNT)), "{verified}");
}

async fn reached(shop: &TestShop, batch: &Value, count: &str, many: u64) {
    while seen(shop, batch).await[count].as_u64().expect("a count") < many {}
}
