//! A batch of vouchers, as the API shows it.

use serde::Serialize;

use crate::records::audit::Actor;
use crate::records::benefit::BenefitKind;
use crate::records::event::EventData;
use crate::records::money::Currency;
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind};
use crate::records::voucher_batch::BatchStatus;
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Id, Job, Timestamp, VoucherBatch};
use crate::views::View;
use crate::views::event::Payload;
use crate::views::job::{JobView, job as job_view};

/// What counts of a batch beside its record.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchCounts {
    /// Redemptions that were not reversed.
    pub redeemed: i64,
    /// Vouchers that were withdrawn, and whose value went back.
    pub withdrawn: i64,
}

/// See the contract's `VoucherBatch`.
#[derive(Serialize)]
pub struct BatchView<'a> {
    id: Id,
    name: &'a str,
    status: BatchStatus,
    imported: bool,
    count: i64,
    made: i64,
    redeemed: i64,
    void: i64,
    bound: bool,
    pattern: Option<&'a str>,
    entropy_bits: Option<i64>,
    kind: Option<BenefitKind>,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    currency: Currency,
    min_order_amount: Option<i64>,
    max_redemptions: Option<i64>,
    per_customer: Option<i64>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    applies_to: Option<&'a AppliesTo>,
    with_shop_discounts: Option<bool>,
    stacking: Option<&'a Stacking>,
    legal_kind: Option<LegalKind>,
    tax_kind: Option<TaxKind>,
    asked_by: Option<&'a Actor>,
    reason: Option<&'a str>,
    job: JobView<'a>,
    voided_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl View for BatchView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for BatchView<'_> {
    const DATA: EventData = EventData::VoucherBatch;
}

/// Bits of each drawn character of a pattern.
const BITS: usize = 5;

/// Shows a batch; `public_url` is what our own links begin with.
pub fn batch<'a>(
    batch: &'a VoucherBatch,
    job: &'a Job,
    counts: BatchCounts,
    currency: Currency,
    public_url: &str,
) -> BatchView<'a> {
    let terms: Option<&VoucherTerms> = batch.terms.as_ref();
    let bits = |pattern: &str| i64::try_from(pattern.matches('#').count() * BITS).unwrap_or(0);
    BatchView {
        id: batch.id,
        name: &batch.name,
        status: batch.status,
        imported: batch.imported,
        count: batch.count,
        made: batch.made,
        redeemed: counts.redeemed,
        void: counts.withdrawn,
        bound: batch.bound,
        pattern: batch.pattern.as_deref(),
        entropy_bits: batch.pattern.as_deref().map(bits),
        kind: terms.map(|terms| terms.kind),
        amount: terms.and_then(|terms| terms.amount),
        rate_bps: terms.and_then(|terms| terms.rate_bps),
        max_amount: terms.and_then(|terms| terms.max_amount),
        currency,
        min_order_amount: terms.map(|terms| terms.min_order_amount),
        max_redemptions: terms.and_then(|terms| terms.max_redemptions),
        per_customer: terms.and_then(|terms| terms.per_customer),
        valid_from: terms.and_then(|terms| terms.valid_from),
        valid_until: terms.and_then(|terms| terms.valid_until),
        applies_to: terms.map(|terms| &terms.applies_to),
        with_shop_discounts: terms.map(|terms| terms.with_shop_discounts),
        stacking: terms.map(|terms| &terms.stacking),
        legal_kind: terms.map(|terms| terms.legal_kind),
        tax_kind: terms.map(|terms| terms.tax_kind),
        asked_by: batch.asked_by.as_ref(),
        reason: batch.reason.as_deref(),
        job: job_view(job, public_url),
        voided_at: batch.voided_at,
        created_at: batch.created_at,
    }
}
