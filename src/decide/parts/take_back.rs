//! Taking a reward back: its value returns to where it came from, and its place is free again.

use std::rc::Rc;

use super::hold::Purse;
use super::reward::{source_account, step};
use super::{customer, mail, voucher};
use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, Moved, post, post_covered};
use crate::decide::tally;
use crate::records::account::{ISSUED, PENDING, credit_account};
use crate::records::benefit::BenefitKind;
use crate::records::entry::EntryKind;
use crate::records::hold::held_account;
use crate::records::message::{Withdrawal, WithdrawnBy};
use crate::records::reward::RewardStatus;
use crate::records::voucher::voucher_account;
use crate::records::{Conversion, Customer, Id, Message, Reward, Tally, Voucher, VoucherUse};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward that a path names.
pub fn named(draft: &Draft<'_>, id: Id) -> Result<Rc<Reward>, Stop> {
    draft.get::<Reward>(id)?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such reward.").into())
}

/// What something happens to a reward for.
#[derive(Clone, Copy, Debug)]
pub struct Because<'a> {
    /// What caused it: a refund, an order, the reward itself where it was done by hand.
    pub cause: Id,
    /// The words for it.
    pub why: &'a str,
}

impl Because<'_> {
    /// Whether it is for an order's sake, or was done by hand.
    pub fn by(&self, reward: &Reward) -> WithdrawnBy {
        if self.cause == reward.id { WithdrawnBy::Hand } else { WithdrawnBy::Order }
    }
}

/// Takes back a reward that is pending or issued, and tells its customer where he had been told of it.
/// Refuses when something of it was spent.
pub fn take_back(draft: &mut Draft<'_>, reward: &Reward, because: &Because<'_>) -> Result<Rc<Reward>, Stop> {
    foresee(draft, reward);
    if reward.status == RewardStatus::Pending {
        post_covered(draft, &voiding(reward, PENDING, &source_account(reward), because.cause))?;
    } else if reward.benefit.kind == BenefitKind::StoreCredit {
        take_credit(draft, reward, because.cause)?;
    } else {
        take_voucher(draft, reward)?;
    }
    let mut free = reward.clone();
    free_places(draft, &mut free)?;
    let voided = draft.save(step(draft, free, RewardStatus::Voided, Some(because.why)));
    draft.event("reward.voided", &views::reward::reward(&voided))?;
    if reward.status != RewardStatus::Pending {
        let whole = Withdrawal { by: because.by(reward), taken: reward.amount, left: None, is_used: false };
        mail::queue_withdrawal(draft, reward, whole)?;
    }
    Ok(voided)
}

/// Asks for what taking back will look at, in one load.
pub fn foresee(draft: &Draft<'_>, reward: &Reward) {
    draft.foresee::<Customer>(reward.customer);
    let (source, credit) = (source_account(reward), credit_account(reward.customer));
    let _not_yet = draft.list(&Customer::MERGED_INTO, reward.customer);
    for account in [PENDING, ISSUED, &source, &credit, &held_account(&credit)] {
        ledger::foresee(draft, account, reward.currency);
    }
    if let Some(message) = reward.message {
        draft.foresee::<Message>(message);
    }
    for subject in reward.counted_by.iter().chain(&reward.place) {
        draft.foresee::<Tally>(Tally::id_of(draft.shop.id, subject));
    }
    if let Some(voucher) = reward.voucher {
        draft.foresee::<Voucher>(voucher);
        draft.foresee::<VoucherUse>(VoucherUse::id_of(voucher));
        let account = voucher_account(voucher);
        for account in [&held_account(&account), &account] {
            ledger::foresee(draft, account, reward.currency);
        }
    }
}

/// The entry that undoes a reward.
fn voiding<'a>(reward: &Reward, from: &'a str, to: &'a str, cause: Id) -> Move<'a> {
    Move {
        kind: EntryKind::Voided,
        debit: from,
        credit: to,
        amount: reward.cost_amount,
        currency: reward.currency,
        cause,
        customer: Some(reward.customer),
        reverses: None,
    }
}

fn take_credit(draft: &mut Draft<'_>, reward: &Reward, cause: Id) -> Result<(), Stop> {
    let owner = customer::current(draft, reward.customer)?;
    Purse::of_credit(draft, &owner, reward.currency)?.free(draft, reward.cost_amount)?;
    match post(draft, &voiding(reward, &owner.credit_account(), &source_account(reward), cause))? {
        Moved::Done(_) => Ok(()),
        Moved::TooLow { available } => {
            let detail =
                format!("Of the credit {available} is left, less than the reward gave; it was spent meanwhile.");
            Err(Rejection::new(Code::BalanceTooLow, detail).into())
        }
    }
}

fn take_voucher(draft: &mut Draft<'_>, reward: &Reward) -> Result<(), Stop> {
    let Some(voucher) = reward.voucher else { return Ok(()) };
    let voucher = draft.expect::<Voucher>(voucher)?;
    // A card that was used and then replaced has no uses of its own.
    let is_used = match voucher.is_balance() {
        true => Purse::of_card(&voucher).whole(draft)? < reward.cost_amount,
        false => voucher::standing(draft, &voucher)?.used > 0,
    };
    if is_used {
        let id = voucher.id;
        let detail = format!("Its voucher was used; POST /v1/vouchers/{id}/void takes back what is left of it.");
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    voucher::withdraw(draft, &voucher)?;
    Ok(())
}

/// The friend's place is free again, because the order that took it was cancelled or wholly returned; but who
/// was paid once is not paid again: where something of the reward was spent, the place stays taken.
pub fn free_friend(draft: &mut Draft<'_>, reward: &Rc<Reward>) -> Result<Rc<Reward>, Stop> {
    let Some(place) = reward.place.as_ref().filter(|_| reward.status == RewardStatus::Voided) else {
        return Ok(reward.clone());
    };
    if was_used(draft, reward)? {
        return Ok(reward.clone());
    }
    tally::subtract(draft, place)?;
    let mut free = (**reward).clone();
    free.place = None;
    Ok(draft.save(free))
}

/// Whether something of a reward's voucher was redeemed, or of those that it was replaced by.
pub fn was_used(draft: &Draft<'_>, reward: &Reward) -> Result<bool, Stop> {
    let mut next = reward.voucher;
    while let Some(id) = next {
        let (voucher, uses) = (draft.expect::<Voucher>(id), draft.get::<VoucherUse>(VoucherUse::id_of(id)));
        let (voucher, uses) = (voucher?, uses?);
        if uses.is_some_and(|uses| uses.used > 0) {
            return Ok(true);
        }
        next = voucher.replaces;
    }
    Ok(false)
}

/// Takes back what waits, and frees its places; answers what stays.
pub fn take_pending_back(
    draft: &mut Draft<'_>,
    rewards: Vec<Rc<Reward>>,
    because: &Because<'_>,
) -> Result<Vec<Rc<Reward>>, Stop> {
    let mut all = Vec::with_capacity(rewards.len());
    for mut reward in rewards {
        if reward.status == RewardStatus::Pending {
            reward = take_back(draft, &reward, because)?;
        }
        all.push(free_friend(draft, &reward)?);
    }
    Ok(all)
}

/// Everything that was spent of a voucher came back: a reward that was taken back with it takes no place any
/// more.
pub fn free_unused(draft: &mut Draft<'_>, reward: &Rc<Reward>) -> Result<(), Stop> {
    if reward.status != RewardStatus::Voided || was_used(draft, reward)? {
        return Ok(());
    }
    let mut free = (**reward).clone();
    free_places(draft, &mut free)?;
    let free = draft.save(free);
    if let Some(order) = free.conversion
        && draft.expect::<Conversion>(order)?.is_undone()
    {
        free_friend(draft, &free)?;
    }
    Ok(())
}

/// A reward that was taken back counts for no limit of its customer any more; for one that its program
/// got later it never did. The friend's place stays taken, unless his order was cancelled or wholly
/// returned.
pub fn free_places(draft: &mut Draft<'_>, reward: &mut Reward) -> Result<(), Stop> {
    for subject in std::mem::take(&mut reward.counted_by.0) {
        tally::subtract(draft, &subject)?;
    }
    Ok(())
}
