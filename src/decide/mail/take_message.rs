//! A delivery worker takes a message, to send it: nobody else will for as long as its lease runs.

use serde::{Deserialize, Serialize};

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::{announced, outbox, suppression};
use crate::records::message::MessageStatus::{self, Queued, Retrying, Sending, Suppressed, Uncertain};
use crate::records::message::{Reason, Withheld};
use crate::records::{Id, Message, Timestamp};
use crate::views::View;
use crate::world::Stop;

/// Wait before a message whose sender vanished is sent once more, milliseconds.
const AFTER_LOSS_MS: i64 = 1_000;
/// Wait before it is looked at again whether what rests goes on, milliseconds.
const RESTING_MS: i64 = 10_000;

/// The message that the worker found due.
#[derive(Clone, Debug)]
pub struct TakeMessage {
    /// The message.
    pub id: Id,
    /// How long the worker may take, milliseconds; it gives up before that.
    pub lease_ms: i64,
}

/// What a worker gets with a message.
#[derive(Debug, Serialize, Deserialize)]
pub struct Taken {
    /// The number of this try.
    pub tries: i64,
}

impl View for Taken {
    fn subject(&self) -> Option<Id> {
        None
    }
}

/// Decides it: 200 with the number of this try, or 204 when there is nothing to send now.
pub fn decide(draft: &mut Draft<'_>, command: &TakeMessage) -> Result<Answer, Stop> {
    let Some(message) = draft.get::<Message>(command.id)? else { return Ok(Answer::no_content()) };
    if message.next_at.is_none_or(|due| due > draft.context.real_at) {
        return Ok(Answer::no_content());
    }
    let mut taken = (*message).clone();
    let (hindrance, is_paused) = (hindrance(draft, &message), announced::is_paused(draft, &message));
    let (hindrance, is_paused) = (hindrance?, is_paused?);
    match (message.status, hindrance) {
        (Queued | Retrying | Uncertain, Some(why)) => rest(&mut taken, Suppressed, None, why.into()),
        (Queued | Retrying | Uncertain, None) if is_paused => {
            taken.next_at = Some(draft.context.real_at.plus_ms(RESTING_MS));
        }
        (Queued | Retrying | Uncertain, None) => {
            taken.repeated |= message.status == Uncertain;
            taken.status = Sending;
            taken.tries += 1;
            taken.next_at = Some(draft.context.real_at.plus_ms(command.lease_ms));
            let answer = Answer::ok(&Taken { tries: taken.tries });
            draft.save(taken);
            return Ok(answer);
        }
        (Sending, _) => {
            let again = (!message.repeated).then(|| draft.context.real_at.plus_ms(AFTER_LOSS_MS));
            rest(&mut taken, Uncertain, again, Reason::Said("the sender stopped while it sent".to_owned()));
        }
        (MessageStatus::Sent | MessageStatus::Failed | MessageStatus::NoAddress | Suppressed, _) => {
            return Ok(Answer::no_content());
        }
    }
    draft.save(taken);
    Ok(Answer::no_content())
}

fn rest(message: &mut Message, status: MessageStatus, next_at: Option<Timestamp>, reason: Reason) {
    message.status = status;
    message.next_at = next_at;
    message.reason = Some(reason);
}

/// Why it must not leave: what it tells of was withdrawn, the shop or the customer has changed
/// their mind, or the address takes none.
fn hindrance(draft: &Draft<'_>, message: &Message) -> Result<Option<Withheld>, Stop> {
    let withdrawn = announced::is_withdrawn(draft, message)?.then_some(Withheld::Withdrawn);
    let suppressed = message.recipient.as_deref().map(|address| suppression::find(draft, address)).transpose()?;
    let suppressed = suppressed.flatten().map(|_| Withheld::AddressSuppressed);
    let customer = customer_lookup::current(draft, message.customer)?;
    let unasked = announced::is_unasked(draft, message, &customer)?.then_some(Withheld::NoConsent);
    Ok(withdrawn.or_else(|| outbox::hindrance_now(draft, message)).or(unasked).or(suppressed))
}
