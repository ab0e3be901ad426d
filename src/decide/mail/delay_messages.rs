//! Mails whose turn has not come are put off: the servers of their domain take no more for now.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::message::MessageStatus::{Queued, Retrying, Sending, Uncertain};
use crate::records::{Id, Message};
use crate::world::Stop;

/// Which ones, and for how long from now, milliseconds.
#[derive(Clone, Debug)]
pub struct DelayMessages {
    /// The messages.
    pub delays: Vec<(Id, i64)>,
}

/// Decides it. What was taken meanwhile, or is put off already, is left alone; what somebody took who is gone is due, too.
pub fn decide(draft: &mut Draft<'_>, command: &DelayMessages) -> Result<Answer, Stop> {
    let now = draft.context.real_at;
    draft.each(&command.delays, |draft, (id, by_ms)| {
        if let Some(message) = draft.get::<Message>(*id)?
            && matches!(message.status, Queued | Retrying | Uncertain | Sending)
            && message.next_at.is_some_and(|due| due <= now)
        {
            draft.save(Message { next_at: Some(now.plus_ms(*by_ms)), ..(*message).clone() });
        }
        Ok(())
    })?;
    Ok(Answer::no_content())
}
