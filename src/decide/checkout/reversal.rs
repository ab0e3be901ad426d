//! Undoing a redemption, or part of it: by a reversal that the shop asks for, or because its order was
//! cancelled or came back.
//!
//! Balances get back what they paid, by amount: first the one that paid last. What was taken off is
//! undone last; uses come back when everything is undone, and the budget of a recommendation has again
//! what is undone of it. What gets anything back lives at least 30 more days, so that a failed payment
//! does not cost the customer his voucher.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::offers::{group, redeemed};
use crate::decide::people::credit::{home_of, lapse_if_erased};
use crate::decide::people::person;
use crate::decide::rewards::clawback::{reclaim_credit, reclaim_voucher};
use crate::decide::vouchers::balance::{release, standing};
use crate::decide::vouchers::discount_usage::free_usage;
use crate::decide::vouchers::revive::revive;
use crate::decide::vouchers::reward_of::{Follow, follow, of_voucher};
use crate::decide::vouchers::reward_usage;
use crate::decide::vouchers::uses::{counts_by_customer, uses_subject};
use crate::decide::vouchers::voucher::{move_balance, newest_replacement, withdraw};
use crate::decide::{counter, customer_lookup};
use crate::records::entry::EntryKind;
use crate::records::redemption::{MovedEntry, RedeemedLine, RedemptionStatus};
use crate::records::reversal::ReversedLine;
use crate::records::reward::RewardStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::voucher_batch::redeemed_subject;
use crate::records::{EventKind, Id, Json, OrderSlot, Redemption, Reversal, Voucher, VoucherUse};
use crate::views::redemption::reversal as view;
use crate::world::Stop;

/// How long what gets something back lives at least, days.
const GRACE_DAYS: i64 = 30;

/// A reversal to be made. The caller has looked that there is so much left.
pub struct Undo<'a> {
    /// The redemption.
    pub redemption: &'a Redemption,
    /// What it is called.
    pub name: Name<'a>,
    /// Minor units, at most what is left.
    pub amount: i64,
    /// Why.
    pub reason: &'a str,
}

/// What a reversal is called. Whatever a shop calls its own, ours are found under another key.
#[derive(Clone, Copy)]
pub enum Name<'a> {
    /// By the shop, with an id of its own.
    Shop(&'a str),
    /// By what caused it: the order that was cancelled, or its refund.
    Cause(Id),
}

impl Name<'_> {
    /// The second key of a redemption's reversal: `redemption/reversal_id`, or `cause/redemption`. What
    /// comes first is an id of ours, and tells the two apart.
    pub fn unique_key(self, redemption: Id) -> String {
        match self {
            Name::Shop(reversal_id) => format!("{redemption}/{reversal_id}"),
            Name::Cause(cause) => format!("{cause}/{redemption}"),
        }
    }

    fn shown(self) -> String {
        match self {
            Name::Shop(reversal_id) => reversal_id.to_owned(),
            Name::Cause(cause) => cause.to_string(),
        }
    }
}

/// What of a redemption can still be undone, minor units.
pub fn left(redemption: &Redemption) -> i64 {
    redemption.total() - redemption.reversed_amount
}

/// Undoes what is left of the redemption of an order, when it has a live one; answers the reversal.
pub fn undo_order(draft: &mut Draft<'_>, order_id: &str, cause: Id, reason: &str) -> Result<Option<Id>, Stop> {
    let slot = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, order_id))?;
    let Some(live) = slot.and_then(|slot| slot.redemption) else { return Ok(None) };
    let redemption = draft.expect::<Redemption>(live)?;
    let amount = left(&redemption);
    let undo = Undo { redemption: &redemption, name: Name::Cause(cause), amount, reason };
    let (reversal, _) = undo.decide(draft)?;
    Ok(Some(reversal.id))
}

impl Undo<'_> {
    /// Makes it; answers the reversal and the redemption after it.
    pub fn decide(&self, draft: &mut Draft<'_>) -> Result<(Rc<Reversal>, Rc<Redemption>), Stop> {
        let Self { redemption, name, amount, reason } = *self;
        let mut undone = redemption.clone();
        undone.reversed_amount += amount;
        let is_whole = undone.reversed_amount == redemption.total();
        undone.status = if is_whole { RedemptionStatus::Reversed } else { RedemptionStatus::PartlyReversed };
        let mut reversal = Reversal {
            id: draft.new_id("rev"),
            shop: draft.shop.id,
            version: 0,
            reversal_id: name.shown(),
            redemption: redemption.id,
            once: name.unique_key(redemption.id),
            amount,
            reason: reason.to_owned(),
            lines: Json::default(),
            redemption_status: undone.status,
            created_at: draft.at(),
        };
        let before = redemption.undone(redemption.reversed_amount);
        let after = redemption.undone(undone.reversed_amount);
        let undoing = Undoing { reversal: reversal.id, redemption, is_whole };
        let back = after.iter().zip(&before).map(|(after, before)| after - before);
        let undone_lines =
            draft.each(redemption.lines.iter().zip(back), |draft, (line, back)| undoing.undo(draft, line, back))?;
        reversal.lines = Json(undone_lines.into_iter().flatten().collect());
        if is_whole {
            redeemed::note_undone(draft, redemption)?;
            free_order(draft, redemption)?;
        }
        let undone = draft.save(undone);
        draft.event(EventKind::RedemptionReversed, &view(&reversal, &undone))?;
        Ok((draft.save(reversal), undone))
    }
}

/// The order may be redeemed anew.
fn free_order(draft: &mut Draft<'_>, redemption: &Redemption) -> Result<(), Stop> {
    let slot = draft.expect::<OrderSlot>(OrderSlot::id_of(draft.shop.id, &redemption.order_id))?;
    if slot.redemption == Some(redemption.id) {
        let mut slot = (*slot).clone();
        slot.redemption = None;
        draft.save(slot);
    }
    Ok(())
}

struct Undoing<'a> {
    reversal: Id,
    redemption: &'a Redemption,
    is_whole: bool,
}

impl Undoing<'_> {
    /// Undoes a line, or part of it; `None`: nothing of it changes.
    fn undo(&self, draft: &mut Draft<'_>, line: &RedeemedLine, back: i64) -> Result<Option<ReversedLine>, Stop> {
        let was_used = (line.voucher.is_some() || line.recommendation.is_some()) && line.discount + line.payment > 0;
        let uses = i64::from(was_used && self.is_whole);
        if back == 0 && uses == 0 {
            return Ok(None);
        }
        if line.payment > 0 || line.recommendation.is_some() {
            for entry in &line.entries {
                self.return_entry(draft, entry, back)?;
            }
        } else if self.is_whole {
            for entry in &line.entries {
                self.return_entry(draft, entry, entry.amount)?;
            }
        }
        if let Some(voucher) = line.voucher.filter(|_| uses > 0 || line.payment > 0) {
            let voucher = draft.expect::<Voucher>(voucher)?;
            if uses > 0 {
                self.return_use(draft, &voucher)?;
            }
            let value = if line.payment > 0 { back } else { in_books(line, &voucher) };
            // A card of which everything had come back before gets nothing by the rest of its redemption.
            if line.payment == 0 || back > 0 {
                restore(draft, &voucher, value, uses, self.reversal)?;
            }
        }
        if let Some(customer) = self.redemption.customer.filter(|_| line.voucher.is_none() && line.payment > 0) {
            let owner = customer_lookup::current(draft, customer)?;
            reclaim_credit(draft, owner.id, back, self.reversal)?;
            lapse_if_erased(draft, &owner)?;
        }
        if let Some(claim) = line.claim.filter(|_| uses > 0) {
            group::note_return(draft, claim)?;
        }
        if let Some(noted) = line.recommendation.as_ref().filter(|_| uses > 0) {
            free_usage(draft, noted)?;
        }
        let program = line.recommendation.as_ref().map(|noted| noted.program);
        Ok(Some(ReversedLine { voucher: line.voucher, program, code_hint: line.code_hint.clone(), amount: back, uses }))
    }

    fn return_entry(&self, draft: &mut Draft<'_>, entry: &MovedEntry, amount: i64) -> Result<(), Stop> {
        let home = home_of(draft, self.redemption.customer, entry)?;
        post_covered(
            draft,
            &Move {
                kind: EntryKind::Reversed,
                debit: &entry.credit,
                credit: &home,
                amount,
                currency: self.redemption.currency,
                cause: self.reversal,
                customer: self.redemption.customer,
                reverses: Some(entry.id),
            },
        )?;
        Ok(())
    }

    fn return_use(&self, draft: &mut Draft<'_>, voucher: &Voucher) -> Result<(), Stop> {
        let mut uses = (*draft.expect::<VoucherUse>(VoucherUse::id_of(voucher.id))?).clone();
        uses.used -= 1;
        draft.save(uses);
        if let Some(batch) = voucher.batch {
            counter::subtract(draft, &redeemed_subject(batch))?;
        }
        match self.redemption.customer.filter(|_| counts_by_customer(voucher)) {
            Some(customer) => {
                let person = person::of_id(draft, customer)?;
                person::subtract(draft, &person, |id| uses_subject(voucher.counted_as, id))
            }
            None => Ok(()),
        }
    }
}

/// Uses that come back to a voucher which stands for the one that they were taken of.
fn add_uses(draft: &mut Draft<'_>, heir: &mut Voucher, uses: i64) -> Result<(), Stop> {
    heir.max_redemptions = heir.max_redemptions.map(|max| max + uses);
    if let Some(count) = draft.get::<VoucherUse>(VoucherUse::id_of(heir.id))? {
        let mut count = (*count).clone();
        count.cap = heir.max_redemptions;
        draft.save(count);
    }
    Ok(())
}

/// What a discount's reversal puts back into the voucher's account, minor units.
fn in_books(line: &RedeemedLine, voucher: &Voucher) -> i64 {
    let account = voucher.account();
    line.entries.iter().filter(|entry| entry.debit == account).map(|entry| entry.amount).sum()
}

/// A voucher that got something back, or the one that stands for it: it lives on, and its reward with
/// it. One that was withdrawn meanwhile keeps nothing.
fn restore(draft: &mut Draft<'_>, used: &Rc<Voucher>, value: i64, uses: i64, cause: Id) -> Result<(), Stop> {
    let voucher = newest_replacement(draft, used)?;
    if voucher.status == VoucherStatus::Void {
        release(draft, used, value, EntryKind::Voided, &voucher.source_account)?;
        return match of_voucher(draft, &voucher)? {
            Some(reward) => reward_usage::free_unused(draft, &reward),
            None => Ok(()),
        };
    }
    if standing(draft, &voucher)?.is_withdrawn {
        // Its batch was withdrawn; the books may have passed it as one that was spent.
        return match used.id == voucher.id {
            true => withdraw(draft, &voucher).map(drop),
            false => release(draft, used, value, EntryKind::Voided, &voucher.source_account),
        };
    }
    let mut restored = (*voucher).clone();
    if let Some(until) = voucher.valid_until {
        let until = until.max(draft.at().plus_days(GRACE_DAYS));
        restored.valid_until = Some(until);
        restored.due_at = Some(until);
    }
    if restored.lapsed_amount > 0 {
        revive(draft, &mut restored)?;
    }
    if used.id != voucher.id {
        move_balance(draft, used, &restored, value)?;
        add_uses(draft, &mut restored, uses)?;
    }
    let terms = |voucher: &Voucher| (voucher.valid_until, voucher.due_at, voucher.max_redemptions);
    if terms(&restored) != terms(&voucher) {
        draft.save(restored.clone());
    }
    follow(
        draft,
        &restored,
        &Follow {
            from: &[RewardStatus::Spent, RewardStatus::Expired],
            to: RewardStatus::Issued,
            why: Some("redemption reversed"),
            event: None,
        },
    )?;
    reclaim_voucher(draft, &restored, value, cause)
}
