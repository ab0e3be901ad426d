//! A hold, as the API shows it.

use serde::Serialize;

use super::Mask;
use super::View;
use super::cart::{CartView, redeemed};
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::hold::HoldStatus;
use crate::records::money::Currency;
use crate::records::{Hold, Id, Timestamp};
use crate::vault::Vault;

/// See the contract's `Hold`.
#[derive(Serialize)]
pub struct HoldView<'a> {
    id: Id,
    status: HoldStatus,
    order_id: Option<&'a str>,
    cart_id: Option<&'a str>,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    currency: Currency,
    amount: i64,
    shipping_amount: i64,
    #[serde(flatten)]
    cart: CartView,
    expires_at: Timestamp,
    redemption: Option<Id>,
    created_at: Timestamp,
}

impl View for HoldView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for HoldView<'_> {
    const DATA: EventData = EventData::Hold;
}

/// Shows a hold as it stands at an instant. In events the codes are masked.
pub fn hold<'a>(hold: &'a Hold, at: Timestamp, vault: &Vault, mask: Mask) -> HoldView<'a> {
    HoldView {
        id: hold.id,
        status: hold.status_at(at),
        order_id: hold.order_id.as_deref(),
        cart_id: hold.cart_id.as_deref(),
        customer: hold.customer_ref.as_deref(),
        customer_id: hold.customer,
        currency: hold.currency,
        amount: hold.amount,
        shipping_amount: hold.shipping_amount,
        cart: CartView {
            valid: true,
            discount: hold.discount,
            payment: hold.payment,
            payable: hold.payable,
            provisional: None,
            needs: Vec::new(),
            lines: hold.lines.iter().map(|line| redeemed(line, vault, mask)).collect(),
        },
        expires_at: hold.expires_at,
        redemption: hold.redemption,
        created_at: hold.created_at,
    }
}
