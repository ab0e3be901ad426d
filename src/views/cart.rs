//! What a cart comes to, as the API shows it: in a check, and in the redemption that follows.

use serde::Serialize;

use super::Mask;
use super::voucher::code;
use crate::records::Id;
use crate::records::benefit::BenefitKind;
use crate::records::redemption::RedeemedLine;
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
    /// What else must be given: `customer`.
    pub needs: Vec<&'static str>,
    /// What each code and the store credit come to.
    pub lines: Vec<LineView>,
}

impl CartView {
    /// How many codes nobody knows.
    pub fn unknown_codes(&self) -> usize {
        self.lines.iter().filter(|line| line.reasons.contains(&UNKNOWN)).count()
    }
}

/// See the contract's `CartLine`.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    /// The code; none for store credit.
    pub code: Option<String>,
    /// The voucher.
    pub voucher: Option<Id>,
    /// `voucher`, `store_credit` or `unknown`.
    pub source: &'static str,
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
    pub reasons: Vec<&'static str>,
    /// The first reason as a sentence.
    pub detail: Option<String>,
    /// The program of an advocate's code: later.
    pub program: Option<Id>,
    /// The advocate of an advocate's code: later.
    pub advocate: Option<String>,
}

/// An item's part of a discount.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    id: String,
    amount: i64,
}

/// What a line comes from.
pub fn source(kind: Option<BenefitKind>) -> &'static str {
    match kind {
        None => "unknown",
        Some(BenefitKind::StoreCredit) => "store_credit",
        Some(_) => "voucher",
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
        source: source(Some(line.kind)),
        kind: Some(line.kind),
        valid: true,
        discount: line.discount,
        payment: line.payment,
        items: items(&line.items),
        remaining_uses: line.remaining_uses,
        balance: line.balance,
        reasons: Vec::new(),
        detail: None,
        program: None,
        advocate: None,
    }
}
