//! A pass of which a mail tells: what the kinds of mails have in common that tell of one.

use minijinja::{Value, context};

use super::gift::Gift;
use crate::delivery::mail::calendar::{CalendarFile, Entry, Method, Organizer, file};
use crate::delivery::mail::compose_error::ComposeError;
use crate::delivery::mail::facts::{Facts, Head};
use crate::records::pass::Pass;
use crate::records::{Message, RecordKind, Timestamp, Voucher};
use crate::store::queries::records::named;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;
use crate::wording::{day, say};

/// A pass, with all that is told of it.
#[derive(Clone, Debug)]
pub(in crate::delivery::mail) struct Attendance {
    /// The reward that gave it, where one did.
    pub gift: Option<Gift>,
    /// The pass.
    pub voucher: Option<Voucher>,
}

impl Attendance {
    /// Reads the one that a message tells of.
    pub(super) fn read(connection: &mut Connection, message: &Message) -> StoreResult<Self> {
        if RecordKind::of(message.subject) == Some(RecordKind::Voucher) {
            let voucher = named(connection, message.shop, message.subject)?;
            return Ok(Self { gift: None, voucher: Some(voucher) });
        }
        let gift = Gift::read(connection, message)?;
        Ok(Self { voucher: gift.voucher.clone(), gift: Some(gift) })
    }

    /// Why it was given.
    pub(super) fn because(&self, head: &Head<'_>) -> String {
        let given = || say(head.language, "mail.because.pass", &[("shop", head.name)]);
        self.gift.as_ref().map_or_else(given, |gift| gift.because(head))
    }

    /// Whether it has a code that came instead of an earlier one.
    pub(super) fn is_replaced(&self) -> bool {
        self.voucher.as_ref().is_some_and(|voucher| voucher.replaces.is_some())
    }

    /// The pass itself.
    fn pass(&self) -> Result<(&Voucher, &Pass), ComposeError> {
        let voucher = self.voucher.as_ref().ok_or(ComposeError::Lacks("its pass"))?;
        let pass = voucher.pass.as_ref().ok_or(ComposeError::Lacks("its event"))?;
        Ok((voucher, pass))
    }

    /// What a mail shows that brings the pass: its code, what its QR code says, and the entry of a calendar.
    pub(super) fn shown(&self, head: &Head<'_>, vault: &Vault) -> Result<Facts, ComposeError> {
        let (voucher, pass) = self.pass()?;
        let code = vault.open(&voucher.code_box).ok_or(ComposeError::Sealed)?;
        Ok(Facts {
            automatic_key: "mail.automatic_pass",
            code: Some(code),
            scan: Some(vault.pass_text(voucher.shop, voucher.id, &pass.event.day())),
            prose: self.gift.as_ref().and_then(|gift| gift.prose(head)),
            terms_url: self.gift.as_ref().and_then(|gift| gift.terms_url(head)),
            calendar: Some(self.entry(head, Method::Publish)?),
            own: self.values(head)?,
            ..Facts::default()
        })
    }

    /// What a mail shows that says it is no longer good.
    pub(super) fn withdrawn(&self, head: &Head<'_>) -> Result<Facts, ComposeError> {
        Ok(Facts {
            automatic_key: "mail.automatic_pass_withdrawn",
            calendar: Some(self.entry(head, Method::Cancel)?),
            own: self.values(head)?,
            ..Facts::default()
        })
    }

    fn values(&self, head: &Head<'_>) -> Result<Value, ComposeError> {
        let (voucher, pass) = self.pass()?;
        let event = &pass.event;
        let starts = at(head, pass, event.starts_at);
        let mut details = vec![say(head.language, "mail.pass.starts", &[("at", &starts)])];
        if let Some(end) = event.ends_at {
            details.push(say(head.language, "mail.pass.ends", &[("at", &at(head, pass, end))]));
        }
        details.push(say(head.language, "mail.pass.place", &[("place", &event.place)]));
        details.extend(event.address.as_deref().map(str::to_owned));
        if pass.seats > 1 {
            details.push(say(head.language, "mail.pass.seats", &[("seats", &pass.seats.to_string())]));
        }
        Ok(context! {
            event => event.name.to_string(), starts, details, url => event.url.as_deref(), hint => voucher.code_hint.clone(),
        })
    }

    /// The entry of a calendar; that of a pass with another code is the same.
    fn entry(&self, head: &Head<'_>, method: Method) -> Result<CalendarFile, ComposeError> {
        let (voucher, pass) = self.pass()?;
        let host = head.message.message_id.rsplit_once('@').map_or("localhost", |(_, host)| host);
        let own = format!("no-reply@{host}");
        let organizer = Organizer { name: head.name, email: head.shop.sender.email.as_deref().unwrap_or(&own) };
        let description = say(head.language, "mail.pass.entry", &[("shop", head.name)]);
        let (uid, written_at) = (format!("{}@{host}", voucher.counted_as), head.message.created_at);
        Ok(file(&Entry { uid, pass, description, organizer, written_at }, method))
    }
}

/// A time as people read it at the event's place; the zone is named where it is not the shop's.
fn at(head: &Head<'_>, pass: &Pass, at: Timestamp) -> String {
    let zone = pass.event.zone();
    let local = at.utc().with_timezone(&zone);
    let time = local.format("%-H:%M").to_string();
    let told = day(local.date_naive(), head.language, Some(&time));
    if zone == head.shop.zone() { told } else { format!("{told} ({})", zone.name()) }
}
