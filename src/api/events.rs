//! What happened: the shop's events, oldest first.

use serde::Serialize;

use super::call::Call;
use super::page::{self, Format};
use super::problem::Problem;
use super::reply::Reply;
use crate::refusal::Rejection;
use crate::store::queries::{events, records};
use crate::views::event::{EventView, event};

#[derive(Serialize)]
struct Page<'a> {
    data: Vec<EventView<'a>>,
    next: Option<i64>,
}

/// Reads on behind a number. Events are numbered in the order of commits, so that one who asks with
/// the last number that he saw misses none.
pub(super) async fn list_events(call: Call) -> Result<Reply, Problem> {
    let (shop, part) = (call.shop(), call.page_of_numbers()?);
    let read = move |connection: &mut _| {
        let found = records::get::<crate::records::Shop>(connection, shop, shop)?;
        Ok((found, events::after(connection, shop, part.after, part.limit + 1)?))
    };
    let (shop, mut rows) = call.read(read).await?;
    let shop = shop.ok_or_else(Problem::not_found)?;
    let more = rows.len() > part.limit;
    rows.truncate(part.limit);
    let next = rows.last().map(|last| last.seq).filter(|_| more);
    let data = rows.iter().map(|row| event(row, shop.mode)).collect::<Result<_, _>>();
    let data: Vec<_> = data.map_err(|_| Problem::internal())?;
    match part.format {
        Format::Json => Ok(Reply::json(&Page { data, next })),
        Format::Csv => Reply::page(Format::Csv, &data, None),
    }
}

/// Which page of a list of numbered rows is asked for.
struct Part {
    after: i64,
    limit: usize,
    format: Format,
}

impl Call {
    fn page_of_numbers(&self) -> Result<Part, Problem> {
        let after = self.query().text("after").map_or(Ok(0), |text| {
            let number = text.parse().ok().filter(|number| *number >= 0);
            number.ok_or_else(|| {
                Rejection::field("?after", "the number of an event is expected: the last `seq` that was read")
            })
        })?;
        let limit = page::limit(self.query().text("limit"))?;
        self.query().refuse_unknown()?;
        Ok(Part { after, limit, format: self.format() })
    }
}
