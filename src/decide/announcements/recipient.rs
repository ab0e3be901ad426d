//! The mail by which somebody is told: one for each address, or for each person without one. A rehearsal asks this as well, and
//! counts what it comes to.

use crate::decide::conditions::asker::Asker;
use crate::decide::conditions::known;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::mail::announced::agrees;
use crate::decide::mail::{outbox, suppression};
use crate::decide::people::canonical;
use crate::records::announcement::{AnnouncementKind, Audience};
use crate::records::message::{MessageKind, MessageStatus, Withheld};
use crate::records::{Announcement, Customer, Id, Message, Segment};
use crate::world::Stop;

/// Somebody whom an announcement is for.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The mail, as it would be made.
    pub mail: Message,
    /// Whether they want advertising; `None`: they never said.
    pub agrees: Option<bool>,
}

impl Recipient {
    /// Whether the mail is kept: of advertising that may not be sent nothing is, for nobody is owed it.
    pub fn is_kept(&self, kind: AnnouncementKind) -> bool {
        let is_told = self.mail.status == MessageStatus::Queued;
        let is_unasked = self.mail.reason == Some(Withheld::NoConsent.into());
        is_told || kind != AnnouncementKind::Marketing || (!is_unasked && self.mail.status != MessageStatus::NoAddress)
    }
}

/// Whom an announcement is for, of those whom its audience led to; `None`: they do not belong to it, or were erased.
pub fn recipients(
    draft: &mut Draft<'_>,
    announcement: &Announcement,
    customers: &[Id],
) -> Result<Vec<Option<Recipient>>, Stop> {
    draft.each(customers, |draft, id| {
        let customer = customer_lookup::current(draft, *id)?;
        if customer.is_erased() || !belongs(draft, announcement, &customer)? {
            return Ok(None);
        }
        recipient(draft, announcement, &customer).map(Some)
    })
}

/// Of a segment with a condition everybody is looked at; of all other audiences only those who belong to them.
fn belongs(draft: &Draft<'_>, announcement: &Announcement, customer: &Customer) -> Result<bool, Stop> {
    let Audience::Segment(key) = &announcement.audience.0 else { return Ok(true) };
    match draft.find(&Segment::BY_KEY, key)? {
        Some(segment) if segment.tree.is_some() => {
            let asker = Asker::of_sharer(draft, std::rc::Rc::new(customer.clone()))?;
            known::belongs(draft, &asker, &segment)
        }
        Some(_) => Ok(true),
        None => Ok(false),
    }
}

fn recipient(draft: &Draft<'_>, announcement: &Announcement, customer: &Customer) -> Result<Recipient, Stop> {
    let id = mail_id(draft, announcement.id, customer);
    let locale = announcement.locale_for(customer.locale.as_deref(), draft.shop.locale());
    let mut mail = outbox::mail_of(draft, customer, (MessageKind::Announcement, announcement.id), (id, locale));
    let agrees = agrees(customer);
    if let Some(address) = &mail.recipient
        && mail.status == MessageStatus::Queued
        && suppression::find(draft, address)?.is_some()
    {
        outbox::suppress(&mut mail, Withheld::AddressSuppressed);
    }
    if announcement.kind == AnnouncementKind::Marketing && agrees != Some(true) {
        outbox::suppress(&mut mail, Withheld::NoConsent);
    }
    if !announcement.kind.is_urgent() {
        // Whoever has an address in a year is not to hear of the holidays of this one.
        mail.waiting_for = None;
    }
    Ok(Recipient { mail, agrees })
}

/// Made of the announcement and the address, however it is spelled: so the database itself refuses that somebody is told
/// twice.
fn mail_id(draft: &Draft<'_>, announcement: Id, customer: &Customer) -> Id {
    let whom = match customer.email.as_deref() {
        Some(address) => {
            draft.installation.vault.identity_hash(draft.shop.id, &format!("told:{}", canonical::email(address)))
        }
        None => customer.id.to_string(),
    };
    Id::of("msg", &[&announcement.to_string(), &whom]).beside(Some(announcement))
}
