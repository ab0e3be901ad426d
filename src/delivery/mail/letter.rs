//! A message with all that its mail is made of.

use super::facts::Topic;
use super::kinds;
use super::templates::Sources;
use crate::records::announcement::AnnouncementKind;
use crate::records::grant::Purpose;
use crate::records::message::StandsWith;
use crate::records::text::language_of;
use crate::records::{Announcement, Customer, Grant, Id, Message, RecordKind, Reward, Shop, Template};
use crate::store::queries::records::{get, named};
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
    /// Whether it is advertising, which people may stop.
    pub(super) is_marketing: bool,
    /// What the shop writes in place of our template.
    pub(super) own: Option<Sources>,
    /// What it speaks of.
    pub(super) topic: Box<dyn Topic>,
}

/// Reads it.
pub(super) fn read(connection: &mut Connection, shop: Id, message: Id, public_url: String) -> StoreResult<Letter> {
    let message: Message = named(connection, shop, message)?;
    let is_marketing = is_marketing(connection, &message)?;
    Ok(Letter {
        is_marketing,
        own: own(connection, &message)?,
        shop: named(connection, shop, shop)?,
        customer: named(connection, shop, message.customer)?,
        topic: kinds::read(connection, &message)?,
        public_url,
        message,
    })
}

/// What nobody asked for and nobody earned is advertising.
fn is_marketing(connection: &mut Connection, message: &Message) -> StoreResult<bool> {
    match RecordKind::of(message.subject) {
        Some(RecordKind::Reward) => {}
        Some(RecordKind::Announcement) => {
            let announcement: Announcement = named(connection, message.shop, message.subject)?;
            return Ok(announcement.kind == AnnouncementKind::Marketing);
        }
        _ => return Ok(message.kind.stands_with() == StandsWith::Voucher),
    }
    let reward: Reward = named(connection, message.shop, message.subject)?;
    match reward.grant_id {
        Some(grant) => Ok(named::<Grant>(connection, message.shop, grant)?.purpose == Some(Purpose::Promotion)),
        None => Ok(false),
    }
}

/// The shop's own template in the locale of a mail, or in its language.
fn own(connection: &mut Connection, message: &Message) -> StoreResult<Option<Sources>> {
    for locale in [message.locale.as_str(), language_of(&message.locale)] {
        let id = Template::id_of(message.shop, message.kind, locale);
        if let Some(template) = get::<Template>(connection, message.shop, id)? {
            return Ok(Some(Sources::of(&template)));
        }
    }
    Ok(None)
}
