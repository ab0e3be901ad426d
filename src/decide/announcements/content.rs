//! What an announcement may say: in the shop's languages, and where people must be told, nothing that sells or watches.

use std::collections::BTreeSet;

use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::records::announcement::Words;
use crate::records::text::{Locale, language_of};
use crate::records::{Announcement, Shop};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Words that may be codes, and are looked up.
const LOOKED_UP: usize = 500;
/// Parameters by which others follow who opened a link.
const TRACKERS: &[&str] = &[
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "igshid",
    "mc_cid",
    "mc_eid",
    "yclid",
];

/// Looks at what it says.
pub fn check(draft: &Draft<'_>, announcement: &Announcement) -> Result<(), Stop> {
    check_locales(draft, announcement.content.keys(), "/content")?;
    if !announcement.kind.is_urgent() {
        return Ok(());
    }
    for (locale, words) in &announcement.content.0 {
        for (field, text) in [("subject", &*words.subject), ("text", &*words.text)] {
            if let Some(link) = tracked_link(draft, text) {
                let detail = format!("{link} says who opened it; in a {} only plain links stand.", announcement.kind);
                return Err(Rejection::at(Code::NoAdvertising, format!("/content/{locale}/{field}"), detail).into());
            }
        }
    }
    let codes: Vec<_> = announcement.content.iter().map(|(locale, words)| (locale, code_in(draft, words))).collect();
    for (locale, code) in codes {
        if let Some(code) = code? {
            let detail = format!("{code} is a code of this shop; a {} offers nothing.", announcement.kind);
            return Err(Rejection::at(Code::NoAdvertising, format!("/content/{locale}"), detail).into());
        }
    }
    Ok(())
}

/// Each locale must be the shop's, or the language of one; and what people read whose language is missing must be there.
pub fn check_locales<'l>(
    draft: &Draft<'_>,
    given: impl Iterator<Item = &'l String>,
    pointer: &str,
) -> Result<(), Rejection> {
    let (all, mut has_first) = (draft.shop.locales.join(", "), false);
    for locale in given {
        let is_one = |own: &String| own == locale || language_of(own) == *locale;
        if Locale::parse(locale).is_err() || !draft.shop.locales.iter().any(is_one) {
            let detail = format!("one of the shop's locales is expected, or their languages: {all}");
            return Err(Rejection::field(format!("{pointer}/{locale}"), detail));
        }
        has_first |= language_of(locale) == language_of(draft.shop.locale());
    }
    if has_first {
        return Ok(());
    }
    let detail = format!(
        "the shop's first locale, {}, is expected: whoever reads none of the others gets it",
        draft.shop.locale()
    );
    Err(Rejection::field(pointer, detail))
}

/// A link of ours, or one that tells others who follows it.
fn tracked_link<'t>(draft: &Draft<'_>, text: &'t str) -> Option<&'t str> {
    let hosts: Vec<String> = [Some(draft.installation.public_url.as_str()), draft.shop.link_base_url.as_deref()]
        .into_iter()
        .flatten()
        .filter_map(|base| Some(base.split_once("://")?.1.trim_end_matches('/').to_lowercase()))
        .collect();
    words(text).find(|word| {
        let lower = word.to_lowercase();
        let is_ours = hosts.iter().any(|host| ["s", "c"].iter().any(|kind| lower.contains(&format!("{host}/{kind}/"))));
        is_ours || has_tracker(&draft.shop, word)
    })
}

fn has_tracker(shop: &Shop, word: &str) -> bool {
    let Some((_, query)) = word.split_once('?') else { return false };
    let query = query.split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| {
        let name = name.to_lowercase();
        name.starts_with("utm_") || TRACKERS.contains(&name.as_str()) || shop.mark_parameters().any(|mark| mark == name)
    })
}

/// A voucher's or an advocate's code. What may be one has a digit or a hyphen, or is written in capitals alone: one in a
/// hundred of those that we draw has no digit, and people write them as they like.
fn code_in(draft: &Draft<'_>, said: &Words) -> Result<Option<String>, Stop> {
    let is_code = |word: &&str| {
        let letters = || word.chars().filter(char::is_ascii_alphabetic);
        let fits = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && (4..=64).contains(&word.len());
        let is_loud = letters().count() >= 4 && letters().all(|c| c.is_ascii_uppercase());
        fits && (is_loud || word.contains(|c: char| c.is_ascii_digit() || c == '-'))
    };
    let both = [&*said.subject, &*said.text];
    let may_be: BTreeSet<&str> = both.into_iter().flat_map(words).filter(is_code).take(LOOKED_UP).collect();
    let found: Vec<_> = may_be
        .into_iter()
        .map(|word| (word, typed_code::voucher(draft, word), typed_code::advocate(draft, word)))
        .collect();
    for (word, voucher, advocate) in found {
        if voucher?.is_some() || advocate?.is_some() {
            return Ok(Some(word.to_owned()));
        }
    }
    Ok(None)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let divides = |c: char| c.is_whitespace() || "()<>[]{}\"'„“”»«,;".contains(c);
    text.split(divides).map(|word| word.trim_matches(['.', ':', '!', '?', '*', '_'])).filter(|word| !word.is_empty())
}
