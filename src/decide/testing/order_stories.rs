//! Worked stories of orders, refunds and redemptions. Anna recommends, Bert orders for 100.00 on day 0;
//! a program pays 30 days after the payment, for orders of 20.00 or more. Amounts are minor units.
//!
//! After each step the books must balance.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::decide::erasure::erase_customer::EraseCustomer;
use crate::decide::orders::approve_due::ApproveDue;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::orders::judge_conversion::{JudgeConversion, Judgement};
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::orders::update_conversion::UpdateConversion;
use crate::decide::passes::admit_pass::AdmitPass;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::rewards::fulfil_reward::FulfilReward;
use crate::decide::rewards::void_reward::VoidReward;
use crate::decide::testing::bench::customer;
use crate::decide::testing::till::{Till, day, id};
use crate::records::account::{FORGIVEN, PENDING, credit_account};
use crate::records::program::budget_account;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Customer, Id, Reward, Voucher};
use crate::refusal::Rejection;
use crate::views::Mask;

/// 10 % of the order as store credit for her, 5.00 off for him.
const CREDIT: &str = r#"[{"to":"advocate","on":"conversion","kind":"store_credit","of_order_bps":1000},
                         {"to":"friend","on":"conversion","kind":"amount_off","amount":500}]"#;
/// A card of 10 % of the order, at most 8.00, for her; 15 % off for him.
const CARD: &str = r#"[{"to":"advocate","on":"conversion","kind":"gift_card","of_order_bps":1000,"max_amount":800},
                       {"to":"friend","on":"conversion","kind":"percent_off","rate_bps":1500,"cost_amount":300}]"#;

/// 10 % off his order itself: a cart of 30.00 that comes to an order of 27.00; 5.00 off for her.
const DISCOUNT: &str = r#"[{"to":"friend","on":"checkout","kind":"percent_off","rate_bps":1000},
                           {"to":"advocate","on":"conversion","kind":"amount_off","amount":500}]"#;

/// A mug of 4.00 for her, a tour without a stated cost for him: the shop hands both over.
const PRODUCT: &str = r#"[{"to":"advocate","on":"conversion","kind":"free_product","sku":"mug","cost_amount":400},
                          {"to":"friend","on":"conversion","kind":"custom","name":"Tour"}]"#;

/// A pass of 4.00 for an event that takes from day 20 to day 381 for her, a tour for him.
const PASS: &str = r#"[{"to":"advocate","on":"conversion","kind":"event_pass","cost_amount":400,
                        "event":{"name":"Fair","starts_at":"2026-12-14T11:00:00.000Z",
                                 "ends_at":"2027-12-10T11:00:00.000Z","time_zone":"UTC","place":"Hall"}},
                       {"to":"friend","on":"conversion","kind":"custom","name":"Tour"}]"#;

/// Program, steps, and how it ends: the order; each reward with what it costs; what of the budget is used.
const STORIES: &[(&str, &str, &str)] = &[
    (CREDIT, "", "pending; anna pending 1000; bert pending 500; used 1500"),
    (CREDIT, "wait 29", "pending; anna pending 1000; bert pending 500; used 1500"),
    (CREDIT, "wait 30", "approved; anna issued 1000; bert issued 500; used 1500"),
    (CREDIT, "refund 5000", "pending; anna pending 500; bert pending 500; used 1000"),
    (CREDIT, "refund 3333", "pending; anna pending 666; bert pending 500; used 1166"),
    (CREDIT, "refund 3333, refund 3333", "pending; anna pending 333; bert pending 500; used 833"),
    (CREDIT, "refund 8000", "pending; anna pending 200; bert pending 500; used 700"),
    (CREDIT, "refund 8001", "pending; anna pending 199; bert voided 500; used 199"),
    (CREDIT, "refund 9995", "pending; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "refund 4000, refund rest", "reversed; anna voided 600; bert voided 500; used 0"),
    (CREDIT, "cancelled", "cancelled; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "reject", "rejected; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "approve", "approved; anna issued 1000; bert issued 500; used 1500"),
    (CREDIT, "refund 5000, wait 30", "approved; anna issued 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, cancelled", "cancelled; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, anna spends 300, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (
        CREDIT,
        "wait 30, anna spends 700, refund 5000",
        "approved; anna spent 700 forgiven 200; bert issued 500; used 1200",
    ),
    (
        CREDIT,
        "wait 30, anna spends 1000, refund rest",
        "reversed; anna spent 1000 forgiven 1000; bert voided 500; used 1000",
    ),
    (CREDIT, "wait 30, anna spends 1000, refund rest, undo", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, bert spends, refund rest", "reversed; anna voided 1000; bert spent 500 forgiven 500; used 500"),
    (CREDIT, "wait 30, bert spends, refund rest, undo", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, bert spends, undo, refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, anna holds 400, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, anna holds 700, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, anna holds 700, refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, bert holds, refund rest, release", "reversed; anna voided 1000; bert voided 500; used 0"),
    (
        CREDIT,
        "wait 30, bert holds, redeem, refund rest",
        "reversed; anna voided 1000; bert spent 500 forgiven 500; used 500",
    ),
    (CREDIT, "wait 30, anna spends 500, refund 5000", "approved; anna spent 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, anna spends 500, refund 5000, undo", "approved; anna issued 500; bert issued 500; used 1000"),
    (
        CREDIT,
        "wait 30, anna spends 500, refund 5000, undo, cancelled",
        "cancelled; anna voided 500; bert voided 500; used 0",
    ),
    (
        CREDIT,
        "wait 30, anna spends 700, refund 5000, undo, cancelled",
        "cancelled; anna voided 500; bert voided 500; used 0",
    ),
    (CREDIT, "erase, wait 30", "approved; anna voided 1000; bert issued 500; used 500"),
    (CREDIT, "wait 30, erase", "approved; anna issued 1000; bert issued 500; used 1500"),
    (CREDIT, "wait 30, erase, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (CREDIT, "wait 30, erase, refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "wait 30, anna spends 300, erase, refund 5000", "approved; anna issued 500; bert issued 500; used 1000"),
    (
        CREDIT,
        "wait 30, anna spends 300, erase, undo, refund 5000",
        "approved; anna issued 500; bert issued 500; used 1000",
    ),
    (
        CREDIT,
        "wait 30, anna spends 300, erase, refund rest",
        "reversed; anna spent 300 forgiven 300; bert voided 500; used 300",
    ),
    (
        CREDIT,
        "wait 30, anna spends 300, erase, refund rest, undo",
        "reversed; anna voided 300; bert voided 500; used 0",
    ),
    (
        CREDIT,
        "wait 30, anna holds 400, erase, wait 2, refund 5000",
        "approved; anna issued 500; bert issued 500; used 1000",
    ),
    (CREDIT, "wait 30, anna holds 400, erase, refund rest", "reversed; anna voided 1000; bert voided 500; used 0"),
    (CREDIT, "amount 6000", "pending; anna pending 600; bert pending 500; used 1100"),
    (CREDIT, "amount 12000", "pending; anna pending 1200; bert pending 500; used 1700"),
    (CREDIT, "amount 1999", "pending; anna pending 200; bert voided 500; used 200"),
    (CREDIT, "attribute", "pending; anna voided 1000; carl pending 1000; bert voided 500; bert pending 500; used 1500"),
    (
        CREDIT,
        "refund 3333, attribute",
        "pending; anna voided 666; carl pending 666; bert voided 500; bert pending 500; used 1166",
    ),
    (CREDIT, "wait 30, attribute", "approved; anna issued 1000; bert issued 500; used 1500"),
    (CARD, "wait 30", "approved; anna issued 800; bert issued 300; used 1100"),
    (CARD, "wait 30, refund 1000", "approved; anna issued 800; bert issued 300; used 1100"),
    (CARD, "wait 30, refund 5000", "approved; anna issued 500; bert issued 300; used 800"),
    (CARD, "wait 30, anna spends 300, refund 5000", "approved; anna issued 500; bert issued 300; used 800"),
    (CARD, "wait 30, anna spends 300, refund rest", "reversed; anna spent 300 forgiven 300; bert voided 300; used 300"),
    (CARD, "wait 30, anna spends 300, refund rest, undo", "reversed; anna voided 300; bert voided 300; used 0"),
    (CARD, "wait 30, anna holds 300, refund 5000, redeem", "approved; anna issued 500; bert issued 300; used 800"),
    (CARD, "wait 30, anna holds 600, refund 5000, release", "approved; anna issued 500; bert issued 300; used 800"),
    (CARD, "wait 30, anna holds 600, refund rest, release", "reversed; anna voided 800; bert voided 300; used 0"),
    (
        CARD,
        "wait 30, anna holds 600, redeem, refund 5000, undo",
        "approved; anna issued 500; bert issued 300; used 800",
    ),
    (CARD, "wait 30, bert spends, cancelled", "cancelled; anna voided 800; bert spent 300 forgiven 300; used 300"),
    (CARD, "wait 30, wait 2000", "approved; anna expired 800; bert expired 300; used 0"),
    (CARD, "wait 30, wait 2000, attribute", "approved; anna expired 800; bert expired 300; used 0"),
    (CARD, "wait 30, wait 2000, refund 1000", "approved; anna expired 800; bert expired 300; used 0"),
    (CARD, "wait 30, wait 2000, refund 5000", "approved; anna expired 500; bert expired 300; used 0"),
    (CARD, "wait 30, wait 2000, refund 5000, extend", "approved; anna issued 500; bert expired 300; used 500"),
    (CARD, "wait 30, wait 2000, extend, refund 5000", "approved; anna issued 500; bert expired 300; used 500"),
    (CARD, "wait 30, wait 2000, refund 8001, extend", "approved; anna issued 199; bert voided 300; used 199"),
    (CARD, "wait 30, wait 2000, refund rest", "reversed; anna voided 800; bert voided 300; used 0"),
    (
        CARD,
        "wait 30, anna spends 300, wait 2000, refund 5000, extend",
        "approved; anna issued 500; bert expired 300; used 500",
    ),
    (
        CARD,
        "wait 30, anna spends 700, wait 2000, refund 5000",
        "approved; anna spent 700 forgiven 200; bert expired 300; used 700",
    ),
    (
        CARD,
        "wait 30, anna spends 700, wait 2000, refund 5000, undo",
        "approved; anna issued 500; bert expired 300; used 500",
    ),
    (
        CARD,
        "wait 30, anna spends 300, wait 2000, refund rest",
        "reversed; anna spent 300 forgiven 300; bert voided 300; used 300",
    ),
    (
        CARD,
        "wait 30, anna spends 300, wait 2000, refund rest, undo",
        "reversed; anna voided 300; bert voided 300; used 0",
    ),
    (DISCOUNT, "", "pending; anna pending 500; used 800"),
    (DISCOUNT, "refund 900", "pending; anna pending 500; used 800"),
    (DISCOUNT, "refund 901", "pending; anna voided 500; used 300"),
    (DISCOUNT, "wait 30, refund 450, refund 450", "approved; anna issued 500; used 800"),
    (DISCOUNT, "wait 30, refund 450, refund 451", "approved; anna voided 500; used 300"),
    (DISCOUNT, "amount 1700", "pending; anna pending 500; used 800"),
    (DISCOUNT, "amount 1699", "pending; anna voided 500; used 300"),
    (DISCOUNT, "refund 1000, amount 1000", "reversed; anna voided 500; used 0"),
    (DISCOUNT, "refund rest", "reversed; anna voided 500; used 0"),
    (PRODUCT, "", "pending; anna pending 400; bert pending 0; used 400"),
    (PRODUCT, "wait 30", "approved; anna due 400; bert due 0; used 400"),
    (PRODUCT, "wait 30, refund 8000", "approved; anna due 400; bert due 0; used 400"),
    (PRODUCT, "wait 30, refund 8001", "approved; anna voided 400; bert voided 0; used 0"),
    (PRODUCT, "wait 30, cancelled", "cancelled; anna voided 400; bert voided 0; used 0"),
    (PRODUCT, "wait 30, erase, wait 2000", "approved; anna due 400; bert due 0; used 400"),
    (PRODUCT, "wait 30, void anna", "approved; anna due 400; bert due 0; used 400"),
    (PRODUCT, "anna gets", "pending; anna pending 400; bert pending 0; used 400"),
    (PRODUCT, "wait 30, anna gets", "approved; anna issued 400; bert due 0; used 400"),
    (PRODUCT, "wait 30, anna gets, refund 8000", "approved; anna issued 400; bert due 0; used 400"),
    (PRODUCT, "wait 30, anna gets, refund 8001", "approved; anna spent 400 forgiven 400; bert voided 0; used 400"),
    (
        PRODUCT,
        "wait 30, anna gets, bert gets, refund rest",
        "reversed; anna spent 400 forgiven 400; bert spent 0; used 400",
    ),
    (
        PRODUCT,
        "wait 30, anna gets, refund 8001, refund rest",
        "reversed; anna spent 400 forgiven 400; bert voided 0; used 400",
    ),
    (PRODUCT, "wait 30, anna gets, void anna", "approved; anna voided 400; bert due 0; used 0"),
    (PRODUCT, "wait 30, anna gets, void anna, refund rest", "reversed; anna voided 400; bert voided 0; used 0"),
    (PRODUCT, "wait 30, anna gets, refund rest, void anna", "reversed; anna voided 400; bert voided 0; used 0"),
    (PRODUCT, "wait 30, anna gets, attribute", "approved; anna issued 400; bert voided 0; bert due 0; used 400"),
    (PRODUCT, "attribute, wait 30", "approved; anna voided 400; carl due 400; bert voided 0; bert due 0; used 400"),
    (PASS, "wait 30", "approved; anna issued 400; bert due 0; used 400"),
    (PASS, "wait 30, refund 8001", "approved; anna voided 400; bert voided 0; used 0"),
    (PASS, "wait 30, anna attends", "approved; anna spent 400; bert due 0; used 400"),
    (PASS, "wait 30, anna attends, refund 8000", "approved; anna spent 400; bert due 0; used 400"),
    (PASS, "wait 30, anna attends, refund rest", "reversed; anna spent 400 forgiven 400; bert voided 0; used 400"),
    (PASS, "wait 30, replace anna, anna attends", "approved; anna spent 400; bert due 0; used 400"),
    (PASS, "wait 30, wait 2000", "approved; anna expired 400; bert due 0; used 0"),
    (PASS, "wait 30, wait 2000, refund rest", "reversed; anna voided 400; bert voided 0; used 0"),
    (PASS, "wait 2000", "approved; anna voided 400; bert due 0; used 0"),
    (CARD, "wait 30, bert spends, refund 9000", "approved; anna issued 100; bert spent 300 forgiven 300; used 400"),
];

struct Story {
    till: Till,
    order: Id,
    program: Id,
    steps: usize,
    spent: Vec<Id>,
    held: Option<Id>,
}

impl Story {
    fn begin(rewards: &str) -> Self {
        let mut till = Till::new();
        let carl = customer(&till.bench, "carl", "");
        till.bench.put(carl);
        let rules: Value = serde_json::from_str(rewards).expect("rewards");
        let program = till.program(json!({"rewards": rules, "qualifying": {"min_order_amount": 2000}}));
        let code = till.code(program, "anna");
        let mut amount = 10_000;
        if rewards == DISCOUNT {
            amount = 2700;
            till.redeem(json!({"amount": 3000, "customer": "bert", "codes": [code]})).expect("his discount");
        }
        let made = till.order(json!({"amount": amount, "customer": "bert", "evidence": {"code": code}}));
        let order = id(&made.expect("an order").1);
        Self { till, order, program, steps: 0, spent: Vec::new(), held: None }
    }

    fn take(&mut self, step: &str) {
        self.attempt(step).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
    }

    /// The next step.
    fn attempt(&mut self, step: &str) -> Result<(), Rejection> {
        self.steps += 1;
        self.again(step)
    }

    /// The same step under the same names: what was told before.
    fn again(&mut self, step: &str) -> Result<(), Rejection> {
        let said = self.act(step);
        self.assert_books();
        said
    }

    fn act(&mut self, step: &str) -> Result<(), Rejection> {
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        match word {
            "wait" => self.wait(rest.parse().expect("days")),
            "anna" | "bert" => self.spend(word, rest),
            "release" | "redeem" => self.end_hold(word),
            "undo" => self.undo(rest.parse().ok()),
            "extend" => self.extend(),
            "erase" => self.erase(),
            "merge" => self.merge(rest),
            "void" | "replace" => self.change(word, rest),
            _ => self.tell(word, rest),
        }
    }

    /// Tells something of the order.
    fn tell(&mut self, word: &str, rest: &str) -> Result<(), Rejection> {
        let (order, bench) = (self.order.to_string(), &mut self.till.bench);
        let said = match word {
            "cancelled" | "paid" | "delivered" => {
                let (fact, redemption) = (Fact::parse(word).expect("a fact"), Redeemed::Reverse);
                bench.decide(ReportFact { order, fact, at: None, reason: None, redemption })
            }
            "reject" | "approve" => {
                let judgement = Judgement::parse(word).expect("a judgement");
                let reason = serde_json::from_value(json!("told")).expect("a reason");
                bench.decide(JudgeConversion { order, judgement, reason })
            }
            "refund" => {
                let amount: Option<i64> = rest.parse().ok();
                let body = json!({"refund_id": format!("R-{}", self.steps), "kind": "withdrawal", "amount": amount});
                bench.decide(CreateRefund { order, body: serde_json::from_value(body).expect("a refund") })
            }
            "amount" => {
                let body = json!({"amount": rest.parse::<i64>().expect("an amount")});
                bench.decide(UpdateConversion { order, body: serde_json::from_value(body).expect("a change") })
            }
            "attribute" => {
                let body = json!({"advocate": "carl", "program": self.program, "reason": "told"});
                bench.decide(AttributeConversion { order, body: serde_json::from_value(body).expect("an attribution") })
            }
            other => panic!("no step: {other:?}"),
        };
        said.map(drop)
    }

    fn end_hold(&mut self, word: &str) -> Result<(), Rejection> {
        let Some(held) = self.held else { return Ok(()) };
        if word == "release" {
            return self.till.release(held).map(drop);
        }
        let made = self.till.redeem_hold(held, &format!("H-{held}"))?.1;
        self.note_spent(id(&made));
        Ok(())
    }

    fn note_spent(&mut self, redemption: Id) {
        if !self.spent.contains(&redemption) {
            self.spent.push(redemption);
        }
    }

    /// Undoes the n-th of what was spent, or the last.
    fn undo(&mut self, which: Option<usize>) -> Result<(), Rejection> {
        let spent = which.map_or(self.spent.last(), |which| self.spent.get(which));
        let Some(spent) = spent.copied() else { return Ok(()) };
        self.till.reverse(spent, "undone", None).map(drop)
    }

    /// She is erased; the job that goes through her records has not begun.
    fn erase(&mut self) -> Result<(), Rejection> {
        let anna = customer(&self.till.bench, "anna", "").id;
        self.till.bench.decide(EraseCustomer { customer: anna.to_string(), lease_ms: 5_000 }).map(drop)
    }

    /// An operator takes somebody's reward back, or gives its voucher another code.
    fn change(&mut self, word: &str, who: &str) -> Result<(), Rejection> {
        let Some(reward) = self.issued_to(who) else { return Ok(()) };
        match reward.voucher {
            Some(voucher) if word == "replace" => self.till.replace(voucher).map(drop),
            _ if word == "void" => {
                let reason = serde_json::from_value(json!("told")).expect("a reason");
                self.till.bench.decide(VoidReward { id: reward.id, reason }).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// She turns out to be somebody else.
    fn merge(&mut self, into: &str) -> Result<(), Rejection> {
        let fields = json!({"from": "anna", "reason": "one person"});
        let merge: MergeCustomers = serde_json::from_value(fields).expect("a merge");
        self.till.bench.decide(MergeCustomers { into: into.to_owned(), ..merge }).map(drop)
    }

    /// Somebody's reward, once it was issued.
    fn issued_to(&self, who: &str) -> Option<Rc<Reward>> {
        let rewards = self.till.bench.all::<Reward>();
        let mut theirs = rewards.into_iter().filter(|reward| reward.customer_ref.as_deref() == Some(who));
        theirs.find(|reward| reward.issued_at.is_some())
    }

    /// Her voucher is good for 60 days from now; nothing, as long as there is none.
    fn extend(&mut self) -> Result<(), Rejection> {
        let Some(voucher) = self.issued_to("anna").and_then(|reward| reward.voucher) else { return Ok(()) };
        let until = day(&self.till, 60);
        self.till.update(voucher, json!({"valid_until": until})).map(drop)
    }

    fn wait(&mut self, days: i64) -> Result<(), Rejection> {
        self.till.advance(days);
        self.till.bench.decide(ApproveDue { conversion: self.order }).map(drop)
    }

    /// Spends her or his reward in an order of 100.00, or holds it for one; nothing, as long as there is none.
    fn spend(&mut self, who: &str, does: &str) -> Result<(), Rejection> {
        if does == "gets" {
            return self.hand_over(who);
        }
        if does == "attends" {
            return self.attend(who);
        }
        let Some(reward) = self.issued_to(who) else { return Ok(()) };
        let (verb, amount) = does.split_once(' ').unwrap_or((does, ""));
        let amount: Option<i64> = amount.parse().ok();
        let mut cart = json!({"order_id": format!("S-{}", self.steps), "customer": who});
        match reward.voucher {
            _ if reward.benefit.kind.is_handed_over() => return Ok(()),
            Some(voucher) => {
                let voucher = self.till.bench.get::<Voucher>(voucher);
                let code = self.till.bench.installation().vault.open(&voucher.code_box).expect("its code");
                cart["codes"] =
                    if voucher.is_balance() { json!([{"code": code, "amount": amount}]) } else { json!([code]) };
            }
            None => cart["store_credit"] = json!(amount),
        }
        if verb == "holds" {
            (cart["cart_id"], cart["order_id"]) = (json!("C-1"), Value::Null);
            self.held = Some(id(&self.till.hold(cart)?.1));
        } else {
            let made = self.till.redeem(cart)?.1;
            self.note_spent(id(&made));
        }
        Ok(())
    }

    /// The shop hands over what is due to her or him; nothing, as long as nothing is.
    fn hand_over(&mut self, who: &str) -> Result<(), Rejection> {
        let rewards = self.till.bench.all::<Reward>();
        let is_theirs = |reward: &&Rc<Reward>| reward.customer_ref.as_deref() == Some(who);
        let gets = |reward: &&Rc<Reward>| reward.status == RewardStatus::Due || reward.reference.is_some();
        let Some(reward) = rewards.iter().filter(is_theirs).find(gets) else { return Ok(()) };
        let reference = serde_json::from_value(json!(format!("P-{who}"))).expect("a reference");
        self.till.bench.decide(FulfilReward { id: reward.id, reference }).map(drop)
    }

    /// She or he is let in by a pass.
    fn attend(&mut self, who: &str) -> Result<(), Rejection> {
        let id = self.issued_to(who).and_then(|reward| reward.voucher);
        let gate = serde_json::from_value(json!("north")).expect("a gate");
        let admit = AdmitPass { id, code: None, gate, event: None, admitted_at: None, mask: Mask::Full };
        self.till.bench.decide(admit).map(drop)
    }

    /// What is pending and forgiven is what rewards say.
    fn assert_books(&mut self) {
        self.till.assert_books();
        let rewards = self.till.bench.all::<Reward>();
        let pending = rewards.iter().filter(|reward| reward.status.waits());
        let pending: i64 = pending.map(|reward| reward.cost_amount).sum();
        let forgiven: i64 = rewards.iter().map(|reward| reward.forgiven_amount).sum();
        assert_eq!((self.till.balance(PENDING), self.till.balance(FORGIVEN)), (pending, forgiven));
        let anna = self.till.bench.get::<Customer>(customer(&self.till.bench, "anna", "").id);
        assert!(!anna.is_erased() || self.till.balance(&credit_account(anna.id)) == 0, "nobody has credit any more");
    }

    fn end(&mut self) -> String {
        let order = self.till.bench.get::<Conversion>(self.order);
        let mut rewards = self.till.bench.all::<Reward>();
        rewards.sort_by_key(|reward| (reward.rule(), reward.once.contains('.')));
        let mut end = order.status.to_string();
        for reward in rewards {
            let who = reward.customer_ref.as_deref().unwrap_or("nobody");
            end.push_str(&format!("; {who} {} {}", reward.status, reward.cost_amount));
            if reward.forgiven_amount > 0 {
                end.push_str(&format!(" forgiven {}", reward.forgiven_amount));
            }
        }
        let used = -self.till.balance(&budget_account(self.program));
        format!("{end}; used {used}")
    }
}

#[test]
fn each_story_ends_as_it_is_told() {
    let mut wrong = Vec::new();
    for (rewards, steps, expected) in STORIES {
        let mut story = Story::begin(rewards);
        steps.split(", ").filter(|step| !step.is_empty()).for_each(|step| story.take(step));
        let end = story.end();
        if end != *expected {
            wrong.push(format!("{steps}\n  ends:     {end}\n  expected: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Random lives of orders.
#[path = "random_orders.rs"]
mod lives;
