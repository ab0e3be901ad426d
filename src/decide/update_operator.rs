//! Changes an operator: name, role, password, whether they may sign in. Somebody must always be left
//! who can let others in.

use std::rc::Rc;

use super::answer::{Answer, Keep};
use super::draft::Draft;
use super::parts::permission;
use crate::records::operator::Role;
use crate::records::scope::Scope;
use crate::records::text::Name;
use crate::records::{Id, Operator};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The operator and what to change.
#[derive(Clone)]
pub struct UpdateOperator {
    /// The operator.
    pub id: Id,
    /// Name shown.
    pub name: Option<Name>,
    /// What they may do.
    pub role: Option<Role>,
    /// Argon2id of a new password.
    pub password_hash: Option<String>,
    /// Whether they are kept from signing in.
    pub disabled: Option<bool>,
    /// What the caller may do.
    pub giver: Vec<Scope>,
}

impl std::fmt::Debug for UpdateOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpdateOperator").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateOperator) -> Result<Answer, Stop> {
    let (operator, others) = with_others(draft, command.id)?;
    if operator.deleted_at.is_some() {
        return Err(Rejection::new(Code::IllegalTransition, "They left; POST /v1/operators lets them in again.").into());
    }
    permission::check(&command.giver, &operator.role.scopes())?;
    let mut changed = (*operator).clone();
    if let Some(name) = &command.name {
        changed.name = name.to_string();
    }
    if let Some(role) = command.role {
        permission::check(&command.giver, &role.scopes())?;
        changed.role = role;
    }
    if let Some(hash) = &command.password_hash {
        changed.password_hash.clone_from(hash);
    }
    changed.disabled = command.disabled.unwrap_or(changed.disabled);
    keep_an_owner(&operator, &changed, &others)?;
    let answer = Answer::ok(&views::operator::operator(&changed)).keep(Keep::Never);
    draft.audit("update_operator", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

/// An operator, and everybody of the shop.
pub(super) fn with_others(draft: &Draft<'_>, id: Id) -> Result<(Rc<Operator>, Vec<Rc<Operator>>), Stop> {
    let operator = draft.get::<Operator>(id);
    let others = draft.list(&Operator::OF_SHOP, draft.shop.id);
    let (operator, others) = (operator?, others?);
    let operator = operator.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such operator."))?;
    Ok((operator, others))
}

/// Refuses to take the last owner away.
pub(super) fn keep_an_owner(before: &Operator, after: &Operator, all: &[Rc<Operator>]) -> Result<(), Rejection> {
    let is_owner = |operator: &Operator| operator.role == Role::Owner && operator.is_active();
    let others = all.iter().filter(|other| other.id != before.id && is_owner(other)).count();
    if is_owner(before) && !is_owner(after) && others == 0 {
        return Err(Rejection::new(Code::IllegalTransition, "At least one owner stays; make somebody else an owner first."));
    }
    Ok(())
}
