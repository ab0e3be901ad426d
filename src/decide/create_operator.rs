//! Lets a person work in the shop.

use super::answer::{Answer, Keep};
use super::draft::Draft;
use super::parts::permission;
use crate::records::Operator;
use crate::records::operator::Role;
use crate::records::scope::Scope;
use crate::records::text::{Email, Name};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Operators of one shop, those who left included.
const OPERATORS: usize = 1000;

/// The operator's fields.
#[derive(Clone)]
pub struct CreateOperator {
    /// Address by which they sign in.
    pub email: Email,
    /// Name shown; the address when left out.
    pub name: Option<Name>,
    /// What they may do.
    pub role: Role,
    /// Argon2id of the password, made at the edge: it is slow by design.
    pub password_hash: String,
    /// What the maker may do.
    pub giver: Vec<Scope>,
}

impl std::fmt::Debug for CreateOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateOperator").field("role", &self.role).finish_non_exhaustive()
    }
}

/// Decides it. Who left may join again with the same address.
pub fn decide(draft: &mut Draft<'_>, command: &CreateOperator) -> Result<Answer, Stop> {
    let email = command.email.to_lowercase();
    let known = draft.find(&Operator::BY_EMAIL, &email);
    let others = draft.list(&Operator::OF_SHOP, draft.shop.id);
    let (known, others) = (known?, others?);
    permission::check(&command.giver, &command.role.scopes())?;
    if known.as_ref().is_some_and(|known| known.deleted_at.is_none()) {
        let detail = format!("There is an operator {email} already; PATCH /v1/operators/{{id}} changes them.");
        return Err(Rejection::at(Code::CodeTaken, "/email", detail).into());
    }
    if known.is_none() && others.len() >= OPERATORS {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {OPERATORS} operators.")).into());
    }
    let operator = Operator {
        id: known.as_ref().map_or_else(|| draft.new_id("opr"), |known| known.id),
        shop: draft.shop.id,
        version: known.as_ref().map_or(0, |known| known.version),
        name: command.name.as_ref().map_or_else(|| email.clone(), |name| name.to_string()),
        email,
        role: command.role,
        password_hash: command.password_hash.clone(),
        disabled: false,
        created_at: draft.at(),
        deleted_at: None,
    };
    // The request holds a password: its fingerprint must not be kept.
    let view = views::operator::operator(&operator);
    let answer = Answer::created(&view, format!("/v1/operators/{}", operator.id)).keep(Keep::Never);
    draft.audit("create_operator", operator.id, None);
    draft.save(operator);
    Ok(answer)
}
