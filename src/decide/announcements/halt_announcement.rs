//! Pauses an announcement, or stops it for good. No mail of it leaves from that moment on; what has left has left.

use crate::decide::announcements::announcement::{answer, illegal, named};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::AnnouncementStatus::{self, Paused, Sending, Sent, Stopped};
use crate::records::text::Reason;
use crate::records::{Announcement, EventKind, Id};
use crate::views::announcement::announcement as view;
use crate::world::Stop;

/// Which one, and whether it can go on.
#[derive(Clone, Debug)]
pub struct HaltAnnouncement {
    /// The announcement.
    pub id: Id,
    /// `Paused` or `Stopped`.
    pub to: AnnouncementStatus,
    /// Why.
    pub reason: Option<Reason>,
}

/// Decides it. What rests already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &HaltAnnouncement) -> Result<Answer, Stop> {
    let known = named(draft, command.id)?;
    if known.status == command.to {
        return Ok(answer(&known));
    }
    let is_allowed = match command.to {
        Paused => known.status == Sending,
        _ => known.status != Sent,
    };
    if !is_allowed || known.status == Stopped {
        return Err(illegal(&known, "only what is being sent can be paused, and what is over is over."));
    }
    let mut halted: Announcement = (*known).clone();
    halted.status = command.to;
    (halted.next_at, halted.starts_at) = (None, None);
    halted.reason = command.reason.as_ref().map(|reason| reason.to_string());
    let verb = if command.to == Paused { "pause_announcement" } else { "stop_announcement" };
    draft.audit(verb, halted.id, command.reason.as_deref());
    if command.to == Stopped {
        halted.finished_at = Some(draft.at());
        draft.event(EventKind::AnnouncementFinished, &view(&halted))?;
    }
    Ok(answer(&draft.save(halted)))
}
