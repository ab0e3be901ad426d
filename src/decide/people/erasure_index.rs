//! The index by which an erasure finds records that speak of a customer whom no column of theirs names, or no
//! longer.

use crate::decide::draft::Draft;
use crate::records::{Id, Mention};
use crate::world::Stop;

/// Notes that a record speaks of a customer.
pub fn note(draft: &mut Draft<'_>, customer: Id, record: Id) -> Result<(), Stop> {
    let id = Mention::id_of(customer, record);
    // Of a record that is made here nothing was noted before.
    let noted = if draft.is_new(record) { draft.changed::<Mention>(id) } else { draft.get::<Mention>(id)? };
    if noted.is_none() {
        let created_at = draft.at();
        draft.save(Mention { id, shop: draft.shop.id, version: 0, customer, record, created_at });
    }
    Ok(())
}
