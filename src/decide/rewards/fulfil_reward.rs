//! The shop has handed over what was due: the reward is issued, and its customer is told. What it costs is spent.

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::mail::outbox;
use crate::decide::rewards::voiding::named;
use crate::decide::vouchers::reward_of::step;
use crate::records::account::{PENDING, REDEEMED};
use crate::records::entry::EntryKind;
use crate::records::reward::RewardStatus;
use crate::records::text::Reference;
use crate::records::{EventKind, Grant, Id, Reward};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward, and under which name the shop handed it over.
#[derive(Clone, Debug)]
pub struct FulfilReward {
    /// The reward.
    pub id: Id,
    /// The shop's own id of what it handed over: a parcel, a booking.
    pub reference: Reference,
}

/// Decides it. Told again under the same name it is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &FulfilReward) -> Result<Answer, Stop> {
    let reward = named(draft, command.id)?;
    match &reward.reference {
        Some(known) if *known == *command.reference => return Ok(Answer::ok(&views::reward::reward(&reward))),
        Some(known) => {
            let detail = format!("The reward was handed over as {known}; repeat that, or look which one you mean.");
            return Err(Rejection::at(Code::ReferenceDiffers, "/reference", detail).into());
        }
        None => check(&reward)?,
    }
    let customer = customer_lookup::living(customer_lookup::current(draft, reward.customer)?, "")?;
    let entry = Move {
        kind: EntryKind::Issued,
        debit: PENDING,
        credit: REDEEMED,
        amount: reward.cost_amount,
        currency: reward.currency,
        cause: reward.id,
        customer: Some(customer.id),
        reverses: None,
    };
    post_covered(draft, &entry)?;
    let mut issued = step(draft, (*reward).clone(), RewardStatus::Issued, None);
    issued.customer = customer.id;
    issued.customer_ref = customer.external_id.clone();
    issued.reference = Some(command.reference.to_string());
    issued.issued_at = Some(draft.at());
    if tells(draft, &reward)? {
        issued.message = Some(outbox::queue_reward_mail(draft, &issued, &customer)?);
    }
    let issued = draft.save(issued);
    draft.event(EventKind::RewardIssued, &views::reward::reward(&issued))?;
    draft.audit("fulfil_reward", issued.id, None);
    Ok(Answer::ok(&views::reward::reward(&issued)))
}

/// Only what is due is handed over.
fn check(reward: &Reward) -> Result<(), Rejection> {
    let detail = match reward.status {
        RewardStatus::Due => return Ok(()),
        _ if !reward.benefit.kind.is_handed_over() => {
            format!("A reward of the kind {} is not handed over by the shop.", reward.benefit.kind)
        }
        RewardStatus::Pending => {
            "The reward waits with its order; POST /v1/rewards/{id}/approve makes it due now.".to_owned()
        }
        other => format!("A reward that is {other} cannot be handed over."),
    };
    Err(Rejection::new(Code::IllegalTransition, detail))
}

/// Whether its customer gets a mail: of a grant it was said.
fn tells(draft: &Draft<'_>, reward: &Reward) -> Result<bool, Stop> {
    match reward.grant_id {
        Some(grant) => Ok(draft.expect::<Grant>(grant)?.notify),
        None => Ok(true),
    }
}
