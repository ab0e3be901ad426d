//! A job: set work with progress. Each chunk of it is a command; between two chunks others get their
//! turn, and after a power cut it goes on where it was.

use crate::records::inventory::places;
use crate::records::{Id, Timestamp};
use crate::{record, words};

words! {
    /// What a job does.
    JobKind {
        ImportCustomers = "import_customers",
        ImportOrders = "import_orders",
        ImportCodes = "import_codes",
        ImportVouchers = "import_vouchers",
        ImportReferrals = "import_referrals",
        ImportMembers = "import_members",
        Erasure = "erasure",
        MakeVouchers = "make_vouchers",
        VoidVouchers = "void_vouchers",
        ChangePasses = "change_passes",
    }
}

words! {
    /// `queued → running → finished | failed | cancelled`
    JobStatus {
        Queued = "queued",
        Running = "running",
        Finished = "finished",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

record! {
    /// A job. Its place is saved with what each chunk did, in one transaction.
    versioned Job in "jobs" {
        /// What it does.
        kind: JobKind,
        /// Where it stands.
        status: JobStatus,
        /// The place that it has come to: of an import, the number of the last line that is done; of an
        /// erasure, see [`Job::part`]; of a batch, codes, lines or vouchers that are passed; of an offer, claims.
        cursor: i64,
        /// Items that are done, whatever came of them.
        done: i64,
        /// Items in all: of an import lines, of an erasure parts.
        total: i64,
        /// Of those done, the ones that were known already.
        known: i64,
        /// Of those done, the ones that were refused.
        refused: i64,
        /// The batch of vouchers that it works on, if any.
        batch: Option<Id>,
        /// Of passes that follow the event of their offer: the last claim that was looked at.
        passed: Option<Id>,
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

/// Records of one part of an erasure that its cursor can count. The last part has no such bound.
const PART_RECORDS: i64 = 1_000_000_000;

impl Job {
    /// The job that erases a customer; there can be only one.
    pub fn erasure_of(customer: Id) -> Id {
        customer.sibling("job")
    }

    /// The customer whom the erasure of this id erases.
    pub fn erased_by(erasure: Id) -> Id {
        erasure.sibling("cus")
    }

    /// The job by which the passes of an offer follow its event; there can be only one.
    pub fn of_offer(offer: Id) -> Id {
        offer.sibling("job")
    }

    /// The offer whose passes the job of this id changes.
    pub fn offer_of(job: Id) -> Id {
        job.sibling("ofr")
    }

    /// How many parts the erasure of so many customers has: every place for each of them, then the events.
    pub fn parts(customers: usize) -> i64 {
        i64::try_from(places().len() * customers + 1).unwrap_or(i64::MAX)
    }

    /// Of an erasure of so many parts: the part at hand, and how many of its records are passed; of the last one, up to
    /// which number its events are.
    pub fn part(&self, parts: i64) -> (i64, i64) {
        let part = (self.cursor / PART_RECORDS).min(parts - 1);
        (part, self.cursor - part * PART_RECORDS)
    }

    /// The cursor of a part of an erasure of so many parts, so many of its records passed.
    pub fn cursor_at(parts: i64, part: i64, passed: i64) -> i64 {
        let most = if part == parts - 1 { i64::MAX - part * PART_RECORDS } else { PART_RECORDS - 1 };
        part * PART_RECORDS + passed.min(most)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        matches!(self.status, JobStatus::Finished | JobStatus::Failed | JobStatus::Cancelled)
    }
}

record! {
    /// An item of a job that was refused: one of the first [`JobFault::KEPT`] lines of an import that were.
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
    /// Refused lines of one import of which it is kept why; the others are counted.
    pub const KEPT: i64 = 1_000;

    /// The id of a line's refusal.
    pub fn id_of(job: Id, line: i64) -> Id {
        Id::of("flt", &[&job.to_string(), &line.to_string()])
    }
}
