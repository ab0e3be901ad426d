use serde_json::{Value, json};

use crate::decide::programs::change_program_status::ChangeProgramStatus;
use crate::decide::programs::update_program::UpdateProgram;
use crate::decide::testing::till::{Said, Till, id};
use crate::records::account::REDEEMED;
use crate::records::program::{ProgramStatus, budget_account};
use crate::records::referral::{Method, ReferralStatus};
use crate::records::{Conversion, Id, Program, Referral, Reward};

fn tenth(fields: Value) -> Value {
    let mut rule = json!({"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000});
    for (name, value) in fields.as_object().expect("fields") {
        rule[name] = value.clone();
    }
    json!([rule, {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}])
}

/// Why a cart is refused, in a check and by a redemption: they must agree.
fn refusal(till: &mut Till, cart: Value) -> (Vec<String>, String) {
    let checked = till.check(cart.clone()).expect("a check answers");
    assert_eq!(checked["valid"], false);
    let lines = checked["lines"].as_array().expect("lines").clone();
    let reasons = lines.iter().flat_map(|line| line["reasons"].as_array().expect("reasons").clone());
    let reasons = reasons.map(|reason| reason.as_str().expect("a word").to_owned()).collect();
    let refused = till.redeem(cart).expect_err("it is refused");
    (reasons, refused.code.as_str().to_owned())
}

fn used(till: &mut Till, program: Id) -> i64 {
    -till.balance(&budget_account(program))
}

#[test]
fn an_advocates_code_takes_off_now_and_the_program_pays() {
    let mut till = Till::new();
    let program = till.program(json!({}));
    let code = till.code(program, "anna");
    let cart = json!({"codes": [code.to_lowercase()], "customer": "bert"});
    let checked = till.check(cart.clone()).expect("a check answers");
    let (status, made) = till.redeem(cart.clone()).expect("it is good");
    assert_eq!((status, &made["discount"], &made["payable"]), (201, &json!(1000), &json!(9500)));
    for line in [&checked["lines"][0], &made["lines"][0]] {
        assert_eq!((&line["source"], &line["advocate"]), (&json!("program"), &json!("anna")));
        assert_eq!((&line["program"], &line["voucher"]), (&json!(program.to_string()), &Value::Null));
    }
    assert_eq!((used(&mut till, program), till.balance(REDEEMED)), (1000, 1000));
    let referral = till.bench.all::<Referral>().remove(0);
    assert_eq!((referral.method, referral.status), (Method::Code, ReferralStatus::Open));
    assert_eq!(till.events(), ["code.created", "referral.created", "redemption.created"]);
    assert_eq!(till.redeem(cart).expect("the same again"), (200, made));
}

#[test]
fn who_gave_the_discount_is_credited_with_the_order() {
    let mut till = Till::new();
    let program = till.program(json!({}));
    let (anna, carl) = (till.code(program, "anna"), {
        till.know("carl");
        till.code(program, "carl")
    });
    till.redeem(json!({"codes": [anna], "customer": "bert"})).expect("it is good");
    let (_, order) = till.order(json!({"customer": "bert", "evidence": {"code": carl}})).expect("an order");
    assert_eq!(
        (&order["attribution"]["method"], &order["attribution"]["advocate"]),
        (&json!("voucher"), &json!("anna"))
    );
    assert_eq!(order["attribution"]["considered"][0]["outcome"], "weaker");
    assert_eq!(till.bench.all::<Reward>().len(), 1, "the advocate's reward waits; the friend has had his");
    assert_eq!(used(&mut till, program), 2000);
    let referral = till.bench.all::<Referral>().remove(0);
    assert_eq!((referral.advocate_ref.as_deref(), referral.status), (Some("anna"), ReferralStatus::Converted));
}

#[test]
fn what_another_person_redeemed_speaks_for_nobody() {
    let mut till = Till::new();
    let program = till.program(json!({}));
    till.know("carl");
    let code = till.code(program, "anna");
    till.redeem(json!({"codes": [code], "customer": "bert"})).expect("it is good");
    let (_, order) = till.order(json!({"customer": "carl"})).expect("an order");
    assert_eq!(order["attribution"]["method"], "none");
    assert_eq!(order["attribution"]["considered"][0]["outcome"], "foreign");
}

#[test]
fn each_reason_has_its_word_and_its_code() {
    type Prepare = fn(&mut Till, Id);
    let nothing: Prepare = |_, _| {};
    let ordered: Prepare = |till, _| drop(till.order(json!({"customer": "bert", "order_id": "Z-1"})));
    let paused: Prepare = |till, program| {
        till.bench.decide(ChangeProgramStatus { id: program, to: ProgramStatus::Paused }).expect("it is paused");
    };
    let had: Prepare = |till, program| {
        let code = till.code(program, "anna");
        till.redeem(json!({"codes": [code], "customer": "bert", "order_id": "Z-1"})).expect("the first");
    };
    let table: [(&str, Value, Prepare, Value, &str); 10] = [
        ("customer_required", json!({}), nothing, json!({"customer": null}), "customer_required"),
        ("self_referral", json!({}), nothing, json!({"customer": "anna"}), "self_referral"),
        ("not_new", json!({}), ordered, json!({}), "not_new_customer"),
        ("limit_reached", json!({}), had, json!({}), "limit_reached"),
        ("program_not_active", json!({}), paused, json!({}), "program_not_active"),
        ("min_order_amount", json!({"qualifying": {"min_order_amount": 10_001}}), nothing, json!({}), "not_applicable"),
        (
            "min_order_amount",
            json!({"rewards": tenth(json!({"min_order_amount": 10_001}))}),
            nothing,
            json!({}),
            "not_applicable",
        ),
        ("currency_mismatch", json!({}), nothing, json!({"currency": "CHF"}), "currency_mismatch"),
        ("budget_exhausted", json!({"budget": {"amount": 999}}), nothing, json!({}), "budget_exhausted"),
        ("not_applicable", json!({}), nothing, json!({"amount": 0}), "not_applicable"),
    ];
    for (reason, program, prepare, fields, code) in table {
        let mut till = Till::new();
        let program = till.program(program);
        let typed = till.code(program, "anna");
        prepare(&mut till, program);
        let mut cart = json!({"codes": [typed], "customer": "bert"});
        for (name, value) in fields.as_object().expect("fields") {
            cart[name] = value.clone();
        }
        assert_eq!(refusal(&mut till, cart), (vec![reason.to_owned()], code.to_owned()), "{reason}");
    }
}

#[test]
fn a_program_without_a_discount_gives_none() {
    let mut till = Till::new();
    let program = till.program(json!({"rewards": []}));
    let code = till.code(program, "anna");
    let (reasons, refused) = refusal(&mut till, json!({"codes": [code], "customer": "bert"}));
    assert_eq!((reasons, refused.as_str()), (vec!["no_discount".to_owned()], "not_applicable"));
    let evidence = json!({"evidence": {"code": code}, "customer": "bert"});
    let checked = till.check(evidence).expect("a check answers");
    assert_eq!(
        (&checked["valid"], &checked["lines"]),
        (&json!(true), &json!([])),
        "evidence that gives nothing is none"
    );
}

#[test]
fn an_order_has_one_advocate() {
    let mut till = Till::new();
    let (program, other) = (till.program(json!({})), till.program(json!({"slug": "other"})));
    let (anna, annas_other) = (till.code(program, "anna"), till.code(other, "anna"));
    till.know("carl");
    let carl = till.code(program, "carl");
    let several = ("several_advocates", 2);
    let table = [
        (json!({"codes": [anna, carl]}), several),
        (json!({"codes": [anna], "evidence": {"code": carl}}), ("several_advocates", 1)),
        (json!({"codes": [anna, annas_other]}), ("not_combinable", 2)),
        (json!({"codes": [anna], "evidence": {"code": anna}}), ("", 0)),
        (json!({"codes": [anna], "evidence": {"code": annas_other}}), ("", 0)),
        (json!({"evidence": {"code": "NOBODY-1"}, "codes": [anna]}), ("", 0)),
    ];
    for (mut cart, (reason, times)) in table {
        cart["customer"] = json!("bert");
        let checked = till.check(cart.clone()).expect("a check answers");
        let found = checked["lines"].as_array().expect("lines").iter();
        let reasons: Vec<Value> = found.flat_map(|line| line["reasons"].as_array().expect("reasons").clone()).collect();
        assert_eq!(reasons, vec![json!(reason); times], "{cart}");
    }
}

#[test]
fn evidence_gives_the_discount_without_typing() {
    let mut till = Till::new();
    let program = till.program(json!({}));
    let code = till.code(program, "anna");
    let (voucher, own) = till.voucher(json!({"kind": "amount_off", "amount": 500}));
    let cart = json!({"codes": [own], "evidence": {"code": code}, "customer": "bert"});
    let (_, made) = till.redeem(cart).expect("both are good");
    let sources: Vec<&Value> = made["lines"].as_array().expect("lines").iter().map(|line| &line["source"]).collect();
    assert_eq!((sources, &made["discount"]), (vec![&json!("voucher"), &json!("program")], &json!(1500)));
    assert_eq!(till.shown(voucher)["status"], "spent");
    assert_eq!(till.bench.all::<Referral>().len(), 1);
}

#[test]
fn a_payment_that_failed_costs_nobody_anything() {
    let mut till = Till::new();
    let program = till.program(json!({"budget": {"amount": 1500}}));
    let code = till.code(program, "anna");
    let cart = json!({"codes": [code], "customer": "bert"});
    let first = id(&till.redeem(cart.clone()).expect("it is good").1);
    till.reverse(first, "R-1", Some(400)).expect("a part");
    assert_eq!((used(&mut till, program), till.balance(REDEEMED)), (600, 600), "the budget has again what is undone");
    assert_eq!(refusal(&mut till, json!({"codes": [code], "customer": "bert", "order_id": "A-2"})).1, "limit_reached");
    let (_, reversal) = till.reverse(first, "R-2", None).expect("the rest");
    assert_eq!(
        (&reversal["lines"][0]["program"], &reversal["lines"][0]["uses"]),
        (&json!(program.to_string()), &json!(1))
    );
    assert_eq!((used(&mut till, program), till.balance(REDEEMED)), (0, 0));
    let (status, again) = till.redeem(cart).expect("he pays again");
    assert_eq!((status, &again["discount"]), (201, &json!(1000)));
    assert_eq!(till.events().iter().filter(|event| *event == "referral.created").count(), 1);
}

#[test]
fn the_order_that_came_first_does_not_make_him_known() {
    let mut till = Till::new();
    let program = till.program(json!({}));
    let code = till.code(program, "anna");
    till.order(json!({"customer": "bert"})).expect("the order");
    till.redeem(json!({"codes": [code], "customer": "bert"})).expect("it is his first order all the same");
    assert_eq!(till.bench.all::<Conversion>().len(), 1);
}

#[test]
fn a_program_may_give_it_more_than_once() {
    let mut till = Till::new();
    let program = till.program(json!({"rewards": tenth(json!({"max_per_customer": 2}))}));
    let code = till.code(program, "anna");
    let redeem = |till: &mut Till, order: &str| -> Said {
        let said = till.redeem(json!({"codes": [code], "customer": "bert", "order_id": order}));
        drop(till.order(json!({"customer": "bert", "order_id": order})));
        said
    };
    redeem(&mut till, "A-1").expect("the first");
    redeem(&mut till, "A-2").expect("the second");
    assert_eq!(redeem(&mut till, "A-3").expect_err("two are two").code.as_str(), "limit_reached");
}

#[test]
fn the_budget_pays_what_was_really_taken_off() {
    let table = [
        (json!({"kind": "amount_off", "rate_bps": null, "amount": 3000}), json!({"amount": 2000}), 2000),
        (json!({"max_amount": 700}), json!({}), 700),
        (json!({"kind": "free_shipping", "rate_bps": null}), json!({}), 500),
    ];
    for (rule, cart, cost) in table {
        let mut till = Till::new();
        let program = till.program(json!({"rewards": tenth(rule.clone()), "budget": {"amount": cost}}));
        let code = till.code(program, "anna");
        let mut cart = cart;
        (cart["codes"], cart["customer"]) = (json!([code]), json!("bert"));
        till.redeem(cart).unwrap_or_else(|refused| panic!("{rule}: {refused}"));
        assert_eq!(used(&mut till, program), cost, "{rule}");
        assert_eq!(till.events().iter().filter(|event| *event == "budget.warning").count(), 2, "80 and 100 %");
    }
}

#[test]
fn with_model_last_the_one_who_gave_the_discount_takes_over() {
    for (model, advocate) in [("first", "anna"), ("last", "carl")] {
        let mut till = Till::new();
        let program =
            till.program(json!({"attribution": {"model": model}, "rewards": tenth(json!({"max_per_customer": 2}))}));
        till.know("carl");
        let (anna, carl) = (till.code(program, "anna"), till.code(program, "carl"));
        till.redeem(json!({"codes": [anna], "customer": "bert", "order_id": "A-1"})).expect("the first");
        till.redeem(json!({"codes": [carl], "customer": "bert", "order_id": "A-2"})).expect("the second");
        assert_eq!(till.bench.all::<Referral>().remove(0).advocate_ref.as_deref(), Some(advocate), "{model}");
        let (_, order) = till.order(json!({"customer": "bert", "order_id": "A-2"})).expect("the order");
        assert_eq!(order["attribution"]["advocate"], "carl", "who gave the discount in this very order is credited");
    }
}

#[test]
fn a_limit_that_came_later_counts_what_came_later() {
    let mut till = Till::new();
    let qualifying = json!({"min_order_amount": 0, "new_customers_only": false});
    let program = till.program(json!({"rewards": tenth(json!({"max_per_customer": 9})), "qualifying": qualifying}));
    let code = till.code(program, "anna");
    let cart = |order: &str| json!({"codes": [code], "customer": "bert", "order_id": order});
    let (_, first) = till.redeem(cart("A-1")).expect("the first");
    let limited = tenth(json!({"max_per_customer": 9, "max_per_customer_per_month": 1}));
    let body = serde_json::from_value(json!({ "rewards": limited })).expect("a change");
    let if_match = till.bench.get::<Program>(program).version.into();
    till.bench.decide(UpdateProgram { id: program, if_match, body }).expect("it is changed");
    let (_, second) = till.redeem(cart("A-2")).expect("the first of the month that is counted");
    till.reverse(id(&first), "R-1", None).expect("it is undone");
    assert_eq!(refusal(&mut till, cart("A-3")).0, ["limit_reached"]);
    till.reverse(id(&second), "R-2", None).expect("it is undone");
    till.redeem(cart("A-3")).expect("the place is free");
}
