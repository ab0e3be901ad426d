//! Random lives of an order: told in parts or at once, in any sequence and any repetition, while what it
//! earned is spent, set aside and given back. After every step the books balance.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::decide::draft::Draft;
use crate::decide::ledger::set_budget;
use crate::decide::testing::till::id;
use crate::records::account::ISSUED;
use crate::records::hold::HoldStatus;
use crate::records::{Account, Hold, Record, Referral, Tally};

/// Something that may happen at any time.
fn step() -> impl Strategy<Value = String> {
    let who = || select(vec!["anna", "bert"]);
    prop_oneof![
        4 => (1..4_000i64).prop_map(|amount| format!("refund {amount}")),
        3 => (who(), 1..1_100i64).prop_map(|(who, amount)| format!("{who} spends {amount}")),
        3 => (who(), 1..1_100i64).prop_map(|(who, amount)| format!("{who} holds {amount}")),
        2 => who().prop_map(|who| format!("{who} gets")),
        2 => (0..3usize).prop_map(|which| format!("undo {which}")),
        1 => (0..16_000i64).prop_map(|amount| format!("amount {amount}")),
        1 => (select(vec!["void", "replace"]), who()).prop_map(|(does, who)| format!("{does} {who}")),
        1 => select(vec!["wait 2000", "extend", "erase", "merge bert", "merge carl", "attribute"]).prop_map(str::to_owned),
        6 => select(vec!["wait 30", "wait 3", "release", "redeem", "approve", "paid", "delivered"])
            .prop_map(str::to_owned),
    ]
}

/// How an order ends.
fn ending() -> impl Strategy<Value = &'static str> {
    select(vec!["cancelled", "refund rest", "cancelled, refund rest", "refund rest, cancelled"])
}

fn program() -> impl Strategy<Value = &'static str> {
    select(vec![CREDIT, CARD, PRODUCT, PASS])
}

fn any_program() -> impl Strategy<Value = &'static str> {
    select(vec![CREDIT, CARD, DISCOUNT, PRODUCT, PASS])
}

fn lived(rewards: &str, steps: &[String]) -> Story {
    let mut story = Story::begin(rewards);
    steps.iter().for_each(|step| story.take(step));
    story
}

impl Story {
    /// How it ends, with every balance and every count.
    fn picture(&mut self) -> String {
        let mut balances: BTreeMap<String, i64> = BTreeMap::new();
        for account in self.till.bench.all::<Account>() {
            let kind = account.name.split(':').next().unwrap_or_default();
            *balances.entry(kind.to_owned()).or_default() += account.balance;
        }
        // An account that holds nothing is as good as none.
        balances.retain(|_, balance| *balance != 0);
        let counts = self.counts();
        format!("{} {balances:?} {counts:?}", self.end())
    }

    /// What is counted of uses and for limits.
    fn counts(&self) -> Vec<String> {
        let counts = self.till.bench.all::<Tally>();
        let live = counts.iter().filter(|tally| tally.count != 0);
        live.map(|tally| format!("{} {}", tally.subject, tally.count)).collect()
    }

    /// Nothing that is limited was given more often than it may be.
    fn assert_limits(&self) {
        for account in self.till.bench.all::<Account>() {
            assert!(account.floor.is_none_or(|floor| account.balance >= floor), "{} is below its floor", account.name);
        }
        for tally in self.till.bench.all::<Tally>() {
            // A gift card may be used in any number of orders, and what a share counts is no limit.
            let is_limit = ["voucher:", "share:"].iter().all(|other| !tally.subject.starts_with(other));
            let most = if is_limit { 1 } else { i64::MAX };
            assert!((0..=most).contains(&tally.count), "{} is {}", tally.subject, tally.count);
        }
    }

    /// Carl orders on her recommendation too.
    fn another_order(&mut self) -> Id {
        let code = self.till.code(self.program, "anna");
        let order = json!({"order_id": "A-2", "amount": 7_777, "customer": "carl", "evidence": {"code": code}});
        id(&self.till.order(order).expect("an order").1)
    }

    /// A step in the life of one of several orders; all of them wait as long.
    fn attempt_in(&mut self, order: Id, step: &str) -> Result<(), Rejection> {
        let first = std::mem::replace(&mut self.order, order);
        let said = self.attempt(step);
        self.order = first;
        said
    }

    /// All orders are cancelled, and nothing is set aside any more.
    fn cancel(&mut self, orders: [Id; 2]) {
        for order in orders {
            let _ended = self.attempt_in(order, "cancelled");
        }
        let _over = self.attempt("release");
    }

    fn give_everything_back(&mut self) {
        for hold in self.till.bench.all::<Hold>() {
            if hold.status == HoldStatus::Held {
                self.till.release(hold.id).expect("it is given up");
            }
        }
        for reward in self.till.bench.all::<Reward>() {
            if reward.reference.is_some() {
                let reason = serde_json::from_value(json!("it came back")).expect("a reason");
                self.till.bench.decide(VoidReward { id: reward.id, reason }).expect("the shop has it again");
            }
        }
        for which in 0..self.spent.len() {
            // What was undone before cannot be undone again.
            let _undone = self.again(&format!("undo {which}"));
        }
    }

    /// All orders are undone: only what was spent is missing from the budget, and once that comes back
    /// nothing is anywhere.
    fn assert_nothing_is_left(&mut self) -> Result<(), TestCaseError> {
        let forgiven: i64 = self.till.bench.all::<Reward>().iter().map(|reward| reward.forgiven_amount).sum();
        prop_assert_eq!(-self.till.balance(&budget_account(self.program)), forgiven);
        let accounts = self.till.bench.all::<Account>();
        let is_owed = |name: &str| name == ISSUED || name.starts_with("credit:") || name.starts_with("expired:");
        prop_assert!(accounts.iter().all(|account| account.balance == 0 || !is_owed(&account.name)), "{accounts:?}");
        self.give_everything_back();
        let accounts = self.till.bench.all::<Account>();
        prop_assert!(accounts.iter().all(|account| account.balance == 0), "{accounts:?}");
        prop_assert_eq!(self.counts(), Vec::<String>::new());
        Ok(())
    }
}

/// What was forgiven for a moment and came back is as if it had never been forgiven.
#[test]
fn an_account_that_holds_nothing_again_is_as_good_as_none() {
    let begun = ["wait 30", "anna spends 350", "anna spends 299", "anna holds 485"];
    let ends = [["undo 0", "refund 1875", "refund 1639"], ["refund 1875", "refund 1639", "undo 0"]].map(|rest| {
        let mut story = Story::begin(CARD);
        for step in begun {
            let _refused = story.attempt(step);
        }
        rest.iter().chain(&["release"]).for_each(|step| story.take(step));
        story.picture()
    });
    assert_eq!(ends[0], ends[1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn refunds_in_parts_end_where_one_does(
        parts in prop::collection::vec(1..3_000i64, 1..4),
        late in any::<bool>(),
        rewards in program(),
    ) {
        let wait = if late { vec!["wait 30".to_owned()] } else { Vec::new() };
        let one = format!("refund {}", parts.iter().sum::<i64>());
        let one = lived(rewards, &[wait.clone(), vec![one]].concat()).picture();
        let many: Vec<String> = parts.iter().map(|part| format!("refund {part}")).collect();
        let many = lived(rewards, &[wait, many].concat()).picture();
        prop_assert_eq!(one, many);
    }

    #[test]
    fn what_is_told_again_changes_nothing(steps in prop::collection::vec(step(), 1..16), rewards in any_program()) {
        let mut story = Story::begin(rewards);
        for step in steps {
            let said = story.attempt(&step);
            story.assert_limits();
            if said.is_ok() && !step.starts_with("wait") {
                let before = story.picture();
                let again = story.again(&step);
                prop_assert!(again.is_ok(), "{step}: {again:?}");
                prop_assert_eq!(story.picture(), before, "{}", step);
            }
        }
    }

    #[test]
    fn what_comes_back_may_come_in_any_sequence(
        spends in prop::collection::vec((select(vec!["anna", "bert"]), 1..700i64), 0..3),
        rest in prop::collection::vec(prop_oneof![
            3 => (1..2_400i64).prop_map(|amount| format!("refund {amount}")),
            1 => select(vec!["undo 0", "undo 1", "paid", "delivered", "release"]).prop_map(str::to_owned),
        ], 1..4).prop_flat_map(|rest| (Just(rest.clone()), Just(rest).prop_shuffle())),
        holds in 0..700i64,
        late in prop::option::weighted(0.5, select(vec!["wait 2000", "erase"])),
        rewards in program(),
    ) {
        let ends = [&rest.0, &rest.1].map(|rest| {
            let mut story = Story::begin(rewards);
            story.take("wait 30");
            for (who, amount) in &spends {
                let _refused = story.attempt(&format!("{who} spends {amount}"));
            }
            let _refused = story.attempt(&format!("anna holds {holds}"));
            late.into_iter().for_each(|late| story.take(late));
            rest.iter().for_each(|step| story.take(step));
            // A hold that is over, and one that was ended by a refund, are alike.
            story.take("release");
            story.picture()
        });
        prop_assert_eq!(&ends[0], &ends[1]);
    }

    /// What lapsed may have been paid again to somebody else when it is revived.
    #[test]
    fn a_budget_of_two_orders_is_never_passed_and_has_everything_again(
        steps in prop::collection::vec((step(), any::<bool>()), 0..24),
        is_first in any::<bool>(),
        rewards in program(),
        cap in 1_100..2_600i64,
    ) {
        let mut story = Story::begin(rewards);
        let budget = budget_account(story.program);
        let cap = cap.max(-story.till.balance(&budget));
        let limit = |draft: &mut Draft<'_>| set_budget(draft, &budget, draft.shop.currency, Some(cap));
        story.till.bench.run(limit).expect("it has a cap");
        let other = story.another_order();
        for (step, is_other) in steps {
            let _refused = story.attempt_in(if is_other { other } else { story.order }, &step);
            story.assert_limits();
        }
        story.cancel(if is_first { [story.order, other] } else { [other, story.order] });
        story.give_everything_back();
        let accounts = story.till.bench.all::<Account>();
        prop_assert!(accounts.iter().all(|account| account.balance == 0), "{accounts:?}");
    }

    /// Her credit lies in one purse: what of it is whose cannot be told, and need not be.
    #[test]
    fn two_orders_that_are_wholly_undone_never_were(
        steps in prop::collection::vec((step(), any::<bool>()), 0..20),
        is_first in any::<bool>(),
    ) {
        let mut story = Story::begin(CREDIT);
        let other = story.another_order();
        for (step, is_other) in steps {
            let _refused = story.attempt_in(if is_other { other } else { story.order }, &step);
            story.assert_limits();
        }
        story.cancel(if is_first { [story.order, other] } else { [other, story.order] });
        story.assert_nothing_is_left()?;
    }

    #[test]
    fn an_order_that_is_wholly_undone_never_was_but_for_what_was_spent(
        steps in prop::collection::vec(step(), 0..16),
        ending in ending(),
        rewards in any_program(),
    ) {
        let mut story = Story::begin(rewards);
        for step in steps {
            let _refused = story.attempt(&step);
            story.assert_limits();
        }
        // One of the two ways of ending refuses what the other has done.
        ending.split(", ").for_each(|step| drop(story.attempt(step)));
        let _over = story.attempt("release");
        for reward in story.till.bench.all::<Reward>() {
            match reward.status {
                RewardStatus::Voided => {}
                RewardStatus::Spent => prop_assert_eq!(reward.cost_amount, reward.forgiven_amount),
                other => prop_assert!(false, "{} is {other}", reward.id),
            }
        }
        story.assert_nothing_is_left()?;
        let referrals = story.till.bench.all::<Referral>();
        prop_assert!(referrals.iter().all(|referral| referral.status.as_str() == "open"), "{}", referrals[0].id());
    }
}
