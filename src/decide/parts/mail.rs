//! Queueing mails: what is about to be said, to whom, and whether it may leave.
//!
//! A message names its reward; its words are made when it leaves, by `delivery::mail`.

use crate::decide::draft::Draft;
use crate::records::benefit::BenefitKind;
use crate::records::message::{MessageKind, MessageStatus};
use crate::records::shop::{MailSwitch, Mode};
use crate::records::{Customer, Id, Message, Reward, Shop};
use crate::world::Stop;

/// Why a message does not leave: the shop has switched its kind off.
pub const MAIL_OFF: &str = "mail_off";
/// Why a message does not leave: a test shop writes to its test recipients alone.
pub const TEST_SHOP: &str = "test_shop";
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
    Ok(draft.save(message).id)
}

/// The same mail once more.
pub fn repeat(draft: &Draft<'_>, earlier: &Message, customer: &Customer, recipient: Option<String>) -> Message {
    let mut message = blank(draft, earlier.kind, customer, earlier.reward);
    message.resend_of = Some(earlier.id);
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
        message_id: message_id(id, &draft.house.public_url),
        resend_of: None,
        repeated: false,
        waiting_for: None,
        reward,
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
    message.status = match (&recipient, hindrance) {
        _ if is_off(&draft.shop) => MessageStatus::Suppressed,
        (None, _) => MessageStatus::NoAddress,
        (Some(_), Some(_)) => MessageStatus::Suppressed,
        (Some(_), None) => MessageStatus::Queued,
    };
    message.reason = if is_off(&draft.shop) { Some(MAIL_OFF) } else { hindrance }.map(str::to_owned);
    message.waiting_for = (message.status == MessageStatus::NoAddress).then_some(message.customer);
    message.next_at = (message.status == MessageStatus::Queued).then_some(draft.context.real_at);
    message.recipient = recipient;
}

fn is_off(shop: &Shop) -> bool {
    shop.mail.voucher_issued == MailSwitch::Off
}

fn hindrance(shop: &Shop, recipient: &str) -> Option<&'static str> {
    let is_wanted =
        shop.mode == Mode::Live || shop.test_recipients.iter().any(|each| each.eq_ignore_ascii_case(recipient));
    (!is_wanted).then_some(TEST_SHOP)
}
