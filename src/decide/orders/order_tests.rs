use serde_json::{Value, json};

use crate::decide::orders::approve_due::ApproveDue;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::judge_conversion::{JudgeConversion, Judgement};
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::people::upsert_customer::UpsertCustomer;
use crate::decide::testing::till::Till;
use crate::records::program::budget_account;
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Id, Referral, Reward, Tally};

fn read<T: serde::de::DeserializeOwned>(fields: Value) -> T {
    serde_json::from_value(fields).expect("what the API takes")
}

/// Bert's order on Anna's recommendation: 10.00 wait for her, 3.00 for him.
fn ordered(paid: bool) -> (Till, Id, Id) {
    let mut till = Till::new();
    let rewards = json!([
        {"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 1000, "max_per_customer": 1},
        {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 300},
    ]);
    let program = till.program(json!({"rewards": rewards, "budget": {"amount": 100_000}, "pending_days": 30,
                           "pending_from": "order"}));
    let code = till.code(program, "anna");
    let (_, order) =
        till.order(json!({"customer": "bert", "paid": paid, "evidence": {"code": code}})).expect("an order");
    assert_eq!((&order["attribution"]["advocate"], till.bench.all::<Reward>().len()), (&json!("anna"), 2));
    let order = till.bench.all::<Conversion>().remove(0).id;
    (till, program, order)
}

fn merge(till: &mut Till) {
    let fields = json!({"from": "bert", "reason": "one person"});
    till.bench.decide(MergeCustomers { into: "anna".to_owned(), ..read(fields) }).expect("they are merged");
}

fn share_a_phone(till: &mut Till) {
    for name in ["anna", "bert"] {
        let fields = read::<UpsertCustomer>(json!({"phone": "+49 170 1234567"}));
        till.bench.decide(UpsertCustomer { external_id: name.to_owned(), ..fields }).expect("a customer");
    }
}

fn sweep(till: &mut Till, conversion: Id) {
    till.bench.decide(ApproveDue { conversion }).expect("it is due");
}

fn approve(till: &mut Till, _: Id) {
    let judge =
        JudgeConversion { order: "A-1".to_owned(), judgement: Judgement::Approve, reason: read(json!("looks fine")) };
    till.bench.decide(judge).expect("it is approved");
}

fn pay(till: &mut Till, _: Id) {
    let (order, fact) = ("A-1".to_owned(), Fact::Paid);
    let paid = ReportFact { order, fact, at: None, reason: None, redemption: Redeemed::Keep };
    till.bench.decide(paid).expect("it is paid");
}

#[test]
fn who_turns_out_to_be_his_own_advocate_is_not_paid_for_it() {
    type Do = fn(&mut Till);
    type Approve = fn(&mut Till, Id);
    let unite: [Do; 2] = [merge, share_a_phone];
    let approve: [(Approve, bool); 3] = [(sweep, true), (approve, true), (pay, false)];
    for (unite, (approve, paid)) in unite.into_iter().flat_map(|unite| approve.map(|approve| (unite, approve))) {
        let (mut till, program, order) = ordered(paid);
        unite(&mut till);
        till.advance(31);
        approve(&mut till, order);
        till.assert_books();
        let order = till.bench.get::<Conversion>(order);
        assert_eq!((order.status.as_str(), order.method.as_str()), ("approved", "none"));
        assert_eq!((order.advocate, order.program, order.referral), (None, None, None));
        let lost: Vec<_> = order.considered.iter().map(|lost| (lost.method.as_str(), lost.outcome.as_str())).collect();
        assert_eq!(lost, [("code", "self_referral")]);
        for reward in till.bench.all::<Reward>() {
            assert_eq!((reward.status, reward.place.is_some()), (RewardStatus::Voided, false));
            let last = reward.history.last().expect("a step");
            assert_eq!(last.why.as_deref(), Some("self_referral"));
        }
        assert_eq!(till.balance(&budget_account(program)), 0);
        let referral = till.bench.all::<Referral>().remove(0);
        assert_eq!((referral.status, referral.conversions), (ReferralStatus::Open, 0));
        let counted = till.bench.all::<Tally>().into_iter().filter(|tally| !tally.subject.starts_with("orders:"));
        assert_eq!(counted.map(|tally| tally.count).sum::<i64>(), 0, "its places are free again");
        assert!(till.events().contains(&"conversion.approved".to_owned()));
    }
}

#[test]
fn others_are_paid_and_what_an_operator_said_of_two_customers_holds() {
    // whether an operator credited it, what comes to light, whether it pays
    type Do = fn(&mut Till);
    let table: [(bool, Do, bool); 4] =
        [(false, |_| {}, true), (true, share_a_phone, true), (true, |_| {}, true), (true, merge, false)];
    for (number, (by_hand, happens, pays)) in table.into_iter().enumerate() {
        let (mut till, program, order) = ordered(true);
        if by_hand {
            till.know("carl");
            for advocate in ["carl", "anna"] {
                let body = read(json!({"advocate": advocate, "program": program, "reason": "she said so"}));
                till.bench.decide(AttributeConversion { order: "A-1".to_owned(), body }).expect("it is credited");
            }
        }
        happens(&mut till);
        till.advance(31);
        sweep(&mut till, order);
        let issued = till.bench.all::<Reward>().iter().filter(|reward| reward.status == RewardStatus::Issued).count();
        assert_eq!(issued, if pays { 2 } else { 0 }, "{number}");
        assert_eq!(till.bench.get::<Conversion>(order).advocate.is_some(), pays, "{number}");
    }
}
