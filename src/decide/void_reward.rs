//! Takes a reward back, as long as nothing of it was spent.

use super::answer::Answer;
use super::draft::Draft;
use super::parts::take_back::{named, take_back};
use crate::records::Id;
use crate::records::reward::RewardStatus;
use crate::records::text::Reason;
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The reward and why.
#[derive(Clone, Debug)]
pub struct VoidReward {
    /// The reward.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. What is voided already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &VoidReward) -> Result<Answer, Stop> {
    let reward = named(draft, command.id)?;
    match reward.status {
        RewardStatus::Pending | RewardStatus::Issued => {}
        RewardStatus::Voided => return Ok(Answer::ok(&views::reward::reward(&reward))),
        other => {
            let detail = format!("A reward that is {other} cannot be taken back.");
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    let voided = take_back(draft, &reward, &command.reason)?;
    draft.audit("void_reward", voided.id, Some(&command.reason));
    Ok(Answer::ok(&views::reward::reward(&voided)))
}
