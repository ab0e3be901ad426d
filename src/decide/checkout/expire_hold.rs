//! A hold's time is over: what it has set aside is free again.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::vouchers::hold_ending::expire;
use crate::records::hold::HoldStatus;
use crate::records::{Hold, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The hold that the sweep found due.
#[derive(Clone, Debug)]
pub struct ExpireHold {
    /// The hold.
    pub hold: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it lapses once.
pub fn decide(draft: &mut Draft<'_>, command: &ExpireHold) -> Result<Answer, Stop> {
    let hold = draft.get::<Hold>(command.hold)?;
    let hold = hold.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such hold."))?;
    if hold.status == HoldStatus::Held && !hold.is_live(draft.at()) {
        expire(draft, &hold)?;
    }
    Ok(Answer::no_content())
}
