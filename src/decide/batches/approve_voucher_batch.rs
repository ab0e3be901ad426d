//! A second operator approves a batch that another asked for: now it is made. It is cancelled where they do not.

use crate::decide::access::four_eyes;
use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, named};
use crate::decide::draft::Draft;
use crate::records::text::Reason;
use crate::records::voucher_batch::BatchStatus;
use crate::records::{Id, Job, Json, VoucherBatch};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The batch.
#[derive(Clone, Debug)]
pub struct ApproveVoucherBatch {
    /// The batch.
    pub id: Id,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
}

/// Decides it. What waits for nobody is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveVoucherBatch) -> Result<Answer, Stop> {
    let (found, operator) = (named(draft, command.id), four_eyes::operator(draft));
    let ((batch, job), operator) = (found?, operator?);
    match batch.status {
        BatchStatus::PendingApproval => {}
        BatchStatus::Cancelled | BatchStatus::Void => {
            let detail = "The batch was cancelled or withdrawn; make another one.";
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
        BatchStatus::Making | BatchStatus::Made | BatchStatus::Failed => return answer(draft, &batch, &job),
    }
    if let Some(asked_by) = batch.asked_by.as_ref().and_then(|asked_by| asked_by.id) {
        four_eyes::check_another(draft, &operator, asked_by)?;
    }
    let job = draft.save(Job { next_at: Some(draft.context.real_at), ..(*job).clone() });
    let batch = draft.save(VoucherBatch { status: BatchStatus::Making, asked_by: Json(None), ..(*batch).clone() });
    draft.audit("approve_voucher_batch", batch.id, command.reason.as_deref());
    answer(draft, &batch, &job)
}
