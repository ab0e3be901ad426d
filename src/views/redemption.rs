//! A redemption and a reversal, as the API shows them.

use serde::Serialize;

use super::Mask;
use super::View;
use super::cart::{CartView, redeemed};
use super::event::Payload;
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::redemption::RedemptionStatus;
use crate::records::reversal::ReversedLine;
use crate::records::{Id, Redemption, Reversal, Timestamp};
use crate::vault::Vault;

/// See the contract's `Redemption`.
#[derive(Serialize)]
pub struct RedemptionView<'a> {
    id: Id,
    status: RedemptionStatus,
    order_id: &'a str,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    currency: Currency,
    amount: i64,
    shipping_amount: i64,
    #[serde(flatten)]
    cart: CartView,
    reversed_amount: i64,
    redeemed_at: Timestamp,
}

impl View for RedemptionView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for RedemptionView<'_> {
    const DATA: EventData = EventData::Redemption;
}

/// Shows a redemption. In events the codes are masked.
pub fn redemption<'a>(redemption: &'a Redemption, vault: &Vault, mask: Mask) -> RedemptionView<'a> {
    RedemptionView {
        id: redemption.id,
        status: redemption.status,
        order_id: &redemption.order_id,
        customer: redemption.customer_ref.as_deref(),
        customer_id: redemption.customer,
        currency: redemption.currency,
        amount: redemption.amount,
        shipping_amount: redemption.shipping_amount,
        cart: CartView {
            valid: redemption.is_whole(),
            discount: redemption.discount,
            payment: redemption.payment,
            payable: redemption.payable,
            provisional: None,
            needs: Vec::new(),
            lines: redemption.lines.iter().map(|line| redeemed(line, vault, mask)).collect(),
        },
        reversed_amount: redemption.reversed_amount,
        redeemed_at: redemption.created_at,
    }
}

/// See the contract's `Reversal`.
#[derive(Serialize)]
pub struct ReversalView<'a> {
    id: Id,
    reversal_id: &'a str,
    redemption: Id,
    order_id: &'a str,
    amount: i64,
    currency: Currency,
    reason: &'a str,
    lines: &'a [ReversedLine],
    redemption_status: RedemptionStatus,
    created_at: Timestamp,
}

impl View for ReversalView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for ReversalView<'_> {
    const DATA: EventData = EventData::Reversal;
}

/// Shows a reversal of a redemption.
pub fn reversal<'a>(reversal: &'a Reversal, redemption: &'a Redemption) -> ReversalView<'a> {
    ReversalView {
        id: reversal.id,
        reversal_id: &reversal.reversal_id,
        redemption: reversal.redemption,
        order_id: &redemption.order_id,
        amount: reversal.amount,
        currency: redemption.currency,
        reason: &reversal.reason,
        lines: &reversal.lines,
        redemption_status: reversal.redemption_status,
        created_at: reversal.created_at,
    }
}
