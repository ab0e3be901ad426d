//! Sends a mail again, to the address that it went to or to the customer's present one.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::{announced, outbox, suppression};
use crate::records::message::MessageStatus::{NoAddress, Queued, Retrying, Sending};
use crate::records::message::Withheld;
use crate::records::{Id, Message};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Which message, and where to.
#[derive(Clone, Debug)]
pub struct ResendMessage {
    /// The message.
    pub id: Id,
    /// Where to.
    pub to: To,
}

/// Which address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// The one that the message went to.
    Original,
    /// The customer's present one.
    Current,
}

/// Decides it: a new message that names the one which it repeats.
pub fn decide(draft: &mut Draft<'_>, command: &ResendMessage) -> Result<Answer, Stop> {
    let message = draft.get::<Message>(command.id)?;
    let message = message.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such message."))?;
    let customer = customer_lookup::current(draft, message.customer)?;
    let customer = customer_lookup::living(customer, "")?;
    if message.status == NoAddress {
        let detail = "The message waits for an address; give the customer one and it leaves by itself.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    if matches!(message.status, Queued | Retrying | Sending) {
        let detail = format!("The message is {} and leaves by itself; resend it when that has ended.", message.status);
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let recipient = match command.to {
        To::Original if message.recipient.is_none() => {
            let detail = "The message had no address; give the customer one and it leaves by itself.";
            return Err(Rejection::at(Code::IllegalTransition, "/to", detail).into());
        }
        To::Original => message.recipient.clone(),
        To::Current => customer.email.clone(),
    };
    let mut again = outbox::repeat(draft, &message, &customer, recipient);
    if announced::is_unasked(draft, &again, &customer)? {
        outbox::suppress(&mut again, Withheld::NoConsent);
    }
    if let Some(address) = &again.recipient
        && suppression::find(draft, address)?.is_some()
    {
        outbox::suppress(&mut again, Withheld::AddressSuppressed);
    }
    draft.audit("resend_message", message.id, None);
    let again = draft.save(again);
    announced::note(draft, &again)?;
    Ok(Answer::created(&views::message::message(&again), format!("/v1/messages/{}", again.id)))
}
