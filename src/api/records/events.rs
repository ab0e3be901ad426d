//! What happened: the shop's events, oldest first.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::inquiry;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::sheet;
use crate::api::request::call::{Call, shown};
use crate::api::request::page;
use crate::jobs::inquiries::Known;
use crate::jobs::proofs::Proof;
use crate::records::EventKind;
use crate::refusal::{Code, Rejection};
use crate::store::queries::{events, records};
use crate::store::webhooks::consumers;
use crate::views::event::event;

/// Longest time that events are waited for, seconds.
const LONGEST_WAIT: u64 = 20;

#[derive(Serialize)]
struct Page {
    data: Vec<Box<RawValue>>,
    next: Option<i64>,
    seen: i64,
}

/// Reads on behind a number, or where a consumer stands. Events are numbered in the order of commits, so that one who
/// asks with the last number that he saw misses none.
pub(in crate::api) async fn list_events(call: Call) -> Result<Reply, Problem> {
    let format = call.format()?;
    let (after, limit) = (place(&call).await?, page::limit(call.query().text("limit"), format)?);
    let kinds = call.query().words("type", EventKind::WORDS)?;
    let kinds: Vec<EventKind> = kinds.into_iter().filter_map(EventKind::parse).collect();
    let wait = wait(&call)?;
    call.query().refuse_unknown()?;
    match format {
        Format::Json => Ok(Reply::json(&waited(&call, after, limit, &kinds, wait).await?)),
        Format::Csv if !wait.is_zero() => {
            Err(Rejection::field("?wait", "a file is not waited for; leave it out").into())
        }
        Format::Csv => {
            let columns = columns(call.operation.id);
            let more = async move |after| {
                let page = turn(&call, Reader::Lists, after, limit, &kinds).await?;
                Ok((page.data, page.next))
            };
            sheet(columns, after, more).await
        }
    }
}

/// The proof that of a day that is over no event is missing.
pub(in crate::api) async fn get_events_proof(call: Call) -> Result<Reply, Problem> {
    let fault = |detail| Rejection::field("?day", detail);
    let text = call.query().text("day").ok_or_else(|| fault("a day is expected, for example 2026-11-30"))?;
    let day = text.parse().map_err(|_| fault("a day is expected, for example 2026-11-30"))?;
    call.query().refuse_unknown()?;
    let today = call.dry_run(|draft| Ok(draft.at().day_in(draft.shop.zone()))).await?;
    if day >= today {
        return Err(fault("a day is expected that is over in the shop's time zone").into());
    }
    match call.app.proofs.ask((call.shop(), day)).await? {
        Some(Known::Over(Ok(proof), _)) => {
            let signature = call.app.tokens.sign_proof(call.app.now(), &*proof).ok_or_else(Problem::internal)?;
            Ok(Reply::json(&Proved { proof: &proof, signature }))
        }
        known => inquiry::answer(known),
    }
}

/// A proof, and the same signed.
#[derive(Serialize)]
struct Proved<'a> {
    #[serde(flatten)]
    proof: &'a Proof,
    signature: String,
}

/// By which connections something is read.
#[derive(Clone, Copy)]
enum Reader {
    /// As it is now.
    Now,
    /// As old as a replica may be.
    Lists,
}

/// What there is; where that is nothing, what comes meanwhile. Whoever waits holds no connection.
async fn waited(call: &Call, after: i64, limit: usize, kinds: &[EventKind], wait: Duration) -> Result<Page, Problem> {
    if wait.is_zero() {
        return turn(call, Reader::Lists, after, limit, kinds).await;
    }
    let until = Instant::now() + wait;
    let too_many = || {
        let detail = "Too many wait for events; ask again, or wait with fewer.";
        Problem { retry_after: Some(1), ..Problem::new(Code::RateLimited, detail) }
    };
    // Who has a place before they look misses nothing.
    let mut waiter = call.app.waiters.enter(call.shop()).ok_or_else(too_many)?;
    let mut page = turn(call, Reader::Now, after, limit, kinds).await?;
    while page.data.is_empty() && (page.next.is_some() || waiter.until(page.seen, until).await) {
        page = turn(call, Reader::Now, page.seen, limit, kinds).await?;
        if Instant::now() >= until {
            break;
        }
    }
    Ok(page)
}

/// The views of the events of some kinds behind a number, and how far was read.
async fn turn(call: &Call, reader: Reader, after: i64, limit: usize, kinds: &[EventKind]) -> Result<Page, Problem> {
    let (shop, kinds) = (call.shop(), kinds.to_vec());
    let read = move |connection: &mut _| {
        let found = records::get::<crate::records::Shop>(connection, shop, shop)?;
        Ok((found, events::of_kinds(connection, shop, after, limit, &kinds)?))
    };
    let (shop, reading) = match reader {
        Reader::Now => call.read(read).await?,
        Reader::Lists => call.read_list(read).await?,
    };
    // A replica may not have heard of a shop that was just founded.
    let Some(shop) = shop else { return Ok(Page { data: Vec::new(), next: None, seen: after }) };
    let rows = reading.events.iter();
    let views = rows.map(|row| event(row, shop.mode).map(|view| shown(&view))).collect::<Result<_, _>>();
    let next = reading.more.then_some(reading.seen);
    Ok(Page { data: views.map_err(|_| Problem::internal())?, next, seen: reading.seen })
}

/// How long to wait for events, up to [`LONGEST_WAIT`].
fn wait(call: &Call) -> Result<Duration, Rejection> {
    let Some(text) = call.query().text("wait") else { return Ok(Duration::ZERO) };
    let seconds = text.parse().ok().filter(|seconds| *seconds <= LONGEST_WAIT);
    let seconds = seconds
        .ok_or_else(|| Rejection::field("?wait", format!("a number of seconds up to {LONGEST_WAIT} is expected")));
    Ok(Duration::from_secs(seconds?))
}

/// Behind which number is read.
async fn place(call: &Call) -> Result<i64, Problem> {
    let Some(name) = call.query().text("consumer").map(str::to_owned) else { return Ok(after(call)?) };
    if call.query().text("after").is_some() {
        return Err(Rejection::field("?after", "a consumer knows where it stands; leave one of both out").into());
    }
    let shop = call.shop();
    let found = call.read(move |connection| consumers::get(connection, shop, &name)).await?;
    let found = found.ok_or_else(|| {
        Rejection::field("?consumer", "there is no such consumer; PUT /v1/event_consumers/NAME makes one")
    });
    Ok(found?.after)
}

fn after(call: &Call) -> Result<i64, Rejection> {
    let Some(text) = call.query().text("after") else { return Ok(0) };
    let number = text.parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| Rejection::field("?after", "the number of an event is expected: the last `seq` that was read"))
}
