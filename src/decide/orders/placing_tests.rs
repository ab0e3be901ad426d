//! Anna recommends, Bert orders; orders are cancelled, come back, and are placed anew.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::decide::orders::approve_due::ApproveDue;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::testing::till::{Till, id};
use crate::decide::vouchers::reward_usage::was_used;
use crate::records::program::{RewardOn, Side};
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Customer, Id, Redemption, Referral, Reward, Tally, Timestamp, Voucher};
use crate::refusal::Rejection;

const CREDIT: &str = r#"{"kind":"store_credit","amount":1000}"#;
const CARD: &str = r#"{"kind":"gift_card","amount":800}"#;
const OFF: &str = r#"{"kind":"amount_off","amount":500}"#;
const RATE: &str = r#"{"kind":"percent_off","rate_bps":1500,"cost_amount":300}"#;

fn read<T: serde::de::DeserializeOwned>(fields: Value) -> T {
    serde_json::from_value(fields).expect("what the API takes")
}

/// A program that gives Anna something for each of Bert's orders, one of which counts.
struct Scene {
    till: Till,
    program: Id,
    code: String,
    steps: usize,
    spent: Vec<Id>,
}

impl Scene {
    fn new(reward: &str, pending_days: i64) -> Self {
        let mut till = Till::new();
        till.know("carl");
        let mut rule: Value = serde_json::from_str(reward).expect("a value");
        rule["to"] = json!("advocate");
        rule["on"] = json!("conversion");
        let program =
            till.program(json!({"rewards": [rule], "pending_days": pending_days, "budget": {"amount": 2500}}));
        let code = till.code(program, "anna");
        Self { till, program, code, steps: 0, spent: Vec::new() }
    }

    fn order(&mut self, order_id: &str) -> Result<Value, Rejection> {
        let body = json!({"order_id": order_id, "customer": "bert", "evidence": {"code": self.code}});
        Ok(self.till.order(body)?.1)
    }

    fn fact(&mut self, order: &str, fact: Fact, at: Option<Timestamp>) -> Result<Value, Rejection> {
        let report = ReportFact { order: order.to_owned(), fact, at, reason: None, redemption: Redeemed::Reverse };
        let said = self.till.bench.decide(report)?;
        self.till.assert_books();
        Ok(serde_json::from_str(&said.body).expect("an order"))
    }

    fn comes_back(&mut self, order: &str) -> Result<(), Rejection> {
        let body = read(json!({"refund_id": format!("R-{}", self.steps), "kind": "chargeback"}));
        let said = self.till.bench.decide(CreateRefund { order: order.to_owned(), body });
        self.till.assert_books();
        said.map(drop)
    }

    fn rewards(&self) -> Vec<std::rc::Rc<Reward>> {
        let mut rewards = self.till.bench.all::<Reward>();
        rewards.sort_by_key(|reward| (reward.created_at, reward.once.clone()));
        rewards
    }

    /// Anna spends so much of what she has: with a discount, all of it.
    fn spend(&mut self, amount: i64) -> Result<(), Rejection> {
        let mut cart = json!({"order_id": format!("S-{}", self.steps), "customer": "anna"});
        let vouchers: Vec<Id> = self.rewards().iter().filter_map(|reward| reward.voucher).collect();
        match vouchers.last() {
            Some(voucher) => {
                let voucher = self.till.bench.get::<Voucher>(*voucher);
                let code = self.till.bench.installation().vault.open(&voucher.code_box).expect("its code");
                cart["codes"] =
                    if voucher.is_balance() { json!([{"code": code, "amount": amount}]) } else { json!([code]) };
            }
            None => cart["store_credit"] = json!(amount),
        }
        let made = self.till.redeem(cart)?.1;
        self.spent.push(id(&made));
        Ok(())
    }

    fn take(&mut self, step: &str) -> Result<(), Rejection> {
        self.steps += 1;
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        match word {
            "order" => self.order(rest).map(drop),
            "cancelled" | "paid" => self.fact(rest, Fact::parse(word).expect("a fact"), None).map(drop),
            "back" => self.comes_back(rest),
            "spend" => self.spend(rest.parse().expect("an amount")),
            "undo" => {
                let redemption = self.spent.get(rest.parse::<usize>().expect("a place")).copied();
                let name = format!("U-{}", self.steps);
                redemption.map_or(Ok(()), |made| self.till.reverse(made, &name, None).map(drop))
            }
            "void" => {
                let voucher = self.rewards().iter().filter_map(|reward| reward.voucher).next_back();
                voucher.map_or(Ok(()), |voucher| self.till.void(voucher).map(drop))
            }
            "wait" => {
                self.till.advance(rest.parse().expect("days"));
                for order in self.till.bench.all::<Conversion>() {
                    self.till.bench.decide(ApproveDue { conversion: order.id })?;
                }
                Ok(())
            }
            other => panic!("no step: {other}"),
        }
    }

    /// How many rewards Anna has, or had and used, for Bert.
    fn paid(&mut self) -> usize {
        let rewards = self.rewards();
        let is_paid = |reward: &Reward, till: &mut Till| match reward.status {
            RewardStatus::Voided => till.bench.run(|draft| was_used(draft, reward)).expect("no refusal"),
            _ => true,
        };
        rewards.iter().filter(|reward| is_paid(reward, &mut self.till)).count()
    }
}

fn status(order: &Value) -> &str {
    order["status"].as_str().expect("a status")
}

#[test]
fn who_was_paid_once_is_not_paid_again() {
    let table: &[(&str, &[&str], usize)] = &[
        // The pump: what was spent is forgiven, and keeps its place.
        (CREDIT, &["order A-1", "spend 1000", "back A-1", "order A-2"], 1),
        (CREDIT, &["order A-1", "spend 1000", "cancelled A-1", "order A-2"], 1),
        (CREDIT, &["order A-1", "spend 1", "back A-1", "order A-2"], 1),
        (CREDIT, &["order A-1", "spend 1000", "cancelled A-1", "paid A-1"], 1),
        (CREDIT, &["order A-1", "spend 1000", "cancelled A-1", "order A-1"], 1),
        (CREDIT, &["order A-1", "spend 1000", "cancelled A-1", "paid A-1", "cancelled A-1", "order A-2"], 1),
        (CARD, &["order A-1", "spend 300", "back A-1", "order A-2"], 1),
        (CARD, &["order A-1", "spend 300", "void", "back A-1", "order A-2"], 1),
        (CARD, &["order A-1", "spend 800", "back A-1", "order A-2"], 1),
        (OFF, &["order A-1", "spend 0", "back A-1", "order A-2"], 1),
        (RATE, &["order A-1", "spend 0", "back A-1", "order A-2"], 1),
        // What was not spent, or came back, frees it.
        (CREDIT, &["order A-1", "back A-1", "order A-2"], 1),
        (CREDIT, &["order A-1", "spend 1000", "undo 0", "back A-1", "order A-2"], 1),
        (CREDIT, &["order A-1", "spend 1000", "back A-1", "undo 0", "order A-2"], 1),
        (CARD, &["order A-1", "spend 300", "void", "back A-1", "undo 0", "order A-2"], 1),
        (RATE, &["order A-1", "spend 0", "back A-1", "undo 0", "order A-2"], 1),
        (OFF, &["order A-1", "cancelled A-1", "order A-1"], 1),
    ];
    for (place, (reward, steps, paid)) in table.iter().enumerate() {
        let mut scene = Scene::new(reward, 0);
        for step in *steps {
            scene.take(step).unwrap_or_else(|refusal| panic!("{steps:?}: {step}: {refusal}"));
        }
        assert_eq!(scene.paid(), *paid, "{reward} {steps:?}");
        let last = steps.last().and_then(|step| step.split_once(' ')).map(|(_, order)| order).expect("an order");
        let orders = scene.till.bench.all::<Conversion>();
        let last = orders.iter().find(|order| order.order_id == last).expect("the last order");
        let live = scene.rewards().iter().filter(|reward| reward.status == RewardStatus::Issued).count();
        let refused: Vec<_> = last.refused_rewards.iter().map(|refused| refused.reason.as_str()).collect();
        let keeps_its_place = place < 11;
        assert_eq!(live, usize::from(!keeps_its_place), "{reward} {steps:?}");
        // On an order that was placed anew the side that has something gets nothing new, without a refusal.
        let is_other = last.round == 0;
        assert_eq!(refused, vec!["limit_reached"; usize::from(keeps_its_place && is_other)], "{reward} {steps:?}");
    }
}

#[test]
fn an_order_that_is_placed_or_paid_after_all_lives_again() {
    for again in ["paid", "order", "unpaid"] {
        let mut scene = Scene::new(CREDIT, 14);
        let body = json!({"order_id": "A-1", "customer": "bert", "paid": false, "evidence": {"code": scene.code}});
        scene.till.order(body.clone()).expect("an order");
        let cancelled = scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
        assert_eq!(status(&cancelled), "cancelled");
        scene.till.advance(1);
        let lives = match again {
            "paid" => scene.fact("A-1", Fact::Paid, None).expect("it is paid"),
            "order" => scene.order("A-1").expect("it is placed"),
            _ => scene.till.order(body).expect("it is placed").1,
        };
        let expected = if again == "unpaid" { "unpaid" } else { "pending" };
        assert_eq!((status(&lives), &lives["attribution"]["advocate"]), (expected, &json!("anna")), "{again}");
        let statuses: Vec<_> = scene.rewards().iter().map(|reward| reward.status).collect();
        assert_eq!(statuses, [RewardStatus::Voided, RewardStatus::Pending], "{again}");
        let referral = scene.till.bench.all::<Referral>().remove(0);
        assert_eq!((referral.status.as_str(), referral.conversions), ("converted", 1), "{again}");
        if again == "unpaid" {
            scene.fact("A-1", Fact::Paid, None).expect("it is paid");
        }
        scene.take("wait 14").expect("the wait is over");
        assert_eq!(scene.rewards()[1].status, RewardStatus::Issued, "{again}");
        let told = scene.till.events();
        assert_eq!(told.iter().filter(|event| *event == "conversion.recorded").count(), 2, "{again}");
        // Everything is undone once more: nothing is counted.
        scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
        let counts: Vec<_> = scene.till.bench.all::<Tally>().iter().map(|tally| tally.count).collect();
        assert!(counts.iter().all(|count| *count == 0), "{counts:?}");
    }
}

#[test]
fn a_cancellation_counts_by_its_time() {
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    let begun = scene.till.bench.at;
    scene.till.wait(60);
    let cancelled_at = scene.till.bench.at;
    scene.fact("A-1", Fact::Cancelled, Some(cancelled_at)).expect("it is cancelled");
    scene.till.wait(60);
    let late = scene.fact("A-1", Fact::Paid, Some(begun)).expect("it is noted");
    assert_eq!(status(&late), "cancelled", "it was paid before it was cancelled");
    let lives = scene.fact("A-1", Fact::Paid, None).expect("it is paid after all");
    assert_eq!(status(&lives), "pending");
    let told = scene.fact("A-1", Fact::Cancelled, Some(cancelled_at)).expect("it is told again");
    assert_eq!(status(&told), "pending", "the cancellation that was lifted");
    let twice = scene.fact("A-1", Fact::Paid, None).expect("it is told again");
    assert_eq!((status(&twice), scene.rewards().len()), ("pending", 2));
    let ended = scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled anew");
    assert_eq!(status(&ended), "cancelled");
}

#[test]
fn it_lives_again_for_places_and_budget_as_they_are_then() {
    // The budget has room for two: others took it meanwhile.
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
    for (number, friend) in ["carl", "dora"].into_iter().enumerate() {
        scene.till.know(friend);
        let order = json!({"order_id": format!("C-{number}"), "customer": friend, "evidence": {"code": scene.code}});
        scene.till.order(order).expect("an order");
    }
    let lives = scene.fact("A-1", Fact::Paid, None).expect("it is paid");
    assert_eq!((status(&lives), &lives["refused_rewards"][0]["reason"]), ("pending", &json!("budget_exhausted")));

    // His place was taken by another order.
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
    scene.order("A-2").expect("an order");
    let lives = scene.order("A-1").expect("it is placed");
    assert_eq!(lives["refused_rewards"][0]["reason"], "limit_reached");

    // Who comes with other evidence is credited to whom that names.
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
    let carls = scene.till.code(scene.program, "carl");
    let other = json!({"order_id": "A-1", "customer": "bert", "evidence": {"code": carls}});
    let (_, lives) = scene.till.order(other).expect("it is placed");
    assert_eq!(
        (&lives["attribution"]["advocate"], &lives["attribution"]["method"]),
        (&json!("anna"), &json!("referral")),
        "he came by her first"
    );

    // Whom an operator credited is credited again.
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    let body = read(json!({"advocate": "carl", "program": scene.program, "reason": "she told him"}));
    scene.till.bench.decide(AttributeConversion { order: "A-1".to_owned(), body }).expect("it is his");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled");
    let lives = scene.fact("A-1", Fact::Paid, None).expect("it is paid");
    assert_eq!(
        (&lives["attribution"]["advocate"], &lives["attribution"]["method"]),
        (&json!("carl"), &json!("operator"))
    );
}

#[test]
fn what_came_back_or_was_rejected_stays_over() {
    let mut scene = Scene::new(CREDIT, 14);
    scene.order("A-1").expect("an order");
    scene.comes_back("A-1").expect("all of it came back");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled, too");
    assert_eq!(status(&scene.fact("A-1", Fact::Paid, None).expect("it is noted")), "cancelled");
    assert_eq!(status(&scene.order("A-1").expect("it is told again")), "cancelled");
    assert_eq!(scene.rewards().len(), 1);
}

#[test]
fn a_discount_that_is_given_anew_credits_the_order_that_lives_again() {
    let mut scene = Scene::new(CREDIT, 14);
    let rewards = json!([{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
                         {"to": "advocate", "on": "conversion", "kind": "store_credit", "amount": 500}]);
    let program = scene.till.program(json!({"name": "Till", "slug": "till", "rewards": rewards}));
    let code = scene.till.code(program, "carl");
    let cart = json!({"codes": [code], "customer": "bert"});
    scene.till.redeem(cart.clone()).expect("his discount");
    scene.till.order(json!({"customer": "bert"})).expect("an order");
    scene.fact("A-1", Fact::Cancelled, None).expect("it is cancelled, and the discount undone");
    let live = scene.till.bench.all::<Redemption>().iter().filter(|one| one.reversed_amount == 0).count();
    assert_eq!(live, 0);
    scene.till.redeem(cart).expect("he tries again");
    let lives = scene.fact("A-1", Fact::Paid, None).expect("it is paid");
    assert_eq!(
        (&lives["attribution"]["advocate"], &lives["attribution"]["method"]),
        (&json!("carl"), &json!("voucher"))
    );
}

fn step() -> impl Strategy<Value = String> {
    let order = || select(vec!["A-0", "A-1", "A-2"]);
    prop_oneof![
        4 => order().prop_map(|order| format!("order {order}")),
        2 => (select(vec!["cancelled", "back", "paid"]), order()).prop_map(|(word, order)| format!("{word} {order}")),
        3 => (1..1_100i64).prop_map(|amount| format!("spend {amount}")),
        1 => (0..3usize).prop_map(|which| format!("undo {which}")),
        1 => select(vec!["void", "wait 3", "wait 2000"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_sequence_of_facts_pays_one_friends_place_twice(
        steps in prop::collection::vec(step(), 1..24),
        reward in select(vec![CREDIT, CARD, OFF, RATE]),
        pending_days in select(vec![0, 2]),
    ) {
        let mut scene = Scene::new(reward, pending_days);
        for step in steps {
            let _refused = scene.take(&step);
            prop_assert!(scene.paid() <= 1, "{}", step);
            let bert = scene.till.bench.all::<Customer>().iter().find(|one| one.external_id.as_deref() == Some("bert")).map(|one| one.id);
            let live = scene.till.bench.all::<Conversion>().iter().filter(|order| order.customer == bert && !order.is_undone()).count();
            let counted: i64 = scene.till.bench.all::<Tally>().iter().filter(|tally| tally.subject.starts_with("orders:")).map(|tally| tally.count).sum();
            prop_assert_eq!(usize::try_from(counted).ok(), Some(live), "{}", step);
        }
        let rules = scene.rewards();
        prop_assert!(rules.iter().all(|reward| (reward.to_side, reward.on_what) == (Some(Side::Advocate), RewardOn::Conversion)));
    }
}
