//! A message, as the API shows it; `announcement`: a word to many; `suppression`: the addresses that take none; `template`: the
//! shop's own words.

pub mod announcement;
pub mod suppression;
pub mod template;

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::message::{MessageKind, MessageStatus, Reason};
use crate::records::{Id, Message, RecordKind, Timestamp};

/// See the contract's `Message`.
#[derive(Serialize)]
pub struct MessageView<'a> {
    id: Id,
    kind: MessageKind,
    status: MessageStatus,
    reason: Option<&'a str>,
    customer: Option<&'a str>,
    customer_id: Id,
    recipient: Option<&'a str>,
    locale: &'a str,
    reward: Option<Id>,
    resend_of: Option<Id>,
    message_id: &'a str,
    tries: i64,
    next_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl View for MessageView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for MessageView<'_> {
    const DATA: EventData = EventData::Message;
}

/// Shows a message.
pub fn message(message: &Message) -> MessageView<'_> {
    MessageView {
        id: message.id,
        kind: message.kind,
        status: message.status,
        reason: message.reason.as_ref().map(Reason::as_str),
        customer: message.customer_ref.as_deref(),
        customer_id: message.customer,
        recipient: message.recipient.as_deref(),
        locale: &message.locale,
        reward: Some(message.subject).filter(|subject| RecordKind::of(*subject) == Some(RecordKind::Reward)),
        resend_of: message.resend_of,
        message_id: &message.message_id,
        tries: message.tries,
        next_at: message.next_at,
        sent_at: message.sent_at,
        created_at: message.created_at,
    }
}
