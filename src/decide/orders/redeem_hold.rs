//! Spends what a hold has set aside, in one order: the cart is the hold's.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::checkout::cart::Cart;
use crate::decide::draft::Draft;
use crate::decide::orders::create_redemption::redeem;
use crate::records::hold::HoldStatus;
use crate::records::text::Reference;
use crate::records::{Hold, Id, Redemption};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::world::Stop;

/// The hold, and the order in which it is spent.
#[derive(Clone, Debug)]
pub struct RedeemHold {
    /// The hold's id, as it was given.
    pub hold: Reference,
    /// The shop's id of the order.
    pub order_id: Reference,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// Decides it. A hold that was redeemed before still knows its cart: an order whose payment failed is
/// redeemed anew with it, without anything being set aside.
pub fn decide(draft: &mut Draft<'_>, command: &RedeemHold) -> Result<Answer, Stop> {
    let (cart, hold) = cart_of(draft, &command.hold, &command.order_id)?;
    redeem(draft, &cart, Some(hold), command.mask)
}

/// The cart of a hold that may be redeemed in this order.
pub(super) fn cart_of(draft: &Draft<'_>, hold: &str, order_id: &Reference) -> Result<(Cart, Rc<Hold>), Stop> {
    let id = Id::parse("hld", hold).ok_or_else(|| unknown(hold))?;
    let hold = draft.get::<Hold>(id)?.ok_or_else(|| unknown(hold))?;
    let wanted = order_id;
    if let Some(order_id) = hold.order_id.as_ref().filter(|order_id| **order_id != **wanted) {
        let detail = format!("the hold is of order {order_id}; redeem it in that one");
        return Err(Rejection::field("/order_id", detail).into());
    }
    if let Some(spent) = hold.redemption.map(|redemption| draft.expect::<Redemption>(redemption)).transpose()?
        && spent.order_id != **wanted
    {
        let detail = format!(
            "The hold was redeemed in order {}, and a hold is redeemed once; send the cart itself, or make a new hold.",
            spent.order_id
        );
        return Err(Rejection::at(Code::IllegalTransition, "/hold", detail).into());
    }
    let is_good = match hold.status {
        HoldStatus::Held => hold.is_live(draft.at()),
        HoldStatus::Redeemed => true,
        HoldStatus::Released | HoldStatus::Expired => false,
    };
    let cart = opened(draft, &hold).filter(|_| is_good).ok_or_else(|| over(&hold))?;
    Ok((Cart { order_id: Some(wanted.clone()), ..cart }, hold))
}

fn opened(draft: &Draft<'_>, hold: &Rc<Hold>) -> Option<Cart> {
    serde_json::from_str(&draft.installation.vault.open(&hold.cart_box)?).ok()
}

fn unknown(text: &str) -> Rejection {
    Rejection::at(Code::HoldUnknown, "/hold", format!("There is no hold {text}; send the cart itself."))
}

fn over(hold: &Hold) -> Rejection {
    let detail = match hold.status {
        HoldStatus::Released => "The hold was released; send the cart itself, or make a new hold.".to_owned(),
        _ => format!("The hold was good until {}; send the cart itself, or make a new hold.", hold.expires_at),
    };
    Rejection::at(Code::HoldExpired, "/hold", detail)
}
