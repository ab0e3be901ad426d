//! Queueing mails: what is about to be said, to whom, and whether it may leave.
//!
//! A message names its reward; its words are made when it leaves, by `delivery::mail`.

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::records::benefit::BenefitKind;
use crate::records::grant::Purpose;
use crate::records::message::{MessageKind, MessageStatus, Withdrawal};
use crate::records::shop::{MailSwitch, Mode};
use crate::records::{Customer, Grant, Id, Json, Message, Reward, Shop};
use crate::world::Stop;

/// Why a message does not leave: the shop has switched its kind off.
pub const MAIL_OFF: &str = "mail_off";
/// Why a message does not leave: a test shop writes to its test recipients alone.
pub const TEST_SHOP: &str = "test_shop";
/// Why a message does not leave: it would be advertising, and the customer never asked for that.
pub const NO_CONSENT: &str = "no_consent";
/// The consent that advertising by mail needs.
const MARKETING: &str = "marketing_mail";
/// Why a message does not leave: what it tells of was withdrawn meanwhile.
pub const WITHDRAWN: &str = "withdrawn";

/// Queues the mail that tells a customer of his issued reward.
pub fn queue_reward_mail(draft: &mut Draft<'_>, reward: &Reward, customer: &Customer) -> Result<Id, Stop> {
    let kind = match reward.benefit.kind {
        BenefitKind::StoreCredit => MessageKind::CreditIssued,
        _ => MessageKind::VoucherIssued,
    };
    let mut message = blank(draft, kind, customer, reward.id);
    address(draft, &mut message, customer.email.clone());
    if is_unasked(draft, reward, customer)? {
        suppress(&mut message);
    }
    Ok(draft.save(message).id)
}

/// Whether a mail about a reward would be advertising to somebody who never agreed to that.
pub fn is_unasked(draft: &Draft<'_>, reward: &Reward, customer: &Customer) -> Result<bool, Stop> {
    let Some(grant) = reward.grant_id else { return Ok(false) };
    let is_promotion = draft.expect::<Grant>(grant)?.purpose == Some(Purpose::Promotion);
    let declared = customer.consents.iter().filter(|consent| consent.kind == MARKETING);
    let agrees = declared.max_by_key(|consent| consent.at).is_some_and(|consent| consent.given);
    Ok(is_promotion && !agrees)
}

/// The message stays where it is.
pub fn suppress(message: &mut Message) {
    message.status = MessageStatus::Suppressed;
    message.reason = Some(NO_CONSENT.to_owned());
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
    let mut message = blank(draft, MessageKind::RewardWithdrawn, &customer, reward.id);
    message.withdrawal = Json(Some(withdrawal));
    address(draft, &mut message, customer.email.clone());
    draft.save(message);
    Ok(())
}

/// Whether a mail, or one that it repeats, has left or may have. In a test shop those count that would
/// have left.
fn has_told(message: &Message) -> bool {
    let would_have = message.status == MessageStatus::Suppressed && message.reason.as_deref() == Some(TEST_SHOP);
    let may_have = matches!(message.status, MessageStatus::Sending | MessageStatus::Sent | MessageStatus::Uncertain);
    message.was_told || would_have || may_have
}

/// The same mail once more.
pub fn repeat(draft: &Draft<'_>, earlier: &Message, customer: &Customer, recipient: Option<String>) -> Message {
    let mut message = blank(draft, earlier.kind, customer, earlier.reward);
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
fn blank(draft: &Draft<'_>, kind: MessageKind, customer: &Customer, reward: Id) -> Message {
    let id = draft.new_id("msg");
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
        reward,
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
    let hindrance = recipient.as_deref().and_then(|recipient| hindrance(&draft.shop, recipient));
    let is_off = is_off(&draft.shop, message.kind);
    message.status = match (&recipient, hindrance) {
        _ if is_off => MessageStatus::Suppressed,
        (None, _) => MessageStatus::NoAddress,
        (Some(_), Some(_)) => MessageStatus::Suppressed,
        (Some(_), None) => MessageStatus::Queued,
    };
    message.reason = if is_off { Some(MAIL_OFF) } else { hindrance }.map(str::to_owned);
    message.waiting_for = (message.status == MessageStatus::NoAddress).then_some(message.customer);
    message.next_at = (message.status == MessageStatus::Queued).then_some(draft.context.real_at);
    message.recipient = recipient;
}

/// Why a message that is about to leave must not: the shop has changed its mind since it was queued.
pub fn hindrance_now(draft: &Draft<'_>, message: &Message) -> Option<&'static str> {
    let off = is_off(&draft.shop, message.kind).then_some(MAIL_OFF);
    off.or_else(|| message.recipient.as_deref().and_then(|recipient| hindrance(&draft.shop, recipient)))
}

fn is_off(shop: &Shop, kind: MessageKind) -> bool {
    let switch = match kind {
        MessageKind::VoucherIssued | MessageKind::CreditIssued => shop.mail.voucher_issued,
        MessageKind::RewardWithdrawn => shop.mail.reward_withdrawn,
    };
    switch == MailSwitch::Off
}

fn hindrance(shop: &Shop, recipient: &str) -> Option<&'static str> {
    let is_wanted =
        shop.mode == Mode::Live || shop.test_recipients.iter().any(|each| each.eq_ignore_ascii_case(recipient));
    (!is_wanted).then_some(TEST_SHOP)
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
