//! Lets a person work in the shop.

use crate::decide::access::{four_eyes, permission};
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::records::Operator;
use crate::records::operator::Role;
use crate::records::scope::Scope;
use crate::records::text::{Email, Name};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Operators of one shop, disabled ones included.
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
    /// The password, when it was made up and must be shown.
    pub made_up: Option<String>,
    /// What the maker may do.
    pub giver: Vec<Scope>,
}

impl std::fmt::Debug for CreateOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateOperator").field("role", &self.role).finish_non_exhaustive()
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateOperator) -> Result<Answer, Stop> {
    let email = command.email.to_lowercase();
    let known = draft.find(&Operator::BY_EMAIL, &email)?;
    let others = draft.list(&Operator::OF_SHOP, draft.shop.id)?;
    permission::check(&command.giver, &command.role.scopes())?;
    if let Some(known) = known {
        let detail = format!("There is an operator {email} already; PATCH /v1/operators/{} changes them.", known.id);
        return Err(Rejection::at(Code::CodeTaken, "/email", detail).into());
    }
    if others.len() >= OPERATORS {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {OPERATORS} operators.")).into());
    }
    let mut operator = Operator {
        id: draft.new_id("opr"),
        shop: draft.shop.id,
        version: 0,
        name: command.name.as_ref().map_or_else(|| email.clone(), |name| name.to_string()),
        email,
        role: command.role,
        password_hash: command.password_hash.clone(),
        disabled: false,
        let_in_by: None,
        let_in_at: None,
        generation: 0,
        created_at: draft.at(),
    };
    four_eyes::note_let_in(draft, &mut operator)?;
    // Neither the password nor the fingerprint of a request that holds one is kept.
    let view = views::operator::new_operator(&operator, command.made_up.as_deref());
    let answer = Answer::created(&view, format!("/v1/operators/{}", operator.id)).keep(Keep::Never);
    draft.audit("create_operator", operator.id, None);
    draft.save(operator);
    Ok(answer)
}
