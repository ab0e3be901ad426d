//! Crediting an order anew, because a discount `on: checkout` was redeemed in it only after it had been reported:
//! whoever gave the discount is credited with the order, as if it had been redeemed before.
//!
//! Nothing is taken from anybody who has it already: an order that was approved stays with whom it is
//! credited to, and what an operator decided stays decided.

use std::rc::Rc;

use crate::decide::checkout::given_discount::{self, GivenDiscount};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::orders::order::update_order;
use crate::decide::orders::order_status;
use crate::decide::people::person::{self, Person, orders_subject};
use crate::decide::referrals::attribution::{self, Contest, Winner, is_credited_to, speaks_for};
use crate::decide::referrals::evidence::{self, Candidate};
use crate::decide::referrals::referral;
use crate::decide::rewards::earn_for_order::earn_for;
use crate::decide::rewards::voiding::{Because, void_pending};
use crate::records::conversion::{Considered, ConversionStatus, Terms};
use crate::records::referral::{Method, ReferralStatus};
use crate::records::{Conversion, Customer, EventKind, Id, Json, Redemption, Referral, Reward, Why};
use crate::views;
use crate::world::Stop;

/// Credits the order of a redemption to whoever gave the discount in it, when it was reported before and
/// nothing stands against that.
pub fn credit(draft: &mut Draft<'_>, redemption: &Redemption) -> Result<(), Stop> {
    if !redemption.is_evidence() {
        return Ok(());
    }
    let (order, given) =
        (draft.find(&Conversion::BY_ORDER, &redemption.order_id), given_discount::of_redemption(draft, redemption));
    let (Some(order), Some(given)) = (order?, given?) else { return Ok(()) };
    if order.imported || order.has_fallen() {
        return Ok(());
    }
    let friend = order.customer.map(|friend| customer_lookup::current(draft, friend)).transpose();
    let given = visited(draft, &order, given);
    let (friend, given) = (friend?, given?);
    let winner = match judge(draft, &order, friend.as_deref(), &given)? {
        Ok(winner) => winner,
        Err(outcome) => return lose(draft, &order, &given, outcome),
    };
    let Some(friend) = friend else { return Ok(()) };
    let late = Late { person: person::of(draft, &friend)?, friend, winner, recommendation: given.recommendation() };
    let is_hers = is_credited_to(draft, &order, &late.winner.program, &late.winner.advocate)?;
    if !is_hers || late.lifts(draft, &order) {
        late.take_over(draft, &order)
    } else if (order.method, order.share, order.discount_amount) != (Method::Voucher, late.share(), given.discount) {
        late.name(draft, &order)
    } else {
        Ok(())
    }
}

/// A discount, and whether what came with the order shows that a link of who gave it was opened.
fn visited(draft: &Draft<'_>, order: &Conversion, mut given: GivenDiscount) -> Result<GivenDiscount, Stop> {
    if let Some(token) = order.brought.as_ref().and_then(|brought| brought.token.as_deref())
        && given.candidate.naked.is_some()
    {
        let findings = evidence::candidates_of(draft, Some(token), None)?;
        evidence::note_visit(draft, &mut given.candidate, &findings.found)?;
    }
    Ok(given)
}

type Verdict = Result<Winner, Why>;

/// Whether the discount wins the order, and if not, why.
fn judge(
    draft: &Draft<'_>,
    order: &Conversion,
    friend: Option<&Customer>,
    given: &GivenDiscount,
) -> Result<Verdict, Stop> {
    let Some(friend) = friend else { return Ok(Err(Why::CustomerRequired)) };
    if !given.is_by(draft, friend)? {
        return Ok(Err(Why::Foreign));
    }
    let referral = referral::find(draft, given.candidate.program.id, &person::of(draft, friend)?, order.occurred_at)?;
    let referrals: Vec<_> = referral.map(|referral| without(order, referral)).into_iter().collect();
    let contest = Contest {
        friend: Some(friend),
        is_new: !order.is_denied && (!given.is_claimed || is_first(draft, order, friend)?),
        is_denied: order.is_denied,
        amount: order.whole(draft.shop.currency),
        discount: given.discount,
        is_claimed: given.is_claimed,
        occurred_at: order.occurred_at,
        only: order.limited_to,
        programs: &[],
        referrals: &referrals,
    };
    let winner = match attribution::judge(draft, &contest, &given.candidate)? {
        Ok(winner) => winner,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let is_settled = order.status == ConversionStatus::Approved && order.program.is_some();
    Ok(match order.method {
        Method::Operator => Err(Why::Weaker),
        _ if is_settled && !is_credited_to(draft, order, &winner.program, &winner.advocate)? => Err(Why::TooLate),
        _ => Ok(winner),
    })
}

/// Whether an order is the first of a person. Of who was given a discount at the checkout nobody asks: it was for new
/// customers; an offer may be open to others.
fn is_first(draft: &Draft<'_>, order: &Conversion, friend: &Customer) -> Result<bool, Stop> {
    let orders = person::count(draft, &person::of(draft, friend)?, orders_subject)?;
    Ok(orders <= i64::from(order.counted_in.is_some()))
}

/// A referral as it was before an order.
fn without(order: &Conversion, referral: Rc<Referral>) -> Rc<Referral> {
    if order.is_credited && order.referral == Some(referral.id) && referral.conversions <= 1 {
        return Rc::new(Referral { status: ReferralStatus::Open, ..(*referral).clone() });
    }
    referral
}

/// Notes why the discount does not win the order.
fn lose(draft: &mut Draft<'_>, order: &Conversion, given: &GivenDiscount, outcome: Why) -> Result<(), Stop> {
    let loser = Considered {
        method: Method::Voucher,
        program: Some(given.candidate.program.id),
        advocate: given.candidate.advocate_ref.clone(),
        advocate_id: Some(given.candidate.advocate),
        outcome,
        age_from: None,
        mark: None,
    };
    if order.considered.contains(&loser) {
        return Ok(());
    }
    let mut noted = order.clone();
    noted.considered.0.push(loser);
    attribution::mention_losers(draft, &noted)?;
    draft.save(noted);
    Ok(())
}

/// A discount that wins an order which was reported before.
struct Late {
    friend: Rc<Customer>,
    person: Person,
    winner: Winner,
    /// Who recommended, by what was typed or followed.
    recommendation: Candidate,
}

impl Late {
    fn share(&self) -> Option<Id> {
        self.winner.share.as_ref().map(|share| share.id)
    }

    /// Whether what is left of an order that still waits is worth enough by its discount alone: what fell
    /// because it was not is earned after all.
    fn lifts(&self, draft: &Draft<'_>, order: &Conversion) -> bool {
        let least = order.terms.as_ref().map_or(0, |terms| terms.min_order_amount);
        let with = Conversion { discount_amount: self.winner.discount, ..order.clone() };
        let is_enough = |order: &Conversion| order.measured(draft.shop.currency).is_some_and(|worth| worth >= least);
        order.status != ConversionStatus::Approved && is_enough(&with) && !is_enough(order)
    }

    /// She is credited with it already: only by what, and with which share, is said anew.
    fn name(&self, draft: &mut Draft<'_>, order: &Conversion) -> Result<(), Stop> {
        let mut named = order.clone();
        let is_hers = order.share == self.share() || self.move_referral(draft, order, &mut named)?;
        named.considered = Json(self.considered(order, is_hers));
        attribution::count_naked(draft, &mut named, self.winner.naked)?;
        attribution::note_winner(&mut named, &self.winner);
        named.program_version = order.program_version;
        draft.save(named);
        Ok(())
    }

    /// What waits for somebody else is voided, and she earns what the order earns; a side that already has
    /// something issued keeps it and gets nothing new.
    fn take_over(&self, draft: &mut Draft<'_>, before: &Conversion) -> Result<(), Stop> {
        let because = Because { cause: before.id, why: "another gave the discount" };
        let rewards = draft.list(&Reward::OF_CONVERSION, before.id)?;
        let kept = void_pending(draft, rewards, &because)?;
        let mut after = before.clone();
        let is_hers = self.move_referral(draft, before, &mut after)?;
        after.considered = Json(self.considered(before, is_hers));
        attribution::note_winner(&mut after, &self.winner);
        after.terms = Json(Some(Terms::of(&self.winner.program.rules)));
        after.round += 1;
        if before.program.is_none() {
            after.approved_at = None;
        }
        order_status::set_status(&mut after, draft.at());
        // What is left of the order earns; what the rest is worth too little for is taken again.
        let whole = Conversion { refunded_amount: 0, ..after.clone() };
        let earned = earn_for(draft, &after, &self.winner.program, &self.winner.advocate, &self.friend, &kept)?;
        after.refused_rewards = Json(earned.refused);
        attribution::mention_losers(draft, &after)?;
        let updated = update_order(draft, &whole, after, &because)?;
        if updated.conversion.status == ConversionStatus::Approved {
            draft.event(
                EventKind::ConversionApproved,
                &views::conversion::conversion(&updated.conversion, &updated.rewards),
            )?;
        }
        Ok(())
    }

    /// The order no longer counts for the referral that it had, but for the one in her program; answers
    /// whether that was hers before the order.
    fn move_referral(&self, draft: &mut Draft<'_>, before: &Conversion, after: &mut Conversion) -> Result<bool, Stop> {
        attribution::take_credit_away(draft, after)?;
        let unmade = referral::leave(draft, before, self.winner.program.id)?;
        referral::introduce(draft, &self.recommendation, &self.winner.advocate, &self.friend, unmade)?;
        let known = referral::find(draft, self.winner.program.id, &self.person, before.occurred_at)?;
        referral::give_credit(draft, after, &self.winner, &self.friend, &self.person)?;
        Ok(known.is_some_and(|known| known.advocate == self.winner.advocate.id))
    }

    /// Everybody else, the strongest of the weaker first. Where the friend's referral is hers it speaks for
    /// nobody else.
    fn considered(&self, before: &Conversion, is_hers: bool) -> Vec<Considered> {
        let mut losers = before.considered.0.clone();
        if before.program.is_some() {
            let place = losers.iter().position(|loser| loser.outcome == Why::Weaker).unwrap_or(losers.len());
            let (method, program) = (before.method, before.program);
            let (advocate, advocate_id) = (before.advocate_ref.clone(), before.advocate);
            let (outcome, age_from) = (Why::Weaker, before.age_from);
            losers.insert(place, Considered { method, program, advocate, advocate_id, outcome, age_from, mark: None });
        }
        let program = Some(self.winner.program.id);
        let was_replaced = |loser: &Considered| is_hers && loser.method == Method::Referral && loser.program == program;
        losers.retain(|loser| !speaks_for(&self.winner, loser) && !was_replaced(loser));
        losers
    }
}

#[cfg(test)]
#[path = "reattribute_tests.rs"]
mod tests;
