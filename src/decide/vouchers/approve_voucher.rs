//! A second operator approves a voucher that another made by hand: it is good from now on. It is voided where
//! he does not.

use crate::decide::access::four_eyes;
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::voucher::{shown, tell};
use crate::records::text::Reason;
use crate::records::voucher::VoucherStatus;
use crate::records::{EventKind, Id, Json, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher.
#[derive(Clone, Debug)]
pub struct ApproveVoucher {
    /// The voucher.
    pub id: Id,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// Decides it. What waits for nobody is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveVoucher) -> Result<Answer, Stop> {
    let (voucher, operator) = (draft.get::<Voucher>(command.id), four_eyes::operator(draft));
    let voucher = voucher?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    let operator = operator?;
    let standing = standing(draft, &voucher)?;
    if voucher.status == VoucherStatus::Void {
        return Err(Rejection::new(Code::IllegalTransition, "The voucher was withdrawn; make another one.").into());
    }
    let mut version = voucher.version;
    let mut approved = (*voucher).clone();
    if let Some(asked_by) = voucher.asked_by.as_ref() {
        if let Some(asked_by) = asked_by.id {
            four_eyes::check_another(draft, &operator, asked_by)?;
        }
        approved.asked_by = Json(None);
        version += 1;
        draft.audit("approve_voucher", approved.id, command.reason.as_deref());
        tell(draft, EventKind::VoucherIssued, &approved, standing)?;
        draft.save(approved.clone());
    }
    Ok(Answer::ok(&shown(draft, &approved, standing, command.mask)).version(version).keep(Keep::Sealed))
}

/// Why nothing can be done with a voucher yet.
pub(crate) fn needs_approval() -> Rejection {
    let detail = "The voucher waits for a second operator; POST /v1/vouchers/{id}/approve approves it, void ends it.";
    Rejection::new(Code::IllegalTransition, detail)
}
