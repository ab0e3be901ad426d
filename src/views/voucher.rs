//! A voucher, as the API shows it.

pub mod batch;

use serde::Serialize;

use super::Mask;
use super::View;
use super::event::Payload;
use crate::records::audit::Actor;
use crate::records::benefit::BenefitKind;
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::pass::{EventDetails, Pass};
use crate::records::voucher::{AppliesTo, LegalKind, ShownStatus, Stacking, Standing, TaxKind, VoucherSource};
use crate::records::{Id, Timestamp, Voucher};
use crate::vault::Vault;

/// See the contract's `Voucher`.
#[derive(Serialize)]
pub struct VoucherView<'a> {
    id: Id,
    code: String,
    status: ShownStatus,
    kind: BenefitKind,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    currency: Currency,
    used: i64,
    held: i64,
    max_redemptions: Option<i64>,
    remaining_uses: Option<i64>,
    balance: Option<i64>,
    per_customer: Option<i64>,
    min_order_amount: i64,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    applies_to: &'a AppliesTo,
    with_shop_discounts: bool,
    stacking: &'a Stacking,
    legal_kind: LegalKind,
    tax_kind: TaxKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<AttendsView<'a>>,
    reference: Option<&'a str>,
    asked_by: Option<&'a Actor>,
    source: VoucherSource,
    source_id: Option<Id>,
    replaces: Option<Id>,
    replaced_by: Option<Id>,
    batch: Option<Id>,
    created_at: Timestamp,
}

impl View for VoucherView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for VoucherView<'_> {
    const DATA: EventData = EventData::Voucher;
}

/// Shows a voucher as it stands at an instant. In events the code is masked.
pub fn voucher<'a>(
    voucher: &'a Voucher,
    standing: Standing,
    at: Timestamp,
    vault: &Vault,
    mask: Mask,
) -> VoucherView<'a> {
    VoucherView {
        id: voucher.id,
        code: code(vault, mask, &voucher.code_box, &voucher.code_hint),
        status: standing.status(voucher, at),
        kind: voucher.kind,
        amount: voucher.amount,
        rate_bps: voucher.rate_bps,
        max_amount: voucher.max_amount,
        currency: voucher.currency,
        used: standing.used,
        held: standing.held,
        max_redemptions: voucher.max_redemptions,
        remaining_uses: standing.remaining_uses(voucher),
        balance: standing.balance,
        per_customer: voucher.per_customer,
        min_order_amount: voucher.min_order_amount,
        customer: voucher.customer_ref.as_deref(),
        customer_id: voucher.customer,
        valid_from: voucher.valid_from,
        valid_until: voucher.valid_until,
        applies_to: &voucher.applies_to,
        with_shop_discounts: voucher.with_shop_discounts,
        stacking: &voucher.stacking,
        legal_kind: voucher.legal_kind,
        tax_kind: voucher.tax_kind,
        pass: voucher.pass.as_ref().map(|pass| attends(pass)),
        reference: voucher.reference.as_deref(),
        asked_by: voucher.asked_by.as_ref(),
        source: voucher.source,
        source_id: voucher.source_id,
        replaces: voucher.replaces,
        replaced_by: voucher.replaced_by,
        batch: voucher.batch,
        created_at: voucher.created_at,
    }
}

/// A sealed code for a viewer. What was sealed under another secret stays hidden.
pub fn code(vault: &Vault, mask: Mask, code_box: &str, code_hint: &str) -> String {
    let opened = match mask {
        Mask::Full => vault.open(code_box),
        Mask::Hint => None,
    };
    opened.unwrap_or_else(|| format!("****{code_hint}"))
}

/// What a voucher lets people attend, as vouchers show it.
#[derive(Serialize)]
pub struct AttendsView<'a> {
    event: &'a EventDetails,
    seats: i64,
}

/// Shows what a voucher lets people attend.
pub fn attends(pass: &Pass) -> AttendsView<'_> {
    AttendsView { event: &pass.event, seats: pass.seats }
}
