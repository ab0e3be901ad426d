//! To whom an address leads: whoever gives it is taken for them, and has what is theirs.
//!
//! Two addresses lead to somebody: a guest's own (the e-mail address, or the phone number of one who gave no other),
//! and that of an account for which the shop vouches. To be counted with somebody takes less: see
//! [`address`](super::address).

use std::rc::Rc;

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::person::addresses;
use crate::records::identity::IdentityKind;
use crate::records::{Customer, Id, Identity};
use crate::world::Stop;

/// An address: what kind, and the id of its identity.
pub type Address = (IdentityKind, Id);

/// The addresses on a customer's record, the e-mail address first.
pub fn of(draft: &Draft<'_>, customer: &Customer) -> Result<Vec<Address>, Stop> {
    addresses(draft, customer.email.as_deref(), customer.phone.as_deref())
}

/// Whether an address of this kind on a customer's record leads to him.
pub fn leads(customer: &Customer, kind: IdentityKind) -> bool {
    let is_guest = customer.external_id.is_none();
    match kind {
        IdentityKind::Email => is_guest || customer.email_verified,
        IdentityKind::Phone => customer.phone_verified || (is_guest && customer.email.is_none()),
    }
}

/// To whom an address leads.
pub fn led_to(draft: &Draft<'_>, address: Id) -> Result<Option<Id>, Stop> {
    let identity = draft.get::<Identity>(address)?;
    Ok(identity.filter(|identity| identity.leads).and_then(|identity| identity.customer))
}

/// An address that is no longer on a customer's record leads to him no more.
pub fn withdraw(draft: &mut Draft<'_>, customer: Id, addresses: &[Address]) -> Result<(), Stop> {
    for (_, id) in addresses {
        if let Some(identity) = draft.get::<Identity>(*id)?
            && identity.customer == Some(customer)
            && identity.leads
        {
            draft.save(Identity { leads: false, ..(*identity).clone() });
        }
    }
    Ok(())
}

/// The customer to whom the strongest of the addresses leads that somebody without an account typed: the
/// e-mail address, or the number where there is none.
pub fn guest(draft: &Draft<'_>, given: &[Address]) -> Result<Option<Rc<Customer>>, Stop> {
    let Some((_, address)) = given.first() else { return Ok(None) };
    let Some(found) = led_to(draft, *address)? else { return Ok(None) };
    customer_lookup::current(draft, found).map(Some)
}
