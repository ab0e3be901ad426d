//! What a mail server reports of a mail that it could not hand over (RFC 3464), as strangers send it: read, not believed.
//! Which mail it is about is said by the address that the report was sent to, which only the vault can make.

use mail_parser::{MessageParser, MessagePart, MimeHeaders};

use crate::records::Id;
use crate::vault::Vault;

/// Longest report that is looked at, bytes: what comes back of the mail itself is not read.
pub const BYTES: usize = 1024 * 1024;
/// Return paths that are looked at in one report.
const TAGS: usize = 20;
/// Letters of the mark that a return path has.
pub const TAG_LENGTH: usize = 42;
/// Longest answer of a server that is kept, characters.
const SAID: usize = 300;
/// What the mark of a return path is for.
const PURPOSE: &str = "return path";
/// The headers that name to whom a report was sent.
const RECIPIENTS: [&str; 5] = ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];

/// An enhanced status code (RFC 3463).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    class: u16,
    subject: u16,
    detail: u16,
}

impl Status {
    /// What stands where nothing was said.
    const UNKNOWN: Self = Self { class: 5, subject: 0, detail: 0 };

    /// Reads one that a text begins with: `5.1.1 (unknown user)`.
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim_start().split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
        let mut parts = word.splitn(3, '.').map(|part| part.trim_end_matches('.').parse::<u16>().ok());
        let status = Self { class: parts.next()??, subject: parts.next()??, detail: parts.next()?? };
        let is_one = matches!(status.class, 2 | 4 | 5) && status.subject < 1000 && status.detail < 1000;
        is_one.then_some(status)
    }

    /// The one that stands in a server's answer: `550 5.1.1 unknown user`.
    pub fn in_answer(text: &str) -> Option<Self> {
        text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | ';' | '#')).find_map(Self::parse)
    }

    /// Whether it says that nothing can be sent to the address, and never will be. A full mailbox is emptied, mails
    /// that are too large or unwelcome say nothing of who they are to, and a refused sender is us.
    pub fn blames_address(self) -> bool {
        let blames_another = match (self.subject, self.detail) {
            (1, 7 | 8) | (2, 2 | 3) | (3, 4) => true,
            (subject, _) => matches!(subject, 6 | 7),
        };
        self.class == 5 && !blames_another
    }

    /// The same of an answer that came while the mail was handed over, where it may be us who are not wanted: only what
    /// names the address as the fault.
    pub fn names_address(self) -> bool {
        self.class == 5 && matches!((self.subject, self.detail), (1, 1 | 2 | 3 | 6 | 10) | (2, 1))
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// A report, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whether the mail did not arrive; else it is late, or it did.
    pub has_failed: bool,
    /// What was said of it.
    pub status: Status,
    /// In words.
    pub said: Option<String>,
    /// The marks of the return paths to which the report was sent.
    pub tags: Vec<String>,
}

impl Report {
    /// Why the mail failed, for its record.
    pub fn reason(&self) -> String {
        let said = self.said.as_deref().unwrap_or("the mail came back");
        format!("{}: {said}", self.status)
    }
}

/// Reads a report; `None`: it is none.
pub fn read(bytes: &[u8]) -> Option<Report> {
    let mail = MessageParser::default().parse(bytes.get(..BYTES).unwrap_or(bytes))?;
    let part = mail.parts.iter().find(|part| is_report(part))?;
    let text = String::from_utf8_lossy(part.contents());
    let groups: Vec<Vec<(String, String)>> = groups(&text);
    let with_action = |group: &&Vec<(String, String)>| field(group, "action").is_some();
    let recipients: Vec<_> = groups.iter().filter(with_action).collect();
    let failed = recipients.iter().find(|group| is_failed(group));
    let group = failed.or_else(|| recipients.first())?;
    let diagnosis =
        field(group, "diagnostic-code").map(|text| text.split_once(';').map_or(text, |(_, said)| said).trim());
    let status = field(group, "status").and_then(Status::parse).or_else(|| Status::in_answer(diagnosis?));
    let sent_to =
        mail.headers_raw().filter(|(name, _)| RECIPIENTS.iter().any(|known| name.eq_ignore_ascii_case(known)));
    Some(Report {
        has_failed: failed.is_some(),
        status: status.unwrap_or(Status::UNKNOWN),
        said: diagnosis.filter(|said| !said.is_empty()).map(|said| said.chars().take(SAID).collect()),
        tags: sent_to.flat_map(|(_, value)| tags(value)).take(TAGS).collect(),
    })
}

/// The mark by which a mail's return path names it.
pub fn tag(vault: &Vault, message: Id) -> String {
    vault.marked(PURPOSE, message)
}

/// The mail that a report is about; `None`: it came to no return path that we made.
pub fn message(vault: &Vault, report: &Report) -> Option<Id> {
    report.tags.iter().find_map(|tag| vault.read_marked(PURPOSE, "msg", tag))
}

fn is_report(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message")
            && ["delivery-status", "global-delivery-status"].iter().any(|known| subtype.eq_ignore_ascii_case(known))
    })
}

fn is_failed(group: &[(String, String)]) -> bool {
    field(group, "action").is_some_and(|action| action.split_whitespace().next().is_some_and(|word| word == "failed"))
}

/// The first group is about the mail; each of the others is about a recipient.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    let mut groups = vec![Vec::<(String, String)>::new()];
    for line in text.lines() {
        let open = groups.last_mut();
        match (line.trim().is_empty(), line.starts_with([' ', '\t']), open) {
            (true, _, _) => groups.push(Vec::new()),
            (_, true, Some(open)) => {
                if let Some((_, value)) = open.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            (_, _, Some(open)) => {
                if let Some((name, value)) = line.split_once(':') {
                    open.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
            (_, _, None) => {}
        }
    }
    groups
}

fn field<'a>(group: &'a [(String, String)], name: &str) -> Option<&'a str> {
    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What stands between a `+` and an `@`, where it could be a mark.
fn tags(value: &str) -> Vec<String> {
    let marked = value.split('+').skip(1).filter_map(|rest| rest.split_once('@')).map(|(tag, _)| tag);
    marked
        .filter(|tag| tag.len() == TAG_LENGTH && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod tests;
