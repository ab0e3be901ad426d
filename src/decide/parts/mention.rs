//! Noting who is spoken of in a record whose own columns do not name him, or no longer: an erasure
//! finds it by that.

use crate::decide::draft::Draft;
use crate::records::{Id, Mention};
use crate::world::Stop;

/// Notes that a record speaks of a customer.
pub fn note(draft: &mut Draft<'_>, customer: Id, record: Id) -> Result<(), Stop> {
    let id = Mention::id_of(customer, record);
    if draft.get::<Mention>(id)?.is_none() {
        let created_at = draft.at();
        draft.save(Mention { id, shop: draft.shop.id, version: 0, customer, record, created_at });
    }
    Ok(())
}
