//! What follows when something happened to an order: its status, and what becomes of its rewards, its redemption
//! and the counters that counted it. The caller brings the facts; everything else is here, so that it does not
//! matter by which facts an order came to its status.

use std::rc::Rc;

use crate::decide::counter;
use crate::decide::customer_lookup::{self, ERASED};
use crate::decide::draft::Draft;
use crate::decide::orders::order_status;
use crate::decide::referrals::attribution;
use crate::decide::rewards::clawback::{claw_back, raise};
use crate::decide::rewards::clawback_rule::{Rest, target};
use crate::decide::rewards::issue::issue_pending;
use crate::decide::rewards::milestone;
use crate::decide::rewards::voiding::{self, Because, void_pending};
use crate::decide::vouchers::reward_usage::free_friend;
use crate::records::conversion::ConversionStatus;
use crate::records::money::Currency;
use crate::records::refund::RewardOutcome;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, EventKind, Id, Program, Reward, Why};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The conversion that a path names: by its id or by the shop's id of the order.
pub fn named(draft: &Draft<'_>, name: &str) -> Result<Rc<Conversion>, Stop> {
    let found = find(draft, name)?;
    let found = found.ok_or_else(|| Rejection::new(Code::NotFound, format!("There is no order {name}.")))?;
    Ok(found)
}

/// The same, where there is one. What can be read as an id of ours is one: an order of old that the shop calls
/// so is found by its own id.
pub fn find(draft: &Draft<'_>, name: &str) -> Result<Option<Rc<Conversion>>, Stop> {
    match Id::parse("cnv", name) {
        Some(id) => draft.get::<Conversion>(id),
        None => draft.find(&Conversion::BY_ORDER, name),
    }
}

/// An order with everything done that follows from its facts.
pub struct UpdatedOrder {
    /// The order.
    pub conversion: Rc<Conversion>,
    /// Its rewards.
    pub rewards: Vec<Rc<Reward>>,
    /// What became of them, when the order shrank or fell.
    pub outcomes: Vec<RewardOutcome>,
}

/// Brings an order up to date with its facts, and does what follows. `before` is the order without the
/// new fact, `after` with it. An order whose friend turned out to be its advocate before it was approved is
/// credited to nobody, and what waited for either side is voided.
pub fn update_order(
    draft: &mut Draft<'_>,
    before: &Conversion,
    mut after: Conversion,
    because: &Because<'_>,
) -> Result<UpdatedOrder, Stop> {
    order_status::set_status(&mut after, draft.at());
    if after.is_undone()
        && let Some(subject) = after.counted_in.take()
    {
        counter::subtract(draft, &subject)?;
    }
    if after.has_fallen() {
        attribution::take_credit_away(draft, &mut after)?;
    }
    // Milestones are looked for at the end.
    let program = after.program.map(|program| draft.get::<Program>(program)).transpose();
    let mut rewards = draft.list(&Reward::OF_CONVERSION, after.id)?;
    program?;
    rewards.sort_by_key(|reward| (reward.rule(), reward.created_at));
    let is_approved = before.approved_at.is_none() && after.status == ConversionStatus::Approved;
    let pays_himself = is_approved && attribution::credits_himself(draft, &after)?;
    if pays_himself {
        rewards = void_pending(draft, rewards, &Because { why: Why::SelfReferral.as_str(), ..*because })?;
    }
    let (rewards, outcomes) = shrink(draft, before, &after, rewards, because)?;
    let rewards = draft.each(rewards, |draft, reward| go_on(draft, &after, &reward))?;
    if pays_himself {
        attribution::credit_nobody(draft, &mut after, Why::SelfReferral)?;
    }
    milestone::recount(draft, &mut after, because)?;
    let conversion = draft.save(after);
    tell(draft, before, &conversion, &rewards)?;
    Ok(UpdatedOrder { conversion, rewards, outcomes })
}

type Shrunk = (Vec<Rc<Reward>>, Vec<RewardOutcome>);

/// Takes every reward to what it comes to for what is left of the order.
fn shrink(
    draft: &mut Draft<'_>,
    before: &Conversion,
    after: &Conversion,
    rewards: Vec<Rc<Reward>>,
    because: &Because<'_>,
) -> Result<Shrunk, Stop> {
    let currency = draft.shop.currency;
    let rest = rest(after, currency);
    if !rest.has_fallen && rest == self::rest(before, currency) {
        return Ok((rewards, Vec::new()));
    }
    let grows = after.worth(currency) > before.worth(currency);
    let shrunk = draft.each(rewards, |draft, reward| {
        let goal = target(&reward.benefit, reward.cost_amount, rest);
        let more = goal.filter(|goal| grows && reward.status == RewardStatus::Pending && *goal > reward.cost_amount);
        if let Some(more) = more {
            return Ok((raise(draft, &reward, more, because)?, None));
        }
        let (mut reward, outcome) = claw_back(draft, &reward, goal, because)?;
        if after.is_undone() {
            reward = free_friend(draft, &reward)?;
        }
        Ok((reward, Some(outcome)))
    })?;
    let (rewards, outcomes): (Vec<_>, Vec<_>) = shrunk.into_iter().unzip();
    Ok((rewards, outcomes.into_iter().flatten().collect()))
}

fn rest(conversion: &Conversion, currency: Currency) -> Rest {
    Rest {
        worth: conversion.worth(currency).unwrap_or(0),
        measured: conversion.measured(currency).unwrap_or(0),
        least: conversion.terms.as_ref().map_or(0, |terms| terms.min_order_amount),
        is_part: conversion.refunded_amount > 0,
        has_fallen: conversion.has_fallen(),
    }
}

/// A pending reward is issued with its order, unless its owner was erased meanwhile, or waits as long as it.
fn go_on(draft: &mut Draft<'_>, conversion: &Conversion, reward: &Rc<Reward>) -> Result<Rc<Reward>, Stop> {
    if reward.status != RewardStatus::Pending {
        return Ok(reward.clone());
    }
    if conversion.status == ConversionStatus::Approved {
        let is_gone = customer_lookup::current(draft, reward.customer)?.is_erased();
        let erased = Because { cause: reward.id, why: ERASED };
        return if is_gone { voiding::void_reward(draft, reward, &erased) } else { issue_pending(draft, reward) };
    }
    if reward.pending_until == conversion.pending_until {
        return Ok(reward.clone());
    }
    Ok(draft.save(Reward { pending_until: conversion.pending_until, ..(**reward).clone() }))
}

/// Tells of a new state.
fn tell(draft: &mut Draft<'_>, before: &Conversion, after: &Conversion, rewards: &[Rc<Reward>]) -> Result<(), Stop> {
    let event = match after.status {
        _ if before.status == after.status => return Ok(()),
        ConversionStatus::Approved if before.program.or(after.program).is_some() => EventKind::ConversionApproved,
        ConversionStatus::Review => EventKind::ConversionReview,
        ConversionStatus::Cancelled => EventKind::ConversionCancelled,
        ConversionStatus::Rejected => EventKind::ConversionRejected,
        ConversionStatus::Reversed => EventKind::ConversionReversed,
        ConversionStatus::Approved | ConversionStatus::Unpaid | ConversionStatus::Pending => return Ok(()),
    };
    draft.event(event, &views::conversion::conversion(after, rewards))
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
