//! Erasing what records tell of a customer, page by page. Whatever is left after a power cut is
//! taken up where it was.

use super::{Step, step_of};
use crate::decide::erasure::erase_records::{EraseRecords, Rest};
use crate::engine::{Engine, Lane, Request};
use crate::records::Id;
use crate::store::queries::erasure::next;
use crate::store::{Pool, StoreResult, forget};

/// Records of one chunk.
const PAGE: usize = 100;
/// For how long who works on an erasure has it, milliseconds.
pub const LEASE_MS: i64 = super::LEASE_MS;

/// Does the next chunk of an erasure.
pub(super) async fn step(engine: &Engine, reader: &Pool, shop: Id, job: Id, lane: Lane) -> StoreResult<Step> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let Some(page) = reader.run(move |connection| next(connection, shop, job, limit)).await? else {
        return Ok(Step::Over);
    };
    let rest = if page.records.len() < PAGE { Rest::Nothing } else { Rest::More };
    let is_last = rest == Rest::Nothing && page.job.done + 1 == page.job.total;
    let command = EraseRecords { job, cursor: page.job.cursor, records: page.records, rest, lease_ms: LEASE_MS };
    let outcome = engine.submit(Request { lane, ..Request::system(shop, command) }).await;
    let step = step_of(&page.job, outcome);
    if is_last && step == Step::Went {
        reader.run(forget::scrub).await?;
        return Ok(Step::Over);
    }
    Ok(step)
}

/// Goes on with an erasure until it is done; when the writers are busy a worker takes it up later.
pub async fn finish(engine: &Engine, reader: &Pool, shop: Id, job: Id) -> StoreResult<()> {
    while step(engine, reader, shop, job, Lane::Front).await? == Step::Went {}
    Ok(())
}
