//! What a cart would come to: the very rules of a redemption, and nothing changes.

use crate::records::hold::HoldStatus;
use crate::views::cart::CartView;
use crate::world::Stop;

use crate::decide::checkout::assess::assess;
use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::hold;
use crate::decide::draft::Draft;
use crate::decide::people::customer;

/// Finds it out. A guest who is not known becomes known to this draft alone, which is thrown away; so
/// are the ends of the cart's own holds, and of those whose time is over.
pub fn check(draft: &mut Draft<'_>, cart: &Cart) -> Result<CartView, Stop> {
    cart.refuse_ttl()?;
    cart.refuse_applied()?;
    let own = hold::own(draft, cart);
    let buyer = customer::resolve(draft, cart.customer.as_deref(), cart.customer_details.as_ref(), "/customer");
    let (own, buyer) = (own?, buyer?);
    hold::make_room(draft, cart, buyer.as_deref())?;
    let held = hold::take(draft, &own, HoldStatus::Redeemed)?;
    Ok(assess(draft, cart, buyer, &held)?.view(cart))
}
