//! Signatures of mails (DKIM, RFC 6376; Ed25519, RFC 8463), so that receivers know that a mail is the shop's and as it was.
//! Relaxed, so that blanks which servers change on the way break nothing.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::DkimKey;
use crate::records::Timestamp;

/// What is signed once more than it is there, so that nobody adds another one.
const SEALED: [&str; 10] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];
/// What is signed where it is there.
const SIGNED: [&str; 3] = ["auto-submitted", "list-unsubscribe", "list-unsubscribe-post"];
/// Characters of a line of a signature.
const LINE: usize = 72;

/// The mail with a signature by each key that signs for the domain that it comes from.
pub(super) fn sign(mail: Vec<u8>, domain: &str, keys: &[DkimKey], now: Timestamp) -> Vec<u8> {
    let signatures: Vec<String> =
        keys.iter().filter(|key| key.signs_for(domain)).filter_map(|key| signature(&mail, key, now)).collect();
    match signatures.is_empty() {
        true => mail,
        false => [signatures.concat().into_bytes(), mail].concat(),
    }
}

/// The header with the signature.
fn signature(mail: &[u8], key: &DkimKey, now: Timestamp) -> Option<String> {
    let text = std::str::from_utf8(mail).ok()?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let headers = headers(head);
    let signed = signed(&headers);
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, relaxed_body(body).as_bytes()));
    let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    let unsigned = format!(
        "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n\ts={}; t={};\r\n\th={};\r\n\tbh={hash};\r\n\tb=",
        key.algorithm(),
        key.domain,
        key.selector,
        now.ms().div_euclid(1000),
        names.join(":"),
    );
    let mut covered: String =
        signed.iter().filter_map(|(name, value)| Some(format!("{name}:{}\r\n", (*value)?))).collect();
    let own = unsigned.split_once(':').map(|(_, value)| relaxed_value(value))?;
    covered.push_str(&format!("dkim-signature:{own}"));
    let signature = STANDARD.encode(key.sign(covered.as_bytes())?);
    let lines: Vec<&str> =
        signature.as_bytes().chunks(LINE).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Some(format!("{unsigned}{}\r\n", lines.join("\r\n\t ")))
}

/// Names in small letters, and values as they are compared; in the order of the mail.
fn headers(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match (line.starts_with([' ', '\t']), headers.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => value.push_str(line),
            (_, _, Some((name, value))) => headers.push((name.trim_end().to_ascii_lowercase(), value.to_owned())),
            _ => {}
        }
    }
    headers.into_iter().map(|(name, value)| (name, relaxed_value(&value))).collect()
}

/// What the signature names, and what it covers of it: of several the last comes first.
fn signed(headers: &[(String, String)]) -> Vec<(&'static str, Option<&str>)> {
    let of = |name: &'static str| {
        headers.iter().rev().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    };
    let sealed = SEALED.into_iter().flat_map(|name| of(name).map(Some).chain([None]).map(move |value| (name, value)));
    let others = SIGNED.into_iter().flat_map(|name| of(name).map(move |value| (name, Some(value))));
    sealed.chain(others).collect()
}

/// A value on one line, with single blanks (RFC 6376, 3.4.2).
fn relaxed_value(value: &str) -> String {
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A body with single blanks, none at the end of a line, and no empty lines at its end (RFC 6376, 3.4.4).
fn relaxed_body(body: &str) -> String {
    let mut relaxed = String::with_capacity(body.len());
    let mut empty = 0;
    for line in body.split("\r\n") {
        let line = relaxed_line(line);
        match line.is_empty() {
            true => empty += 1,
            false => {
                relaxed.push_str(&"\r\n".repeat(std::mem::take(&mut empty)));
                relaxed.push_str(&line);
                relaxed.push_str("\r\n");
            }
        }
    }
    relaxed
}

/// Blanks at its beginning stay, as one.
fn relaxed_line(line: &str) -> String {
    let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    let joined = words.join(" ");
    match line.starts_with([' ', '\t']) && !joined.is_empty() {
        true => format!(" {joined}"),
        false => joined,
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::Ed25519KeyPair;

    use super::*;

    const MAIL: &str = "From: a@shop.example\r\nTo: b@example.org\r\nSubject: x\r\n y\r\n\r\nhello\r\n";

    fn key(domain: &str) -> DkimKey {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
        DkimKey::new("gv1", domain, &pem).expect("a key")
    }

    /// The examples of RFC 6376, 3.4.5.
    #[test]
    fn blanks_are_told_alike() {
        let headers = headers("A: X\r\nB : Y\t\r\n\tZ  ");
        assert_eq!(headers, [("a".to_owned(), "X".to_owned()), ("b".to_owned(), "Y Z".to_owned())]);
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        for (body, relaxed) in
            [("", ""), ("\r\n\r\n", ""), ("a", "a\r\n"), ("a\r\n\r\nb", "a\r\n\r\nb\r\n"), (" \t\r\n", "")]
        {
            assert_eq!(relaxed_body(body), relaxed, "{body:?}");
        }
    }

    #[test]
    fn each_key_of_the_domain_signs() {
        let keys = [key("shop.example"), key("shop.example"), key("other.example")];
        let mail =
            String::from_utf8(sign(MAIL.into(), "mail.shop.example", &keys, Timestamp::from_ms(5_000))).expect("text");
        assert!(mail.ends_with(MAIL));
        assert_eq!(
            mail.matches("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=shop.example;").count(),
            2
        );
        assert!(mail.contains("\ts=gv1; t=5;\r\n\th=from:from:to:to:cc:subject:subject:"), "{mail}");
        assert_eq!(sign(MAIL.into(), "elsewhere.example", &keys, Timestamp::default()), MAIL.as_bytes());
    }

    #[test]
    fn of_several_the_last_is_signed_first() {
        let headers = headers("To: one\r\nTo: two\r\nX: y");
        let covered: Vec<_> = signed(&headers).into_iter().filter(|(name, _)| *name == "to").collect();
        assert_eq!(covered, [("to", Some("two")), ("to", Some("one")), ("to", None)]);
    }
}
