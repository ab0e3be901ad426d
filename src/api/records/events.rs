//! What happened: the shop's events, oldest first.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::{Turn, sheet};
use crate::api::request::call::{Call, shown};
use crate::api::request::page;
use crate::refusal::Rejection;
use crate::store::queries::{events, records};
use crate::views::event::event;

#[derive(Serialize)]
struct Page {
    data: Vec<Box<RawValue>>,
    next: Option<i64>,
}

/// Reads on behind a number. Events are numbered in the order of commits, so that one who asks with
/// the last number that he saw misses none.
pub(in crate::api) async fn list_events(call: Call) -> Result<Reply, Problem> {
    let format = call.format()?;
    let (after, limit) = (after(&call)?, page::limit(call.query().text("limit"), format)?);
    call.query().refuse_unknown()?;
    match format {
        Format::Json => {
            let (data, next) = turn(&call, after, limit).await?;
            Ok(Reply::json(&Page { data, next }))
        }
        Format::Csv => {
            sheet(columns(call.operation.id), after, async move |after| turn(&call, after, limit).await).await
        }
    }
}

/// The views of the events behind a number, and the last number when there are more.
async fn turn(call: &Call, after: i64, limit: usize) -> Result<Turn<Box<RawValue>, i64>, Problem> {
    let shop = call.shop();
    let read = move |connection: &mut _| {
        let found = records::get::<crate::records::Shop>(connection, shop, shop)?;
        Ok((found, events::after(connection, shop, after, limit + 1)?))
    };
    let (shop, mut rows) = call.read_list(read).await?;
    // A replica may not have heard of a shop that was just founded.
    let Some(shop) = shop else { return Ok((Vec::new(), None)) };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().map(|last| last.seq).filter(|_| more);
    let views = rows.iter().map(|row| event(row, shop.mode).map(|view| shown(&view))).collect::<Result<_, _>>();
    Ok((views.map_err(|_| Problem::internal())?, next))
}

fn after(call: &Call) -> Result<i64, Rejection> {
    let Some(text) = call.query().text("after") else { return Ok(0) };
    let number = text.parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| Rejection::field("?after", "the number of an event is expected: the last `seq` that was read"))
}
