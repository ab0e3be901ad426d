//! A template of a shop's own, in place of ours, for a kind of mail in a locale.

use crate::record;
use crate::records::message::MessageKind;
use crate::records::{Id, Timestamp};

record! {
    /// A template, in Jinja's language.
    versioned Template in "templates" {
        /// Of which kind of mail.
        kind: MessageKind,
        /// In which locale, or in each of a language.
        locale: String,
        /// The subject; none: ours is good again, and this record gone.
        subject: Option<String>,
        /// The mail as text.
        text in "body_text": String,
        /// The mail as HTML.
        html in "body_html": String,
        /// When it was made.
        created_at: Timestamp,
        /// When it was changed last.
        updated_at: Timestamp,
    }
    kept_while { subject }
}

impl Template {
    /// The id of a shop's template.
    pub fn id_of(shop: Id, kind: MessageKind, locale: &str) -> Id {
        Id::of("tpl", &[&shop.to_string(), kind.as_str(), locale])
    }
}
