//! What orders brought in which vouchers of an offer were redeemed: counted for the reports, and taken back when a
//! redemption is undone as a whole.

use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::records::offer::{offer_orders_subject, offer_redeemed_subject, offer_revenue_subject};
use crate::records::{Id, Redemption};
use crate::world::Stop;

/// A cart was redeemed.
pub fn note_redeemed(draft: &mut Draft<'_>, redemption: &Redemption) -> Result<(), Stop> {
    add(draft, redemption, 1)
}

/// All of it was undone.
pub fn note_undone(draft: &mut Draft<'_>, redemption: &Redemption) -> Result<(), Stop> {
    add(draft, redemption, -1)
}

fn add(draft: &mut Draft<'_>, redemption: &Redemption, sign: i64) -> Result<(), Stop> {
    let offers: Vec<(Id, i64)> = redemption.offers().into_iter().collect();
    draft.each(&offers, |draft, (offer, vouchers)| {
        // All are asked for before one is looked at.
        let counted = [
            counter::add_up(draft, &offer_redeemed_subject(*offer), sign * vouchers),
            counter::add_up(draft, &offer_orders_subject(*offer), sign),
            counter::add_up(draft, &offer_revenue_subject(*offer), sign * redemption.amount),
        ];
        counted.into_iter().collect::<Result<(), Stop>>()
    })?;
    Ok(())
}
