//! Announcements: a word of the shop to many.

use serde::{Deserialize, Serialize};

use crate::api::answer::inquiry;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::sheet;
use crate::api::request::call::{Approval, Call, shown};
use crate::decide::announcements::announcement::AnnouncementBody;
use crate::decide::announcements::approve_announcement::ApproveAnnouncement;
use crate::decide::announcements::create_announcement::CreateAnnouncement;
use crate::decide::announcements::halt_announcement::HaltAnnouncement;
use crate::decide::announcements::note_rehearsal::NoteRehearsal;
use crate::decide::announcements::resume_announcement::ResumeAnnouncement;
use crate::decide::announcements::send_announcement::SendAnnouncement;
use crate::decide::announcements::update_announcement::UpdateAnnouncement;
use crate::jobs::inquiries::Known;
use crate::records::announcement::{AnnouncementKind, AnnouncementStatus};
use crate::records::message::{MessageStatus, Reason, Withheld};
use crate::records::text::Reason as Why;
use crate::records::{Announcement, Id, Message, Timestamp};
use crate::store::queries::announcements;
use crate::store::queries::records::Filter;
use crate::views::announcement::{Outcomes, announcement as view};

/// Lines of a proof that are read at once.
const PAGE: usize = 500;

/// Why, and which revision was looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    revision: Option<i64>,
    reason: Option<Why>,
}

pub(in crate::api) async fn create_announcement(call: Call) -> Result<Reply, Problem> {
    let body: AnnouncementBody = call.body()?;
    call.submit(CreateAnnouncement { body }).await
}

pub(in crate::api) async fn update_announcement(call: Call) -> Result<Reply, Problem> {
    let (id, if_match, body) = (call.id("ann")?, call.if_match()?, call.body()?);
    call.submit(UpdateAnnouncement { id, if_match, body }).await
}

pub(in crate::api) async fn list_announcements(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new()
        .equals("kind", call.query().word("kind", AnnouncementKind::WORDS)?)
        .equals("status", call.query().word("status", AnnouncementStatus::WORDS)?);
    call.list::<Announcement>(filter, |_, record| shown(&view(record))).await
}

pub(in crate::api) async fn get_announcement(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("ann")?);
    let announcement: Announcement = call.record(id).await?;
    let counted = call.read(move |connection| announcements::outcomes(connection, shop, id)).await?;
    let mut outcomes = Outcomes::default();
    for (status, count) in counted {
        let place = match status {
            MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Retrying => &mut outcomes.waiting,
            MessageStatus::Sent => &mut outcomes.sent,
            MessageStatus::Failed => &mut outcomes.failed,
            MessageStatus::Uncertain => &mut outcomes.uncertain,
            MessageStatus::NoAddress => &mut outcomes.no_address,
            MessageStatus::Suppressed => &mut outcomes.suppressed,
        };
        *place += count;
    }
    Ok(Reply::json(&view(&announcement).with(outcomes)).version(announcement.revision))
}

/// Counts whom it would reach, and notes it. Whoever asks again while that lasts is told how far it is.
pub(in crate::api) async fn rehearse_announcement(call: Call) -> Result<Reply, Problem> {
    let announcement: Announcement = call.record(call.id("ann")?).await?;
    let id = announcement.id;
    match call.app.rehearsals.ask(announcement).await? {
        Some(Known::Over(Ok(counted), _)) => {
            let (revision, counted) = (counted.revision, counted.rehearsal.clone());
            call.submit(NoteRehearsal { id, revision, counted }).await
        }
        known => inquiry::answer(known),
    }
}

pub(in crate::api) async fn approve_announcement(call: Call) -> Result<Reply, Problem> {
    let (id, Seen { revision, reason }) = (call.id("ann")?, call.body()?);
    call.submit(ApproveAnnouncement { id, revision, reason }).await
}

/// Programs may rest with it, and their links say so.
pub(in crate::api) async fn send_announcement(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ann")?;
    call.submit_for_links(SendAnnouncement { id }).await
}

pub(in crate::api) async fn pause_announcement(call: Call) -> Result<Reply, Problem> {
    halt(call, AnnouncementStatus::Paused).await
}

pub(in crate::api) async fn stop_announcement(call: Call) -> Result<Reply, Problem> {
    halt(call, AnnouncementStatus::Stopped).await
}

async fn halt(call: Call, to: AnnouncementStatus) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("ann")?, call.body()?);
    call.submit(HaltAnnouncement { id, to, reason }).await
}

pub(in crate::api) async fn resume_announcement(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ann")?;
    call.submit(ResumeAnnouncement { id }).await
}

/// The columns of a proof.
const COLUMNS: &[&str] =
    &["customer", "customer_id", "email", "locale", "outcome", "at", "reason", "tries", "message", "message_id"];

/// A line of a proof: somebody who is to be told, and what became of it.
#[derive(Serialize)]
struct Line {
    customer: Option<String>,
    customer_id: Id,
    email: Option<String>,
    locale: String,
    outcome: &'static str,
    at: Option<Timestamp>,
    reason: Option<String>,
    tries: i64,
    message: Id,
    message_id: String,
}

impl Line {
    fn of(mail: Message) -> Self {
        Self {
            outcome: outcome(&mail),
            customer: mail.customer_ref,
            customer_id: mail.customer,
            email: mail.recipient,
            locale: mail.locale,
            at: mail.sent_at,
            reason: mail.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            tries: mail.tries,
            message: mail.id,
            message_id: mail.message_id,
        }
    }
}

/// What became of a mail, as whoever asks for a proof asks.
fn outcome(mail: &Message) -> &'static str {
    match mail.status {
        MessageStatus::Sent => "told",
        MessageStatus::Failed if mail.sent_at.is_some() => "bounced",
        MessageStatus::Failed => "failed",
        MessageStatus::Uncertain => "uncertain",
        MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Retrying => "waiting",
        MessageStatus::NoAddress => "no_address",
        MessageStatus::Suppressed if mail.reason == Some(Reason::from(Withheld::Withdrawn)) => "stopped",
        MessageStatus::Suppressed => "suppressed",
    }
}

/// Who was told and when, what came back, and who remains, read page by page as it is sent.
pub(in crate::api) async fn get_announcement_proof(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("ann")?);
    call.query().refuse_unknown()?;
    let _known: Announcement = call.record(id).await?;
    sheet(COLUMNS, None, async move |after: Option<Id>| {
        let page = call.read(move |connection| announcements::mails(connection, shop, id, after, PAGE)).await?;
        let next = page.last().filter(|_| page.len() == PAGE).map(|last| Some(last.id));
        Ok((page.into_iter().map(Line::of).collect(), next))
    })
    .await
}
