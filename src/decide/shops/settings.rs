//! What a shop's settings may be. Each check answers the value as it is stored.

use url::{Host, Url};

use crate::decide::input::own_name;
use crate::decide::input::products::at_most;
use crate::decide::input::url::is_web;
use crate::records::text::{Email, Locale, Slug};
use crate::refusal::{Code, Rejection};

/// Languages of one shop.
const LOCALES: usize = 30;
/// Landing hosts of one shop.
const HOSTS: usize = 100;
/// Browser origins of one shop.
const ORIGINS: usize = 20;
/// Parameters that carry the mark.
const MARKS: usize = 5;
/// Pages whose address people type, of one shop.
const TYPED_PAGES: usize = 100;
/// Placements of one shop.
const PLACEMENTS: usize = 100;
/// Test recipients of one shop.
const RECIPIENTS: usize = 20;

/// An IANA time zone.
pub fn time_zone(name: &str, pointer: &str) -> Result<String, Rejection> {
    let zone: Result<chrono_tz::Tz, _> = name.parse();
    let fault = |_| Rejection::field(pointer, "an IANA time zone is expected, for example Europe/Berlin");
    zone.map(|zone| zone.name().to_owned()).map_err(fault)
}

/// One or more languages, each once.
pub fn locales(locales: &[Locale], pointer: &str) -> Result<Vec<String>, Rejection> {
    let mut kept: Vec<String> = Vec::with_capacity(locales.len());
    for locale in locales {
        if !kept.iter().any(|other| **other == **locale) {
            kept.push(locale.to_string());
        }
    }
    if kept.is_empty() || kept.len() > LOCALES {
        return Err(Rejection::field(
            pointer,
            format!("1 to {LOCALES} locales are expected; the first is the default"),
        ));
    }
    Ok(kept)
}

/// Hosts as links are compared with them: lower case, in ASCII, with a port where it is not 443.
pub fn hosts<T: std::ops::Deref<Target = str>>(hosts: &[T], pointer: &str) -> Result<Vec<String>, Rejection> {
    at_most(hosts.len(), HOSTS, pointer)?;
    let mut kept: Vec<String> = Vec::with_capacity(hosts.len());
    for (index, text) in hosts.iter().enumerate() {
        let host = host(text).ok_or_else(|| {
            let detail = "a host is expected, without https:// and path, for example shop.example";
            Rejection::field(format!("{pointer}/{index}"), detail)
        })?;
        if !kept.contains(&host) {
            kept.push(host);
        }
    }
    Ok(kept)
}

fn host(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || "/\\?#@*%".contains(c)) {
        return None;
    }
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    let named = match url.host()? {
        Host::Domain(name) => name == "localhost" || (name.contains('.') && !name.starts_with('.')),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    let host = url.host_str().filter(|_| named)?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Names of parameters that carry the mark, each once. What analytics reads is set by us, too, and is none of them.
pub fn mark_parameters<T: std::ops::Deref<Target = str>>(names: &[T], pointer: &str) -> Result<Vec<String>, Rejection> {
    if !(1..=MARKS).contains(&names.len()) {
        return Err(Rejection::field(pointer, format!("1 to {MARKS} names are expected; gv is the usual one")));
    }
    let mut kept: Vec<String> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !is_name || name.to_ascii_lowercase().starts_with("utm_") {
            let detail = "a parameter's name of letters, digits, _ and - is expected, that begins with a letter and not \
                          with utm_, for example campaignCode";
            return Err(Rejection::field(format!("{pointer}/{index}"), detail));
        }
        if !kept.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            kept.push(name.to_string());
        }
    }
    Ok(kept)
}

/// Paths of pages whose address people type, each once; one that ends with `*` stands for all that begin so.
pub fn typed_pages<T: std::ops::Deref<Target = str>>(pages: &[T], pointer: &str) -> Result<Vec<String>, Rejection> {
    at_most(pages.len(), TYPED_PAGES, pointer)?;
    let mut kept: Vec<String> = Vec::with_capacity(pages.len());
    for (index, page) in pages.iter().enumerate() {
        let stem = page.strip_suffix('*').unwrap_or(page);
        if !page.starts_with('/') || stem.contains(['*', '?', '#']) || page.chars().any(char::is_whitespace) {
            let detail = "a path is expected that begins with /, without ? and #; a * may stand at its end";
            return Err(Rejection::field(format!("{pointer}/{index}"), detail));
        }
        if !kept.iter().any(|other| **other == **page) {
            kept.push(page.to_string());
        }
    }
    Ok(kept)
}

/// Placements by which reports tell shares apart, each once.
pub fn placements(keys: &[Slug], pointer: &str) -> Result<Vec<String>, Rejection> {
    at_most(keys.len(), PLACEMENTS, pointer)?;
    let mut kept: Vec<String> = Vec::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        own_name::check_word(key, &format!("{pointer}/{index}"))?;
        if !kept.iter().any(|other| **other == **key) {
            kept.push(key.to_string());
        }
    }
    Ok(kept)
}

/// An address on the web.
pub fn web(link: &str, pointer: &str) -> Result<String, Rejection> {
    if is_web(link) {
        return Ok(link.to_owned());
    }
    Err(Rejection::at(Code::UrlNotAllowed, pointer, "An absolute https URL is expected, without user and password."))
}

/// Where links begin: an address on the web without query, and without a slash at the end.
pub fn base(link: &str, pointer: &str) -> Result<String, Rejection> {
    let link = web(link, pointer)?;
    if link.contains(['?', '#']) {
        return Err(Rejection::at(Code::UrlNotAllowed, pointer, "Links begin here: leave out ? and #."));
    }
    Ok(link.trim_end_matches('/').to_owned())
}

/// Origins as browsers write them (RFC 6454).
pub fn origins<T: std::ops::Deref<Target = str>>(origins: &[T], pointer: &str) -> Result<Vec<String>, Rejection> {
    at_most(origins.len(), ORIGINS, pointer)?;
    let read = |(index, text): (usize, &T)| {
        let origin = Url::parse(text)
            .ok()
            .filter(|_| is_web(text) && !text.contains('*'))
            .map(|url| url.origin().ascii_serialization());
        origin.filter(|origin| text.trim_end_matches('/').eq_ignore_ascii_case(origin)).ok_or_else(|| {
            Rejection::field(format!("{pointer}/{index}"), "an origin is expected, for example https://shop.example")
        })
    };
    origins.iter().enumerate().map(read).collect()
}

/// A colour.
pub fn color(color: &str, pointer: &str) -> Result<(), Rejection> {
    let digits = color.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Rejection::field(pointer, "a colour as #rrggbb is expected"))
}

/// Addresses, each once.
pub fn recipients(addresses: &[Email], pointer: &str) -> Result<Vec<String>, Rejection> {
    at_most(addresses.len(), RECIPIENTS, pointer)?;
    let mut kept: Vec<String> = addresses.iter().map(|address| address.to_string()).collect();
    kept.sort_unstable();
    kept.dedup();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_nothing_more() {
        let table = [
            ("shop.example", Some("shop.example")),
            ("SHOP.example", Some("shop.example")),
            ("shop.example:8443", Some("shop.example:8443")),
            ("shop.example:443", Some("shop.example")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("localhost:3000", Some("localhost:3000")),
            ("127.0.0.1:3000", Some("127.0.0.1:3000")),
            ("[::1]:3000", Some("[::1]:3000")),
            ("https://shop.example", None),
            ("shop.example/path", None),
            ("user@shop.example", None),
            ("*.example", None),
            ("example", None),
            ("shop .example", None),
            ("shop.example:99999", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(host(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn origins_have_no_path() {
        let table = [
            ("https://shop.example", true),
            ("https://shop.example/", true),
            ("http://localhost:3000", true),
            ("https://shop.example/path", false),
            ("https://*.example", false),
            ("http://shop.example", false),
            ("null", false),
            ("*", false),
        ];
        for (text, fits) in table {
            assert_eq!(origins(&[text], "/browser_origins").is_ok(), fits, "{text:?}");
        }
    }

    #[test]
    fn links_begin_without_a_slash_at_the_end() {
        assert_eq!(base("https://go.shop.example/", "/x").ok().as_deref(), Some("https://go.shop.example"));
        for bad in ["https://shop.example?x=1", "ftp://shop.example", "https://u:p@shop.example", "shop.example"] {
            assert!(base(bad, "/x").is_err(), "{bad}");
        }
    }

    #[test]
    fn zones_and_colours_are_real() {
        assert!(time_zone("Europe/Berlin", "/x").is_ok());
        assert!(time_zone("Europe/Atlantis", "/x").is_err());
        assert!(color("#12aBcd", "/x").is_ok());
        for bad in ["12aBcd", "#12aBc", "#12aBcg", "#+2aBcd"] {
            assert!(color(bad, "/x").is_err(), "{bad}");
        }
    }
}
