//! Giving what was granted, and who may decide about a large grant.

use std::rc::Rc;

use super::customer;
use super::reward::{self, Tell};
use crate::decide::draft::Draft;
use crate::records::account::GRANTS;
use crate::records::audit::ActorKind;
use crate::records::grant::GrantStatus;
use crate::records::operator::Role;
use crate::records::program::RewardOn;
use crate::records::reward::RewardStatus;
use crate::records::{Grant, Id, Json, Operator, Reward};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Issues the reward of a grant, and tells.
pub fn give(draft: &mut Draft<'_>, mut grant: Grant) -> Result<Rc<Grant>, Stop> {
    customer::living(customer::current(draft, grant.customer)?, "")?;
    let tell = if grant.notify { Tell::Customer } else { Tell::Nobody };
    let issued = reward::issue(draft, &reward_of(draft, &grant), GRANTS, tell)?;
    grant.status = GrantStatus::Given;
    grant.reward = Some(issued.id);
    grant.decided_at = Some(draft.at());
    let given = draft.save(grant);
    draft.event("grant.given", &views::grant::grant(&given))?;
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
        message: None,
        issued_at: None,
        expires_at: None,
        history: Json(Vec::new()),
        created_at: draft.at(),
    }
}

/// The grant that a second operator is to decide about. Refuses keys, him who asked for it, and
/// operators below a manager.
pub fn to_decide(draft: &Draft<'_>, id: Id) -> Result<Rc<Grant>, Stop> {
    let actor = &draft.context.actor;
    let operator = actor.id.filter(|_| actor.kind == ActorKind::Operator);
    let (grant, operator) = (draft.get::<Grant>(id), operator.map(|id| draft.get::<Operator>(id)).transpose());
    let (grant, operator) = (grant?, operator?.flatten());
    let grant = grant.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such grant."))?;
    let operator = operator.ok_or_else(|| {
        Rejection::new(Code::FourEyesRequired, "An operator decides about it, signed in; a key cannot.")
    })?;
    if grant.by_actor.id == Some(operator.id) {
        let detail = "Another operator than the one who asked for it must decide.";
        return Err(Rejection::new(Code::FourEyesRequired, detail).into());
    }
    if operator.role < Role::Manager {
        return Err(Rejection::new(Code::Forbidden, "A manager or an owner decides about large grants.").into());
    }
    Ok(grant)
}
