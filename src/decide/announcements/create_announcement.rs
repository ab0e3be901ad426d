//! Writes an announcement. Nothing is sent by that.

use crate::decide::access::four_eyes::hand;
use crate::decide::announcements::announcement::{AnnouncementBody, PER_HOUR, apply};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::announcement::{AnnouncementStatus, Audience};
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
    let mut written = Announcement {
        id: draft.new_id("ann"),
        shop: draft.shop.id,
        version: 0,
        kind,
        status: AnnouncementStatus::Draft,
        audience: Json(Audience::All(true)),
        content: Json::default(),
        per_hour: PER_HOUR,
        send_at: None,
        pause_programs: Json(None),
        revision: 1,
        written_by: Json(None),
        approvals: Json::default(),
        rehearsal: Json(None),
        counts: Json::default(),
        walked_at: None,
        walked: None,
        starts_at: None,
        next_at: None,
        started_at: None,
        finished_at: None,
        reason: None,
        created_at: draft.at(),
    };
    let (applied, by) = (apply(draft, &mut written, body), hand(draft));
    applied?;
    written.written_by = Json(by?);
    draft.audit("create_announcement", written.id, None);
    let written = draft.save(written);
    let place = format!("/v1/announcements/{}", written.id);
    Ok(Answer::created(&view(&written), place).version(written.revision))
}
