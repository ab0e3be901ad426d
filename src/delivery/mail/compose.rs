//! Makes a mail of a message and of what it speaks of. Pure: the same letter at the same instant
//! gives the same bytes.
//!
//! Templates are in `templates/mail/`, a folder for each kind; words are in `locales/`. Values never
//! become templates or words, HTML is escaped, and headers are written by lettre from single lines.

use std::sync::LazyLock;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, State, context};

use super::compose_error::ComposeError;
use super::content::Content;
use crate::records::Timestamp;
use crate::records::message::MessageKind;
use crate::records::text::Email;
use crate::store::queries::messages::Letter;
use crate::vault::Vault;
use crate::wording::{self, Language};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[ $( ($name, include_str!(concat!("../../../templates/mail/", $name))), )* ]
    };
}

const TEMPLATES: &[(&str, &str)] = embedded![
    "layout.html",
    "footer.txt",
    "voucher_issued/subject.txt",
    "voucher_issued/body.txt",
    "voucher_issued/body.html",
    "credit_issued/subject.txt",
    "credit_issued/body.txt",
    "credit_issued/body.html",
    "reward_withdrawn/subject.txt",
    "reward_withdrawn/body.txt",
    "reward_withdrawn/body.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the syntax is Jinja's own"));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(
        |name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    environment.add_function("say", say);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("the embedded templates are right; tests render each");
    }
    environment
});

/// Words in the mail's language: `say("mail.terms", url=terms_url)`.
fn say(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<String, minijinja::Error> {
    let code = state.lookup("language").map(|language| language.to_string()).unwrap_or_default();
    let names: Vec<&str> = values.args().collect();
    let texts = names.iter().map(|name| values.get::<String>(name)).collect::<Result<Vec<_>, _>>()?;
    let pairs: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
    wording::find(Language::choose([code.as_str()]), key, &pairs)
        .ok_or_else(|| minijinja::Error::new(ErrorKind::UndefinedError, format!("no words for {key}")))
}

/// Makes the mail. `now` becomes its date.
pub fn compose(letter: &Letter, vault: &Vault, now: Timestamp) -> Result<Message, ComposeError> {
    let content = Content::of(letter, vault)?;
    let values = content.values();
    let subject = one_line(&render(letter, "subject.txt", values.clone())?);
    let values = context! { subject => subject.clone(), ..values };
    let text = render(letter, "body.txt", values.clone())?;
    let html = render(letter, "body.html", values)?;
    let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).map_err(broken)?;
    let headers = Message::builder()
        .from(sender(letter, &content.shop)?)
        .to(recipient(letter)?)
        .subject(subject)
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(now.ms().unsigned_abs()))
        .message_id(Some(format!("<{}>", letter.message.message_id)))
        .raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
    headers.multipart(parts(letter, &content, text, html)?).map_err(broken)
}

fn broken(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Broken(error.to_string())
}

/// Text and HTML; with the HTML, the QR code.
fn parts(letter: &Letter, content: &Content, text: String, html: String) -> Result<MultiPart, ComposeError> {
    let boundary = |part: &str| format!("{}.{part}", letter.message.id);
    let alternative = MultiPart::alternative().boundary(boundary("alternative")).singlepart(SinglePart::plain(text));
    let Some(code) = &content.code else {
        return Ok(alternative.singlepart(SinglePart::html(html)));
    };
    let picture = crate::qr::png(code).map_err(broken)?;
    let png = ContentType::parse("image/png").map_err(broken)?;
    let picture = Attachment::new_inline(content.qr.clone()).body(picture, png);
    let related = MultiPart::related().boundary(boundary("related")).singlepart(SinglePart::html(html));
    Ok(alternative.multipart(related.singlepart(picture)))
}

fn render(letter: &Letter, file: &str, values: Value) -> Result<String, ComposeError> {
    let folder = match letter.message.kind {
        MessageKind::VoucherIssued => "voucher_issued",
        MessageKind::CreditIssued => "credit_issued",
        MessageKind::RewardWithdrawn => "reward_withdrawn",
    };
    let template = ENVIRONMENT.get_template(&format!("{folder}/{file}")).map_err(broken)?;
    template.render(values).map_err(broken)
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

    use super::super::samples::{letter, now, vault, withdrawn};
    use super::*;
    use crate::demo::eml::Part;
    use crate::records::Json;
    use crate::records::message::{Withdrawal, WithdrawnBy};
    use crate::records::program::{RewardOn, Side};

    const VOUCHER: &str = r#"{"kind":"percent_off","rate_bps":1250,"max_amount":2000,"min_order_amount":4000}"#;
    const CARD: &str = r#"{"kind":"gift_card","amount":123450}"#;
    const CREDIT: &str = r#"{"kind":"store_credit","of_order_bps":500}"#;

    fn written(letter: &Letter) -> String {
        let mail = compose(letter, &vault(), now()).expect("a mail");
        String::from_utf8(mail.formatted()).expect("mails are ASCII")
    }

    /// Holds a whole mail against the one that is kept, to the letter. `BLESS_MAILS=1` keeps
    /// what is written now.
    fn check(name: &str, letter: &Letter) {
        let path = format!("{}/templates/mail/samples/{name}.eml", env!("CARGO_MANIFEST_DIR"));
        let actual = written(letter);
        if std::env::var_os("BLESS_MAILS").is_some() {
            std::fs::write(&path, &actual).expect("the sample can be written");
        }
        let expected = std::fs::read_to_string(&path).expect("the sample is there");
        assert_eq!(actual, expected, "{name}");
    }

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            check(&format!("voucher.{language}"), &letter(language, VOUCHER));
            check(&format!("gift_card.{language}"), &letter(language, CARD));
            check(&format!("credit.{language}"), &letter(language, CREDIT));
            let part = Withdrawal { by: WithdrawnBy::Order, taken: Some(2_000), left: Some(3_000), is_used: true };
            check(&format!("withdrawn_card.{language}"), &withdrawn(language, CARD, part));
            let whole = Withdrawal { by: WithdrawnBy::Hand, taken: None, left: None, is_used: false };
            check(&format!("withdrawn_voucher.{language}"), &withdrawn(language, VOUCHER, whole));
        }
    }

    #[test]
    fn the_same_letter_gives_the_same_bytes() {
        assert_eq!(written(&letter("de", VOUCHER)), written(&letter("de", VOUCHER)));
    }

    #[test]
    fn each_reason_has_its_words() {
        let table = [
            (RewardOn::Conversion, Some(Side::Advocate), "Thank you for recommending us!"),
            (RewardOn::Conversion, Some(Side::Friend), "Thank you for your order!"),
            (RewardOn::Referral, Some(Side::Friend), "Welcome to "),
            (RewardOn::Grant, None, "would like to say thank you."),
        ];
        for (on, to, words) in table {
            let mut letter = letter("en", VOUCHER);
            (letter.reward.on_what, letter.reward.to_side) = (on, to);
            let mail = Part::read(&written(&letter));
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(words), "{on} in {kind}: {text}");
            }
        }
    }

    #[test]
    fn a_code_that_came_instead_of_another_is_not_told_as_a_reward() {
        let table = [
            (VOUCHER, "en", "A new code for your voucher from ", "The code of your voucher from "),
            (CARD, "en", "A new code for your gift card from ", "The code of your gift card from "),
            (VOUCHER, "de", "Ein neuer Code für Ihren Gutschein von ", "der Code Ihres Gutscheins von "),
            (CARD, "de", "Ein neuer Code für Ihre Geschenkkarte von ", "der Code Ihrer Geschenkkarte von "),
        ];
        for (benefit, language, subject, first) in table {
            let mut letter = letter(language, benefit);
            let voucher = letter.voucher.as_mut().expect("a voucher");
            voucher.replaces = Some(voucher.id);
            let mail = Part::read(&written(&letter));
            let said = mail.header("subject").unwrap_or_default();
            assert!(said.starts_with(subject), "{said}");
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(first), "{kind}: {text}");
                for praise in ["recommending", "Empfehlung!", "In return", "Dafür"] {
                    assert!(!text.contains(praise), "{praise} in {kind}: {text}");
                }
            }
        }
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
    fn each_withdrawal_has_its_words() {
        let withdrawal = |by, left, is_used| Withdrawal { by, taken: Some(500), left, is_used };
        let table = [
            (
                WithdrawnBy::Order,
                Some(Side::Advocate),
                None,
                false,
                "through your recommendation was cancelled or returned",
            ),
            (
                WithdrawnBy::Order,
                Some(Side::Friend),
                Some(100),
                false,
                "part of the reward that you had been given for it",
            ),
            (WithdrawnBy::Hand, Some(Side::Advocate), None, false, "has looked again at a reward"),
            (WithdrawnBy::Hand, None, None, true, "What was left of it has been taken back."),
        ];
        for (by, to, left, is_used, words) in table {
            let mut letter = withdrawn("en", CREDIT, withdrawal(by, left, is_used));
            letter.reward.to_side = to;
            let mail = Part::read(&written(&letter));
            assert_eq!(mail.header("subject"), Some("Taken back by Kaffeehaus Grün & Söhne: €5.00 store credit"));
            for kind in ["text/plain", "text/html"] {
                let text = mail.find(kind).expect("a part").text();
                assert!(text.contains(words) && text.contains("taken off your store credit"), "{kind}: {text}");
            }
        }
    }

    #[test]
    fn a_withdrawn_code_is_hinted_at_and_drawn_no_more() {
        let whole = Withdrawal { by: WithdrawnBy::Order, taken: None, left: None, is_used: false };
        let raw = written(&withdrawn("en", VOUCHER, whole));
        let mail = Part::read(&raw);
        assert!(mail.find("image/png").is_none());
        for kind in ["text/plain", "text/html"] {
            let text = mail.find(kind).expect("a part").text();
            assert!(text.contains("The code that ends in T2WD is no longer good."), "{kind}: {text}");
            assert!(!text.contains("K7QM"), "{kind}: {text}");
        }
    }

    #[test]
    fn another_language_falls_back_to_the_shops_and_then_to_english() {
        let subject = |letter: &Letter| Part::read(&written(letter)).header("subject").map(str::to_owned);
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
        let mail = Part::read(&raw);
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
    fn the_code_stands_in_full_in_text_html_and_picture() {
        let mail = Part::read(&written(&letter("de", VOUCHER)));
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
        let mut letter = letter("en", CREDIT);
        letter.shop.sender = Json::default();
        let from = |letter: &Letter| Part::read(&written(letter)).header("from").map(str::to_owned);
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
