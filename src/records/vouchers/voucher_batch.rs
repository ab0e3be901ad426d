//! A batch of vouchers: many of one kind and value, made or taken over in the background.

use crate::records::audit::Actor;
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Id, Job, Json, Timestamp};
use crate::{record, words};

words! {
    /// `pending_approval → making → made | failed`; `cancelled` before it is made, `void` whenever it is withdrawn.
    BatchStatus {
        PendingApproval = "pending_approval",
        Making = "making",
        Made = "made",
        Cancelled = "cancelled",
        Failed = "failed",
        Void = "void",
    }
}

record! {
    /// A batch. It says when all of its vouchers were withdrawn; their rows and the books follow by and by.
    versioned VoucherBatch in "voucher_batches" {
        /// What the shop calls it.
        name: String,
        /// Whether its codes were made elsewhere.
        imported: bool,
        /// Whether each voucher belongs to one customer of a list.
        bound: bool,
        /// What each voucher is; `None`: what the lines of its import say.
        terms: Json<Option<VoucherTerms>>,
        /// The form of its codes; `None`: they were made elsewhere.
        pattern: Option<String>,
        /// How many there are to be; of a list or an import, its lines.
        count: i64,
        /// How many were made, or taken over.
        made: i64,
        /// Which code comes next.
        next_code: i64,
        /// Who made it, while it waits for a second operator.
        asked_by: Json<Option<Actor>>,
        /// Where it stands.
        status: BatchStatus,
        /// The job that works on it, or did last: that makes its vouchers, or withdraws them.
        job: Id,
        /// Why it failed.
        reason: Option<String>,
        /// When it was withdrawn: from then on none of its vouchers is good.
        voided_at: Option<Timestamp>,
        /// Up to which voucher the books have followed that: when that one was made, and its id.
        swept_at: Option<Timestamp>,
        /// See `swept_at`.
        swept: Option<Id>,
        /// When it was made.
        created_at: Timestamp,
    }
}

impl VoucherBatch {
    /// One whose codes were made elsewhere, and that a job takes over.
    pub fn imported(id: Id, job: &Job, name: &str) -> Self {
        Self {
            id,
            shop: job.shop,
            version: 0,
            name: name.to_owned(),
            imported: true,
            bound: false,
            terms: Json(None),
            pattern: None,
            count: job.total,
            made: 0,
            next_code: 0,
            asked_by: Json(None),
            status: BatchStatus::Making,
            job: job.id,
            reason: None,
            voided_at: None,
            swept_at: None,
            swept: None,
            created_at: job.created_at,
        }
    }

    /// The job that makes the vouchers of a batch.
    pub fn making(batch: Id) -> Id {
        batch.sibling("job")
    }

    /// The batch that a job makes the vouchers of.
    pub fn made_by(job: Id) -> Id {
        job.sibling("bat")
    }

    /// The job that withdraws the vouchers of a batch; there is one at most.
    pub fn withdrawal(batch: Id) -> Id {
        Id::of("job", &[&batch.to_string(), "void"])
    }

    /// The place behind which its vouchers are still to be withdrawn.
    pub fn swept_to(&self) -> Option<(Timestamp, Id)> {
        self.swept_at.zip(self.swept)
    }
}

/// The counter of a batch's redemptions that were not reversed.
pub fn redeemed_subject(batch: Id) -> String {
    format!("redeemed/{batch}")
}

/// The counter of a batch's vouchers that were withdrawn, and whose value went back.
pub fn withdrawn_subject(batch: Id) -> String {
    format!("withdrawn/{batch}")
}

/// The counter of the times that somebody had the codes of a batch.
pub fn exported_subject(batch: Id, by: Id) -> String {
    format!("exported/{by}/{batch}")
}

/// The counter of a customer's vouchers of a batch that gives each one.
pub fn bound_subject(batch: Id, customer: Id) -> String {
    format!("bound/{batch}/{customer}")
}
