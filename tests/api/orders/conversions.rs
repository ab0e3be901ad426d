//! The life of an order: what is reported of it, what operators order, what comes back of it, and what
//! becomes of its rewards.

use crate::support::*;

on_both!(
    half_of_an_order_goes_back,
    facts_are_told_once_in_any_order,
    nothing_waits_before_the_delivery,
    an_overdue_order_waits_for_an_operator,
    operators_reject_and_what_has_ended_stays,
    an_operator_credits_somebody_else,
    a_friend_who_was_erased_earns_nothing_new,
    an_order_that_was_credited_to_nobody_is_credited,
    an_order_is_changed_until_it_is_approved,
    refunds_have_their_own_amounts,
    refunds_by_item_add_up,
    refunds_by_item_know_what_a_discount_was_for,
    a_card_that_expired_comes_back_for_the_rest_of_its_order,
    what_was_spent_is_forgiven,
    a_cancelled_order_undoes_its_redemption,
    an_order_that_was_undone_never_was,
    another_currency_qualifies_by_the_shops_own_rate,
    an_order_earns_once_its_worth_is_known,
    an_order_is_judged_by_when_it_was_placed,
    renewals_count_where_they_are_named,
    a_friend_is_paid_for_as_often_as_the_program_says,
    what_orders_cannot_be_is_refused,
    lists_and_events_tell_of_orders,
);

/// A share of 10 % for the advocate, 5.00 for the friend.
fn tenth() -> Value {
    json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "of_order_bps": 1000},
           {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}])
}

/// A shop in which Ann has a code in a program with these fields.
async fn prepared(shop: &TestShop, changes: Value) -> (Value, Value) {
    let program = shop.program(changes).await;
    shop.customer("ann").await;
    let codes = format!("{}/codes", path("/v1/programs", &program["id"]));
    let code = shop.post(&codes, json!({"customer": "ann"})).await.created()["code"].clone();
    (program, code)
}

/// An order of 49.90 by Bob, who gives a code; with other fields.
async fn order(shop: &TestShop, id: &str, code: &Value, fields: Value) -> Value {
    shop.put("/v1/customers/bob", json!({"email": "bob@mail.example"})).await;
    let mut order =
        json!({"order_id": id, "customer": "bob", "amount": 4990, "currency": "EUR", "evidence": {"code": code}});
    for (name, value) in fields.as_object().expect("fields") {
        order[name] = value.clone();
    }
    shop.post("/v1/conversions", order).await.created()
}

fn place(id: &str) -> String {
    format!("/v1/conversions/{}", id.replace('%', "%25").replace('/', "%2F").replace('+', "%2B"))
}

async fn tell(shop: &TestShop, id: &str, what: &str, body: Value) -> Value {
    shop.post(&format!("{}/{what}", place(id)), body).await.ok()
}

async fn refund(shop: &TestShop, id: &str, refund_id: &str, amount: Value) -> Value {
    let body = json!({"refund_id": refund_id, "amount": amount, "kind": "withdrawal"});
    shop.post(&format!("{}/refunds", place(id)), body).await.created()
}

/// Side, status and cost of each reward of an order.
fn rewards(order: &Value) -> Vec<(String, String, i64)> {
    let reward = |reward: &Value| {
        (text(&reward["to"]), text(&reward["status"]), reward["cost_amount"].as_i64().expect("an amount"))
    };
    elements(&order["rewards"]).iter().map(reward).collect()
}

fn row(to: &str, status: &str, cost: i64) -> (String, String, i64) {
    (to.to_owned(), status.to_owned(), cost)
}

/// A guest types Ann's code; his payment fails and he pays again; half of it goes back; the wait ends.
async fn half_of_an_order_goes_back(shop: TestShop) {
    let id = "A/10+01%";
    let (program, code) = prepared(&shop, json!({"rewards": tenth(), "budget": {"amount": 10_000}})).await;
    let guest = json!({"customer": null, "customer_details": {"email": "guest@mail.example"}, "paid": false});
    let reported = order(&shop, id, &code, guest).await;
    assert_eq!((&reported["status"], &reported["pending_until"]), (&json!("unpaid"), &Value::Null));
    assert_eq!(rewards(&reported), [row("advocate", "pending", 499), row("friend", "pending", 500)]);
    shop.advance(40).await;
    assert_eq!(shop.get(&place(id)).await.ok()["status"], "unpaid", "nothing is paid for an unpaid order");
    let paid = tell(&shop, id, "paid", json!({})).await;
    assert_eq!((&paid["status"], paid["pending_until"].is_string()), (&json!("pending"), true));
    tell(&shop, id, "delivered", json!({})).await;
    let half = refund(&shop, id, "R-1", json!(2495)).await;
    assert_eq!((&half["status"], &half["refunded_amount"]), (&json!("pending"), &json!(2495)));
    let fates = |answer: &Value| {
        elements(&answer["refund"]["rewards"]).iter().map(|one| text(&one["outcome"])).collect::<Vec<_>>()
    };
    assert_eq!(fates(&half), ["reduced", "kept"]);
    shop.advance(30).await;
    let approved = shop.get(&place(id)).await.ok();
    assert_eq!(approved["status"], "approved");
    assert_eq!(rewards(&approved), [row("advocate", "issued", 249), row("friend", "issued", 500)]);
    assert_eq!(shop.get("/v1/customers/ann/balance").await.ok()["balance"], 249);
    let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
    assert_eq!(program["budget"]["used"], 749);
    shop.books_balance().await;
}

async fn facts_are_told_once_in_any_order(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"pending_from": "delivery"})).await;
    let mut days = Vec::new();
    for _ in 0..3 {
        days.push(text(&shop.post("/v1/test/clock", json!({"advance_days": 1})).await.ok()["now"]));
    }
    let times = [("paid", &days[1]), ("delivered", &days[2])];
    let mut ends = Vec::new();
    for (id, told) in [("A-1", [0, 1, 0, 1]), ("A-2", [1, 0, 0, 1]), ("A-3", [1, 1, 1, 0])] {
        let fields = json!({"paid": false, "occurred_at": days[0], "customer": id});
        shop.customer(id).await;
        order(&shop, id, &code, fields).await;
        for fact in told {
            let (fact, at) = times[fact];
            tell(&shop, id, fact, json!({"at": at, "reason": "told"})).await;
        }
        let end = shop.get(&place(id)).await.ok();
        ends.push((
            end["status"].clone(),
            end["paid_at"].clone(),
            end["delivered_at"].clone(),
            end["pending_until"].clone(),
        ));
    }
    assert_eq!((&ends[0].0, &ends[0].1, &ends[0].2), (&json!("pending"), &json!(days[1]), &json!(days[2])));
    assert!(ends[0].3.is_string(), "{ends:?}");
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    let later = tell(&shop, "A-1", "paid", json!({"at": days[2]})).await;
    assert_eq!(later["paid_at"], json!(days[1]), "a fact is told once");
    let cancelled = tell(&shop, "A-2", "cancelled", json!({"reason": "out of stock"})).await;
    assert_eq!((&cancelled["status"], &cancelled["reason"]), (&json!("cancelled"), &json!("out of stock")));
    assert_eq!(tell(&shop, "A-2", "paid", json!({"at": days[1]})).await["status"], "cancelled", "that was before");
    let unpaid = order(&shop, "A-4", &code, json!({"paid": false})).await;
    assert_eq!(unpaid["status"], "unpaid");
    for (fact, status) in [("cancelled", "cancelled"), ("delivered", "cancelled"), ("paid", "pending")] {
        assert_eq!(tell(&shop, "A-4", fact, json!({})).await["status"], status, "{fact}");
    }
    shop.books_balance().await;
}

async fn nothing_waits_before_the_delivery(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"pending_from": "delivery", "pending_days": 14})).await;
    let made = order(&shop, "A-1", &code, json!({})).await;
    assert_eq!((&made["status"], &made["pending_until"]), (&json!("pending"), &Value::Null));
    assert_eq!(made["rewards"][0]["pending_until"], Value::Null);
    shop.advance(90).await;
    assert_eq!(shop.get(&place("A-1")).await.ok()["status"], "pending");
    let delivered = tell(&shop, "A-1", "delivered", json!({})).await;
    assert_eq!(delivered["rewards"][0]["pending_until"], delivered["pending_until"]);
    shop.advance(13).await;
    assert_eq!(shop.get(&place("A-1")).await.ok()["status"], "pending");
    shop.advance(1).await;
    assert_eq!(shop.get(&place("A-1")).await.ok()["status"], "approved");
    let long_ago = json!({"at": "2026-01-01T00:00:00.000Z"});
    shop.customer("carl").await;
    order(&shop, "A-2", &code, json!({"customer": "carl"})).await;
    let late = tell(&shop, "A-2", "delivered", long_ago).await;
    assert_eq!(late["status"], "approved", "what was reported late is decided at once");
    assert_eq!(late["rewards"][0]["status"], "issued");
}

async fn an_overdue_order_waits_for_an_operator(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"approval": "manual"})).await;
    order(&shop, "A-1", &code, json!({})).await;
    shop.advance(31).await;
    let overdue = shop.get(&place("A-1")).await.ok();
    assert_eq!((&overdue["status"], &overdue["overdue"]), (&json!("pending"), &json!(true)));
    let approve = format!("{}/approve", place("A-1"));
    shop.post(&approve, json!({})).await.refused(422, "invalid_field");
    shop.post(&approve, json!({"reason": "r"}))
        .without("idempotency-key")
        .await
        .refused(400, "idempotency_key_required");
    shop.operator("support").await.post(&approve, json!({"reason": "r"})).await.refused(403, "forbidden");
    let manager = shop.operator("manager").await;
    let approved = manager.post(&approve, json!({"reason": "known to us"})).await.ok();
    assert_eq!((&approved["status"], &approved["overdue"]), (&json!("approved"), &json!(false)));
    assert_eq!(rewards(&approved), [row("advocate", "issued", 1000), row("friend", "issued", 500)]);
    assert_eq!(manager.post(&approve, json!({"reason": "again"})).await.ok(), approved, "once");
    let log = shop.list("/v1/audit_log").await;
    assert!(log.iter().any(|row| row["action"] == "approve_conversion" && row["reason"] == "known to us"));
}

async fn operators_reject_and_what_has_ended_stays(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"budget": {"amount": 10_000}})).await;
    order(&shop, "A-1", &code, json!({})).await;
    let rejected = tell(&shop, "A-1", "reject", json!({"reason": "his own brother"})).await;
    assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("rejected"), &json!("his own brother")));
    assert_eq!(rewards(&rejected), [row("advocate", "voided", 1000), row("friend", "voided", 500)]);
    assert_eq!(shop.get("/v1/referrals").await.ok()["data"][0]["status"], "open");
    assert_eq!(tell(&shop, "A-1", "reject", json!({"reason": "again"})).await, rejected, "once");
    let attribution = json!({"advocate": "ann", "program": "weitersagen", "reason": "r"});
    for (what, body) in
        [("approve", json!({"reason": "r"})), ("clear", json!({"reason": "r"})), ("attribute", attribution)]
    {
        let refused = shop.post(&format!("{}/{what}", place("A-1")), body).await.refused(409, "illegal_transition");
        assert!(text(&refused["detail"]).contains("is rejected"), "{refused}");
    }
    shop.patch(&place("A-1"), json!({"amount": 1})).await.refused(409, "illegal_transition");
    let unpaid = order(&shop, "A-2", &code, json!({"paid": false})).await;
    assert_eq!(unpaid["status"], "unpaid");
    let early = shop
        .post(&format!("{}/approve", place("A-2")), json!({"reason": "r"}))
        .await
        .refused(409, "illegal_transition");
    assert!(text(&early["detail"]).contains("is unpaid"), "{early}");
    shop.books_balance().await;
}

async fn an_operator_credits_somebody_else(shop: TestShop) {
    let (program, code) = prepared(&shop, json!({})).await;
    shop.customer("eve").await;
    let first = order(&shop, "A-1", &code, json!({})).await;
    let attribute = format!("{}/attribute", place("A-1"));
    let by =
        |advocate: &str| json!({"advocate": advocate, "program": program["slug"], "reason": "she showed the chat"});
    let moved = shop.post(&attribute, by("eve")).await.ok();
    let credit = &moved["attribution"];
    assert_eq!((&credit["method"], &credit["advocate"]), (&json!("operator"), &json!("eve")));
    assert_eq!(credit["considered"][0]["advocate"], "ann");
    let of = |status: &str, customer: &str| {
        elements(&moved["rewards"]).iter().filter(|one| one["status"] == status && one["customer"] == customer).count()
    };
    assert_eq!((of("voided", "ann"), of("pending", "eve"), of("voided", "bob"), of("pending", "bob")), (1, 1, 1, 1));
    assert_eq!(moved["pending_until"], first["pending_until"], "the wait goes on");
    assert_eq!(shop.post(&attribute, by("eve")).await.ok(), moved, "once");
    assert_eq!(shop.get("/v1/referrals").await.ok()["data"][0]["advocate"], "eve");
    shop.advance(31).await;
    let back = shop.post(&attribute, by("ann")).await.ok();
    let issued: Vec<_> = elements(&back["rewards"]).into_iter().filter(|one| one["status"] == "issued").collect();
    assert_eq!(issued.len(), 2, "what is issued stays where it is");
    assert!(issued.iter().any(|one| one["customer"] == "eve"), "{back}");
    shop.post(&attribute, by("bob")).await.refused(422, "self_referral");
    shop.post(&attribute, by("nobody")).await.refused(422, "customer_unknown");
    let other = json!({"advocate": "eve", "program": "none", "reason": "r"});
    shop.post(&attribute, other).await.refused(422, "program_unknown");
    shop.books_balance().await;
}

async fn a_friend_who_was_erased_earns_nothing_new(shop: TestShop) {
    let (program, code) = prepared(&shop, json!({})).await;
    shop.customer("eve").await;
    order(&shop, "A-1", &code, json!({})).await;
    shop.delete("/v1/customers/bob").key(&fresh("key")).await.accepted();
    let by = json!({"advocate": "eve", "program": program["slug"], "reason": "she showed the chat"});
    let mut live = rewards(&tell(&shop, "A-1", "attribute", by).await);
    live.retain(|(_, status, _)| status != "voided");
    assert_eq!(live, [row("advocate", "pending", 1000)]);
    shop.advance(31).await;
    let issued = shop.list("/v1/rewards?status=issued").await;
    let whose: Vec<_> = issued.iter().map(|reward| &reward["customer"]).collect();
    assert_eq!(whose, ["eve"]);
    shop.books_balance().await;
}

async fn an_order_that_was_credited_to_nobody_is_credited(shop: TestShop) {
    let (program, _) = prepared(&shop, json!({})).await;
    shop.customer("bob").await;
    let plain = json!({"order_id": "A-1", "customer": "bob", "amount": 4990, "currency": "EUR"});
    let plain = shop.post("/v1/conversions", plain).await.created();
    assert_eq!((&plain["status"], &plain["attribution"]["method"]), (&json!("approved"), &json!("none")));
    let by = json!({"advocate": "ann", "program": program["id"], "reason": "she showed the chat"});
    let credited = tell(&shop, "A-1", "attribute", by.clone()).await;
    assert_eq!(credited["status"], "pending");
    assert_eq!(rewards(&credited), [row("advocate", "pending", 1000), row("friend", "pending", 500)]);
    shop.advance(31).await;
    assert_eq!(shop.get(&place("A-1")).await.ok()["status"], "approved");
    let nobodys = json!({"order_id": "A-2", "amount": 4990, "currency": "EUR"});
    shop.post("/v1/conversions", nobodys).await.created();
    shop.post(&format!("{}/attribute", place("A-2")), by).await.refused(422, "customer_required");
    shop.books_balance().await;
}

async fn an_order_is_changed_until_it_is_approved(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"rewards": tenth()})).await;
    order(&shop, "A-1", &code, json!({})).await;
    let less = shop.patch(&place("A-1"), json!({"amount": 3000})).await.ok();
    assert_eq!(rewards(&less), [row("advocate", "pending", 300), row("friend", "pending", 500)]);
    let more = shop.patch(&place("A-1"), json!({"amount": 6000})).await.ok();
    assert_eq!(rewards(&more), [row("advocate", "pending", 600), row("friend", "pending", 500)]);
    let again = json!({"order_id": "A-1", "customer": "bob", "amount": 4990, "currency": "EUR"});
    assert_eq!(shop.post("/v1/conversions", again).await.ok()["amount"], 6000, "the same report again");
    let small = shop.patch(&place("A-1"), json!({"amount": 1999})).await.ok();
    assert_eq!(rewards(&small), [row("advocate", "pending", 200), row("friend", "voided", 500)]);
    refund(&shop, "A-1", "R-1", json!(500)).await;
    shop.patch(&place("A-1"), json!({"amount": 499})).await.refused(422, "invalid_field");
    tell(&shop, "A-1", "approve", json!({"reason": "r"})).await;
    let late = shop.patch(&place("A-1"), json!({"amount": 9000})).await.refused(409, "illegal_transition");
    assert!(text(&late["detail"]).contains("is approved"), "{late}");
    shop.books_balance().await;
}

async fn refunds_have_their_own_amounts(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"rewards": tenth()})).await;
    order(&shop, "A-1", &code, json!({})).await;
    let refunds = format!("{}/refunds", place("A-1"));
    let body = |id: &str, amount: i64| json!({"refund_id": id, "amount": amount, "kind": "refund"});
    let first = shop.post(&refunds, body("R-1", 1000)).without("idempotency-key").await.created();
    let unkeyed = shop.post(&refunds, body("R-1", 1000)).without("idempotency-key").await.ok();
    assert_eq!(unkeyed["refunded_amount"], 1000, "its refund_id tells a repetition");
    assert_eq!((&first["refunded_amount"], &first["refund"]["amount"]), (&json!(1000), &json!(1000)));
    let second = shop.post(&refunds, body("R-2", 990)).await.created();
    assert_eq!((&second["refunded_amount"], &second["refund"]["amount"]), (&json!(1990), &json!(990)));
    assert_eq!(rewards(&second)[0], row("advocate", "pending", 300));
    let again = shop.post(&refunds, body("R-1", 1000)).await.ok();
    assert_eq!((&again["refund"], &again["refunded_amount"]), (&first["refund"], &json!(1990)));
    shop.post(&refunds, body("R-1", 1001)).await.refused(409, "refund_differs");
    let other = json!({"refund_id": "R-1", "amount": 1000, "kind": "chargeback"});
    shop.post(&refunds, other).await.refused(409, "refund_differs");
    shop.post(&refunds, body("R-3", 3001)).await.refused(409, "refund_exceeds_order");
    shop.post(&refunds, body("R-3", 0)).await.refused(422, "invalid_field");
    let rest = shop.post(&refunds, json!({"refund_id": "R-3", "kind": "withdrawal"})).await.created();
    assert_eq!((&rest["status"], &rest["refund"]["amount"]), (&json!("reversed"), &json!(3000)));
    assert_eq!(rewards(&rest), [row("advocate", "voided", 300), row("friend", "voided", 500)]);
    let nothing_left = shop.post(&refunds, json!({"refund_id": "R-4", "kind": "refund"})).await;
    nothing_left.refused(409, "refund_exceeds_order");
    assert_eq!(nothing_left.json()["detail"], "All of it has come back already.");
    shop.post("/v1/conversions/none/refunds", body("R-1", 1)).await.refused(404, "not_found");
    shop.books_balance().await;
}

async fn refunds_by_item_add_up(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"rewards": tenth()})).await;
    let items =
        json!([{"id": "1", "sku": "mug", "quantity": 3, "amount": 3000}, {"id": "2", "sku": "tea", "amount": 1990}]);
    // The order was 49.90 before a discount of 10.00 that the shop gave on all of it.
    let made = order(&shop, "A-1", &code, json!({"amount": 3990, "items": items})).await;
    assert_eq!(made["items"][0]["quantity"], 3);
    let refunds = format!("{}/refunds", place("A-1"));
    let back = |id: &str, items: Value| json!({"refund_id": id, "kind": "withdrawal", "items": items});
    let one = shop.post(&refunds, back("R-1", json!([{"id": "1", "quantity": 1}]))).await.created();
    let two = shop.post(&refunds, back("R-2", json!([{"id": "1"}]))).await.created();
    let amounts = [&one, &two].map(|answer| answer["refund"]["amount"].as_i64().expect("an amount"));
    assert_eq!(amounts, [799, 1600], "the mugs came to 23.99");
    let none = shop.post(&refunds, back("R-3", json!([{"id": "1", "quantity": 1}]))).await;
    none.refused(409, "refund_exceeds_order");
    shop.post(&refunds, back("R-3", json!([{"id": "9"}]))).await.refused(422, "invalid_field");
    let rest = shop.post(&refunds, back("R-3", json!([{"id": "2"}]))).await.created();
    assert_eq!((&rest["status"], &rest["refunded_amount"]), (&json!("reversed"), &json!(3990)));
    shop.customer("carl").await;
    order(&shop, "A-2", &code, json!({"customer": "carl"})).await;
    let without = shop.post(&format!("{}/refunds", place("A-2")), back("R-1", json!([{"id": "1"}]))).await;
    without.refused(422, "items_required");
    shop.books_balance().await;
}

/// A voucher for mugs and nothing else, and 4.00 that the shop took off the whole order; books keep their price.
/// The voucher is given back by hand between the refunds.
async fn refunds_by_item_know_what_a_discount_was_for(shop: TestShop) {
    shop.customer("ann").await;
    let voucher = json!({"kind": "percent_off", "rate_bps": 3333, "applies_to": {"skus": ["mug"]}});
    let code = shop.post("/v1/vouchers", voucher).await.created()["code"].clone();
    let items = json!([{"id": "1", "sku": "mug", "quantity": 3, "amount": 1000},
                       {"id": "2", "sku": "book", "amount": 3000}, {"id": "3", "sku": "sample", "amount": 0}]);
    let cart = json!({"order_id": "A-1", "customer": "ann", "currency": "EUR", "codes": [code], "amount": 3600,
                      "shop_discount": 400, "items": items});
    let redeemed = shop.post("/v1/redemptions", cart).await.created();
    assert_eq!(redeemed["discount"], 300, "a third of 9.00");
    let order = json!({"order_id": "A-1", "customer": "ann", "currency": "EUR", "amount": 3300, "items": items});
    shop.post("/v1/conversions", order).await.created();
    let mut amounts = Vec::new();
    let back = [json!({"id": "1", "quantity": 2}), json!({"id": "3"}), json!({"id": "2"}), json!({"id": "1"})];
    for (number, item) in back.iter().enumerate() {
        let refund = json!({"refund_id": number.to_string(), "kind": "refund", "items": [item]});
        let answer = shop.post(&format!("{}/refunds", place("A-1")), refund).await.created();
        amounts.push(answer["refund"]["amount"].clone());
        if number == 0 {
            let reversals = format!("{}/reversals", path("/v1/redemptions", &redeemed["id"]));
            shop.post(&reversals, json!({"reversal_id": "V-1", "reason": "as a courtesy"})).await.created();
        }
    }
    assert_eq!(amounts, [json!(400), json!(0), json!(2700), json!(200)]);
    assert_eq!(shop.get(&place("A-1")).await.ok()["status"], "reversed");
    shop.books_balance().await;
}

/// Ann's card of 10 % has expired when half of the order goes back; then she is given more time.
async fn a_card_that_expired_comes_back_for_the_rest_of_its_order(shop: TestShop) {
    let cards = json!([{"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000, "valid": {"days": 9}, "max_per_friend": 2}]);
    let (program, code) = prepared(&shop, json!({"rewards": cards, "pending_days": 0})).await;
    let made = order(&shop, "A-1", &code, json!({"amount": 10_000})).await;
    let card = path("/v1/vouchers", &made["rewards"][0]["voucher"]);
    shop.advance(20).await;
    let half = refund(&shop, "A-1", "R-1", json!(5000)).await;
    assert_eq!(half["refund"]["rewards"][0]["outcome"], "gone");
    assert_eq!(rewards(&half), [row("advocate", "expired", 500)]);
    assert_eq!(shop.get(&card).await.ok()["status"], "expired");
    shop.customer("eve").await;
    let by = json!({"advocate": "eve", "program": program["id"], "reason": "she showed the chat"});
    let credited = tell(&shop, "A-1", "attribute", by).await;
    assert_eq!(rewards(&credited), [row("advocate", "expired", 500)], "what expired may be extended");
    shop.books_balance().await;
    let tag = shop.get(&card).await.etag();
    let revived = shop.patch(&card, json!({"valid_until": null})).if_match(&tag).await.ok();
    assert_eq!(
        [&revived["status"], &revived["balance"], &revived["amount"]],
        [&json!("active"), &json!(500), &json!(500)]
    );
    let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
    assert_eq!(program["budget"]["used"], 500);
    shop.books_balance().await;
}

/// Ann's card of 10 % is half spent when the order goes back, and what she paid with it comes back after that.
async fn what_was_spent_is_forgiven(shop: TestShop) {
    let cards = json!([{"to": "advocate", "on": "conversion", "kind": "gift_card", "of_order_bps": 1000},
                       {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000}]);
    let (program, code) = prepared(&shop, json!({"rewards": cards, "pending_days": 0})).await;
    let made = order(&shop, "A-1", &code, json!({"amount": 10_000})).await;
    assert_eq!(rewards(&made), [row("advocate", "issued", 1000), row("friend", "issued", 0)]);
    let codes: Vec<Value> = {
        let mut codes = Vec::new();
        for reward in elements(&made["rewards"]) {
            codes.push(shop.get(&path("/v1/vouchers", &reward["voucher"])).await.ok()["code"].clone());
        }
        codes
    };
    let cart = |id: &str, code: &Value, who: &str, amount: i64| json!({"order_id": id, "codes": [code], "customer": who, "currency": "EUR", "amount": amount});
    let card = shop.post("/v1/redemptions", cart("B-1", &codes[0], "ann", 600)).await.created();
    let percent = shop.post("/v1/redemptions", cart("B-2", &codes[1], "bob", 1000)).await.created();
    let gone = refund(&shop, "A-1", "R-1", Value::Null).await;
    let fates: Vec<_> = elements(&gone["refund"]["rewards"])
        .iter()
        .map(|one| (text(&one["outcome"]), one["after"].as_i64(), one["forgiven"].as_i64()))
        .collect();
    assert_eq!(fates, [("forgiven".to_owned(), Some(600), Some(600)), ("forgiven".to_owned(), Some(0), Some(0))]);
    assert_eq!(rewards(&gone), [row("advocate", "spent", 600), row("friend", "spent", 0)]);
    shop.books_balance().await;
    for redemption in [card, percent] {
        let reversals = format!("{}/reversals", path("/v1/redemptions", &redemption["id"]));
        shop.post(&reversals, json!({"reversal_id": "V-1", "reason": "sent back too"})).await.created();
    }
    let end = shop.get(&place("A-1")).await.ok();
    assert!(rewards(&end).iter().all(|(_, status, _)| status == "voided"), "{end}");
    let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
    assert_eq!(program["budget"]["used"], 0, "nothing of it is left");
    for code in &codes {
        shop.post("/v1/redemptions", cart("B-3", code, "ann", 600)).await.refused(409, "voucher_void");
    }
    shop.books_balance().await;
}

async fn a_cancelled_order_undoes_its_redemption(shop: TestShop) {
    shop.customer("ann").await;
    let voucher = json!({"kind": "amount_off", "amount": 500, "currency": "EUR", "max_redemptions": 4});
    let code = shop.post("/v1/vouchers", voucher).await.created()["code"].clone();
    let table = [
        ("A-1", "cancelled", json!({}), "reversed"),
        ("A-2", "cancelled", json!({"redemption": "keep"}), "redeemed"),
        ("A-3", "refunds", json!({"refund_id": "R-1", "kind": "refund"}), "reversed"),
        ("A-4", "refunds", json!({"refund_id": "R-1", "kind": "refund", "redemption": "keep"}), "redeemed"),
        ("A-5", "refunds", json!({"refund_id": "R-1", "kind": "refund", "amount": 10}), "redeemed"),
    ];
    for (id, what, body, expected) in table {
        let cart = json!({"order_id": id, "codes": [code], "currency": "EUR", "amount": 2000});
        let redemption = path("/v1/redemptions", &shop.post("/v1/redemptions", cart).await.created()["id"]);
        let plain = json!({"order_id": id, "customer": "ann", "amount": 1500, "currency": "EUR"});
        shop.post("/v1/conversions", plain).await.created();
        let answer = shop.post(&format!("{}/{what}", place(id)), body).await.json();
        assert_eq!(shop.get(&redemption).await.ok()["status"], expected, "{id}: {answer}");
        if what == "refunds" {
            assert_eq!(answer["refund"]["reversal"].is_string(), expected == "reversed", "{answer}");
        }
    }
    // The rest of an order of which a part came back was never delivered.
    let cart = json!({"order_id": "A-6", "codes": [code], "currency": "EUR", "amount": 2000});
    let redemption = path("/v1/redemptions", &shop.post("/v1/redemptions", cart).await.created()["id"]);
    let unpaid = json!({"order_id": "A-6", "customer": "ann", "amount": 1500, "currency": "EUR", "paid": false});
    shop.post("/v1/conversions", unpaid).await.created();
    refund(&shop, "A-6", "R-1", json!(500)).await;
    let changed = shop.patch(&place("A-6"), json!({"amount": 500})).await.ok();
    assert_eq!(changed["status"], "reversed");
    assert_eq!(shop.get(&redemption).await.ok()["status"], "reversed");
    shop.books_balance().await;
}

async fn an_order_that_was_undone_never_was(shop: TestShop) {
    let (program, code) = prepared(&shop, json!({"budget": {"amount": 1500}})).await;
    for (id, what, body) in [
        ("A-1", "cancelled", json!({})),
        ("A-2", "refunds", json!({"refund_id": "R-1", "kind": "chargeback"})),
        ("A-3", "cancelled", json!({})),
    ] {
        let made = order(&shop, id, &code, json!({})).await;
        assert_eq!(rewards(&made), [row("advocate", "pending", 1000), row("friend", "pending", 500)], "{made}");
        assert_eq!(made["attribution"]["method"], if id == "A-1" { "code" } else { "referral" });
        shop.post(&format!("{}/{what}", place(id)), body).await;
        let program = shop.get(&path("/v1/programs", &program["id"])).await.ok();
        assert_eq!(program["budget"]["used"], 0);
        assert_eq!(shop.get("/v1/referrals").await.ok()["data"][0]["status"], "open");
    }
    let kept = order(&shop, "A-4", &code, json!({})).await;
    assert_eq!(rewards(&kept).len(), 2, "he is new, and his place is free");
    shop.books_balance().await;
}

async fn another_currency_qualifies_by_the_shops_own_rate(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"rewards": tenth()})).await;
    let without = order(&shop, "A-1", &code, json!({"currency": "CHF", "amount": 5000})).await;
    assert_eq!(rewards(&without), []);
    assert_eq!(without["refused_rewards"][0]["reason"], "currency_mismatch");
    tell(&shop, "A-1", "cancelled", json!({})).await;
    let with = order(&shop, "A-2", &code, json!({"currency": "CHF", "amount": 5000, "base_amount": 5300})).await;
    assert_eq!(rewards(&with), [row("advocate", "pending", 530), row("friend", "pending", 500)]);
    let half = refund(&shop, "A-2", "R-1", json!(2500)).await;
    assert_eq!(rewards(&half)[0], row("advocate", "pending", 265));
    shop.patch(&place("A-2"), json!({"amount": 6000})).await.refused(422, "invalid_field");
    shop.customer("carl").await;
    let small =
        order(&shop, "A-3", &code, json!({"customer": "carl", "currency": "CHF", "amount": 5000, "base_amount": 1999}))
            .await;
    assert_eq!(small["attribution"]["considered"][0]["outcome"], "min_order_amount");
    let own = json!({"order_id": "A-4", "amount": 5000, "currency": "EUR", "base_amount": 4000});
    shop.post("/v1/conversions", own).await.refused(422, "invalid_field");
    shop.books_balance().await;
}

async fn an_order_earns_once_its_worth_is_known(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"rewards": tenth()})).await;
    let foreign = |id: &'static str| {
        let (shop, code) = (&shop, &code);
        async move {
            shop.customer(id).await;
            let told = order(shop, id, code, json!({"customer": id, "currency": "CHF", "amount": 5000})).await;
            assert_eq!((rewards(&told).len(), &told["refused_rewards"][1]["reason"]), (0, &json!("currency_mismatch")));
        }
    };
    foreign("A-1").await;
    let known = shop.patch(&place("A-1"), json!({"base_amount": 5300})).await.ok();
    assert_eq!(rewards(&known), [row("advocate", "pending", 530), row("friend", "pending", 500)]);
    assert_eq!(known["refused_rewards"], json!([]));
    let more = shop.patch(&place("A-1"), json!({"base_amount": 6000})).await.ok();
    assert_eq!(rewards(&more), [row("advocate", "pending", 600), row("friend", "pending", 500)], "once");
    foreign("A-2").await;
    let small = shop.patch(&place("A-2"), json!({"base_amount": 1999})).await.ok();
    assert_eq!((rewards(&small).len(), &small["refused_rewards"][0]["reason"]), (0, &json!("min_order_amount")));
    shop.advance(31).await;
    assert_eq!(rewards(&shop.get(&place("A-1")).await.ok())[0], row("advocate", "issued", 600));
    shop.books_balance().await;
}

/// Before, while and after the program was paused, an order is placed; it is reported then or later.
async fn an_order_is_judged_by_when_it_was_placed(shop: TestShop) {
    let (program, code) = prepared(&shop, json!({})).await;
    let place_of = path("/v1/programs", &program["id"]);
    let mut days: Vec<String> = Vec::new();
    let mut credited = Vec::new();
    for (today, state) in ["activate", "pause", "activate"].into_iter().enumerate() {
        shop.post(&format!("{place_of}/{state}"), json!({})).await.ok();
        days.push(text(&shop.post("/v1/test/clock", json!({"advance_days": 1})).await.ok()["now"]));
        for (placed, at) in days.iter().enumerate() {
            let id = format!("A-{placed}-{today}");
            shop.customer(&id).await;
            let made = order(&shop, &id, &code, json!({"customer": id, "occurred_at": at})).await;
            let why = made["attribution"]["considered"][0]["outcome"].clone();
            credited.push((placed, today, made["attribution"]["method"].clone(), why));
        }
        shop.advance(1).await;
    }
    let (code, none, closed) = (json!("code"), json!("none"), json!("program_not_active"));
    assert_eq!(
        credited,
        [
            (0, 0, code.clone(), Value::Null),
            (0, 1, code.clone(), Value::Null),
            (1, 1, none.clone(), closed.clone()),
            (0, 2, code.clone(), Value::Null),
            (1, 2, none, closed),
            (2, 2, code, Value::Null),
        ]
    );
}

async fn renewals_count_where_they_are_named(shop: TestShop) {
    let rules = json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000, "kinds": ["order", "renewal"], "max_per_friend": 3},
                       {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 500}]);
    let (program, code) = prepared(&shop, json!({"rewards": rules})).await;
    assert_eq!(program["rewards"][1]["kinds"], json!(["order"]));
    let first = order(&shop, "A-1", &code, json!({})).await;
    assert_eq!(rewards(&first).len(), 2);
    let renewal = order(&shop, "A-2", &code, json!({"kind": "renewal", "evidence": {}})).await;
    assert_eq!((&renewal["kind"], rewards(&renewal)), (&json!("renewal"), vec![row("advocate", "pending", 1000)]));
    let lesson = order(&shop, "A-3", &code, json!({"kind": "lesson", "evidence": {}})).await;
    assert_eq!(rewards(&lesson), []);
}

async fn a_friend_is_paid_for_as_often_as_the_program_says(shop: TestShop) {
    let rules =
        json!([{"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000, "max_per_friend": 2}]);
    let (_, code) = prepared(&shop, json!({"rewards": rules})).await;
    for (id, expected) in [("A-1", 1), ("A-2", 1), ("A-3", 0)] {
        let made = order(&shop, id, &code, json!({})).await;
        assert_eq!(rewards(&made).len(), expected, "{made}");
    }
    tell(&shop, "A-1", "cancelled", json!({})).await;
    let freed = order(&shop, "A-4", &code, json!({})).await;
    assert_eq!(rewards(&freed).len(), 1, "its place is free again");
    let refused = order(&shop, "A-5", &code, json!({})).await;
    assert_eq!(refused["refused_rewards"][0]["reason"], "limit_reached");
}

async fn what_orders_cannot_be_is_refused(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({})).await;
    order(&shop, "A-1", &code, json!({})).await;
    let future = json!({"at": "2099-01-01T00:00:00.000Z"});
    let table = [
        ("paid", future.clone(), "/at"),
        ("delivered", json!({"at": "yesterday"}), "/at"),
        ("cancelled", json!({"redemption": "burn"}), "/redemption"),
        ("reject", json!({}), "/reason"),
        ("clear", json!({}), "/reason"),
        ("attribute", json!({"advocate": "ann", "program": "p"}), "/reason"),
        ("refunds", json!({"refund_id": "R-1"}), "/kind"),
        ("refunds", json!({"refund_id": "R-1", "kind": "theft"}), "/kind"),
        ("refunds", json!({"refund_id": "R-1", "kind": "refund", "amount": -1}), "/amount"),
    ];
    for (what, body, pointer) in table {
        let refused = shop.post(&format!("{}/{what}", place("A-1")), body).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    for what in ["paid", "delivered"] {
        let body = json!({"redemption": "keep"});
        shop.post(&format!("{}/{what}", place("A-1")), body).await.refused(422, "unknown_field");
    }
    for what in ["paid", "delivered", "cancelled"] {
        shop.post(&format!("/v1/conversions/none/{what}"), json!({})).await.refused(404, "not_found");
        let foreign = shop.another().await;
        foreign.post(&format!("{}/{what}", place("A-1")), json!({})).await.refused(404, "not_found");
    }
    for (reward, field) in [
        (json!({"to": "friend", "on": "referral", "kind": "amount_off", "amount": 5, "kinds": ["order"]}), "kinds"),
        (
            json!({"to": "friend", "on": "referral", "kind": "amount_off", "amount": 5, "max_per_friend": 2}),
            "max_per_friend",
        ),
        (json!({"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 5, "kinds": []}), "kinds"),
        (
            json!({"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 5, "max_per_friend": 0}),
            "max_per_friend",
        ),
    ] {
        let program = json!({"name": "X", "landing_url": "https://shop.example/", "rewards": [reward]});
        let refused = shop.post("/v1/programs", program).await.refused(422, "invalid_field");
        assert_eq!(refused["errors"][0]["pointer"], format!("/rewards/0/{field}"));
    }
}

async fn lists_and_events_tell_of_orders(shop: TestShop) {
    let (_, code) = prepared(&shop, json!({"approval": "manual", "rewards": tenth()})).await;
    order(&shop, "A-1", &code, json!({})).await;
    refund(&shop, "A-1", "R-1", json!(1000)).await;
    shop.advance(31).await;
    assert_eq!(shop.list("/v1/conversions?status=pending&overdue=true").await.len(), 1);
    assert_eq!(shop.list("/v1/conversions?overdue=false").await.len(), 0);
    refund(&shop, "A-1", "R-2", Value::Null).await;
    assert_eq!(shop.list("/v1/conversions?status=reversed").await.len(), 1);
    let table = shop.get("/v1/conversions").header("accept", "text/csv").await;
    assert!(table.text().contains("overdue") && table.text().contains("reversed"), "{table:?}");
    let page = shop.get("/v1/events?limit=200").await.ok();
    let told: Vec<String> = elements(&page["data"]).iter().map(|event| text(&event["type"])).collect();
    for (event, times) in [
        ("conversion.recorded", 1),
        ("conversion.refunded", 2),
        ("conversion.reversed", 1),
        ("conversion.approved", 0),
        ("reward.reduced", 1),
        ("reward.voided", 2),
        ("referral.changed", 1),
    ] {
        assert_eq!(told.iter().filter(|kind| *kind == event).count(), times, "{event} in {told:?}");
    }
}
