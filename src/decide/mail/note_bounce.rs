//! A mail came back: it has failed, and where the address takes none for good, nothing is sent to it any more.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::mail::bounce::Report;
use crate::decide::mail::finish_message::{said, unsent};
use crate::decide::mail::suppression;
use crate::records::message::MessageStatus::{Failed, Retrying, Sending, Sent, Uncertain};
use crate::records::{Id, Message};
use crate::refusal::Rejection;
use crate::views::message::suppression::{Bounced, bounce};
use crate::world::Stop;

/// What is said of a report that is about no mail of the shop, or that somebody else made up.
pub const FOREIGN: &str = "a report is expected that was sent to the return path of a mail of this shop";

/// A report whose return path is one of ours.
#[derive(Clone, Debug)]
pub struct NoteBounce {
    /// The message that the return path names.
    pub message: Id,
    /// What was reported.
    pub report: Report,
}

/// Decides it. A mail comes back once: what is reported again changes nothing.
pub fn decide(draft: &mut Draft<'_>, command: &NoteBounce) -> Result<Answer, Stop> {
    let message = draft.get::<Message>(command.message)?;
    let message = message.ok_or_else(|| Rejection::field("", FOREIGN))?;
    let report = &command.report;
    let may_have_left = matches!(message.status, Sent | Uncertain | Sending | Retrying);
    if !report.has_failed || !may_have_left || message.recipient.is_none() {
        return Ok(Answer::ok(&bounce(message.id, report.status.to_string(), Bounced::Ignored)));
    }
    let blames_address = report.status.blames_address();
    if blames_address {
        suppression::note(draft, &message, report.status)?;
    }
    // What is being sent now is finished by who sends it, and does not leave again.
    if matches!(message.status, Sent | Uncertain) {
        let mut failed = (*message).clone();
        (failed.status, failed.next_at) = (Failed, None);
        failed.reason = Some(said(&report.reason()));
        unsent(draft, failed)?;
    }
    let outcome = if blames_address { Bounced::Suppressed } else { Bounced::Failed };
    Ok(Answer::ok(&bounce(message.id, report.status.to_string(), outcome)))
}
