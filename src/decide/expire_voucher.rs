//! A voucher's time is over: what is left of its value lapses.

use super::answer::Answer;
use super::draft::Draft;
use super::parts::reward::{Follow, follow};
use super::parts::voucher::{release, standing, tell, value};
use crate::records::entry::EntryKind;
use crate::records::reward::RewardStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::{Id, Voucher};
use crate::refusal::{Code, Rejection};
use crate::views::voucher::Standing;
use crate::world::Stop;

/// The voucher that the sweep found due.
#[derive(Clone, Debug)]
pub struct ExpireVoucher {
    /// The voucher.
    pub voucher: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it lapses once. A spent one has
/// nothing that could lapse.
pub fn decide(draft: &mut Draft<'_>, command: &ExpireVoucher) -> Result<Answer, Stop> {
    let voucher = draft.get::<Voucher>(command.voucher)?;
    let voucher = voucher.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such voucher."))?;
    let is_due = voucher.due_at.is_some_and(|due| due <= draft.at());
    if !is_due || voucher.status != VoucherStatus::Active {
        return Ok(Answer::no_content());
    }
    let standing = standing(draft, &voucher)?;
    let mut lapsed = (*voucher).clone();
    lapsed.due_at = None;
    if standing.is_spent(&voucher) {
        draft.save(lapsed);
        return Ok(Answer::no_content());
    }
    lapsed.lapsed_amount = value(&voucher, standing);
    release(draft, &voucher, lapsed.lapsed_amount, EntryKind::Expired, voucher.lapse_account())?;
    let lapsed = draft.save(lapsed);
    tell(draft, "voucher.expired", &lapsed, Standing { balance: standing.balance.map(|_| 0), ..standing })?;
    follow(draft, &lapsed, &Follow {
        from: &[RewardStatus::Issued],
        to: RewardStatus::Expired,
        why: None,
        event: Some("reward.expired"),
    })?;
    Ok(Answer::no_content())
}
