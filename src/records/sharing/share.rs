//! A share: one place where a customer shared, with a link of its own.

use serde::{Deserialize, Serialize};

use crate::record;
use crate::records::trial::{Arm, Began};
use crate::records::{Id, Json, Timestamp};

/// What a preview of the link shows instead of the program's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<crate::records::text::Name>,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<crate::records::text::Text<0, 500>>,
    /// Picture, absolute https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<crate::records::text::Text<1, 2000>>,
}

/// What came of a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Openings by preview robots.
    pub previews: i64,
    /// Openings by persons.
    pub visits: i64,
    /// The same, each person once a day.
    pub unique_visits: i64,
    /// Friends who became known.
    pub referrals: i64,
    /// Orders credited to it.
    pub conversions: i64,
    /// Orders that were credited by its token, or by the code whose share it is, and came without any visit.
    pub naked: i64,
}

record! {
    /// A share. One for each (program, customer, channel, landing page, placement); a share without
    /// a customer is always a new one.
    versioned Share in "shares" {
        /// The program.
        program: Id,
        /// Who shared; counted and never paid without.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Channel key.
        channel: String,
        /// Whether the channel is private.
        private: bool,
        /// The channel that its first preview proved, when its own says nothing of where it went.
        channel_inferred: Option<String>,
        /// 11 base62 characters (65 random bits); unique among all shops.
        token: String,
        /// What makes it the same share; unique in the shop.
        spot: Option<String>,
        /// Where its link leads, when not where the program's do.
        landing_url: Option<String>,
        /// What its preview shows.
        preview: Json<Option<Preview>>,
        /// Where in the shop the button was, as it was sent.
        placement: Option<String>,
        /// The placement at which it is counted: a key that the shop had declared when it was made, or `(other)`; none:
        /// nobody said it, or none was declared. What is counted by it stays, so it is never what somebody sent.
        placed: Option<String>,
        /// Of a customer's first share in the program: `program/customer`, unique in the shop; its own id, where the
        /// customer is erased.
        first_of: Option<String>,
        /// When that was made; none where nobody is known.
        advocate_since: Option<Timestamp>,
        /// Where they stand in the trial of that time, where there was one.
        arm: Option<Arm>,
        /// Language of its words.
        locale: String,
        /// The share by which the sharer himself came.
        parent: Option<Id>,
        /// How long after that one it was made, milliseconds; none where it stands in the place of another.
        after_ms: Option<i64>,
        /// The first of its tree.
        root: Id,
        /// Steps from the root, which has 1.
        depth: i64,
        /// When a preview robot or another person first opened its link.
        sent_at: Option<Timestamp>,
        /// Since when its link is known to have got about.
        leaked_at: Option<Timestamp>,
        /// The share that stands in its place since.
        fresh: Option<Id>,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_TOKEN = token, BY_SPOT = spot, BY_FIRST = first_of }
    counted { 0 }
}

/// A share, as its tree needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its id.
    pub id: Id,
    /// The share by which the sharer came.
    pub parent: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Orders that are credited to it.
    pub conversions: i64,
}

/// The counters of a share: its referrals, its conversions, and the orders that came without any visit.
pub fn share_subjects(share: Id) -> [String; 3] {
    [format!("share:{share}:referrals"), format!("share:{share}:conversions"), naked_subject(share)]
}

/// The counter of the orders that a share's token, or the code whose share it is, brought without any visit.
pub fn naked_subject(share: Id) -> String {
    format!("share:{share}:naked")
}

impl Share {
    /// When its customer began to recommend in the program.
    pub fn began(&self) -> Option<Began> {
        self.advocate_since.map(|at| Began { at, arm: self.arm })
    }

    /// The word for whether anybody else has seen its link.
    pub fn status(&self) -> &'static str {
        if self.sent_at.is_some() { "sent" } else { "made" }
    }
}
