//! `announcement`: a word of the shop to many. What it says stands in the announcement; we add who writes, why this person is
//! written to, and of a recall the heading that the law asks for.

use minijinja::{Value, context};

use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head, Topic, is_web};
use crate::records::announcement::AnnouncementKind;
use crate::records::{Announcement, Message};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::say;

pub(in crate::delivery::mail) struct Mail {
    pub announcement: Announcement,
}

/// A piece of a paragraph: a text, or a link that is written out.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    is_link: bool,
}

impl Mail {
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        Ok(Self { announcement: named(connection, message.shop, message.subject)? })
    }
}

impl Topic for Mail {
    fn facts(&self, head: &Head<'_>, _: &Vault) -> Result<Facts, ComposeError> {
        let words = self.announcement.words_in(&head.message.locale).ok_or(ComposeError::Lacks("words"))?;
        let kind = self.announcement.kind;
        let heading = (kind == AnnouncementKind::Recall).then(|| say(head.language, "mail.announcement.recall", &[]));
        let text = words.text.replace("\r\n", "\n");
        let shown = |Piece { text, is_link }: Piece| context! { text, is_link };
        let paragraphs: Vec<Vec<Value>> =
            paragraphs(&text).map(|part| pieces(part).into_iter().map(shown).collect()).collect();
        Ok(Facts {
            automatic_key: match kind {
                AnnouncementKind::Recall => "mail.automatic_recall",
                AnnouncementKind::Breach => "mail.automatic_breach",
                AnnouncementKind::Service => "mail.automatic_service",
                AnnouncementKind::Marketing => "mail.automatic_marketing",
            },
            is_bare: kind.is_urgent(),
            own: context! { title => &*words.subject, heading, text, paragraphs },
            ..Facts::default()
        })
    }
}

/// What stands between empty lines.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.trim().is_empty())
}

/// A paragraph, its links apart.
fn pieces(paragraph: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in paragraph.split_inclusive(char::is_whitespace) {
        let link = word.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"']);
        match pieces.last_mut() {
            _ if is_web(link) => {
                pieces.push(Piece { text: link.to_owned(), is_link: true });
                pieces.push(Piece { text: word[link.len()..].to_owned(), is_link: false });
            }
            Some(last) if !last.is_link => last.text.push_str(word),
            _ => pieces.push(Piece { text: word.to_owned(), is_link: false }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::mail::samples;
    use crate::demo::eml;
    use crate::records::message::MessageKind;

    fn topic(kind: AnnouncementKind) -> Box<Mail> {
        Box::new(Mail { announcement: samples::announcement(kind) })
    }

    #[test]
    fn whole_mails_are_written_to_the_letter() {
        for language in ["de", "en"] {
            for kind in [AnnouncementKind::Recall, AnnouncementKind::Marketing] {
                let mut letter = samples::letter(language, MessageKind::Announcement, topic(kind));
                letter.is_marketing = kind == AnnouncementKind::Marketing;
                samples::check(kind.as_str(), &letter);
            }
        }
    }

    #[test]
    fn what_people_must_be_told_invites_to_nothing() {
        for kind in [AnnouncementKind::Recall, AnnouncementKind::Breach, AnnouncementKind::Service] {
            let mail =
                eml::Part::read(&samples::written(&samples::letter("de", MessageKind::Announcement, topic(kind))));
            for part in ["text/plain", "text/html"] {
                let text = mail.find(part).expect("a part").text();
                assert_eq!(text.contains("shop.example"), !kind.is_urgent(), "{kind} {part}: {text}");
            }
        }
    }

    #[test]
    fn a_link_can_be_followed_and_what_stands_around_it_is_kept() {
        let table = [
            ("plain text", vec![("plain text", false)]),
            ("see https://a.example/x?y=1.", vec![("see ", false), ("https://a.example/x?y=1", true), (".", false)]),
            ("javascript:alert(1)", vec![("javascript:alert(1)", false)]),
        ];
        for (text, expected) in table {
            let expected: Vec<_> =
                expected.into_iter().map(|(text, is_link)| Piece { text: text.to_owned(), is_link }).collect();
            assert_eq!(pieces(text), expected);
        }
        assert_eq!(paragraphs("one\n\n\ntwo\nlines\n").collect::<Vec<_>>(), ["one", "two\nlines"]);
    }
}
