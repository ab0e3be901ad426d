use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::decide::draft::Draft;
use crate::decide::ledger::set_budget;
use crate::decide::orders::approve_due::ApproveDue;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::orders::judge_conversion::{JudgeConversion, Judgement};
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::referrals::create_referral::CreateReferral;
use crate::decide::sharing::create_shares::CreateShares;
use crate::decide::testing::bench;
use crate::decide::testing::till::{Till, id};
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::{Account, Conversion, Entry, Id, Program, Referral, Reward, Share, Tally};

/// What comes with an order beside the discount in it.
#[derive(Clone, Debug)]
struct World {
    model: &'static str,
    /// The friend's referral before: to whom, and whether it is too old.
    referral: Option<(&'static str, bool)>,
    /// What is sent along with the order.
    evidence: &'static str,
    /// How the discount was come by.
    by_link: bool,
    pending_days: i64,
    paid: bool,
    /// How much comes back, in ten-thousandths of the order.
    refund: Option<i64>,
    /// What is in the cart, minor units; the order is a tenth less.
    goods: i64,
}

impl World {
    fn amount(&self) -> i64 {
        self.goods - self.goods / 10
    }

    fn comes_back(&self) -> Option<i64> {
        self.refund.map(|part| (self.amount() * part / 10_000).max(1))
    }
}

/// The till of a world: Anna and Carl recommend in two programs, Bert buys.
struct Scene {
    till: Till,
    codes: BTreeMap<&'static str, String>,
    tokens: BTreeMap<&'static str, String>,
}

impl Scene {
    fn new(world: &World) -> Self {
        let mut till = Till::new();
        till.know("carl");
        let terms = json!({"model": world.model, "credit_window_days": 10});
        let rewards = json!([
            {"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
            {"to": "advocate", "on": "conversion", "kind": "store_credit", "of_order_bps": 1000, "max_per_customer": 1},
            {"to": "friend", "on": "conversion", "kind": "amount_off", "amount": 300},
        ]);
        let fields = json!({"attribution": terms, "rewards": rewards, "pending_days": world.pending_days,
                            "qualifying": {"min_order_amount": 2000}, "budget": {"amount": 100_000}});
        let (tell, other) = (till.program(fields), till.program(json!({"slug": "other", "priority": 5})));
        let codes = BTreeMap::from([
            ("anna", till.code(tell, "anna")),
            ("carl", till.code(tell, "carl")),
            ("elsewhere", till.code(other, "carl")),
        ]);
        let tokens = ["anna", "carl"].map(|who| (who, token(&mut till, tell, who)));
        let mut scene = Self { till, codes, tokens: tokens.into() };
        if let Some((who, is_old)) = world.referral {
            scene.refer(who);
            scene.till.bench.at = scene.till.bench.at.plus_days(if is_old { 11 } else { 1 });
        }
        scene
    }

    fn refer(&mut self, who: &str) {
        let body = json!({"friend": "bert", "evidence": {"code": self.codes[who]}});
        let command: CreateReferral = serde_json::from_value(body).expect("a referral");
        self.till.bench.decide(command).expect("it is made");
    }

    fn evidence(&self, word: &str) -> Value {
        let (code, token) = word.split_once('+').unwrap_or((word, ""));
        json!({"code": self.codes.get(code), "token": self.tokens.get(token)})
    }

    fn redeem(&mut self, world: &World) -> (u16, Value) {
        let mut cart = json!({"customer": "bert", "amount": world.goods});
        match world.by_link {
            true => cart["evidence"] = self.evidence("+anna"),
            false => cart["codes"] = json!([self.codes["anna"]]),
        }
        self.till.redeem(cart).expect("the discount is given")
    }

    fn order(&mut self, world: &World) {
        let order = json!({"customer": "bert", "evidence": self.evidence(world.evidence), "paid": world.paid,
                           "amount": world.amount()});
        self.till.order(order).expect("an order");
    }

    fn refund(&mut self, amount: i64) {
        let body = json!({"refund_id": "R-1", "kind": "refund", "amount": amount, "redemption": "keep"});
        let body = serde_json::from_value(body).expect("a refund");
        self.till.bench.decide(CreateRefund { order: "A-1".to_owned(), body }).expect("it came back");
    }

    /// It is paid, and the wait ends.
    fn wait(&mut self) {
        let paid = ReportFact {
            order: "A-1".to_owned(),
            fact: Fact::Paid,
            at: None,
            reason: None,
            redemption: Redeemed::Reverse,
        };
        self.till.bench.decide(paid).expect("it is paid");
        self.till.bench.at = self.till.bench.at.plus_days(31);
        let conversion = self.conversion().id;
        self.till.bench.decide(ApproveDue { conversion }).expect("never refused");
        self.till.assert_books();
    }

    fn conversion(&self) -> std::rc::Rc<Conversion> {
        self.till.bench.all::<Conversion>().remove(0)
    }

    /// Everything that must not depend on what came first; by which share a referral came to be that was
    /// another's between times may.
    fn picture(&self, world: &World) -> String {
        let (bench, is_own) = (&self.till.bench, world.referral.is_none());
        let order = self.conversion();
        let name = |customer: Id| {
            let all = bench.all::<crate::records::Customer>();
            all.iter().find(|one| one.id == customer).and_then(|one| one.external_id.clone())
        };
        let losers: BTreeSet<String> = (order.considered.iter())
            .map(|loser| format!("{} {:?} {:?} {}", loser.method, loser.program, loser.advocate, loser.outcome))
            .collect();
        let live = |status: RewardStatus| status != RewardStatus::Voided;
        let rewards: BTreeSet<String> = (bench.all::<Reward>().iter())
            .filter(|reward| live(reward.status))
            .map(|reward| {
                format!("{:?} {:?} {} {}", reward.customer_ref, reward.to_side, reward.status, reward.cost_amount)
            })
            .collect();
        let referrals: BTreeSet<String> = (bench.all::<Referral>().iter())
            .filter(|referral| referral.status != ReferralStatus::Rejected)
            .map(|one| {
                let share = one.share.filter(|_| is_own);
                format!("{} {:?} {} {} {share:?}", one.program, name(one.advocate), one.status, one.conversions)
            })
            .collect();
        let mut balances: BTreeMap<String, i64> = BTreeMap::new();
        for account in bench.all::<Account>() {
            let name = if account.name.starts_with("voucher:") { "vouchers" } else { &account.name };
            *balances.entry(name.to_owned()).or_default() += account.balance;
        }
        balances.retain(|_, balance| *balance != 0);
        let counts: BTreeSet<String> = (bench.all::<Tally>().iter())
            .filter(|tally| tally.count != 0 && (is_own || !tally.subject.ends_with(":referrals")))
            .map(|tally| format!("{} {}", tally.subject, tally.count))
            .collect();
        let credit = (order.status, order.method, order.program, &order.advocate_ref, order.share, &order.terms.0);
        format!("{credit:?}\n{losers:?}\n{rewards:?}\n{referrals:?}\n{balances:?}\n{counts:?}")
    }
}

fn token(till: &mut Till, program: Id, who: &str) -> String {
    let body = json!({"program": program.to_string(), "customer": who, "channel": "whatsapp"});
    let command: CreateShares = serde_json::from_value(body).expect("a share");
    till.bench.decide(command).expect("it is made");
    let customer = bench::customer(&till.bench, who, "").id;
    let shares = till.bench.all::<Share>();
    shares.iter().find(|share| share.customer == Some(customer)).expect("a share").token.clone()
}

fn world() -> impl Strategy<Value = World> {
    let evidence = ["", "anna", "carl", "elsewhere", "anna+carl", "carl+anna", "+anna", "+carl", "elsewhere+carl"];
    let referral = prop::option::of((prop::sample::select(vec!["anna", "carl"]), any::<bool>()));
    let model = prop::sample::select(vec!["first", "last"]);
    // The order by itself is worth enough, or only before its discount.
    let goods = prop::sample::select(vec![10_000, 2_500, 2_100, 2_000]);
    let rest = (any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(1..8000i64), goods);
    (model, referral, prop::sample::select(evidence.to_vec()), rest).prop_map(
        |(model, referral, evidence, (by_link, at_once, paid, refund, goods))| World {
            model,
            referral,
            evidence,
            by_link,
            // What was paid out at once to somebody else stays with him: a test of its own.
            pending_days: if at_once && evidence.is_empty() && referral.is_none() { 0 } else { 30 },
            paid,
            refund,
            goods,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_order_and_its_discount_may_come_in_either_order(world in world(), late in any::<bool>()) {
        let mut first = Scene::new(&world);
        let given = first.redeem(&world).1["discount"].clone();
        first.order(&world);
        let mut second = Scene::new(&world);
        second.order(&world);
        // What came back meanwhile changes nothing.
        if let Some(amount) = world.comes_back().filter(|_| late) {
            second.refund(amount);
        }
        prop_assert_eq!(&second.redeem(&world).1["discount"], &given);
        if let Some(amount) = world.comes_back() {
            first.refund(amount);
            if !late {
                second.refund(amount);
            }
        }
        prop_assert_eq!(first.picture(&world), second.picture(&world));
        first.wait();
        second.wait();
        prop_assert_eq!(first.picture(&world), second.picture(&world));
    }
}

const PLAIN: World = World {
    model: "first",
    referral: None,
    evidence: "",
    by_link: false,
    pending_days: 30,
    paid: true,
    refund: None,
    goods: 10_000,
};

#[test]
fn an_order_that_was_credited_to_nobody_begins_its_wait() {
    let mut scene = Scene::new(&PLAIN);
    scene.order(&PLAIN);
    assert_eq!(scene.conversion().status.as_str(), "approved", "there is nothing to wait for");
    scene.redeem(&PLAIN);
    let order = scene.conversion();
    assert_eq!((order.status.as_str(), order.advocate_ref.as_deref()), ("pending", Some("anna")));
    assert!(order.due_at.is_some() && order.considered.is_empty());
    scene.wait();
    assert_eq!(scene.conversion().status.as_str(), "approved");
    assert!(scene.till.bench.all::<Reward>().iter().all(|reward| reward.status == RewardStatus::Issued));
}

#[test]
fn the_same_discount_again_changes_nothing() {
    let mut scene = Scene::new(&PLAIN);
    scene.order(&PLAIN);
    let made = scene.redeem(&PLAIN).1;
    let before = scene.conversion();
    scene.till.reverse(id(&made), "R-1", None).expect("the card is refused");
    scene.redeem(&PLAIN);
    let entries = scene.till.bench.all::<Entry>();
    assert!(entries.iter().all(|entry| entry.kind.as_str() != "voided"), "her reward waits as it did");
    assert_eq!(format!("{:?}", scene.conversion()), format!("{before:?}"));
}

#[test]
fn another_discount_after_a_reversal_credits_whoever_gave_it() {
    let mut scene = Scene::new(&PLAIN);
    scene.order(&PLAIN);
    let made = scene.redeem(&PLAIN).1;
    scene.till.reverse(id(&made), "R-1", None).expect("the card is refused");
    let carls = scene.codes["carl"].clone();
    scene.till.redeem(json!({"customer": "bert", "codes": [carls]})).expect("another code");
    let order = scene.conversion();
    assert_eq!((order.method.as_str(), order.advocate_ref.as_deref()), ("voucher", Some("carl")));
    let rewards = scene.till.bench.all::<Reward>();
    let pending = rewards.iter().filter(|reward| reward.status == RewardStatus::Pending);
    let hers: Vec<_> = pending.map(|reward| reward.customer_ref.clone().unwrap_or_default()).collect();
    assert_eq!(BTreeSet::from_iter(hers), BTreeSet::from(["bert".to_owned(), "carl".to_owned()]));
}

type Act = fn(&mut Scene);

#[test]
fn a_share_that_fell_below_the_least_is_earned_when_the_discount_comes() {
    for goods in [2_000, 2_300] {
        let world = World { goods, evidence: "anna", ..PLAIN };
        let (mut first, mut second) = (Scene::new(&world), Scene::new(&world));
        first.redeem(&world);
        for scene in [&mut first, &mut second] {
            scene.order(&world);
            scene.refund(200);
        }
        second.redeem(&world);
        assert_eq!(first.picture(&world), second.picture(&world), "{goods}");
        let friends =
            |scene: &Scene| {
                scene.till.bench.all::<Reward>().iter().any(|reward| {
                    reward.customer_ref.as_deref() == Some("bert") && reward.status == RewardStatus::Pending
                })
            };
        assert_eq!(friends(&second), goods == 2_300, "{goods}");
    }
}

#[test]
fn a_budget_has_room_where_it_has_room_for_what_is_left() {
    let mut scene = Scene::new(&PLAIN);
    scene.order(&PLAIN);
    scene.refund(4_500);
    let program = scene.till.bench.all::<Program>().into_iter().find(|one| one.slug != "other").expect("a program");
    // 10.00 for the discount, 4.50 of the rest for her, 3.00 for him.
    let limit = |draft: &mut Draft<'_>| set_budget(draft, &program.account(), draft.shop.currency, Some(1_750));
    scene.till.bench.run(limit).expect("it has a cap");
    scene.redeem(&PLAIN);
    let rewards = scene.till.bench.all::<Reward>();
    let costs: BTreeSet<i64> = rewards.iter().map(|reward| reward.cost_amount).collect();
    assert_eq!((costs, scene.conversion().refused_rewards.len()), (BTreeSet::from([450, 300]), 0));
}

/// What stands against it, and what is then said of her.
#[test]
fn what_is_decided_stays_decided() {
    let carls = World { evidence: "carl", ..PLAIN };
    let table: [(&str, Act, &str, Option<&str>); 4] = [
        ("approved", |scene| judge(scene, "approve"), "carl", Some("too_late")),
        ("rejected", |scene| judge(scene, "reject"), "carl", None),
        ("cancelled", cancel, "carl", None),
        ("pending", attribute, "carl", Some("weaker")),
    ];
    for (status, act, advocate, outcome) in table {
        let mut scene = Scene::new(&carls);
        scene.order(&carls);
        act(&mut scene);
        let entries = scene.till.bench.all::<Reward>().len();
        assert_eq!(scene.redeem(&PLAIN).1["discount"], 1000, "the discount is given all the same");
        let order = scene.conversion();
        assert_eq!((order.status.as_str(), order.advocate_ref.as_deref()), (status, Some(advocate)));
        let said = order.considered.iter().find(|loser| loser.advocate.as_deref() == Some("anna"));
        assert_eq!(said.map(|loser| loser.outcome.as_str()), outcome, "{status}");
        assert_eq!(scene.till.bench.all::<Reward>().len(), entries, "{status}");
    }
}

fn judge(scene: &mut Scene, word: &str) {
    let judgement = Judgement::parse(word).expect("a judgement");
    let reason = serde_json::from_value(json!("told")).expect("a reason");
    let order = "A-1".to_owned();
    scene.till.bench.decide(JudgeConversion { order, judgement, reason }).expect("it is done");
}

fn cancel(scene: &mut Scene) {
    let fact = ReportFact {
        order: "A-1".to_owned(),
        fact: Fact::Cancelled,
        at: None,
        reason: None,
        redemption: Redeemed::Reverse,
    };
    scene.till.bench.decide(fact).expect("it is cancelled");
}

fn attribute(scene: &mut Scene) {
    let body = json!({"advocate": "carl", "program": "other", "reason": "told"});
    let body = serde_json::from_value(body).expect("an attribution");
    scene.till.bench.decide(AttributeConversion { order: "A-1".to_owned(), body }).expect("it is credited");
}

#[test]
fn what_the_order_says_counts_when_the_discount_comes_later() {
    let table = [
        (json!({"amount": 999}), "min_order_amount"),
        (json!({"customer": null}), "customer_required"),
        (json!({"customer": "carl"}), "foreign"),
        (json!({"program": "other"}), "program_not_active"),
    ];
    for (fields, outcome) in table {
        for is_first in [true, false] {
            let mut scene = Scene::new(&PLAIN);
            let mut order = json!({"customer": "bert"});
            for (name, value) in fields.as_object().expect("fields") {
                order[name] = value.clone();
            }
            if is_first {
                scene.redeem(&PLAIN);
            }
            scene.till.order(order.clone()).expect("an order");
            if !is_first {
                scene.redeem(&PLAIN);
            }
            let order = scene.conversion();
            assert_eq!((order.method.as_str(), order.status.as_str()), ("none", "approved"), "{fields}");
            let voucher = order.considered.iter().find(|loser| loser.method.as_str() == "voucher");
            assert_eq!(voucher.map(|loser| loser.outcome.as_str()), Some(outcome), "{fields}");
        }
    }
}

#[test]
fn whoever_was_said_to_have_ordered_before_is_not_new() {
    let mut scene = Scene::new(&PLAIN);
    let strict = json!({"slug": "strict", "qualifying": {"new_customers_only": true}});
    let strict = scene.till.program(strict);
    let code = scene.till.code(strict, "anna");
    scene.till.order(json!({"customer": "bert", "first_order": false})).expect("an order");
    let refused = scene.till.redeem(json!({"customer": "bert", "codes": [code]})).expect_err("he is not new");
    assert_eq!(refused.code.as_str(), "not_new_customer");
}
