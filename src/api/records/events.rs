//! What happened: the shop's events, oldest first.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::sheet;
use crate::api::request::call::{Call, shown};
use crate::api::request::page;
use crate::records::EventKind;
use crate::refusal::Rejection;
use crate::store::queries::{events, records};
use crate::views::event::event;

#[derive(Serialize)]
struct Page {
    data: Vec<Box<RawValue>>,
    next: Option<i64>,
    seen: i64,
}

/// Reads on behind a number. Events are numbered in the order of commits, so that one who asks with
/// the last number that he saw misses none.
pub(in crate::api) async fn list_events(call: Call) -> Result<Reply, Problem> {
    let format = call.format()?;
    let (after, limit) = (after(&call)?, page::limit(call.query().text("limit"), format)?);
    let kinds = call.query().words("type", EventKind::WORDS)?;
    let kinds: Vec<EventKind> = kinds.into_iter().filter_map(EventKind::parse).collect();
    call.query().refuse_unknown()?;
    match format {
        Format::Json => Ok(Reply::json(&turn(&call, after, limit, &kinds).await?)),
        Format::Csv => {
            let columns = columns(call.operation.id);
            let more = async move |after| {
                let page = turn(&call, after, limit, &kinds).await?;
                Ok((page.data, page.next))
            };
            sheet(columns, after, more).await
        }
    }
}

/// The views of the events of some kinds behind a number, and how far was read.
async fn turn(call: &Call, after: i64, limit: usize, kinds: &[EventKind]) -> Result<Page, Problem> {
    let (shop, kinds) = (call.shop(), kinds.to_vec());
    let read = move |connection: &mut _| {
        let found = records::get::<crate::records::Shop>(connection, shop, shop)?;
        Ok((found, events::of_kinds(connection, shop, after, limit, &kinds)?))
    };
    let (shop, reading) = call.read_list(read).await?;
    // A replica may not have heard of a shop that was just founded.
    let Some(shop) = shop else { return Ok(Page { data: Vec::new(), next: None, seen: after }) };
    let rows = reading.events.iter();
    let views = rows.map(|row| event(row, shop.mode).map(|view| shown(&view))).collect::<Result<_, _>>();
    let next = reading.more.then_some(reading.seen);
    Ok(Page { data: views.map_err(|_| Problem::internal())?, next, seen: reading.seen })
}

fn after(call: &Call) -> Result<i64, Rejection> {
    let Some(text) = call.query().text("after") else { return Ok(0) };
    let number = text.parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| Rejection::field("?after", "the number of an event is expected: the last `seq` that was read"))
}
