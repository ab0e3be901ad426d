//! Who somebody is, by what he can say on the phone: an address, a number, an order, a code. No
//! command: it changes nothing.

use serde::Deserialize;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::people::person;
use crate::records::code::Typed;
use crate::records::text::{Reference, Text};
use crate::records::{Conversion, Customer, Hold, Id, Identity, OrderSlot, Redemption};
use crate::refusal::Rejection;
use crate::world::Stop;

/// What is known of somebody; exactly one of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindCustomer {
    /// An e-mail address, in any spelling.
    pub email: Option<Text<1, 254>>,
    /// A phone number, in any spelling.
    pub phone: Option<Text<1, 40>>,
    /// The shop's id of an order.
    pub order_id: Option<Reference>,
    /// A voucher's code or an advocate's.
    pub code: Option<Typed>,
}

/// Whom it led to, and by what.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The customer or guest; none: nobody is known by that.
    pub customer: Option<Id>,
    /// The ids of his person: others of them are he, too.
    pub persons: Vec<Id>,
    /// The order that was asked for.
    pub conversion: Option<Id>,
    /// The redemption of the order: the live one, else the last.
    pub redemption: Option<Id>,
    /// The voucher whose code was asked for.
    pub voucher: Option<Id>,
    /// Whether a code was asked for that nobody knows.
    pub is_unknown_code: bool,
}

/// What was tried for an order: its checkouts, also those that failed or are not over yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tried {
    redemption: Option<Id>,
    customer: Option<Id>,
}

impl Tried {
    /// Of an order's redemptions and holds, the newest of each first.
    pub fn of(redemptions: &[Redemption], holds: &[Hold]) -> Self {
        let redeemed = redemptions.iter().filter_map(|redemption| Some((redemption.created_at, redemption.customer?)));
        let held = holds.iter().filter_map(|hold| Some((hold.created_at, hold.customer?)));
        Self {
            redemption: redemptions.first().map(|redemption| redemption.id),
            customer: redeemed.chain(held).max().map(|(_, customer)| customer),
        }
    }
}

/// Finds him; what was tried is of the order that is asked for.
pub fn find(draft: &Draft<'_>, ask: &FindCustomer, tried: Tried) -> Result<Found, Stop> {
    let (mut found, customer) = match (&ask.email, &ask.phone, &ask.order_id, &ask.code) {
        (Some(email), None, None, None) => by_address(draft, Some(email), None)?,
        (None, Some(phone), None, None) => by_address(draft, None, Some(phone))?,
        (None, None, Some(order), None) => by_order(draft, order, tried)?,
        (None, None, None, Some(code)) => by_code(draft, code)?,
        _ => return Err(Rejection::field("", "exactly one of email, phone, order_id and code is expected").into()),
    };
    if let Some(customer) = customer {
        let customer = customer_lookup::current(draft, customer)?;
        found.persons = person::of(draft, &customer)?.ids().collect();
        found.customer = Some(customer.id);
    }
    Ok(found)
}

type Led = (Found, Option<Id>);

fn by_address(draft: &Draft<'_>, email: Option<&str>, phone: Option<&str>) -> Result<Led, Stop> {
    let given = person::addresses(draft, email, phone)?;
    let Some((_, id)) = given.first() else { return Ok((Found::default(), None)) };
    let identity = draft.get::<Identity>(*id)?;
    Ok((Found::default(), identity.and_then(|identity| identity.customer)))
}

fn by_order(draft: &Draft<'_>, order: &str, tried: Tried) -> Result<Led, Stop> {
    let conversion = draft.find(&Conversion::BY_ORDER, order)?;
    let slot = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, order))?;
    let redemption = slot.and_then(|slot| slot.redemption).map(|live| draft.expect::<Redemption>(live)).transpose()?;
    let customer: Option<Id> = conversion.as_ref().and_then(|conversion| conversion.customer);
    let found = Found {
        conversion: conversion.map(|conversion| conversion.id),
        redemption: redemption.as_ref().map(|redemption| redemption.id).or(tried.redemption),
        ..Found::default()
    };
    let redeemed = redemption.and_then(|redemption| redemption.customer);
    Ok((found, customer.or(redeemed).or(tried.customer)))
}

fn by_code(draft: &Draft<'_>, typed: &str) -> Result<Led, Stop> {
    let (voucher, advocate) = (typed_code::voucher(draft, typed)?, typed_code::advocate(draft, typed)?);
    let is_unknown_code = voucher.is_none() && advocate.is_none();
    let customer = match &voucher {
        Some(voucher) => voucher.customer,
        None => advocate.map(|advocate| advocate.customer),
    };
    let found = Found { voucher: voucher.map(|voucher| voucher.id), is_unknown_code, ..Found::default() };
    Ok((found, customer))
}

/// The account that was found, then the others of the same person; those who were merged are history.
pub fn in_order(accounts: Vec<Customer>, first: Id) -> Vec<Customer> {
    let mut accounts: Vec<Customer> = accounts.into_iter().filter(|account| account.merged_into.is_none()).collect();
    accounts.sort_by_key(|account| account.id != first);
    accounts
}
