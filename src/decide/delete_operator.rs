//! An operator leaves the shop: they cannot sign in, and their tokens are refused. The record stays,
//! for the audit log.

use super::answer::Answer;
use super::draft::Draft;
use super::parts::permission;
use super::update_operator::{keep_an_owner, with_others};
use crate::records::Id;
use crate::records::scope::Scope;
use crate::world::Stop;

/// The operator.
#[derive(Clone, Debug)]
pub struct DeleteOperator {
    /// The operator.
    pub id: Id,
    /// What the caller may do.
    pub giver: Vec<Scope>,
}

/// Decides it. Who left already has left.
pub fn decide(draft: &mut Draft<'_>, command: &DeleteOperator) -> Result<Answer, Stop> {
    let (operator, others) = with_others(draft, command.id)?;
    if operator.deleted_at.is_some() {
        return Ok(Answer::no_content());
    }
    permission::check(&command.giver, &operator.role.scopes())?;
    let mut left = (*operator).clone();
    left.deleted_at = Some(draft.at());
    keep_an_owner(&operator, &left, &others)?;
    draft.audit("delete_operator", left.id, None);
    draft.save(left);
    Ok(Answer::no_content())
}
