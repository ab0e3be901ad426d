//! Makes a customer known, or changes what is known: left out stays, `null` clears.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::input::nullable::nullable;
use crate::decide::input::own_name::check_external_id;
use crate::decide::people::{customer, person};
use crate::records::customer::{Attribute, CONFIRMED, Consent, UNSUBSCRIBED};
use crate::records::text::{Email, Locale, Phone, Reference, Text};
use crate::records::typed::typed_or_null;
use crate::records::{Customer, Json, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Attributes of one customer.
const ATTRIBUTES: usize = 50;
/// Declarations of consent of one customer.
const CONSENTS: usize = 200;

/// The customer's fields. The path names the customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsertCustomer {
    /// The shop's own id, from the path.
    #[serde(skip)]
    pub external_id: String,
    /// Address for mails.
    #[serde(default, deserialize_with = "typed_or_null")]
    pub email: Option<Option<Email>>,
    /// Whether the shop vouches that the address is the customer's; another address is vouched for anew.
    #[serde(default)]
    pub email_verified: Option<bool>,
    /// Phone number.
    #[serde(default, deserialize_with = "typed_or_null")]
    pub phone: Option<Option<Phone>>,
    /// Whether the shop vouches that the number is the customer's; another number is vouched for anew.
    #[serde(default)]
    pub phone_verified: Option<bool>,
    /// Full name.
    #[serde(default, deserialize_with = "typed_or_null")]
    pub name: Option<Option<Text<1, 200>>>,
    /// First name.
    #[serde(default, deserialize_with = "typed_or_null")]
    pub first_name: Option<Option<Text<1, 100>>>,
    /// Language.
    #[serde(default, deserialize_with = "typed_or_null")]
    pub locale: Option<Option<Locale>>,
    /// What the shop notes; replaces what was noted.
    #[serde(default, deserialize_with = "nullable")]
    pub attributes: Option<Option<BTreeMap<Text<1, 40>, Attribute>>>,
    /// Declarations to append.
    #[serde(default)]
    pub consents: Vec<NewConsent>,
    /// What they came with, where they sign up: [`sign_up`](crate::decide::referrals::sign_up) looks at it.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// Only this program may have brought them: id or slug.
    #[serde(default)]
    pub program: Option<Reference>,
    /// The session in which a code was typed: by whom wrong codes are counted. Never stored.
    #[serde(default)]
    pub visitor: Option<Text<0, 128>>,
}

/// A declaration of consent to append.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// What for.
    pub kind: Text<1, 64>,
    /// Given or withdrawn.
    pub given: bool,
    /// When; left out: now.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Where it was declared.
    #[serde(default)]
    pub source: Option<Text<1, 200>>,
    /// Which text was shown.
    #[serde(default)]
    pub text_version: Option<Text<1, 100>>,
}

impl NewConsent {
    /// The declaration as it is kept; one without an instant was made at `now`.
    pub fn noted(&self, now: Timestamp) -> Consent {
        Consent {
            kind: self.kind.to_string(),
            given: self.given,
            at: self.at.unwrap_or(now),
            source: self.source.as_ref().map(|text| text.to_string()),
            text_version: self.text_version.as_ref().map(|text| text.to_string()),
        }
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpsertCustomer) -> Result<Answer, Stop> {
    let (customer, is_new) = upsert(draft, command)?;
    Ok(answer(&customer, is_new))
}

/// Shows a customer who was made known, or changed.
pub(crate) fn answer(customer: &Customer, is_new: bool) -> Answer {
    let view = views::customer::customer(customer);
    if is_new { Answer::created(&view, format!("/v1/customers/{}", customer.id)) } else { Answer::ok(&view) }
}

/// Makes a customer known, or changes what is known; answers whether they were not.
pub(crate) fn upsert(draft: &mut Draft<'_>, command: &UpsertCustomer) -> Result<(Rc<Customer>, bool), Stop> {
    let id = Reference::parse(&command.external_id).map_err(|fault| Rejection::field("/external_id", fault))?;
    check_external_id(&id, "/external_id")?;
    let known = draft.find(&Customer::BY_EXTERNAL_ID, &id)?;
    if let Some(into) = known.as_ref().and_then(|known| known.merged_into) {
        let detail = format!("This customer was merged into {into}; change that one.");
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let is_new = known.is_none();
    let before = known.map_or_else(|| blank(draft, id.into_string()), |known| (*known).clone());
    let mut customer = before.clone();
    apply(&mut customer, command, draft.at())?;
    vouch(draft, &before, &mut customer, command)?;
    Ok((customer::save(draft, customer)?, is_new))
}

/// Refuses a customer of whom more is noted than is kept.
pub fn check_size(customer: &Customer) -> Result<(), Rejection> {
    if customer.attributes.len() > ATTRIBUTES {
        return Err(Rejection::field("/attributes", format!("at most {ATTRIBUTES} attributes are kept")));
    }
    // Whoever may declare so much may press as many buttons.
    let by_button = |consent: &&Consent| matches!(consent.source.as_deref(), Some(UNSUBSCRIBED | CONFIRMED));
    let pressed = customer.consents.iter().filter(by_button).count().min(CONSENTS + 1);
    if customer.consents.len() - pressed > CONSENTS {
        return Err(Rejection::field("/consents", format!("at most {CONSENTS} declarations are kept")));
    }
    Ok(())
}

fn blank(draft: &Draft<'_>, external_id: String) -> Customer {
    Customer::blank(draft.new_id("cus"), draft.shop.id, Some(external_id), draft.at())
}

/// What the shop vouches for stays vouched for as long as it is the same address.
fn vouch(draft: &Draft<'_>, before: &Customer, after: &mut Customer, command: &UpsertCustomer) -> Result<(), Stop> {
    let email = |customer: &Customer| person::addresses(draft, customer.email.as_deref(), None);
    let phone = |customer: &Customer| person::addresses(draft, None, customer.phone.as_deref());
    let asked = (email(before), email(after), phone(before), phone(after));
    let (same_email, same_phone) = (asked.0? == asked.1?, asked.2? == asked.3?);
    after.email_verified = command.email_verified.unwrap_or(before.email_verified && same_email);
    after.phone_verified = command.phone_verified.unwrap_or(before.phone_verified && same_phone);
    if after.email_verified && after.email.is_none() {
        return Err(Rejection::field("/email_verified", "there is no email to vouch for; send it along").into());
    }
    if after.phone_verified && after.phone.is_none() {
        return Err(Rejection::field("/phone_verified", "there is no phone to vouch for; send it along").into());
    }
    Ok(())
}

fn apply(customer: &mut Customer, command: &UpsertCustomer, at: Timestamp) -> Result<(), Rejection> {
    let set = |field: &mut Option<String>, given: Option<Option<String>>| {
        if let Some(given) = given {
            *field = given;
        }
    };
    set(&mut customer.email, command.email.clone().map(|email| email.map(Email::into_string)));
    set(&mut customer.phone, command.phone.clone().map(|phone| phone.map(Phone::into_string)));
    set(&mut customer.name, command.name.clone().map(|name| name.map(Text::into_string)));
    set(&mut customer.first_name, command.first_name.clone().map(|name| name.map(Text::into_string)));
    set(&mut customer.locale, command.locale.clone().map(|locale| locale.map(Locale::into_string)));
    if let Some(attributes) = &command.attributes {
        let attributes = attributes.clone().unwrap_or_default();
        customer.attributes = Json(attributes.into_iter().map(|(key, value)| (key.into_string(), value)).collect());
    }
    customer.consents.0.extend(command.consents.iter().map(|consent| consent.noted(at)));
    check_size(customer)
}
