//! Merging one customer into another: what he has moves, what he did stays his history, and what
//! comes later goes to the other.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::ledger::{self, Move, post_covered};
use crate::decide::mail::outbox;
use crate::decide::people::{canonical, leads, person};
use crate::records::account::credit_account;
use crate::records::entry::EntryKind;
use crate::records::identity::IdentityKind;
use crate::records::{Customer, EventKind, Id, Identity, Reward};
use crate::views;
use crate::world::Stop;

/// Merges a customer into another, and tells. Neither was merged before; the other is as saved last.
pub fn merge(draft: &mut Draft<'_>, from: &Customer, into: Rc<Customer>) -> Result<Rc<Customer>, Stop> {
    let led = draft.list(&Identity::OF_CUSTOMER, from.id)?;
    let followers = draft.list(&Customer::MERGED_INTO, from.id)?;
    person::unite(draft, from.person, into.person)?;
    move_credit(draft, from.id, into.id)?;
    for owed in draft.list(&Reward::OWED_BY, from.id)? {
        draft.save(Reward { owed_by: Some(into.id), ..(*owed).clone() });
    }
    for identity in led {
        let mut identity = (*identity).clone();
        identity.customer = Some(into.id);
        draft.save(identity);
    }
    let followers = followers.iter().map(|follower| (**follower).clone());
    for mut merged in followers.chain([from.clone()]) {
        merged.merged_into = Some(into.id);
        merged.updated_at = draft.at();
        draft.save(merged);
    }
    let into = draft.save(enriched(&into, from));
    if into.external_id.is_some() && into.email.is_some() {
        person::note_account(draft, into.person)?;
    }
    outbox::hand_over(draft, from.id, &into)?;
    draft.event(EventKind::CustomerMerged, &views::customer::merged(&into, from))?;
    Ok(into)
}

/// Guests to whom addresses led for which the shop vouches now are he, unless they have another e-mail
/// address: people may share a phone.
pub fn absorb(draft: &mut Draft<'_>, into: Rc<Customer>, led_to: &[Id]) -> Result<Rc<Customer>, Stop> {
    let mut into = into;
    for id in led_to {
        let other = draft.expect::<Customer>(*id)?;
        let is_guest = other.external_id.is_none() && other.merged_into.is_none();
        if is_guest && other.id != into.id && !is_addressed_elsewhere(&other, &into) {
            into = merge(draft, &other, into)?;
        }
    }
    Ok(into)
}

fn is_addressed_elsewhere(one: &Customer, other: &Customer) -> bool {
    match (&one.email, &other.email) {
        (Some(one), Some(other)) => canonical::email(one) != canonical::email(other),
        _ => false,
    }
}

fn move_credit(draft: &mut Draft<'_>, from: Id, into: Id) -> Result<(), Stop> {
    let (debit, credit) = (credit_account(from), credit_account(into));
    let amount = ledger::account(draft, &debit, draft.shop.currency)?.balance;
    post_covered(
        draft,
        &Move {
            kind: EntryKind::Moved,
            debit: &debit,
            credit: &credit,
            amount,
            currency: draft.shop.currency,
            cause: from,
            customer: Some(into),
            reverses: None,
        },
    )?;
    Ok(())
}

/// The customer with what was known of the other alone. Declarations of consent count by their time,
/// whoever of the two made them.
fn enriched(into: &Customer, from: &Customer) -> Customer {
    let mut all = into.clone();
    if all.email.is_none() {
        all.email_verified = from.email.is_some() && leads::leads(from, IdentityKind::Email);
    }
    if all.phone.is_none() {
        all.phone_verified = from.phone.is_some() && leads::leads(from, IdentityKind::Phone);
    }
    let fields = [
        (&mut all.email, &from.email),
        (&mut all.phone, &from.phone),
        (&mut all.name, &from.name),
        (&mut all.first_name, &from.first_name),
        (&mut all.locale, &from.locale),
    ];
    for (field, known) in fields {
        if field.is_none() {
            field.clone_from(known);
        }
    }
    all.consents.0.extend(from.consents.iter().cloned());
    all.consents.0.sort_by_key(|consent| consent.at);
    all
}
