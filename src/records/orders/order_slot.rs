//! The place of an order among redemptions.

use crate::record;
use crate::records::Id;

record! {
    /// Which redemption of an order is live, and which was the latest; named after the order.
    versioned OrderSlot in "order_slots" {
        /// The live redemption; none after it was wholly reversed.
        redemption: Option<Id>,
        /// The latest redemption, live or not.
        latest: Option<Id>,
    }
}

impl OrderSlot {
    /// The id of an order's slot.
    pub fn id_of(shop: Id, order_id: &str) -> Id {
        Id::of("slt", &[&shop.to_string(), order_id])
    }
}
