//! How what people write is compared, and how it is written with the letters A to Z.
//!
//! Here is the one place where case, forms of letters and other alphabets are put aside. What was given
//! is kept and shown as it was given.

use strsim::damerau_levenshtein;
use unicode_normalization::UnicodeNormalization;

/// NFKC and lower case, letter by letter, so that a final sigma is a sigma. Idempotent.
pub fn caseless(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let once = |text: &str| -> String { text.nfkc().flat_map(char::to_lowercase).nfkc().collect() };
    once(&once(text)).replace('ς', "σ")
}

/// A product or a category as it is compared: trimmed, and without case.
pub fn product(text: &str) -> String {
    caseless(text).trim().to_owned()
}

/// A text with its letters and digits as one types them from A to Z and 0 to 9: `María` is `Maria`, `Þór` is
/// `Thor`, `Юлия` is `Yuliya`, `Jörg` is `Joerg`. What is no letter stays, and so does a Chinese character, which is read
/// otherwise in each language that uses it.
pub fn latin(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut typed = String::with_capacity(text.len());
    for letter in text.nfkc() {
        match letter {
            // Among passports and in German these two letters stand for one; it is how such names are typed.
            'ä' => typed.push_str("ae"),
            'ö' => typed.push_str("oe"),
            'ü' => typed.push_str("ue"),
            'Ä' => typed.push_str("AE"),
            'Ö' => typed.push_str("OE"),
            'Ü' => typed.push_str("UE"),
            // A soft sign is an apostrophe there, and no letter.
            letter if letter.is_alphanumeric() && !is_chinese(letter) => {
                typed.extend(any_ascii::any_ascii_char(letter).chars().filter(char::is_ascii_alphanumeric));
            }
            letter if unicode_normalization::char::is_combining_mark(letter) => {}
            other => typed.push(other),
        }
    }
    typed
}

/// The blocks of CJK ideographs, with their extensions and compatibility forms.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The one of these names that somebody meant who wrote another: the nearest, as long as a third of it at most is
/// different.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known.into_iter().map(|known| (damerau_levenshtein(name, known), known));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= nearest.chars().count().div_ceil(3)).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_letter_of_a_name_is_lost() {
        let table = [
            ("María", "Maria"),
            ("Mari\u{301}a", "Maria"),
            ("Łukasz", "Lukasz"),
            ("Şule", "Sule"),
            ("Þór", "Thor"),
            ("Søren", "Soren"),
            ("Nguyễn", "Nguyen"),
            ("Đặng", "Dang"),
            ("Dvořák", "Dvorak"),
            ("Renée", "Renee"),
            ("Jörg", "Joerg"),
            ("Jo\u{308}rg", "Joerg"),
            ("Groß", "Gross"),
            ("ÜBER", "UEBER"),
            ("İpek", "Ipek"),
            ("Ilgın", "Ilgin"),
            ("Œuvre", "Oeuvre"),
            ("Əliyev", "Eliyev"),
            ("Юлия", "Yuliya"),
            ("Щукин", "Shchukin"),
            ("Игорь", "Igor"),
            ("Χρήστος", "Christos"),
            ("Հայկ", "Hayk"),
            ("さくら", "sakura"),
            ("김", "Gim"),
            ("Ａｎｎａ", "Anna"),
            ("Anna", "Anna"),
            ("٧۳५", "735"),
            ("李", "李"),
            ("Zoë-2 ☕", "Zoe-2 ☕"),
        ];
        for (given, expected) in table {
            assert_eq!(latin(given), expected, "{given}");
        }
    }

    #[test]
    fn a_category_is_the_same_in_any_case() {
        for same in ["books", "Books", " BOOKS ", "\u{a0}Ｂooks\t"] {
            assert_eq!(product(same), "books", "{same:?}");
        }
        assert_eq!(product("BÜCHER"), product("Bu\u{308}cher "));
        assert_ne!(product("book"), product("books"));
    }

    proptest! {
        #[test]
        fn letters_of_ascii_are_compared_as_all_others(text in "[ -~]{0,40}") {
            let long: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
            prop_assert_eq!(caseless(&text), long);
        }

        #[test]
        fn what_was_compared_before_is_compared_as_itself(text in "\\PC{0,20}") {
            let (once, typed) = (product(&text), latin(&text));
            prop_assert_eq!(product(&once), once);
            prop_assert_eq!(latin(&typed), typed);
        }
    }
}
