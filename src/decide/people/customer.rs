//! Whom a request names: by his id, by what it tells of him, or both.
//!
//! A guest has no `external_id`; he is found again by his address. Who is not known yet becomes known by what
//! is told of him.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::customer_lookup::{known, living, merged, named, unknown};
use crate::decide::draft::Draft;
use crate::decide::input::own_name::check_external_id;
use crate::decide::mail::outbox;
use crate::decide::people::leads::{self, Address};
use crate::decide::people::person::{self, Person};
use crate::decide::people::{address, merge};
use crate::records::text::{Email, Locale, Phone, Text};
use crate::records::typed::typed;
use crate::records::{Customer, Id, Identity};
use crate::refusal::Rejection;
use crate::world::Stop;

/// What is told of somebody. With a known customer it fills what is empty, and changes nothing else;
/// whoever gave these addresses before is the same person all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerDetails {
    /// Address for mails.
    #[serde(default, deserialize_with = "typed")]
    pub email: Option<Email>,
    /// Phone number.
    #[serde(default, deserialize_with = "typed")]
    pub phone: Option<Phone>,
    /// Full name.
    #[serde(default, deserialize_with = "typed")]
    pub name: Option<Text<1, 200>>,
    /// Language.
    #[serde(default, deserialize_with = "typed")]
    pub locale: Option<Locale>,
}

impl CustomerDetails {
    /// Whether something is told, and nothing by which a guest could be known again.
    pub fn tells_of_nobody(&self) -> bool {
        !self.has_address() && *self != Self::default()
    }

    fn has_address(&self) -> bool {
        self.email.is_some() || self.phone.is_some()
    }
}

/// Somebody who was found, or is about to become known.
#[derive(Clone, Debug)]
pub struct Found {
    /// As he is known with what was told of him.
    pub customer: Rc<Customer>,
    /// Whether something of that is new and must be kept.
    is_news: bool,
    /// The addresses that were told: he counts with whoever gave them.
    told: Vec<Address>,
}

impl Found {
    /// Somebody who is known, of whom nothing was told.
    pub fn known(customer: Rc<Customer>) -> Self {
        Self { customer, is_news: false, told: Vec::new() }
    }

    /// Whether something of what was told is new: of him, or that he counts with somebody else.
    pub fn is_news(&self, draft: &Draft<'_>) -> Result<bool, Stop> {
        Ok(self.is_news || !address::is_noted(draft, &self.customer, &self.told)?)
    }

    /// Who he is by what was told, whether that is kept or not.
    pub fn person(&self, draft: &Draft<'_>) -> Result<Person, Stop> {
        let told: Vec<Option<Rc<Identity>>> =
            self.told.iter().map(|(_, id)| draft.get::<Identity>(*id)).collect::<Result<_, _>>()?;
        let persons = told.iter().flatten().map(|identity| identity.person);
        let persons: Vec<Person> = persons.map(|id| person::with_neighbours(draft, id)).collect::<Result<_, _>>()?;
        let person = person::of(draft, &self.customer)?;
        Ok(persons.iter().fold(person, Person::with))
    }

    /// The same, of whom more is told that is new.
    pub fn with(self, customer: Customer) -> Self {
        Self { customer: Rc::new(customer), is_news: true, ..self }
    }
}

/// Whom a fact from the shop's backend is about, known or not; `None`: it names nobody, and tells no address by which
/// a guest would be known again. Nothing is kept yet. `pointer` is the place of the id; what is told stands beside it,
/// under `…_details`.
pub fn find(
    draft: &Draft<'_>,
    text: Option<&str>,
    details: Option<&CustomerDetails>,
    pointer: &str,
) -> Result<Option<Found>, Stop> {
    let nothing = CustomerDetails::default();
    let details = details.unwrap_or(&nothing);
    if text.is_none() && !details.has_address() {
        return Ok(None);
    }
    let told = person::addresses(draft, details.email.as_deref(), details.phone.as_deref());
    let named = text.map(|text| named(draft, text)).transpose();
    let told = told?;
    let known = identities(draft, &told);
    let (named, known) = (named?, known?);
    let found = match (named, text) {
        (Some(Some(customer)), _) => Some(living(merged(draft, customer)?, pointer)?),
        (_, Some(text)) if Id::parse("cus", text).is_some() => return Err(unknown(text, pointer).into()),
        (_, Some(text)) => check_external_id(text, pointer).map(|()| None)?,
        (_, None) => guest(draft, &told, pointer)?,
    };
    let found = found.unwrap_or_else(|| Rc::new(blank(draft, text, &told, &known)));
    // Whoever types the address of an account has not shown that it is his.
    let is_typed = text.is_none() && found.external_id.is_some();
    let filled = if is_typed { None } else { filled(&found, details) };
    let is_news = filled.is_some() || found.version == 0;
    Ok(Some(Found { customer: filled.map_or(found, Rc::new), is_news, told }))
}

/// The same of what somebody does by hand: an id that nobody has is a slip, and refused.
pub fn find_known(
    draft: &Draft<'_>,
    text: Option<&str>,
    details: Option<&CustomerDetails>,
    pointer: &str,
) -> Result<Option<Found>, Stop> {
    let found = find(draft, text, details, pointer);
    if let Some(text) = text {
        known(draft, text, pointer)?;
    }
    found
}

/// The same as [`find`]; who was not known becomes known, and what was told is kept.
pub fn resolve(
    draft: &mut Draft<'_>,
    text: Option<&str>,
    details: Option<&CustomerDetails>,
    pointer: &str,
) -> Result<Option<Rc<Customer>>, Stop> {
    find(draft, text, details, pointer)?.map(|found| keep(draft, found)).transpose()
}

/// Keeps what was told of somebody.
pub fn keep(draft: &mut Draft<'_>, found: Found) -> Result<Rc<Customer>, Stop> {
    let Found { customer, is_news, told } = found;
    let customer = if is_news { save(draft, (*customer).clone())? } else { customer };
    address::note_told(draft, &customer, &told)?;
    Ok(customer)
}

/// Saves a customer who is new or has changed: his addresses are noted, mails that waited for one leave, and
/// guests to whom his addresses led are merged into him where the shop vouches for them.
pub fn save(draft: &mut Draft<'_>, mut customer: Customer) -> Result<Rc<Customer>, Stop> {
    let earlier = match customer.version {
        0 => None,
        _ => draft.get::<Customer>(customer.id)?,
    };
    let led_to = address::note_own(draft, &mut customer)?;
    customer.updated_at = draft.at();
    let saved = draft.save(customer);
    if let Some(earlier) = earlier {
        leave_addresses(draft, &earlier, &saved)?;
        if let (None, Some(email)) = (&earlier.email, &saved.email) {
            outbox::release_waiting(draft, saved.id, email)?;
        }
    }
    merge::absorb(draft, saved, &led_to)
}

/// What is no longer on his record leads to him no more.
fn leave_addresses(draft: &mut Draft<'_>, before: &Customer, after: &Customer) -> Result<(), Stop> {
    let (left, now) = (leads::of(draft, before), leads::of(draft, after));
    let (mut left, now) = (left?, now?);
    left.retain(|address| !now.contains(address));
    leads::withdraw(draft, after.id, &left)
}

/// What is known of the addresses that were told, the e-mail address first.
fn identities(draft: &Draft<'_>, told: &[Address]) -> Result<Vec<Option<Rc<Identity>>>, Stop> {
    told.iter().map(|(_, id)| draft.get::<Identity>(*id)).collect()
}

/// Whom the address leads to, when only addresses are told.
fn guest(draft: &Draft<'_>, told: &[Address], pointer: &str) -> Result<Option<Rc<Customer>>, Stop> {
    if told.is_empty() {
        let detail = "an email or a phone is needed to know a guest again; send one, or name the customer";
        return Err(Rejection::field(format!("{pointer}_details"), detail).into());
    }
    leads::guest(draft, told)
}

fn blank(draft: &Draft<'_>, external_id: Option<&str>, told: &[Address], known: &[Option<Rc<Identity>>]) -> Customer {
    let id = draft.new_id("cus");
    let blank = Customer::blank(id, draft.shop.id, external_id.map(str::to_owned), draft.at());
    let person = address::named_person(&blank, told, known).unwrap_or(blank.person);
    Customer { person, ..blank }
}

/// The customer with what was empty filled in; `None`: there is nothing to fill in.
fn filled(customer: &Customer, details: &CustomerDetails) -> Option<Customer> {
    let mut told = customer.clone();
    let mut is_news = false;
    let given = [
        (&mut told.email, details.email.as_deref()),
        (&mut told.phone, details.phone.as_deref()),
        (&mut told.name, details.name.as_deref()),
        (&mut told.locale, details.locale.as_deref()),
    ];
    for (field, given) in given {
        if let (None, Some(given)) = (&field, given) {
            *field = Some(given.to_owned());
            is_news = true;
        }
    }
    is_news.then_some(told)
}
