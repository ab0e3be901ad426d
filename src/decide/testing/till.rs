//! A shop in memory with a checkout in front of it. Carts are JSON as the API takes it, and after each step the
//! books must balance.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::decide::answer::Answer;
use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::check_cart::check;
use crate::decide::checkout::create_hold::CreateHold;
use crate::decide::checkout::create_reversal::CreateReversal;
use crate::decide::checkout::expire_hold::ExpireHold;
use crate::decide::checkout::release_hold::ReleaseHold;
use crate::decide::ledger;
use crate::decide::orders::create_redemption::CreateRedemption;
use crate::decide::orders::record_conversion::RecordConversion;
use crate::decide::orders::redeem_hold::RedeemHold;
use crate::decide::programs::create_program::CreateProgram;
use crate::decide::rewards::create_grant::CreateGrant;
use crate::decide::sharing::create_code::CreateCode;
use crate::decide::testing::bench::{Bench, customer};
use crate::decide::vouchers::create_voucher::CreateVoucher;
use crate::decide::vouchers::expire_voucher::ExpireVoucher;
use crate::decide::vouchers::replace_voucher::ReplaceVoucher;
use crate::decide::vouchers::update_voucher::UpdateVoucher;
use crate::decide::vouchers::void_voucher::VoidVoucher;
use crate::decide::vouchers::{balance, voucher};
use crate::records::account::ISSUED;
use crate::records::hold::HoldStatus;
use crate::records::program::budget_account;
use crate::records::{Account, Entry, Event, Hold, HoldMark, Id, Record, Redemption, Reward, Voucher, VoucherUse};
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
        self.with_books_checked(said)
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
        let code = voucher.map(|voucher| self.bench.installation().vault.open(&voucher.code_box).expect("its code"));
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
        id(&self.with_books_checked(said).expect("a program").1)
    }

    /// An advocate's code in a program.
    pub(crate) fn code(&mut self, program: Id, advocate: &str) -> String {
        let blank: CreateCode = serde_json::from_value(json!({"customer": advocate})).expect("a customer");
        let said = self.bench.decide(CreateCode { program: program.to_string(), ..blank });
        let (_, made) = self.with_books_checked(said).expect("a code");
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
        self.with_books_checked(said)
    }

    /// Redeems a cart of 100.00 EUR and 5.00 of shipping, with other fields.
    pub(crate) fn redeem(&mut self, fields: Value) -> Said {
        let command = CreateRedemption { cart: cart(&fields) };
        let said = self.bench.decide(command);
        self.with_books_checked(said)
    }

    /// Checks the same cart.
    pub(crate) fn check(&mut self, fields: Value) -> Result<Value, Rejection> {
        let cart = cart(&fields);
        let view = self.bench.dry_run(|draft| check(draft, &cart))?;
        Ok(serde_json::to_value(view).expect("a view"))
    }

    /// Holds the same cart.
    pub(crate) fn hold(&mut self, fields: Value) -> Said {
        let said = self.bench.decide(CreateHold { cart: cart(&fields) });
        self.with_books_checked(said)
    }

    /// Redeems what a hold has set aside.
    pub(crate) fn redeem_hold(&mut self, hold: Id, order_id: &str) -> Said {
        let said =
            self.bench.decide(RedeemHold { hold: text(&hold.to_string()), order_id: text(order_id), mask: Mask::Full });
        self.with_books_checked(said)
    }

    /// Gives a hold up.
    pub(crate) fn release(&mut self, hold: Id) -> Result<u16, Rejection> {
        let said = self.bench.decide(ReleaseHold { hold });
        self.assert_books();
        said.map(|answer| answer.status)
    }

    /// Minutes pass, and no sweep comes by.
    pub(crate) fn wait(&mut self, minutes: i64) {
        self.bench.at = self.bench.at.plus_ms(minutes * 60_000);
    }

    /// What is due lapses.
    pub(crate) fn sweep(&mut self) {
        let now = self.bench.at;
        for hold in self.bench.all::<Hold>() {
            if hold.due_at.is_some_and(|due| due <= now) {
                self.bench.decide(ExpireHold { hold: hold.id }).expect("lapsing is never refused");
            }
        }
        for voucher in self.bench.all::<Voucher>() {
            if voucher.due_at.is_some_and(|due| due <= now) {
                self.bench.decide(ExpireVoucher { voucher: voucher.id }).expect("lapsing is never refused");
            }
        }
        self.assert_books();
    }

    /// Undoes a redemption; `None`: all that is left.
    pub(crate) fn reverse(&mut self, redemption: Id, reversal_id: &str, amount: Option<i64>) -> Said {
        let amount = amount.map(crate::records::money::Amount);
        let (reversal_id, reason) = (text(reversal_id), text("payment failed"));
        let said = self.bench.decide(CreateReversal { redemption, reversal_id, amount, reason });
        self.with_books_checked(said)
    }

    pub(crate) fn void(&mut self, id: Id) -> Said {
        let said = self.bench.decide(VoidVoucher { id, reason: text("by mistake"), mask: Mask::Full });
        self.with_books_checked(said)
    }

    pub(crate) fn replace(&mut self, id: Id) -> Said {
        let said = self.bench.decide(ReplaceVoucher { id, reason: text("lost the card"), mask: Mask::Full });
        self.with_books_checked(said)
    }

    pub(crate) fn update(&mut self, id: Id, fields: Value) -> Said {
        let if_match = self.bench.get::<Voucher>(id).version.into();
        let body = serde_json::from_value(fields).expect("a change");
        let said = self.bench.decide(UpdateVoucher { id, if_match, body, mask: Mask::Full });
        self.with_books_checked(said)
    }

    /// Days pass, and what is due lapses.
    pub(crate) fn advance(&mut self, days: i64) {
        self.bench.at = self.bench.at.plus_days(days);
        self.sweep();
    }

    /// A voucher's code, status, uses and balance as they are shown.
    pub(crate) fn shown(&mut self, id: Id) -> Value {
        let voucher = self.bench.get::<Voucher>(id);
        let view = self.bench.run(|draft| {
            let standing = balance::standing(draft, &voucher)?;
            let view = voucher::shown(draft, &voucher, standing, Mask::Full);
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
        events.iter().map(|event| event.kind.to_string()).collect()
    }

    fn with_books_checked(&mut self, said: Result<Answer, Rejection>) -> Said {
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
        self.assert_holds();
    }
}

impl Till {
    /// What lies aside, and what is counted as set aside, is what live holds have.
    fn assert_holds(&self) {
        let holds = self.bench.all::<Hold>();
        let live = || holds.iter().filter(|hold| hold.status == HoldStatus::Held);
        let accounts = self.bench.all::<Account>();
        let aside = accounts.iter().filter(|account| account.name.starts_with("held:")).map(|account| account.balance);
        assert_eq!(aside.sum::<i64>(), live().map(|hold| hold.set_aside_amount).sum::<i64>(), "held purses");
        for uses in self.bench.all::<VoucherUse>() {
            let voucher = uses.id().sibling("vch");
            let lines = live().flat_map(|hold| hold.lines.iter()).filter(|line| line.discount + line.payment > 0);
            let held = lines.filter(|line| line.voucher == Some(voucher)).count();
            assert_eq!(usize::try_from(uses.held), Ok(held), "uses that are set aside");
        }
        let marks = self.bench.all::<HoldMark>();
        for mark in marks.iter().filter(|mark| mark.subject.is_some()) {
            assert!(live().any(|hold| hold.id == mark.hold), "a hold that is over has something");
        }
    }

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

/// Random histories.
#[path = "random_checkouts.rs"]
mod histories;
