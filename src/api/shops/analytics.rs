//! Accounts at analytics, and trying them out.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::api::shops::webhooks;
use crate::decide::endpoints::delete_analytics_account::DeleteAnalyticsAccount;
use crate::decide::endpoints::put_analytics_account::{AccountBody, PutAnalyticsAccount};
use crate::records::AnalyticsAccount;
use crate::records::analytics_account::Analytics;
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::get;
use crate::store::webhooks as cursors;
use crate::views;

pub(in crate::api) async fn put_analytics_account(call: Call) -> Result<Reply, Problem> {
    let (kind, body): (Analytics, AccountBody) = (kind(&call)?, call.body()?);
    if let Some(url) = &body.url {
        webhooks::check(&call, url)?;
        if url.contains('?') {
            return Err(Rejection::field("/url", "leave out what stands behind the question mark").into());
        }
    }
    let reply = call.submit(PutAnalyticsAccount { kind, body }).await?;
    // One that is changed is tried at once.
    let account = known(&call, kind).await?;
    call.app.engine.write(move |connection| cursors::wake(connection, &account)).await?;
    Ok(reply)
}

pub(in crate::api) async fn get_analytics_account(call: Call) -> Result<Reply, Problem> {
    let account = known(&call, kind(&call)?).await?;
    Ok(Reply::json(&views::endpoint::account::account(&account)))
}

pub(in crate::api) async fn delete_analytics_account(call: Call) -> Result<Reply, Problem> {
    let kind = kind(&call)?;
    let reply = call.submit(DeleteAnalyticsAccount { kind }).await?;
    let id = AnalyticsAccount::id_of(call.shop(), kind);
    call.app.engine.write(move |connection| cursors::forget(connection, id)).await?;
    Ok(reply)
}

/// Sends what is no order: GA4 checks it and keeps nothing, the others have an event of that name.
pub(in crate::api) async fn test_analytics_account(call: Call) -> Result<Reply, Problem> {
    call.refuse_unread_body()?;
    let account = known(&call, kind(&call)?).await?;
    if !account.is_live() {
        return Err(Problem::new(Code::IllegalTransition, "The account is disabled; enable it first."));
    }
    webhooks::try_out(&call, (&account).into()).await
}

fn kind(call: &Call) -> Result<Analytics, Problem> {
    Analytics::parse(call.path("kind")).ok_or_else(Problem::not_found)
}

async fn known(call: &Call, kind: Analytics) -> Result<AnalyticsAccount, Problem> {
    let (shop, id) = (call.shop(), AnalyticsAccount::id_of(call.shop(), kind));
    let account = call.read(move |connection| get::<AnalyticsAccount>(connection, shop, id)).await?;
    account.filter(|account| account.deleted_at.is_none()).ok_or_else(Problem::not_found)
}
