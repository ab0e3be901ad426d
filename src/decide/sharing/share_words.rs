//! The words that a share is sent with, in the language asked for, and the address that opens its
//! channel with them.
//!
//! The default texts say that a reward is paid, as German law wants it (§ 5a (4) UWG). Words with
//! no link in them get it on a line of its own, for a share without its link is none.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::records::channel::ChannelSpec;
use crate::records::money::Currency;
use crate::records::program::{Content, RewardOn, RewardRule, Side};
use crate::records::text::language_of;
use crate::records::trial::is_held_out;
use crate::records::{Program, Share, Shop};
use crate::views::share::{Face, PreviewWords};
use crate::wording::{self, Language, Worth};

/// What stays as it is in an address (RFC 3986, 2.3).
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What the placeholders stand for.
pub struct Facts<'a> {
    /// The share's link.
    pub link: &'a str,
    /// The advocate's code; empty when she has none.
    pub code: &'a str,
    /// Her first name; empty when it is not known.
    pub first_name: &'a str,
    /// What the shop calls itself.
    pub shop_name: &'a str,
    /// The shop's currency.
    pub currency: Currency,
    /// The language of the words.
    pub locale: &'a str,
    /// The shop's default language.
    pub shop_locale: &'a str,
    /// Whether the advocate is kept without an offer. The program's own words may promise one, so none of them are
    /// used: the usual ones stand in their place, without a reward.
    pub is_held_out: bool,
}

/// What a share in this channel is sent with.
pub fn face(program: &Program, channel: &ChannelSpec, facts: &Facts<'_>) -> Face {
    let content = own_words(program, facts);
    let own = content.and_then(|content| content.texts.get(&*channel.key).or(content.text.as_ref()));
    let template = own.map_or_else(|| default_text(program, facts), |text| text.to_string());
    let subject = content.and_then(|content| content.subject.as_deref().or(content.title.as_deref()));
    let subject = subject.map_or_else(|| default_subject(facts), str::to_owned);
    let values = Values::new(program, facts);
    let text = with_link(&values.fill(&template, facts.link), facts.link);
    let without_link = values.fill(&template, "").trim().to_owned();
    let subject = values.fill(&subject, "").trim().to_owned();
    let opens = |template: &Option<Cow<'static, str>>| {
        template.as_deref().map(|template| open(template, facts.link, &without_link, &text, &subject))
    };
    Face {
        url: facts.link.to_owned(),
        mobile: opens(&channel.send_url.mobile),
        desktop: opens(&channel.send_url.desktop),
        text,
        subject,
    }
}

/// What a program is told with to an advocate.
pub struct Pitch {
    /// Its title.
    pub title: Option<String>,
    /// What the advocate gets.
    pub advocate_reward: Option<String>,
    /// What the friend gets.
    pub friend_reward: Option<String>,
    /// Conditions beside the benefit.
    pub conditions: Option<String>,
    /// The terms.
    pub terms_url: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
}

/// What an advocate is told of a program.
pub fn pitch(program: &Program, facts: &Facts<'_>) -> Pitch {
    let content = own_words(program, facts);
    let values = Values::new(program, facts);
    let filled = |text: Option<&str>| text.map(|text| values.fill(text, facts.link).trim().to_owned());
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Pitch {
        title: filled(content.and_then(|content| content.title.as_deref())),
        advocate_reward: said(&values.advocate_reward),
        friend_reward: said(&values.friend_reward),
        conditions: filled(content.and_then(|content| content.conditions.as_deref())),
        terms_url: content.and_then(|content| content.terms_url.as_deref()).map(str::to_owned),
        image_url: content.and_then(|content| content.image_url.as_deref()).map(str::to_owned),
    }
}

/// What a preview of the link shows. It names nobody: whoever holds the link sees it.
pub fn preview(program: &Program, share: &Share, shop: &Shop, link: String) -> PreviewWords {
    let shop_name = shop.brand.name.as_deref().unwrap_or(&shop.name);
    let facts = Facts {
        link: &link,
        code: "",
        first_name: "",
        shop_name,
        currency: shop.currency,
        locale: &share.locale,
        shop_locale: shop.locale(),
        is_held_out: is_held_out(share.arm),
    };
    let content = own_words(program, &facts);
    let own = share.preview.as_ref();
    let values = Values::new(program, &facts);
    let title = own.and_then(|own| own.title.as_deref()).map(str::to_owned);
    let title =
        title.or_else(|| content.and_then(|content| content.title.as_deref()).map(|title| values.fill(title, "")));
    let description = own.and_then(|own| own.description.as_deref()).map(str::to_owned);
    let by_default = |key| values.fill(&wording::say(language(&facts), key, &[]), "");
    let described = if values.friend_reward.is_empty() { "link.description" } else { "link.description_friend" };
    let image_url = own.and_then(|own| own.image_url.as_deref());
    let image_url = image_url.or_else(|| content.and_then(|content| content.image_url.as_deref()));
    PreviewWords {
        title: title.unwrap_or_else(|| by_default("link.title")),
        description: description.unwrap_or_else(|| by_default(described)),
        image_url: image_url.map(str::to_owned),
        shop_name: shop_name.to_owned(),
        locale: share.locale.clone(),
        url: link,
    }
}

fn own_words<'p>(program: &'p Program, facts: &Facts<'_>) -> Option<&'p Content> {
    content_for(&program.content, facts.locale, facts.shop_locale).filter(|_| !facts.is_held_out)
}

/// The words in a language, else in its mother tongue (`de` for `de-AT`), else in the shop's.
pub fn content_for<'a>(content: &'a BTreeMap<String, Content>, locale: &str, shop_locale: &str) -> Option<&'a Content> {
    [locale, language_of(locale), shop_locale].into_iter().find_map(|locale| content.get(locale))
}

/// Whether the words of a channel name the advocate's code.
pub fn names_code(program: &Program, channel: &str) -> bool {
    program.content.values().any(|content| {
        let text = content.texts.get(channel).or(content.text.as_ref());
        text.is_some_and(|text| text.contains("{code}"))
    })
}

fn with_link(text: &str, link: &str) -> String {
    let text = text.trim();
    if text.contains(link) { text.to_owned() } else { format!("{text}\n{link}").trim().to_owned() }
}

fn default_text(program: &Program, facts: &Facts<'_>) -> String {
    let friend = program.rules.rewards.iter().any(|rule| rule.to == Side::Friend);
    let key = match friend {
        _ if facts.is_held_out => "share.text_plain",
        true => "share.text_friend",
        false => "share.text",
    };
    wording::say(language(facts), key, &[])
}

fn default_subject(facts: &Facts<'_>) -> String {
    wording::say(language(facts), "share.subject", &[])
}

fn language(facts: &Facts<'_>) -> Language {
    Language::choose([facts.locale, facts.shop_locale])
}

/// What the placeholders stand for, in words.
struct Values<'f> {
    facts: &'f Facts<'f>,
    advocate_reward: String,
    friend_reward: String,
}

impl<'f> Values<'f> {
    fn new(program: &Program, facts: &'f Facts<'f>) -> Self {
        let (advocate_reward, friend_reward) =
            (rewards(program, Side::Advocate, facts), rewards(program, Side::Friend, facts));
        Self { facts, advocate_reward, friend_reward }
    }

    fn fill(&self, template: &str, link: &str) -> String {
        wording::fill(
            template,
            &[
                ("link", link),
                ("code", self.facts.code),
                ("first_name", self.facts.first_name),
                ("shop", self.facts.shop_name),
                ("advocate_reward", &self.advocate_reward),
                ("friend_reward", &self.friend_reward),
            ],
        )
    }
}

/// What a side gets: `10,00 € Rabatt und kostenloser Versand`.
fn rewards(program: &Program, side: Side, facts: &Facts<'_>) -> String {
    let language = language(facts);
    let is_for_one = |rule: &&RewardRule| rule.to == side && rule.on != RewardOn::Milestone && !facts.is_held_out;
    let rules = program.rules.rewards.iter().filter(is_for_one);
    let words = rules.map(|rule| wording::benefit(&Worth::from(&rule.benefit), facts.currency, language));
    let both = |one: String, other: String| wording::say(language, "share.and", &[("one", &one), ("other", &other)]);
    words.reduce(both).unwrap_or_default()
}

/// The address that opens a channel. In a mail a line ends with CR LF (RFC 6068, 5).
fn open(template: &str, url: &str, text: &str, message: &str, subject: &str) -> String {
    let line_end = if template.starts_with("mailto:") { "\r\n" } else { "\n" };
    let encode = |value: &str| {
        let value = value.replace("\r\n", "\n").replace('\n', line_end);
        utf8_percent_encode(&value, KEPT).to_string()
    };
    let (url, text, message, subject) = (encode(url), encode(text), encode(message), encode(subject));
    wording::fill(template, &[("url", &url), ("text", &text), ("message", &message), ("subject", &subject)])
}

#[cfg(test)]
#[path = "share_words_tests.rs"]
mod tests;
