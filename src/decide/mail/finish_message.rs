//! A delivery worker tells what became of a message.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::mail::bounce::Status;
use crate::decide::mail::suppression;
use crate::records::message::MessageStatus::{self, Failed, Retrying, Sending, Sent, Uncertain};
use crate::records::message::Reason;
use crate::records::{EventKind, Id, Message};
use crate::views;
use crate::world::Stop;

/// Longest reason that is kept, characters.
const REASON: usize = 500;

/// A try and what became of it.
#[derive(Clone, Debug)]
pub struct FinishMessage {
    /// The message.
    pub id: Id,
    /// The number of the try, as it was given when the message was taken: a worker that comes too
    /// late changes nothing.
    pub tries: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Wait until the next try, milliseconds; `None`: there is none.
    pub again_in_ms: Option<i64>,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// It was not taken now; it may be later.
    Refused(String),
    /// It will never be taken.
    Rejected(String),
    /// The connection was lost after the last byte and before the answer.
    Unknown(String),
}

impl Outcome {
    /// The word that the log and the metrics have for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Sent => "sent",
            Outcome::Refused(_) => "refused",
            Outcome::Rejected(_) => "rejected",
            Outcome::Unknown(_) => "unknown",
        }
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &FinishMessage) -> Result<Answer, Stop> {
    let Some(message) = draft.get::<Message>(command.id)? else { return Ok(Answer::no_content()) };
    let is_this_try = message.tries == command.tries;
    let is_news = message.status == Sending || message.status == Uncertain && command.outcome == Outcome::Sent;
    if !is_this_try || !is_news {
        return Ok(Answer::no_content());
    }
    let (status, reason) = match &command.outcome {
        Outcome::Sent => (Sent, None),
        Outcome::Refused(reason) if command.again_in_ms.is_some() => (Retrying, Some(reason)),
        Outcome::Refused(reason) | Outcome::Rejected(reason) => (Failed, Some(reason)),
        Outcome::Unknown(reason) => (Uncertain, Some(reason)),
    };
    let mut finished = (*message).clone();
    finished.status = status;
    finished.reason = reason.map(String::as_str).map(said);
    finished.sent_at = (status == Sent).then_some(draft.at());
    finished.next_at =
        command.again_in_ms.filter(|_| is_tried_again(&finished)).map(|wait| draft.context.real_at.plus_ms(wait));
    if let Outcome::Rejected(answer) = &command.outcome
        && let Some(status) = Status::in_answer(answer).filter(|status| status.names_address())
    {
        suppression::note(draft, &finished, status)?;
    }
    match status {
        Failed => unsent(draft, finished)?,
        _ => drop(draft.save(finished)),
    }
    Ok(Answer::no_content())
}

/// A message that has failed, which is told.
pub(super) fn unsent(draft: &mut Draft<'_>, failed: Message) -> Result<(), Stop> {
    draft.event(EventKind::MessageFailed, &views::message::message(&failed))?;
    draft.save(failed);
    Ok(())
}

/// A server's words, as they are kept.
pub(super) fn said(reason: &str) -> Reason {
    Reason::Said(reason.chars().filter(|c| !c.is_control()).take(REASON).collect())
}

/// What may have arrived is sent once more and then left alone: a mail may come twice, not thrice.
fn is_tried_again(message: &Message) -> bool {
    match message.status {
        Retrying => true,
        Uncertain => !message.repeated,
        MessageStatus::Queued | Sending | Sent | Failed | MessageStatus::NoAddress | MessageStatus::Suppressed => false,
    }
}
