//! The languages that who asks can read.

use actix_web::HttpRequest;
use actix_web::http::header::{AcceptLanguage, Header, Preference, Quality};

/// The languages of `Accept-Language`, best first and in lower case; those that are told as unreadable
/// (`q=0`) are left out.
pub fn languages(request: &HttpRequest) -> Vec<String> {
    let Ok(mut accepted) = AcceptLanguage::parse(request) else { return Vec::new() };
    accepted.0.retain(|item| item.quality > Quality::ZERO);
    let named = accepted.ranked().into_iter().filter_map(|language| match language {
        Preference::Specific(tag) => Some(tag.as_str().to_ascii_lowercase()),
        Preference::Any => None,
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_best_comes_first() {
        let table: &[(&str, &[&str])] = &[
            ("de-DE,de;q=0.9,en;q=0.8", &["de-de", "de", "en"]),
            ("en;q=0.1, de;q=0.9", &["de", "en"]),
            ("de;q=0, en", &["en"]),
            ("*", &[]),
            ("fr, *;q=0.5, DE;q=0.7", &["fr", "de"]),
            ("", &[]),
            ("de_DE, ;;, en", &["en"]),
        ];
        for (header, expected) in table {
            let request = TestRequest::default().insert_header(("accept-language", *header)).to_http_request();
            assert_eq!(languages(&request), *expected, "{header}");
        }
        assert!(languages(&TestRequest::default().to_http_request()).is_empty());
    }
}
