//! Somebody wants no more advertising: by the button of their mail program, or by the one on our page.

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced::{MARKETING, agrees};
use crate::records::customer::{Consent, UNSUBSCRIBED};
use crate::records::{Customer, Id, Message};
use crate::refusal::{Code, Rejection};
use crate::vault::Vault;
use crate::world::Stop;

/// What the mark of the address is for.
const PURPOSE: &str = "unsubscribe";

/// The mail whose button was pressed.
#[derive(Clone, Debug)]
pub struct Unsubscribe {
    /// The mail.
    pub message: Id,
}

/// What stands in the address of a mail's button.
pub fn token(vault: &Vault, message: Id) -> String {
    vault.marked(PURPOSE, message)
}

/// The mail that such an address names; `None`: we never wrote it.
pub fn read_token(vault: &Vault, token: &str) -> Option<Id> {
    vault.read_marked(PURPOSE, "msg", token)
}

/// Decides it: the consent is withdrawn. Pressed again, it is still.
pub fn decide(draft: &mut Draft<'_>, command: &Unsubscribe) -> Result<Answer, Stop> {
    let message = draft.get::<Message>(command.message)?;
    let message = message.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such mail."))?;
    let customer = customer_lookup::current(draft, message.customer)?;
    if !customer.is_erased() && agrees(&customer) != Some(false) {
        let mut changed: Customer = (*customer).clone();
        changed.consents.0.push(Consent {
            kind: MARKETING.to_owned(),
            given: false,
            at: draft.at(),
            source: Some(UNSUBSCRIBED.to_owned()),
            text_version: None,
        });
        changed.updated_at = draft.at();
        draft.save(changed);
    }
    Ok(Answer::no_content())
}
