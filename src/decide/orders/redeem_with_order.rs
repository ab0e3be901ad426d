//! Redeems with an order what it is paid with, in the one decision that records it: both happen, or neither.
//!
//! The order is then told as its cart is checked: before what is redeemed takes anything off. What is left of it is what
//! is recorded.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::checkout::cart::{Cart, Item, TypedCode, list};
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::orders::create_redemption::redeem_cart;
use crate::decide::orders::placing::may_live_again;
use crate::decide::orders::redeem_hold;
use crate::decide::people::customer::CustomerDetails;
use crate::records::benefit::Effect;
use crate::records::money::{Amount, Currency};
use crate::records::text::{Reference, Text};
use crate::records::{Conversion, OrderSlot, Redemption};
use crate::refusal::Rejection;
use crate::views::Mask;
use crate::world::Stop;

/// What is redeemed: what a hold has set aside, or codes and credit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// A hold's id; alone.
    #[serde(default)]
    pub hold: Option<Reference>,
    /// Voucher codes and advocates' codes, at most ten.
    #[serde(default, deserialize_with = "list")]
    pub codes: Vec<TypedCode>,
    /// How much store credit to pay with, minor units.
    #[serde(default)]
    pub store_credit: Option<Amount>,
    /// What gives the discount `on: checkout` without typing.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// What the shop took off the whole cart itself, minor units.
    #[serde(default)]
    pub shop_discount: Option<Amount>,
    /// Whether the shop's own checkout has given it all already: nothing is refused.
    #[serde(default)]
    pub already_applied: Option<bool>,
    /// The session in which it was typed: by whom wrong codes are counted. Never stored.
    #[serde(default)]
    pub visitor: Option<Text<0, 128>>,
    /// How much of the hold's codes the caller may see; not from the body.
    #[serde(skip)]
    pub mask: Mask,
}

impl Redeem {
    /// Whether there is anything to redeem: a backend may always send it, and many orders are paid with nothing of ours.
    pub fn names_something(&self) -> bool {
        self.hold.is_some()
            || self.codes.iter().any(|typed| !typed.code.is_blank())
            || self.store_credit.is_some_and(|credit| credit.0 > 0)
            || self.evidence.as_ref().is_some_and(Evidence::says_anything)
    }
}

/// The fields of a cart that stand in `redeem`, and not beside it.
const OWN: [&str; 5] = ["/hold", "/codes", "/store_credit", "/evidence", "/shop_discount"];

/// What an order says of its cart.
#[derive(Clone, Debug)]
pub struct Told {
    /// The shop's id of the order.
    pub order_id: Reference,
    /// Who ordered.
    pub customer: Option<Reference>,
    /// What is told of them.
    pub customer_details: Option<CustomerDetails>,
    /// The currency.
    pub currency: Currency,
    /// Goods, minor units.
    pub amount: Amount,
    /// Shipping, minor units.
    pub shipping_amount: Amount,
    /// What was ordered.
    pub items: Vec<Item>,
}

/// Redeems; answers the order as it is left, and what was redeemed in it. The same order again is answered with what was redeemed in it; what went back when all of it was undone is
/// redeemed anew only where the order lives again.
pub fn redeem(
    draft: &mut Draft<'_>,
    order: &Told,
    with: &Redeem,
    earlier: Option<&Conversion>,
) -> Result<(Told, Rc<Redemption>), Stop> {
    let held = match &with.hold {
        Some(hold) if !with.codes.is_empty() || with.store_credit.is_some() || with.evidence.is_some() => {
            let detail = format!("the hold {} knows its cart; send hold alone, or codes", &**hold);
            return Err(Rejection::field("/redeem/hold", detail).into());
        }
        Some(hold) => Some(redeem_hold::cart_of(draft, hold, &order.order_id).map_err(within)?),
        None => None,
    };
    let (cart, hold) = held.map_or_else(|| (order.cart(with), None), |(cart, hold)| (cart, Some(hold)));
    if hold.is_some() && (cart.amount, cart.currency) != (order.amount, order.currency) {
        let detail = format!(
            "the hold is of a cart of {} {}; send its amount, before what is redeemed",
            cart.amount.0, cart.currency
        );
        return Err(Rejection::field("/amount", detail).into());
    }
    let redemption = match undone(draft, order, earlier)? {
        Some(undone) => undone,
        None => redeem_cart(draft, &cart, hold).map_err(within)?.redemption,
    };
    Ok((left_of(order, &cart, &redemption), redemption))
}

/// What was redeemed in an order that is not placed anew, and went back since.
fn undone(draft: &Draft<'_>, order: &Told, earlier: Option<&Conversion>) -> Result<Option<Rc<Redemption>>, Stop> {
    if earlier.is_none_or(may_live_again) {
        return Ok(None);
    }
    let slot = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, &order.order_id))?;
    let latest = slot.filter(|slot| slot.redemption.is_none()).and_then(|slot| slot.latest);
    latest.map(|latest| draft.expect::<Redemption>(latest)).transpose()
}

/// An order without what was taken off it. What it does not say the cart of its hold does.
fn left_of(order: &Told, cart: &Cart, redemption: &Redemption) -> Told {
    let taken = |effect: Effect| -> i64 {
        let lines = redemption.lines.iter().filter(|line| line.kind.effect() == effect);
        lines.map(|line| line.discount).sum()
    };
    let less = |amount: i64, effect| Amount((amount - taken(effect)).max(0));
    let is_named = order.customer.is_some() || order.customer_details.is_some();
    let (customer, customer_details) = match is_named {
        true => (order.customer.clone(), order.customer_details.clone()),
        false => (cart.customer.clone(), cart.customer_details.clone()),
    };
    Told {
        customer,
        customer_details,
        amount: less(cart.amount.0, Effect::OffGoods),
        shipping_amount: less(cart.shipping(), Effect::OffShipping),
        items: if order.items.is_empty() { cart.items.clone() } else { order.items.clone() },
        ..order.clone()
    }
}

impl Told {
    /// Its cart, where codes or credit are redeemed with it.
    pub fn cart(&self, with: &Redeem) -> Cart {
        Cart {
            codes: with.codes.clone(),
            store_credit: with.store_credit,
            customer: self.customer.clone(),
            customer_details: self.customer_details.clone(),
            order_id: Some(self.order_id.clone()),
            currency: self.currency,
            amount: self.amount,
            shipping_amount: Some(self.shipping_amount),
            shop_discount: with.shop_discount,
            items: self.items.clone(),
            evidence: with.evidence.clone(),
            cart_id: None,
            visitor: with.visitor.clone(),
            ttl_seconds: None,
            already_applied: with.already_applied,
        }
    }
}

/// Names the places of a cart as they stand in the order's body.
fn within(stop: Stop) -> Stop {
    let Stop::Refused(mut rejection) = stop else { return stop };
    for fault in &mut rejection.errors {
        if OWN.iter().any(|own| fault.pointer == *own || fault.pointer.starts_with(&format!("{own}/"))) {
            fault.pointer.insert_str(0, "/redeem");
        }
    }
    Stop::Refused(rejection)
}
