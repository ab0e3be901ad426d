//! Deletes a key: it and its tokens are refused from now on. The record stays, for the audit log.

use crate::decide::access::permission;
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::scope::Scope;
use crate::records::{ApiKey, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The key.
#[derive(Clone, Debug)]
pub struct DeleteKey {
    /// The key.
    pub id: Id,
    /// What the caller may do.
    pub giver: Vec<Scope>,
}

/// Decides it. Deleted again is deleted.
pub fn decide(draft: &mut Draft<'_>, command: &DeleteKey) -> Result<Answer, Stop> {
    let key = draft.get::<ApiKey>(command.id)?;
    let key = key.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such key."))?;
    permission::check(&command.giver, &key.scopes)?;
    if key.deleted_at.is_none() {
        let mut deleted = (*key).clone();
        deleted.generation += 1;
        deleted.deleted_at = Some(draft.at());
        draft.audit("delete_key", deleted.id, None);
        draft.save(deleted);
    }
    Ok(Answer::no_content())
}
