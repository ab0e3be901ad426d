//! Keys.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Approval, Call, shown};
use crate::decide::access::approve_key::ApproveKey;
use crate::decide::access::create_key::CreateKey;
use crate::decide::access::delete_key::DeleteKey;
use crate::decide::access::update_key::UpdateKey;
use crate::records::ApiKey;
use crate::store::queries::records::{Filter, get};
use crate::views;

pub(in crate::api) async fn create_key(call: Call) -> Result<Reply, Problem> {
    let body: CreateKey = call.body()?;
    call.submit(CreateKey { giver: call.caller.scopes.to_vec(), ..body }).await
}

pub(in crate::api) async fn list_keys(call: Call) -> Result<Reply, Problem> {
    let living = Filter::new().is_empty("deleted_at");
    call.list::<ApiKey>(living, |_, key| shown(&views::key::key(key))).await
}

pub(in crate::api) async fn get_key(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("key")?);
    let key = call.read(move |connection| get::<ApiKey>(connection, shop, id)).await?;
    let living = key.filter(|key| key.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::key::key(&living)))
}

pub(in crate::api) async fn update_key(call: Call) -> Result<Reply, Problem> {
    let id = call.id("key")?;
    let reply = call.submit(UpdateKey { id, body: call.body()?, giver: call.caller.scopes.to_vec() }).await?;
    call.app.callers.forget(id);
    Ok(reply)
}

pub(in crate::api) async fn approve_key(call: Call) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("key")?, call.body()?);
    call.submit(ApproveKey { id, reason, giver: call.caller.scopes.to_vec() }).await
}

pub(in crate::api) async fn delete_key(call: Call) -> Result<Reply, Problem> {
    let id = call.id("key")?;
    let reply = call.submit(DeleteKey { id, giver: call.caller.scopes.to_vec() }).await?;
    call.app.callers.forget(id);
    Ok(reply)
}
