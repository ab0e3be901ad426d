//! Jobs: how far they are, and what they refused.

use std::rc::Rc;

use actix_web::web::Bytes;
use futures_util::stream::try_unfold;
use serde::Serialize;

use super::call::{Call, shown};
use super::page;
use super::problem::Problem;
use super::reply::Reply;
use crate::records::job::{JobKind, JobStatus};
use crate::records::scope::Scope;
use crate::records::{Id, Job, JobFault};
use crate::store::Pool;
use crate::store::queries::jobs::faults;
use crate::store::queries::records::Filter;
use crate::views;

/// Refusals that are read at once.
const PAGE: i64 = 1_000;

pub(super) async fn get_job(call: Call) -> Result<Reply, Problem> {
    let job = call.record::<Job>(call.id("job")?).await?;
    if job.kind != JobKind::Erasure {
        call.caller.may_by(&[Scope::ImportsRead])?;
    }
    Ok(Reply::json(&views::job::job(&job, call.app.public_url())))
}

pub(super) async fn list_jobs(call: Call) -> Result<Reply, Problem> {
    let query = call.query();
    let filter = Filter::new()
        .equals("kind", query.word("kind", JobKind::WORDS)?)
        .equals("status", query.word("status", JobStatus::WORDS)?);
    call.list::<Job>(filter, |job| shown(&views::job::job(job, call.app.public_url()))).await
}

/// A line of the report.
#[derive(Serialize)]
struct Row<'a> {
    line: i64,
    code: &'a str,
    detail: &'a str,
}

/// All of it, however much that is: read page by page as it is sent.
pub(super) async fn list_job_errors(call: Call) -> Result<Reply, Problem> {
    call.query().refuse_unknown()?;
    let job = call.record::<Job>(call.id("job")?).await?;
    let (reader, shop, job) = (Rc::new(call.app.reader.clone()), job.shop, job.id);
    let parts = try_unfold(Some(0), move |after| {
        let reader = reader.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            let rows = read(&reader, shop, job, after).await?;
            Ok(Some(part(&rows, after)?))
        }
    });
    Ok(Reply::stream("text/csv; charset=utf-8", Box::pin(parts)))
}

async fn read(reader: &Pool, shop: Id, job: Id, after: i64) -> Result<Vec<JobFault>, Problem> {
    Ok(reader.run(move |connection| faults(connection, shop, job, after, PAGE)).await?)
}

/// A page of the report, the names of its columns before the first one; and behind which line the next
/// one begins, when there is one.
fn part(rows: &[JobFault], after: i64) -> Result<(Bytes, Option<i64>), Problem> {
    let lines = rows.iter().map(|row| Row { line: row.line, code: &row.code, detail: &row.detail });
    let mut text = page::rows(&["line", "code", "detail"], &lines.collect::<Vec<_>>())?;
    if after == 0 {
        text.insert_str(0, "line,code,detail\n");
    }
    let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE);
    Ok((text.into(), rows.last().filter(|_| is_full).map(|row| row.line)))
}
