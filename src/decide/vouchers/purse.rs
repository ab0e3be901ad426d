//! Purses: where a value lies of which holds may have set a part aside.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::ledger;
use crate::decide::vouchers::hold_ending::{Contested, IN_THE_WAY, end, expire, marked};
use crate::records::account::credit_account;
use crate::records::hold::{HoldStatus, held_account};
use crate::records::money::Currency;
use crate::records::{Account, Customer, Hold, HoldMark, Id, Voucher};
use crate::world::Stop;

/// Where a reward's value lies, and where a part of it may be set aside.
pub struct Purse {
    /// Its account.
    account: String,
    currency: Currency,
    /// Purses in which something of it may be set aside.
    aside: Vec<String>,
    /// What the marks of holds are on.
    subjects: Vec<Id>,
}

impl Purse {
    /// A gift card's.
    pub fn of_card(voucher: &Voucher) -> Self {
        let account = voucher.account();
        let aside = vec![held_account(&account)];
        Self { account, currency: voucher.currency, aside, subjects: vec![voucher.id] }
    }

    /// A customer's store credit, or what lapsed of it: what was set aside for those who were merged into
    /// him is his too.
    pub fn of_credit(draft: &Draft<'_>, owner: &Customer, currency: Currency) -> Result<Self, Stop> {
        let merged = draft.list(&Customer::MERGED_INTO, owner.id)?;
        let accounts: Vec<String> =
            [owner.id].into_iter().chain(merged.iter().map(|one| one.id)).map(credit_account).collect();
        let subjects = accounts.iter().map(|account| Account::id_of(draft.shop.id, account, currency)).collect();
        let aside = accounts.iter().map(|account| held_account(account)).collect();
        Ok(Self { account: owner.credit_account(), currency, aside, subjects })
    }

    /// What is there, with what is set aside, minor units.
    pub fn whole(&self, draft: &Draft<'_>) -> Result<i64, Stop> {
        let accounts = self.aside.iter().chain([&self.account]);
        let found: Vec<Account> =
            accounts.map(|account| ledger::account(draft, account, self.currency)).collect::<Result<_, _>>()?;
        Ok(found.iter().map(|account| account.balance).sum())
    }

    /// Ends holds on it until so much is free, those that lapsed first.
    pub fn free(&self, draft: &mut Draft<'_>, amount: i64) -> Result<(), Stop> {
        // What is not known reads as nothing; that is no reason to load every hold.
        if self.has(draft, amount)? || draft.is_guess() {
            return Ok(());
        }
        let marks: Vec<Vec<Rc<HoldMark>>> =
            self.subjects.iter().map(|subject| draft.list(&HoldMark::ON, *subject)).collect::<Result<_, _>>()?;
        let mut holds = marked(draft, marks.concat())?;
        holds.sort_by_key(|hold| (hold.expires_at, hold.id));
        for hold in holds {
            if self.has(draft, amount)? {
                break;
            }
            let hold = draft.expect::<Hold>(hold.id)?;
            match hold.status {
                HoldStatus::Held if hold.is_live(draft.at()) => drop(end(draft, &hold, HoldStatus::Released)?),
                HoldStatus::Held => expire(draft, &hold)?,
                HoldStatus::Redeemed | HoldStatus::Released | HoldStatus::Expired => {}
            }
        }
        Ok(())
    }

    fn has(&self, draft: &Draft<'_>, amount: i64) -> Result<bool, Stop> {
        Ok(ledger::account(draft, &self.account, self.currency)?.balance >= amount)
    }
}

/// What holds may keep from a cart of the buyer's store credit.
pub fn credit(draft: &Draft<'_>, buyer: &Customer) -> Result<Vec<Contested>, Stop> {
    let purse = Purse::of_credit(draft, buyer, draft.shop.currency)?;
    let aside: Vec<Account> =
        purse.aside.iter().map(|aside| ledger::account(draft, aside, purse.currency)).collect::<Result<_, _>>()?;
    let held = purse.subjects.iter().zip(aside).filter(|(_, aside)| aside.balance > 0);
    Ok(held.map(|(subject, _)| Contested { subject: *subject, most: IN_THE_WAY }).collect())
}
