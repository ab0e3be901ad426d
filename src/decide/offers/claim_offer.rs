//! Somebody takes an offer: a place of its capacity is theirs, with what it gives, the referral that it makes, the event
//! and the mail, all in one.

use std::rc::Rc;

use crate::decide::answer::{Answer, Keep};
use crate::decide::conditions::asker::{Arrival, Asker};
use crate::decide::counter::{self, Counted};
use crate::decide::draft::Draft;
use crate::decide::offers::claims::{Ask, Asked, asked, last_of};
use crate::decide::offers::eligibility::{Verdict, judge};
use crate::decide::offers::leak;
use crate::decide::offers::offer::show;
use crate::decide::people::customer;
use crate::decide::people::person::{self, Person};
use crate::decide::referrals::arrival;
use crate::decide::referrals::evidence::{Candidate, EvidenceFindings};
use crate::decide::referrals::referral;
use crate::decide::rewards::issue::{Tell, issue};
use crate::records::claim::place;
use crate::records::offer::{Audience, OfferKind, claims_subject, person_subject, share_claims_subject};
use crate::records::program::RewardOn;
use crate::records::reward::RewardStatus;
use crate::records::{Claim, Customer, EventKind, Id, Json, Offer, Program, Reward};
use crate::refusal::{Code, Fault, Rejection};
use crate::views;
use crate::views::Viewer;
use crate::world::Stop;

/// The offer, and who takes it.
#[derive(Clone, Debug)]
pub struct ClaimOffer {
    /// The offer.
    pub offer: Id,
    /// Who, and with what.
    pub ask: Ask,
    /// Who asks.
    pub viewer: Viewer,
}

/// Decides it. Who has all that one person may have is answered with the last of it.
pub fn decide(draft: &mut Draft<'_>, command: &ClaimOffer) -> Result<Answer, Stop> {
    let Asked { offer, program, asker, found, findings } = asked(draft, command.offer, &command.ask)?;
    let found = found.ok_or_else(|| {
        let detail = "customer or customer_details is required: what it gives is bound to who takes it";
        Rejection::field("/customer", detail)
    })?;
    let verdict = judge(draft, &offer, &program, &asker)?;
    let taken = match &asker.person {
        Some(person) => person::count(draft, person, |id| person_subject(offer.id, id))?,
        None => 0,
    };
    if taken >= offer.per_customer
        && let Some(person) = &asker.person
        && let Some(claim) = last_of(draft, offer.id, person, found.customer.id)?
        && (!asker.is_typed || found.customer.external_id.is_none())
    {
        return answer_again(draft, &claim, command.viewer);
    }
    // A guess goes on, and asks at once for what taking it needs.
    if !verdict.is_eligible() && !draft.is_guess() {
        return Err(refusal(&verdict).into());
    }
    let friend = customer::keep(draft, found)?;
    let person = person::of(draft, &friend)?;
    let taking = Taking { offer: &offer, program: &program, asker: &asker, friend: &friend, person: &person };
    let (claim, reward) = taking.take(draft, findings)?;
    let view = views::claim::claim(&claim, &reward);
    let shown = draft.events(&[EventKind::OfferClaimed], &view)?;
    let left =
        offer.capacity.map(|capacity| Ok::<_, Stop>(capacity - counter::count(draft, &claims_subject(offer.id))?));
    if left.transpose()? == Some(0) {
        let capacity = offer.capacity.unwrap_or(0);
        draft.event(EventKind::OfferExhausted, &show(draft, &offer, capacity))?;
    }
    Ok(match command.viewer {
        Viewer::Shop => Answer::of_shown(201, claim.id, shown).at(format!("/v1/claims/{}", claim.id)),
        Viewer::Customer => Answer { status: 201, ..Answer::ok(&views::me::claim(&claim, &reward)) },
    })
}

fn answer_again(draft: &Draft<'_>, claim: &Claim, viewer: Viewer) -> Result<Answer, Stop> {
    let reward = draft.expect::<Reward>(claim.reward)?;
    Ok(match viewer {
        Viewer::Shop => Answer::ok(&views::claim::claim(claim, &reward)),
        Viewer::Customer => Answer::ok(&views::me::claim(claim, &reward)).keep(Keep::Never),
    })
}

/// The refusal: by the first thing that keeps them out, with all of them.
fn refusal(verdict: &Verdict) -> Rejection {
    let unmet = verdict.judged.iter().filter(|judged| !judged.view.met);
    let faults = unmet.map(|judged| {
        let (view, code) = (&judged.view, judged.refusal.as_str().to_owned());
        let detail = view.message.clone().unwrap_or_default();
        (judged.refusal, Fault { pointer: format!("/conditions/{}", view.code), code, detail })
    });
    Rejection::all(faults.collect()).unwrap_or_else(|| Rejection::new(Code::NotEligible, "The offer cannot be taken."))
}

/// An offer that is being taken.
struct Taking<'a> {
    offer: &'a Offer,
    program: &'a Program,
    asker: &'a Asker,
    friend: &'a Customer,
    person: &'a Person,
}

impl Taking<'_> {
    fn take(&self, draft: &mut Draft<'_>, findings: EvidenceFindings) -> Result<(Rc<Claim>, Rc<Reward>), Stop> {
        let counted_by = self.count(draft)?;
        let arrival = self.arrival();
        if let Some((arrival, share)) = arrival.and_then(|arrival| Some((arrival, arrival.share.as_ref()?))) {
            leak::note_claim(draft, self.offer, share, arrival)?;
        }
        let referral = if arrival.is_some() { self.refer(draft, findings)? } else { None };
        // Counted under this id alone: each has places of its own, whoever counts with whom later.
        let number = counter::count(draft, &person_subject(self.offer.id, self.person.id))?;
        let (id, reward) = (draft.new_id("clm"), draft.new_id("rwd"));
        let place = place(self.offer.id, self.person.id, number);
        let share = arrival.and_then(|arrival| arrival.share.as_ref());
        let claim = draft.save(Claim {
            id,
            shop: draft.shop.id,
            version: 0,
            offer: self.offer.id,
            customer: self.friend.id,
            customer_ref: self.friend.external_id.clone(),
            place: place.clone(),
            share: share.map(|share| share.id),
            channel: share.map(|share| share.channel.clone()),
            advocate: arrival.map(|arrival| arrival.advocate.id),
            advocate_ref: arrival.and_then(|arrival| arrival.advocate.external_id.clone()),
            program: self.program.id,
            referral,
            reward,
            created_at: draft.at(),
        });
        let reward = self.reward(draft, reward, place, counted_by);
        let reward = issue(draft, &reward, &self.offer.account(), Tell::Customer)?;
        Ok((claim, reward))
    }

    /// How they came, where that is what lets them in: what somebody earned as a sharer is nobody else's merit.
    fn arrival(&self) -> Option<&Arrival> {
        let counts = self.offer.audience != Audience::Share && self.asker.came_in_private();
        self.asker.arrival.as_ref().filter(|_| counts)
    }

    /// Counts the claim for every limit; answers those of which it is free again when it is withdrawn.
    fn count(&self, draft: &mut Draft<'_>) -> Result<Vec<String>, Stop> {
        let all = claims_subject(self.offer.id);
        let mut counted = vec![counter::add(draft, &all, self.offer.capacity)?];
        let (offer, limit) = (self.offer.id, Some(self.offer.per_customer));
        counted.push(person::add(draft, self.person, |id| person_subject(offer, id), limit)?);
        let mut counted_by = vec![all];
        let group = self.offer.group_terms.as_ref().filter(|_| self.offer.kind == OfferKind::Group);
        let share = self.arrival().and_then(|arrival| arrival.share.as_ref());
        if let (Some(group), Some(share)) = (group, share) {
            let by_share = share_claims_subject(offer, share.id);
            counted.push(counter::add(draft, &by_share, Some(group.places))?);
            counted_by.push(by_share);
        }
        assert!(draft.is_guess() || !counted.contains(&Counted::Full), "the limits were looked at before");
        Ok(counted_by)
    }

    /// The referral that the claim makes; none where nobody brought them, or they have one that they keep.
    fn refer(&self, draft: &mut Draft<'_>, findings: EvidenceFindings) -> Result<Option<Id>, Stop> {
        if let arrival::Arrival::Won(won) = arrival::judge(draft, Some(self.friend), Some(self.program.id), findings)? {
            let candidate = Candidate {
                method: won.method,
                redeemed_by: won.redeemed_by,
                program: won.program.clone(),
                advocate: won.advocate.id,
                advocate_ref: won.advocate.external_id.clone(),
                share: won.share.clone(),
                began: won.began,
                seen_at: won.seen_at,
                age_from: won.age_from,
                naked: won.naked,
            };
            referral::introduce(draft, &candidate, &won.advocate, self.friend, None)?;
        }
        let known = referral::find(draft, self.program.id, self.person, draft.at())?;
        Ok(known.map(|known| known.id))
    }

    fn reward(&self, draft: &Draft<'_>, id: Id, once: String, counted_by: Vec<String>) -> Reward {
        let benefit = &self.offer.reward.0;
        let share = self.arrival().and_then(|arrival| arrival.share.as_ref());
        Reward {
            id,
            shop: draft.shop.id,
            version: 0,
            to_side: None,
            on_what: RewardOn::Offer,
            customer: self.friend.id,
            customer_ref: self.friend.external_id.clone(),
            program: Some(self.program.id),
            conversion: None,
            referral: None,
            grant_id: None,
            channel: share.map(|share| share.channel.clone()),
            placed: share.and_then(|share| share.placed.clone()),
            counted_at: None,
            once,
            benefit: Json(benefit.clone()),
            amount: benefit.amount_for(0),
            currency: draft.shop.currency,
            cost_amount: benefit.cost_for(0),
            redeemed_amount: 0,
            forgiven_amount: 0,
            owed_by: None,
            reference: None,
            place: None,
            counted_by: Json(counted_by),
            status: RewardStatus::Pending,
            pending_until: None,
            voucher: None,
            message: None,
            issued_at: None,
            expires_at: None,
            history: Json(Vec::new()),
            created_at: draft.at(),
        }
    }
}
