//! Withdraws a batch: from now on none of its vouchers is good, whatever their rows say yet. What is left of their
//! value returns by and by, in the background; what was spent stays spent.

use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, end_job, named, shown};
use crate::decide::draft::Draft;
use crate::records::job::{JobKind, JobStatus};
use crate::records::text::Reason;
use crate::records::voucher_batch::BatchStatus;
use crate::records::{EventKind, Id, Job, Json, VoucherBatch};
use crate::world::Stop;

/// The batch, and why.
#[derive(Clone, Debug)]
pub struct VoidVoucherBatch {
    /// The batch.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. One that is withdrawn already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &VoidVoucherBatch) -> Result<Answer, Stop> {
    let (batch, job) = named(draft, command.id)?;
    if batch.status == BatchStatus::Void {
        return answer(draft, &batch, &job);
    }
    if !job.is_over() {
        end_job(draft, &job, JobStatus::Cancelled, None);
    }
    let job = draft.save(Job {
        id: VoucherBatch::withdrawal(batch.id),
        shop: draft.shop.id,
        version: 0,
        kind: JobKind::VoidVouchers,
        status: JobStatus::Queued,
        cursor: 0,
        done: 0,
        total: batch.made,
        known: 0,
        refused: 0,
        batch: Some(batch.id),
        passed: None,
        reason: None,
        created_at: draft.at(),
        finished_at: None,
        next_at: Some(draft.context.real_at),
    });
    let batch = draft.save(VoucherBatch {
        status: BatchStatus::Void,
        asked_by: Json(None),
        voided_at: Some(draft.at()),
        job: job.id,
        ..(*batch).clone()
    });
    draft.audit("void_voucher_batch", batch.id, Some(&command.reason));
    let view = shown(draft, &batch, &job)?;
    draft.event(EventKind::BatchVoided, &view)?;
    answer(draft, &batch, &job)
}
