//! How an erasure comes on: through each kind of records that may name each of its customers, and through the events at
//! the end.

use crate::decide::draft::Draft;
use crate::records::job::JobStatus;
use crate::records::{Job, Timestamp};

/// A job that has come on, and where it has come to.
pub struct Advance<'a> {
    /// The job as it was.
    pub before: &'a Job,
    /// How many customers it erases.
    pub customers: usize,
    /// How far it has come in the part at hand; `None`: nothing is left of that part.
    pub passed: Option<i64>,
    /// How long whoever asks has it for himself, milliseconds.
    pub lease_ms: i64,
}

/// The job as it then stands.
pub fn advanced(draft: &Draft<'_>, advance: &Advance<'_>) -> Job {
    let Advance { before, passed, .. } = advance;
    let parts = Job::parts(advance.customers);
    let (part, _) = before.part(parts);
    let lease: Timestamp = draft.context.real_at.plus_ms(advance.lease_ms);
    // One that the release before began knows of no part of events.
    let mut job = Job { next_at: Some(lease), total: parts, ..(*before).clone() };
    match passed {
        Some(passed) => job.cursor = Job::cursor_at(parts, part, *passed),
        None => {
            job.done = part + 1;
            job.cursor = Job::cursor_at(parts, part + 1, 0);
        }
    }
    if job.done >= job.total {
        job.status = JobStatus::Finished;
        job.finished_at = Some(draft.at());
        job.next_at = None;
    }
    job
}
