//! What shops write in place of our templates: looked at before it is saved, and tried out with a mail that there is.

use std::time::Duration;

use minijinja::Error;

use super::compose::{Written, assemble, write};
use super::content::Content;
use super::dkim;
use super::letter::{self, Letter};
use super::templates::{Part, Sources, known, names};
use super::transport::{Sealed, Transport};
use crate::config::MailConfig;
use crate::decide::draft::Installation;
use crate::decide::mail::finish_message::Outcome;
use crate::records::message::MessageKind;
use crate::records::{Id, Timestamp};
use crate::store::{Connection, StoreResult};

/// Longest wait for a mail server that is given a trial.
const TRIAL: Duration = Duration::from_millis(3_500);
/// What stands where a code would: whoever tries out words need not know it.
const CODE: &str = "XXXX-XXXX-XXXX";

/// What is wrong with a template: in which part, and what, with the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `subject`, `text` or `html`.
    pub part: &'static str,
    /// What is wrong.
    pub detail: String,
}

/// Looks whether mails of a kind can be written by it: each part compiles, and names nothing that such mails do not have.
pub fn check(kind: MessageKind, sources: &Sources) -> Result<(), Fault> {
    let known = known(kind);
    for part in Part::ALL {
        let source = sources.part(part);
        let named = names(part, source).map_err(|error| fault(part, &error))?;
        if let Some(unknown) = named.iter().find(|name| !known.contains(*name)) {
            let line = source.lines().position(|line| has_word(line, unknown)).map_or(1, |at| at + 1);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let detail = format!("line {line}: there is no value {unknown}; there are {}", known.join(", "));
            return Err(Fault { part: part.word(), detail });
        }
    }
    Ok(())
}

fn fault(part: Part, error: &Error) -> Fault {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let line = error.line().map_or_else(String::new, |line| format!("line {line}: "));
    Fault { part: part.word(), detail: format!("{line}{what}") }
}

/// Whether a name stands in a line by itself.
fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

/// A template, and a mail by which it is tried out.
pub struct Trial {
    letter: Letter,
    sources: Sources,
}

/// Reads the mail.
pub fn read(
    connection: &mut Connection,
    shop: Id,
    message: Id,
    (locale, public_url): (String, String),
    sources: Sources,
) -> StoreResult<Trial> {
    let mut letter = letter::read(connection, shop, message, public_url)?;
    letter.message.locale = locale;
    // Nobody else is to stop the customer's mails, or be taken for the customer.
    letter.is_marketing = false;
    letter.message.message_id = format!("trial.{}", letter.message.message_id);
    Ok(Trial { letter, sources })
}

/// What a template makes of a mail.
#[derive(Debug, serde::Serialize)]
pub struct Preview {
    /// The subject.
    pub subject: String,
    /// The mail as text.
    pub text: String,
    /// The mail as HTML.
    pub html: String,
}

impl Trial {
    /// Writes it.
    pub fn preview(&self, installation: &Installation) -> Result<Preview, Fault> {
        let (_, Written { subject, text, html }) = self.written(installation)?;
        Ok(Preview { subject, text, html })
    }

    fn written(&self, installation: &Installation) -> Result<(Content, Written), Fault> {
        let content = Content::of(&self.letter, &installation.vault);
        let mut content = content.map_err(|error| Fault { part: "message", detail: error.to_string() })?;
        content.facts.code = content.facts.code.take().map(|_| CODE.to_owned());
        (content.facts.scan, content.facts.calendar) = (None, None);
        let written = write(&self.letter, &content, Some(&self.sources));
        Ok((content, written.map_err(|(part, error)| fault(part, &error))?))
    }

    /// Sends it to somebody else, now; answers what became of it.
    pub async fn send(
        mut self,
        to: &str,
        installation: &Installation,
        config: &MailConfig,
        now: Timestamp,
    ) -> Result<Outcome, Fault> {
        self.letter.message.recipient = Some(to.to_owned());
        let (content, written) = self.written(installation)?;
        let mail = assemble(&self.letter, &content, written, now);
        let mail = mail.map_err(|error| Fault { part: "message", detail: error.to_string() })?;
        let mut sealed = Sealed::of(&mail);
        let domain = sealed.envelope.from().map(|from| from.domain().to_owned()).unwrap_or_default();
        sealed.bytes = dkim::sign(sealed.bytes, &domain, &config.dkim, now);
        let transport = match Transport::new(config, None) {
            Ok(transport) => transport,
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        };
        let name = format!("trial-{}", self.letter.message.id);
        let sent = tokio::time::timeout(TRIAL, transport.send(sealed, &name)).await;
        Ok(sent.unwrap_or_else(|_| Outcome::Unknown("the mail server did not answer in time".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::compose::compose;
    use super::super::kinds::voucher_issued::Mail;
    use super::super::samples::{self, VOUCHER, now, vault};
    use super::*;
    use crate::demo::eml;

    fn sources(subject: &str, text: &str, html: &str) -> Sources {
        Sources { subject: subject.to_owned(), text: text.to_owned(), html: html.to_owned() }
    }

    fn sent(own: Sources) -> eml::Part {
        let topic = Box::new(Mail(samples::gift(VOUCHER)));
        let mut letter = samples::letter("de", MessageKind::VoucherIssued, topic);
        letter.own = Some(own);
        let mail = compose(&letter, &vault(), now()).expect("a mail");
        eml::Part::read(&String::from_utf8(mail.formatted()).expect("ASCII"))
    }

    #[test]
    fn ours_pass_and_so_does_what_uses_their_values() {
        for word in MessageKind::WORDS {
            let kind = MessageKind::parse(word).expect("a kind");
            assert_eq!(check(kind, &Sources::ours(kind)), Ok(()), "{word}");
        }
        let own =
            sources("{{ shop }}", "{% for one in conditions %}{{ one }}{% endfor %}{{ code }}", "<b>{{ code }}</b>");
        assert_eq!(check(MessageKind::VoucherIssued, &own), Ok(()));
    }

    #[test]
    fn what_cannot_be_written_is_refused_with_its_line() {
        for (own, part, told) in [
            (sources("{{ shop", "x", "x"), "subject", "line 1: "),
            (sources("x", "a\n\n{% if code %}", "x"), "text", "line "),
            (sources("x", "x", "a\n{{ codes }}\n"), "html", "line 2: there is no value codes; there are "),
            (sources("x", "{{ customer.email }}", "x"), "text", "line 1: there is no value customer"),
        ] {
            let fault = check(MessageKind::VoucherIssued, &own).expect_err("it is wrong");
            assert!(fault.part == part && fault.detail.starts_with(told), "{fault:?}");
        }
    }

    #[test]
    fn the_shops_own_words_are_sent_and_markup_in_values_is_text() {
        let own = sources(
            "Für dich\r\nBcc: x",
            "Code: {{ code }}",
            "{% extends \"layout.html\" %}{% block worth %}{{ shop }}{% endblock %}",
        );
        let mail = sent(own);
        assert_eq!(mail.header("subject"), Some("Für dich  Bcc: x"));
        assert_eq!(mail.find("text/plain").expect("text").text().trim(), "Code: K7QM-3F9X-T2WD");
        let html = mail.find("text/html").expect("HTML").text();
        assert!(html.contains("Kaffeehaus Grün &amp; Söhne") && html.contains("<!DOCTYPE html>"), "{html}");
    }

    #[test]
    fn where_one_breaks_ours_is_sent() {
        let ours = sent(Sources::ours(MessageKind::VoucherIssued)).find("text/plain").expect("text").text();
        for text in [
            "{{ gone }}",
            "{% include \"gone.txt\" %}",
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        ] {
            let mail = sent(sources("own", text, "own"));
            assert_eq!(mail.find("text/plain").expect("text").text(), ours, "{text}");
            assert!(mail.header("subject").is_some_and(|subject| subject != "own"), "all of it is ours");
        }
    }
}
