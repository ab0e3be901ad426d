//! A customer, as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::View;
use super::event::Payload;
use crate::records::customer::{Attribute, Consent};
use crate::records::event::EventData;
use crate::records::{Customer, Id, Timestamp};

/// See the contract's `Customer`.
#[derive(Serialize)]
pub struct CustomerView<'a> {
    id: Id,
    external_id: Option<&'a str>,
    merged_into: Option<Id>,
    email: Option<&'a str>,
    email_verified: bool,
    phone: Option<&'a str>,
    phone_verified: bool,
    name: Option<&'a str>,
    first_name: Option<&'a str>,
    locale: Option<&'a str>,
    attributes: &'a BTreeMap<String, Attribute>,
    consents: &'a [Consent],
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl View for CustomerView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a customer.
pub fn customer(customer: &Customer) -> CustomerView<'_> {
    CustomerView {
        id: customer.id,
        external_id: customer.external_id.as_deref(),
        merged_into: customer.merged_into,
        email: customer.email.as_deref(),
        email_verified: customer.email_verified,
        phone: customer.phone.as_deref(),
        phone_verified: customer.phone_verified,
        name: customer.name.as_deref(),
        first_name: customer.first_name.as_deref(),
        locale: customer.locale.as_deref(),
        attributes: &customer.attributes,
        consents: &customer.consents,
        created_at: customer.created_at,
        updated_at: customer.updated_at,
    }
}

/// See the contract's event `customer.erased`.
#[derive(Serialize)]
pub struct ErasedView {
    id: Id,
    erased: bool,
}

impl View for ErasedView {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ErasedView {
    const DATA: EventData = EventData::Erased;
}

/// Shows that a customer was erased: his id is all there is.
pub fn erased(customer: &Customer) -> ErasedView {
    ErasedView { id: customer.id, erased: true }
}

/// See the contract's event `customer.merged`.
#[derive(Serialize)]
pub struct MergedView<'a> {
    customer: Option<&'a str>,
    customer_id: Id,
    merged: Option<&'a str>,
    merged_id: Id,
}

impl View for MergedView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.customer_id)
    }
}

impl Payload for MergedView<'_> {
    const DATA: EventData = EventData::Merged;
}

/// Shows who was merged into whom; ids alone, for more is nobody's to keep.
pub fn merged<'a>(into: &'a Customer, from: &'a Customer) -> MergedView<'a> {
    MergedView {
        customer: into.external_id.as_deref(),
        customer_id: into.id,
        merged: from.external_id.as_deref(),
        merged_id: from.id,
    }
}

/// See the contract's `CustomerLookup`.
#[derive(Serialize)]
pub struct LookupView<'a> {
    customers: Vec<CustomerView<'a>>,
    conversion: Option<Id>,
    redemption: Option<Id>,
    voucher: Option<Id>,
}

/// Shows who was found, the likeliest account first, and by what.
pub fn lookup(
    accounts: &[Customer],
    conversion: Option<Id>,
    redemption: Option<Id>,
    voucher: Option<Id>,
) -> LookupView<'_> {
    LookupView { customers: accounts.iter().map(customer).collect(), conversion, redemption, voucher }
}
