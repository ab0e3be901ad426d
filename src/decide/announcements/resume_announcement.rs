//! Goes on with an announcement that was paused, where it was.

use crate::decide::announcements::announcement::{answer, illegal, named};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::AnnouncementStatus::{Paused, Sending};
use crate::records::{Announcement, Id};
use crate::world::Stop;

/// The announcement.
#[derive(Clone, Debug)]
pub struct ResumeAnnouncement {
    /// The announcement.
    pub id: Id,
}

/// Decides it. What goes on already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ResumeAnnouncement) -> Result<Answer, Stop> {
    let known = named(draft, command.id)?;
    match known.status {
        Sending => return Ok(answer(&known)),
        Paused => {}
        _ => return Err(illegal(&known, "only what is paused can go on.")),
    }
    draft.audit("resume_announcement", known.id, None);
    let resumed =
        Announcement { status: Sending, next_at: Some(draft.context.real_at), reason: None, ..(*known).clone() };
    Ok(answer(&draft.save(resumed)))
}
