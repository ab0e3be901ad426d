//! What an operator orders: screening is fine and the wait goes on, approve now, or reject.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::orders::order::{named, update_order};
use crate::decide::orders::order_status::{Act, permit};
use crate::decide::rewards::voiding::Because;
use crate::records::Reward;
use crate::records::text::Reason;
use crate::views::conversion::conversion as view;
use crate::words;
use crate::world::Stop;

words! {
    /// What is ordered.
    Judgement {
        Clear = "clear",
        Approve = "approve",
        Reject = "reject",
    }
}

/// The order, what is ordered, and why.
#[derive(Clone, Debug)]
pub struct JudgeConversion {
    /// The conversion's id, or the shop's id of the order.
    pub order: String,
    /// What is ordered.
    pub judgement: Judgement,
    /// Why.
    pub reason: Reason,
}

/// Decides it. What is so already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &JudgeConversion) -> Result<Answer, Stop> {
    let before = named(draft, &command.order)?;
    let act = match command.judgement {
        Judgement::Clear => Act::Clear,
        Judgement::Approve => Act::Approve,
        Judgement::Reject => Act::Reject,
    };
    if !permit(act, &before)? {
        let rewards = draft.list(&Reward::OF_CONVERSION, before.id)?;
        return Ok(Answer::ok(&view(&before, &rewards)));
    }
    let mut after = (*before).clone();
    match command.judgement {
        Judgement::Clear => after.in_review = false,
        Judgement::Approve => {
            after.in_review = false;
            after.approved_at = Some(draft.at());
        }
        Judgement::Reject => {
            after.rejected_at = Some(draft.at());
            after.reason = Some(command.reason.to_string());
        }
    }
    let updated = update_order(draft, &before, after, &Because { cause: before.id, why: &command.reason })?;
    draft.audit(&format!("{}_conversion", command.judgement), before.id, Some(&command.reason));
    Ok(Answer::ok(&view(&updated.conversion, &updated.rewards)))
}
