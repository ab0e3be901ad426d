//! Clawing back a reward when its order shrinks or falls: its value returns to where it came from. What was spent
//! already is forgiven, and is taken after all when it comes back.
//!
//! How much is taken and how much is forgiven says [`clawback_rule`](super::clawback_rule).

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, post_covered};
use crate::decide::mail::outbox;
use crate::decide::rewards::clawback_rule::{Clawback, Held, clawback_of};
use crate::decide::rewards::voiding::{Because, void_reward};
use crate::decide::vouchers::purse::Purse;
use crate::decide::vouchers::reward_of::{of_voucher, source_account, step};
use crate::decide::vouchers::reward_usage::{free_unused, free_usage};
use crate::decide::vouchers::{balance, hold_ending, voucher};
use crate::records::account::{FORGIVEN, PENDING, REDEEMED, credit_account};
use crate::records::benefit::{BenefitKind, Effect};
use crate::records::entry::EntryKind;
use crate::records::message::Withdrawal;
use crate::records::refund::{Outcome, RewardOutcome};
use crate::records::reward::RewardStatus::{self, *};
use crate::records::voucher::VoucherStatus;
use crate::records::{EventKind, Id, Reward, Voucher};
use crate::views;
use crate::world::Stop;

/// Takes a reward to what it comes to now; `None`: it falls.
pub fn claw_back(
    draft: &mut Draft<'_>,
    reward: &Rc<Reward>,
    target: Option<i64>,
    because: &Because<'_>,
) -> Result<(Rc<Reward>, RewardOutcome), Stop> {
    let before = reward.cost_amount;
    if reward.status == Voided {
        return Ok((reward.clone(), told(reward, Outcome::Gone, before, 0)));
    }
    let held = held(draft, reward)?;
    let clawback = clawback_of(held, target);
    let was_let_go = reward.owed_by.is_some() && (reward.forgiven_amount > 0 || !is_credit(reward));
    if was_let_go && clawback.taken == 0 && clawback.forgiven == 0 {
        return Ok((reward.clone(), told(reward, Outcome::Gone, before, 0)));
    }
    let has_lapsed = reward.status == Expired;
    let after = match clawback.outcome {
        Outcome::Kept | Outcome::Gone => reward.clone(),
        Outcome::Voided if has_lapsed => bury(draft, reward, because)?,
        Outcome::Voided => void_reward(draft, reward, because)?,
        Outcome::Reduced | Outcome::Forgiven => lower(draft, reward, &held, &clawback, because)?,
    };
    let outcome = if has_lapsed && clawback.outcome != Outcome::Forgiven { Outcome::Gone } else { clawback.outcome };
    let told = told(&after, outcome, before, clawback.forgiven);
    Ok((after, told))
}

fn told(reward: &Reward, outcome: Outcome, before: i64, forgiven: i64) -> RewardOutcome {
    let after = if matches!(reward.status, Voided | Expired) { 0 } else { reward.cost_amount };
    RewardOutcome { id: reward.id, to: reward.to_side, outcome, status: reward.status, before, after, forgiven }
}

fn is_credit(reward: &Reward) -> bool {
    reward.benefit.kind == BenefitKind::StoreCredit
}

/// What a reward holds: of one that lapsed, what can be revived can be taken back as well. What was handed over is
/// spent.
fn held(draft: &Draft<'_>, reward: &Reward) -> Result<Held, Stop> {
    let cost = reward.cost_amount;
    let forgiven = reward.forgiven_amount;
    let balance = |beyond: i64| Held { cost, beyond, redeemed: beyond, forgiven, is_used: beyond > 0 };
    if reward.status.waits() {
        return Ok(balance(0));
    }
    if reward.benefit.kind.is_handed_over() {
        return Ok(Held { is_used: true, ..balance(cost) });
    }
    if is_credit(reward) {
        let owner = customer_lookup::current(draft, reward.customer)?;
        let left = Purse::of_credit(draft, &owner, reward.currency)?.whole(draft)?;
        let beyond = if reward.status == Spent { cost } else { cost - left.clamp(0, cost) };
        return Ok(balance(beyond));
    }
    let Some(voucher) = reward.voucher else { return Ok(balance(0)) };
    let voucher = draft.expect::<Voucher>(voucher)?;
    if voucher.is_balance() {
        let left = Purse::of_card(&voucher).whole(draft)? + voucher.lapsed_amount;
        return Ok(balance(cost - left.clamp(0, cost)));
    }
    Ok(match balance::standing(draft, &voucher)?.used {
        0 => balance(0),
        _ => Held { cost, beyond: cost, redeemed: reward.redeemed_amount, forgiven, is_used: true },
    })
}

/// Takes what can be taken of a reward that stays, and lets go what was spent.
fn lower(
    draft: &mut Draft<'_>,
    reward: &Reward,
    held: &Held,
    clawback: &Clawback,
    because: &Because<'_>,
) -> Result<Rc<Reward>, Stop> {
    take(draft, reward, clawback, because)?;
    let entry = entry(reward, EntryKind::Forgiven, REDEEMED, FORGIVEN, clawback.forgiven, because.cause);
    post_covered(draft, &entry)?;
    let is_spent = !reward.status.waits() && clawback.cost <= held.beyond;
    let status = if is_spent { Spent } else { reward.status };
    let mut after = reward.clone();
    after.forgiven_amount += clawback.forgiven;
    set_cost(&mut after, clawback.cost);
    let mut after = step(draft, after, status, Some(because.why));
    // Credit has no code by which what comes back of it would be known again.
    if clawback.outcome == Outcome::Forgiven || (is_spent && is_credit(reward)) {
        after.owed_by = Some(customer_lookup::current(draft, reward.customer)?.id);
    }
    let after = draft.save(after);
    if clawback.taken > 0 {
        draft.event(EventKind::RewardReduced, &views::reward::reward(&after))?;
        if reward.status == Issued {
            let left = clawback.cost - held.beyond;
            tell(draft, reward, clawback.taken, left, because)?;
        }
    }
    Ok(after)
}

/// Tells the customer what was taken of a reward that he was given. Of credit nobody knows which part
/// was spent.
fn tell(draft: &mut Draft<'_>, reward: &Reward, taken: i64, left: i64, because: &Because<'_>) -> Result<(), Stop> {
    let is_card = reward.benefit.kind == BenefitKind::GiftCard;
    let is_balance = reward.benefit.kind.effect() == Effect::Payment;
    let withdrawal = Withdrawal {
        by: because.by(reward),
        taken: if is_balance { Some(taken) } else { reward.amount },
        left: Some(left).filter(|left| is_card && *left > 0),
        is_used: is_card && reward.cost_amount - taken > left,
    };
    outbox::queue_withdrawal(draft, reward, withdrawal)
}

fn set_cost(reward: &mut Reward, cost: i64) {
    reward.cost_amount = cost;
    reward.amount = reward.amount.map(|amount| amount.min(cost));
}

/// Takes back what the rule says, from where the reward's value lies.
fn take(draft: &mut Draft<'_>, reward: &Reward, clawback: &Clawback, because: &Because<'_>) -> Result<(), Stop> {
    if clawback.taken == 0 {
        return Ok(());
    }
    let voucher = reward.voucher.map(|voucher| draft.expect::<Voucher>(voucher)).transpose()?;
    let (from, to) = match &voucher {
        // It returned when it lapsed; now less of it can be revived.
        Some(voucher) if voucher.lapsed_amount > 0 => {
            lower_face(draft, voucher, clawback.taken);
            return Ok(());
        }
        Some(voucher) => {
            Purse::of_card(voucher).free(draft, clawback.taken)?;
            (voucher.account(), voucher.source_account.clone())
        }
        None if reward.status.waits() => (PENDING.to_owned(), source_account(reward)),
        None => {
            let owner = customer_lookup::current(draft, reward.customer)?;
            Purse::of_credit(draft, &owner, reward.currency)?.free(draft, clawback.taken)?;
            (owner.credit_account(), source_account(reward))
        }
    };
    post_covered(draft, &entry(reward, EntryKind::Voided, &from, &to, clawback.taken, because.cause))?;
    if let Some(voucher) = voucher {
        lower_face(draft, &voucher, clawback.taken);
    }
    Ok(())
}

/// A card is worth less from now on.
fn lower_face(draft: &mut Draft<'_>, voucher: &Voucher, taken: i64) {
    let mut lowered = voucher.clone();
    lowered.face_amount = (lowered.face_amount - taken).max(0);
    lowered.amount = lowered.amount.map(|amount| (amount - taken).max(0));
    lowered.lapsed_amount = (lowered.lapsed_amount - taken).max(0);
    draft.save(lowered);
}

/// A voucher that lapsed cannot be revived once its order has fallen.
fn bury(draft: &mut Draft<'_>, reward: &Reward, because: &Because<'_>) -> Result<Rc<Reward>, Stop> {
    if let Some(voucher) = reward.voucher {
        let voucher = draft.expect::<Voucher>(voucher)?;
        if voucher.status == VoucherStatus::Active {
            voucher::withdraw(draft, &voucher)?;
        }
    }
    let mut free = reward.clone();
    free_usage(draft, &mut free)?;
    let buried = draft.save(step(draft, free, Voided, Some(because.why)));
    draft.event(EventKind::RewardVoided, &views::reward::reward(&buried))?;
    Ok(buried)
}

fn entry<'a>(reward: &Reward, kind: EntryKind, from: &'a str, to: &'a str, amount: i64, cause: Id) -> Move<'a> {
    Move {
        kind,
        debit: from,
        credit: to,
        amount,
        currency: reward.currency,
        cause,
        customer: Some(reward.customer),
        reverses: None,
    }
}

/// Raises a share that waits, because its order grew; whole, or not at all where the budget has no room.
pub fn raise(draft: &mut Draft<'_>, reward: &Rc<Reward>, cost: i64, because: &Because<'_>) -> Result<Rc<Reward>, Stop> {
    let source = source_account(reward);
    hold_ending::make_room_in(draft, &source, cost - reward.cost_amount)?;
    let more = entry(reward, EntryKind::Pending, &source, PENDING, cost - reward.cost_amount, because.cause);
    if let ledger::Moved::TooLow { .. } = ledger::post(draft, &more)? {
        return Ok(reward.clone());
    }
    let mut raised = (**reward).clone();
    raised.cost_amount = cost;
    raised.amount = Some(cost);
    let raised = draft.save(step(draft, raised, Pending, Some(because.why)));
    draft.event(EventKind::RewardPending, &views::reward::reward(&raised))?;
    Ok(raised)
}

/// A redemption was undone, and so much came back to a voucher: where its reward had been forgiven, it
/// is taken after all.
pub fn reclaim_voucher(draft: &mut Draft<'_>, voucher: &Voucher, came_back: i64, cause: Id) -> Result<(), Stop> {
    let Some(reward) = of_voucher(draft, voucher)?.filter(|reward| reward.owed_by.is_some()) else {
        return Ok(());
    };
    let because = Because { cause, why: "its order had come back" };
    if !voucher.is_balance() {
        undo_forgiving(draft, &reward, reward.forgiven_amount, cause)?;
        voucher::withdraw(draft, voucher)?;
        let all = Taking { taken: reward.forgiven_amount, left: 0, status: Voided };
        return end(draft, &reward, all, &because);
    }
    let taken = came_back.min(reward.forgiven_amount);
    undo_forgiving(draft, &reward, taken, cause)?;
    let (from, to) = (voucher.account(), voucher.source_account.clone());
    post_covered(draft, &entry(&reward, EntryKind::Voided, &from, &to, taken, reward.id))?;
    lower_face(draft, voucher, taken);
    if reward.cost_amount == taken {
        voucher::withdraw(draft, &*draft.expect::<Voucher>(voucher.id)?)?;
    }
    let left = ledger::account(draft, &from, reward.currency)?.balance;
    end(draft, &reward, Taking { taken, left, status: if left > 0 { Issued } else { Spent } }, &because)
}

/// The same for store credit that came back to a customer; beyond that it can be spent again.
pub fn reclaim_credit(draft: &mut Draft<'_>, customer: Id, came_back: i64, cause: Id) -> Result<(), Stop> {
    let mut left = came_back;
    let owed = draft.list(&Reward::OWED_BY, customer)?;
    draft.each(owed, |draft, reward| {
        if left == 0 || !is_credit(&reward) {
            return Ok(());
        }
        let taken = left.min(reward.forgiven_amount);
        left -= taken;
        let stays = left.min(reward.cost_amount - taken);
        left -= stays;
        if taken == 0 {
            let back = step(draft, (*reward).clone(), Issued, Some("redemption reversed"));
            draft.save(Reward { owed_by: None, ..back });
            return Ok(());
        }
        let status = if stays > 0 { Issued } else { Spent };
        undo_forgiving(draft, &reward, taken, cause)?;
        let (from, to) = (credit_account(customer), source_account(&reward));
        post_covered(draft, &entry(&reward, EntryKind::Voided, &from, &to, taken, reward.id))?;
        let part = Taking { taken, left: 0, status };
        end(draft, &reward, part, &Because { cause, why: "its order had come back" })?;
        Ok(())
    })?;
    Ok(())
}

fn undo_forgiving(draft: &mut Draft<'_>, reward: &Reward, amount: i64, cause: Id) -> Result<(), Stop> {
    post_covered(draft, &entry(reward, EntryKind::Reversed, FORGIVEN, REDEEMED, amount, cause))?;
    Ok(())
}

/// What is taken of what had been forgiven, what can still be spent, and where the reward stands then.
#[derive(Clone, Copy)]
struct Taking {
    taken: i64,
    left: i64,
    status: RewardStatus,
}

/// Notes that so much less was forgiven, because it was taken; of a reward that costs nothing any more
/// nothing is left.
fn end(draft: &mut Draft<'_>, reward: &Reward, taking: Taking, because: &Because<'_>) -> Result<(), Stop> {
    let Taking { taken, left, status } = taking;
    let cost = reward.cost_amount - taken;
    let status = if cost == 0 { Voided } else { status };
    let mut after = reward.clone();
    after.forgiven_amount -= taken;
    if status == Voided {
        free_usage(draft, &mut after)?;
    } else {
        set_cost(&mut after, cost);
    }
    let mut after = step(draft, after, status, Some(because.why));
    let is_owed = after.forgiven_amount > 0 || (status == Spent && is_credit(reward));
    after.owed_by = after.owed_by.filter(|_| status != Voided && is_owed);
    let after = draft.save(after);
    free_unused(draft, &after)?;
    let event = if status == Voided { EventKind::RewardVoided } else { EventKind::RewardReduced };
    draft.event(event, &views::reward::reward(&after))?;
    tell(draft, reward, taken, left, because)
}
