//! Gives back what a hold has set aside, because the checkout was given up.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::vouchers::hold_ending::{end, expire};
use crate::records::hold::HoldStatus;
use crate::records::{Hold, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The hold.
#[derive(Clone, Debug)]
pub struct ReleaseHold {
    /// The hold.
    pub hold: Id,
}

/// Decides it. A hold that is over is over.
pub fn decide(draft: &mut Draft<'_>, command: &ReleaseHold) -> Result<Answer, Stop> {
    let hold = draft.get::<Hold>(command.hold)?;
    let hold = hold.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such hold."))?;
    match hold.status {
        HoldStatus::Held if hold.is_live(draft.at()) => drop(end(draft, &hold, HoldStatus::Released)?),
        HoldStatus::Held => expire(draft, &hold)?,
        HoldStatus::Released | HoldStatus::Expired => {}
        HoldStatus::Redeemed => {
            let detail = "The hold was redeemed; POST /v1/redemptions/{id}/reversals undoes that.";
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    Ok(Answer::no_content())
}
