//! Referrals that are made by a discount in the friend's own order.

use std::rc::Rc;

use super::attribution::referral_in;
use super::evidence::Candidate;
use super::{mention, person};
use crate::decide::draft::Draft;
use crate::decide::tally;
use crate::records::program::Model;
use crate::records::referral::{ReferralStatus, pair};
use crate::records::{Customer, Id, Referral};
use crate::views;
use crate::world::Stop;

/// Notes who recommended a friend. He keeps whom he has; with `model: last` until his first order, and
/// with either only as long as the referral may still pay. `unmade` is a referral that is as good as none.
pub fn introduce(
    draft: &mut Draft<'_>,
    candidate: &Candidate,
    advocate: &Customer,
    friend: &Customer,
    unmade: Option<Id>,
) -> Result<(), Stop> {
    let person = person::of(draft, friend)?;
    let known = referral_in(draft, candidate.program.id, &person, draft.at())?;
    let stays = |known: &Rc<Referral>| unmade != Some(known.id) && stays(draft, known, candidate, advocate);
    if known.as_ref().is_some_and(stays) {
        return Ok(());
    }
    count_share(draft, known.as_deref(), candidate)?;
    if let Some(known) = &known {
        mention::note(draft, known.advocate, known.id)?;
    }
    let event = if known.is_some() { "referral.changed" } else { "referral.created" };
    let made = Referral {
        id: known.as_ref().map_or_else(|| draft.new_id("ref"), |known| known.id),
        shop: draft.shop.id,
        version: 0,
        program: candidate.program.id,
        friend: known.as_ref().map_or(friend.id, |known| known.friend),
        friend_ref: known.as_ref().map_or_else(|| friend.external_id.clone(), |known| known.friend_ref.clone()),
        person: known.as_ref().map_or(person.id, |known| known.person),
        advocate: advocate.id,
        advocate_ref: advocate.external_id.clone(),
        share: candidate.share.as_ref().map(|share| share.id),
        channel: candidate.share.as_ref().map(|share| share.channel.clone()),
        method: candidate.method,
        status: ReferralStatus::Open,
        conversions: known.as_ref().map_or(0, |known| known.conversions),
        refused_rewards: known.as_ref().map(|known| known.refused_to_friend()).unwrap_or_default(),
        pair: known.as_ref().map_or_else(|| pair(candidate.program.id, person.id), |known| known.pair.clone()),
        created_at: known.as_ref().map_or(draft.at(), |known| known.created_at),
        expires_at: draft.at().plus_days(candidate.program.rules.attribution.credit_window_days),
    };
    let made = draft.save(made);
    draft.event(event, &views::referral::referral(&made, &[]))
}

/// Takes a referral back that an order made, and that it turned out not to be by.
pub fn unmake(draft: &mut Draft<'_>, referral: &Referral) -> Result<(), Stop> {
    if let Some(share) = referral.share {
        tally::subtract(draft, &format!("share:{share}:referrals"))?;
    }
    let unmade = draft.save(Referral { status: ReferralStatus::Rejected, ..referral.clone() });
    draft.event("referral.changed", &views::referral::referral(&unmade, &[]))
}

fn stays(draft: &Draft<'_>, known: &Referral, candidate: &Candidate, advocate: &Customer) -> bool {
    match known.status {
        ReferralStatus::Converted => true,
        ReferralStatus::Expired | ReferralStatus::Rejected => false,
        ReferralStatus::Open if known.expires_at <= draft.at() => false,
        ReferralStatus::Open => {
            candidate.program.rules.attribution.model == Model::First || known.advocate == advocate.id
        }
    }
}

fn count_share(draft: &mut Draft<'_>, known: Option<&Referral>, candidate: &Candidate) -> Result<(), Stop> {
    if let Some(share) = known.and_then(|known| known.share) {
        tally::subtract(draft, &format!("share:{share}:referrals"))?;
    }
    if let Some(share) = &candidate.share {
        tally::add(draft, &format!("share:{}:referrals", share.id), None)?;
    }
    Ok(())
}
