//! Text as the API takes it: bounded, and free of what a database, a header or a page cannot hold.

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

pub use crate::records::email::Email;
use crate::records::spelling::latin;

/// Text of `MIN` to `MAX` characters without control characters; line breaks are allowed when the
/// text may run over several lines (`MAX` above 500).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// An id of the shop's own: 1–128 printable characters.
pub type Reference = Text<1, 128>;
/// A name or a title.
pub type Name = Text<1, 200>;
/// A reason that a person gives.
pub type Reason = Text<1, 500>;
/// A text of several lines.
pub type Prose = Text<0, 5000>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if length < MIN || length > MAX {
            return Err(format!("{MIN} to {MAX} characters are expected, {length} were given"));
        }
        let lines = MAX > 500;
        if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'))) {
            return Err("control characters are not allowed".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> std::ops::Deref for Text<MIN, MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A lower-case word of letters, digits, `-` and `_`, 1–64 characters: slugs and channel keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Checks a slug.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err("1 to 64 lower-case letters, digits, - or _ are expected".to_owned())
    }

    /// Makes a slug of a name, `café-müller` is `cafe-mueller`; `fallback` when nothing is left of it.
    pub fn of(name: &str, fallback: &str) -> String {
        let mut slug = String::new();
        for c in latin(name).chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        slug.truncate(48);
        let slug = slug.trim_end_matches('-');
        if slug.is_empty() { fallback.to_owned() } else { slug.to_owned() }
    }

    /// The word.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::ops::Deref for Slug {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A phone number in any spelling: 3 to 15 digits, blanks and `( ) / . -` between them, and before them
/// one `+` or `00` where the country is told; at most 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Checks a number.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() <= 40 && is_phone(text) {
            return Ok(Self(text.to_owned()));
        }
        Err("a phone number is expected, for example +49 30 1234567".to_owned())
    }

    /// The number as it was given.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn is_phone(text: &str) -> bool {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim_start_matches(['(', ' ']);
    let abroad = folded.strip_prefix('+');
    // In `+49 (0)170` the zero is for callers at home.
    let number = abroad.map_or_else(|| folded.to_owned(), |number| number.replacen("(0)", "", 1));
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").filter(|_| abroad.is_none()).unwrap_or(&digits);
    let fits = |c: char| c.is_ascii_digit() || " ()/.-\u{2010}\u{2013}".contains(c);
    (3..=15).contains(&digits.len()) && number.chars().all(fits)
}

impl std::ops::Deref for Phone {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A BCP 47 locale of a language and, perhaps, a region: `de`, `de-AT`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Locale(String);

/// The language of a locale: `de` of `de-AT`.
pub fn language_of(locale: &str) -> &str {
    locale.split('-').next().unwrap_or_default()
}

impl Locale {
    /// Checks a locale.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (language, region) = text.split_once('-').map_or((text, None), |(l, r)| (l, Some(r)));
        let language_fits = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
        let region_fits = region.is_none_or(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_uppercase()));
        if language_fits && region_fits {
            return Ok(Self(text.to_owned()));
        }
        Err("a locale is expected, for example de or de-AT".to_owned())
    }

    /// The locale that is nearest to how a browser, an app or a system writes it: `de_DE`, `zh-Hant-TW`,
    /// `en_US.UTF-8`, `es-419`.
    pub fn nearest(text: &str) -> Result<Self, String> {
        let bare = text.split(['.', '@']).next().unwrap_or_default();
        let mut parts = bare.split(['-', '_']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        // A single letter begins an extension.
        let mut parts = parts.take_while(|part| part.len() > 1);
        let region = parts.find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()));
        let region = region.map(|region| format!("-{}", region.to_ascii_uppercase())).unwrap_or_default();
        Self::parse(&format!("{language}{region}"))
    }

    /// The locale.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::ops::Deref for Locale {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Locale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A field whose rule is not built yet: anything but `null` is refused, so that nothing is stored
/// and then ignored.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotSupported;

/// What the parser looks for to answer 422 `not_supported` instead of `invalid_field`.
pub const NOT_SUPPORTED: &str = "not supported";

impl<'de> Deserialize<'de> for NotSupported {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer)?;
        Err(serde::de::Error::custom(NOT_SUPPORTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_has_digits_and_little_else() {
        let numbers = [
            "+49 30 1234567",
            "+49 (0)170 123-4567",
            "(+49) 170.123",
            "0049170/1234567",
            " (0170) 123 45 67 ",
            "+49\u{a0}170\u{2011}1234567",
            "０１７０ 1234567",
            "110",
            "+49 1",
            "+123456789012345",
            "0049 (0)17012345678",
        ];
        for number in numbers {
            assert_eq!(Phone::parse(number).map(Phone::into_string), Ok(number.to_owned()));
        }
        let others = [
            "",
            "abc",
            "call me",
            "++49 1",
            "+49 +30 1234",
            "30 1234 +49",
            "+49 30 CALL-ME",
            "+",
            "()-",
            "12",
            "00 49",
            "+1234567890123456",
            "030 1234567, 0170 1234567",
            "a@mail.example",
            "030\t1234567",
            "0                                        12",
        ];
        for other in others {
            let fault = Phone::parse(other).expect_err(other);
            assert_eq!(fault, "a phone number is expected, for example +49 30 1234567");
        }
    }

    #[test]
    fn the_nearest_locale_is_found() {
        let table = [
            ("de", "de"),
            ("de_DE", "de-DE"),
            ("de-de", "de-DE"),
            ("DE", "de"),
            ("es-419", "es"),
            ("zh-Hant-TW", "zh-TW"),
            ("en_US.UTF-8", "en-US"),
            ("de_AT@euro", "de-AT"),
            ("de-DE-1996", "de-DE"),
            ("en-u-ca-gregory", "en"),
            ("gsw-CH", "gsw-CH"),
            ("fr-", "fr"),
        ];
        for (text, expected) in table {
            assert_eq!(Locale::nearest(text).map(Locale::into_string), Ok(expected.to_owned()), "{text}");
        }
        for text in ["", "C", "POSIX", "deutsch", "419", "d", "*"] {
            assert!(Locale::nearest(text).is_err(), "{text}");
        }
    }
}
