//! Brings back what was reckoned by a time that had not come, after the shop's time was brought back:
//! what waits does not wait for that time, and what was over by it is not.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::orders::order;
use crate::decide::rewards::voiding::Because;
use crate::decide::vouchers::hold_ending;
use crate::decide::vouchers::update_voucher::live_again;
use crate::records::hold::HoldStatus;
use crate::records::referral::ReferralStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::{Conversion, Hold, Id, Message, RecordKind, Referral, Timestamp, Voucher};
use crate::world::Stop;

/// A hold, a conversion, a message, a voucher or a referral.
#[derive(Clone, Debug)]
pub struct BringBack {
    /// The record.
    pub record: Id,
}

/// Decides it. Done twice, it is done once.
pub fn decide(draft: &mut Draft<'_>, command: &BringBack) -> Result<Answer, Stop> {
    let id = command.record;
    match RecordKind::of(id) {
        Some(RecordKind::Hold) => release(draft, id)?,
        Some(RecordKind::Conversion) => wait_from_now(draft, id)?,
        Some(RecordKind::Message) => send_now(draft, id)?,
        Some(RecordKind::Voucher) => revive(draft, id)?,
        Some(RecordKind::Referral) => open(draft, id)?,
        _ => {}
    }
    Ok(Answer::no_content())
}

/// A checkout that was under way then is not under way now.
fn release(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    match draft.get::<Hold>(id)? {
        Some(hold) if hold.status == HoldStatus::Held && hold.created_at > draft.at() => {
            hold_ending::end(draft, &hold, HoldStatus::Released).map(drop)
        }
        _ => Ok(()),
    }
}

/// An order waits from now as long as it was to wait, and its rewards with it.
fn wait_from_now(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let Some(conversion) = draft.get::<Conversion>(id)? else { return Ok(()) };
    if conversion.due_at.is_none() {
        return Ok(());
    }
    let at = draft.at();
    let not_ahead = |instant: Option<Timestamp>| instant.map(|instant| instant.min(at));
    let mut waiting = (*conversion).clone();
    waiting.occurred_at = waiting.occurred_at.min(at);
    (waiting.paid_at, waiting.delivered_at) = (not_ahead(waiting.paid_at), not_ahead(waiting.delivered_at));
    let because = Because { cause: id, why: "the shop's time was brought back" };
    order::update_order(draft, &conversion, waiting, &because).map(drop)
}

fn send_now(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let real_at = draft.context.real_at;
    match draft.get::<Message>(id)? {
        Some(message) if message.next_at.is_some_and(|next| next > real_at) => {
            let mut waiting = (*message).clone();
            waiting.next_at = Some(real_at);
            draft.save(waiting);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A voucher that lapsed before its time lives again, and the reward that it came from.
fn revive(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    let Some(voucher) = draft.get::<Voucher>(id)? else { return Ok(()) };
    let lapsed_early = voucher.due_at.is_none() && voucher.valid_until.is_some_and(|until| until > draft.at());
    if voucher.status != VoucherStatus::Active || !lapsed_early {
        return Ok(());
    }
    let mut again = (*voucher).clone();
    again.due_at = again.valid_until;
    live_again(draft, &mut again)?;
    draft.audit("bring_back", again.id, None);
    draft.save(again);
    Ok(())
}

fn open(draft: &mut Draft<'_>, id: Id) -> Result<(), Stop> {
    match draft.get::<Referral>(id)? {
        Some(referral) if referral.status == ReferralStatus::Expired && referral.expires_at > draft.at() => {
            let mut again = (*referral).clone();
            again.status = ReferralStatus::Open;
            draft.audit("bring_back", id, None);
            draft.save(again);
            Ok(())
        }
        _ => Ok(()),
    }
}
