//! An operator leaves the shop: they are disabled, so that the records keep their name.

use crate::decide::access::permission;
use crate::decide::access::update_operator::{keep_an_owner, with_others};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
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
    if operator.disabled {
        return Ok(Answer::no_content());
    }
    permission::check(&command.giver, &operator.role.scopes())?;
    let mut left = (*operator).clone();
    left.disabled = true;
    left.generation += 1;
    keep_an_owner(&operator, &left, &others)?;
    draft.audit("delete_operator", left.id, None);
    draft.save(left);
    Ok(Answer::no_content())
}
