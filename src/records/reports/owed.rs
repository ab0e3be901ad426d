//! What a shop owes: the value that was promised or given and is not spent, by kind and by the day since which it is.
//!
//! What is owed follows from records alone, and so does what a change of them adds: what they come to now, less what
//! they came to before. Each kind is what one kind of account of the ledger holds; `grapevine verify` proves both.
//! A day here is one of UTC: ages are counted in whole days, and no calendar moves them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::records::account::{CREDIT, HELD, VOUCHER};
use crate::records::time::DAY_MS;
use crate::records::{Account, Id, Reward, Timestamp, Voucher};
use crate::words;

/// Parts of a balance that are told apart; beyond, the two oldest are one, as old as the older.
const LOTS: usize = 32;

words! {
    /// What is owed; each is what one kind of account holds.
    Owed {
        /// Rewards that wait, or that the shop is to hand over: `pending`.
        PendingRewards = "pending_rewards",
        /// What is left of vouchers that take something off: `issued`.
        Vouchers = "vouchers",
        /// Balances of gift cards: `voucher:…`, and what is set aside of them.
        GiftCards = "gift_cards",
        /// Customers' store credit: `credit:…`, and what is set aside of it.
        StoreCredit = "store_credit",
    }
}

/// What is owed of a shop, minor units of its currency: by day of UTC (days since 1970) and kind.
pub type OwedDays = BTreeMap<(i64, Owed), i64>;

/// The day of an instant, in days since 1970.
pub fn day_of(at: Timestamp) -> i64 {
    at.ms().div_euclid(DAY_MS)
}

/// A part of a balance: since which day it is there, and how much it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The day, in days since 1970.
    pub day: i64,
    /// Minor units, above 0.
    pub amount: i64,
}

/// What a reward that waits is owed.
pub fn of_reward(reward: &Reward) -> Option<((i64, Owed), i64)> {
    let is_owed = reward.status.waits() && reward.cost_amount != 0;
    is_owed.then(|| ((day_of(reward.created_at), Owed::PendingRewards), reward.cost_amount))
}

/// What is owed of a voucher after so many uses; a gift card's balance stands in its account.
pub fn of_voucher(voucher: &Voucher, used: i64) -> Option<((i64, Owed), i64)> {
    let held = voucher.held(used);
    (held != 0).then(|| ((day_of(voucher.created_at), Owed::Vouchers), held))
}

/// What is owed of an account that one person or card has.
pub fn of_account(account: &Account) -> Vec<((i64, Owed), i64)> {
    let Some(kind) = kind_of(&account.name) else { return Vec::new() };
    let lots = match kind {
        Owed::GiftCards => {
            let card = Id::last_in(&account.name).map_or(account.created_at, Id::made_at);
            vec![Lot { day: day_of(card), amount: account.balance }]
        }
        _ => account.parts(),
    };
    lots.into_iter().filter(|lot| lot.amount != 0).map(|lot| ((lot.day, kind), lot.amount)).collect()
}

/// What an account of one person or card is owed as, by its name.
fn kind_of(name: &str) -> Option<Owed> {
    let name = name.strip_prefix(HELD).unwrap_or(name);
    if name.starts_with(VOUCHER) {
        return Some(Owed::GiftCards);
    }
    name.starts_with(CREDIT).then_some(Owed::StoreCredit)
}

impl Account {
    /// Whether it is told since when each part of its balance is there: store credit is given more than once.
    fn has_lots(&self) -> bool {
        kind_of(&self.name) == Some(Owed::StoreCredit)
    }

    /// The parts of its balance, oldest first. What its lots do not have is as old as the account.
    fn parts(&self) -> Vec<Lot> {
        let mut left = self.balance;
        let mut parts = Vec::new();
        for lot in self.lots.iter().rev() {
            let amount = lot.amount.min(left);
            if amount <= 0 {
                break;
            }
            parts.push(Lot { day: lot.day, amount });
            left -= amount;
        }
        if left > 0 {
            parts.push(Lot { day: day_of(self.created_at), amount: left });
        }
        parts.reverse();
        parts
    }

    /// Takes so much of the balance, the oldest first; answers the parts that it was, where they are told apart.
    pub fn take(&mut self, amount: i64) -> Option<Vec<Lot>> {
        let parts = self.parts();
        self.balance -= amount;
        if !self.has_lots() {
            return None;
        }
        self.lots.0 = self.parts();
        let mut left = amount;
        let mut taken = Vec::new();
        for part in parts {
            let amount = part.amount.min(left);
            if amount > 0 {
                taken.push(Lot { amount, ..part });
            }
            left -= amount;
        }
        Some(taken)
    }

    /// Gives parts to the balance, which is then as large as `balance`.
    pub fn give(&mut self, given: &[Lot], balance: i64) {
        if self.has_lots() {
            let mut parts = self.parts();
            for lot in given {
                match parts.binary_search_by_key(&lot.day, |part| part.day) {
                    Ok(place) => parts[place].amount = parts[place].amount.saturating_add(lot.amount),
                    Err(place) => parts.insert(place, *lot),
                }
            }
            while parts.len() > LOTS {
                let oldest = parts.remove(0);
                parts[0] = Lot { day: oldest.day, amount: oldest.amount.saturating_add(parts[0].amount) };
            }
            // What is as old as the account needs no word.
            let is_plain = matches!(parts.as_slice(), [only] if only.day == day_of(self.created_at));
            self.lots.0 = if is_plain { Vec::new() } else { parts };
        }
        self.balance = balance;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Json;
    use crate::records::account::credit_account;
    use crate::records::money::Currency;

    fn credit(balance: i64, created_on: i64) -> Account {
        let id = Id::new("acc", 0, [1; 10]);
        Account {
            id,
            shop: id,
            version: 1,
            name: credit_account(Id::new("cus", 0, [2; 10])),
            currency: Currency::parse("EUR").expect("a currency"),
            balance,
            floor: Some(0),
            lots: Json(Vec::new()),
            created_at: Timestamp::from_ms(created_on * DAY_MS + 5),
        }
    }

    fn give(account: &mut Account, day: i64, amount: i64) {
        let balance = account.balance + amount;
        account.give(&[Lot { day, amount }], balance);
    }

    fn told(account: &Account) -> Vec<(i64, i64)> {
        let owed = of_account(account);
        assert!(owed.iter().all(|((_, kind), _)| *kind == Owed::StoreCredit));
        assert_eq!(owed.iter().map(|(_, amount)| amount).sum::<i64>(), account.balance, "{account:?}");
        owed.into_iter().map(|((day, _), amount)| (day, amount)).collect()
    }

    #[test]
    fn the_oldest_is_spent_first() {
        let mut account = credit(0, 10);
        give(&mut account, 10, 500);
        assert!(account.lots.is_empty(), "what is as old as its account needs no word");
        give(&mut account, 20, 300);
        give(&mut account, 20, 100);
        give(&mut account, 30, 50);
        assert_eq!(told(&account), [(10, 500), (20, 400), (30, 50)]);
        assert_eq!(account.take(600), Some(vec![Lot { day: 10, amount: 500 }, Lot { day: 20, amount: 100 }]));
        assert_eq!(told(&account), [(20, 300), (30, 50)]);
        // What was set aside comes back as old as it was.
        let balance = account.balance + 100;
        account.give(&[Lot { day: 20, amount: 60 }, Lot { day: 5, amount: 40 }], balance);
        assert_eq!(told(&account), [(5, 40), (20, 360), (30, 50)]);
        account.take(450);
        assert_eq!(told(&account), []);
        give(&mut account, 40, 7);
        assert_eq!(told(&account), [(40, 7)]);
    }

    #[test]
    fn a_balance_that_was_changed_by_other_hands_is_told_whole() {
        let mut account = credit(1_000, 10);
        assert_eq!(told(&account), [(10, 1_000)], "an account of before");
        give(&mut account, 50, 200);
        account.balance = 150;
        assert_eq!(told(&account), [(50, 150)]);
        account.balance = 900;
        assert_eq!(told(&account), [(10, 700), (50, 200)]);
    }

    #[test]
    fn lots_stay_few() {
        let mut account = credit(0, 0);
        for day in 1..=1_000 {
            give(&mut account, day, 1);
        }
        assert!(account.lots.len() <= LOTS);
        let told = told(&account);
        assert_eq!((told[0], told[told.len() - 1]), ((1, 969), (1_000, 1)));
    }
}
