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

/// The same; refuses when there is none.
pub fn known(draft: &Draft<'_>, text: &str, pointer: &str) -> Result<Rc<Customer>, Stop> {
    named(draft, text)?.ok_or_else(|| unknown(text, pointer).into())
}

/// There is no such customer.
pub fn unknown(text: &str, pointer: &str) -> Rejection {
    Rejection::at(
        Code::CustomerUnknown,
        pointer,
        format!("There is no customer {text}; make the customer known with PUT /v1/customers/{{external_id}} first."),
    )
}
