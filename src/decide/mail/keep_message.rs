//! A delivery worker is still at a message: its lease runs on.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::message::MessageStatus;
use crate::records::{Id, Message};
use crate::world::Stop;

/// The try that is under way.
#[derive(Clone, Debug)]
pub struct KeepMessage {
    /// The message.
    pub id: Id,
    /// The number of the try, as it was given when the message was taken.
    pub tries: i64,
    /// How long its lease runs from now, milliseconds.
    pub lease_ms: i64,
}

/// Decides it. Whoever has lost it does not get it back.
pub fn decide(draft: &mut Draft<'_>, command: &KeepMessage) -> Result<Answer, Stop> {
    match draft.get::<Message>(command.id)? {
        Some(message) if message.status == MessageStatus::Sending && message.tries == command.tries => {
            let mut kept = (*message).clone();
            kept.next_at = Some(draft.context.real_at.plus_ms(command.lease_ms));
            draft.save(kept);
        }
        _ => {}
    }
    Ok(Answer::no_content())
}
