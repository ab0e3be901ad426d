//! In each random history of orders, referrals and edits every count is what the records come to, and
//! nobody is given more by an order or for a friend than the program says.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::decide::orders::approve_due::ApproveDue;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::orders::judge_conversion::{JudgeConversion, Judgement};
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::programs::update_program::UpdateProgram;
use crate::decide::referrals::create_referral::CreateReferral;
use crate::decide::referrals::expire_referral::ExpireReferral;
use crate::decide::rewards::void_reward::VoidReward;
use crate::decide::sharing::create_shares::CreateShares;
use crate::decide::testing::till::Till;
use crate::records::conversion::ConversionStatus;
use crate::records::program::{RewardOn, Side};
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Id, Program, Referral, Reward, Tally};

const ADVOCATES: [&str; 3] = ["anna", "zoe", "carl"];
/// Carl recommends what was recommended to him.
const FRIENDS: [&str; 4] = ["bert", "carl", "dora", "emil"];
const PEOPLE: [&str; 6] = ["anna", "zoe", "carl", "bert", "dora", "emil"];
/// The rewards of each program; an edit takes some of them, in any sequence.
const REWARDS: [&str; 5] = [
    r#"{"to":"friend","on":"checkout","kind":"percent_off","rate_bps":1000}"#,
    r#"{"to":"advocate","on":"conversion","kind":"store_credit","of_order_bps":1000,"max_per_customer":2}"#,
    r#"{"to":"friend","on":"conversion","kind":"amount_off","amount":300,"max_per_friend":2}"#,
    r#"{"to":"friend","on":"referral","kind":"amount_off","amount":200}"#,
    r#"{"to":"advocate","on":"conversion","kind":"gift_card","amount":100,"max_per_customer_per_month":2}"#,
];

/// By whom something was recommended: the advocate, the program, and whether by a link.
type By = (usize, usize, bool);

#[derive(Clone, Debug)]
enum Step {
    Refer(usize, By),
    Order(usize, Option<By>),
    /// A discount in the order that is told next, or in one that was told.
    Discount(usize, By, Option<Index>),
    Fact(Index, Fact),
    Refund(Index, Option<i64>),
    Judge(Index, Judgement),
    Attribute(Index, By),
    Void(Index),
    Edit(usize, Vec<usize>),
    Merge(usize, usize),
    Days(i64),
}

fn by() -> impl Strategy<Value = By> {
    (0..ADVOCATES.len(), 0..2usize, any::<bool>())
}

fn step() -> impl Strategy<Value = Step> {
    let (friend, order) = (|| 0..FRIENDS.len(), any::<Index>);
    let facts = select(vec![Fact::Paid, Fact::Cancelled]);
    let judgements = select(vec![Judgement::Approve, Judgement::Reject]);
    let edit = prop::sample::subsequence((0..REWARDS.len()).collect::<Vec<_>>(), 0..=REWARDS.len()).prop_shuffle();
    prop_oneof![
        8 => (friend(), by()).prop_map(|(friend, by)| Step::Refer(friend, by)),
        12 => (friend(), prop::option::of(by())).prop_map(|(friend, by)| Step::Order(friend, by)),
        6 => (friend(), by(), prop::option::of(order())).prop_map(|(friend, by, of)| Step::Discount(friend, by, of)),
        5 => (order(), facts).prop_map(|(order, fact)| Step::Fact(order, fact)),
        4 => (order(), prop::option::of(1..6000i64)).prop_map(|(order, amount)| Step::Refund(order, amount)),
        3 => (order(), judgements).prop_map(|(order, judgement)| Step::Judge(order, judgement)),
        4 => (order(), by()).prop_map(|(order, by)| Step::Attribute(order, by)),
        2 => order().prop_map(Step::Void),
        4 => (0..2usize, edit).prop_map(|(program, list)| Step::Edit(program, list)),
        2 => (0..PEOPLE.len(), 0..PEOPLE.len()).prop_map(|(from, into)| Step::Merge(from, into)),
        5 => (1..12i64).prop_map(Step::Days),
    ]
}

fn reward(text: &str) -> Value {
    serde_json::from_str(text).expect("a reward")
}

struct History {
    till: Till,
    programs: [Id; 2],
    codes: BTreeMap<By, String>,
    orders: usize,
    steps: usize,
}

impl History {
    fn begin(model: &str, pending_days: i64) -> Self {
        let mut till = Till::new();
        PEOPLE.into_iter().for_each(|name| till.know(name));
        let rewards: Vec<Value> = REWARDS.into_iter().map(reward).collect();
        let programs = ["tell", "other"].map(|slug| {
            let terms = json!({"model": model, "credit_window_days": 10});
            till.program(json!({"slug": slug, "attribution": terms, "rewards": rewards, "pending_days": pending_days,
                                "qualifying": {"new_customers_only": slug == "tell"}, "budget": {"amount": 20_000}}))
        });
        let mut codes = BTreeMap::new();
        for (advocate, name) in ADVOCATES.iter().enumerate() {
            for (program, id) in programs.iter().enumerate() {
                codes.insert((advocate, program, false), till.code(*id, name));
                let share = json!({"program": id.to_string(), "customer": name, "channel": "whatsapp"});
                let share: CreateShares = serde_json::from_value(share).expect("a share");
                let made = till.bench.decide(share).expect("it is made");
                let made: Value = serde_json::from_str(&made.body).expect("JSON");
                codes.insert((advocate, program, true), made["token"].as_str().expect("a token").to_owned());
            }
        }
        Self { till, programs, codes, orders: 0, steps: 0 }
    }

    fn evidence(&self, by: By) -> Value {
        json!({ if by.2 { "token" } else { "code" }: self.codes[&by] })
    }

    fn order_id(&self, order: &Index) -> Option<String> {
        (self.orders > 0).then(|| format!("A-{}", order.index(self.orders)))
    }

    /// Does it, or is refused.
    fn take(&mut self, step: &Step) {
        self.steps += 1;
        match step {
            Step::Refer(friend, by) => {
                let body = json!({"friend": FRIENDS[*friend], "evidence": self.evidence(*by)});
                let command: CreateReferral = serde_json::from_value(body).expect("a referral");
                let _said = self.till.bench.decide(command);
            }
            Step::Order(friend, by) => {
                let evidence = by.map_or(json!({}), |by| self.evidence(by));
                let order = json!({"order_id": format!("A-{}", self.orders), "customer": FRIENDS[*friend], "evidence": evidence,
                                   "paid": !self.steps.is_multiple_of(3)});
                self.till.order(order).expect("every order is recorded");
                self.orders += 1;
            }
            Step::Discount(friend, by, order) => {
                let next = format!("A-{}", self.orders);
                let order_id = order.and_then(|order| self.order_id(&order)).unwrap_or(next);
                let mut cart = json!({"order_id": order_id, "customer": FRIENDS[*friend]});
                match by.2 {
                    true => cart["evidence"] = self.evidence(*by),
                    false => cart["codes"] = json!([self.codes[by]]),
                }
                let _said = self.till.redeem(cart);
            }
            Step::Edit(program, list) => {
                let rewards: Vec<Value> = list.iter().map(|place| reward(REWARDS[*place])).collect();
                let id = self.programs[*program];
                let if_match = self.till.bench.get::<Program>(id).version.into();
                let body = serde_json::from_value(json!({"rewards": rewards})).expect("a change");
                self.till.bench.decide(UpdateProgram { id, if_match, body }).expect("it is changed");
            }
            Step::Merge(from, into) => {
                let body = json!({"from": PEOPLE[*from], "reason": "one person"});
                let merge: MergeCustomers = serde_json::from_value(body).expect("two");
                let _said = self.till.bench.decide(MergeCustomers { into: PEOPLE[*into].to_owned(), ..merge });
            }
            Step::Days(days) => self.wait(*days),
            Step::Fact(..) | Step::Refund(..) | Step::Judge(..) | Step::Attribute(..) | Step::Void(_) => {
                self.go_on(step);
            }
        }
        self.till.assert_books();
    }

    /// Something happens to an order that was told.
    fn go_on(&mut self, step: &Step) {
        let reason = || serde_json::from_value(json!("told")).expect("a reason");
        match step {
            Step::Fact(order, fact) => {
                let Some(order) = self.order_id(order) else { return };
                let fact = ReportFact { order, fact: *fact, at: None, reason: None, redemption: Redeemed::Reverse };
                let _said = self.till.bench.decide(fact);
            }
            Step::Refund(order, amount) => {
                let Some(order) = self.order_id(order) else { return };
                let body = json!({"refund_id": format!("R-{}", self.steps), "kind": "refund", "amount": amount});
                let body = serde_json::from_value(body).expect("a refund");
                let _said = self.till.bench.decide(CreateRefund { order, body });
            }
            Step::Judge(order, judgement) => {
                let Some(order) = self.order_id(order) else { return };
                let _said = self.till.bench.decide(JudgeConversion { order, judgement: *judgement, reason: reason() });
            }
            Step::Attribute(order, (advocate, program, _)) => {
                let Some(order) = self.order_id(order) else { return };
                let program = self.programs[*program].to_string();
                let body = json!({"advocate": ADVOCATES[*advocate], "program": program, "reason": "told"});
                let body = serde_json::from_value(body).expect("whom to credit");
                let _said = self.till.bench.decide(AttributeConversion { order, body });
            }
            Step::Void(reward) => {
                let rewards = self.till.bench.all::<Reward>();
                if !rewards.is_empty() {
                    let id = rewards[reward.index(rewards.len())].id;
                    let _said = self.till.bench.decide(VoidReward { id, reason: reason() });
                }
            }
            _ => unreachable!("{step:?} happens to no order"),
        }
    }

    fn wait(&mut self, days: i64) {
        self.till.advance(days);
        let now = self.till.bench.at;
        for order in self.till.bench.all::<Conversion>() {
            if order.due_at.is_some_and(|due| due <= now) {
                self.till.bench.decide(ApproveDue { conversion: order.id }).expect("never refused");
            }
        }
        for referral in self.till.bench.all::<Referral>() {
            self.till.bench.decide(ExpireReferral { referral: referral.id }).expect("never refused");
        }
    }

    /// Every count that is not none, but for those of vouchers and discounts.
    fn counted(&self) -> BTreeMap<String, i64> {
        let is_meant = |subject: &str| ["reward:", "orders:", "share:"].iter().any(|start| subject.starts_with(start));
        let tallies = self.till.bench.all::<Tally>();
        let live = tallies.iter().filter(|tally| tally.count != 0 && is_meant(&tally.subject));
        live.map(|tally| (tally.subject.clone(), tally.count)).collect()
    }

    /// The same as the records have it.
    fn told(&self) -> BTreeMap<String, i64> {
        let mut told = BTreeMap::new();
        let mut count = |subject: String| *told.entry(subject).or_default() += 1;
        for reward in self.till.bench.all::<Reward>() {
            reward.counted_by.iter().chain(&reward.place).cloned().for_each(&mut count);
        }
        for redemption in self.till.bench.all::<crate::records::Redemption>() {
            if redemption.reversed_amount < redemption.total() {
                redemption.recommendation().iter().flat_map(|noted| noted.counted_by.clone()).for_each(&mut count);
            }
        }
        for order in self.till.bench.all::<Conversion>() {
            order.counted_in.iter().cloned().for_each(&mut count);
            for share in order.share.iter().filter(|_| order.is_credited) {
                count(format!("share:{share}:conversions"));
            }
            order.naked_share.iter().for_each(|share| count(format!("share:{share}:naked")));
        }
        for referral in self.till.bench.all::<Referral>() {
            for share in referral.share.iter().filter(|_| referral.status != ReferralStatus::Rejected) {
                count(format!("share:{share}:referrals"));
            }
        }
        told
    }

    fn assert_counts(&self) {
        assert_eq!(self.counted(), self.told());
        for tally in self.till.bench.all::<Tally>() {
            assert!(tally.cap.is_none_or(|cap| (0..=cap).contains(&tally.count)), "{tally:?}");
        }
        let orders = self.till.bench.all::<Conversion>();
        for referral in self.till.bench.all::<Referral>() {
            let credited = orders.iter().filter(|order| order.is_credited && order.referral == Some(referral.id));
            assert_eq!(usize::try_from(referral.conversions), Ok(credited.count()), "{referral:?}");
            let is_converted = referral.status == ReferralStatus::Converted;
            assert_eq!(is_converted, referral.conversions > 0, "{referral:?}");
        }
    }

    /// Each order gave each side each kind of reward once, and nothing of it is left that it does not stand for.
    fn assert_rewards(&self) {
        let mut given: BTreeMap<(Id, Option<Side>, String), usize> = BTreeMap::new();
        for reward in self.till.bench.all::<Reward>() {
            let Some(order) = reward.conversion else { continue };
            let order = self.till.bench.all::<Conversion>().into_iter().find(|one| one.id == order).expect("its order");
            assert_eq!(reward.on_what, RewardOn::Conversion);
            if reward.status == RewardStatus::Voided {
                assert!(reward.counted_by.is_empty(), "{reward:?}");
                continue;
            }
            let is_over = order.status == ConversionStatus::Approved || order.has_fallen();
            assert!(!is_over || reward.status != RewardStatus::Pending, "{order:?} {reward:?}");
            assert!(!order.is_undone() || reward.place.is_none(), "{order:?} {reward:?}");
            *given.entry((order.id, reward.to_side, reward.benefit.kind.to_string())).or_default() += 1;
        }
        assert!(given.values().all(|times| *times == 1), "{given:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn in_any_history_counts_are_what_records_come_to(
        model in select(vec!["first", "last"]), pending_days in select(vec![0, 7]), steps in prop::collection::vec(step(), 1..32),
    ) {
        let mut history = History::begin(model, pending_days);
        for step in &steps {
            history.take(step);
            history.assert_counts();
            history.assert_rewards();
        }
    }
}
