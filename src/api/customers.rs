//! Customers.

use super::call::{Call, shown};
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::merge_customers::MergeCustomers;
use crate::decide::parts::customer;
use crate::decide::upsert_customer::UpsertCustomer;
use crate::records::{Customer, Id};
use crate::store::queries::records::Filter;
use crate::views;

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
