//! Webhook endpoints, and what was tried to send to them.

use serde::{Deserialize, Serialize};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::endpoints::create_endpoint::CreateEndpoint;
use crate::decide::endpoints::delete_endpoint::DeleteEndpoint;
use crate::decide::endpoints::rotate_secret::{GRACE, LONGEST_GRACE, RotateSecret};
use crate::decide::endpoints::update_endpoint::{EndpointChange, UpdateEndpoint};
use crate::records::delivery::{DeliveryStatus, TEST};
use crate::records::endpoint::EndpointStatus;
use crate::records::{AnalyticsAccount, Delivery, Endpoint, Id, RecordKind, ShopHead};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::{Filter, get};
use crate::store::webhooks::{self, Reader};
use crate::views;
use crate::views::Mask;

/// How long the secret of now signs on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    grace_seconds: Option<i64>,
}

/// Which events are sent once more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    from_seq: i64,
    to_seq: Option<i64>,
    only: Option<Only>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Only {
    All,
    Failed,
    Missing,
}

/// See the contract's `ReplayedSpan`.
#[derive(Debug, Serialize)]
struct Spanned {
    from_seq: i64,
    to_seq: Option<i64>,
}

pub(in crate::api) async fn create_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    let body: CreateEndpoint = call.body()?;
    check(&call, &body.url)?;
    let sees_codes = call.mask() == Mask::Full;
    call.submit(CreateEndpoint { sees_codes, ..body }).await
}

pub(in crate::api) async fn list_webhook_endpoints(call: Call) -> Result<Reply, Problem> {
    let living = Filter::new().is_empty("deleted_at");
    call.list::<Endpoint>(living, |_, endpoint| shown(&views::endpoint::endpoint(endpoint))).await
}

pub(in crate::api) async fn get_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    let endpoint = named(&call).await?;
    Ok(Reply::json(&views::endpoint::endpoint(&endpoint)))
}

pub(in crate::api) async fn update_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    let (id, body): (Id, EndpointChange) = (call.id("whe")?, call.body()?);
    if let Some(url) = &body.url {
        check(&call, url)?;
    }
    let is_enabled = body.status == Some(EndpointStatus::Enabled);
    change(call, id, body, is_enabled).await
}

pub(in crate::api) async fn enable_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    let body = EndpointChange { status: Some(EndpointStatus::Enabled), ..EndpointChange::default() };
    let id = call.id("whe")?;
    change(call, id, body, true).await
}

/// Changes an endpoint; one that is enabled is tried at once.
async fn change(call: Call, id: Id, body: EndpointChange, is_enabled: bool) -> Result<Reply, Problem> {
    let sees_codes = call.mask() == Mask::Full;
    let reply = call.submit(UpdateEndpoint { id, body, sees_codes }).await?;
    if is_enabled {
        let endpoint = named(&call).await?;
        call.app.engine.write(move |connection| webhooks::wake(connection, &endpoint)).await?;
    }
    Ok(reply)
}

pub(in crate::api) async fn delete_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    let id = call.id("whe")?;
    let reply = call.submit(DeleteEndpoint { id }).await?;
    call.app.engine.write(move |connection| webhooks::forget(connection, id)).await?;
    Ok(reply)
}

pub(in crate::api) async fn rotate_webhook_secret(call: Call) -> Result<Reply, Problem> {
    let (id, body): (Id, Rotation) = (call.id("whe")?, call.body()?);
    let grace_seconds = body.grace_seconds.unwrap_or(GRACE);
    if !(0..=LONGEST_GRACE).contains(&grace_seconds) {
        let detail = format!("a number from 0 to {LONGEST_GRACE} is expected");
        return Err(Rejection::field("/grace_seconds", detail).into());
    }
    call.submit(RotateSecret { id, grace_seconds }).await
}

/// Sends what is no event, so that a shop sees whether its receiver does what it should.
pub(in crate::api) async fn test_webhook_endpoint(call: Call) -> Result<Reply, Problem> {
    call.refuse_unread_body()?;
    let endpoint = enabled(&call).await?;
    try_out(&call, (&endpoint).into()).await
}

/// Has what is no event sent now.
pub(super) async fn try_out(call: &Call, reader: Reader) -> Result<Reply, Problem> {
    let now = call.app.now();
    let id = Id::new("dlv", now.ms(), rand::random());
    let test = Delivery::blank(id, reader.shop, reader.id, (id, TEST.to_owned()), now);
    send(call, reader, test).await
}

/// Has a delivery tried now; answers how it stands.
async fn send(call: &Call, reader: Reader, delivery: Delivery) -> Result<Reply, Problem> {
    let (shop, id, now) = (call.shop(), delivery.id, call.app.now());
    let sent = call.app.engine.write(move |connection| {
        webhooks::send(connection, reader, &delivery, now)?;
        get::<Delivery>(connection, shop, id)
    });
    let delivery = sent.await?.ok_or_else(Problem::internal)?;
    Ok(Reply::json(&views::endpoint::delivery(&delivery)).status(202))
}

pub(in crate::api) async fn replay_events(call: Call) -> Result<Reply, Problem> {
    let body: Span = call.body()?;
    let endpoint = enabled(&call).await?;
    let (shop, now) = (call.shop(), call.app.now());
    let head = call.read(move |connection| get::<ShopHead>(connection, shop, shop)).await?;
    let last = head.ok_or_else(Problem::internal)?.seq;
    let (from_seq, to_seq) = (body.from_seq, body.to_seq.unwrap_or(last).min(last));
    if from_seq < 1 {
        return Err(Rejection::field("/from_seq", "the number of an event is expected").into());
    }
    let only = body.only.unwrap_or(Only::All);
    let to_seq = match only {
        // What came since is on its way, or has arrived.
        Only::Missing => to_seq.min(endpoint.from_seq),
        Only::All | Only::Failed => to_seq,
    };
    let id = Id::new("dlv", now.ms(), rand::random());
    let is_taken = call.app.engine.write(move |connection| match only {
        _ if from_seq > to_seq => Ok(true),
        Only::Failed => webhooks::send_failed(connection, &endpoint, (from_seq, to_seq), now).map(|_| true),
        Only::All | Only::Missing => webhooks::send_span(connection, &endpoint, id, (from_seq, to_seq), now),
    });
    if !is_taken.await? {
        let detail = format!("At most {} spans wait at an endpoint; try again when some are sent.", webhooks::REPLAYS);
        return Err(Problem::new(Code::LimitReached, detail));
    }
    Ok(Reply::json(&Spanned { from_seq, to_seq: (from_seq <= to_seq).then_some(to_seq) }).status(202))
}

pub(in crate::api) async fn list_endpoint_deliveries(call: Call) -> Result<Reply, Problem> {
    let id = named(&call).await?.id;
    let filter = filter(&call)?.equals_id("endpoint", Some(id));
    call.list::<Delivery>(filter, |_, delivery| shown(&views::endpoint::delivery(delivery))).await
}

pub(in crate::api) async fn list_deliveries(call: Call) -> Result<Reply, Problem> {
    let filter = filter(&call)?.equals("endpoint", call.query().text("endpoint"));
    call.list::<Delivery>(filter, |_, delivery| shown(&views::endpoint::delivery(delivery))).await
}

fn filter(call: &Call) -> Result<Filter, Problem> {
    let status = call.query().word("status", DeliveryStatus::WORDS)?;
    Ok(Filter::new().equals("status", status).equals("event", call.query().text("event")))
}

pub(in crate::api) async fn get_delivery(call: Call) -> Result<Reply, Problem> {
    let delivery = delivery(&call).await?;
    Ok(Reply::json(&views::endpoint::delivery(&delivery)))
}

pub(in crate::api) async fn redeliver(call: Call) -> Result<Reply, Problem> {
    call.refuse_unread_body()?;
    let delivery = delivery(&call).await?;
    let (shop, id) = (call.shop(), delivery.endpoint);
    if RecordKind::of(id) == Some(RecordKind::AnalyticsAccount) {
        let account = call.read(move |connection| get::<AnalyticsAccount>(connection, shop, id)).await?;
        let account = account.filter(AnalyticsAccount::is_live);
        let reader = account.as_ref().map(Reader::from).ok_or_else(disabled)?;
        return send(&call, reader, delivery).await;
    }
    let endpoint = call.read(move |connection| get::<Endpoint>(connection, shop, id)).await?;
    let endpoint = endpoint.ok_or_else(Problem::not_found)?;
    send(&call, (&live(endpoint)?).into(), delivery).await
}

async fn delivery(call: &Call) -> Result<Delivery, Problem> {
    let (shop, id) = (call.shop(), call.id("dlv")?);
    let delivery = call.read(move |connection| get::<Delivery>(connection, shop, id)).await?;
    delivery.ok_or_else(Problem::not_found)
}

async fn named(call: &Call) -> Result<Endpoint, Problem> {
    let (shop, id) = (call.shop(), call.id("whe")?);
    let endpoint = call.read(move |connection| get::<Endpoint>(connection, shop, id)).await?;
    endpoint.filter(|endpoint| endpoint.deleted_at.is_none()).ok_or_else(Problem::not_found)
}

async fn enabled(call: &Call) -> Result<Endpoint, Problem> {
    live(named(call).await?)
}

fn live(endpoint: Endpoint) -> Result<Endpoint, Problem> {
    match endpoint.is_live() {
        true => Ok(endpoint),
        false => Err(disabled()),
    }
}

fn disabled() -> Problem {
    Problem::new(Code::IllegalTransition, "The endpoint is disabled; enable it first.")
}

pub(super) fn check(call: &Call, url: &str) -> Result<(), Rejection> {
    let checked = call.app.config.webhooks.outbound.check(url);
    checked.map(drop).map_err(|wrong| Rejection::at(Code::UrlNotAllowed, "/url", wrong))
}
