//! Grants.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Approval, Because, Call, shown};
use crate::decide::rewards::approve_grant::ApproveGrant;
use crate::decide::rewards::create_grant::CreateGrant;
use crate::decide::rewards::reject_grant::RejectGrant;
use crate::records::Grant;
use crate::records::grant::GrantStatus;
use crate::store::queries::records::{Filter, get};
use crate::views;

pub(in crate::api) async fn create_grant(call: Call) -> Result<Reply, Problem> {
    let body: CreateGrant = call.body()?;
    call.submit(body).await
}

pub(in crate::api) async fn get_grant(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("grt")?);
    let grant = call.read(move |connection| get::<Grant>(connection, shop, id)).await?;
    Ok(Reply::json(&views::grant::grant(&grant.ok_or_else(Problem::not_found)?)))
}

pub(in crate::api) async fn list_grants(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .among("customer", customer)
        .among("customer", named)
        .equals("status", call.query().word("status", GrantStatus::WORDS)?)
        .equals("reference", call.query().text("reference"));
    call.list::<Grant>(filter, |_, grant| shown(&views::grant::grant(grant))).await
}

pub(in crate::api) async fn approve_grant(call: Call) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("grt")?, call.body()?);
    call.submit(ApproveGrant { id, reason }).await
}

pub(in crate::api) async fn reject_grant(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("grt")?, call.body()?);
    call.submit(RejectGrant { id, reason }).await
}
