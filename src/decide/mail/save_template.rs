//! Saves a shop's own template in place of ours. Whether it can be written was looked at before.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::Template;
use crate::records::message::MessageKind;
use crate::records::text::{Locale, Text, language_of};
use crate::refusal::Rejection;
use crate::views::message::template;
use crate::world::Stop;

/// What the shop writes: the sources of a mail's parts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// The subject.
    pub subject: Text<1, 1000>,
    /// The mail as text.
    pub text: Text<1, 50_000>,
    /// The mail as HTML.
    pub html: Text<1, 100_000>,
}

/// The template.
#[derive(Clone, Debug)]
pub struct SaveTemplate {
    /// Of which kind of mail.
    pub kind: MessageKind,
    /// In which locale.
    pub locale: Locale,
    /// Its parts.
    pub body: TemplateBody,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &SaveTemplate) -> Result<Answer, Stop> {
    let SaveTemplate { kind, locale, body } = command;
    let id = Template::id_of(draft.shop.id, *kind, locale);
    let known = draft.get::<Template>(id)?;
    let has_locale = |own: &String| own.as_str() == &**locale || *language_of(own) == **locale;
    if known.is_none() && !draft.shop.locales.iter().any(has_locale) {
        let detail =
            format!("one of the shop's locales is expected, or their languages: {}", draft.shop.locales.join(", "));
        return Err(Rejection::field("/locale", detail).into());
    }
    let saved = Template {
        id,
        shop: draft.shop.id,
        version: known.as_ref().map_or(0, |known| known.version),
        kind: *kind,
        locale: locale.to_string(),
        subject: Some(body.subject.to_string()),
        text: body.text.to_string(),
        html: body.html.to_string(),
        created_at: known.as_ref().map_or(draft.at(), |known| known.created_at),
        updated_at: draft.at(),
    };
    draft.audit("save_template", id, None);
    let saved = draft.save(saved);
    let view = template::template(&saved);
    Ok(match known {
        None => Answer::created(&view, format!("/v1/templates/{kind}/{}", saved.locale)),
        Some(_) => Answer::ok(&view),
    })
}
