//! Customers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::door::tokens::ME;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::submit_typed;
use crate::api::request::in_time::left;
use crate::api::request::typed::Ignored;
use crate::decide::customer_lookup;
use crate::decide::erasure::erase_customer::EraseCustomer;
use crate::decide::people::ask_consent::AskConsent;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::people::note_customer_token::NoteCustomerToken;
use crate::decide::people::upsert_customer::UpsertCustomer;
use crate::decide::referrals::sign_up::SignUp;
use crate::jobs::erasure;
use crate::records::scope::Scope;
use crate::records::{Customer, Id};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::Filter;
use crate::views;

/// How long a browser's token is good, unless asked otherwise, seconds.
const TOKEN_SECONDS: i64 = 900;
/// The longest that it is good, seconds.
const TOKEN_SECONDS_MAX: i64 = 3_600;
/// How long a request waits for the erasure that it asks for.
const ERASING: Duration = Duration::from_secs(3);

pub(in crate::api) async fn upsert_customer(call: Call) -> Result<Reply, Problem> {
    let (mut body, mut ignored): (UpsertCustomer, Ignored) = call.typed_body()?;
    ignored.take_along("/email", "/email_verified", &mut body.email_verified);
    ignored.take_along("/phone", "/phone_verified", &mut body.phone_verified);
    let mut customer = UpsertCustomer { external_id: call.path("id").to_owned(), ..body };
    if customer.evidence.is_none() && customer.program.is_none() {
        return call.submit(customer).await?.ignoring(&ignored);
    }
    call.caller.may_by(&[Scope::ReferralsWrite])?;
    let evidence = customer.evidence.take().unwrap_or_default();
    let name = Some(customer.external_id.as_str());
    let guesser = evidence.typed().map(|_| Guesser::on_behalf(&call.caller, name, customer.visitor.as_deref(), None));
    let command = SignUp { customer, evidence: evidence.clone() };
    submit_typed(&call, guesser, Some(&evidence), command).await?.ignoring(&ignored)
}

pub(in crate::api) async fn get_customer(call: Call) -> Result<Reply, Problem> {
    let customer = named(&call).await?;
    refuse_erased(&customer)?;
    Ok(Reply::json(&views::customer::customer(&customer)))
}

pub(in crate::api) async fn merge_customers(call: Call) -> Result<Reply, Problem> {
    let body: MergeCustomers = call.body()?;
    call.submit(MergeCustomers { into: call.path("id").to_owned(), ..body }).await
}

pub(in crate::api) async fn ask_consent(call: Call) -> Result<Reply, Problem> {
    let body: AskConsent = call.body()?;
    call.submit(AskConsent { customer: call.path("id").to_owned(), ..body }).await
}

pub(in crate::api) async fn delete_customer(call: Call) -> Result<Reply, Problem> {
    let command = EraseCustomer { customer: call.path("id").to_owned(), lease_ms: erasure::LEASE_MS };
    let reply = call.submit(command).await?;
    if let Some(job) = reply.subject() {
        carry_on(&call, job).await;
    }
    call.app.links.forget(call.shop());
    Ok(reply)
}

/// Most customers are erased before the answer leaves; of those with a long history a worker erases
/// the rest.
async fn carry_on(call: &Call, job: Id) {
    let work = erasure::finish(&call.app.engine, &call.app.reader, call.shop(), job);
    match tokio::time::timeout(left(call.since).min(ERASING), work).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, %job, "an erasure goes on later"),
        Err(_) => tracing::info!(%job, "an erasure goes on in the background"),
    }
}

pub(in crate::api) async fn list_customers(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new()
        // Nearly all fit.
        .indexed("erased_at IS NULL", [])
        .equals("external_id", call.query().text("external_id"))
        .equals("email", call.query().text("email"));
    call.list::<Customer>(filter, |_, customer| shown(&views::customer::customer(customer))).await
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

pub(in crate::api) async fn create_customer_token(call: Call) -> Result<Reply, Problem> {
    let NewCustomerToken { expires_in } = call.body()?;
    let seconds = expires_in.unwrap_or(TOKEN_SECONDS);
    if !(1..=TOKEN_SECONDS_MAX).contains(&seconds) {
        return Err(Rejection::field("/expires_in", format!("1 to {TOKEN_SECONDS_MAX} seconds are expected")).into());
    }
    let customer = living(&call).await?.id;
    if call.caller.role.is_some() {
        call.submit(NoteCustomerToken { customer }).await?;
    }
    let token = call.app.tokens.issue_for_browser(call.app.now(), customer, call.shop(), seconds);
    let access_token = token.ok_or_else(Problem::internal)?;
    Ok(Reply::json(&CustomerTokenView { access_token, token_type: "Bearer", expires_in: seconds, scope: ME }))
}

/// Nothing is told of who was erased.
fn refuse_erased(customer: &Customer) -> Result<(), Problem> {
    if customer.is_erased() {
        return Err(Problem::new(
            Code::Erased,
            format!("{} was erased; nothing of the customer is known.", customer.id),
        ));
    }
    Ok(())
}

/// The customer whom the path names, or the one into whom he was merged, unless he was erased.
pub(in crate::api) async fn living(call: &Call) -> Result<Customer, Problem> {
    let customer = current(call).await?;
    refuse_erased(&customer)?;
    Ok(customer)
}

/// The customer whom the path names, by `external_id` or by our id.
pub(in crate::api) async fn named(call: &Call) -> Result<Customer, Problem> {
    let name = call.path("id").to_owned();
    let found =
        call.dry_run(move |draft| Ok(customer_lookup::named(draft, &name)?.map(|found| (*found).clone()))).await?;
    found.ok_or_else(Problem::not_found)
}

/// The same, or the one into whom he was merged.
pub(in crate::api) async fn current(call: &Call) -> Result<Customer, Problem> {
    let name = call.path("id").to_owned();
    let found = call.dry_run(move |draft| {
        let Some(found) = customer_lookup::named(draft, &name)? else { return Ok(None) };
        Ok(Some((*customer_lookup::merged(draft, found)?).clone()))
    });
    found.await?.ok_or_else(Problem::not_found)
}

/// The customer whom the path names, and those who were merged into him: their ids.
pub(in crate::api) async fn family(call: &Call) -> Result<Vec<Id>, Problem> {
    let name = call.path("id").to_owned();
    let ids = family_of(call, name).await?;
    if ids.is_empty() { Err(Problem::not_found()) } else { Ok(ids) }
}

/// The same of a name that somebody gave; empty: nobody has it.
pub(in crate::api) async fn family_of(call: &Call, name: String) -> Result<Vec<Id>, Problem> {
    call.dry_run(move |draft| {
        let Some(found) = customer_lookup::named(draft, &name)? else { return Ok(Vec::new()) };
        let customer = customer_lookup::merged(draft, found)?;
        let merged = draft.list(&Customer::MERGED_INTO, customer.id)?;
        Ok([customer.id].into_iter().chain(merged.iter().map(|merged| merged.id)).collect())
    })
    .await
}
