//! Persons: whatever counts per customer counts them. Two customers are one person when they share a
//! canonical e-mail address, or were merged by hand; and remain one for ever. A phone number is a person of
//! its own, for those who give nothing else; whoever gives it beside an e-mail address counts with it, and
//! with everybody else who gave it: but two accounts with e-mail addresses of their own are two people in one
//! household. So who counts with whom follows from what was told, in whichever order.
//!
//! Counts stand under a person's id. When two persons turn out to be one, the counts stay where they
//! are: they are summed up over all of his ids, and added to under the first.

use std::rc::Rc;

use crate::decide::counter::{self, Counted};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::canonical;
use crate::records::identity::IdentityKind;
use crate::records::{Customer, Id, Identity, Person as United};
use crate::world::Stop;

/// Ids of one person. An address that a whole town shares makes no more of them one.
const ALIASES: usize = 100;
/// Numbers of one person, and persons of one number; more count with nobody.
const TIES: usize = 100;

/// A person: his id, those under which he was known before, and those of others who count with him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What is counted is counted here.
    pub id: Id,
    /// What was counted here counts too.
    pub aliases: Vec<Id>,
    /// What is counted here of those who gave the same phone number counts too.
    pub neighbours: Vec<Id>,
}

impl Person {
    /// Whether it is somebody who is known under this id and no other.
    pub fn is_alone(&self, id: Id) -> bool {
        self.id == id && self.aliases.is_empty() && self.neighbours.is_empty()
    }

    /// All ids under which is counted what counts for him.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.own_ids().chain(self.neighbours.iter().copied())
    }

    /// Whether an id names him, or somebody who counts with him.
    pub fn is(&self, id: Id) -> bool {
        self.ids().any(|own| own == id)
    }

    /// The ids under which they alone are known.
    pub fn own_ids(&self) -> impl Iterator<Item = Id> {
        std::iter::once(self.id).chain(self.aliases.iter().copied())
    }

    /// The same with those who count with another one, who turned out to be he.
    pub fn with(mut self, other: &Person) -> Self {
        let more: Vec<Id> = other.ids().filter(|id| !self.is(*id)).collect();
        self.neighbours.extend(more);
        self
    }
}

/// Who a customer is.
pub fn of(draft: &Draft<'_>, customer: &Customer) -> Result<Person, Stop> {
    with_neighbours(draft, customer.person)
}

/// Who the customer of an id is.
pub fn of_id(draft: &Draft<'_>, customer: Id) -> Result<Person, Stop> {
    of(draft, &*draft.expect::<Customer>(customer)?)
}

/// Who counts together with a person, by one of his ids.
pub fn with_neighbours(draft: &Draft<'_>, id: Id) -> Result<Person, Stop> {
    let own = noted(draft, id)?;
    let mut person = Person { id: own.id, aliases: own.aliases.0.clone(), neighbours: Vec::new() };
    let numbers = all_noted(draft, &own.phones)?;
    let givers = numbers.iter().flat_map(|number| number.givers.iter()).chain(own.givers.iter());
    let givers: Vec<Id> = givers.copied().collect();
    for other in numbers.into_iter().chain(all_noted(draft, &givers)?) {
        let are_two_accounts = own.is_account && other.is_account;
        if !are_two_accounts && !person.is(other.id) {
            person.neighbours.extend(std::iter::once(other.id).chain(other.aliases.0));
        }
    }
    Ok(person)
}

/// What is noted of the person whom one of his ids names, under the first of them.
fn noted(draft: &Draft<'_>, id: Id) -> Result<United, Stop> {
    let Some(noted) = draft.get::<United>(id)? else { return Ok(United::blank(id, draft.shop.id, draft.at())) };
    Ok(match noted.merged_into {
        None => (*noted).clone(),
        Some(first) => (*draft.expect::<United>(first)?).clone(),
    })
}

fn all_noted(draft: &Draft<'_>, ids: &[Id]) -> Result<Vec<United>, Stop> {
    ids.iter().map(|id| noted(draft, *id)).collect()
}

/// Whether two customers are one person, or count as one.
pub fn is_same(draft: &Draft<'_>, one: &Customer, other: &Customer) -> Result<bool, Stop> {
    if one.id == other.id || one.person == other.person {
        return Ok(true);
    }
    let (one, other) = (of(draft, one), noted(draft, other.person));
    Ok(one?.is(other?.id))
}

/// The same of a customer's id, where there is one on each side or on none.
pub fn is_same_as(draft: &Draft<'_>, noted: Option<Id>, given: Option<&Customer>) -> Result<bool, Stop> {
    match (noted, given) {
        (Some(noted), Some(given)) if noted != given.id => is_same(draft, &*draft.expect::<Customer>(noted)?, given),
        (noted, given) => Ok(noted.is_some() == given.is_some()),
    }
}

/// How many of a person's are live; `subject` names the counter of one of his ids.
pub fn count(draft: &Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<i64, Stop> {
    Ok(counts(draft, person.ids(), subject)?.into_iter().map(|(_, count)| count).sum())
}

/// How many are live under each of some ids, all of which are asked for at once.
pub fn counts(
    draft: &Draft<'_>,
    ids: impl Iterator<Item = Id>,
    subject: impl Fn(Id) -> String,
) -> Result<Vec<(Id, i64)>, Stop> {
    let counts: Vec<_> = ids.map(|id| Ok((id, counter::count(draft, &subject(id))?))).collect();
    counts.into_iter().collect()
}

/// Counts one more of a person's, unless `cap` are live already.
pub fn add(
    draft: &mut Draft<'_>,
    person: &Person,
    subject: impl Fn(Id) -> String,
    cap: Option<i64>,
) -> Result<Counted, Stop> {
    if let Some(cap) = cap
        && count(draft, person, &subject)? >= cap
    {
        return Ok(Counted::Full);
    }
    counter::add(draft, &subject(person.id), cap)
}

/// Counts one less of a person's, under whichever of his ids it was counted.
pub fn subtract(draft: &mut Draft<'_>, person: &Person, subject: impl Fn(Id) -> String) -> Result<(), Stop> {
    let counts = counts(draft, person.own_ids(), &subject)?;
    match counts.iter().find(|(_, count)| *count > 0) {
        Some((id, _)) => counter::subtract(draft, &subject(*id)),
        None => Ok(()),
    }
}

/// Two persons turned out to be one: the later joins the earlier.
pub fn unite(draft: &mut Draft<'_>, one: Id, other: Id) -> Result<(), Stop> {
    if one == other {
        return Ok(());
    }
    let (one, other) = (noted(draft, one)?, noted(draft, other)?);
    if one.id == other.id || one.aliases.len() + other.aliases.len() + 1 > ALIASES {
        return Ok(());
    }
    let (mut first, later) = if one.id < other.id { (one, other) } else { (other, one) };
    let joined: Vec<Id> = std::iter::once(later.id).chain(later.aliases.0).collect();
    let known: Vec<_> = joined.iter().map(|id| draft.get::<United>(*id)).collect::<Result<_, _>>()?;
    for (id, known) in joined.iter().zip(known) {
        let version = known.map_or(0, |known| known.version);
        let blank = United::blank(*id, draft.shop.id, draft.at());
        draft.save(United { version, merged_into: Some(first.id), ..blank });
    }
    first.aliases.0.extend(joined);
    tie(&mut first.phones.0, later.phones.0);
    tie(&mut first.givers.0, later.givers.0);
    first.is_account |= later.is_account;
    draft.save(first);
    Ok(())
}

/// Puts the ties of two together: each once, and no more than a person has.
fn tie(ties: &mut Vec<Id>, others: Vec<Id>) {
    for other in others {
        if ties.len() < TIES && !ties.contains(&other) {
            ties.push(other);
        }
    }
}

/// Notes that a person gave a phone number: he counts with it, and with the others who gave it.
pub fn give(draft: &mut Draft<'_>, person: Id, number: Id) -> Result<(), Stop> {
    let (giver, number) = (noted(draft, person), noted(draft, number));
    let (mut giver, mut number) = (giver?, number?);
    let is_full = giver.phones.len() >= TIES || number.givers.len() >= TIES;
    if giver.id == number.id || has_given(&giver, &number) || is_full {
        return Ok(());
    }
    giver.phones.0.push(number.id);
    number.givers.0.push(giver.id);
    draft.save(giver);
    draft.save(number);
    Ok(())
}

fn has_given(giver: &United, number: &United) -> bool {
    giver.phones.iter().any(|given| *given == number.id || number.aliases.contains(given))
}

/// Whether an address of this person was given by that one already.
pub fn has_told(draft: &Draft<'_>, person: Id, (kind, address): (IdentityKind, Id)) -> Result<bool, Stop> {
    let (person, address) = (noted(draft, person)?, noted(draft, address)?);
    Ok(person.id == address.id || (kind == IdentityKind::Phone && has_given(&person, &address)))
}

/// Notes that a person is an account with an e-mail address.
pub fn note_account(draft: &mut Draft<'_>, person: Id) -> Result<(), Stop> {
    let noted = noted(draft, person)?;
    if !noted.is_account {
        draft.save(United { is_account: true, ..noted });
    }
    Ok(())
}

/// The ids of the identities under which an address and a number are known: of one that nobody has given yet, that
/// by which it will be.
pub fn addresses(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Result<Vec<(IdentityKind, Id)>, Stop> {
    let mut given = Vec::new();
    for (kind, ids) in spelled(draft, email, phone) {
        let known: Vec<_> = ids.iter().map(|id| draft.get::<Identity>(*id)).collect();
        given.push((kind, ids, known));
    }
    let mut addresses = Vec::new();
    for (kind, ids, known) in given {
        let known: Vec<_> = known.into_iter().collect::<Result<_, _>>()?;
        let met: Vec<_> = ids.iter().zip(known).filter_map(|(id, known)| known.map(|_| (kind, *id))).collect();
        let new = ids.first().filter(|_| met.is_empty()).map(|id| (kind, *id));
        addresses.extend(met.into_iter().chain(new));
    }
    Ok(addresses)
}

/// Whether an identity is one under which an address or a number may be known.
pub fn may_be_known_by(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>, identity: Id) -> bool {
    spelled(draft, email, phone).into_iter().any(|(_, ids)| ids.contains(&identity))
}

/// The ids of each spelling under which an address and a number may be known, the one that is kept first.
fn spelled(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Vec<(IdentityKind, Vec<Id>)> {
    let email = email.map(canonical::email).filter(|email| !email.is_empty());
    let email = email.map(|email| (IdentityKind::Email, vec![email]));
    let phone = phone.map(|phone| (IdentityKind::Phone, canonical::phone(phone, draft.shop.country())));
    let id = |kind: IdentityKind, spelling: &str| {
        let hash = draft.installation.vault.identity_hash(draft.shop.id, spelling);
        Identity::id_of(draft.shop.id, kind, &hash)
    };
    let given = email.into_iter().chain(phone);
    given.map(|(kind, spellings)| (kind, spellings.iter().map(|spelling| id(kind, spelling)).collect())).collect()
}

/// Whether whom a request names is whom a record names. Of one who was erased since nobody can tell, so
/// that the rest of the content decides.
pub fn is_same_customer(
    draft: &Draft<'_>,
    noted: Option<Id>,
    given: Result<Option<Rc<Customer>>, Stop>,
) -> Result<bool, Stop> {
    if customer_lookup::was_erased(draft, noted)? {
        return Ok(true);
    }
    is_same_as(draft, noted, given?.as_deref())
}

/// The counter of a person's orders, by which newness is known.
pub fn orders_subject(person: Id) -> String {
    format!("orders:{person}")
}

#[cfg(test)]
#[path = "person_tests.rs"]
mod tests;
