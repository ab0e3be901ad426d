//! Addresses that take no mails: noted when one comes back for good, looked at when one is about to leave.

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::bounce::Status;
use crate::records::text::Email;
use crate::records::{Id, Message, Suppression};
use crate::world::Stop;

/// Nothing is sent any more to the address that a mail went to.
pub fn note(draft: &mut Draft<'_>, message: &Message, status: Status) -> Result<(), Stop> {
    let customer = customer_lookup::current(draft, message.customer)?;
    let Some(id) = message.recipient.as_deref().and_then(|address| id_of(draft, address)) else { return Ok(()) };
    if draft.get::<Suppression>(id)?.is_none() {
        draft.save(Suppression {
            id,
            shop: draft.shop.id,
            version: 0,
            customer: Some(customer.id),
            message: message.id,
            status: status.to_string(),
            created_at: draft.at(),
        });
    }
    Ok(())
}

/// Whether nothing is sent to an address.
pub fn find(draft: &Draft<'_>, address: &str) -> Result<Option<Rc<Suppression>>, Stop> {
    match id_of(draft, address) {
        Some(id) => draft.get::<Suppression>(id),
        None => Ok(None),
    }
}

/// A mailbox is the same in whatever case it is written.
fn id_of(draft: &Draft<'_>, address: &str) -> Option<Id> {
    let mailbox = Email::parse(address).ok()?.mailbox()?.to_string().to_lowercase();
    let hash = draft.installation.vault.identity_hash(draft.shop.id, &format!("mailbox:{mailbox}"));
    Some(Suppression::id_of(draft.shop.id, &hash))
}
