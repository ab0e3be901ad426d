//! Begins an import whose lines have all come in.

use crate::decide::access::four_eyes;
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::job::{JobKind, JobStatus};
use crate::records::text::Text;
use crate::records::{Id, Job, VoucherBatch};
use crate::views;
use crate::world::Stop;

/// What came in.
#[derive(Clone, Debug)]
pub struct CreateImport {
    /// The job's id, under which the lines are kept; new.
    pub job: Id,
    /// What the lines are.
    pub kind: JobKind,
    /// How many there are.
    pub total: i64,
    /// The batch that its vouchers are.
    pub batch: Option<NewBatch>,
}

/// A batch of vouchers whose codes were made elsewhere.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// Its id; new.
    pub id: Id,
    /// What the shop calls it.
    pub name: Text<1, 200>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateImport) -> Result<Answer, Stop> {
    if command.kind == JobKind::ImportVouchers && four_eyes::hand(draft)?.is_some() {
        let detail = "Vouchers of an import are worth what the file says: the shop's backend sends it, by a key that a \
                      second operator has approved, or that was made on the command line.";
        return Err(four_eyes::refused(detail).into());
    }
    let job = Job {
        id: command.job,
        shop: draft.shop.id,
        version: 0,
        kind: command.kind,
        status: JobStatus::Queued,
        cursor: 0,
        done: 0,
        total: command.total,
        known: 0,
        refused: 0,
        batch: command.batch.as_ref().map(|batch| batch.id),
        passed: None,
        reason: None,
        created_at: draft.at(),
        finished_at: None,
        next_at: Some(draft.context.real_at),
    };
    draft.audit("create_import", job.id, None);
    let job = draft.save(job);
    if let Some(batch) = &command.batch {
        draft.save(VoucherBatch::imported(batch.id, &job, &batch.name));
        draft.audit("import_voucher_batch", batch.id, None);
    }
    let place = format!("/v1/jobs/{}", job.id);
    Ok(Answer::accepted(&views::job::job(&job, &draft.installation.public_url), place))
}
