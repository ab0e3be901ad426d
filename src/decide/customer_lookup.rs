//! Whom a reference names now: customers are merged and erased, and records keep the ids of before.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::records::{Customer, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

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

/// Whether a record is of a customer who was erased since: nobody can say any more whose it was.
pub fn was_erased(draft: &Draft<'_>, id: Option<Id>) -> Result<bool, Stop> {
    let named = id.map(|id| draft.expect::<Customer>(id)).transpose()?;
    Ok(named.is_some_and(|named| named.is_erased()))
}

/// There is no such customer.
pub fn unknown(text: &str, pointer: &str) -> Rejection {
    Rejection::at(
        Code::CustomerUnknown,
        pointer,
        format!("There is no customer {text}; make the customer known with PUT /v1/customers/{{external_id}} first."),
    )
}

/// What stands in place of words that were erased.
pub const ERASED: &str = "erased";
