//! The reward that a voucher was made of, and what becomes of it with its voucher.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::records::account::GRANTS;
use crate::records::offer::offer_account;
use crate::records::program::budget_account;
use crate::records::reward::{RewardStatus, Step};
use crate::records::voucher::VoucherSource;
use crate::records::{EventKind, Grant, Reward, Voucher};
use crate::views;
use crate::world::Stop;

/// The account that a reward is paid from, and where it returns to.
pub fn source_account(reward: &Reward) -> String {
    match (reward.offer(), reward.program) {
        (Some(offer), _) => offer_account(offer),
        (None, Some(program)) => budget_account(program),
        (None, None) => GRANTS.to_owned(),
    }
}

/// Takes the next step, with who and why, and what it is worth from then on.
pub fn step(draft: &Draft<'_>, mut reward: Reward, status: RewardStatus, why: Option<&str>) -> Reward {
    reward.status = status;
    reward.history.0.push(Step {
        status,
        at: draft.at(),
        who: draft.context.actor.clone(),
        why: why.map(str::to_owned),
        amount: reward.amount,
    });
    reward
}

/// The reward that a voucher was made of.
pub fn of_voucher(draft: &Draft<'_>, voucher: &Voucher) -> Result<Option<Rc<Reward>>, Stop> {
    let reward = match (voucher.source, voucher.source_id) {
        (VoucherSource::Reward, Some(reward)) => Some(reward),
        (VoucherSource::Grant, Some(grant)) => draft.expect::<Grant>(grant)?.reward,
        _ => None,
    };
    reward.map(|reward| draft.expect::<Reward>(reward)).transpose()
}

/// What becomes of a reward when something becomes of its voucher.
pub struct Follow<'a> {
    /// Only from these states.
    pub from: &'a [RewardStatus],
    /// To this one.
    pub to: RewardStatus,
    /// Why.
    pub why: Option<&'a str>,
    /// The event that tells of it.
    pub event: Option<EventKind>,
}

/// A voucher's last use spends its reward; of its face so much was redeemed, minor units.
pub fn spend(draft: &mut Draft<'_>, voucher: &Voucher, redeemed: i64) -> Result<(), Stop> {
    let to_spent = Follow {
        from: &[RewardStatus::Issued],
        to: RewardStatus::Spent,
        why: None,
        event: Some(EventKind::RewardSpent),
    };
    if let Some(spent) = follow(draft, voucher, &to_spent)? {
        draft.save(Reward { redeemed_amount: redeemed, ..(*spent).clone() });
    }
    Ok(())
}

/// Takes the reward of a voucher to where its voucher went; `None`: there is none, or it stands elsewhere.
pub fn follow(draft: &mut Draft<'_>, voucher: &Voucher, follow: &Follow<'_>) -> Result<Option<Rc<Reward>>, Stop> {
    let reward = of_voucher(draft, voucher)?.filter(|reward| follow.from.contains(&reward.status));
    let Some(reward) = reward else { return Ok(None) };
    let mut next = step(draft, (*reward).clone(), follow.to, follow.why);
    next.expires_at = voucher.valid_until;
    next.redeemed_amount = 0;
    let next = draft.save(next);
    if let Some(event) = follow.event {
        draft.event(event, &views::reward::reward(&next))?;
    }
    Ok(Some(next))
}
