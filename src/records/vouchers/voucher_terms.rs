//! What a voucher is worth, when, for what and how often: what those of a batch have in common.

use serde::{Deserialize, Serialize};

use crate::records::Timestamp;
use crate::records::benefit::BenefitKind;
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind};

/// What a voucher is, whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherTerms {
    /// What it is.
    pub kind: BenefitKind,
    /// Minor units: `amount_off`, `gift_card`.
    pub amount: Option<i64>,
    /// Hundredths of a per cent: `percent_off`.
    pub rate_bps: Option<i64>,
    /// Never more than this, minor units.
    pub max_amount: Option<i64>,
    /// What each use counts for in the books, minor units.
    pub face_amount: i64,
    /// The cart must be worth this much, minor units.
    pub min_order_amount: i64,
    /// Uses in all; `None`: no limit.
    pub max_redemptions: Option<i64>,
    /// Uses by one customer; `None`: no limit.
    pub per_customer: Option<i64>,
    /// Good from here.
    pub valid_from: Option<Timestamp>,
    /// First instant too late.
    pub valid_until: Option<Timestamp>,
    /// Which items it is for.
    pub applies_to: AppliesTo,
    /// Whether it counts in a cart from which the shop took something off as a whole.
    pub with_shop_discounts: bool,
    /// What it may be combined with.
    pub stacking: Stacking,
    /// What the law calls it.
    pub legal_kind: LegalKind,
    /// How VAT treats it.
    pub tax_kind: TaxKind,
}

impl VoucherTerms {
    /// What all of its uses may be worth at most, minor units; `None`: there is no telling.
    pub fn worth(&self) -> Option<i64> {
        if self.kind == BenefitKind::GiftCard {
            return Some(self.face_amount);
        }
        let is_capped = self.kind != BenefitKind::PercentOff || self.max_amount.is_some();
        self.max_redemptions.filter(|_| is_capped).map(|uses| uses.saturating_mul(self.face_amount))
    }
}
