//! Writes an announcement anew: whoever approved it approved another one. Its rate alone may be changed at any time.

use crate::decide::access::four_eyes::hand;
use crate::decide::announcements::announcement::{AnnouncementBody, answer, apply, illegal, is_open, minutes, named};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::records::announcement::{AnnouncementStatus, Rehearsal};
use crate::records::{Announcement, Id, Json};
use crate::world::Stop;

/// Which one, the revision that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateAnnouncement {
    /// The announcement.
    pub id: Id,
    /// The revision that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub body: AnnouncementBody,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateAnnouncement) -> Result<Answer, Stop> {
    let known = named(draft, command.id)?;
    command.if_match.check(known.revision)?;
    let mut written = Announcement { revision: known.revision + 1, ..(*known).clone() };
    let is_over = matches!(known.status, AnnouncementStatus::Sent | AnnouncementStatus::Stopped);
    if command.body.is_of_rate() && known.status != AnnouncementStatus::Draft && !is_over {
        apply(draft, &mut written, &command.body)?;
        let rehearsal = written.rehearsal.0.take();
        let at_rate = |counted: Rehearsal| Rehearsal { minutes: minutes(counted.told, written.per_hour), ..counted };
        written.rehearsal = Json(rehearsal.map(at_rate));
        if written.status == AnnouncementStatus::Sending {
            written.next_at = Some(draft.context.real_at);
        }
    } else if is_open(&known) {
        let (applied, by) = (apply(draft, &mut written, &command.body), hand(draft));
        applied?;
        written.written_by = Json(by?);
        written.status = AnnouncementStatus::Draft;
        (written.starts_at, written.rehearsal, written.approvals) = (None, Json(None), Json::default());
    } else {
        let detail = "what people were told cannot be changed; only per_hour can. Stop it and write another one.";
        return Err(illegal(&known, detail));
    }
    draft.audit("update_announcement", written.id, None);
    Ok(answer(&draft.save(written)))
}
