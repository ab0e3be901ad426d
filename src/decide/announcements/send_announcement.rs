//! Has an approved announcement sent: now, or when its time comes. Asked for again it is as it was.

use crate::decide::announcements::announcement::{answer, illegal, named};
use crate::decide::announcements::begin_announcement::begin;
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::AnnouncementStatus;
use crate::records::{Announcement, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The announcement.
#[derive(Clone, Debug)]
pub struct SendAnnouncement {
    /// The announcement.
    pub id: Id,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &SendAnnouncement) -> Result<Answer, Stop> {
    let known = named(draft, command.id)?;
    match known.status {
        AnnouncementStatus::Approved => {}
        AnnouncementStatus::Draft => {
            let detail = "Another operator than the one who wrote it must approve it as it is now.";
            return Err(Rejection::new(Code::ApprovalRequired, detail).into());
        }
        AnnouncementStatus::Stopped => return Err(illegal(&known, "write another one.")),
        AnnouncementStatus::Scheduled
        | AnnouncementStatus::Sending
        | AnnouncementStatus::Paused
        | AnnouncementStatus::Sent => return Ok(answer(&known)),
    }
    draft.audit("send_announcement", known.id, None);
    let later = known.send_at.filter(|at| *at > draft.at());
    if later.is_some() {
        let scheduled = Announcement { status: AnnouncementStatus::Scheduled, starts_at: later, ..(*known).clone() };
        return Ok(answer(&draft.save(scheduled)));
    }
    Ok(answer(&*begin(draft, (*known).clone())?))
}
