//! The books: every step of anything with a value is an entry, and moves two balances.

use crate::records::account::{ISSUED, PENDING};
use crate::records::entry::EntryKind;
use crate::records::money::{Currency, MAX_AMOUNT};
use crate::records::owed::{Lot, day_of};
use crate::records::redemption::MovedEntry;
use crate::records::*;
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

use crate::decide::draft::{Draft, subject_type};

/// One entry to be made.
pub struct Move<'a> {
    /// The step.
    pub kind: EntryKind,
    /// The account that gives.
    pub debit: &'a str,
    /// The account that gets.
    pub credit: &'a str,
    /// Minor units; nothing is written for 0.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// What caused it.
    pub cause: Id,
    /// Whom it concerns.
    pub customer: Option<Id>,
    /// The entry that it undoes, or part of it.
    pub reverses: Option<Id>,
}

/// Whether an entry could be made.
#[derive(Debug)]
pub enum Moved {
    /// Made; `None` for an amount of 0.
    Done(Option<MovedEntry>),
    /// The debited account would go below its floor.
    TooLow {
        /// What it could still give, minor units.
        available: i64,
    },
}

/// Makes an entry, or tells that the giving account has too little. Refuses what would give somebody more
/// than [`MAX_AMOUNT`].
pub fn post(draft: &mut Draft<'_>, entry: &Move<'_>) -> Result<Moved, Stop> {
    if entry.amount == 0 {
        return Ok(Moved::Done(None));
    }
    assert!(entry.amount > 0 && entry.debit != entry.credit, "an entry moves something from one account to another");
    let debit = account(draft, entry.debit, entry.currency);
    let credit = account(draft, entry.credit, entry.currency);
    let (mut debit, mut credit) = (debit?, credit?);
    if let Some(floor) = debit.floor
        && debit.balance - entry.amount < floor
    {
        return Ok(Moved::TooLow { available: (debit.balance - floor).max(0) });
    }
    debit.balance.checked_sub(entry.amount).ok_or_else(too_much)?;
    let most = if is_held(entry.credit) { MAX_AMOUNT } else { i64::MAX };
    let balance = credit.balance.checked_add(entry.amount).filter(|held| *held <= most).ok_or_else(too_much)?;
    // What goes from one purse to another is as old there as it was.
    let lots = debit.take(entry.amount);
    credit.give(&lots.unwrap_or_else(|| vec![Lot { day: day_of(draft.at()), amount: entry.amount }]), balance);
    draft.save(debit);
    draft.save(credit);
    let id = draft.new_id("ent");
    let row = Entry {
        id,
        shop: draft.shop.id,
        version: 0,
        kind: entry.kind,
        debit: entry.debit.to_owned(),
        credit: entry.credit.to_owned(),
        amount: entry.amount,
        currency: entry.currency,
        cause_type: subject_type(entry.cause).to_owned(),
        cause_id: entry.cause.to_string(),
        customer: entry.customer,
        reverses: entry.reverses,
        created_at: draft.at(),
    };
    draft.save(row);
    Ok(Moved::Done(Some(MovedEntry {
        id,
        debit: entry.debit.to_owned(),
        credit: entry.credit.to_owned(),
        amount: entry.amount,
    })))
}

fn too_much() -> Rejection {
    let detail = format!("Nobody can hold more than {MAX_AMOUNT} minor units in one account; give less.");
    Rejection::new(Code::LimitReached, detail)
}

/// Makes an entry that the rules guarantee to be covered: the value was put there before.
pub fn post_covered(draft: &mut Draft<'_>, entry: &Move<'_>) -> Result<Option<MovedEntry>, Stop> {
    match post(draft, entry)? {
        Moved::Done(moved) => Ok(moved),
        Moved::TooLow { .. } if draft.is_guess() => Ok(None),
        Moved::TooLow { available } => panic!("{} holds {available}, {} should be there", entry.debit, entry.amount),
    }
}

/// An account as it is now; opened with a balance of 0 when it is new.
pub fn account(draft: &Draft<'_>, name: &str, currency: Currency) -> Result<Account, Stop> {
    let id = Account::id_of(draft.shop.id, name, currency);
    Ok(draft.get_named::<Account>(id, name)?.map_or_else(
        || Account {
            id,
            shop: draft.shop.id,
            version: 0,
            name: name.to_owned(),
            currency,
            balance: 0,
            floor: floor_of(name).filter(|_| !draft.is_guess()),
            lots: Json::default(),
            created_at: draft.at(),
        },
        |account| (*account).clone(),
    ))
}

/// The floor of a new account. What customers hold, or held, and what is owed never goes below nothing; a
/// budget's floor is set by its program; the shop's own purses have none.
fn floor_of(name: &str) -> Option<i64> {
    (is_held(name) || name.starts_with("expired:") || name == PENDING || name == ISSUED).then_some(0)
}

/// Whether it is what somebody holds; that is never more than [`MAX_AMOUNT`].
fn is_held(name: &str) -> bool {
    ["credit:", "voucher:", "held:"].iter().any(|kind| name.starts_with(kind))
}

/// Sets the cap of a budget; `None`: no cap. A cap below what is used already is refused by the caller.
pub fn set_budget(draft: &mut Draft<'_>, name: &str, currency: Currency, cap: Option<i64>) -> Result<(), Stop> {
    let mut budget = account(draft, name, currency)?;
    budget.floor = cap.map(|cap| -cap);
    draft.save(budget);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decide::rewards::create_grant::CreateGrant;
    use crate::decide::testing::till::Till;
    use crate::records::account::credit_account;

    #[test]
    fn nobody_holds_more_than_every_reader_keeps_exact() {
        // grants one after the other; what of them is given
        let table: [(&[i64], i64); 4] = [
            (&[MAX_AMOUNT, MAX_AMOUNT], MAX_AMOUNT),
            (&[MAX_AMOUNT, 1], MAX_AMOUNT),
            (&[1, MAX_AMOUNT, MAX_AMOUNT - 1], MAX_AMOUNT),
            (&[MAX_AMOUNT - 2, 1], MAX_AMOUNT - 1),
        ];
        for (amounts, holds) in table {
            let mut till = Till::new();
            let anna = till.bench.run(|draft| draft.find(&Customer::BY_EXTERNAL_ID, "anna")).expect("no refusal");
            let credit = credit_account(anna.expect("she is known").id);
            let mut held = 0;
            for amount in amounts {
                let fields = json!({"customer": "anna", "reason": "late parcel",
                                    "reward": {"kind": "store_credit", "amount": amount}});
                let command: CreateGrant = serde_json::from_value(fields).expect("a grant");
                let entries = till.bench.all::<Entry>().len();
                match till.bench.decide(command) {
                    Ok(_) => held += amount,
                    Err(refusal) => {
                        assert_eq!(refusal.code, Code::LimitReached);
                        assert_eq!(till.bench.all::<Entry>().len(), entries, "nothing is half done");
                    }
                }
                assert_eq!(till.balance(&credit), held);
                till.assert_books();
            }
            assert_eq!(held, holds, "{amounts:?}");
        }
    }
}
