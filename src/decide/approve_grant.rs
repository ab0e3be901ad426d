//! A second operator approves a large grant: it is given.

use super::answer::Answer;
use super::draft::Draft;
use super::parts::grant;
use crate::records::grant::GrantStatus;
use crate::records::{Id, Json};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The grant.
#[derive(Clone, Debug)]
pub struct ApproveGrant {
    /// The grant.
    pub id: Id,
}

/// Decides it. What is given already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveGrant) -> Result<Answer, Stop> {
    let asked = grant::to_decide(draft, command.id)?;
    match asked.status {
        GrantStatus::PendingApproval => {}
        GrantStatus::Given => return Ok(Answer::ok(&views::grant::grant(&asked))),
        GrantStatus::Rejected => {
            return Err(Rejection::new(Code::IllegalTransition, "It was rejected; make a new grant.").into());
        }
    }
    let mut approved = (*asked).clone();
    approved.decided_by = Json(Some(draft.context.actor.clone()));
    draft.audit("approve_grant", approved.id, None);
    let given = grant::give(draft, approved)?;
    Ok(Answer::ok(&views::grant::grant(&given)))
}
