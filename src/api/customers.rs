//! Customers.

use serde::{Deserialize, Serialize};

use super::call::{Call, shown};
use super::problem::Problem;
use super::reply::Reply;
use super::tokens::ME;
use crate::decide::merge_customers::MergeCustomers;
use crate::decide::note_customer_token::NoteCustomerToken;
use crate::decide::parts::customer;
use crate::decide::upsert_customer::UpsertCustomer;
use crate::records::{Customer, Id};
use crate::refusal::Rejection;
use crate::store::queries::records::Filter;
use crate::views;

/// How long a browser's token is good, unless asked otherwise, seconds.
const TOKEN_SECONDS: i64 = 900;
/// The longest that it is good, seconds.
const TOKEN_SECONDS_MAX: i64 = 3_600;

pub(super) async fn upsert_customer(call: Call) -> Result<Reply, Problem> {
    let body: UpsertCustomer = call.body()?;
    call.submit(UpsertCustomer { external_id: call.path("id").to_owned(), ..body }).await
}

pub(super) async fn get_customer(call: Call) -> Result<Reply, Problem> {
    let customer = named(&call).await?;
    Ok(Reply::json(&views::customer::customer(&customer)))
}

pub(super) async fn merge_customers(call: Call) -> Result<Reply, Problem> {
    let body: MergeCustomers = call.body()?;
    call.submit(MergeCustomers { into: call.path("id").to_owned(), ..body }).await
}

pub(super) async fn list_customers(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new()
        .equals("external_id", call.query().text("external_id"))
        .equals("email", call.query().text("email"));
    call.list::<Customer>(filter, |customer| shown(&views::customer::customer(customer))).await
}

/// How long the browser's token is good.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCustomerToken {
    expires_in: Option<i64>,
}

/// RFC 6749, 5.1.
#[derive(Serialize)]
struct CustomerTokenView {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: &'static str,
}

pub(super) async fn create_customer_token(call: Call) -> Result<Reply, Problem> {
    let NewCustomerToken { expires_in } = call.body()?;
    let seconds = expires_in.unwrap_or(TOKEN_SECONDS);
    if !(1..=TOKEN_SECONDS_MAX).contains(&seconds) {
        return Err(Rejection::field("/expires_in", format!("1 to {TOKEN_SECONDS_MAX} seconds are expected")).into());
    }
    let customer = current(&call).await?.id;
    if call.caller.role.is_some() {
        call.submit(NoteCustomerToken { customer }).await?;
    }
    let token = call.app.tokens.issue_for_browser(call.app.now(), customer, call.shop(), seconds);
    let access_token = token.ok_or_else(Problem::internal)?;
    Ok(Reply::json(&CustomerTokenView { access_token, token_type: "Bearer", expires_in: seconds, scope: ME }))
}

/// The customer whom the path names, by `external_id` or by our id.
pub(super) async fn named(call: &Call) -> Result<Customer, Problem> {
    let name = call.path("id").to_owned();
    let found = call.consult(move |draft| Ok(customer::named(draft, &name)?.map(|found| (*found).clone()))).await?;
    found.ok_or_else(Problem::not_found)
}

/// The same, or the one into whom he was merged.
pub(super) async fn current(call: &Call) -> Result<Customer, Problem> {
    let name = call.path("id").to_owned();
    let found = call.consult(move |draft| {
        let Some(found) = customer::named(draft, &name)? else { return Ok(None) };
        Ok(Some((*customer::merged(draft, found)?).clone()))
    });
    found.await?.ok_or_else(Problem::not_found)
}

/// The customer whom the path names, and those who were merged into him: their ids.
pub(super) async fn family(call: &Call) -> Result<Vec<Id>, Problem> {
    let name = call.path("id").to_owned();
    let ids = family_of(call, name).await?;
    if ids.is_empty() { Err(Problem::not_found()) } else { Ok(ids) }
}

/// The same of a name that somebody gave; empty: nobody has it.
pub(super) async fn family_of(call: &Call, name: String) -> Result<Vec<Id>, Problem> {
    call.consult(move |draft| {
        let Some(found) = customer::named(draft, &name)? else { return Ok(Vec::new()) };
        let customer = customer::merged(draft, found)?;
        let merged = draft.list(&Customer::MERGED_INTO, customer.id)?;
        Ok([customer.id].into_iter().chain(merged.iter().map(|merged| merged.id)).collect())
    })
    .await
}
