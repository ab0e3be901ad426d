//! Customers.

use super::call::{Call, shown};
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::parts::customer;
use crate::decide::upsert_customer::UpsertCustomer;
use crate::records::{Customer, Id};
use crate::store::queries::records::{Filter, find, get};
use crate::store::{Connection, StoreResult};
use crate::views;

pub(super) async fn upsert_customer(call: Call) -> Result<Reply, Problem> {
    let body: UpsertCustomer = call.body()?;
    call.submit(UpsertCustomer { external_id: call.path("id").to_owned(), ..body }).await
}

pub(super) async fn get_customer(call: Call) -> Result<Reply, Problem> {
    let customer = named(&call).await?;
    Ok(Reply::json(&views::customer::customer(&customer)))
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

/// A customer by `external_id` or by our id.
pub(super) fn by_name(connection: &mut Connection, shop: Id, name: &str) -> StoreResult<Option<Customer>> {
    match Id::parse("cus", name) {
        Some(id) => get(connection, shop, id),
        None => find(connection, shop, &Customer::BY_EXTERNAL_ID, name),
    }
}
