//! Writes an announcement. Nothing is sent by that.

use crate::decide::access::four_eyes::hand;
use crate::decide::announcements::announcement::{AnnouncementBody, apply};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::{Announcement, Json};
use crate::refusal::Rejection;
use crate::views::announcement::announcement as view;
use crate::world::Stop;

/// What it says.
#[derive(Clone, Debug)]
pub struct CreateAnnouncement {
    /// Its fields.
    pub body: AnnouncementBody,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateAnnouncement) -> Result<Answer, Stop> {
    let body = &command.body;
    let kind =
        body.kind.ok_or_else(|| Rejection::field("/kind", "recall, breach, service or marketing is expected"))?;
    if body.audience.is_none() {
        return Err(Rejection::field("/audience", "it must be said who is to be told").into());
    }
    if body.content.is_none() {
        return Err(Rejection::field("/content", "a subject and a text for each locale are expected").into());
    }
    let mut written = Announcement::blank(draft.new_id("ann"), draft.shop.id, kind, draft.at());
    let (applied, by) = (apply(draft, &mut written, body), hand(draft));
    applied?;
    written.written_by = Json(by?);
    draft.audit("create_announcement", written.id, None);
    let written = draft.save(written);
    let place = format!("/v1/announcements/{}", written.id);
    Ok(Answer::created(&view(&written), place).version(written.revision))
}
