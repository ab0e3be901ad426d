//! What a spreadsheet would take for a formula (OWASP ASVS 1.2.10), quoted so that it stays text, and
//! read back as it was.
//!
//! Nobody knows which separator a spreadsheet divides by: where `;` or a tab does, a cell begins in the
//! middle of a text. So each place where one could begin is looked at, and gets a `'` when a formula would
//! follow, whatever nobody sees stands before it. This is for CSV alone; nothing else leaves quoted so.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// A cell begins behind these, by whichever separator the text is divided.
const DIVIDES: [char; 4] = [';', '\t', '\n', '\r'];
/// A whole text that begins so is quoted, whatever follows.
const STARTS: [char; 4] = ['\t', '\r', '\n', '\0'];
/// Letters that nobody sees and that are neither blanks nor controls: marks of direction, joiners, fillers,
/// variation selectors, tags.
const UNSEEN: [RangeInclusive<char>; 16] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff9}'..='\u{fffb}',
    '\u{e0000}'..='\u{e0fff}',
];

/// The text with a `'` wherever a cell could begin with a formula.
pub fn quoted(text: &str) -> Cow<'_, str> {
    let places = places(text);
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + places.len());
    let mut written = 0;
    for place in places {
        quoted.push_str(&text[written..place]);
        quoted.push('\'');
        written = place;
    }
    quoted.push_str(&text[written..]);
    Cow::Owned(quoted)
}

/// The text of a cell, without what [`quoted`] put there. Quotes do not make what follows them less of a
/// formula, so there is one too many wherever one stands: each text is read back as it was.
pub fn unquoted(cell: &str) -> Cow<'_, str> {
    let mut places = places(cell);
    places.retain(|place| cell[*place..].starts_with('\''));
    if places.is_empty() {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut read = 0;
    for place in places {
        text.push_str(&cell[read..place]);
        read = place + 1;
    }
    text.push_str(&cell[read..]);
    Cow::Owned(text)
}

/// Where a cell could begin and a formula follows. Read from the end, so that it takes one walk.
fn places(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut follows = false;
    for (at, c) in text.char_indices().rev() {
        if follows && DIVIDES.contains(&c) {
            places.push(at + c.len_utf8());
        }
        follows = begins_formula(c) || (follows && is_passed_over(c));
    }
    if follows || text.trim_start_matches('\'').starts_with(STARTS) {
        places.push(0);
    }
    places.reverse();
    places
}

/// Full-width and small forms are what they look like.
fn begins_formula(c: char) -> bool {
    let is_sign = |c| matches!(c, '=' | '+' | '-' | '@');
    is_sign(c) || (!c.is_ascii() && (c == '\u{2212}' || std::iter::once(c).nfkc().any(is_sign)))
}

/// Quotes, blanks, and what nobody sees.
fn is_passed_over(c: char) -> bool {
    matches!(c, '\'' | '"') || c.is_whitespace() || c.is_control() || UNSEEN.iter().any(|unseen| unseen.contains(&c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quote_stands_where_a_formula_would_begin() {
        let table = [
            ("=1+1", "'=1+1"),
            ("Max;=cmd|' /C calc'!A0;x", "Max;'=cmd|' /C calc'!A0;x"),
            ("a;-1;@b;+c", "a;'-1;'@b;'+c"),
            ("a\t=b", "a\t'=b"),
            ("a\n=b\r\n@c", "a\n'=b\r'\n'@c"),
            ("\n\t=b", "'\n'\t'=b"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("﹣1", "'﹣1"),
            ("−1", "'−1"),
            ("\u{200b}=1", "'\u{200b}=1"),
            ("\u{feff}\u{202e} =1", "'\u{feff}\u{202e} =1"),
            ("\u{a0}+1", "'\u{a0}+1"),
            ("a;\u{2060}＝1", "a;'\u{2060}＝1"),
            ("a;\"\"=1", "a;'\"\"=1"),
            ("'=1", "''=1"),
            ("\t", "'\t"),
        ];
        for (text, expected) in table {
            assert_eq!(quoted(text), expected, "{text:?}");
            assert_eq!(unquoted(expected), text, "{expected:?}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "",
            "x",
            "'",
            "''",
            "'s-Hertogenbosch",
            "O'Neill",
            "a=b",
            "a;b",
            "a,=b",
            "1-2",
            "Kaffee & Kuchen",
            "\u{200b}",
        ] {
            assert_eq!(quoted(text), text, "{text:?}");
            assert_eq!(unquoted(text), text, "{text:?}");
        }
        assert_eq!(unquoted("+49 30 901820"), "+49 30 901820");
        assert_eq!(unquoted("a;-b"), "a;-b");
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_as_it_was(text in "([;=+@'\"\t\n\r\u{200b}＝ ab-]|\\PC){0,12}") {
            let quoted = quoted(&text).into_owned();
            let seen = quoted.split(DIVIDES).map(|cell| cell.trim_start_matches(|c| c != '\'' && is_passed_over(c)));
            let formulas: Vec<&str> = seen.filter(|cell| cell.starts_with(begins_formula)).collect();
            prop_assert!(formulas.is_empty(), "{:?}", formulas);
            prop_assert_eq!(unquoted(&quoted), text);
        }
    }
}
