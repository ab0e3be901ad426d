//! What a cart comes to, as the API shows it: in a check, and in the redemption that follows.

use serde::Serialize;

use super::Mask;
use super::voucher::code;
use crate::records::benefit::BenefitKind;
use crate::records::redemption::{RedeemedLine, WhyNot};
use crate::records::{Id, Timestamp};
use crate::vault::Vault;

/// The reason word of a code that nobody knows.
pub const UNKNOWN: &str = "unknown";

/// See the contract's `CheckedCart`.
#[derive(Clone, Debug, Serialize)]
pub struct CartView {
    /// Whether every line is valid: a redemption would spend them all.
    pub valid: bool,
    /// Taken off the price, minor units.
    pub discount: i64,
    /// Paid with balances, minor units.
    pub payment: i64,
    /// Left to pay, minor units.
    pub payable: i64,
    /// What it would come to for a new customer, where who buys must be said.
    pub provisional: Option<ProvisionalView>,
    /// What else must be given: `customer`.
    pub needs: Vec<&'static str>,
    /// What each code and the store credit come to.
    pub lines: Vec<LineView>,
}

impl CartView {
    /// How many codes nobody knows.
    pub fn unknown_codes(&self) -> usize {
        self.lines.iter().filter(|line| line.why_not.reasons.iter().any(|reason| reason == UNKNOWN)).count()
    }
}

/// What a cart would come to as soon as it is said who buys.
#[derive(Clone, Debug, Serialize)]
pub struct ProvisionalView {
    /// Taken off the price, minor units.
    pub discount: i64,
    /// Paid with balances, minor units.
    pub payment: i64,
    /// Left to pay, minor units.
    pub payable: i64,
}

/// See the contract's `CartLine`.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    /// The code; none for store credit.
    pub code: Option<String>,
    /// The voucher.
    pub voucher: Option<Id>,
    /// What it comes from.
    pub source: Source,
    /// What it is; nothing for a code that nobody knows.
    pub kind: Option<BenefitKind>,
    /// Whether it counts in this cart.
    pub valid: bool,
    /// Taken off the price, minor units.
    pub discount: i64,
    /// Paid, minor units.
    pub payment: i64,
    /// The discount by item.
    pub items: Vec<ItemView>,
    /// Uses left after it; `None`: no limit.
    pub remaining_uses: Option<i64>,
    /// Balance left after it, minor units.
    pub balance: Option<i64>,
    /// Why it does not count.
    #[serde(flatten)]
    pub why_not: WhyNot,
    /// The program of a discount `on: checkout`.
    pub program: Option<Id>,
    /// Who recommended, where it is one: the shop's id.
    pub advocate: Option<String>,
}

/// See the contract's `ApplicableVoucher`.
#[derive(Clone, Debug, Serialize)]
pub struct ApplicableView {
    /// The voucher.
    pub voucher: Id,
    /// The end of its code.
    pub hint: String,
    /// What it is.
    pub kind: BenefitKind,
    /// Whether it counts in this cart.
    pub valid: bool,
    /// What it would take off the price, minor units.
    pub discount: i64,
    /// What it would pay, minor units.
    pub payment: i64,
    /// First instant too late.
    pub valid_until: Option<Timestamp>,
    /// Why it does not count.
    #[serde(flatten)]
    pub why_not: WhyNot,
}

/// An item's part of a discount.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    id: String,
    amount: i64,
}

/// What a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A voucher.
    Voucher,
    /// A recommendation, whether the program gives a discount `on: checkout` or not.
    Program,
    /// The customer's store credit.
    StoreCredit,
    /// Nobody knows.
    Unknown,
}

impl Source {
    /// What a line of a kind comes from.
    pub fn of(is_recommended: bool, kind: Option<BenefitKind>) -> Self {
        match kind {
            _ if is_recommended => Source::Program,
            None => Source::Unknown,
            Some(BenefitKind::StoreCredit) => Source::StoreCredit,
            Some(_) => Source::Voucher,
        }
    }
}

/// Shows the items' parts of a discount.
pub fn items(parts: &[(String, i64)]) -> Vec<ItemView> {
    parts.iter().map(|(id, amount)| ItemView { id: id.clone(), amount: *amount }).collect()
}

/// Shows a line that was redeemed.
pub fn redeemed(line: &RedeemedLine, vault: &Vault, mask: Mask) -> LineView {
    let sealed = line.code_box.as_deref().zip(line.code_hint.as_deref());
    LineView {
        code: sealed.map(|(code_box, hint)| code(vault, mask, code_box, hint)),
        voucher: line.voucher,
        source: Source::of(line.is_recommended(), line.known_kind()),
        kind: line.known_kind(),
        valid: line.refused.is_none(),
        discount: line.discount,
        payment: line.payment,
        items: items(&line.items),
        remaining_uses: line.remaining_uses,
        balance: line.balance,
        why_not: line.refused.as_ref().map(|refused| refused.why_not.clone()).unwrap_or_default(),
        program: line.recommendation.as_ref().map(|noted| noted.program),
        advocate: line.recommendation.as_ref().and_then(|noted| noted.advocate_ref.clone()),
    }
}
