//! What holds cost others, and what ending many of them asks for.

use serde_json::{Value, json};

use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::testing::till::{Till, id};
use crate::records::Id;

/// A voucher that so many carts have set aside, of the uses that are given.
fn contested(holds: usize, fields: Value) -> (Till, Id, String) {
    let mut till = Till::new();
    let (voucher, code) = till.voucher(fields);
    for number in 0..holds {
        till.hold(json!({"order_id": null, "cart_id": format!("C-{number}"), "codes": [code]})).expect("it is free");
    }
    (till, voucher, code)
}

fn merge(till: &mut Till, from: &str, into: &str) {
    let merge: MergeCustomers = serde_json::from_value(json!({"from": from, "reason": "one person"})).expect("a merge");
    till.bench.decide(MergeCustomers { into: into.to_owned(), ..merge }).expect("they are one");
}

/// How many records each step of a checkout loads beside so many open holds.
fn records_loaded(holds: usize, uses: usize, minutes: i64) -> Vec<usize> {
    let (mut till, voucher, code) =
        contested(holds, json!({"kind": "amount_off", "amount": 500, "max_redemptions": uses}));
    till.wait(minutes);
    let mut loaded = Vec::new();
    let cart = |name: &str| json!({"order_id": null, "cart_id": name, "codes": [code]});
    let mut note = |till: &Till| loaded.push(till.bench.records_loaded());
    till.check(cart("C-0")).expect("a check");
    note(&till);
    let held = till.hold(cart("mine"));
    note(&till);
    if let Ok((_, hold)) = held {
        till.redeem_hold(id(&hold), "A-1").expect("it is set aside");
        note(&till);
    }
    let other = till.hold(cart("C-1")).expect("it is replaced").1;
    note(&till);
    till.release(id(&other)).expect("it is given up");
    note(&till);
    drop(till.redeem(json!({"order_id": "A-2", "codes": [code]})));
    note(&till);
    drop(till.update(voucher, json!({"min_order_amount": 1})));
    note(&till);
    loaded
}

#[test]
fn what_a_cart_costs_does_not_grow_with_open_holds() {
    // Room for all, room for nobody else; all live, and all over.
    for minutes in [0, 20] {
        for room in [100, 0] {
            let [few, many] = [40, 200].map(|holds| records_loaded(holds, holds + room, minutes));
            assert_eq!(few, many, "{room} uses are free after {minutes} minutes");
        }
    }
}

#[test]
fn who_is_kept_from_the_last_use_by_one_that_is_over_gets_it() {
    let (mut till, _, code) = contested(40, json!({"kind": "amount_off", "amount": 500, "max_redemptions": 40}));
    let cart = |number: usize| json!({"order_id": format!("A-{number}"), "codes": [code]});
    assert_eq!(till.check(cart(0)).expect("a check")["valid"], false);
    till.wait(20);
    for number in 0..40 {
        assert_eq!(till.check(cart(number)).expect("a check")["valid"], true, "{number}");
        till.redeem(cart(number)).expect("nobody came by to sweep");
    }
    assert!(till.redeem(cart(40)).is_err(), "a limit of n grants n");
}

#[test]
fn a_persons_last_use_is_free_when_their_hold_is_over() {
    let mut till = Till::new();
    let (_, code) =
        till.voucher(json!({"kind": "amount_off", "amount": 500, "max_redemptions": 100, "per_customer": 1}));
    let cart = |order: &str| json!({"order_id": order, "codes": [code], "customer": "anna"});
    till.hold(json!({"order_id": null, "cart_id": "C-1", "codes": [code], "customer": "anna"})).expect("a hold");
    assert_eq!(till.check(cart("A-1")).expect("a check")["valid"], false);
    till.wait(20);
    assert_eq!(till.check(cart("A-1")).expect("a check")["valid"], true);
    till.redeem(cart("A-1")).expect("nobody came by to sweep");
    assert!(till.redeem(cart("A-2")).is_err());
}

#[test]
fn many_holds_of_people_who_were_others_once_end_at_once() {
    let mut till = Till::new();
    let (_, code) = till.voucher(json!({"kind": "gift_card", "amount": 10_000}));
    for number in 0..9 {
        let (guest, account) = (format!("guest-{number}"), format!("account-{number}"));
        till.know(&guest);
        till.know(&account);
        let cart = json!({"order_id": null, "cart_id": format!("C-{number}"), "customer": guest,
                          "codes": [{"code": code, "amount": 1_000}]});
        till.hold(cart).expect("a part of it");
        merge(&mut till, &guest, &account);
    }
    let cart = json!({"codes": [{"code": code, "amount": 10_000}], "amount": 20_000});
    assert_eq!(till.check(cart.clone()).expect("a check")["valid"], false);
    till.wait(20);
    assert_eq!(till.check(cart.clone()).expect("a check")["payment"], 10_000);
    assert_eq!(till.redeem(cart).expect("nobody came by to sweep").1["payment"], 10_000);
}

#[test]
fn what_is_owed_for_many_orders_is_taken_at_once_when_credit_comes_back() {
    let mut till = Till::new();
    let credit = json!([{"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 500}]);
    let program = till.program(json!({"rewards": credit, "pending_days": 0}));
    let code = till.code(program, "anna");
    for number in 0..9 {
        let friend = format!("friend-{number}");
        till.know(&friend);
        let order =
            json!({"order_id": format!("O-{number}"), "customer": friend, "paid": true, "evidence": {"code": code}});
        till.order(order).expect("an order");
    }
    let spent = json!({"order_id": "S-1", "customer": "anna", "store_credit": 4_500});
    let redemption = id(&till.redeem(spent).expect("she has it").1);
    for number in 0..9 {
        let body = json!({"refund_id": "R-1", "kind": "chargeback", "amount": 9_000});
        let body = serde_json::from_value(body).expect("a refund");
        till.bench.decide(CreateRefund { order: format!("O-{number}"), body }).expect("it came back");
    }
    merge(&mut till, "anna", "bert");
    till.reverse(redemption, "undo", None).expect("all of it comes back");
    let cart = json!({"order_id": "S-2", "customer": "bert", "store_credit": 1});
    assert!(till.redeem(cart).is_err(), "what was owed was taken");
}
