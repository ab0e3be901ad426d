//! For the tests of vouchers: a till in front of the bench. Carts are JSON as the API takes it, and
//! after each step the books must balance.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::Answer;
use super::bench::{Bench, customer};
use super::check_cart::{Cart, check};
use super::create_code::CreateCode;
use super::create_grant::CreateGrant;
use super::create_program::CreateProgram;
use super::create_redemption::CreateRedemption;
use super::create_reversal::CreateReversal;
use super::create_voucher::CreateVoucher;
use super::expire_voucher::ExpireVoucher;
use super::ledger;
use super::record_conversion::RecordConversion;
use super::replace_voucher::ReplaceVoucher;
use super::update_voucher::UpdateVoucher;
use super::void_voucher::VoidVoucher;
use crate::records::account::ISSUED;
use crate::records::program::budget_account;
use crate::records::{Account, Entry, Event, Id, Record, Redemption, Reward, Voucher, VoucherUse};
use crate::refusal::Rejection;
use crate::views::Mask;

/// A till. Anna and Bert are known.
pub(crate) struct Till {
    pub(crate) bench: Bench,
}

/// What was made, and what is said of it.
pub(crate) type Said = Result<(u16, Value), Rejection>;

impl Till {
    pub(crate) fn new() -> Self {
        let mut bench = Bench::new();
        for name in ["anna", "bert"] {
            bench.put(customer(&bench, name, ""));
        }
        Self { bench }
    }

    /// Makes one more customer known.
    pub(crate) fn know(&mut self, name: &str) {
        self.bench.put(customer(&self.bench, name, ""));
    }

    /// Makes a voucher; answers its id and its code.
    pub(crate) fn voucher(&mut self, fields: Value) -> (Id, String) {
        let (_, made) = self.try_voucher(fields).expect("a voucher");
        (id(&made), made["code"].as_str().expect("its code").to_owned())
    }

    pub(crate) fn try_voucher(&mut self, fields: Value) -> Said {
        let command: CreateVoucher = serde_json::from_value(fields).expect("the fields of a voucher");
        let said = self.bench.decide(command);
        self.settle(said)
    }

    /// Grants Anna something; answers the reward and, when it has one, its voucher's code.
    pub(crate) fn grant(&mut self, reward: Value) -> (Id, Option<String>) {
        let fields = json!({"customer": "anna", "reward": reward, "reason": "late parcel"});
        let command: CreateGrant = serde_json::from_value(fields).expect("a grant");
        self.bench.decide(command).expect("it is given");
        self.assert_books();
        let rewards = self.bench.all::<Reward>();
        let reward = rewards.iter().max_by_key(|reward| (reward.created_at, reward.version)).expect("a reward");
        let voucher = reward.voucher.map(|voucher| self.bench.get::<Voucher>(voucher));
        let code = voucher.map(|voucher| self.bench.house().vault.open(&voucher.code_box).expect("its code"));
        (reward.id, code)
    }

    /// Makes a program that counts: a tenth off the friend's order, 10.00 for the advocate after 30 days.
    pub(crate) fn program(&mut self, fields: Value) -> Id {
        let mut body = json!({
            "name": "Tell", "status": "active", "landing_url": "https://shop.example/welcome",
            "rewards": [{"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000},
                        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000}],
        });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let command: CreateProgram = serde_json::from_value(body).expect("the fields of a program");
        let said = self.bench.decide(command);
        id(&self.settle(said).expect("a program").1)
    }

    /// An advocate's code in a program.
    pub(crate) fn code(&mut self, program: Id, advocate: &str) -> String {
        let blank: CreateCode = serde_json::from_value(json!({"customer": advocate})).expect("a customer");
        let said = self.bench.decide(CreateCode { program: program.to_string(), ..blank });
        let (_, made) = self.settle(said).expect("a code");
        made["code"].as_str().expect("a code").to_owned()
    }

    /// Reports an order of 90.00 EUR, with other fields.
    pub(crate) fn order(&mut self, fields: Value) -> Said {
        let mut body = json!({"order_id": "A-1", "currency": "EUR", "amount": 9000});
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let command: RecordConversion = serde_json::from_value(body).expect("an order");
        let said = self.bench.decide(command);
        self.settle(said)
    }

    /// Redeems a cart of 100.00 EUR and 5.00 of shipping, with other fields.
    pub(crate) fn redeem(&mut self, fields: Value) -> Said {
        let command = CreateRedemption { cart: cart(&fields) };
        let said = self.bench.decide(command);
        self.settle(said)
    }

    /// Checks the same cart.
    pub(crate) fn check(&mut self, fields: Value) -> Result<Value, Rejection> {
        let cart = cart(&fields);
        let view = self.bench.run(|draft| check(draft, &cart))?;
        Ok(serde_json::to_value(view).expect("a view"))
    }

    /// Undoes a redemption; `None`: all that is left.
    pub(crate) fn reverse(&mut self, redemption: Id, reversal_id: &str, amount: Option<i64>) -> Said {
        let amount = amount.map(crate::records::money::Amount);
        let (reversal_id, reason) = (text(reversal_id), text("payment failed"));
        let said = self.bench.decide(CreateReversal { redemption, reversal_id, amount, reason });
        self.settle(said)
    }

    pub(crate) fn void(&mut self, id: Id) -> Said {
        let said = self.bench.decide(VoidVoucher { id, reason: text("by mistake") });
        self.settle(said)
    }

    pub(crate) fn replace(&mut self, id: Id) -> Said {
        let said = self.bench.decide(ReplaceVoucher { id, reason: text("lost the card"), mask: Mask::Full });
        self.settle(said)
    }

    pub(crate) fn update(&mut self, id: Id, fields: Value) -> Said {
        let if_match = self.bench.get::<Voucher>(id).version;
        let body = serde_json::from_value(fields).expect("a change");
        let said = self.bench.decide(UpdateVoucher { id, if_match, body });
        self.settle(said)
    }

    /// Days pass, and what is due lapses.
    pub(crate) fn advance(&mut self, days: i64) {
        self.bench.at = self.bench.at.plus_days(days);
        let now = self.bench.at;
        for voucher in self.bench.all::<Voucher>() {
            if voucher.due_at.is_some_and(|due| due <= now) {
                self.bench.decide(ExpireVoucher { voucher: voucher.id }).expect("lapsing is never refused");
            }
        }
        self.assert_books();
    }

    /// A voucher's code, status, uses and balance as they are shown.
    pub(crate) fn shown(&mut self, id: Id) -> Value {
        let voucher = self.bench.get::<Voucher>(id);
        let view = self.bench.run(|draft| {
            let standing = super::parts::voucher::standing(draft, &voucher)?;
            let view = super::parts::voucher::shown(draft, &voucher, standing, Mask::Full);
            Ok(serde_json::to_value(view).expect("a view"))
        });
        view.expect("it is never refused")
    }

    pub(crate) fn balance(&mut self, account: &str) -> i64 {
        self.bench
            .run(|draft| Ok(ledger::account(draft, account, draft.shop.currency)?.balance))
            .expect("never refused")
    }

    /// The events so far.
    pub(crate) fn events(&self) -> Vec<String> {
        let mut events = self.bench.all::<Event>();
        events.sort_by_key(|event| event.seq);
        events.iter().map(|event| event.kind.clone()).collect()
    }

    fn settle(&mut self, said: Result<Answer, Rejection>) -> Said {
        self.assert_books();
        let said = said?;
        Ok((said.status, serde_json::from_str(&said.body).expect("JSON")))
    }

    /// Balances are what the entries come to; what is issued is what live vouchers stand for.
    pub(crate) fn assert_books(&self) {
        let entries = self.bench.all::<Entry>();
        for account in self.bench.all::<Account>() {
            let sum: i64 = entries
                .iter()
                .map(|entry| match (entry.credit == account.name, entry.debit == account.name) {
                    (true, _) => entry.amount,
                    (_, true) => -entry.amount,
                    _ => 0,
                })
                .sum();
            assert_eq!(account.balance, sum, "{} is not what its entries come to", account.name);
        }
        let uses = self.bench.all::<VoucherUse>();
        let used = |voucher: &Voucher| {
            uses.iter().find(|uses| uses.id() == VoucherUse::id_of(voucher.id)).map_or(0, |uses| uses.used)
        };
        let held: i64 = self.bench.all::<Voucher>().iter().map(|voucher| voucher.held(used(voucher))).sum();
        let issued = self.bench.all::<Account>().iter().find(|account| account.name == ISSUED).map_or(0, |a| a.balance);
        assert_eq!(issued, held, "what is issued is not what live vouchers stand for");
        self.assert_discounts(&entries);
    }
}

impl Till {
    /// What budgets paid for discounts is what live redemptions took off by them.
    fn assert_discounts(&self, entries: &[std::rc::Rc<Entry>]) {
        let of = |program: Id| budget_account(program);
        let mut taken: BTreeMap<String, i64> = BTreeMap::new();
        for redemption in self.bench.all::<Redemption>() {
            let undone = redemption.undone(redemption.reversed_amount);
            for (line, undone) in redemption.lines.iter().zip(undone) {
                if let Some(noted) = &line.recommendation {
                    *taken.entry(of(noted.program)).or_default() += line.discount - undone;
                }
            }
        }
        let mut paid: BTreeMap<String, i64> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| matches!(&*entry.cause_type, "redemption" | "reversal")) {
            for (account, amount) in [(&entry.debit, entry.amount), (&entry.credit, -entry.amount)] {
                if account.starts_with("budget:") {
                    *paid.entry(account.clone()).or_default() += amount;
                }
            }
        }
        taken.retain(|_, amount| *amount != 0);
        paid.retain(|_, amount| *amount != 0);
        assert_eq!(paid, taken, "budgets did not pay what discounts took off");
    }
}

/// The id of what was made.
pub(crate) fn id(made: &Value) -> Id {
    made["id"].as_str().and_then(|text| text.parse().ok()).expect("an id")
}

/// Days from the bench's first day, as an instant of the API.
pub(crate) fn day(till: &Till, days: i64) -> String {
    till.bench.at.plus_days(days).to_string()
}

fn cart(fields: &Value) -> Cart {
    let mut body = json!({"order_id": "A-1", "currency": "EUR", "amount": 10_000, "shipping_amount": 500});
    for (name, value) in fields.as_object().expect("fields") {
        body[name] = value.clone();
    }
    serde_json::from_value(body).expect("a cart")
}

fn text<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(Value::from(text)).expect("a text")
}

/// Random histories: in each the books balance after every step, and check and redemption agree.
mod histories {
    use proptest::prelude::*;

    use super::*;
    use crate::records::account::{REDEEMED, credit_account};

    /// One step of a random history.
    #[derive(Clone, Debug)]
    enum Step {
        Redeem { codes: Vec<usize>, credit: Option<i64>, amount: i64 },
        Reverse { which: prop::sample::Index, amount: Option<i64> },
        Advance(i64),
        Extend(usize, i64),
        Limit(usize, i64),
        Void(usize),
        Replace(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let codes = prop::sample::subsequence((0..7).collect::<Vec<usize>>(), 0..4);
        prop_oneof![
            5 => (codes, prop::option::of(0..900i64), 0..4000i64)
                .prop_map(|(codes, credit, amount)| Step::Redeem { codes, credit, amount }),
            4 => (any::<prop::sample::Index>(), prop::option::of(1..900i64))
                .prop_map(|(which, amount)| Step::Reverse { which, amount }),
            2 => (1..20i64).prop_map(Step::Advance),
            1 => (0..6usize, 1..60i64).prop_map(|(which, days)| Step::Extend(which, days)),
            1 => (0..6usize, 1..6i64).prop_map(|(which, uses)| Step::Limit(which, uses)),
            1 => (0..6usize).prop_map(Step::Void),
            1 => (0..6usize).prop_map(Step::Replace),
        ]
    }

    fn shelf(till: &mut Till) -> Vec<(Id, String)> {
        let (soon, later) = (day(till, 15), day(till, 40));
        let fields = [
            json!({"kind": "percent_off", "rate_bps": 1500, "max_amount": 300, "valid_until": soon}),
            json!({"kind": "percent_off", "rate_bps": 3333, "max_redemptions": 3, "valid_until": later}),
            json!({"kind": "amount_off", "amount": 700, "max_redemptions": 2, "valid_until": soon}),
            json!({"kind": "amount_off", "amount": 50, "max_redemptions": null, "per_customer": 2}),
            json!({"kind": "free_shipping", "max_amount": 400, "max_redemptions": 4, "valid_until": later}),
            json!({"kind": "gift_card", "amount": 2500, "valid_until": soon}),
        ];
        let mut shelf: Vec<(Id, String)> = fields.into_iter().map(|fields| till.voucher(fields)).collect();
        let rule =
            json!({"to": "friend", "on": "checkout", "kind": "percent_off", "rate_bps": 1000, "max_per_customer": 2});
        let program = till.program(json!({"budget": {"amount": 500}, "rewards": [rule]}));
        shelf.push((program, till.code(program, "bert")));
        shelf
    }

    /// Takes a step; refusals are part of life. The till holds the books to account after each.
    fn take(till: &mut Till, shelf: &mut [(Id, String)], made: &mut Vec<Id>, number: usize, step: Step) {
        match step {
            Step::Redeem { codes, credit, amount } => {
                let codes: Vec<&String> = codes.iter().map(|index| &shelf[*index].1).collect();
                let order = format!("A-{number}");
                let cart = json!({"codes": codes, "store_credit": credit, "amount": amount, "customer": "anna", "order_id": order});
                let checked = till.check(cart.clone()).expect("a check answers");
                let said = till.redeem(cart);
                let worth = checked["discount"].as_i64().unwrap_or(0) + checked["payment"].as_i64().unwrap_or(0);
                assert_eq!(said.is_ok(), checked["valid"] == true && worth > 0, "check and redemption agree");
                if let Ok((_, redemption)) = said {
                    for field in ["discount", "payment", "payable"] {
                        assert_eq!(redemption[field], checked[field], "check and redemption agree");
                    }
                    made.push(id(&redemption));
                }
            }
            Step::Reverse { which, amount } => {
                if !made.is_empty() {
                    drop(till.reverse(*which.get(made), &format!("R-{number}"), amount));
                }
            }
            Step::Advance(days) => till.advance(days),
            Step::Extend(which, days) => drop(till.update(shelf[which].0, json!({"valid_until": day(till, days)}))),
            Step::Limit(which, uses) => drop(till.update(shelf[which].0, json!({"max_redemptions": uses}))),
            Step::Void(which) => drop(till.void(shelf[which].0)),
            Step::Replace(which) => {
                if let Ok((_, new)) = till.replace(shelf[which].0) {
                    shelf[which] = (id(&new), new["code"].as_str().expect("its code").to_owned());
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn in_any_history_the_books_balance_and_check_and_redemption_agree(steps in prop::collection::vec(step(), 1..25)) {
            let mut till = Till::new();
            let mut shelf = shelf(&mut till);
            till.grant(json!({"kind": "store_credit", "amount": 1500}));
            let mut made = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                take(&mut till, &mut shelf, &mut made, number, step);
            }
            for (number, redemption) in made.iter().enumerate() {
                let _left = till.reverse(*redemption, &format!("end-{number}"), None);
            }
            prop_assert_eq!(till.balance(REDEEMED), 0, "everything is undone, nothing is redeemed");
            let anna = customer(&till.bench, "anna", "").id;
            prop_assert_eq!(till.balance(&credit_account(anna)), 1500);
            prop_assert_eq!(till.balance(&budget_account(shelf[6].0)), 0);
        }
    }
}
