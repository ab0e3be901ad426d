//! A template of a mail, as the API shows it.

use serde::Serialize;

use crate::records::message::MessageKind;
use crate::records::{Id, Template, Timestamp};
use crate::views::View;

/// See the contract's `Template`.
#[derive(Serialize)]
pub struct TemplateView<'a> {
    kind: MessageKind,
    locale: &'a str,
    is_own: bool,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(skip)]
    id: Option<Id>,
}

impl View for TemplateView<'_> {
    fn subject(&self) -> Option<Id> {
        self.id
    }
}

/// Shows a template of the shop's own.
pub fn template(template: &Template) -> TemplateView<'_> {
    TemplateView {
        kind: template.kind,
        locale: &template.locale,
        is_own: true,
        subject: template.subject.as_deref().unwrap_or_default(),
        text: &template.text,
        html: &template.html,
        created_at: Some(template.created_at),
        updated_at: Some(template.updated_at),
        id: Some(template.id),
    }
}

/// Shows ours, to begin with.
pub fn ours<'a>(kind: MessageKind, locale: &'a str, parts: [&'a str; 3]) -> TemplateView<'a> {
    let [subject, text, html] = parts;
    TemplateView { kind, locale, is_own: false, subject, text, html, created_at: None, updated_at: None, id: None }
}
