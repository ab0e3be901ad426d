//! A referral's time is over: it pays no more.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::referral::ReferralStatus;
use crate::records::{EventKind, Id, Referral};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The referral that the sweep found due.
#[derive(Clone, Debug)]
pub struct ExpireReferral {
    /// The referral.
    pub referral: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it expires once.
pub fn decide(draft: &mut Draft<'_>, command: &ExpireReferral) -> Result<Answer, Stop> {
    let referral = draft.get::<Referral>(command.referral)?;
    let referral = referral.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such referral."))?;
    if referral.status != ReferralStatus::Open || referral.expires_at > draft.at() {
        return Ok(Answer::no_content());
    }
    let mut expired = (*referral).clone();
    expired.status = ReferralStatus::Expired;
    draft.event(EventKind::ReferralExpired, &views::referral::referral(&expired, &[]))?;
    draft.save(expired);
    Ok(Answer::no_content())
}
