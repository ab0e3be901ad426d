//! Taking a reward back: its value returns to where it came from, and its place is free again.

use std::rc::Rc;

use super::reward::{customer_places, source_account, step};
use super::{person, voucher};
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, Moved, post, post_covered};
use crate::records::account::{PENDING, credit_account};
use crate::records::benefit::BenefitKind;
use crate::records::entry::EntryKind;
use crate::records::reward::RewardStatus;
use crate::records::{Id, Reward, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward that a path names.
pub fn named(draft: &Draft<'_>, id: Id) -> Result<Rc<Reward>, Stop> {
    draft.get::<Reward>(id)?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such reward.").into())
}

/// Takes back a reward that is pending or issued. Refuses when something of it was spent.
pub fn take_back(draft: &mut Draft<'_>, reward: &Reward, why: &str) -> Result<Rc<Reward>, Stop> {
    if reward.status == RewardStatus::Pending {
        post_covered(draft, &voiding(reward, PENDING, &source_account(reward)))?;
    } else if reward.benefit.kind == BenefitKind::StoreCredit {
        take_credit(draft, reward)?;
    } else {
        take_voucher(draft, reward)?;
    }
    free_places(draft, reward)?;
    let voided = draft.save(step(draft, reward.clone(), RewardStatus::Voided, Some(why)));
    draft.event("reward.voided", &views::reward::reward(&voided))?;
    Ok(voided)
}

/// The entry that undoes a reward.
fn voiding<'a>(reward: &Reward, from: &'a str, to: &'a str) -> Move<'a> {
    Move {
        kind: EntryKind::Voided,
        debit: from,
        credit: to,
        amount: reward.cost_amount,
        currency: reward.currency,
        cause: reward.id,
        customer: Some(reward.customer),
        reverses: None,
    }
}

fn take_credit(draft: &mut Draft<'_>, reward: &Reward) -> Result<(), Stop> {
    match post(draft, &voiding(reward, &credit_account(reward.customer), &source_account(reward)))? {
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
    if voucher::standing(draft, &voucher)?.used > 0 {
        let detail = "Its voucher was used; POST /v1/vouchers/{id}/void takes back what is left of it.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    voucher::withdraw(draft, &voucher)?;
    Ok(())
}

/// A reward that was taken back counts for no limit of its customer. The friend's place stays
/// taken: he was new once.
pub fn free_places(draft: &mut Draft<'_>, reward: &Reward) -> Result<(), Stop> {
    let (Some(program), Some((_, rule))) = (reward.program, reward.once.rsplit_once('/')) else { return Ok(()) };
    let person = person::of_id(draft, reward.customer)?;
    for places in customer_places(draft, program, rule, reward.created_at) {
        person::subtract(draft, &person, |id| places.subject(id))?;
    }
    Ok(())
}
