//! Giving what was granted, and who may decide about a large grant.

use std::rc::Rc;

use crate::decide::access::four_eyes;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::rewards::issue::{self, Tell};
use crate::records::account::GRANTS;
use crate::records::audit::ActorKind;
use crate::records::benefit::{Benefit, BenefitKind};
use crate::records::grant::GrantStatus;
use crate::records::operator::Role;
use crate::records::program::RewardOn;
use crate::records::reward::RewardStatus;
use crate::records::{EventKind, Grant, Id, Json, Operator, Reward};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Issues the reward of a grant, and tells.
pub fn give(draft: &mut Draft<'_>, mut grant: Grant) -> Result<Rc<Grant>, Stop> {
    customer_lookup::living(customer_lookup::current(draft, grant.customer)?, "")?;
    if grant.benefit.is_over(draft.at()) {
        let detail = "The event is over; reject the grant, and give something else.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let tell = if grant.notify { Tell::Customer } else { Tell::Nobody };
    // The mail asks what the grant is for.
    draft.save(grant.clone());
    let issued = issue::issue(draft, &reward_of(draft, &grant), GRANTS, tell)?;
    grant.status = GrantStatus::Given;
    grant.reward = Some(issued.id);
    grant.decided_at = Some(draft.at());
    let given = draft.save(grant);
    draft.event(EventKind::GrantGiven, &views::grant::grant(&given))?;
    Ok(given)
}

fn reward_of(draft: &Draft<'_>, grant: &Grant) -> Reward {
    Reward {
        id: draft.new_id("rwd"),
        shop: draft.shop.id,
        version: 0,
        to_side: None,
        on_what: RewardOn::Grant,
        customer: grant.customer,
        customer_ref: grant.customer_ref.clone(),
        program: None,
        conversion: None,
        referral: None,
        grant_id: Some(grant.id),
        channel: None,
        placed: None,
        counted_at: None,
        once: format!("{}/0", grant.id),
        benefit: grant.benefit.clone(),
        amount: grant.benefit.amount_for(0),
        currency: grant.currency,
        cost_amount: grant.cost_amount,
        redeemed_amount: 0,
        forgiven_amount: 0,
        owed_by: None,
        place: None,
        counted_by: Json::default(),
        status: RewardStatus::Pending,
        pending_until: None,
        voucher: None,
        reference: None,
        message: None,
        issued_at: None,
        expires_at: None,
        history: Json(Vec::new()),
        created_at: draft.at(),
    }
}

/// The grant about which an operator is to decide, and that operator. Refuses keys, him who asked for it
/// or approved it already, and operators below a manager.
pub fn to_decide(draft: &Draft<'_>, id: Id) -> Result<(Rc<Grant>, Rc<Operator>), Stop> {
    let (grant, operator) = (draft.get::<Grant>(id), four_eyes::operator(draft));
    let grant = grant?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such grant."))?;
    let operator = operator?;
    if grant.status == GrantStatus::PendingApproval {
        for earlier in seen_by(&grant) {
            four_eyes::check_another(draft, &operator, earlier)?;
        }
    }
    if operator.role < Role::Manager {
        return Err(Rejection::new(Code::Forbidden, "A manager or an owner decides about large grants.").into());
    }
    Ok((grant, operator))
}

/// The operators who have had a say in a grant so far.
pub fn seen_by(grant: &Grant) -> Vec<Id> {
    let by = Some(&*grant.by_actor).filter(|by| by.kind == ActorKind::Operator);
    by.into_iter().chain(grant.approved_by.as_ref()).filter_map(|actor| actor.id).collect()
}

/// What a benefit may be worth at most, minor units; `None`: a percentage without a cap may be worth
/// anything, and so may what is handed over and of which nobody said what it costs.
pub fn worth(benefit: &Benefit) -> Option<i64> {
    let is_bounded = match benefit.kind {
        BenefitKind::PercentOff => benefit.max_amount.is_some(),
        BenefitKind::FreeProduct | BenefitKind::Custom | BenefitKind::EventPass => benefit.cost_amount.is_some(),
        BenefitKind::AmountOff | BenefitKind::FreeShipping | BenefitKind::GiftCard | BenefitKind::StoreCredit => true,
    };
    let most = benefit.amount_for(0).or(benefit.max_amount.map(|max| max.0)).unwrap_or(0);
    is_bounded.then(|| most.max(benefit.cost_for(0)))
}
