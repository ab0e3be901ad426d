//! Erasing what records tell of a customer, page by page. Whatever is left after a power cut is
//! taken up where it was.

use super::{Step, step_of};
use crate::decide::Command;
use crate::decide::erasure::erase_events::{EraseEvents, TellingPage};
use crate::decide::erasure::erase_records::{EraseRecords, Rest};
use crate::engine::{Engine, Lane, Request};
use crate::records::{Id, Job};
use crate::store::queries::erasure::{Next, next};
use crate::store::{Pool, StoreResult, forget};

/// Records of one chunk.
const PAGE: usize = 100;
/// For how long who works on an erasure has it, milliseconds.
pub const LEASE_MS: i64 = super::LEASE_MS;

/// Does the next chunk of an erasure.
pub(super) async fn step(engine: &Engine, reader: &Pool, shop: Id, job: Id, lane: Lane) -> StoreResult<Step> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let Some((job, next)) = reader.run(move |connection| next(connection, shop, job, limit)).await? else {
        return Ok(Step::Over);
    };
    let is_last = matches!(&next, Next::DoneWith(ids, _) if ids.len() < PAGE);
    let outcome = engine.submit(Request { lane, ..Request::system(shop, command(&job, next)) }).await;
    let step = step_of(&job, outcome);
    if is_last && step == Step::Went {
        reader.run(forget::scrub).await?;
        return Ok(Step::Over);
    }
    Ok(step)
}

/// The command that does what is next of a job.
pub fn command(job: &Job, next: Next) -> Command {
    let rest = |left: usize| if left < PAGE { Rest::Nothing } else { Rest::More };
    let events = EraseEvents {
        job: job.id,
        cursor: job.cursor,
        pages: Vec::new(),
        passed: 0,
        done_with: Vec::new(),
        rest: Rest::More,
        lease_ms: LEASE_MS,
    };
    match next {
        Next::Records(records) => {
            let rest = rest(records.len());
            EraseRecords { job: job.id, cursor: job.cursor, records, rest, lease_ms: LEASE_MS }.into()
        }
        Next::Events(pages, passed) => {
            let pages = pages.into_iter().map(|(page, subjects)| TellingPage { page, subjects });
            EraseEvents { pages: pages.collect(), passed, ..events }.into()
        }
        Next::DoneWith(done_with, passed) => {
            EraseEvents { rest: rest(done_with.len()), done_with, passed, ..events }.into()
        }
    }
}

/// Goes on with an erasure until it is done; when the writers are busy a worker takes it up later.
pub async fn finish(engine: &Engine, reader: &Pool, shop: Id, job: Id) -> StoreResult<()> {
    while step(engine, reader, shop, job, Lane::Front).await? == Step::Went {}
    Ok(())
}
