//! Somebody has the codes of a batch. The first time is what they were made for; every other time is asked why.

use crate::decide::answer::{Answer, Keep};
use crate::decide::batches::batch::{answer, named};
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::records::Id;
use crate::records::text::Reason;
use crate::records::voucher_batch::{BatchStatus, exported_subject};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The batch, and why it is asked for again.
#[derive(Clone, Debug)]
pub struct ExportVoucherBatch {
    /// The batch.
    pub id: Id,
    /// Why.
    pub reason: Option<Reason>,
}

/// Decides it, and notes it. The codes themselves are read beside this.
pub fn decide(draft: &mut Draft<'_>, command: &ExportVoucherBatch) -> Result<Answer, Stop> {
    let (batch, job) = named(draft, command.id)?;
    if matches!(batch.status, BatchStatus::PendingApproval | BatchStatus::Making) {
        let detail = "The batch is not made yet; come again when its status is made.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let by = draft.context.actor.id.unwrap_or(draft.shop.id);
    let subject = exported_subject(batch.id, by);
    if counter::count(draft, &subject)? > 0 && command.reason.is_none() {
        let detail = "you had these codes before; say why you need them again, the audit log notes it";
        return Err(Rejection::field("?reason", detail).into());
    }
    counter::add_up(draft, &subject, 1)?;
    draft.audit("export_voucher_batch", batch.id, command.reason.as_deref());
    Ok(answer(draft, &batch, &job)?.keep(Keep::Never))
}
