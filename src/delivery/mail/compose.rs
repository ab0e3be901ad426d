//! Makes a mail of a message and of what it speaks of. Pure: the same letter at the same instant
//! gives the same bytes.
//!
//! Headers are written by lettre from single lines.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use minijinja::context;

use super::compose_error::ComposeError;
use super::content::Content;
use super::letter::Letter;
use super::templates::{Part, Sources, render, render_source};
use crate::records::Timestamp;
use crate::records::text::Email;
use crate::vault::Vault;

/// A mail's parts, as they are read.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Makes the mail. `now` becomes its date. Where a template of the shop's own breaks, ours stands in for all of it.
pub fn compose(letter: &Letter, vault: &Vault, now: Timestamp) -> Result<Message, ComposeError> {
    let content = Content::of(letter, vault)?;
    let own = letter.own.as_ref().map(|own| write(letter, &content, Some(own)));
    let written = match own {
        Some(Ok(written)) => written,
        Some(Err((part, error))) => {
            let Letter { message, .. } = letter;
            tracing::warn!(%error, shop = %message.shop, kind = %message.kind, part = part.word(), "a shop's own template breaks; ours is sent");
            write(letter, &content, None).map_err(|(_, error)| broken(error))?
        }
        None => write(letter, &content, None).map_err(|(_, error)| broken(error))?,
    };
    assemble(letter, &content, written, now)
}

/// Writes each part by its template: one of the shop's own, or ours.
pub(super) fn write(
    letter: &Letter,
    content: &Content,
    own: Option<&Sources>,
) -> Result<Written, (Part, minijinja::Error)> {
    let part = |part: Part, values: minijinja::Value| {
        let made = match own {
            Some(own) => render_source(part, own.part(part), values),
            None => render(letter.message.kind, part, values),
        };
        made.map_err(|error| (part, error))
    };
    let values = content.values();
    let subject = one_line(&part(Part::Subject, values.clone())?);
    let values = context! { subject => subject.clone(), ..values };
    Ok(Written { text: part(Part::Text, values.clone())?, html: part(Part::Html, values)?, subject })
}

/// Puts the parts together.
pub(super) fn assemble(
    letter: &Letter,
    content: &Content,
    written: Written,
    now: Timestamp,
) -> Result<Message, ComposeError> {
    let Written { subject, text, html } = written;
    let headers = Message::builder()
        .from(sender(letter, &content.shop)?)
        .to(recipient(letter)?)
        .subject(subject)
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(now.ms().unsigned_abs()))
        .message_id(Some(format!("<{}>", letter.message.message_id)))
        .raw_header(header("Auto-Submitted", "auto-generated")?);
    let headers = match &content.stop_url {
        Some(url) => headers
            .raw_header(header("List-Unsubscribe", &format!("<{url}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?),
        None => headers,
    };
    headers.multipart(parts(letter, content, text, html)?).map_err(broken)
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue, ComposeError> {
    Ok(HeaderValue::new(HeaderName::new_from_ascii(name.to_owned()).map_err(broken)?, value.to_owned()))
}

fn broken(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Broken(error.to_string())
}

/// What is read; with it, a file for calendars.
fn parts(letter: &Letter, content: &Content, text: String, html: String) -> Result<MultiPart, ComposeError> {
    let read = read_parts(letter, content, text, html)?;
    let Some(calendar) = &content.facts.calendar else { return Ok(read) };
    let kind = format!("text/calendar; charset=utf-8; method={}", calendar.method.as_str());
    let file =
        Attachment::new("pass.ics".to_owned()).body(calendar.text.clone(), ContentType::parse(&kind).map_err(broken)?);
    Ok(MultiPart::mixed().boundary(format!("{}.mixed", letter.message.id)).multipart(read).singlepart(file))
}

/// Text and HTML; with the HTML, the QR code.
fn read_parts(letter: &Letter, content: &Content, text: String, html: String) -> Result<MultiPart, ComposeError> {
    let boundary = |part: &str| format!("{}.{part}", letter.message.id);
    let alternative = MultiPart::alternative().boundary(boundary("alternative")).singlepart(SinglePart::plain(text));
    let Some(code) = &content.facts.code else {
        return Ok(alternative.singlepart(SinglePart::html(html)));
    };
    let picture = crate::qr::png(content.facts.scan.as_ref().unwrap_or(code)).map_err(broken)?;
    let png = ContentType::parse("image/png").map_err(broken)?;
    let picture = Attachment::new_inline(content.qr.clone()).body(picture, png);
    let related = MultiPart::related().boundary(boundary("related")).singlepart(SinglePart::html(html));
    Ok(alternative.multipart(related.singlepart(picture)))
}

fn recipient(letter: &Letter) -> Result<Mailbox, ComposeError> {
    let address = letter.message.recipient.as_deref().ok_or(ComposeError::Lacks("an address"))?;
    let address = mailbox(address).ok_or(ComposeError::Recipient)?;
    Ok(Mailbox::new(letter.customer.name.as_deref().map(one_line), address))
}

fn mailbox(address: &str) -> Option<Address> {
    Email::parse(address).ok()?.mailbox()
}

/// The shop's sender; where it has none, an address at the host that `Message-ID` names.
fn sender(letter: &Letter, shop: &str) -> Result<Mailbox, ComposeError> {
    let name = letter.shop.sender.name.as_deref().map_or_else(|| shop.to_owned(), one_line);
    let address = match letter.shop.sender.email.as_deref() {
        Some(address) => mailbox(address).ok_or(ComposeError::Sender)?,
        None => Address::new("no-reply", host(&letter.message.message_id)).map_err(|_| ComposeError::Sender)?,
    };
    Ok(Mailbox::new(Some(name), address))
}

/// The host of a `Message-ID`; a bare address of a machine cannot stand in a mailbox.
fn host(message_id: &str) -> &str {
    let host = message_id.rsplit_once('@').map_or("localhost", |(_, host)| host);
    if host.parse::<std::net::Ipv4Addr>().is_ok() { "localhost" } else { host }
}

/// A text that goes into a header: no line break, no other control character.
fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(blank).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::kinds::voucher_issued::Mail;
    use super::super::samples::{self, CARD, VOUCHER, now, vault, written};
    use super::*;
    use crate::decide::mail::unsubscribe;
    use crate::demo::eml;
    use crate::records::Json;
    use crate::records::message::MessageKind;

    fn letter(locale: &str, benefit: &str) -> Letter {
        samples::letter(locale, MessageKind::VoucherIssued, Box::new(Mail(samples::gift(benefit))))
    }

    #[test]
    fn the_same_letter_gives_the_same_bytes() {
        assert_eq!(written(&letter("de", VOUCHER)), written(&letter("de", VOUCHER)));
    }

    #[test]
    fn what_follows_a_german_greeting_begins_small() {
        let words: BTreeMap<String, String> =
            serde_json::from_str(include_str!("../../../locales/de.json")).expect("texts");
        for (key, text) in words.iter().filter(|(key, _)| key.starts_with("mail.because.")) {
            let is_name = text.starts_with("{shop}") || text.starts_with("Ihr");
            assert!(is_name || text.starts_with(char::is_lowercase), "{key}: {text}");
        }
    }

    #[test]
    fn another_language_falls_back_to_the_shops_and_then_to_english() {
        let subject = |letter: &Letter| eml::Part::read(&written(letter)).header("subject").map(str::to_owned);
        let mut french = letter("fr", CARD);
        let german = "Ihre Geschenkkarte von Kaffeehaus Grün & Söhne über 1.234,50 €";
        assert_eq!(subject(&french).as_deref(), Some(german));
        french.shop.locales = Json(vec!["fr".to_owned()]);
        assert_eq!(subject(&french).as_deref(), Some("Your gift card from Kaffeehaus Grün & Söhne: €1,234.50"));
    }

    #[test]
    fn names_and_texts_bring_in_neither_headers_nor_templates_nor_markup() {
        let evil = "Eve\r\nBcc: all@example.org\r\n\r\n{{ code }}{% raw %}<script>alert(1)</script>\"'";
        let mut letter = letter("en", VOUCHER);
        letter.customer.name = Some(evil.to_owned());
        letter.shop.brand.0.name = Some(evil.to_owned());
        letter.shop.brand.0.imprint = Some(evil.to_owned());
        letter.shop.brand.0.color = Some("red;background:url(https://evil.example)".to_owned());
        letter.shop.sender.0.name = Some(evil.to_owned());
        letter.shop.home_url = Some("javascript:alert(1)".to_owned());
        let raw = written(&letter);
        let mail = eml::Part::read(&raw);
        let names = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
        assert_eq!(mail.header_names(), names);
        let html = mail.find("text/html").expect("HTML").text();
        let text = mail.find("text/plain").expect("text").text();
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("evil.example") && !html.contains("javascript:") && !text.contains("javascript:"));
        assert!(text.contains("{{ code }}{% raw %}<script>"), "values are not templates: {text}");
        assert_eq!(text.matches("K7QM-3F9X-T2WD").count(), 1, "only where it belongs: {text}");
    }

    #[test]
    fn advertising_alone_can_be_stopped_and_says_how() {
        let mut letter = letter("de", VOUCHER);
        for is_marketing in [true, false] {
            letter.is_marketing = is_marketing;
            let mail = eml::Part::read(&written(&letter));
            let url = format!("https://grapevine.example/u/{}", unsubscribe::token(&vault(), letter.message.id));
            let expected = is_marketing.then(|| format!("<{url}>"));
            assert_eq!(mail.header("list-unsubscribe").map(str::to_owned), expected);
            assert_eq!(mail.header("list-unsubscribe-post").is_some(), is_marketing);
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text().replace("&#x2f;", "/");
                assert_eq!(text.contains(&url), is_marketing, "{kind}: {text}");
            }
        }
    }

    #[test]
    fn a_shop_speaks_to_its_customers_or_to_friends() {
        let mut letter = letter("de", CARD);
        letter.customer.first_name = Some("Anna".to_owned());
        letter.shop.brand.0.german_address = crate::records::shop::GermanAddress::Du;
        let mail = eml::Part::read(&written(&letter));
        assert!(mail.header("subject").is_some_and(|subject| subject.starts_with("Deine Geschenkkarte von ")));
        for kind in ["text/plain", "text/html"] {
            let text = mail.find(kind).expect("a part").text();
            assert!(text.contains("Hallo Anna,") && text.contains("Dafür erhältst du eine Geschenkkarte."), "{text}");
            assert!(!text.contains(" Sie ") && !text.contains("Ihr"), "{text}");
        }
        assert!(mail.find("text/html").expect("HTML").text().contains("<html lang=\"de\">"));
        letter.message.locale = "en".to_owned();
        let mail = eml::Part::read(&written(&letter));
        assert!(mail.header("subject").is_some_and(|subject| subject.starts_with("Your gift card from ")));
    }

    #[test]
    fn the_code_stands_in_full_in_text_html_and_picture() {
        let mail = eml::Part::read(&written(&letter("de", VOUCHER)));
        for kind in ["text/plain", "text/html"] {
            assert!(mail.find(kind).expect("a part").text().contains("K7QM-3F9X-T2WD"), "{kind}");
        }
        let picture = mail.find("image/png").expect("a picture");
        assert_eq!(Some(picture.body.clone()), crate::qr::png("K7QM-3F9X-T2WD").ok());
        let id = picture.header("content-id").expect("a Content-ID").trim_matches(['<', '>']);
        assert!(mail.find("text/html").expect("HTML").text().contains(&format!("src=\"cid:{id}\"")));
    }

    #[test]
    fn a_shop_without_a_sender_writes_from_the_host_of_the_server() {
        let mut letter = letter("en", CARD);
        letter.shop.sender = Json::default();
        let from = |letter: &Letter| eml::Part::read(&written(letter)).header("from").map(str::to_owned);
        letter.shop.brand.0.name = Some("Kaffeehaus".to_owned());
        assert_eq!(from(&letter).as_deref(), Some("Kaffeehaus <no-reply@grapevine.example>"));
        letter.message.message_id = "msg_1@127.0.0.1".to_owned();
        assert_eq!(from(&letter).as_deref(), Some("Kaffeehaus <no-reply@localhost>"));
    }

    #[test]
    fn a_domain_with_umlauts_is_written_as_the_dns_has_it() {
        let mut letter = letter("de", VOUCHER);
        letter.message.recipient = Some("anna@müller.example".to_owned());
        let mail = compose(&letter, &vault(), now()).expect("a mail");
        assert_eq!(mail.envelope().to()[0].to_string(), "anna@xn--mller-kva.example");
    }

    #[test]
    fn what_cannot_be_written_is_told_apart_by_whether_it_passes() {
        let sealed = compose(&letter("de", VOUCHER), &Vault::new(b"another"), now()).expect_err("another secret");
        assert!(matches!(sealed, ComposeError::Sealed) && sealed.is_passing());
        let mut nowhere = letter("de", VOUCHER);
        for address in ["nowhere", "\"q q\"@example.org", "a@[127.0.0.1]", "a b@example.org", "a@localhost"] {
            nowhere.message.recipient = Some(address.to_owned());
            let fault = compose(&nowhere, &vault(), now()).expect_err("no address");
            assert!(matches!(fault, ComposeError::Recipient) && !fault.is_passing(), "{address}");
        }
        let mut nobody = letter("de", VOUCHER);
        nobody.shop.sender.0.email = Some("\"q q\"@example.org".to_owned());
        let fault = compose(&nobody, &vault(), now()).expect_err("no sender");
        assert!(matches!(fault, ComposeError::Sender) && fault.is_passing(), "the shop can mend it");
    }
}
