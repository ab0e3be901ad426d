//! A second operator rejects a large grant: nothing is given.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::rewards::grant;
use crate::records::grant::GrantStatus;
use crate::records::text::Reason;
use crate::records::{EventKind, Id, Json};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The grant and why not.
#[derive(Clone, Debug)]
pub struct RejectGrant {
    /// The grant.
    pub id: Id,
    /// Why not.
    pub reason: Reason,
}

/// Decides it. What is rejected already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &RejectGrant) -> Result<Answer, Stop> {
    let (asked, _) = grant::to_decide(draft, command.id)?;
    match asked.status {
        GrantStatus::PendingApproval => {}
        GrantStatus::Rejected => return Ok(Answer::ok(&views::grant::grant(&asked))),
        GrantStatus::Given => {
            let detail = "It was given; POST /v1/rewards/{id}/void takes its reward back.";
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    let mut rejected = (*asked).clone();
    rejected.status = GrantStatus::Rejected;
    rejected.decided_by = Json(Some(draft.context.actor.clone()));
    rejected.decided_at = Some(draft.at());
    let view = views::grant::grant(&rejected);
    let answer = Answer::ok(&view);
    draft.event(EventKind::GrantRejected, &view)?;
    draft.audit("reject_grant", rejected.id, Some(&command.reason));
    draft.save(rejected);
    Ok(answer)
}
