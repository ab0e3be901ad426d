//! A customer of an import.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::decide::imports::taken::Taken;
use crate::decide::input::own_name::check_external_id;
use crate::decide::people::customer::{CustomerDetails, find, keep};
use crate::decide::people::upsert_customer::{self, NewConsent};
use crate::decide::people::{leads, person};
use crate::records::Customer;
use crate::records::customer::Attribute;
use crate::records::identity::IdentityKind;
use crate::records::text::{Email, Locale, Phone, Reference, Text};
use crate::records::typed::typed;
use crate::world::Stop;

/// A customer; one who is known already gets what is empty filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerLine {
    /// The shop's own id.
    pub external_id: Reference,
    /// Address for mails.
    #[serde(default, deserialize_with = "typed")]
    pub email: Option<Email>,
    /// Whether the shop vouches that the address is the customer's.
    #[serde(default)]
    pub email_verified: bool,
    /// Phone number.
    #[serde(default, deserialize_with = "typed")]
    pub phone: Option<Phone>,
    /// Whether the shop vouches that the number is the customer's.
    #[serde(default)]
    pub phone_verified: bool,
    /// Full name.
    #[serde(default, deserialize_with = "typed")]
    pub name: Option<Text<1, 200>>,
    /// First name.
    #[serde(default, deserialize_with = "typed")]
    pub first_name: Option<Text<1, 100>>,
    /// Language.
    #[serde(default, deserialize_with = "typed")]
    pub locale: Option<Locale>,
    /// What the shop notes.
    #[serde(default)]
    pub attributes: BTreeMap<Text<1, 40>, Attribute>,
    /// Declarations of consent; those that are known already are not appended again.
    #[serde(default)]
    pub consents: Vec<NewConsent>,
}

impl CustomerLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        check_external_id(&self.external_id, "/external_id")?;
        let details = CustomerDetails {
            email: self.email.clone(),
            phone: self.phone.clone(),
            name: self.name.clone(),
            locale: self.locale.clone(),
        };
        let found = find(draft, Some(&self.external_id), Some(&details), "/external_id")?;
        let Some(found) = found else { return Ok(Taken::Known) };
        let mut customer = (*found.customer).clone();
        let found = if self.fill(&mut customer, draft)? { found.with(customer) } else { found };
        if !found.is_news(draft)? {
            return Ok(Taken::Known);
        }
        keep(draft, found)?;
        Ok(Taken::News)
    }

    /// Vouches for the line's addresses where they stand on the record; answers whether that is new.
    fn vouch(&self, customer: &mut Customer, draft: &Draft<'_>) -> Result<bool, Stop> {
        let before = (customer.email_verified, customer.phone_verified);
        let told = person::addresses(draft, self.email.as_deref(), self.phone.as_deref())?;
        let own = leads::of(draft, customer)?;
        for (kind, _) in own.iter().filter(|own| told.contains(own)) {
            match kind {
                IdentityKind::Email => customer.email_verified |= self.email_verified,
                IdentityKind::Phone => customer.phone_verified |= self.phone_verified,
            }
        }
        Ok((customer.email_verified, customer.phone_verified) != before)
    }

    /// Fills in what is empty beside the addresses; answers whether anything was.
    fn fill(&self, customer: &mut Customer, draft: &Draft<'_>) -> Result<bool, Stop> {
        let mut is_news = self.vouch(customer, draft)?;
        if let (None, Some(first_name)) = (&customer.first_name, &self.first_name) {
            customer.first_name = Some(first_name.to_string());
            is_news = true;
        }
        for (key, value) in &self.attributes {
            if !customer.attributes.contains_key(&**key) {
                customer.attributes.0.insert(key.to_string(), value.clone());
                is_news = true;
            }
        }
        for consent in self.consents.iter().map(|consent| consent.noted(draft.at())) {
            let is_known = customer.consents.iter().any(|known| {
                (&known.kind, known.given, &known.source) == (&consent.kind, consent.given, &consent.source)
                    && (known.at == consent.at || consent.at == draft.at())
            });
            if !is_known {
                customer.consents.0.push(consent);
                is_news = true;
            }
        }
        upsert_customer::check_size(customer)?;
        Ok(is_news)
    }
}
