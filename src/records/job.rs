//! A job: set work with progress. Each chunk of it is a command; between two chunks others get their
//! turn, and after a power cut it goes on where it was.

use super::{Id, Timestamp};
use crate::{record, words};

words! {
    /// What a job does.
    JobKind {
        ImportCustomers = "import_customers",
        ImportOrders = "import_orders",
        ImportCodes = "import_codes",
        ImportVouchers = "import_vouchers",
        ImportReferrals = "import_referrals",
    }
}

words! {
    /// `queued → running → finished | failed`
    JobStatus {
        Queued = "queued",
        Running = "running",
        Finished = "finished",
        Failed = "failed",
    }
}

record! {
    /// A job. Its place is saved with what each chunk did, in one transaction.
    versioned Job in "jobs" {
        /// What it does.
        kind: JobKind,
        /// Where it stands.
        status: JobStatus,
        /// The place that it has come to: of an import, the number of the last line that is done.
        cursor: i64,
        /// Items that are done, whatever came of them.
        done: i64,
        /// Items in all.
        total: i64,
        /// Of those done, the ones that were known already.
        known: i64,
        /// Of those done, the ones that were refused.
        refused: i64,
        /// Why it failed.
        reason: Option<String>,
        /// When it was made.
        created_at: Timestamp,
        /// When it ended.
        finished_at: Option<Timestamp>,
        /// When somebody takes it up, unless somebody is at it, by the real clock; nothing once it
        /// has ended.
        next_at: Option<Timestamp>,
    }
}

impl Job {
    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        matches!(self.status, JobStatus::Finished | JobStatus::Failed)
    }
}

record! {
    /// An item of a job that was refused: a line of an import.
    append JobFault in "job_faults" {
        /// The job.
        job: Id,
        /// The number of the line, from 1.
        line: i64,
        /// Code of the refusal.
        code: String,
        /// What to do about it.
        detail: String,
    }
}

impl JobFault {
    /// The id of a line's refusal.
    pub fn id_of(job: Id, line: i64) -> Id {
        Id::of("flt", &[&job.to_string(), &line.to_string()])
    }
}
