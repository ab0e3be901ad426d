//! What a decision answers: the bytes that the caller gets, now and at every repetition.

use serde::Serialize;

use crate::records::Id;
use crate::views::View;

/// An answer, as it will be stored and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, 2xx.
    pub status: u16,
    /// JSON; empty for 204.
    pub body: String,
    /// The record that the body is about.
    pub subject: Option<Id>,
    /// Where the new resource is.
    pub location: Option<String>,
    /// Entity tag of the resource.
    pub etag: Option<String>,
    /// How it may be stored for repetitions.
    pub keep: Keep,
}

/// How an answer is stored under its idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// As it is.
    Plain,
    /// Sealed: it shows a voucher's code.
    Sealed,
    /// Not at all: it shows a secret once, or a browser was told of what it has already.
    Never,
}

impl Answer {
    /// 200.
    pub fn ok(body: &impl View) -> Self {
        Self::new(200, body)
    }

    /// 201, with the place of the new resource.
    pub fn created(body: &impl View, location: String) -> Self {
        Self::new(201, body).at(location)
    }

    /// 202, with the place where to look how far it is.
    pub fn accepted(body: &impl View, location: String) -> Self {
        Self::new(202, body).at(location)
    }

    /// What is shown already, and of which record.
    pub fn of_shown(status: u16, subject: impl Into<Option<Id>>, body: String) -> Self {
        Self { status, body, subject: subject.into(), location: None, etag: None, keep: Keep::Plain }
    }

    /// The same, with the place of the resource.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::of_shown(204, None, String::new())
    }

    /// The same, to be stored in another way.
    #[must_use]
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// The same with one more field at its end.
    #[must_use]
    pub fn with(mut self, field: &str, shown: &impl Serialize) -> Self {
        let shown = serde_json::to_string(shown).expect("what the API shows always serializes");
        self.body.truncate(self.body.len().saturating_sub("}".len()));
        self.body.push_str(&format!(",\"{field}\":{shown}}}"));
        self
    }

    /// The same with the entity tag of a version.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        Self { etag: Some(etag(version)), ..self }
    }

    fn new(status: u16, body: &impl View) -> Self {
        Self::of_shown(status, body.subject(), shown(body))
    }
}

/// A view's JSON.
pub(super) fn shown(view: &impl View) -> String {
    serde_json::to_string(view).expect("what the API shows always serializes")
}

/// The entity tag of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
