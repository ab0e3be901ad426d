//! Somebody presses the button of the mail that asks whether they want advertising: now they do.

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced::{MARKETING, agrees};
use crate::records::customer::{ASKED, CONFIRMED, Consent};
use crate::records::message::MessageKind;
use crate::records::time::DAY_MS;
use crate::records::{Customer, Id, Message};
use crate::refusal::{Code, Rejection};
use crate::vault::Vault;
use crate::world::Stop;

/// What the mark of the address is for.
const PURPOSE: &str = "confirm consent";
/// How long the button is good, milliseconds.
const GOOD_MS: i64 = 3 * DAY_MS;

/// The mail whose button was pressed.
#[derive(Clone, Debug)]
pub struct ConfirmConsent {
    /// The mail.
    pub message: Id,
}

/// What stands in the address of the button.
pub fn token(vault: &Vault, message: Id) -> String {
    vault.marked(PURPOSE, message)
}

/// The mail that such an address names; `None`: we never wrote it.
pub fn read_token(vault: &Vault, token: &str) -> Option<Id> {
    vault.read_marked(PURPOSE, "msg", token)
}

/// Decides it. Pressed again, it is confirmed still; too late, or after the customer has changed their mind or their
/// address, it is refused.
pub fn decide(draft: &mut Draft<'_>, command: &ConfirmConsent) -> Result<Answer, Stop> {
    let over = || Rejection::new(Code::NotFound, "The button is no longer good.");
    let message = draft.get::<Message>(command.message)?.ok_or_else(over)?;
    let customer = customer_lookup::current(draft, message.customer)?;
    let is_theirs = message.kind == MessageKind::ConfirmConsent
        && message.recipient.is_some()
        && message.recipient == customer.email
        && !customer.is_erased();
    if !is_theirs {
        return Err(over().into());
    }
    if agrees(&customer) == Some(true) {
        return Ok(Answer::no_content());
    }
    let declared = customer.consents.iter().filter(|consent| consent.kind == MARKETING);
    let asked = declared.max_by_key(|consent| consent.at).filter(|last| last.source.as_deref() == Some(ASKED));
    let asked = asked.filter(|_| message.created_at.plus_ms(GOOD_MS) > draft.at()).ok_or_else(over)?;
    let given = Consent {
        kind: MARKETING.to_owned(),
        given: true,
        at: draft.at(),
        source: Some(CONFIRMED.to_owned()),
        text_version: asked.text_version.clone(),
    };
    let mut changed: Customer = (*customer).clone();
    changed.consents.0.push(given);
    changed.updated_at = draft.at();
    draft.save(changed);
    Ok(Answer::no_content())
}
