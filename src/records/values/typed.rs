//! What people type into forms, taken as they type it: trimmed and put in order. Of what is blank nothing is left;
//! what cannot be used says so in a way that lets whoever reads the body leave it aside and go on.
//!
//! A field is taken so by `#[serde(default, deserialize_with = "typed")]`; its type says what it can become.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization;

use crate::records::email::Email;
use crate::records::text::{Locale, Phone, Text};

/// What begins the fault of a field that may be left aside.
pub const LEFT_ASIDE: &str = "left aside: ";

/// What a text that somebody typed can become.
pub trait Typed: Sized {
    /// Reads a text that is trimmed, on one line and not empty.
    fn read(text: &str) -> Result<Self, String>;
}

impl<const MIN: usize, const MAX: usize> Typed for Text<MIN, MAX> {
    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl Typed for Email {
    /// Full-width letters are letters: no mail server knows them.
    fn read(text: &str) -> Result<Self, String> {
        Self::parse(&text.nfkc().collect::<String>())
    }
}

impl Typed for Phone {
    fn read(text: &str) -> Result<Self, String> {
        let number = text.strip_prefix("tel:").unwrap_or(text);
        let mut digits = number.chars().filter_map(|c| c.nfkc().next()).filter(char::is_ascii_digit);
        let first = digits.next();
        if first.is_some() && digits.all(|digit| Some(digit) == first) {
            return Err("this is nobody's number".to_owned());
        }
        Self::parse(number)
    }
}

impl Typed for crate::records::code::Typed {
    fn read(text: &str) -> Result<Self, String> {
        Text::<1, { crate::records::code::TYPED_CHARS }>::parse(text).map(|code| Self::new(&code))
    }
}

impl Typed for Locale {
    fn read(text: &str) -> Result<Self, String> {
        Self::nearest(text)
    }
}

/// A field that somebody typed; `null` and what is blank are as if it were left out.
pub fn typed<'de, D: Deserializer<'de>, T: Typed>(deserializer: D) -> Result<Option<T>, D::Error> {
    match Option::<Cow<'_, str>>::deserialize(deserializer)? {
        Some(text) => read(&text),
        None => Ok(None),
    }
}

/// The same where `null` clears what was known, and is not as if it were left out.
pub fn typed_or_null<'de, D: Deserializer<'de>, T: Typed>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    match Option::<Cow<'_, str>>::deserialize(deserializer)? {
        Some(text) => Ok(read(&text)?.map(Some)),
        None => Ok(Some(None)),
    }
}

fn read<T: Typed, E: Error>(text: &str) -> Result<Option<T>, E> {
    let text = tidy(text);
    if text.is_empty() {
        return Ok(None);
    }
    T::read(&text).map(Some).map_err(|fault| E::custom(format!("{LEFT_ASIDE}{fault}")))
}

/// A text on one line, its accents on its letters (NFC), without what nobody sees and without blanks around it.
pub fn tidy(text: &str) -> String {
    let visible = text.nfc().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What copying brings along: marks of direction and of width. Joiners stay, words of some languages need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken<T: Typed + std::ops::Deref<Target = str>>(text: &str) -> Result<Option<String>, String> {
        let read = read::<T, serde::de::value::Error>(text).map_err(|fault| fault.to_string());
        read.map(|read| read.map(|value| value.to_string()))
    }

    #[test]
    fn what_is_typed_is_put_in_order() {
        let good = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(taken::<Email>(" anna@example.org\t"), good("anna@example.org"));
        assert_eq!(taken::<Email>("bjo\u{308}rn@example.org"), good("björn@example.org"));
        assert_eq!(taken::<Email>("ａｎｎａ@example.org"), good("anna@example.org"));
        assert_eq!(taken::<Email>("\u{feff}anna@example.org\u{200b}"), good("anna@example.org"));
        assert_eq!(taken::<Phone>("\u{202a}+49 170 1234567\u{202c}"), good("+49 170 1234567"));
        assert_eq!(taken::<Phone>("tel:+49-170-1234567"), good("+49-170-1234567"));
        assert_eq!(taken::<Text<1, 200>>("Anna\r\n Kaiser "), good("Anna Kaiser"));
        for blank in ["", " ", "\r\n\t", "\u{a0}\u{200b}", "\u{7}"] {
            assert_eq!(taken::<Phone>(blank), Ok(None), "{blank:?}");
            assert_eq!(taken::<Email>(blank), Ok(None), "{blank:?}");
            assert_eq!(taken::<Text<1, 200>>(blank), Ok(None), "{blank:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_says_so() {
        for text in ["-", "n/a", "000000", "call me", "0170 1234567 or 030 1234567"] {
            assert!(taken::<Phone>(text).expect_err(text).starts_with(LEFT_ASIDE));
        }
        for text in ["-", "n/a", "anna", "\"q q\"@example.org", "a@[127.0.0.1]", "an na@example.org"] {
            assert!(taken::<Email>(text).expect_err(text).starts_with(LEFT_ASIDE));
        }
        assert!(taken::<Text<1, 200>>(&"a".repeat(201)).expect_err("too long").starts_with(LEFT_ASIDE));
    }

    proptest! {
        #[test]
        fn what_is_in_order_stays(text in "\\PC{0,20}[\\x00-\\x20]{0,3}\\PC{0,20}") {
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
        }
    }
}
