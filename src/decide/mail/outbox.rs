//! Queueing mails: what is about to be said, to whom, and whether it may leave.
//!
//! A message names its kind and its subject; its words are made when it leaves, by `delivery::mail`.

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced;
use crate::records::benefit::BenefitKind;
use crate::records::message::{MessageKind, MessageStatus, Reason, Withdrawal, Withheld};
use crate::records::shop::{MailSwitch, Mode};
use crate::records::{Customer, Id, Json, Message, Reward, Shop};
use crate::world::Stop;

/// A mail of a kind about a record, to a customer at his address. It leaves when it is saved, unless the shop does not
/// want it to.
pub fn mail_to(draft: &Draft<'_>, customer: &Customer, kind: MessageKind, subject: Id) -> Message {
    let mut message = blank(draft, draft.new_id("msg"), kind, customer, subject);
    address(draft, &mut message, customer.email.clone());
    message
}

/// The same under an id that tells it from others of its kind, in a locale in which it is written.
pub fn mail_of(
    draft: &Draft<'_>,
    customer: &Customer,
    (kind, subject): (MessageKind, Id),
    (id, locale): (Id, String),
) -> Message {
    let mut message = Message { locale, ..blank(draft, id, kind, customer, subject) };
    address(draft, &mut message, customer.email.clone());
    message
}

/// Queues the mail that tells a customer of his issued reward.
pub fn queue_reward_mail(draft: &mut Draft<'_>, reward: &Reward, customer: &Customer) -> Result<Id, Stop> {
    let kind = match reward.benefit.kind {
        BenefitKind::StoreCredit => MessageKind::CreditIssued,
        BenefitKind::PercentOff | BenefitKind::AmountOff | BenefitKind::FreeShipping | BenefitKind::GiftCard => {
            MessageKind::VoucherIssued
        }
        BenefitKind::FreeProduct | BenefitKind::Custom => MessageKind::RewardFulfilled,
        BenefitKind::EventPass => MessageKind::PassIssued,
    };
    let mut message = mail_to(draft, customer, kind, reward.id);
    if announced::is_reward_unasked(draft, reward, customer)? {
        suppress(&mut message, Withheld::NoConsent);
    }
    Ok(draft.save(message).id)
}

/// The message stays where it is.
pub fn suppress(message: &mut Message, why: Withheld) {
    message.status = MessageStatus::Suppressed;
    message.reason = Some(why.into());
    (message.waiting_for, message.next_at) = (None, None);
}

/// Queues the mail that tells a customer what was taken of a reward; he who was never told of the
/// reward is not told of that. What has not left yet tells of it as it is, or stays.
pub fn queue_withdrawal(draft: &mut Draft<'_>, reward: &Reward, withdrawal: Withdrawal) -> Result<(), Stop> {
    let told = reward.message.map(|message| draft.expect::<Message>(message)).transpose();
    let (customer, told) = (customer_lookup::current(draft, reward.customer)?, told?);
    if customer.is_erased() || !told.is_some_and(|message| has_told(&message)) {
        return Ok(());
    }
    let kind = match reward.benefit.kind {
        BenefitKind::EventPass => MessageKind::PassWithdrawn,
        _ => MessageKind::RewardWithdrawn,
    };
    let message = mail_to(draft, &customer, kind, reward.id);
    draft.save(Message { withdrawal: Json(Some(withdrawal)), ..message });
    Ok(())
}

/// Whether the customer of a reward was told of it, or may have been.
pub fn was_told(draft: &Draft<'_>, reward: &Reward) -> Result<bool, Stop> {
    let told = reward.message.map(|message| draft.expect::<Message>(message)).transpose()?;
    Ok(told.is_some_and(|message| has_told(&message)))
}

/// Whether a mail, or one that it repeats, has left or may have. In a test shop those count that would
/// have left.
fn has_told(message: &Message) -> bool {
    let would_have = message.status == MessageStatus::Suppressed && message.reason == Some(Withheld::TestShop.into());
    let may_have = matches!(message.status, MessageStatus::Sending | MessageStatus::Sent | MessageStatus::Uncertain);
    message.was_told || would_have || may_have
}

/// The same mail once more.
pub fn repeat(draft: &Draft<'_>, earlier: &Message, customer: &Customer, recipient: Option<String>) -> Message {
    let mut message = blank(draft, draft.new_id("msg"), earlier.kind, customer, earlier.subject);
    message.resend_of = Some(earlier.id);
    message.was_told = has_told(earlier);
    message.withdrawal = earlier.withdrawal.clone();
    address(draft, &mut message, recipient);
    message
}

/// The customer has an address now: what waited for it leaves.
pub fn release_waiting(draft: &mut Draft<'_>, customer: Id, recipient: &str) -> Result<(), Stop> {
    for message in draft.list(&Message::WAITING_FOR, customer)? {
        if message.status == MessageStatus::NoAddress {
            let mut released = (*message).clone();
            address(draft, &mut released, Some(recipient.to_owned()));
            draft.save(released);
        }
    }
    Ok(())
}

/// A customer was merged into another: what waited for his address waits for the other's.
pub fn hand_over(draft: &mut Draft<'_>, from: Id, into: &Customer) -> Result<(), Stop> {
    for message in draft.list(&Message::WAITING_FOR, from)? {
        let mut handed = (*message).clone();
        handed.customer = into.id;
        handed.customer_ref = into.external_id.clone();
        address(draft, &mut handed, into.email.clone());
        draft.save(handed);
    }
    Ok(())
}

/// A message that is not addressed yet.
fn blank(draft: &Draft<'_>, id: Id, kind: MessageKind, customer: &Customer, subject: Id) -> Message {
    Message {
        id,
        shop: draft.shop.id,
        version: 0,
        kind,
        customer: customer.id,
        customer_ref: customer.external_id.clone(),
        recipient: None,
        locale: customer.locale.clone().unwrap_or_else(|| draft.shop.locale().to_owned()),
        status: MessageStatus::NoAddress,
        reason: None,
        tries: 0,
        next_at: None,
        sent_at: None,
        message_id: message_id(id, &draft.installation.public_url),
        resend_of: None,
        was_told: false,
        repeated: false,
        waiting_for: None,
        subject,
        withdrawal: Json(None),
        created_at: draft.at(),
    }
}

/// `Message-ID`, without brackets: made of the message's id, so that each try says the same.
fn message_id(id: Id, public_url: &str) -> String {
    let host = url::Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    format!("{id}@{}", host.as_deref().unwrap_or("localhost"))
}

/// Gives a message its address, by which follows whether it leaves, waits or stays.
fn address(draft: &Draft<'_>, message: &mut Message, recipient: Option<String>) {
    message.recipient = recipient;
    let why = hindrance_now(draft, message);
    message.status = match (why, &message.recipient) {
        (Some(_), _) => MessageStatus::Suppressed,
        (None, None) => MessageStatus::NoAddress,
        (None, Some(_)) => MessageStatus::Queued,
    };
    message.reason = why.map(Reason::from);
    message.waiting_for = (message.status == MessageStatus::NoAddress).then_some(message.customer);
    message.next_at = (message.status == MessageStatus::Queued).then_some(draft.context.real_at);
}

/// Why a message must not leave, by what the shop wants now.
pub fn hindrance_now(draft: &Draft<'_>, message: &Message) -> Option<Withheld> {
    let is_off = message.kind.switch(&draft.shop.mail) == MailSwitch::Off;
    if is_off { Some(Withheld::MailOff) } else { hindrance(&draft.shop, message.recipient.as_deref()?) }
}

fn hindrance(shop: &Shop, recipient: &str) -> Option<Withheld> {
    let is_wanted =
        shop.mode == Mode::Live || shop.test_recipients.iter().any(|each| each.eq_ignore_ascii_case(recipient));
    (!is_wanted).then_some(Withheld::TestShop)
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
