//! What has to stand in the DNS so that mails are taken for the shop's: SPF, DKIM and DMARC (RFC 9989), and whether it does.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::dns;
use crate::config::MailConfig;

/// A text that has to stand at a name.
pub(super) struct Wanted {
    name: String,
    value: String,
    found: Found,
}

/// What stands there.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// What should.
    Right,
    /// What should, and something to look at.
    Remark(String),
    /// Something else, or nothing.
    Wrong(String),
    /// Nobody could be asked.
    Unknown(String),
}

/// Answers what stands at a name.
type Ask<'a> = &'a dyn Fn(&str) -> Result<Vec<String>, String>;

/// Looks at what is wanted for the domains that sign.
pub(super) fn look(config: &MailConfig) -> Vec<Wanted> {
    let server: Option<SocketAddr> = config.dns.or_else(dns::of_this_machine);
    let ask = |name: &str| match server {
        Some(server) => dns::texts(server, name),
        None => Err("this machine asks no name server".to_owned()),
    };
    wanted(config, &ask)
}

fn wanted(config: &MailConfig, ask: Ask<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for key in &config.dkim {
        let (name, value) = (key.record_name(), key.record());
        wanted.push(Wanted { found: found(ask(&name), |texts| dkim(&texts, &value)), name, value });
    }
    let mut domains: Vec<&str> = config.dkim.iter().map(|key| key.domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    for domain in &domains {
        let value = format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}");
        wanted.push(Wanted {
            name: format!("_dmarc.{domain}"),
            value,
            found: found(policy(domain, ask), |texts| dmarc(&texts)),
        });
    }
    let back = config.bounce_address.as_ref().map(lettre::Address::domain);
    for domain in back.map_or(domains, |back| vec![back]) {
        let value = "v=spf1 mx -all".to_owned();
        wanted.push(Wanted { name: domain.to_owned(), value, found: found(ask(domain), |texts| spf(&texts)) });
    }
    wanted
}

fn found(texts: Result<Vec<String>, String>, judge: impl FnOnce(Vec<String>) -> Found) -> Found {
    texts.map_or_else(Found::Unknown, judge)
}

/// The policy of a domain, or of the nearest above it that has one (RFC 9989, tree walk).
fn policy(domain: &str, ask: Ask<'_>) -> Result<Vec<String>, String> {
    let mut rest = Some(domain);
    while let Some(domain) = rest.filter(|domain| domain.contains('.')) {
        let texts: Vec<String> =
            ask(&format!("_dmarc.{domain}"))?.into_iter().filter(|text| begins(text, "v=DMARC1")).collect();
        if !texts.is_empty() {
            return Ok(texts);
        }
        rest = domain.split_once('.').map(|(_, above)| above);
    }
    Ok(Vec::new())
}

fn begins(text: &str, version: &str) -> bool {
    let first = text.split([';', ' ']).next().unwrap_or_default();
    first.eq_ignore_ascii_case(version)
}

/// The other half of a key, however it is spaced.
fn dkim(texts: &[String], value: &str) -> Found {
    let half = |text: &str| tag(text, "p").map(|half| half.split_whitespace().collect::<String>());
    match texts.iter().find_map(|text| half(text)) {
        None => Found::Wrong("no key stands there".to_owned()),
        given if given == half(value) => Found::Right,
        Some(_) => Found::Wrong("another key stands there".to_owned()),
    }
}

fn dmarc(texts: &[String]) -> Found {
    let [text] = texts else {
        let fault =
            if texts.is_empty() { "no policy stands there" } else { "several policies stand there: none counts" };
        return Found::Wrong(fault.to_owned());
    };
    let is_test = tag(text, "t").is_some_and(|test| test.eq_ignore_ascii_case("y"));
    match tag(text, "p").as_deref() {
        _ if tag(text, "pct").is_some() => Found::Remark("pct means nothing any more (RFC 9989)".to_owned()),
        Some("none" | "quarantine" | "reject") if is_test => Found::Remark("t=y: it is only a test".to_owned()),
        Some("none" | "quarantine" | "reject") => Found::Right,
        _ => Found::Wrong("its p is none of none, quarantine and reject".to_owned()),
    }
}

/// Which servers send for a domain only its owner knows; that it says so can be seen.
fn spf(texts: &[String]) -> Found {
    let said: Vec<&String> = texts.iter().filter(|text| begins(text, "v=spf1")).collect();
    let [text] = said.as_slice() else {
        let fault = if said.is_empty() {
            "it does not say which servers send"
        } else {
            "several texts say which servers send: none counts"
        };
        return Found::Wrong(fault.to_owned());
    };
    match text.split_whitespace().last() {
        Some("-all" | "~all") => Found::Right,
        Some(last) if last.starts_with("redirect=") => Found::Right,
        Some("+all" | "all") => Found::Wrong("it lets everybody send".to_owned()),
        _ => Found::Remark("it does not end with -all or ~all".to_owned()),
    }
}

/// A tag of `name=value; …`.
fn tag(text: &str, name: &str) -> Option<String> {
    let tags = text.split(';').filter_map(|tag| tag.split_once('='));
    tags.map(|(known, value)| (known.trim(), value.trim()))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

impl Wanted {
    /// What is wrong, for who looks after it.
    pub(super) fn warning(&self) -> Option<String> {
        let Self { name, value, found } = self;
        match found {
            Found::Right | Found::Unknown(_) => None,
            Found::Remark(remark) => Some(format!("DNS: {name}: {remark}.")),
            Found::Wrong(fault) => Some(format!("DNS: {name}: {fault}; set TXT \"{value}\".")),
        }
    }

    /// A line that says what has to stand there.
    pub(super) fn line(&self) -> String {
        let found = match &self.found {
            Found::Right => "it does".to_owned(),
            Found::Remark(remark) => remark.clone(),
            Found::Wrong(fault) => fault.clone(),
            Found::Unknown(why) => format!("not looked up: {why}"),
        };
        format!("dns:      {} TXT \"{}\" ({found})", self.name, self.value)
    }

    pub(super) fn json(&self) -> Value {
        let (found, detail) = match &self.found {
            Found::Right => ("right", None),
            Found::Remark(remark) => ("right", Some(remark)),
            Found::Wrong(fault) => ("wrong", Some(fault)),
            Found::Unknown(why) => ("unknown", Some(why)),
        };
        json!({ "name": self.name, "type": "TXT", "value": self.value, "found": found, "detail": detail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|text| (*text).to_owned()).collect()
    }

    fn word(found: &Found) -> &'static str {
        match found {
            Found::Right => "right",
            Found::Remark(_) => "remark",
            Found::Wrong(_) => "wrong",
            Found::Unknown(_) => "unknown",
        }
    }

    #[test]
    fn a_policy_is_judged_as_receivers_do() {
        for (given, expected) in [
            (&["v=DMARC1; p=none; rua=mailto:a@shop.example"][..], "right"),
            (&["v=DMARC1;p=reject"], "right"),
            (&["v=DMARC1; p=reject; t=y"], "remark"),
            (&["v=DMARC1; p=quarantine; pct=50"], "remark"),
            (&["v=DMARC1"], "wrong"),
            (&["v=DMARC1; p=none", "v=DMARC1; p=reject"], "wrong"),
            (&[], "wrong"),
        ] {
            assert_eq!(word(&dmarc(&texts(given))), expected, "{given:?}");
        }
    }

    #[test]
    fn a_policy_is_looked_for_up_the_tree() {
        let ask = |name: &str| {
            Ok(if name == "_dmarc.shop.example" { texts(&["v=DMARC1; p=none", "other"]) } else { Vec::new() })
        };
        assert_eq!(policy("mail.news.shop.example", &ask), Ok(texts(&["v=DMARC1; p=none"])));
        assert_eq!(policy("other.example", &ask), Ok(Vec::new()));
        assert_eq!(policy("shop.example", &|_: &str| Err("no".to_owned())), Err("no".to_owned()));
    }

    #[test]
    fn a_key_is_the_same_however_it_is_written() {
        for (given, expected) in [
            (&["v=DKIM1; k=rsa; p=AB CD"][..], "right"),
            (&["p=ABCD"], "right"),
            (&["v=DKIM1; p=ABCE"], "wrong"),
            (&["v=DKIM1; p="], "wrong"),
            (&["hello"], "wrong"),
            (&[], "wrong"),
        ] {
            assert_eq!(word(&dkim(&texts(given), "v=DKIM1; k=rsa; p=ABCD")), expected, "{given:?}");
        }
    }

    #[test]
    fn who_sends_is_said_once_and_to_the_end() {
        for (given, expected) in [
            (&["v=spf1 mx -all"][..], "right"),
            (&["other", "v=spf1 include:mail.example ~all"], "right"),
            (&["v=spf1 redirect=_spf.mail.example"], "right"),
            (&["v=spf1 mx ?all"], "remark"),
            (&["v=spf1 +all"], "wrong"),
            (&["v=spf1 -all", "v=spf1 mx -all"], "wrong"),
            (&["v=spf10 -all"], "wrong"),
            (&[], "wrong"),
        ] {
            assert_eq!(word(&spf(&texts(given))), expected, "{given:?}");
        }
    }
}
