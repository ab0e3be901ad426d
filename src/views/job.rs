//! A job, as the API shows it.

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::job::{JobKind, JobStatus};
use crate::records::{Id, Job, Timestamp};

/// See the contract's `Job`.
#[derive(Serialize)]
pub struct JobView<'a> {
    id: Id,
    kind: JobKind,
    status: JobStatus,
    done: i64,
    total: i64,
    known: i64,
    refused: i64,
    batch: Option<Id>,
    errors_url: String,
    reason: Option<&'a str>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl View for JobView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for JobView<'_> {
    const DATA: EventData = EventData::Job;
}

/// Shows a job; `public_url` is what our own links begin with.
pub fn job<'a>(job: &'a Job, public_url: &str) -> JobView<'a> {
    JobView {
        id: job.id,
        kind: job.kind,
        status: job.status,
        done: job.done,
        total: job.total,
        known: job.known,
        refused: job.refused,
        batch: job.batch,
        errors_url: format!("{public_url}/v1/jobs/{}/errors", job.id),
        reason: job.reason.as_deref(),
        created_at: job.created_at,
        finished_at: job.finished_at,
    }
}
