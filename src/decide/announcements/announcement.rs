//! What the decisions about announcements share: finding one, showing it, and what a request may say of one.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;

use crate::decide::announcements::audience::{self, AudienceInput};
use crate::decide::announcements::content;
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::programs::program;
use crate::records::announcement::{AnnouncementKind, AnnouncementStatus, PausePrograms, Words};
use crate::records::text::{Reference, Text};
use crate::records::{Announcement, Id, Json, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views::announcement::announcement as view;
use crate::world::Stop;

/// The most.
const MOST_PER_HOUR: i64 = 1_000_000;
/// Programs that one announcement names.
const PROGRAMS: usize = 100;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// The fields of an announcement that a request may give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementBody {
    /// Why people are written to.
    pub kind: Option<AnnouncementKind>,
    /// To whom.
    pub audience: Option<AudienceInput>,
    /// What is said, by locale.
    pub content: Option<BTreeMap<String, Words>>,
    /// Not before; `null`: as soon as it is sent.
    #[serde(default, deserialize_with = "nullable")]
    pub send_at: Option<Option<Timestamp>>,
    /// Mails an hour at most.
    pub per_hour: Option<i64>,
    /// Programs that rest with it; `null`: none.
    #[serde(default, deserialize_with = "nullable")]
    pub pause_programs: Option<Option<PauseInput>>,
}

/// Programs that rest, as a request names them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseInput {
    /// Which ones, by id or slug; left out: every one that is active then.
    pub programs: Option<Vec<Reference>>,
    /// What their links say meanwhile, by locale.
    pub notice: BTreeMap<String, Text<1, 1000>>,
}

impl AnnouncementBody {
    /// Whether nothing but the rate is given.
    pub fn is_of_rate(&self) -> bool {
        let Self { kind, audience, content, send_at, per_hour, pause_programs } = self;
        let is_else = kind.is_some() || audience.is_some() || content.is_some() || send_at.is_some();
        per_hour.is_some() && !is_else && pause_programs.is_none()
    }
}

/// An announcement that the path names.
pub fn named(draft: &Draft<'_>, id: Id) -> Result<Rc<Announcement>, Stop> {
    let found = draft.get::<Announcement>(id)?;
    Ok(found.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such announcement."))?)
}

/// Answers one as it is now.
pub fn answer(announcement: &Announcement) -> Answer {
    Answer::ok(&view(announcement)).version(announcement.revision)
}

/// It is in a state in which that cannot be.
pub fn illegal(announcement: &Announcement, detail: &str) -> Stop {
    let detail = format!("The announcement is {}; {detail}", announcement.status);
    Rejection::new(Code::IllegalTransition, detail).into()
}

/// Takes what a request says. All of it is asked for before any is looked at.
pub fn apply(draft: &Draft<'_>, announcement: &mut Announcement, body: &AnnouncementBody) -> Result<(), Stop> {
    let audience = body.audience.as_ref().map(|input| audience::read(draft, input)).transpose();
    let pause = body.pause_programs.as_ref().map(|given| given.as_ref().map(|given| pause(draft, given)).transpose());
    let (audience, pause) = (audience?, pause.transpose()?);
    announcement.kind = body.kind.unwrap_or(announcement.kind);
    if let Some(audience) = audience {
        announcement.audience = Json(audience);
    }
    if let Some(content) = &body.content {
        announcement.content = Json(content.clone());
    }
    announcement.send_at = body.send_at.unwrap_or(announcement.send_at);
    if let Some(per_hour) = body.per_hour {
        announcement.per_hour = within(per_hour, 1, MOST_PER_HOUR, "/per_hour")?;
    }
    if let Some(pause) = pause {
        announcement.pause_programs = Json(pause);
    }
    content::check(draft, announcement)
}

fn pause(draft: &Draft<'_>, given: &PauseInput) -> Result<PausePrograms, Stop> {
    let each = |index: usize, name: &Reference| {
        Ok(program::known(draft, name, &format!("/pause_programs/programs/{index}"))?.id)
    };
    let programs = given.programs.as_ref().map(|names| {
        let found: Vec<Result<Id, Stop>> = names.iter().enumerate().map(|(index, name)| each(index, name)).collect();
        found.into_iter().collect::<Result<Vec<Id>, Stop>>()
    });
    let programs = programs.transpose()?;
    if programs.as_ref().is_some_and(|programs| programs.is_empty() || programs.len() > PROGRAMS) {
        let detail = format!("1 to {PROGRAMS} programs are expected; leave them out to pause every active one");
        return Err(Rejection::field("/pause_programs/programs", detail).into());
    }
    content::check_locales(draft, given.notice.keys(), "/pause_programs/notice")?;
    Ok(PausePrograms { programs, notice: given.notice.clone() })
}

/// How many minutes so many mails take.
pub fn minutes(mails: i64, per_hour: i64) -> i64 {
    (mails.saturating_mul(60) + per_hour - 1) / per_hour.max(1)
}

/// Whether it can still be written anew.
pub fn is_open(announcement: &Announcement) -> bool {
    use AnnouncementStatus::{Approved, Draft as InDraft, Scheduled};
    matches!(announcement.status, InDraft | Approved | Scheduled)
}
