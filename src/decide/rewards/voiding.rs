//! Voiding a reward: its value returns to where it came from, and it no longer counts for any limit.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, Moved, post, post_covered};
use crate::decide::mail::outbox;
use crate::decide::vouchers::purse::Purse;
use crate::decide::vouchers::reward_of::{source_account, step};
use crate::decide::vouchers::reward_usage::{free_friend, free_usage};
use crate::decide::vouchers::{balance, voucher};
use crate::records::account::{FORGIVEN, PENDING, REDEEMED};
use crate::records::benefit::BenefitKind;
use crate::records::entry::EntryKind;
use crate::records::message::{Withdrawal, WithdrawnBy};
use crate::records::reward::RewardStatus;
use crate::records::{EventKind, Id, Reward, Voucher};
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

/// Takes back a reward that is pending, due or issued, and tells its customer where he had been told of it.
/// Refuses when something of it was spent. What the shop handed over has come back to it.
pub fn void_reward(draft: &mut Draft<'_>, reward: &Reward, because: &Because<'_>) -> Result<Rc<Reward>, Stop> {
    if reward.status.waits() {
        post_covered(draft, &voiding_entry(reward, PENDING, &source_account(reward), because.cause))?;
    } else if reward.benefit.kind == BenefitKind::StoreCredit {
        take_credit(draft, reward, because.cause)?;
    } else if reward.benefit.kind.is_handed_over() {
        take_gift(draft, reward, because.cause)?;
    } else {
        take_voucher(draft, reward)?;
    }
    let mut free = reward.clone();
    if reward.benefit.kind.is_handed_over() {
        (free.forgiven_amount, free.owed_by) = (0, None);
    }
    free_usage(draft, &mut free)?;
    let voided = draft.save(step(draft, free, RewardStatus::Voided, Some(because.why)));
    draft.event(EventKind::RewardVoided, &views::reward::reward(&voided))?;
    if !reward.status.waits() {
        let whole = Withdrawal { by: because.by(reward), taken: reward.amount, left: None, is_used: false };
        outbox::queue_withdrawal(draft, reward, whole)?;
    }
    Ok(voided)
}

/// The entry that undoes a reward.
fn voiding_entry<'a>(reward: &Reward, from: &'a str, to: &'a str, cause: Id) -> Move<'a> {
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
    let owner = customer_lookup::current(draft, reward.customer)?;
    Purse::of_credit(draft, &owner, reward.currency)?.free(draft, reward.cost_amount)?;
    match post(draft, &voiding_entry(reward, &owner.credit_account(), &source_account(reward), cause))? {
        Moved::Done(_) => Ok(()),
        Moved::TooLow { available } => {
            let detail =
                format!("Of the credit {available} is left, less than the reward gave; it was spent meanwhile.");
            Err(Rejection::new(Code::BalanceTooLow, detail).into())
        }
    }
}

/// What was handed over has come back: nothing was spent, and nothing of it was let go.
fn take_gift(draft: &mut Draft<'_>, reward: &Reward, cause: Id) -> Result<(), Stop> {
    let let_go = voiding_entry(reward, FORGIVEN, REDEEMED, cause);
    post_covered(draft, &Move { kind: EntryKind::Reversed, amount: reward.forgiven_amount, ..let_go })?;
    post_covered(draft, &voiding_entry(reward, REDEEMED, &source_account(reward), cause))?;
    Ok(())
}

fn take_voucher(draft: &mut Draft<'_>, reward: &Reward) -> Result<(), Stop> {
    let Some(voucher) = reward.voucher else { return Ok(()) };
    let voucher = draft.expect::<Voucher>(voucher)?;
    // A card that was used and then replaced has no uses of its own.
    let is_used = match voucher.is_balance() {
        true => Purse::of_card(&voucher).whole(draft)? < reward.cost_amount,
        false => balance::standing(draft, &voucher)?.used > 0,
    };
    if is_used {
        let id = voucher.id;
        let detail = format!("Its voucher was used; POST /v1/vouchers/{id}/void takes back what is left of it.");
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    voucher::withdraw(draft, &voucher)?;
    Ok(())
}

/// Voids what is pending or due, and counts it for no limit any more; answers all of them.
pub fn void_pending(
    draft: &mut Draft<'_>,
    rewards: Vec<Rc<Reward>>,
    because: &Because<'_>,
) -> Result<Vec<Rc<Reward>>, Stop> {
    draft.each(rewards, |draft, mut reward| {
        if reward.status.waits() {
            reward = void_reward(draft, &reward, because)?;
        }
        free_friend(draft, &reward)
    })
}
