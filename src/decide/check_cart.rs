//! What a cart would come to: the very rules of a redemption, and nothing changes.

use super::draft::Draft;
use super::parts::checkout::assess;
use crate::views::cart::CartView;
use crate::world::Stop;

pub use super::parts::cart::Cart;

/// Finds it out.
pub fn check(draft: &Draft<'_>, cart: &Cart) -> Result<CartView, Stop> {
    Ok(assess(draft, cart)?.view(cart))
}
