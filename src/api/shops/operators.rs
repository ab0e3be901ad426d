//! Operators. Passwords are hashed here, before a decision is asked for: that takes its time.

use serde::Deserialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::access::create_operator::CreateOperator;
use crate::decide::access::delete_operator::DeleteOperator;
use crate::decide::access::update_operator::UpdateOperator;
use crate::password::{self, Password};
use crate::records::Operator;
use crate::records::operator::Role;
use crate::records::text::{Email, Name, Text};
use crate::store::queries::records::{Filter, get};
use crate::views;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOperator {
    email: Email,
    name: Option<Name>,
    role: Role,
    password: Option<Password>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorChange {
    name: Option<Name>,
    role: Option<Role>,
    password: Option<Password>,
    disabled: Option<bool>,
}

pub(in crate::api) async fn create_operator(call: Call) -> Result<Reply, Problem> {
    let NewOperator { email, name, role, password } = call.body()?;
    let made_up = password.is_none().then(password::make_up);
    let password = password.map(Text::into_string).or_else(|| made_up.clone()).unwrap_or_default();
    let password_hash = hash(&call, password).await?;
    let giver = call.caller.scopes.to_vec();
    call.submit(CreateOperator { email, name, role, password_hash, made_up, giver }).await
}

pub(in crate::api) async fn list_operators(call: Call) -> Result<Reply, Problem> {
    call.list::<Operator>(Filter::new(), |_, operator| shown(&views::operator::operator(operator))).await
}

pub(in crate::api) async fn get_operator(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("opr")?);
    let operator = call.read(move |connection| get::<Operator>(connection, shop, id)).await?;
    let operator = operator.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::operator::operator(&operator)))
}

pub(in crate::api) async fn update_operator(call: Call) -> Result<Reply, Problem> {
    let id = call.id("opr")?;
    let OperatorChange { name, role, password, disabled } = call.body()?;
    let password_hash = match password {
        Some(password) => Some(hash(&call, password.into_string()).await?),
        None => None,
    };
    let giver = call.caller.scopes.to_vec();
    let reply = call.submit(UpdateOperator { id, name, role, password_hash, disabled, giver }).await?;
    call.app.callers.forget(id);
    Ok(reply)
}

pub(in crate::api) async fn delete_operator(call: Call) -> Result<Reply, Problem> {
    let id = call.id("opr")?;
    let giver = call.caller.scopes.to_vec();
    let reply = call.submit(DeleteOperator { id, giver }).await?;
    call.app.callers.forget(id);
    Ok(reply)
}

async fn hash(call: &Call, password: String) -> Result<String, Problem> {
    call.app.hashing.run(move || password::hash(&password)).await
}
