//! Issues a pending reward now, before its wait is over: as if its order were approved for this reward
//! alone, by whom and where that could be.

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::orders::order_status::{Act, permit};
use crate::decide::rewards::issue::issue_pending;
use crate::decide::rewards::voiding::named;
use crate::records::reward::RewardStatus;
use crate::records::text::Reason;
use crate::records::{Conversion, Id};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward.
#[derive(Clone, Debug)]
pub struct ApproveReward {
    /// The reward.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. What is issued already, or due, is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveReward) -> Result<Answer, Stop> {
    let reward = named(draft, command.id)?;
    match reward.status {
        RewardStatus::Pending => {}
        RewardStatus::Due | RewardStatus::Issued => return Ok(Answer::ok(&views::reward::reward(&reward))),
        other => {
            let detail = format!("A reward that is {other} cannot be issued.");
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    let order = reward.conversion.map(|order| draft.expect::<Conversion>(order)).transpose();
    let customer = customer_lookup::current(draft, reward.customer);
    let (order, customer) = (order?, customer?);
    if let Some(order) = order {
        permit(Act::Approve, &order)?;
    }
    customer_lookup::living(customer, "")?;
    let issued = issue_pending(draft, &reward)?;
    draft.audit("approve_reward", issued.id, Some(&command.reason));
    Ok(Answer::ok(&views::reward::reward(&issued)))
}
