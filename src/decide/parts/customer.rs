//! Finding the customer whom a request names.

use std::rc::Rc;

use crate::records::{Customer, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

use crate::decide::draft::Draft;

/// The customer with this `external_id`, or with this id of ours.
pub fn named(draft: &Draft<'_>, text: &str) -> Result<Option<Rc<Customer>>, Stop> {
    match Id::parse("cus", text) {
        Some(id) => draft.get::<Customer>(id),
        None => draft.find(&Customer::BY_EXTERNAL_ID, text),
    }
}

/// The same, or the one into whom he was merged; refuses when there is none.
pub fn known(draft: &Draft<'_>, text: &str, pointer: &str) -> Result<Rc<Customer>, Stop> {
    let found = named(draft, text)?.ok_or_else(|| unknown(text, pointer))?;
    merged(draft, found)
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
