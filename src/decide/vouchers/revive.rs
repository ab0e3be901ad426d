//! Bringing back what lapsed with a voucher.

use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, Moved, post, post_covered};
use crate::decide::vouchers::hold_ending;
use crate::records::Voucher;
use crate::records::account::SHOP;
use crate::records::entry::EntryKind;
use crate::world::Stop;

/// Brings back what lapsed with a voucher. Where its budget has been used otherwise meanwhile, the
/// shop pays, and it is the shop that the value then returns to.
pub fn revive(draft: &mut Draft<'_>, voucher: &mut Voucher) -> Result<(), Stop> {
    hold_ending::make_room_in(draft, voucher.lapse_account(), voucher.lapsed_amount)?;
    let account = voucher.account();
    let entry = Move {
        kind: EntryKind::Issued,
        debit: voucher.lapse_account(),
        credit: &account,
        amount: voucher.lapsed_amount,
        currency: voucher.currency,
        cause: voucher.id,
        customer: voucher.customer,
        reverses: None,
    };
    if let Moved::TooLow { .. } = post(draft, &entry)? {
        post_covered(draft, &Move { debit: SHOP, ..entry })?;
        voucher.source_account = SHOP.to_owned();
    }
    voucher.lapsed_amount = 0;
    Ok(())
}
