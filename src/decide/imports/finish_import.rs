//! Ends an import of which no line is left.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::job::JobStatus;
use crate::records::voucher_batch::BatchStatus;
use crate::records::{EventKind, Id, Job, VoucherBatch};
use crate::views;
use crate::world::Stop;

/// What is to end.
#[derive(Clone, Debug)]
pub struct FinishImport {
    /// The job.
    pub job: Id,
    /// Its last line that was done.
    pub after: i64,
}

/// Decides it. Answers the job, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &FinishImport) -> Result<Answer, Stop> {
    let job = draft.expect::<Job>(command.job)?;
    if job.is_over() || job.cursor != command.after {
        return Ok(Answer::no_content());
    }
    let lost = job.total - job.done;
    let (status, reason) = match lost {
        0 => (JobStatus::Finished, None),
        _ => (JobStatus::Failed, Some(format!("{lost} lines are no longer there; import the file once more."))),
    };
    let job = draft.save(Job { status, reason, finished_at: Some(draft.at()), next_at: None, ..(*job).clone() });
    if let Some(batch) = job.batch {
        let batch = draft.expect::<VoucherBatch>(batch)?;
        let status = if lost == 0 { BatchStatus::Made } else { BatchStatus::Failed };
        draft.save(VoucherBatch { status, reason: job.reason.clone(), ..(*batch).clone() });
    }
    let public_url = draft.installation.public_url.clone();
    let view = views::job::job(&job, &public_url);
    draft.event(EventKind::ImportFinished, &view)?;
    Ok(Answer::ok(&view))
}
