//! A group: the people who take an offer together by one share. Whose share it is, the organiser, is rewarded once enough
//! of them have redeemed in an order what they took.

use std::rc::Rc;

use crate::decide::counter;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::rewards::clawback::claw_back;
use crate::decide::rewards::issue::{Tell, issue};
use crate::decide::rewards::voiding::Because;
use crate::records::offer::{ORGANISER, OfferKind, group_orders_subject, share_claims_subject};
use crate::records::program::RewardOn;
use crate::records::reward::RewardStatus;
use crate::records::{Claim, Customer, Id, Json, Offer, Reward, Share};
use crate::views::offer::GroupView;
use crate::world::Stop;

/// How often an organiser can be rewarded for one group: each time that enough ordered again after orders came back.
const ROUNDS: usize = 5;

/// A claim's voucher was redeemed in an order: one more of its group has ordered.
pub fn note_order(draft: &mut Draft<'_>, claim: Id) -> Result<(), Stop> {
    let Some(group) = Group::of(draft, claim)? else { return Ok(()) };
    let subject = group_orders_subject(group.offer.id, group.share);
    counter::add(draft, &subject, None)?;
    let ordered = counter::count(draft, &subject)?;
    if group.needed.is_some_and(|needed| ordered >= needed) {
        group.reward(draft)?;
    }
    Ok(())
}

/// The order came back: one less has. Where too few are left, the organiser's reward is clawed back.
pub fn note_return(draft: &mut Draft<'_>, claim: Id) -> Result<(), Stop> {
    let Some(group) = Group::of(draft, claim)? else { return Ok(()) };
    let subject = group_orders_subject(group.offer.id, group.share);
    counter::subtract(draft, &subject)?;
    let ordered = counter::count(draft, &subject)?;
    if group.needed.is_some_and(|needed| ordered < needed) {
        group.take_back(draft, claim)?;
    }
    Ok(())
}

struct Group {
    offer: Rc<Offer>,
    share: Id,
    /// How many must have ordered; `None`: nothing is promised.
    needed: Option<i64>,
}

impl Group {
    fn of(draft: &Draft<'_>, claim: Id) -> Result<Option<Self>, Stop> {
        let claim = draft.expect::<Claim>(claim)?;
        let offer = draft.expect::<Offer>(claim.offer)?;
        let (OfferKind::Group, Some(share)) = (offer.kind, claim.share) else { return Ok(None) };
        let needed = offer.group_terms.as_ref().and_then(|terms| terms.orders);
        Ok(Some(Self { offer, share, needed }))
    }

    fn name(&self, round: usize) -> String {
        format!("{}/{}/{round}{ORGANISER}", self.offer.id, self.share)
    }

    /// The organiser's rewards so far, oldest first.
    fn rewards(&self, draft: &Draft<'_>) -> Result<Vec<Rc<Reward>>, Stop> {
        let found: Vec<_> = (1..=ROUNDS).map(|round| draft.find(&Reward::BY_ONCE, &self.name(round))).collect();
        let found: Vec<_> = found.into_iter().collect::<Result<_, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Rewards the organiser, unless they are.
    fn reward(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let (earlier, share) = (self.rewards(draft), draft.expect::<Share>(self.share));
        let (earlier, share) = (earlier?, share?);
        let is_rewarded = earlier.last().is_some_and(|reward| reward.status != RewardStatus::Voided);
        let Some(organiser) = share.customer.filter(|_| !is_rewarded && earlier.len() < ROUNDS) else { return Ok(()) };
        let organiser = customer_lookup::current(draft, organiser)?;
        if organiser.is_erased() {
            return Ok(());
        }
        let reward = self.blank(draft, &organiser, &share, self.name(earlier.len() + 1));
        if let Some(reward) = reward {
            issue(draft, &reward, &self.offer.account(), Tell::Customer)?;
        }
        Ok(())
    }

    /// What of it was spent is forgiven, and taken after all should it come back.
    fn take_back(&self, draft: &mut Draft<'_>, cause: Id) -> Result<(), Stop> {
        if let Some(reward) = self.rewards(draft)?.pop() {
            claw_back(draft, &reward, None, &Because { cause, why: "orders of the group came back" })?;
        }
        Ok(())
    }

    fn blank(&self, draft: &Draft<'_>, organiser: &Customer, share: &Share, once: String) -> Option<Reward> {
        let benefit = self.offer.group_terms.as_ref()?.organiser_reward.clone()?;
        if benefit.is_over(draft.at()) {
            return None;
        }
        Some(Reward {
            id: draft.new_id("rwd"),
            shop: draft.shop.id,
            version: 0,
            to_side: None,
            on_what: RewardOn::Offer,
            customer: organiser.id,
            customer_ref: organiser.external_id.clone(),
            program: Some(self.offer.program),
            conversion: None,
            referral: None,
            grant_id: None,
            channel: Some(share.channel.clone()),
            placed: share.placed.clone(),
            counted_at: None,
            once,
            amount: benefit.amount_for(0),
            cost_amount: benefit.cost_for(0),
            benefit: Json(benefit),
            currency: draft.shop.currency,
            redeemed_amount: 0,
            forgiven_amount: 0,
            owed_by: None,
            reference: None,
            place: None,
            counted_by: Json(Vec::new()),
            status: RewardStatus::Pending,
            pending_until: None,
            voucher: None,
            message: None,
            issued_at: None,
            expires_at: None,
            history: Json(Vec::new()),
            created_at: draft.at(),
        })
    }
}

/// How full the group of a share is; `None`: the offer is for no groups, or the share is of another program.
pub fn show(draft: &Draft<'_>, offer: &Offer, share: &Share) -> Result<Option<GroupView>, Stop> {
    let (OfferKind::Group, Some(terms)) = (offer.kind, offer.group_terms.as_ref()) else { return Ok(None) };
    if share.program != offer.program {
        return Ok(None);
    }
    let claimed = counter::count(draft, &share_claims_subject(offer.id, share.id));
    let ordered = counter::count(draft, &group_orders_subject(offer.id, share.id));
    let group = Group { offer: Rc::new(offer.clone()), share: share.id, needed: terms.orders };
    let rewards = group.rewards(draft);
    let (claimed, ordered, rewards) = (claimed?, ordered?, rewards?);
    let is_rewarded = rewards.last().is_some_and(|reward| reward.status != RewardStatus::Voided);
    Ok(Some(GroupView {
        offer: offer.id,
        share: share.id,
        places: terms.places,
        claimed,
        remaining: (terms.places - claimed).max(0),
        ordered,
        orders: terms.orders,
        organiser_rewarded: is_rewarded,
    }))
}
