//! Where links may lead: to https pages of the shop's landing hosts, and nowhere else.

use url::{Host, Url};

use crate::records::Shop;
use crate::refusal::{Code, Rejection};

/// Whether it is an absolute web address without user or password: https, or http on this machine.
pub fn is_web(text: &str) -> bool {
    parse(text).is_some()
}

/// Whether it leads to one of the hosts; a host may name a port.
pub fn leads_to(text: &str, hosts: &[String]) -> bool {
    let Some(url) = parse(text) else { return false };
    let Some(host) = url.host_str() else { return false };
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    hosts.iter().any(|allowed| match &with_port {
        Some(with_port) => allowed.eq_ignore_ascii_case(with_port),
        None => allowed.eq_ignore_ascii_case(host),
    })
}

/// Refuses what leads elsewhere.
pub fn check_landing(text: &str, shop: &Shop, pointer: &str) -> Result<(), Rejection> {
    if leads_to(text, &shop.landing_hosts) {
        return Ok(());
    }
    let hosts = if shop.landing_hosts.is_empty() { "none yet".to_owned() } else { shop.landing_hosts.join(", ") };
    let detail =
        format!("Links may lead to https pages of the shop's landing_hosts ({hosts}); PATCH /v1/shop adds others.");
    Err(Rejection::at(Code::UrlNotAllowed, pointer, detail))
}

fn parse(text: &str) -> Option<Url> {
    // The parser forgives what browsers forgive; a link that needs forgiving is refused.
    if text.contains('\\') || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url));
    let plain = url.username().is_empty() && url.password().is_none();
    (secure && plain && text.contains("://")).then_some(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::decide::input::url::leads_to;

    #[test]
    fn links_lead_to_the_landing_hosts_alone() {
        let hosts = ["shop.example".to_owned(), "localhost:3000".to_owned()];
        let table = [
            ("https://shop.example/welcome?x=1#y", true),
            ("https://SHOP.example/", true),
            ("http://localhost:3000/a", true),
            ("http://shop.example/", false),
            ("https://shop.example.evil.example/", false),
            ("https://evil.example/?shop.example", false),
            ("https://shop.example@evil.example/", false),
            ("https://shop.example:8443/", false),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https:/shop.example", false),
            ("javascript:alert(1)", false),
            ("https://shop.example/a\r\nLocation: x", false),
            ("", false),
        ];
        for (link, allowed) in table {
            assert_eq!(leads_to(link, &hosts), allowed, "{link:?}");
        }
    }
}
