//! Renames a key, or changes what it may do; the tokens of one that may do less now end. One that an operator gives
//! more is theirs, as a new one would be. Nobody touches a key that may do more than they.

use serde::Deserialize;

use crate::decide::access::create_key::checked;
use crate::decide::access::{four_eyes, permission};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::scope::Scope;
use crate::records::text::Name;
use crate::records::{ApiKey, Id, Json};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The key and what to change.
#[derive(Clone, Debug)]
pub struct UpdateKey {
    /// The key.
    pub id: Id,
    /// What to change.
    pub body: KeyChange,
    /// What the caller may do.
    pub giver: Vec<Scope>,
}

/// What may be changed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    /// What it is for.
    pub name: Option<Name>,
    /// What it may do.
    pub scopes: Option<Vec<Scope>>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateKey) -> Result<Answer, Stop> {
    let key = draft.get::<ApiKey>(command.id)?;
    let key = key.filter(|key| key.deleted_at.is_none());
    let key = key.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such key."))?;
    permission::check(&command.giver, &key.scopes)?;
    let mut changed = (*key).clone();
    if let Some(name) = &command.body.name {
        changed.name = name.to_string();
    }
    if let Some(scopes) = &command.body.scopes {
        changed.scopes = Json(checked(scopes, &command.giver)?);
        let is_narrower = key.scopes.iter().any(|scope| !changed.scopes.contains(scope));
        changed.generation += i64::from(is_narrower);
        let is_wider = changed.scopes.iter().any(|scope| !key.scopes.contains(scope));
        if is_wider && key.asked_by.is_none() {
            changed.asked_by = Json(four_eyes::hand(draft)?);
        }
    }
    let answer = Answer::ok(&views::key::key(&changed));
    draft.audit("update_key", changed.id, None);
    draft.save(changed);
    Ok(answer)
}
