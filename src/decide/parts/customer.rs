//! Whom a request names: by his id, by what it tells of him, or both.
//!
//! A guest has no `external_id`; he is found again by his addresses. Who is not known yet becomes
//! known by what is told of him.

use std::rc::Rc;

use serde::Deserialize;

use super::{mail, merge, person};
use crate::decide::draft::Draft;
use crate::records::identity::IdentityKind;
use crate::records::text::{Email, Locale, Phone, Text};
use crate::records::{Customer, Id, Identity, Person};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// What is told of somebody. With a known customer it fills what is empty, and changes nothing else;
/// whoever gave these addresses before is the same person all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerDetails {
    /// Address for mails.
    #[serde(default)]
    pub email: Option<Email>,
    /// Phone number.
    #[serde(default)]
    pub phone: Option<Phone>,
    /// Full name.
    #[serde(default)]
    pub name: Option<Text<1, 200>>,
    /// Language.
    #[serde(default)]
    pub locale: Option<Locale>,
}

/// Somebody who was found, or is about to become known.
#[derive(Clone, Debug)]
pub struct Found {
    /// As he is known with what was told of him.
    pub customer: Rc<Customer>,
    /// Whether something of that is new and must be kept.
    is_news: bool,
    /// The persons of what was told: they are he.
    persons: Vec<Id>,
}

impl Found {
    /// Somebody who is known, of whom nothing was told.
    pub fn known(customer: Rc<Customer>) -> Self {
        Self { customer, is_news: false, persons: Vec::new() }
    }

    /// Whether something of what was told is new: of him, or that somebody known apart is he.
    pub fn is_news(&self, draft: &Draft<'_>) -> Result<bool, Stop> {
        let asked: Vec<_> = self.persons.iter().map(|id| person::are_one(draft, *id, self.customer.person)).collect();
        let are_one: Vec<bool> = asked.into_iter().collect::<Result<_, _>>()?;
        Ok(self.is_news || are_one.contains(&false))
    }

    /// The same, of whom more is told that is new.
    pub fn with(self, customer: Customer) -> Self {
        Self { customer: Rc::new(customer), is_news: true, ..self }
    }
}

/// The customer with this `external_id`, or with this id of ours.
pub fn named(draft: &Draft<'_>, text: &str) -> Result<Option<Rc<Customer>>, Stop> {
    match Id::parse("cus", text) {
        Some(id) => draft.get::<Customer>(id),
        None => draft.find(&Customer::BY_EXTERNAL_ID, text),
    }
}

/// The same, or the one into whom he was merged; refuses when there is none, or no longer.
pub fn known(draft: &Draft<'_>, text: &str, pointer: &str) -> Result<Rc<Customer>, Stop> {
    let found = named(draft, text)?.ok_or_else(|| unknown(text, pointer))?;
    living(merged(draft, found)?, pointer)
}

/// The customer, unless he was erased.
pub fn living(customer: Rc<Customer>, pointer: &str) -> Result<Rc<Customer>, Stop> {
    if customer.is_erased() {
        let detail = format!("{} was erased; nothing new can be given to this id.", customer.id);
        return Err(Rejection::at(Code::Erased, pointer, detail).into());
    }
    Ok(customer)
}

/// The customer of an id that a record names, or the one into whom he was merged since.
pub fn current(draft: &Draft<'_>, id: Id) -> Result<Rc<Customer>, Stop> {
    merged(draft, draft.expect::<Customer>(id)?)
}

/// The customer, or the one into whom he was merged.
pub fn merged(draft: &Draft<'_>, customer: Rc<Customer>) -> Result<Rc<Customer>, Stop> {
    match customer.merged_into {
        Some(into) => draft.expect::<Customer>(into),
        None => Ok(customer),
    }
}

/// There is no such customer.
pub fn unknown(text: &str, pointer: &str) -> Rejection {
    Rejection::at(
        Code::CustomerUnknown,
        pointer,
        format!("There is no customer {text}; make the customer known with PUT /v1/customers/{{external_id}} first."),
    )
}

/// Whom a request names, known or not; `None`: it names nobody. Nothing is kept yet. `pointer` is the
/// place of the id; what is told stands beside it, under `…_details`.
pub fn find(
    draft: &Draft<'_>,
    text: Option<&str>,
    details: Option<&CustomerDetails>,
    pointer: &str,
) -> Result<Option<Found>, Stop> {
    let Some(details) = details else {
        let customer = text.map(|text| known(draft, text, pointer)).transpose()?;
        return Ok(customer.map(Found::known));
    };
    let named = text.map(|text| named(draft, text)).transpose();
    let identities = identities(draft, details);
    let (named, identities) = (named?, identities?);
    let found = match (named, text) {
        (Some(Some(customer)), _) => Some(living(merged(draft, customer)?, pointer)?),
        (_, Some(text)) if Id::parse("cus", text).is_some() => return Err(unknown(text, pointer).into()),
        (_, Some(_)) => None,
        (_, None) => guest(draft, details, &identities, pointer)?,
    };
    let found = found.unwrap_or_else(|| Rc::new(blank(draft, text, &identities)));
    let told = filled(&found, details);
    let is_news = told.is_some() || found.version == 0;
    let persons = identities.iter().map(|(_, identity)| identity.person);
    let persons = persons.filter(|person| *person != found.person).collect();
    Ok(Some(Found { customer: told.map_or(found, Rc::new), is_news, persons }))
}

/// The same; who was not known becomes known, and what was told is kept.
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
    let Found { customer, is_news, persons } = found;
    let customer = if is_news { save(draft, (*customer).clone())? } else { customer };
    for person in persons {
        person::unite(draft, customer.person, person)?;
    }
    Ok(customer)
}

/// Saves a customer who is new or has changed: his addresses lead to him, mails that waited for one
/// leave, and guests who turn out to be he are merged into him.
pub fn save(draft: &mut Draft<'_>, mut customer: Customer) -> Result<Rc<Customer>, Stop> {
    let had_address = match customer.version {
        0 => true,
        _ => draft.get::<Customer>(customer.id)?.is_none_or(|earlier| earlier.email.is_some()),
    };
    let led_to = person::note_addresses(draft, &mut customer)?;
    customer.updated_at = draft.at();
    let saved = draft.save(customer);
    if let (false, Some(email)) = (had_address, &saved.email) {
        mail::release_waiting(draft, saved.id, email)?;
    }
    merge::absorb(draft, saved, &led_to)
}

type Known = (IdentityKind, Rc<Identity>);

/// What is known of the addresses that were told, the e-mail address first.
fn identities(draft: &Draft<'_>, details: &CustomerDetails) -> Result<Vec<Known>, Stop> {
    let given = person::addresses(draft, details.email.as_deref(), details.phone.as_deref());
    let asked: Vec<_> = given.iter().map(|(_, id)| draft.get::<Identity>(*id)).collect();
    let asked: Vec<_> = asked.into_iter().collect::<Result<_, _>>()?;
    Ok(given.into_iter().zip(asked).filter_map(|((kind, _), known)| Some((kind, known?))).collect())
}

/// Whom the addresses lead to, when only they are told. A phone that is shared does not lead a person
/// with an e-mail address of his own to somebody else's account.
fn guest(
    draft: &Draft<'_>,
    details: &CustomerDetails,
    identities: &[Known],
    pointer: &str,
) -> Result<Option<Rc<Customer>>, Stop> {
    if person::addresses(draft, details.email.as_deref(), details.phone.as_deref()).is_empty() {
        let detail = "an email or a phone is needed to know a guest again; send one, or name the customer";
        return Err(Rejection::field(format!("{pointer}_details"), detail).into());
    }
    let led_to: Vec<Id> = identities.iter().filter_map(|(_, identity)| identity.customer).collect();
    for (_, identity) in identities {
        draft.foresee::<Person>(identity.person);
    }
    if let [one, other] = led_to[..]
        && one != other
    {
        merge::foresee(draft, other, one);
    }
    for (kind, identity) in identities {
        let Some(customer) = identity.customer else { continue };
        let customer = current(draft, customer)?;
        let is_others = customer.email.is_some() && details.email.is_some();
        if *kind == IdentityKind::Email || !is_others {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

fn blank(draft: &Draft<'_>, external_id: Option<&str>, identities: &[Known]) -> Customer {
    let id = draft.new_id("cus");
    let mut customer = Customer::blank(id, draft.shop.id, external_id.map(str::to_owned), draft.at());
    if let Some((_, identity)) = identities.first() {
        customer.person = identity.person;
    }
    customer
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
