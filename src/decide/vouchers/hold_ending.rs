//! How holds end: everything returns to where it was taken from.
//!
//! Whether a hold is over is decided by time: whoever is kept from something by some whose time is over, ends
//! them.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, post_covered};
use crate::decide::people::credit::{self, lapse_if_erased};
use crate::decide::people::person;
use crate::decide::vouchers::balance;
use crate::decide::vouchers::discount_usage::free_usage;
use crate::decide::vouchers::uses::{counts_by_customer, uses_subject};
use crate::records::entry::EntryKind;
use crate::records::hold::HoldStatus;
use crate::records::redemption::RedeemedLine;
use crate::records::voucher::VoucherStatus;
use crate::records::{EventKind, Hold, HoldMark, Id, Json, Voucher, VoucherUse};
use crate::views::Mask;
use crate::views::hold::hold as view;
use crate::world::Stop;

/// Holds whose time is over that are ended at once where they may be in the way; the sweep ends the others.
pub const IN_THE_WAY: usize = 32;

/// Of these so many are looked at, though fewer end.
const LOOKED_AT: usize = 16;

/// Ends a hold whose time is over, and tells of it.
pub fn expire(draft: &mut Draft<'_>, hold: &Hold) -> Result<(), Stop> {
    let expired = end(draft, hold, HoldStatus::Expired)?;
    draft.event(EventKind::HoldExpired, &view(&expired, draft.at(), &draft.installation.vault, Mask::Hint))
}

/// Ends a hold: everything returns to where it was taken from, and credit of an erased customer lapses.
pub fn end(draft: &mut Draft<'_>, hold: &Hold, status: HoldStatus) -> Result<Rc<Hold>, Stop> {
    draft.each(hold.lines.iter(), |draft, line| give_back(draft, hold, line))?;
    if let Some(customer) = hold.customer {
        lapse_if_erased(draft, &*customer_lookup::current(draft, customer)?)?;
    }
    for mark in hold.marks.iter() {
        let mark = draft.expect::<HoldMark>(*mark)?;
        draft.save(HoldMark { subject: None, ..(*mark).clone() });
    }
    let ended = Hold { status, due_at: None, set_aside_amount: 0, marks: Json::default(), ..hold.clone() };
    Ok(draft.save(ended))
}

fn give_back(draft: &mut Draft<'_>, hold: &Hold, line: &RedeemedLine) -> Result<(), Stop> {
    for entry in &line.entries {
        let home = credit::home_of(draft, hold.customer, entry)?;
        post_covered(
            draft,
            &Move {
                kind: EntryKind::Released,
                debit: &entry.credit,
                credit: &home,
                amount: entry.amount,
                currency: hold.currency,
                cause: hold.id,
                customer: hold.customer,
                reverses: Some(entry.id),
            },
        )?;
    }
    if let Some(noted) = &line.recommendation {
        free_usage(draft, noted)?;
    }
    match line.voucher {
        Some(voucher) => give_use_back(draft, hold, line, voucher),
        None => Ok(()),
    }
}

fn give_use_back(draft: &mut Draft<'_>, hold: &Hold, line: &RedeemedLine, voucher: Id) -> Result<(), Stop> {
    let (voucher, uses) = (draft.expect::<Voucher>(voucher), draft.expect::<VoucherUse>(VoucherUse::id_of(voucher)));
    let (voucher, uses) = (voucher?, uses?);
    draft.save(VoucherUse { held: uses.held - 1, ..(*uses).clone() });
    if let Some(customer) = hold.customer.filter(|_| counts_by_customer(&voucher)) {
        let person = person::of_id(draft, customer)?;
        person::subtract(draft, &person, |id| uses_subject(voucher.counted_as, id))?;
    }
    if voucher.status == VoucherStatus::Void {
        return balance::release(draft, &voucher, line.payment, EntryKind::Voided, &voucher.source_account);
    }
    // Its time ran out while it was set aside: now it may lapse.
    if voucher.due_at.is_some() && voucher.due_at != voucher.valid_until {
        draft.save(Voucher { due_at: voucher.valid_until, ..(*voucher).clone() });
    }
    Ok(())
}

/// Ends holds whose time is over that have something of this, as far as they may be in the way.
pub fn end_lapsed(draft: &mut Draft<'_>, subject: Id) -> Result<(), Stop> {
    end_due(draft, &[Contested { subject, most: IN_THE_WAY }])
}

/// Ends holds on a budget whose time is over, where it has no room for so much, minor units.
pub fn make_room_in(draft: &mut Draft<'_>, budget: &str, amount: i64) -> Result<(), Stop> {
    let account = ledger::account(draft, budget, draft.shop.currency)?;
    match account.floor {
        Some(floor) if account.balance - amount < floor => end_lapsed(draft, account.id),
        _ => Ok(()),
    }
}

/// What holds have something of, and how many of them have to end so that there is room.
pub struct Contested {
    /// The voucher, the account or the count.
    pub subject: Id,
    /// How many end at most.
    pub most: usize,
}

/// Ends holds whose time is over that have something of what is contested. More of them are looked at than end: who
/// comes next to the same is to find them loaded.
pub fn end_due(draft: &mut Draft<'_>, contested: &[Contested]) -> Result<(), Stop> {
    let now = draft.at();
    let holds = draft.each(contested, |draft, one| {
        let mut holds = marked(draft, draft.due::<HoldMark>(one.subject, now, one.most.max(LOOKED_AT))?)?;
        holds.truncate(one.most);
        Ok(holds)
    })?;
    draft.each(holds.concat(), |draft, hold| {
        // One hold may have something of several.
        let hold = draft.expect::<Hold>(hold.id)?;
        if hold.status == HoldStatus::Held && !hold.is_live(now) { expire(draft, &hold) } else { Ok(()) }
    })?;
    Ok(())
}

/// The holds of marks that are not noted as over.
pub fn marked(draft: &Draft<'_>, marks: Vec<Rc<HoldMark>>) -> Result<Vec<Rc<Hold>>, Stop> {
    let holds: Vec<_> = marks.into_iter().map(|mark| draft.expect::<Hold>(mark.hold)).collect();
    let mut holds: Vec<Rc<Hold>> = holds.into_iter().collect::<Result<_, _>>()?;
    holds.retain(|hold| hold.status == HoldStatus::Held);
    Ok(holds)
}
