//! Store credit: to whom it returns, and what becomes of it when its owner is erased.

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, post_covered};
use crate::records::account::{credit_account, lapsed_account};
use crate::records::entry::EntryKind;
use crate::records::redemption::MovedEntry;
use crate::records::{Customer, Id};
use crate::world::Stop;

/// Credit that came back to a customer lapses where he was erased meanwhile.
pub fn lapse_if_erased(draft: &mut Draft<'_>, owner: &Customer) -> Result<(), Stop> {
    if owner.is_erased() { lapse_credit(draft, owner.id) } else { Ok(()) }
}

/// Credit that nobody can ask for any more lapses. It lies apart: where the order that earned it comes back,
/// it returns.
pub fn lapse_credit(draft: &mut Draft<'_>, customer: Id) -> Result<(), Stop> {
    let account = credit_account(customer);
    let credit = ledger::account(draft, &account, draft.shop.currency)?;
    post_covered(
        draft,
        &Move {
            kind: EntryKind::Expired,
            debit: &account,
            credit: &lapsed_account(customer),
            amount: credit.balance,
            currency: draft.shop.currency,
            cause: customer,
            customer: Some(customer),
            reverses: None,
        },
    )?;
    Ok(())
}

/// Where something returns to: credit to the one into whom the customer was merged since.
pub(crate) fn home_of(draft: &Draft<'_>, customer: Option<Id>, entry: &MovedEntry) -> Result<String, Stop> {
    match customer {
        Some(customer) if entry.debit == credit_account(customer) => {
            Ok(credit_account(customer_lookup::current(draft, customer)?.id))
        }
        _ => Ok(entry.debit.clone()),
    }
}
