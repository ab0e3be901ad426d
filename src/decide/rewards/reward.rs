//! Earning, issuing and withdrawing rewards.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, Moved, post};
use crate::decide::mail::outbox::mail_to;
use crate::decide::people::person::{self};
use crate::decide::programs::budget::{exhausted, warn};
use crate::decide::programs::usage_limits::{Limit, friend_limit, limits};
use crate::decide::rewards::issue::{Tell, issue};
use crate::decide::vouchers::hold_ending;
use crate::decide::vouchers::reward_of::step;
use crate::records::account::PENDING;
use crate::records::benefit::Benefit;
use crate::records::entry::EntryKind;
use crate::records::message::MessageKind;
use crate::records::program::{RewardOn, RewardRule, Side, budget_account};
use crate::records::reward::RewardStatus;
use crate::records::shop::MailSwitch;
use crate::records::trial::{Arm, is_held_out};
use crate::records::why::RefusedReward;
use crate::records::{Customer, EventKind, Id, Json, Program, Reward, Timestamp, Why};
use crate::views;
use crate::world::Stop;

/// Who earns what by what.
pub struct Earning<'a> {
    /// The program that pays.
    pub program: &'a Program,
    /// Which of its rewards.
    pub on: RewardOn,
    /// Who recommended.
    pub advocate: Option<&'a Customer>,
    /// Who came.
    pub friend: &'a Customer,
    /// The order that earns it; none for a referral.
    pub order: Option<Order<'a>>,
    /// The referral that earns it.
    pub referral: Option<Id>,
    /// Where the advocate stands in a trial: those who are held out earn nothing, and nor do their friends.
    pub arm: Option<Arm>,
    /// How long it waits.
    pub wait: Wait,
    /// Where it is counted.
    pub origin: Origin,
}

/// Where what earned a reward is counted, and so is the reward.
pub struct Origin {
    /// When it happened.
    pub at: Timestamp,
    /// The channel of the share that brought it.
    pub channel: Option<String>,
    /// The placement at which that share is counted.
    pub placed: Option<String>,
}

/// The order that earns rewards.
pub struct Order<'a> {
    /// Its conversion.
    pub conversion: Id,
    /// Its kind: only rules that count it pay.
    pub kind: &'a str,
    /// What shares of it are taken of, minor units.
    pub worth: i64,
    /// Whether part of it came back: shares are then rounded down.
    pub is_part: bool,
    /// How often it was credited anew.
    pub round: i64,
    /// Sides that have something of it already, and get nothing more.
    pub served: &'a [Side],
}

/// How long a reward waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Not at all, or no longer.
    Over,
    /// Until then; `None`: what the wait counts from has not come yet.
    Until(Option<Timestamp>),
}

impl Wait {
    fn until(self) -> Option<Timestamp> {
        match self {
            Wait::Over => None,
            Wait::Until(until) => until,
        }
    }
}

impl Earning<'_> {
    /// Whether a rule pays for this.
    fn is_paid_by(&self, rule: &RewardRule) -> bool {
        let of_order = |order: &Order<'_>| rule.counts(order.kind) && !order.served.contains(&rule.to);
        rule.on == self.on && self.order.as_ref().is_none_or(of_order)
    }

    fn amount(&self, benefit: &Benefit) -> Option<i64> {
        match &self.order {
            Some(order) if order.is_part => benefit.amount_for_rest(order.worth),
            order => benefit.amount_for(order.as_ref().map_or(0, |order| order.worth)),
        }
    }

    /// What names a reward of the n-th rule once and for all.
    fn unique_key(&self, reward: Id, index: usize) -> String {
        match &self.order {
            Some(order) if order.round > 0 => format!("{}.{}/{index}", order.conversion, order.round),
            Some(order) => format!("{}/{index}", order.conversion),
            None => format!("{}/{index}", self.referral.unwrap_or(reward)),
        }
    }
}

/// What was earned.
#[derive(Default)]
pub struct Earned {
    /// Rewards, in the order of the rules.
    pub rewards: Vec<Rc<Reward>>,
    /// Rewards that were not given, and why.
    pub refused: Vec<RefusedReward>,
}

impl Earned {
    /// Nothing of what an order could have earned on conversion.
    pub fn refused(program: &Program, kind: &str, reason: Why) -> Self {
        let rules = program.rules.rewards.iter().filter(|rule| rule.on == RewardOn::Conversion && rule.counts(kind));
        let refused = rules.map(|rule| RefusedReward { to: rule.to, reason }).collect();
        Self { rewards: Vec::new(), refused }
    }
}

/// Gives each reward of the program that is earned, whole, in list order.
pub fn earn(draft: &mut Draft<'_>, earning: &Earning<'_>) -> Result<Earned, Stop> {
    let mut earned = Earned::default();
    for (index, rule) in earning.program.rules.rewards.iter().enumerate().filter(|(_, rule)| earning.is_paid_by(rule)) {
        let recipient = match rule.to {
            Side::Advocate => earning.advocate,
            Side::Friend => Some(earning.friend),
        };
        let Some(recipient) = recipient else { continue };
        if is_held_out(earning.arm) {
            earned.refused.push(RefusedReward { to: rule.to, reason: Why::HeldOut });
            continue;
        }
        match earn_one(draft, earning, index, rule, recipient)? {
            Ok(reward) => earned.rewards.push(reward),
            Err(reason) => earned.refused.push(RefusedReward { to: rule.to, reason }),
        }
    }
    Ok(earned)
}

/// A reward, or why there is none.
pub(crate) type Verdict = Result<Rc<Reward>, Why>;

fn earn_one(
    draft: &mut Draft<'_>,
    earning: &Earning<'_>,
    index: usize,
    rule: &RewardRule,
    recipient: &Customer,
) -> Result<Verdict, Stop> {
    let (friend, other) = (person::of(draft, earning.friend), person::of(draft, recipient));
    let (friend, other) = (friend?, other?);
    let id = draft.new_id("rwd");
    let award = Award {
        id,
        program: earning.program,
        rule,
        recipient,
        amount: earning.amount(&rule.benefit),
        conversion: earning.order.as_ref().map(|order| order.conversion),
        referral: earning.referral,
        once: earning.unique_key(id, index),
        place: Some(friend_limit(earning.program, rule, friend)),
        limits: limits(draft, earning.program, rule, other),
        wait: earning.wait,
        origin: &earning.origin,
    };
    give(draft, award)
}

/// What is to be given by a rule.
pub(crate) struct Award<'a> {
    /// The reward's id.
    pub id: Id,
    /// The program that pays.
    pub program: &'a Program,
    /// The rule.
    pub rule: &'a RewardRule,
    /// Who gets it.
    pub recipient: &'a Customer,
    /// Its fixed amount, minor units, where it has one.
    pub amount: Option<i64>,
    /// The order that earns it.
    pub conversion: Option<Id>,
    /// The referral that earns it.
    pub referral: Option<Id>,
    /// What names it once and for all.
    pub once: String,
    /// The limit by the friend, where one brings it.
    pub place: Option<Limit>,
    /// The limits by the recipient.
    pub limits: Vec<Limit>,
    /// How long it waits.
    pub wait: Wait,
    /// Where it is counted.
    pub origin: &'a Origin,
}

/// Gives a reward whole, where limits and budget have room, or says why not.
pub(crate) fn give(draft: &mut Draft<'_>, award: Award<'_>) -> Result<Verdict, Stop> {
    let Award { id, program, rule, recipient, amount, place, limits, wait, origin, .. } = award;
    if amount == Some(0) {
        return Ok(Err(Why::WorthNothing));
    }
    if rule.benefit.is_over(draft.at()) {
        return Ok(Err(Why::Expired));
    }
    let taken: Vec<_> = place.iter().chain(&limits).map(|limit| is_reached(draft, limit)).collect();
    if taken.into_iter().collect::<Result<Vec<bool>, Stop>>()?.contains(&true) {
        return Ok(Err(Why::LimitReached));
    }
    let cost = amount.unwrap_or_else(|| rule.benefit.cost_for(0));
    if !reserve(draft, program, recipient, (id, cost), wait)? {
        return Ok(Err(Why::BudgetExhausted));
    }
    let counted_by = limits.iter().map(|limit| limit.subject(limit.person.id)).collect();
    let place_subject = place.as_ref().map(|limit| limit.subject(limit.person.id));
    for limit in place.into_iter().chain(limits) {
        person::add(draft, &limit.person, |id| limit.subject(id), Some(limit.cap))?;
    }
    let reward = Reward {
        id,
        shop: draft.shop.id,
        version: 0,
        to_side: Some(rule.to),
        on_what: rule.on,
        customer: recipient.id,
        customer_ref: recipient.external_id.clone(),
        program: Some(program.id),
        conversion: award.conversion,
        referral: award.referral,
        grant_id: None,
        channel: origin.channel.clone(),
        placed: origin.placed.clone(),
        counted_at: Some(origin.at),
        once: award.once,
        benefit: Json(rule.benefit.clone()),
        amount,
        currency: draft.shop.currency,
        cost_amount: cost,
        redeemed_amount: 0,
        forgiven_amount: 0,
        owed_by: None,
        place: place_subject,
        counted_by: Json(counted_by),
        status: RewardStatus::Pending,
        pending_until: wait.until(),
        voucher: None,
        reference: None,
        message: None,
        issued_at: None,
        expires_at: None,
        history: Json(Vec::new()),
        created_at: draft.at(),
    };
    if wait == Wait::Over {
        return issue(draft, &reward, &budget_account(program.id), Tell::Customer).map(Ok);
    }
    let reward = draft.save(step(draft, reward, RewardStatus::Pending, None));
    if draft.shop.mail.reward_pending == MailSwitch::Send {
        draft.save(mail_to(draft, recipient, MessageKind::RewardPending, reward.id));
    }
    draft.event(EventKind::RewardPending, &views::reward::reward(&reward))?;
    Ok(Ok(reward))
}

fn is_reached(draft: &Draft<'_>, limit: &Limit) -> Result<bool, Stop> {
    Ok(person::count(draft, &limit.person, |id| limit.subject(id))? >= limit.cap)
}

/// Takes the cost from the budget; answers whether it fitted. Where there is no wait the amount goes
/// on to what was issued, at once.
fn reserve(
    draft: &mut Draft<'_>,
    program: &Program,
    recipient: &Customer,
    (id, cost): (Id, i64),
    wait: Wait,
) -> Result<bool, Stop> {
    let budget = budget_account(program.id);
    hold_ending::make_room_in(draft, &budget, cost)?;
    let before = ledger::account(draft, &budget, draft.shop.currency)?;
    if before.floor.is_some_and(|floor| before.balance - cost < floor) {
        exhausted(draft, program, cost)?;
        return Ok(false);
    }
    if wait != Wait::Over {
        let moved = post(
            draft,
            &Move {
                kind: EntryKind::Pending,
                debit: &budget,
                credit: PENDING,
                amount: cost,
                currency: draft.shop.currency,
                cause: id,
                customer: Some(recipient.id),
                reverses: None,
            },
        )?;
        debug_assert!(matches!(moved, Moved::Done(_)), "the budget was looked at before");
    }
    warn(draft, program, -before.balance, -before.balance + cost, before.floor.map(|floor| -floor))?;
    Ok(true)
}
