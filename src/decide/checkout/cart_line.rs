//! One line of a cart: what a code, a recommendation or the store credit comes to, and every reason
//! why it does not count.

use std::rc::Rc;

use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::discount_rule::CheckoutDiscount;
use crate::decide::checkout::fault::Fault;
use crate::decide::checkout::pricing::{Deduction, Part};
use crate::decide::checkout::scope::Scope;
use crate::decide::checkout::shopper::{Brought, Shopper};
use crate::decide::vouchers::voucher_code;
use crate::records::benefit::BenefitKind;
use crate::records::redemption::{RedeemedLine, RefusedLine, WhyNot};
use crate::records::voucher::Standing;
use crate::records::{Id, Voucher};
use crate::vault::Vault;
use crate::views::cart::{ApplicableView, LineView, Source, items};

/// What one code, a recommendation, or the store credit comes to.
#[derive(Clone)]
pub struct CartLine {
    /// Its place in the cart.
    pub pointer: String,
    /// The code as it was typed; `None`: store credit, or a link.
    pub typed: Option<String>,
    /// The voucher, when it is one.
    pub voucher: Option<Rc<Voucher>>,
    /// Who recommended, when it is a discount `on: checkout`.
    pub checkout_discount: Option<CheckoutDiscount>,
    /// The program of an advocate's code or link, and her id at the shop, whether it gives a discount or not.
    pub recommended: Option<(Id, Option<String>)>,
    /// What it is, when it is known.
    pub kind: Option<BenefitKind>,
    /// What counted of it before this cart.
    pub standing: Standing,
    /// The most that it may pay, minor units, where the cart says so.
    pub most: Option<i64>,
    /// For which items it is.
    pub scope: Scope,
    /// What it comes to.
    pub part: Part,
    /// Why it does not count; empty: it does.
    pub faults: Vec<Fault>,
}

impl CartLine {
    /// One of which nothing is known yet but where it stands.
    pub fn new(pointer: String, typed: Option<&str>) -> Self {
        Self {
            pointer,
            typed: typed.map(str::to_owned),
            voucher: None,
            checkout_discount: None,
            recommended: None,
            kind: None,
            standing: Standing::default(),
            most: None,
            scope: Scope::All,
            part: Part::default(),
            faults: Vec::new(),
        }
    }

    /// Whether it takes off or pays anything.
    pub fn counts(&self) -> bool {
        self.faults.is_empty() && self.part.discount + self.part.payment > 0
    }

    /// Whether it takes something off the price: balances pay and leave it.
    pub fn is_discount(&self) -> bool {
        self.checkout_discount.is_some() || self.voucher.as_ref().is_some_and(|voucher| !voucher.is_balance())
    }

    /// What counts of it after this cart.
    pub fn after(&self) -> Standing {
        Standing {
            used: self.standing.used + i64::from(self.counts()),
            held: self.standing.held,
            balance: self.standing.balance.map(|balance| balance - self.part.payment),
            is_withdrawn: self.standing.is_withdrawn,
        }
    }

    /// As it is priced.
    pub fn deduction(&self) -> Deduction {
        let voucher = self.voucher.as_deref();
        let benefit = self.checkout_discount.as_ref().map(|checkout_discount| &checkout_discount.rule().benefit);
        let balance = self.standing.balance.map(|balance| self.most.map_or(balance, |most| most.min(balance)));
        let fixed = voucher.and_then(|voucher| voucher.amount).or(benefit.and_then(|benefit| benefit.amount_for(0)));
        let rate = voucher.and_then(|voucher| voucher.rate_bps).or(benefit.and_then(|benefit| benefit.rate_bps));
        let max = benefit.and_then(|benefit| benefit.max_amount).map(|max| max.0);
        Deduction {
            kind: self.kind.unwrap_or(BenefitKind::StoreCredit),
            amount: balance.or(fixed).unwrap_or(0),
            rate_bps: rate.unwrap_or(0),
            max_amount: voucher.filter(|voucher| !voucher.is_balance()).and_then(|voucher| voucher.max_amount).or(max),
            is_for: self.scope.marks(),
            valid_until: voucher.and_then(|voucher| voucher.valid_until),
            id: voucher.map(|voucher| voucher.id).or(self.checkout_discount.as_ref().map(|by| by.program().id)),
        }
    }

    /// The discount by item: the items' ids and their parts, where it has one.
    fn items(&self, cart: &Cart) -> Vec<(String, i64)> {
        let parts = cart.items.iter().zip(&self.part.items).filter(|(_, part)| **part > 0);
        parts.map(|(item, part)| (item.id.to_string(), *part)).collect()
    }

    /// As it is noted when it is redeemed, without the entries. `nonce` seals a code that is not sealed yet.
    pub fn redeemed(&self, cart: &Cart, vault: &Vault, nonce: [u8; 12]) -> RedeemedLine {
        let voucher = self.voucher.as_deref();
        let code = self.checkout_discount.as_ref().and(self.typed.as_deref());
        RedeemedLine {
            voucher: voucher.map(|voucher| voucher.id),
            recommendation: self.checkout_discount.as_ref().map(CheckoutDiscount::noted),
            claim: None,
            offer: None,
            code_box: voucher
                .map(|voucher| voucher.code_box.clone())
                .or_else(|| code.map(|code| vault.seal(code, nonce))),
            code_hint: voucher.map(|voucher| voucher.code_hint.clone()).or_else(|| code.map(voucher_code::hint)),
            kind: self.kind.unwrap_or(BenefitKind::StoreCredit),
            discount: self.part.discount,
            payment: self.part.payment,
            items: self.items(cart),
            remaining_uses: voucher.and_then(|voucher| self.after().remaining_uses(voucher)),
            balance: self.after().balance,
            entries: Vec::new(),
            refused: None,
        }
    }

    /// As it is noted where it was given all the same, and does not count; `None`: it counts. Nothing of it is undone when
    /// the redemption is, and only a voucher's code is kept.
    pub fn refused(&self, shopper: Shopper) -> Option<RedeemedLine> {
        if self.faults.is_empty() {
            return None;
        }
        let voucher = self.voucher.as_deref();
        Some(RedeemedLine {
            voucher: None,
            recommendation: None,
            claim: None,
            offer: None,
            code_box: voucher.map(|voucher| voucher.code_box.clone()),
            code_hint: voucher.map(|voucher| voucher.code_hint.clone()),
            kind: self.kind.unwrap_or(BenefitKind::Custom),
            discount: 0,
            payment: 0,
            items: Vec::new(),
            remaining_uses: None,
            balance: None,
            entries: Vec::new(),
            refused: Some(RefusedLine {
                why_not: self.why_not(shopper),
                is_known: self.kind.is_some(),
                is_recommended: self.recommended.is_some(),
            }),
        })
    }

    /// Why it does not count.
    fn why_not(&self, shopper: Shopper) -> WhyNot {
        let first = self.faults.first();
        WhyNot {
            reasons: self.faults.iter().map(|fault| fault.reason.to_string()).collect(),
            detail: first.map(|fault| fault.detail.clone()),
            message: first.map(|fault| shopper.reads(self.brought(), fault)),
            min_order_amount: self.faults.iter().find_map(|fault| fault.least),
        }
    }

    /// What the shopper knows it as.
    fn brought(&self) -> Brought {
        match self.typed {
            Some(_) => Brought::Code,
            None if self.kind == Some(BenefitKind::StoreCredit) => Brought::Credit,
            None => Brought::Link,
        }
    }

    /// As it is shown among what a customer could use; `None`: it is no voucher.
    pub fn applicable(&self, shopper: Shopper) -> Option<ApplicableView> {
        let voucher = self.voucher.as_deref()?;
        Some(ApplicableView {
            voucher: voucher.id,
            hint: voucher.code_hint.clone(),
            kind: voucher.kind,
            valid: self.faults.is_empty(),
            discount: self.part.discount,
            payment: self.part.payment,
            valid_until: voucher.valid_until,
            why_not: self.why_not(shopper),
        })
    }

    /// As a check shows it.
    pub fn view(&self, cart: &Cart, shopper: Shopper) -> LineView {
        let (program, advocate) = self.recommended.clone().unzip();
        LineView {
            code: self.typed.clone(),
            voucher: self.voucher.as_ref().map(|voucher| voucher.id),
            source: Source::of(program.is_some(), self.kind),
            kind: self.kind,
            valid: self.faults.is_empty(),
            discount: self.part.discount,
            payment: self.part.payment,
            items: items(&self.items(cart)),
            remaining_uses: self.voucher.as_deref().and_then(|voucher| self.after().remaining_uses(voucher)),
            balance: self.after().balance,
            why_not: self.why_not(shopper),
            program,
            advocate: advocate.flatten(),
        }
    }
}
