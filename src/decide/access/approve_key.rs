//! A second operator approves a key that another made or gave more: what it gives by hand is the shop's from now on.
//! It is deleted where they do not.

use crate::decide::access::{four_eyes, permission};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::scope::Scope;
use crate::records::text::Reason;
use crate::records::{ApiKey, Id, Json};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The key.
#[derive(Clone, Debug)]
pub struct ApproveKey {
    /// The key.
    pub id: Id,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
    /// What the caller may do.
    pub giver: Vec<Scope>,
}

/// Decides it. What waits for nobody is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveKey) -> Result<Answer, Stop> {
    let (key, operator) = (draft.get::<ApiKey>(command.id), four_eyes::operator(draft));
    let key = key?.filter(|key| key.deleted_at.is_none());
    let key = key.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such key."))?;
    let operator = operator?;
    permission::check(&command.giver, &key.scopes)?;
    let mut approved = (*key).clone();
    if let Some(asked_by) = key.asked_by.as_ref() {
        if let Some(asked_by) = asked_by.id {
            four_eyes::check_another(draft, &operator, asked_by)?;
        }
        approved.asked_by = Json(None);
        draft.audit("approve_key", approved.id, command.reason.as_deref());
        draft.save(approved.clone());
    }
    Ok(Answer::ok(&views::key::key(&approved)))
}
