//! What a mail says: drawn from the records, in the customer's language, never with the name of
//! anybody but himself. What its kind says is in `kinds`.

use minijinja::{Value, context};

use super::compose_error::ComposeError;
use super::facts::{Facts, Head, is_web};
use super::letter::Letter;
use crate::decide::mail::unsubscribe;
use crate::records::shop::GermanAddress;
use crate::vault::Vault;
use crate::wording::{Language, say};

/// The colour of a shop that has none.
const COLOR: &str = "#1f6f54";

/// The values that the templates show.
pub(super) struct Content {
    language: Language,
    /// The shop's name, as customers know it.
    pub(super) shop: String,
    greeting: String,
    /// `Content-ID` of the QR code, without brackets.
    pub(super) qr: String,
    home_url: Option<String>,
    imprint: Option<String>,
    /// Where advertising is stopped; none: it is none.
    pub(super) stop_url: Option<String>,
    color: String,
    /// The colour of what is written on `color`.
    ink: &'static str,
    /// What the kind of mail adds.
    pub(super) facts: Facts,
}

impl Content {
    /// Draws it from the records.
    pub(super) fn of(letter: &Letter, vault: &Vault) -> Result<Self, ComposeError> {
        let Letter { message, shop, topic, .. } = letter;
        let language = Language::choose([message.locale.as_str(), shop.locale()]);
        let language = match shop.brand.german_address {
            GermanAddress::Sie => language,
            GermanAddress::Du => language.familiar(),
        };
        let name = shop.brand.name.clone().unwrap_or_else(|| shop.name.clone());
        let links = shop.link_base_url.as_deref().unwrap_or(&letter.public_url).trim_end_matches('/');
        let facts = topic.facts(&Head { message, shop, name: &name, language, links }, vault)?;
        let color = shop.brand.color.clone().filter(|color| is_color(color)).unwrap_or_else(|| COLOR.to_owned());
        Ok(Self {
            language,
            greeting: greeting(letter, language),
            qr: format!("qr.{}", message.message_id),
            home_url: shop.home_url.clone().filter(|url| is_web(url) && !facts.is_bare),
            imprint: shop.brand.imprint.clone(),
            stop_url: letter.is_marketing.then(|| format!("{links}/u/{}", unsubscribe::token(vault, message.id))),
            ink: ink(&color),
            color,
            shop: name,
            facts,
        })
    }

    /// The values by the names that the templates know them by.
    pub(super) fn values(&self) -> Value {
        let Self { facts, .. } = self;
        context! {
            language => self.language.code(),
            is_familiar => self.language == Language::FamiliarGerman,
            shop => self.shop.clone(),
            greeting => self.greeting.clone(),
            because => facts.because.clone(),
            thanks_key => facts.thanks_key,
            code => facts.code.clone(),
            qr => self.qr.clone(),
            conditions => facts.conditions.clone(),
            automatic_key => facts.automatic_key,
            prose => facts.prose.clone(),
            terms_url => facts.terms_url.clone(),
            home_url => self.home_url.clone(),
            imprint => self.imprint.clone(),
            stop_url => self.stop_url.clone(),
            color => self.color.clone(),
            ink => self.ink,
            ..facts.own.clone()
        }
    }
}

fn greeting(letter: &Letter, language: Language) -> String {
    let (name, first) = (letter.customer.name.as_deref(), letter.customer.first_name.as_deref());
    match if language == Language::FamiliarGerman { first.or(name) } else { name.or(first) } {
        Some(name) => say(language, "mail.greeting_name", &[("name", name)]),
        None => say(language, "mail.greeting", &[]),
    }
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Black on light colours, white on dark ones (relative luminance, roughly as WCAG has it).
fn ink(color: &str) -> &'static str {
    let part = |from: usize| color.get(from..from + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let brightness = 299 * part(1) + 587 * part(3) + 114 * part(5);
    if brightness > 150_000 { "#111827" } else { "#ffffff" }
}
