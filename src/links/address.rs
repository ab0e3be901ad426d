//! What a link's address names, whatever a messenger, a quotation or a hand left around it: a full stop,
//! brackets, quotes, a slash, the words behind it, capitals. Whether there is such a link is for others
//! to find out.

use crate::records::code;
use crate::records::text::Slug;

/// Characters of a token.
const TOKEN_CHARS: usize = 11;
/// Longest code that is looked up, bytes.
const CODE_BYTES: usize = 64;
/// What ends a code: neither stands in one, but in front of what was pasted behind it.
const BEHIND_CODE: [char; 8] = ['?', '&', '#', '<', '>', '"', '\n', '\r'];

/// A share's token.
pub type Token = [u8; TOKEN_CHARS];

/// What an address names.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    /// A share.
    Token(Token),
    /// An advocate's code.
    Code {
        /// The shop's, in lower case.
        slug: String,
        /// As it is compared.
        code: String,
    },
    /// Nothing that could be a link.
    Nothing,
}

/// Reads the path of an address: what stands behind the first word `s` or `c` of it.
pub fn read(path: &str) -> Named {
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut words = path.split('/').filter(|word| word.contains(char::is_alphanumeric));
    let kind = words.find(|word| is_kind(word));
    let found = match kind {
        Some(kind) if kind.eq_ignore_ascii_case("s") => words.next().and_then(token).map(Named::Token),
        Some(_) => words.next().zip(words.next()).and_then(|(slug, code)| of_code(slug, code)),
        None => None,
    };
    found.unwrap_or(Named::Nothing)
}

fn is_kind(word: &str) -> bool {
    ["s", "c"].iter().any(|kind| word.eq_ignore_ascii_case(kind))
}

/// The first letters and digits, when they are as many as a token has: one that was cut off is none.
fn token(word: &str) -> Option<Token> {
    let is_around = |letter: char| !letter.is_ascii_alphanumeric();
    let begun = word.trim_start_matches(is_around);
    let end = begun.find(is_around).unwrap_or(begun.len());
    begun.as_bytes()[..end].try_into().ok()
}

fn of_code(slug: &str, code: &str) -> Option<Named> {
    let is_around = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    // What could be no slug is nobody's, and not looked for: a database cannot take every text (U+0000).
    let slug = Slug::parse(&slug.trim_matches(is_around).to_ascii_lowercase()).ok()?.into_string();
    if !slug.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let code = code::plain(code.split(BEHIND_CODE).find(|part| !part.trim().is_empty())?);
    (1..=CODE_BYTES).contains(&code.len()).then_some(Named::Code { slug, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "a1B2c3D4e5F";

    #[test]
    fn a_token_is_found_whatever_is_around_it() {
        for around in [
            "/s/{}",
            "/s/{}.",
            "/s/{})",
            "/s/{}/",
            "/s/{},",
            "/s/{}!%20",
            "/s/{}%0A",
            "/s/{}%3E",
            "/s/%3C{}%3E",
            "/s/{}%E2%80%9D",
            "/s/*{}*",
            "/s/_{}_",
            "/s/(%22{}%22)",
            "/s/{}.Schau%20mal",
            "/s/{}%0Ahttps://g.example",
            "/s/{}&fbclid=1",
            "/s/{}%3Ffbclid=1",
            "/s/{}%E2%80%8B",
            "/s/{}/a/b",
            "//s/{}",
            "/s//{}",
            "/S/{}",
            "/s/./{}",
            "/https://g.example/s/{}",
            "/s/{}%ff",
            "/s/{}\u{e4}",
            "/s/{}%C3%A4",
        ] {
            let path = around.replace("{}", TOKEN);
            let expected = TOKEN.as_bytes().try_into().expect("a token");
            assert_eq!(read(&path), Named::Token(expected), "{path}");
        }
    }

    #[test]
    fn what_was_cut_off_or_grown_together_names_nothing() {
        let (short, long) = (&TOKEN[1..], format!("{TOKEN}Hallo"));
        for path in
            [format!("/s/{short}"), format!("/s/{long}"), format!("/s/{short}."), format!("/s/{short}%E2%80%A6")]
        {
            assert_eq!(read(&path), Named::Nothing, "{path}");
        }
        for path in [
            "",
            "/",
            "/s",
            "/s/",
            "/c",
            "/c/kaffee",
            "/c/kaffee/",
            "/c/kaffee/)",
            "/c/!/ANNA",
            "/c/%C3%A9-%C3%A9/ANNA",
            "/x/y",
            "/s/%00%ff",
            "/c/%00/x",
            "/c/a%00b/x",
            "/c/a%ffb/x",
            "/c/caf%C3%A9s/x",
            "/c/a%20b/x",
        ] {
            assert_eq!(read(path), Named::Nothing, "{path}");
        }
        assert_eq!(read(&format!("/c/kaffee/{}", "A".repeat(CODE_BYTES + 1))), Named::Nothing);
    }

    #[test]
    fn a_code_is_found_however_it_is_written() {
        for path in [
            "/c/kaffee-1/ANNA-7K2M",
            "/c/Kaffee-1/anna-7k2m",
            "/C/KAFFEE-1/ANNA-7K2M",
            "/c/kaffee-1/ANNA-7K2M.",
            "/c/kaffee-1/ANNA-7K2M)/",
            "/c/kaffee-1/anna%207k2m",
            "/c/kaffee-1/%22ANNA-7K2M%22",
            "/c/kaffee-1/ANNA-7K2M&utm_source=x",
            "/c/kaffee-1/ANNA-7K2M%3Fgv=1",
            "/c/kaffee-1/ANNA-7K2M%0AHallo",
            "/c/%20kaffee-1/ANNA-7K2M/hallo",
            "/c/kaffee-1//ANNA-7K2M",
        ] {
            let expected = Named::Code { slug: "kaffee-1".to_owned(), code: "ANNA7K2M".to_owned() };
            assert_eq!(read(path), expected, "{path}");
        }
    }
}
