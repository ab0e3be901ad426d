//! Jobs: how far they are, and what they refused.

use serde::Serialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::sheet;
use crate::api::request::call::{Call, shown};
use crate::records::job::{JobKind, JobStatus};
use crate::records::scope::Scope;
use crate::records::{Job, JobFault};
use crate::refusal::Code;
use crate::store::queries::jobs::faults;
use crate::store::queries::records::Filter;
use crate::views;

/// Refusals that are read at once.
const PAGE: i64 = 1_000;

pub(in crate::api) async fn get_job(call: Call) -> Result<Reply, Problem> {
    let job = call.record::<Job>(call.id("job")?).await?;
    if job.kind != JobKind::Erasure {
        call.caller.may_by(&[Scope::ImportsRead])?;
    }
    Ok(Reply::json(&views::job::job(&job, call.app.public_url())))
}

pub(in crate::api) async fn list_jobs(call: Call) -> Result<Reply, Problem> {
    let query = call.query();
    let filter = Filter::new()
        .equals("kind", query.word("kind", JobKind::WORDS)?)
        .equals("status", query.word("status", JobStatus::WORDS)?);
    call.list::<Job>(filter, |call, job| shown(&views::job::job(job, call.app.public_url()))).await
}

/// A line of the report.
#[derive(Serialize)]
struct Row {
    line: i64,
    code: String,
    detail: String,
}

/// As much of it as is kept, read page by page as it is sent, and how much that leaves out.
pub(in crate::api) async fn list_job_errors(call: Call) -> Result<Reply, Problem> {
    call.query().refuse_unknown()?;
    let job = call.record::<Job>(call.id("job")?).await?;
    sheet(&["line", "code", "detail"], 0, async move |after| {
        let (shop, id) = (job.shop, job.id);
        let rows = call.read(move |connection| faults(connection, shop, id, after, PAGE)).await?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE);
        let next = rows.last().filter(|_| is_full).map(|row| row.line);
        let mut rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
        rows.extend(left_out(&job).filter(|_| next.is_none()));
        Ok((rows, next))
    })
    .await
}

/// Says how many more were refused than are told.
fn left_out(job: &Job) -> Option<Row> {
    let more = job.refused - JobFault::KEPT;
    let detail = format!(
        "{more} more lines were refused, up to this one or one before; of a file the first {} are told. Mend those and \
         send the file again: what is known by then stays as it is.",
        JobFault::KEPT
    );
    (more > 0).then(|| Row { line: job.cursor, code: Code::LimitReached.as_str().to_owned(), detail })
}

impl From<JobFault> for Row {
    fn from(fault: JobFault) -> Self {
        Self { line: fault.line, code: fault.code, detail: fault.detail }
    }
}
