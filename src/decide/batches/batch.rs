//! What the decisions about batches share: finding one, showing it, and what its vouchers are.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::records::job::JobStatus;
use crate::records::voucher_batch::{BatchStatus, redeemed_subject, withdrawn_subject};
use crate::records::{EventKind, Id, Job, VoucherBatch};
use crate::refusal::{Code, Rejection};
use crate::views::voucher::batch::{BatchCounts, BatchView, batch as view};
use crate::world::Stop;

/// A batch that the path names, and the job that works on it.
pub fn named(draft: &Draft<'_>, id: Id) -> Result<(Rc<VoucherBatch>, Rc<Job>), Stop> {
    let batch = draft.get::<VoucherBatch>(id)?;
    let batch = batch.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such batch of vouchers."))?;
    let job = draft.expect::<Job>(batch.job)?;
    Ok((batch, job))
}

/// Shows a batch as it is now.
pub fn shown<'a>(draft: &Draft<'_>, batch: &'a VoucherBatch, job: &'a Job) -> Result<BatchView<'a>, Stop> {
    let redeemed = counter::count(draft, &redeemed_subject(batch.id));
    let withdrawn = counter::count(draft, &withdrawn_subject(batch.id));
    let counts = BatchCounts { redeemed: redeemed?, withdrawn: withdrawn? };
    Ok(view(batch, job, counts, draft.shop.currency, &draft.installation.public_url))
}

/// Answers a batch as it is now.
pub fn answer(draft: &Draft<'_>, batch: &VoucherBatch, job: &Job) -> Result<Answer, Stop> {
    Ok(Answer::ok(&shown(draft, batch, job)?))
}

/// Ends the making of a batch: its vouchers are made, or no more will be.
pub fn end(
    draft: &mut Draft<'_>,
    batch: VoucherBatch,
    job: &Job,
    (status, job_status): (BatchStatus, JobStatus),
    reason: Option<String>,
) -> Result<(Rc<VoucherBatch>, Rc<Job>), Stop> {
    let job = end_job(draft, job, job_status, reason.clone());
    let batch = draft.save(VoucherBatch { status, reason, asked_by: Default::default(), ..batch });
    let view = shown(draft, &batch, &job)?;
    draft.event(EventKind::BatchFinished, &view)?;
    Ok((batch, job))
}

/// Ends a job, unless it has ended.
pub fn end_job(draft: &mut Draft<'_>, job: &Job, status: JobStatus, reason: Option<String>) -> Rc<Job> {
    draft.save(Job { status, reason, finished_at: Some(draft.at()), next_at: None, ..job.clone() })
}
