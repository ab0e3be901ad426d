//! Changes an operator: name, role, password, whether they may sign in. Somebody must always be left
//! who can let others in.

use std::rc::Rc;

use crate::decide::access::{four_eyes, permission};
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
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
    if command.password_hash.is_some() || changed.role > operator.role || operator.disabled && !changed.disabled {
        four_eyes::note_let_in(draft, &mut changed)?;
    }
    if takes(command, &operator, &changed) {
        changed.generation += 1;
    }
    keep_an_owner(&operator, &changed, &others)?;
    let answer = Answer::ok(&views::operator::operator(&changed)).keep(Keep::Never);
    draft.audit("update_operator", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

/// Whether something is taken away, so that the tokens that are out there end. They stay ended when it is given
/// back: who comes back signs in.
fn takes(command: &UpdateOperator, before: &Operator, after: &Operator) -> bool {
    command.password_hash.is_some() || after.role < before.role || after.disabled != before.disabled
}

/// An operator, and everybody of the shop.
pub(crate) fn with_others(draft: &Draft<'_>, id: Id) -> Result<(Rc<Operator>, Vec<Rc<Operator>>), Stop> {
    let operator = draft.get::<Operator>(id)?;
    let others = draft.list(&Operator::OF_SHOP, draft.shop.id)?;
    let operator = operator.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such operator."))?;
    Ok((operator, others))
}

/// Refuses to take the last owner away.
pub(crate) fn keep_an_owner(before: &Operator, after: &Operator, all: &[Rc<Operator>]) -> Result<(), Rejection> {
    let is_owner = |operator: &Operator| operator.role == Role::Owner && !operator.disabled;
    let others = all.iter().filter(|other| other.id != before.id && is_owner(other)).count();
    if is_owner(before) && !is_owner(after) && others == 0 {
        return Err(Rejection::new(
            Code::IllegalTransition,
            "At least one owner stays; make somebody else an owner first.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::access::create_operator::CreateOperator;
    use crate::decide::access::delete_operator::DeleteOperator;
    use crate::decide::testing::bench::Bench;

    fn add(bench: &mut Bench, name: &str, role: Role, giver: Role) -> Result<Id, Rejection> {
        let email = serde_json::from_value(format!("{name}@Shop.example").into()).expect("an address");
        let (password_hash, giver) = ("hash".to_owned(), giver.scopes());
        let answer = bench.decide(CreateOperator { email, name: None, role, password_hash, made_up: None, giver })?;
        let view: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert!(!answer.body.contains("hash"), "{}", answer.body);
        Ok(view["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
    }

    fn change(id: Id, giver: Role) -> UpdateOperator {
        UpdateOperator { id, name: None, role: None, password_hash: None, disabled: None, giver: giver.scopes() }
    }

    #[test]
    fn one_owner_stays_however_he_would_go() {
        let mut bench = Bench::new();
        let anton = add(&mut bench, "anton", Role::Owner, Role::Owner).expect("an owner");
        let demoted = UpdateOperator { role: Some(Role::Manager), ..change(anton, Role::Owner) };
        let disabled = UpdateOperator { disabled: Some(true), ..change(anton, Role::Owner) };
        let leave = || DeleteOperator { id: anton, giver: Role::Owner.scopes() };
        for command in [demoted, disabled] {
            assert_eq!(bench.decide(command).expect_err("the last").code, Code::IllegalTransition);
        }
        assert_eq!(bench.decide(leave()).expect_err("the last").code, Code::IllegalTransition);
        add(&mut bench, "berta", Role::Owner, Role::Owner).expect("another owner");
        bench.decide(leave()).expect("berta stays");
        bench.decide(leave()).expect("he has left");
        assert!(bench.get::<Operator>(anton).disabled);
    }

    #[test]
    fn nobody_gives_or_takes_a_role_above_his_own() {
        let mut bench = Bench::new();
        let anton = add(&mut bench, "anton", Role::Owner, Role::Owner).expect("an owner");
        let carl = add(&mut bench, "carl", Role::Support, Role::Manager).expect("below a manager");
        assert_eq!(add(&mut bench, "x", Role::Owner, Role::Manager).expect_err("above").code, Code::Forbidden);
        let raised = UpdateOperator { role: Some(Role::Owner), ..change(carl, Role::Manager) };
        let seized = UpdateOperator { password_hash: Some("mine".to_owned()), ..change(anton, Role::Manager) };
        for command in [raised, seized] {
            assert_eq!(bench.decide(command).expect_err("above").code, Code::Forbidden);
        }
    }

    #[test]
    fn an_address_is_one_operator_who_may_come_back() {
        let mut bench = Bench::new();
        let carl = add(&mut bench, "carl", Role::Support, Role::Owner).expect("new");
        bench.decide(DeleteOperator { id: carl, giver: Role::Owner.scopes() }).expect("he leaves");
        assert_eq!(add(&mut bench, "CARL", Role::Viewer, Role::Owner).expect_err("there").code, Code::CodeTaken);
        bench.decide(UpdateOperator { disabled: Some(false), ..change(carl, Role::Owner) }).expect("he is back");
        assert!(!bench.get::<Operator>(carl).disabled);
    }
}
