//! In each random history the books balance after every step, check and redemption agree, and when
//! everything is undone nothing was ever taken.

use proptest::prelude::*;

use super::*;
use crate::decide::erasure::erase_customer::EraseCustomer;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::testing::bench::customer;
use crate::records::account::REDEEMED;
use crate::refusal::Code;

/// What somebody wants at the till.
#[derive(Clone, Debug)]
struct Wish {
    codes: Vec<usize>,
    credit: Option<i64>,
    amount: i64,
    by: bool,
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Redeem {
        wish: Wish,
        from_cart: Option<usize>,
    },
    Hold {
        wish: Wish,
        cart: usize,
    },
    FromHold(prop::sample::Index),
    Release(prop::sample::Index),
    Reverse {
        which: prop::sample::Index,
        amount: Option<i64>,
    },
    Advance(i64),
    Wait(i64),
    Sweep,
    Extend(usize, i64),
    Limit(usize, i64),
    Void(usize),
    Replace(usize),
    /// Anna turns out to be Bert.
    Merge,
    /// Anna is erased; the job that goes through her records has not begun.
    Erase,
}

fn wish() -> impl Strategy<Value = Wish> {
    let codes = prop::sample::subsequence((0..7).collect::<Vec<usize>>(), 0..4);
    (codes, prop::option::of(0..900i64), 0..4000i64, any::<bool>()).prop_map(|(codes, credit, amount, by)| Wish {
        codes,
        credit,
        amount,
        by,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        20 => (wish(), prop::option::of(0..3usize)).prop_map(|(wish, from_cart)| Step::Redeem { wish, from_cart }),
        16 => (wish(), 0..3usize).prop_map(|(wish, cart)| Step::Hold { wish, cart }),
        8 => index().prop_map(Step::FromHold),
        4 => index().prop_map(Step::Release),
        16 => (index(), prop::option::of(1..900i64)).prop_map(|(which, amount)| Step::Reverse { which, amount }),
        8 => (1..20i64).prop_map(Step::Advance),
        8 => (1..20i64).prop_map(Step::Wait),
        4 => Just(Step::Sweep),
        4 => (0..6usize, 1..60i64).prop_map(|(which, days)| Step::Extend(which, days)),
        4 => (0..6usize, 1..6i64).prop_map(|(which, uses)| Step::Limit(which, uses)),
        4 => (0..6usize).prop_map(Step::Void),
        8 => (0..6usize).prop_map(Step::Replace),
        1 => Just(Step::Merge),
        1 => Just(Step::Erase),
    ]
}

/// Six vouchers, and an advocate's code.
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
    till.know("carl");
    shelf.push((program, till.code(program, "carl")));
    shelf
}

struct Story {
    till: Till,
    shelf: Vec<(Id, String)>,
    made: Vec<Id>,
    holds: Vec<Id>,
}

impl Story {
    fn cart(&self, wish: &Wish, order: Value, cart: Option<usize>) -> Value {
        let codes: Vec<&String> = wish.codes.iter().map(|index| &self.shelf[*index].1).collect();
        let who = if wish.by { "anna" } else { "bert" };
        json!({"codes": codes, "store_credit": wish.credit, "amount": wish.amount, "customer": who,
               "order_id": order, "cart_id": cart.map(|cart| format!("C-{cart}"))})
    }

    /// Takes a step; refusals are part of life. The till holds the books to account after each.
    fn take(&mut self, number: usize, step: Step) {
        let till = &mut self.till;
        match step {
            Step::Redeem { wish, from_cart } => {
                let cart = self.cart(&wish, json!(format!("A-{number}")), from_cart);
                self.redeem(cart);
            }
            Step::Hold { wish, cart } => {
                let cart = self.cart(&wish, Value::Null, Some(cart));
                self.hold(cart);
            }
            Step::FromHold(which) => {
                if !self.holds.is_empty() {
                    let said = till.redeem_hold(*which.get(&self.holds), &format!("H-{number}"));
                    self.made.extend(said.ok().map(|(_, redemption)| id(&redemption)));
                }
            }
            Step::Release(which) => {
                if !self.holds.is_empty() {
                    drop(till.release(*which.get(&self.holds)));
                }
            }
            Step::Reverse { which, amount } => {
                if !self.made.is_empty() {
                    drop(till.reverse(*which.get(&self.made), &format!("R-{number}"), amount));
                }
            }
            Step::Advance(days) => till.advance(days),
            Step::Wait(minutes) => till.wait(minutes),
            Step::Sweep => till.sweep(),
            Step::Extend(which, days) => {
                let until = day(till, days);
                drop(till.update(self.shelf[which].0, json!({"valid_until": until})));
            }
            Step::Limit(which, uses) => drop(till.update(self.shelf[which].0, json!({"max_redemptions": uses}))),
            Step::Void(which) => drop(till.void(self.shelf[which].0)),
            Step::Merge => {
                let fields = json!({"from": "anna", "reason": "one person"});
                let merge: MergeCustomers = serde_json::from_value(fields).expect("a merge");
                let _refused = till.bench.decide(MergeCustomers { into: "bert".to_owned(), ..merge });
                till.assert_books();
            }
            Step::Erase => {
                let anna = customer(&till.bench, "anna", "").id.to_string();
                till.bench.decide(EraseCustomer { customer: anna, lease_ms: 5_000 }).expect("she is erased");
                till.assert_books();
            }
            Step::Replace(which) => {
                if let Ok((_, new)) = till.replace(self.shelf[which].0) {
                    self.shelf[which] = (id(&new), new["code"].as_str().expect("a code").to_owned());
                }
            }
        }
    }

    /// What a check says; nothing where it does not know who was erased, as a redemption does not.
    fn check(&mut self, cart: &Value) -> Value {
        match self.till.check(cart.clone()) {
            Ok(checked) => checked,
            Err(refused) => {
                assert_eq!(refused.code, Code::CustomerUnknown);
                Value::Null
            }
        }
    }

    fn redeem(&mut self, cart: Value) {
        let checked = self.check(&cart);
        let said = self.till.redeem(cart);
        assert_eq!(said.is_ok(), is_worth_something(&checked), "check and redemption agree: {said:?} {checked}");
        if let Ok((_, redemption)) = said {
            assert_same(&checked, &redemption);
            self.made.push(id(&redemption));
        }
    }

    fn hold(&mut self, cart: Value) {
        let checked = self.check(&cart);
        if let Ok((_, hold)) = self.till.hold(cart) {
            assert!(is_worth_something(&checked), "a check and a hold agree");
            assert_same(&checked, &hold);
            self.holds.push(id(&hold));
        }
    }
}

fn is_worth_something(checked: &Value) -> bool {
    let worth = checked["discount"].as_i64().unwrap_or(0) + checked["payment"].as_i64().unwrap_or(0);
    checked["valid"] == true && worth > 0
}

fn assert_same(checked: &Value, made: &Value) {
    for field in ["discount", "payment", "payable"] {
        assert_eq!(made[field], checked[field], "what is checked is what is given");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn in_any_history_the_books_balance_and_check_and_redemption_agree(steps in prop::collection::vec(step(), 1..30)) {
        let mut till = Till::new();
        let shelf = shelf(&mut till);
        till.grant(json!({"kind": "store_credit", "amount": 1500}));
        let mut story = Story { till, shelf, made: Vec::new(), holds: Vec::new() };
        for (number, step) in steps.into_iter().enumerate() {
            story.take(number, step);
        }
        let Story { mut till, shelf, made, holds } = story;
        for hold in holds {
            let _over = till.release(hold);
        }
        for (number, redemption) in made.iter().enumerate() {
            let _left = till.reverse(*redemption, &format!("end-{number}"), None);
        }
        prop_assert_eq!(till.balance(REDEEMED), 0, "everything is undone, nothing is redeemed");
        let credit = till.bench.all::<Account>();
        let is_credit = |name: &str| name.starts_with("credit:") || name.starts_with("expired:");
        let credit = credit.iter().filter(|account| is_credit(&account.name)).map(|account| account.balance);
        prop_assert_eq!(credit.sum::<i64>(), 1500);
        prop_assert_eq!(till.balance(&budget_account(shelf[6].0)), 0);
    }
}
