//! A message with all that its mail is made of.

use super::facts::Topic;
use super::kinds;
use crate::records::{Customer, Id, Message, Shop};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};

/// A message with all that its mail is made of.
pub(super) struct Letter {
    pub(super) message: Message,
    /// Who writes.
    pub(super) shop: Shop,
    /// To whom.
    pub(super) customer: Customer,
    /// What the installation's links begin with; a shop may have its own.
    pub(super) public_url: String,
    /// What it speaks of.
    pub(super) topic: Box<dyn Topic>,
}

/// Reads it.
pub(super) fn read(connection: &mut Connection, shop: Id, message: Id, public_url: String) -> StoreResult<Letter> {
    let message: Message = named(connection, shop, message)?;
    Ok(Letter {
        shop: named(connection, shop, shop)?,
        customer: named(connection, shop, message.customer)?,
        topic: kinds::read(connection, &message)?,
        public_url,
        message,
    })
}
