//! What people read: words, benefits and dates in their language. Pure; the words themselves are in
//! `locales/`, a file for each language, embedded in the binary.

pub mod credit;
mod format;
pub mod timeline;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::records::text::language_of;

pub use format::{Worth, benefit, day, until};

/// A language that is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// German.
    German,
    /// German, as friends speak: what mails say of it, where a shop wants that.
    FamiliarGerman,
    /// English.
    English,
}

type Words = BTreeMap<String, String>;

static GERMAN: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../locales/de.json")));
static FAMILIAR_GERMAN: LazyLock<Words> = LazyLock::new(|| {
    let mut words = GERMAN.clone();
    words.extend(read(include_str!("../../locales/de-du.json")));
    words
});
static ENGLISH: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../locales/en.json")));

fn read(json: &str) -> Words {
    serde_json::from_str(json).expect("the embedded words are JSON; a test reads them")
}

impl Language {
    /// The first of these locales whose language is written out, else English.
    pub fn choose<'a>(locales: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |locale: &str| match language_of(locale) {
            "de" => Some(Language::German),
            "en" => Some(Language::English),
            _ => None,
        };
        locales.into_iter().find_map(known).unwrap_or(Language::English)
    }

    /// Its code (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Language::German | Language::FamiliarGerman => "de",
            Language::English => "en",
        }
    }

    /// The same as friends speak it, where the language has that.
    #[must_use]
    pub fn familiar(self) -> Self {
        match self {
            Language::German | Language::FamiliarGerman => Language::FamiliarGerman,
            Language::English => Language::English,
        }
    }

    fn words(self) -> &'static Words {
        match self {
            Language::German => &GERMAN,
            Language::FamiliarGerman => &FAMILIAR_GERMAN,
            Language::English => &ENGLISH,
        }
    }
}

/// The words of a key, with what stands in braces filled in; `None`: there is no such key.
pub fn find(language: Language, key: &str, values: &[(&str, &str)]) -> Option<String> {
    language.words().get(key).map(|text| fill(text, values))
}

/// The same for a key that is known to be there; the key itself when it is not.
pub fn say(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    find(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// Fills in `{name}`. What is filled in is never looked at again, so that a value cannot name
/// another one; a name without a value stays as it stands.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let known = behind.split_once('}').and_then(|(name, behind)| {
            let value = values.iter().find(|(other, _)| *other == name)?;
            Some((value.1, behind))
        });
        match known {
            Some((value, behind)) => {
                filled.push_str(value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_words_with_the_same_gaps() {
        assert!(GERMAN.keys().eq(ENGLISH.keys()));
        for (key, german) in GERMAN.iter() {
            assert_eq!(gaps(german), gaps(&ENGLISH[key]), "{key}");
        }
    }

    #[test]
    fn what_friends_are_told_has_the_same_gaps_and_is_not_formal() {
        let familiar = read(include_str!("../../locales/de-du.json"));
        let formal = ["Sie", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres", "Ihnen"];
        let is_formal = |text: &str| {
            let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.any(|word| formal.contains(&word))
        };
        for (key, text) in &familiar {
            assert_eq!(gaps(text), gaps(&GERMAN[key]), "{key}");
            let without = text.replace(": Sie wurde zurückgenommen", "");
            assert!(!is_formal(&without), "{key}: {text}");
        }
        let formal_still = FAMILIAR_GERMAN.iter().filter(|(key, text)| key.starts_with("mail.") && is_formal(text));
        let keys: Vec<&str> = formal_still.map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["mail.because.pass_withdrawn", "mail.withdrawn.review"], "these tell of the thing itself");
    }

    fn gaps(text: &str) -> Vec<&str> {
        let mut gaps: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        gaps.sort_unstable();
        gaps
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let values = [("name", "{code}"), ("code", "SECRET")];
        assert_eq!(fill("{name}, {{code}} {other} {", &values), "{code}, {SECRET} {other} {");
    }

    #[test]
    fn a_language_that_is_not_written_out_falls_back() {
        assert_eq!(Language::choose(["de-AT"]), Language::German);
        assert_eq!(Language::choose(["fr", "de"]), Language::German);
        assert_eq!(Language::choose(["fr", "pl"]), Language::English);
    }
}
