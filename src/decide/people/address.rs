//! Addresses that were told, and who counts as one by them.
//!
//! To be counted with somebody takes only that an address was told. To be taken for them, and have what is theirs,
//! takes more: see [`leads`](super::leads).

use std::borrow::Borrow;

use crate::decide::draft::Draft;
use crate::decide::people::leads::{Address, leads, of};
use crate::decide::people::person;
use crate::records::identity::IdentityKind;
use crate::records::{Customer, Id, Identity};
use crate::world::Stop;

/// Notes the addresses on a customer's record, of whom nothing else may be saved yet. A new customer becomes
/// the person whom his address names. Answers to whom the addresses that lead to him now led before.
pub fn note_own(draft: &mut Draft<'_>, customer: &mut Customer) -> Result<Vec<Id>, Stop> {
    let own = of(draft, customer)?;
    let known = known(draft, &own)?;
    if customer.version == 0 {
        customer.person = named_person(customer, &own, &known).unwrap_or(customer.person);
    }
    let mut before = Vec::new();
    for ((kind, id), known) in own.into_iter().zip(known) {
        let leads = leads(customer, kind);
        match join(draft, customer, (kind, id), known)? {
            Joined::New(new) => drop(draft.save(Identity { leads, ..new })),
            Joined::Known(known) => before.extend(lead(draft, customer, &known, leads)?),
        }
    }
    if customer.external_id.is_some() && customer.email.is_some() {
        person::note_account(draft, customer.person)?;
    }
    Ok(before)
}

/// Notes addresses that were told of a customer beside his record: he counts with whoever gave them.
pub fn note_told(draft: &mut Draft<'_>, customer: &Customer, told: &[Address]) -> Result<(), Stop> {
    if told.is_empty() {
        return Ok(());
    }
    let own = of(draft, customer)?;
    let told: Vec<Address> = told.iter().filter(|told| !own.contains(told)).copied().collect();
    let known = known(draft, &told)?;
    for (address, known) in told.into_iter().zip(known) {
        if let Joined::New(new) = join(draft, customer, address, known)? {
            draft.save(new);
        }
    }
    Ok(())
}

/// Whether everything that was told of a customer is noted already.
pub fn is_noted(draft: &Draft<'_>, customer: &Customer, told: &[Address]) -> Result<bool, Stop> {
    let noted: Vec<bool> =
        told.iter().map(|address| is_noted_of(draft, customer, *address)).collect::<Result<_, _>>()?;
    Ok(!noted.contains(&false))
}

fn is_noted_of(draft: &Draft<'_>, customer: &Customer, (kind, id): Address) -> Result<bool, Stop> {
    let Some(identity) = draft.get::<Identity>(id)? else { return Ok(false) };
    person::has_told(draft, customer.person, (kind, identity.person))
}

/// What is known of addresses.
fn known(draft: &Draft<'_>, addresses: &[Address]) -> Result<Vec<Option<Identity>>, Stop> {
    let found = addresses.iter().map(|(_, id)| draft.get::<Identity>(*id));
    found.map(|found| Ok(found?.map(|identity| (*identity).clone()))).collect()
}

/// The person whom a new customer's first address names: a number alone names the person of a guest who gave no
/// other.
pub fn named_person<I: Borrow<Identity>>(customer: &Customer, given: &[Address], known: &[Option<I>]) -> Option<Id> {
    let (kind, _) = given.first()?;
    let is_named = *kind == IdentityKind::Email || customer.external_id.is_none();
    known.first()?.as_ref().filter(|_| is_named).map(|identity| identity.borrow().person)
}

enum Joined {
    New(Identity),
    Known(Identity),
}

/// Counts a customer with whoever gave an address.
fn join(draft: &mut Draft<'_>, customer: &Customer, address: Address, known: Option<Identity>) -> Result<Joined, Stop> {
    let (kind, id) = address;
    let is_own_number = customer.external_id.is_none() && customer.email.is_none();
    let person = match (&known, kind) {
        (Some(known), _) => known.person,
        (None, IdentityKind::Email) => customer.person,
        (None, IdentityKind::Phone) if is_own_number => customer.person,
        (None, IdentityKind::Phone) => draft.new_id("prs"),
    };
    match kind {
        IdentityKind::Email => person::unite(draft, person, customer.person)?,
        IdentityKind::Phone => person::give(draft, customer.person, person)?,
    }
    Ok(match known {
        Some(known) => Joined::Known(known),
        None => Joined::New(Identity {
            id,
            shop: draft.shop.id,
            version: 0,
            kind,
            person,
            customer: Some(customer.id),
            leads: false,
            created_at: draft.at(),
        }),
    })
}

/// Whether an address on a customer's record leads to him from now on; answers to whom it led before. A guest
/// takes none from whom it leads to.
fn lead(draft: &mut Draft<'_>, customer: &Customer, known: &Identity, leads: bool) -> Result<Option<Id>, Stop> {
    let is_his = known.customer == Some(customer.id);
    if is_his && known.leads != leads {
        draft.save(Identity { leads, ..known.clone() });
    }
    let may_take = leads && (customer.external_id.is_some() || !known.leads);
    if is_his || !may_take {
        return Ok(None);
    }
    draft.save(Identity { customer: Some(customer.id), leads, ..known.clone() });
    Ok(known.customer.filter(|_| known.leads))
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
