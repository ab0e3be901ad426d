//! Who recommended a friend that becomes known: the same rules as for an order, without an order.
//!
//! A friend who has an advocate keeps her, with `model: first` for ever, with `last` until somebody
//! else is shown to have brought him before his first conversion.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::person::{self, orders_subject};
use crate::decide::referrals::attribution::{self, Contest, Winner};
use crate::decide::referrals::evidence::{Candidate, EvidenceFindings};
use crate::decide::referrals::referral;
use crate::records::referral::Method;
use crate::records::{Customer, Id, Referral, Why};
use crate::world::Stop;

/// What the evidence came to.
pub enum Arrival {
    /// The friend has an advocate already, and keeps her.
    Known(Rc<Referral>),
    /// Somebody recommended him.
    Won(Winner),
    /// Nobody did, and why not; the strongest evidence first.
    Nobody(Vec<Reason>),
}

/// Why a piece of evidence is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What kind of evidence.
    pub method: Method,
    /// Why it is no good.
    pub outcome: Why,
}

/// Judges what a friend came with; a friend who is not known yet is taken for new.
pub fn judge(
    draft: &Draft<'_>,
    friend: Option<&Customer>,
    only: Option<Id>,
    mut findings: EvidenceFindings,
) -> Result<Arrival, Stop> {
    let person = friend.map(|friend| person::of(draft, friend)).transpose()?;
    let referrals = person.as_ref().map(|person| referral::of_person(draft, person, draft.at())).transpose();
    let orders = person.as_ref().map(|person| person::count(draft, person, orders_subject)).transpose();
    let (referrals, orders) = (referrals?.unwrap_or_default(), orders?.unwrap_or(0));
    let contest = Contest {
        friend,
        is_new: orders == 0,
        is_denied: false,
        amount: None,
        discount: 0,
        is_claimed: false,
        occurred_at: draft.at(),
        only,
        programs: &[],
        referrals: &referrals,
    };
    findings.found.sort_by_key(attribution::strength);
    let mut reasons = Vec::new();
    for candidate in &findings.found {
        let advocate = customer_lookup::current(draft, candidate.advocate)?;
        let known = referrals.iter().find(|referral| referral.program == candidate.program.id);
        if let (Some(known), Some(person)) = (known, &person)
            && referral::stays(draft, known, person, &candidate.program, &advocate)?
        {
            return Ok(Arrival::Known(known.clone()));
        }
        let is_friend = friend.map(|friend| person::is_same(draft, &advocate, friend)).transpose()?;
        match attribution::gone(&advocate).or_else(|| fault(&contest, candidate, is_friend)) {
            Some(outcome) => reasons.push(Reason { method: candidate.method, outcome }),
            None => return Ok(Arrival::Won(winner(candidate, advocate))),
        }
    }
    // With weak evidence he keeps whom he has: it stands in a sign-up that must not fail.
    for known in &referrals {
        let is_meant = findings.found.iter().any(|candidate| candidate.program.id == known.program);
        if let Some(person) = person.as_ref().filter(|_| is_meant)
            && referral::is_live(draft, known, person)?
        {
            return Ok(Arrival::Known(known.clone()));
        }
    }
    reasons.extend(findings.lost.iter().map(|lost| Reason { method: lost.method, outcome: lost.outcome }));
    Ok(Arrival::Nobody(reasons))
}

fn fault(contest: &Contest<'_>, candidate: &Candidate, is_friend: Option<bool>) -> Option<Why> {
    if contest.only.is_some_and(|only| only != candidate.program.id) {
        return Some(Why::Foreign);
    }
    let closed = attribution::closed(contest, candidate);
    let Some(is_friend) = is_friend else {
        return closed.or_else(|| attribution::too_old(contest, candidate));
    };
    closed
        .or_else(|| is_friend.then_some(Why::SelfReferral))
        .or_else(|| attribution::too_old(contest, candidate))
        .or_else(|| attribution::not_new(contest, candidate))
}

fn winner(candidate: &Candidate, advocate: Rc<Customer>) -> Winner {
    Winner {
        method: candidate.method,
        redeemed_by: candidate.redeemed_by,
        program: candidate.program.clone(),
        advocate,
        share: candidate.share.clone(),
        began: candidate.began,
        seen_at: candidate.seen_at,
        age_from: candidate.age_from,
        naked: candidate.naked,
        discount: 0,
    }
}
