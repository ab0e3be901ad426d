//! What happened to a customer, told in sentences, and what comes next: "where is my reward?".
//!
//! Each record tells its own moments; who asks puts them in order. Pure, like all words.

mod orders;
mod value;

use std::collections::HashMap;

use chrono_tz::Tz;
use serde::Serialize;

pub use orders::Order;

use super::{Language, day, find, say};
use crate::records::money::{Currency, shown};
use crate::records::program::Side;
use crate::records::{Customer, Id, Share, Timestamp};

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What it is about: `customer share referral conversion refusal reward mail hold redemption grant`.
    pub kind: &'static str,
    /// What happened to it.
    pub step: String,
    /// As what the customer was in it, where that matters.
    pub role: Option<Side>,
    /// The record that tells it.
    pub id: Id,
    /// A sentence about it.
    pub sentence: String,
    /// What comes next; with what is over nothing does.
    pub next: Option<Next>,
}

/// What comes next.
#[derive(Clone, Debug, Serialize)]
pub struct Next {
    /// A sentence about it.
    pub sentence: String,
    /// When, where that is known.
    pub at: Option<Timestamp>,
}

/// Who tells.
pub struct Teller<'a> {
    /// In which language.
    pub language: Language,
    /// The shop's time zone, for days.
    pub zone: Tz,
    /// The shop's time.
    pub now: Timestamp,
    /// The customer, and those who were merged into him.
    pub family: &'a [Id],
    /// The programs' names.
    pub programs: &'a HashMap<Id, String>,
}

impl Moment {
    /// A name for it that no other moment has: records tell several.
    pub fn key(&self) -> Id {
        Id::of("mmt", &[&self.id.to_string(), self.kind, &self.step, &self.at.to_string()])
    }
}

impl Teller<'_> {
    /// When a customer became known, and who was merged into him: the first is the customer himself.
    pub fn customer(&self, customer: &Customer) -> Moment {
        let (key, at) = match customer.merged_into {
            None => ("customer.known", customer.created_at),
            Some(_) => ("customer.merged", customer.updated_at),
        };
        let who = self.who(customer.external_id.as_deref());
        self.moment(key, at, customer.id, &[("who", &who)])
    }

    /// A link was made, and opened.
    pub fn share(&self, share: &Share) -> Vec<Moment> {
        let channel = share.channel_inferred.as_deref().unwrap_or(&share.channel);
        let values = [("program", self.program(Some(share.program))), ("channel", channel)];
        let mut made = self.moment("share.made", share.created_at, share.id, &values);
        match share.sent_at {
            None => {
                made.next = Some(self.next("share.next", None, &[]));
                vec![made]
            }
            Some(sent_at) => vec![made, self.moment("share.sent", sent_at, share.id, &values)],
        }
    }

    /// A moment whose words stand under `KIND.STEP` or `KIND.ROLE.STEP`.
    fn moment(&self, key: &str, at: Timestamp, id: Id, values: &[(&str, &str)]) -> Moment {
        let kind = KINDS.iter().find(|kind| key.starts_with(**kind)).unwrap_or(&"customer");
        let step = key.rsplit('.').next().unwrap_or_default().to_owned();
        Moment { at, kind, step, role: None, id, sentence: self.words(key, values), next: None }
    }

    fn next(&self, key: &str, at: Option<Timestamp>, values: &[(&str, &str)]) -> Next {
        Next { sentence: self.words(key, values), at }
    }

    /// What comes next on a day.
    fn next_on(&self, key: &str, at: Timestamp) -> Next {
        self.next(key, Some(at), &[("day", &self.day(at))])
    }

    fn words(&self, key: &str, values: &[(&str, &str)]) -> String {
        say(self.language, &format!("timeline.{key}"), values)
    }

    /// The same sentence with why it happened, where that was said.
    fn because(&self, sentence: String, why: Option<&str>) -> String {
        let Some(why) = why else { return sentence };
        self.words("because", &[("what", sentence.trim_end_matches('.')), ("why", why.trim_end_matches('.'))])
    }

    /// A word of a list; the bare word where it is not written out.
    fn word(&self, list: &str, word: &str) -> String {
        find(self.language, &format!("timeline.{list}.{word}"), &[]).unwrap_or_else(|| word.to_owned())
    }

    fn who(&self, external_id: Option<&str>) -> String {
        external_id.map_or_else(|| self.words("guest", &[]), str::to_owned)
    }

    fn program(&self, id: Option<Id>) -> &str {
        id.and_then(|id| self.programs.get(&id)).map_or("–", String::as_str)
    }

    fn day(&self, at: Timestamp) -> String {
        day(at.day_in(self.zone), self.language, None)
    }

    fn money(&self, amount: i64, currency: Currency) -> String {
        shown(amount, currency, self.language.code())
    }

    fn is_own(&self, customer: Option<Id>) -> bool {
        customer.is_some_and(|customer| self.family.contains(&customer))
    }
}

/// What moments are about.
const KINDS: &[&str] =
    &["customer", "share", "referral", "conversion", "refusal", "reward", "mail", "hold", "redemption", "grant"];
