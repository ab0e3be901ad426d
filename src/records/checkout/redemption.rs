//! A redemption: codes and balances spent in an order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::records::benefit::{BenefitKind, Effect};
use crate::records::money::Currency;
use crate::records::referral::Method;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `redeemed → partly_reversed → reversed`
    RedemptionStatus {
        Redeemed = "redeemed",
        PartlyReversed = "partly_reversed",
        Reversed = "reversed",
    }
}

/// Who recommended, where a line is a discount `on: checkout`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The program that gave it.
    pub program: Id,
    /// Who recommended.
    pub advocate: Id,
    /// Her id at the shop.
    pub advocate_ref: Option<String>,
    /// By what: a code that was typed, or a link.
    pub method: Method,
    /// The share, when a link was followed.
    pub share: Option<Id>,
    /// The share of the link or of the code, where nothing shows that one of the advocate's links was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naked: Option<Id>,
    /// The tallies of the friend's places that count it.
    pub counted_by: Vec<String>,
}

/// What one code, a recommendation, or the store credit did in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedeemedLine {
    /// The voucher, where it is one.
    pub voucher: Option<Id>,
    /// Who recommended, where it is a discount `on: checkout`.
    pub recommendation: Option<Recommendation>,
    /// The claim that gave the voucher, where an offer did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Id>,
    /// That offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Id>,
    /// Its code, sealed.
    pub code_box: Option<String>,
    /// The last four characters of its code.
    pub code_hint: Option<String>,
    /// What it is.
    pub kind: BenefitKind,
    /// Taken off the price, minor units.
    pub discount: i64,
    /// Paid with, minor units.
    pub payment: i64,
    /// Discount by item: the item's id and its part.
    pub items: Vec<(String, i64)>,
    /// Uses left after it; `None`: no limit.
    pub remaining_uses: Option<i64>,
    /// Balance left after it.
    pub balance: Option<i64>,
    /// What was moved for it in the books: entry, debit, credit, amount.
    pub entries: Vec<MovedEntry>,
    /// Why it did not count, where the shop's own checkout had given it all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedLine>,
}

/// Why a line of a cart does not count; nothing of it: it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyNot {
    /// In the words of a check.
    pub reasons: Vec<String>,
    /// The first as a sentence, for developers.
    pub detail: Option<String>,
    /// The same in the shopper's language.
    pub message: Option<String>,
    /// What the cart must be worth, minor units, where that is why.
    pub min_order_amount: Option<i64>,
}

/// Why a code did not count that a shop's own checkout had taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// Why.
    #[serde(flatten)]
    pub why_not: WhyNot,
    /// Whether somebody's voucher or code it was at all.
    pub is_known: bool,
    /// Whether it was an advocate's code or link.
    #[serde(default)]
    pub is_recommended: bool,
}

impl RedeemedLine {
    /// Whether it is an advocate's code or link.
    pub fn is_recommended(&self) -> bool {
        self.recommendation.is_some() || self.refused.as_ref().is_some_and(|refused| refused.is_recommended)
    }

    /// What it is; `None`: a code that nobody knows.
    pub fn known_kind(&self) -> Option<BenefitKind> {
        Some(self.kind).filter(|_| self.refused.as_ref().is_none_or(|refused| refused.is_known))
    }
}

/// An entry that a reversal can undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedEntry {
    /// The entry.
    pub id: Id,
    /// It took from here.
    pub debit: String,
    /// It gave to here.
    pub credit: String,
    /// Minor units.
    pub amount: i64,
}

record! {
    /// A redemption; one live one for each order.
    versioned Redemption in "redemptions" {
        /// The shop's id of the order.
        order_id: String,
        /// Who redeemed.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Currency of its amounts.
        currency: Currency,
        /// Goods, minor units.
        amount: i64,
        /// Shipping, minor units.
        shipping_amount: i64,
        /// Taken off the price, minor units.
        discount: i64,
        /// Paid with balances, minor units.
        payment: i64,
        /// Left to pay, minor units.
        payable: i64,
        /// What each code did.
        lines: Json<Vec<RedeemedLine>>,
        /// Hash of the cart, to tell the same request from another.
        fingerprint: String,
        /// Where it stands.
        status: RedemptionStatus,
        /// Undone so far, minor units.
        reversed_amount: i64,
        /// When.
        created_at: Timestamp,
    }
}

impl Redemption {
    /// Whether all that was given in it counted.
    pub fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| line.refused.is_none())
    }

    /// What there was to undo, minor units.
    pub fn total(&self) -> i64 {
        self.discount + self.payment
    }

    /// How much of each line is undone when so much of the whole is: payments first, the last line
    /// first; then discounts.
    pub fn undone(&self, reversed: i64) -> Vec<i64> {
        let mut left = reversed;
        let mut back = vec![0; self.lines.len()];
        for of in [|line: &RedeemedLine| line.payment, |line: &RedeemedLine| line.discount] {
            for (index, line) in self.lines.iter().enumerate().rev() {
                let part = of(line).min(left);
                back[index] += part;
                left -= part;
            }
        }
        back
    }

    /// What its discounts took off an item, minor units.
    pub fn taken_off(&self, item: &str) -> i64 {
        let items = self.lines.iter().flat_map(|line| &line.items);
        items.filter(|(id, _)| id == item).map(|(_, part)| part).sum()
    }

    /// Who gave a discount `on: checkout` in it.
    pub fn recommendation(&self) -> Option<&Recommendation> {
        self.lines.iter().find_map(|line| line.recommendation.as_ref())
    }

    /// The line of a voucher that an offer gave, and the claim that took it.
    pub fn claimed(&self) -> Option<(&RedeemedLine, Id)> {
        self.lines.iter().find_map(|line| Some((line, line.claim?)))
    }

    /// The offers whose vouchers did something in it, and how many of each did.
    pub fn offers(&self) -> BTreeMap<Id, i64> {
        let mut many = BTreeMap::new();
        let did = self.lines.iter().filter(|line| line.discount + line.payment > 0);
        for offer in did.filter_map(|line| line.offer) {
            *many.entry(offer).or_default() += 1;
        }
        many
    }

    /// Whether something was redeemed in it that says who recommended.
    pub fn is_evidence(&self) -> bool {
        self.recommendation().is_some() || self.claimed().is_some()
    }

    /// What that discount took off the goods, minor units; one on shipping took nothing off them.
    pub fn recommended_discount(&self) -> i64 {
        let is_it = |line: &&RedeemedLine| line.recommendation.is_some() && line.kind.effect() == Effect::OffGoods;
        self.lines.iter().find(is_it).map_or(0, |line| line.discount)
    }
}
