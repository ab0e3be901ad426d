//! What a voucher is worth: its uses, its balance, and how value leaves it.

use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, post_covered};
use crate::records::entry::EntryKind;
use crate::records::voucher::Standing;
use crate::records::{Voucher, VoucherBatch, VoucherUse};
use crate::world::Stop;

/// What counts of a voucher: its uses, its balance when it has one, and whether its batch was withdrawn.
pub fn standing(draft: &Draft<'_>, voucher: &Voucher) -> Result<Standing, Stop> {
    let uses = draft.get::<VoucherUse>(VoucherUse::id_of(voucher.id))?;
    let balance = match voucher.is_balance() {
        true => Some(ledger::account(draft, &voucher.account(), voucher.currency)?.balance),
        false => None,
    };
    let batch = voucher.batch.map(|batch| draft.get::<VoucherBatch>(batch)).transpose()?.flatten();
    let is_withdrawn = batch.is_some_and(|batch| batch.voided_at.is_some());
    let (used, held) = uses.map_or((0, 0), |uses| (uses.used, uses.held));
    Ok(Standing { used, held, balance, is_withdrawn })
}

/// What a voucher stands for in the books now, minor units: its balance, or the uses that are left.
pub fn value(voucher: &Voucher, standing: Standing) -> i64 {
    standing.balance.unwrap_or_else(|| voucher.held(standing.used))
}

/// Moves value of a voucher out of its account.
pub fn release(draft: &mut Draft<'_>, voucher: &Voucher, amount: i64, kind: EntryKind, to: &str) -> Result<(), Stop> {
    post_covered(
        draft,
        &Move {
            kind,
            debit: &voucher.account(),
            credit: to,
            amount,
            currency: voucher.currency,
            cause: voucher.id,
            customer: voucher.customer,
            reverses: None,
        },
    )?;
    Ok(())
}
