//! An announcement: a word of the shop to many, by mail.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::records::audit::Actor;
use crate::records::text::{Reference, Slug, Text, language_of};
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// Why people are written to.
    AnnouncementKind {
        /// Something that they bought may harm them:
        Recall = "recall",
        /// What is kept of them has got into the wrong hands:
        Breach = "breach",
        /// Something that concerns them as customers:
        Service = "service",
        /// Advertising:
        Marketing = "marketing",
    }
}

impl AnnouncementKind {
    /// Whether people must be told, whatever they said of advertising: and so nothing is offered, and nobody is watched.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Recall | Self::Breach)
    }
}

words! {
    /// `draft → approved → scheduled → sending ⇄ paused → sent`; `stopped` at any time.
    AnnouncementStatus {
        Draft = "draft",
        Approved = "approved",
        Scheduled = "scheduled",
        Sending = "sending",
        Paused = "paused",
        Sent = "sent",
        Stopped = "stopped",
    }
}

/// To whom; written as the field of its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every customer and guest; always `true`.
    All(bool),
    /// Those who have a code or a share in a program, or were recommended in it.
    Program(Id),
    /// A segment, by its key.
    Segment(Slug),
    /// A list.
    Customers(Vec<Id>),
    /// Whoever bought one of some products in a time.
    Bought(Bought),
}

/// Products, and when they were bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// The products, as orders name them.
    pub skus: Vec<Reference>,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant too late.
    pub to: Timestamp,
}

/// What is said in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The subject.
    pub subject: Text<1, 200>,
    /// The text: paragraphs, with empty lines between.
    pub text: Text<1, 20_000>,
}

/// Programs that rest from the moment on in which the first are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausePrograms {
    /// Which ones; `None`: every one that is active then.
    pub programs: Option<Vec<Id>>,
    /// What their links say meanwhile, by locale.
    pub notice: BTreeMap<String, Text<1, 1000>>,
}

/// Who approved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The operator.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// How many of something there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountOf {
    /// Of what: a locale, a domain, a product.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// Whom it would reach, counted before anything leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// When it was counted, in the shop's time.
    pub at: Timestamp,
    /// People who are meant, each once.
    pub people: i64,
    /// Those who are told.
    pub told: i64,
    /// Those without an address.
    pub no_address: i64,
    /// Those whose address takes no mails.
    pub suppressed: i64,
    /// Those whom a test shop does not write to.
    pub withheld: i64,
    /// Those who are not told, because they did not consent to advertising.
    pub no_consent: i64,
    /// Of the people: by what they said of advertising.
    pub consent: Consents,
    /// Of those who are told: by the locale of what they read.
    pub locales: Vec<CountOf>,
    /// Of those who are told: by the domain of their address, the largest first.
    pub domains: Vec<CountOf>,
    /// Those at other domains.
    pub other_domains: i64,
    /// How many minutes it takes at the set rate.
    pub minutes: i64,
    /// Of products: how many orders have each.
    pub skus: Vec<CountOf>,
    /// Orders with the products of which nobody knows who bought them.
    pub orders_without_customer: i64,
    /// Orders of the time that were reported without items: nobody knows what was bought.
    pub orders_without_items: i64,
}

/// What people said of advertising.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// They want it.
    pub given: i64,
    /// They want no more of it.
    pub withdrawn: i64,
    /// They never said.
    pub never: i64,
}

/// Whom it has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Mails that were made to leave.
    pub told: i64,
    /// People without an address.
    pub no_address: i64,
    /// People whose address takes no mails, or whom a test shop does not write to.
    pub suppressed: i64,
}

/// A place in the walk through an audience: when a customer, a member or an order was made, and its id.
pub type Place = (Timestamp, Id);

/// Mails an hour, when nothing is said.
pub const PER_HOUR: i64 = 10_000;

record! {
    /// An announcement. Its mails are made by and by, from the place on to which it has come; each is named by the
    /// announcement and the address, so that nobody is told twice.
    versioned Announcement in "announcements" {
        /// Why people are written to.
        kind: AnnouncementKind,
        /// Where it stands.
        status: AnnouncementStatus,
        /// To whom.
        audience: Json<Audience>,
        /// What is said, by locale.
        content: Json<BTreeMap<String, Words>>,
        /// Mails an hour at most.
        per_hour: i64,
        /// Not before, in the shop's time; `None`: as soon as it is sent.
        send_at: Option<Timestamp>,
        /// Programs that rest with it.
        pause_programs: Json<Option<PausePrograms>>,
        /// How often it was written: what counts for another revision counts no more.
        revision: i64,
        /// The operator whose hand wrote this revision; `None`: the shop's backend.
        written_by: Json<Option<Actor>>,
        /// Who approved this revision.
        approvals: Json<Vec<Approval>>,
        /// Whom this revision would reach; `None`: nobody has counted.
        rehearsal: Json<Option<Rehearsal>>,
        /// Whom it has come to.
        counts: Json<Reached>,
        /// The place that it has come to: when the customer or order was made.
        walked_at: Option<Timestamp>,
        /// See `walked_at`: its id.
        walked: Option<Id>,
        /// When it begins, in the shop's time, while it is scheduled.
        starts_at: Option<Timestamp>,
        /// When the next mails are made, by the real clock, while it is sent.
        next_at: Option<Timestamp>,
        /// When it began, in the shop's time: who became known later is not told.
        started_at: Option<Timestamp>,
        /// When everybody had been written to, or it was stopped.
        finished_at: Option<Timestamp>,
        /// Why it was paused or stopped.
        reason: Option<String>,
        /// When it was made.
        created_at: Timestamp,
    }
}

impl Announcement {
    /// A draft to all that says nothing yet.
    pub fn blank(id: Id, shop: Id, kind: AnnouncementKind, at: Timestamp) -> Self {
        Self {
            id,
            shop,
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
            created_at: at,
        }
    }

    /// The place that it has come to.
    pub fn place(&self) -> Option<Place> {
        self.walked_at.zip(self.walked)
    }

    /// The locale of what somebody reads: their own, one of their language, else the shop's first, else any.
    pub fn locale_for(&self, own: Option<&str>, shops: &str) -> String {
        let locale = [own.unwrap_or(shops), shops].into_iter().find_map(|locale| self.nearest(locale));
        locale.or_else(|| self.content.keys().next()).cloned().unwrap_or_else(|| shops.to_owned())
    }

    /// What is said in a locale.
    pub fn words_in(&self, locale: &str) -> Option<&Words> {
        self.content.get(self.nearest(locale)?)
    }

    fn nearest(&self, locale: &str) -> Option<&String> {
        let exact = self.content.keys().find(|other| other.as_str() == locale);
        exact.or_else(|| self.content.keys().find(|other| language_of(other) == language_of(locale)))
    }
}
