//! Ends the making of a batch that cannot go on. What was made stays good.

use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, end, named};
use crate::decide::draft::Draft;
use crate::records::Id;
use crate::records::job::JobStatus;
use crate::records::voucher_batch::BatchStatus;
use crate::world::Stop;

/// What is to end, and why.
#[derive(Clone, Debug)]
pub struct EndVoucherBatch {
    /// The batch.
    pub batch: Id,
    /// Where its job stands.
    pub after: i64,
    /// Why.
    pub reason: String,
}

/// Decides it. Answers the batch, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &EndVoucherBatch) -> Result<Answer, Stop> {
    let (batch, job) = named(draft, command.batch)?;
    if job.is_over() || job.cursor != command.after || batch.status != BatchStatus::Making {
        return Ok(Answer::no_content());
    }
    let (states, reason) = ((BatchStatus::Failed, JobStatus::Failed), Some(command.reason.clone()));
    let (batch, job) = end(draft, (*batch).clone(), &job, states, reason)?;
    answer(draft, &batch, &job)
}
