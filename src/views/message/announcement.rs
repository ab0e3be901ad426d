//! An announcement, as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::records::announcement::{
    AnnouncementKind, AnnouncementStatus, Approval, Audience, PausePrograms, Reached, Rehearsal, Words,
};
use crate::records::audit::Actor;
use crate::records::event::EventData;
use crate::records::{Announcement, Id, Timestamp};
use crate::views::View;
use crate::views::event::Payload;

/// What became of the mails of an announcement so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// They are to leave, or are tried again.
    pub waiting: i64,
    /// They left.
    pub sent: i64,
    /// They were not taken, or came back.
    pub failed: i64,
    /// Nobody knows whether they arrived.
    pub uncertain: i64,
    /// There is no address.
    pub no_address: i64,
    /// They do not leave.
    pub suppressed: i64,
}

/// See the contract's `Announcement`.
#[derive(Serialize)]
pub struct AnnouncementView<'a> {
    id: Id,
    kind: AnnouncementKind,
    status: AnnouncementStatus,
    audience: &'a Audience,
    content: &'a BTreeMap<String, Words>,
    per_hour: i64,
    send_at: Option<Timestamp>,
    pause_programs: Option<&'a PausePrograms>,
    revision: i64,
    written_by: Option<&'a Actor>,
    approvals: &'a [Approval],
    rehearsal: Option<&'a Rehearsal>,
    reached: Reached,
    outcomes: Option<Outcomes>,
    reason: Option<&'a str>,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl View for AnnouncementView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for AnnouncementView<'_> {
    const DATA: EventData = EventData::Announcement;
}

/// Shows an announcement.
pub fn announcement(announcement: &Announcement) -> AnnouncementView<'_> {
    AnnouncementView {
        id: announcement.id,
        kind: announcement.kind,
        status: announcement.status,
        audience: &announcement.audience,
        content: &announcement.content,
        per_hour: announcement.per_hour,
        send_at: announcement.send_at,
        pause_programs: announcement.pause_programs.as_ref(),
        revision: announcement.revision,
        written_by: announcement.written_by.as_ref(),
        approvals: &announcement.approvals,
        rehearsal: announcement.rehearsal.as_ref(),
        reached: announcement.counts.0,
        outcomes: None,
        reason: announcement.reason.as_deref(),
        started_at: announcement.started_at,
        finished_at: announcement.finished_at,
        created_at: announcement.created_at,
    }
}

impl AnnouncementView<'_> {
    /// The same with what became of its mails.
    #[must_use]
    pub fn with(self, outcomes: Outcomes) -> Self {
        Self { outcomes: Some(outcomes), ..self }
    }
}
