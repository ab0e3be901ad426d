//! Withdraws a voucher: what is left of its value returns to where it came from.

use super::answer::{Answer, Keep};
use super::draft::Draft;
use super::parts::reward::{Follow, follow};
use super::parts::take_back::free_places;
use super::parts::voucher::{shown, standing, withdraw};
use crate::records::reward::RewardStatus;
use crate::records::text::Reason;
use crate::records::voucher::VoucherStatus;
use crate::records::{Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The voucher, and why.
#[derive(Clone, Debug)]
pub struct VoidVoucher {
    /// The voucher.
    pub id: Id,
    /// Why.
    pub reason: Reason,
}

/// Decides it. One that is withdrawn already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &VoidVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.id)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    let before = standing(draft, &voucher)?;
    if voucher.status == VoucherStatus::Void {
        return Ok(answer(draft, &voucher, before, voucher.version));
    }
    if before.is_spent(&voucher) {
        let detail = "The voucher is spent; to undo that, reverse its redemption.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let withdrawn = withdraw(draft, &voucher)?;
    let from = &[RewardStatus::Issued, RewardStatus::Expired];
    let fall = Follow { from, to: RewardStatus::Voided, why: Some(&command.reason), event: Some("reward.voided") };
    if let Some(voided) = follow(draft, &withdrawn, &fall)? {
        free_places(draft, &voided)?;
    }
    draft.audit("void_voucher", withdrawn.id, Some(&command.reason));
    let after = standing(draft, &withdrawn)?;
    Ok(answer(draft, &withdrawn, after, voucher.version + 1))
}

fn answer(draft: &Draft<'_>, voucher: &Voucher, standing: crate::views::voucher::Standing, version: i64) -> Answer {
    Answer::ok(&shown(draft, voucher, standing, Mask::Full)).version(version).keep(Keep::Sealed)
}
