//! The wait of a conversion is over: it is approved by itself, and what it earned is issued.

use super::answer::Answer;
use super::draft::Draft;
use super::parts::reward::issue_pending;
use crate::records::conversion::ConversionStatus;
use crate::records::reward::RewardStatus;
use crate::records::{Conversion, Id, Reward};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The conversion that the sweep found due.
#[derive(Clone, Debug)]
pub struct ApproveDue {
    /// The conversion.
    pub conversion: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it is approved once.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveDue) -> Result<Answer, Stop> {
    let conversion = draft.get::<Conversion>(command.conversion);
    let rewards = draft.list(&Reward::OF_CONVERSION, command.conversion);
    let (conversion, rewards) = (conversion?, rewards?);
    let conversion = conversion.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such conversion."))?;
    if conversion.due_at.is_none_or(|due| due > draft.at()) {
        return Ok(Answer::no_content());
    }
    let mut approved = (*conversion).clone();
    if conversion.status != ConversionStatus::Pending {
        approved.due_at = None;
        draft.save(approved);
        return Ok(Answer::no_content());
    }
    approved.status = ConversionStatus::Approved;
    approved.due_at = None;
    approved.approved_at = Some(draft.at());
    let mut after = Vec::with_capacity(rewards.len());
    for reward in rewards {
        after.push(if reward.status == RewardStatus::Pending { issue_pending(draft, &reward)? } else { reward });
    }
    draft.event("conversion.approved", &views::conversion::conversion(&approved, &after))?;
    draft.save(approved);
    Ok(Answer::no_content())
}
