//! Changes the event of a pass: another time or place. Its customer is told.

use serde::Deserialize;

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::decide::passes::admit_pass::shown;
use crate::decide::passes::event_change::{ChangedBy, announce_event_change};
use crate::decide::vouchers::approve_voucher::needs_approval;
use crate::records::pass::EventDetails;
use crate::records::voucher::VoucherStatus;
use crate::records::{Admission, Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The pass, the version that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdatePass {
    /// The pass.
    pub id: Id,
    /// The version that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub body: PassBody,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// The fields that may be changed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassBody {
    /// The event as it is now, whole.
    pub event: EventDetails,
}

/// Decides it. The same event again changes nothing.
pub fn decide(draft: &mut Draft<'_>, command: &UpdatePass) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.id);
    let admission = draft.get::<Admission>(Admission::id_of(command.id));
    let (voucher, admission) = (voucher?.filter(|voucher| voucher.pass.is_some()), admission?);
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such pass."))?;
    command.if_match.check(voucher.version)?;
    if voucher.status == VoucherStatus::Void {
        return Err(Rejection::new(Code::IllegalTransition, "A pass that was withdrawn cannot be changed.").into());
    }
    if admission.is_some() {
        return Err(Rejection::new(Code::IllegalTransition, "A pass that was admitted cannot be changed.").into());
    }
    if voucher.needs_approval() {
        return Err(needs_approval().into());
    }
    let event = &command.body.event;
    if let Some((field, fault)) = event.fault() {
        return Err(Rejection::field(format!("/{field}"), fault).into());
    }
    if event.over_at() <= draft.at() {
        return Err(Rejection::field("/event/starts_at", "the event would be over").into());
    }
    let changed = announce_event_change(draft, &voucher, event, ChangedBy::Hand)?;
    let is_new = changed.pass != voucher.pass;
    if is_new {
        draft.audit("update_pass", changed.id, None);
    }
    let answer = Answer::ok(&shown(draft, &changed, None, command.mask)?);
    Ok(answer.version(voucher.version + i64::from(is_new)).keep(Keep::Sealed))
}
