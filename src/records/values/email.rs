//! An e-mail address: the one place that decides what is one. What is taken in here can be written to; what cannot
//! is no address anywhere, from the API to the mail server.

use lettre::Address;
use serde::{Deserialize, Deserializer, Serialize};

/// Bytes of the longest address (RFC 5321, less the brackets of a path).
const LENGTH: usize = 254;
/// Bytes of the longest part before the `@`.
const LOCAL_LENGTH: usize = 64;

/// An e-mail address as mail servers take it: a name without quotes, one `@`, a domain with a dot; at most 254 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Checks an address.
    pub fn parse(text: &str) -> Result<Self, String> {
        match mailbox(text) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err("an e-mail address is expected, for example anna@example.org".to_owned()),
        }
    }

    /// The address as it stands in a mail and is told to a mail server: its domain as it is in the DNS (RFC 5890).
    pub fn mailbox(&self) -> Option<Address> {
        mailbox(&self.0)
    }

    /// The address.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Quoted names and addresses of machines are within the standard, and no mail provider takes them.
fn mailbox(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    let domain = dns_name(domain)?;
    let fits = text.len() <= LENGTH && local.len() <= LOCAL_LENGTH && local.split('.').all(is_atom);
    fits.then(|| Address::new(local, domain).ok())?
}

/// A part between dots. Letters of every language are taken (RFC 6531).
fn is_atom(part: &str) -> bool {
    let fits = |c: char| match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        false => c.is_alphanumeric() || is_mark(c),
    };
    !part.is_empty() && part.chars().all(fits)
}

/// Accents and vowel signs that stand on letters.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A domain in ASCII; `None`: no host can have it. The last label of an address of a machine is a number.
fn dns_name(domain: &str) -> Option<String> {
    let name = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, top) = name.rsplit_once('.')?;
    let is_name = !top.is_empty() && !top.bytes().all(|digit| digit.is_ascii_digit());
    is_name.then_some(name)
}

impl std::ops::Deref for Email {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use lettre::Message;
    use lettre::message::Mailbox;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_can_be_written_to_is_an_address() {
        let good = [
            "anna@example.org",
            "anna.m+shop@mail.example.org",
            "o'hara@example.org",
            "a@b.co",
            "anna@bücher.example",
            "anna@XN--BCHER-KVA.example",
            "björn@example.org",
            "用户@例子.广告",
            "a_b-c@example-shop.org",
            "1@1.org",
        ];
        for text in good {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "a.".repeat(126));
        let bad = [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@localhost",
            "\"q q\"@example.org",
            "\"anna\"@example.org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@[IPv6:::1]",
            "a@b@example.org",
            "anna @example.org",
            " anna@example.org",
            "anna@exam ple.org",
            "anna..m@example.org",
            ".anna@example.org",
            "anna.@example.org",
            "anna@example..org",
            "anna@.example.org",
            "anna@example.org.",
            "anna@-example.org",
            "anna@example_shop.org",
            "Anna <anna@example.org>",
            "anna@example.org, ben@example.org",
            "anna@example.123",
            "a\u{200b}nna@example.org",
            "anna(x)@example.org",
            "anna\r\n@example.org",
            &long,
            &longer,
        ];
        for text in bad {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    fn is_taken_by_lettre(address: Address) -> bool {
        let to = Mailbox::new(Some("Anna \"A\" Kaiser, 2nd".to_owned()), address.clone());
        let mail = Message::builder().from(to.clone()).to(to).subject("x").body("x".to_owned());
        mail.is_ok_and(|mail| mail.envelope().to() == [address.clone()] && mail.envelope().from() == Some(&address))
    }

    proptest! {
        #[test]
        fn a_mail_can_be_written_to_every_address(local in "\\PC{1,12}", host in "[a-zäß0-9.-]{1,20}") {
            for text in [format!("{local}@{host}.example"), format!("{local}@example.org")] {
                if let Ok(email) = Email::parse(&text) {
                    prop_assert!(email.mailbox().is_some_and(is_taken_by_lettre), "{text:?}");
                }
            }
        }

        #[test]
        fn usual_addresses_are_taken(local in "[a-z0-9][a-z0-9._%+-]{0,10}[a-z0-9]", host in "[a-z][a-z0-9]{0,10}", top in "[a-z]{2,6}") {
            prop_assume!(!local.contains(".."));
            let text = format!("{local}@{host}.{top}");
            let email = Email::parse(&text);
            prop_assert!(email.as_ref().is_ok_and(|email| email.mailbox().is_some_and(is_taken_by_lettre)), "{text:?}");
        }
    }
}
