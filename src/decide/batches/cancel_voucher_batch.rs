//! Stops the making of a batch. What was made by then stays good: who has its code has it. To take that back as well,
//! the batch is withdrawn.

use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, end, named};
use crate::decide::draft::Draft;
use crate::records::Id;
use crate::records::job::JobStatus;
use crate::records::text::Reason;
use crate::records::voucher_batch::BatchStatus;
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The batch.
#[derive(Clone, Debug)]
pub struct CancelVoucherBatch {
    /// The batch.
    pub id: Id,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
}

/// Decides it. One that is cancelled already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &CancelVoucherBatch) -> Result<Answer, Stop> {
    let (batch, job) = named(draft, command.id)?;
    match batch.status {
        BatchStatus::PendingApproval | BatchStatus::Making => {}
        BatchStatus::Cancelled => return answer(draft, &batch, &job),
        BatchStatus::Made | BatchStatus::Failed | BatchStatus::Void => {
            let detail = "Nothing is being made any more; POST /v1/voucher_batches/{id}/void withdraws what was made.";
            return Err(Rejection::new(Code::IllegalTransition, detail).into());
        }
    }
    let states = (BatchStatus::Cancelled, JobStatus::Cancelled);
    let (batch, job) = end(draft, (*batch).clone(), &job, states, None)?;
    draft.audit("cancel_voucher_batch", batch.id, command.reason.as_deref());
    answer(draft, &batch, &job)
}
