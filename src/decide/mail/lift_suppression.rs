//! Lifts a suppression: mails are sent to the address again. What was suppressed meanwhile is sent again by hand.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::{Id, Suppression};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Which one.
#[derive(Clone, Debug)]
pub struct LiftSuppression {
    /// The suppression.
    pub id: Id,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &LiftSuppression) -> Result<Answer, Stop> {
    let suppression = draft.get::<Suppression>(command.id)?;
    let suppression = suppression.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such suppression."))?;
    draft.audit("delete_suppression", suppression.id, None);
    draft.save(Suppression { customer: None, ..(*suppression).clone() });
    Ok(Answer::no_content())
}
