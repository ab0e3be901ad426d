//! A voucher: a code that is worth something at checkout.

use serde::{Deserialize, Serialize};

use crate::records::account::VOUCHER;
use crate::records::audit::Actor;
use crate::records::benefit::BenefitKind;
use crate::records::money::Currency;
use crate::records::pass::Pass;
use crate::records::text::Reference;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// What is stored of a voucher's state; `spent` and `expired` are computed.
    VoucherStatus {
        Active = "active",
        Void = "void",
    }
}

words! {
    /// What a voucher's state comes to: only `void` is stored, the others follow from who looked at it, from
    /// uses and from time.
    ShownStatus {
        PendingApproval = "pending_approval",
        Active = "active",
        Spent = "spent",
        Expired = "expired",
        Void = "void",
    }
}

words! {
    /// What the law calls it (BGB §§ 195, 199; reference on German law).
    LegalKind {
        Promotional = "promotional",
        Earned = "earned",
        Paid = "paid",
    }
}

words! {
    /// How VAT treats it (UStG § 3 (13)–(15)).
    TaxKind {
        Discount = "discount",
        Spv = "spv",
        Mpv = "mpv",
    }
}

words! {
    /// What it came from.
    VoucherSource {
        Reward = "reward",
        Grant = "grant",
        Shop = "shop",
    }
}

/// What it may be combined with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacking {
    /// At most one of a group in a cart.
    #[serde(default)]
    pub group: Option<crate::records::text::Slug>,
    /// With no other discount.
    #[serde(default)]
    pub exclusive: bool,
}

/// Which items of a cart a discount is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppliesTo {
    /// Only these products, and those of `categories`; both empty: all.
    pub skus: Vec<Reference>,
    /// Only products of one of these categories, and those of `skus`; both empty: all.
    pub categories: Vec<Reference>,
    /// None of these products.
    pub except_skus: Vec<Reference>,
    /// No product of one of these categories.
    pub except_categories: Vec<Reference>,
    /// Nothing that the shop has discounted itself.
    pub except_discounted: bool,
}

impl AppliesTo {
    /// Whether it leaves anything out: the items of the cart must then be known.
    pub fn is_scoped(&self) -> bool {
        *self != Self::default()
    }

    /// Its lists, each with the name of its field.
    pub fn lists(&self) -> [(&'static str, &[Reference]); 4] {
        [
            ("skus", &self.skus),
            ("categories", &self.categories),
            ("except_skus", &self.except_skus),
            ("except_categories", &self.except_categories),
        ]
    }
}

record! {
    /// A voucher as people edit it; its uses are counted apart.
    versioned Voucher in "vouchers" {
        /// Keyed hash of the code; unique in the shop.
        code_key: String,
        /// The code, sealed.
        code_box: String,
        /// Its last four characters, for people who may not see it all.
        code_hint: String,
        /// What it is.
        kind: BenefitKind,
        /// Minor units: `amount_off`, `gift_card`.
        amount: Option<i64>,
        /// Hundredths of a per cent: `percent_off`.
        rate_bps: Option<i64>,
        /// Never more than this, minor units.
        max_amount: Option<i64>,
        /// What each use counts for in the books, minor units.
        face_amount: i64,
        /// Its currency.
        currency: Currency,
        /// The cart must be worth this much, minor units.
        min_order_amount: i64,
        /// Uses in all; `None`: no limit (gift cards: as long as there is a balance).
        max_redemptions: Option<i64>,
        /// Uses by one customer; `None`: no limit.
        per_customer: Option<i64>,
        /// Whose it is, when bound.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Good from here.
        valid_from: Option<Timestamp>,
        /// First instant too late.
        valid_until: Option<Timestamp>,
        /// The same while its value stands in the books, else nothing: what the sweep looks for.
        due_at: Option<Timestamp>,
        /// When its customer is reminded of it.
        remind_at: Option<Timestamp>,
        /// What lapsed with it and comes back when it is extended, minor units.
        lapsed_amount: i64,
        /// Which items it is for.
        applies_to: Json<AppliesTo>,
        /// Whether it counts in a cart from which the shop took something off as a whole.
        with_shop_discounts: bool,
        /// What it may be combined with.
        stacking: Json<Stacking>,
        /// What the law calls it.
        legal_kind: LegalKind,
        /// How VAT treats it.
        tax_kind: TaxKind,
        /// The shop's own id of it; unique in the shop.
        reference: Option<String>,
        /// Hash of what was asked for when the shop made it, to tell the same request from another under
        /// its reference or code; nothing where it was made before this was kept.
        content: Option<String>,
        /// What it lets people attend, where it is a pass.
        pass: Option<Json<Pass>>,
        /// By what that event is known, to find its passes.
        event: Option<String>,
        /// What it came from.
        source: VoucherSource,
        /// The reward or grant.
        source_id: Option<Id>,
        /// The account that its value came from and returns to.
        source_account: String,
        /// Under which voucher its uses by a customer are counted: itself, or the first that it stands for.
        counted_as: Id,
        /// The one that it stands for.
        replaces: Option<Id>,
        /// The one that stands for it.
        replaced_by: Option<Id>,
        /// Of the first of those that stand for one another: the newest, which is the one that is good now.
        heir: Option<Id>,
        /// Who made it, while it waits for a second operator; it is good afterwards.
        asked_by: Json<Option<Actor>>,
        /// The batch that it was made or taken over with.
        batch: Option<Id>,
        /// Stored state.
        status: VoucherStatus,
        /// When it was made.
        created_at: Timestamp,
    }
    keys { BY_CODE = code_key, BY_REFERENCE = reference }
    owed { true }
}

impl Voucher {
    /// Whether it waits for a second operator, and is good for nothing yet.
    pub fn needs_approval(&self) -> bool {
        self.asked_by.is_some() && self.status == VoucherStatus::Active
    }

    /// Whether its value is a balance that pays, not a discount.
    pub fn is_balance(&self) -> bool {
        self.kind == BenefitKind::GiftCard
    }

    /// The account that holds its value: its own for a gift card, else what all issued ones share.
    pub fn account(&self) -> String {
        if self.is_balance() { voucher_account(self.id) } else { crate::records::account::ISSUED.to_owned() }
    }

    /// The account that gets what lapses: a budget has it again, else it is noted as expired.
    pub fn lapse_account(&self) -> &str {
        if self.source_account.starts_with("budget:") { &self.source_account } else { crate::records::account::EXPIRED }
    }

    /// What it stands for in the books' issued account after so many uses, minor units: each use that
    /// is left at its face. Nothing for a gift card, whose value is the balance of its own account,
    /// and nothing where uses have no limit.
    pub fn held(&self, used: i64) -> i64 {
        let is_gone = self.is_balance() || self.status == VoucherStatus::Void || self.lapsed_amount > 0;
        let left = self.max_redemptions.map_or(0, |max| (max - used).max(0));
        if is_gone { 0 } else { left.saturating_mul(self.face_amount) }
    }
}

/// The account of a gift card's balance.
pub fn voucher_account(voucher: Id) -> String {
    format!("{VOUCHER}{voucher}")
}

record! {
    /// How often a voucher was used or is set aside; made at the first time, named after the voucher.
    versioned VoucherUse in "voucher_uses" {
        /// Uses that were not reversed.
        used: i64,
        /// Uses that are set aside for checkouts.
        held: i64,
        /// The voucher's limit; the database refuses more.
        cap: Option<i64>,
    }
    owed { true }
}

impl VoucherUse {
    /// The count of a voucher that nobody has used.
    pub fn none(shop: Id, voucher: Id) -> Self {
        Self { id: Self::id_of(voucher), shop, version: 0, used: 0, held: 0, cap: None }
    }

    /// The id of a voucher's count.
    pub fn id_of(voucher: Id) -> Id {
        voucher.sibling("use")
    }
}

/// What counts of a voucher beside what people edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Uses that were not reversed.
    pub used: i64,
    /// Uses that are set aside for checkouts.
    pub held: i64,
    /// A gift card's balance, without what is set aside, minor units.
    pub balance: Option<i64>,
    /// Whether its batch was withdrawn: what is left of it is good for nothing, whatever its row says yet.
    pub is_withdrawn: bool,
}

impl Standing {
    /// Uses that are left to everybody; `None`: no limit.
    pub fn remaining_uses(&self, voucher: &Voucher) -> Option<i64> {
        voucher.max_redemptions.map(|max| (max - self.used - self.held).max(0))
    }

    /// Whether nothing is left of it: no use, or no balance.
    pub fn is_spent(&self, voucher: &Voucher) -> bool {
        let is_empty = self.held == 0 && voucher.lapsed_amount == 0 && self.balance == Some(0);
        (voucher.is_balance() && is_empty) || voucher.max_redemptions.is_some_and(|max| self.used >= max)
    }

    /// Whether what is left is set aside for checkouts.
    pub fn is_held(&self, voucher: &Voucher) -> bool {
        self.held > 0 && (self.remaining_uses(voucher) == Some(0) || self.balance == Some(0))
    }

    /// Whether it was withdrawn, alone or with its batch; what was spent by then stays spent.
    pub fn is_void(&self, voucher: &Voucher) -> bool {
        voucher.status == VoucherStatus::Void || (self.is_withdrawn && !self.is_spent(voucher))
    }

    /// What a voucher's state comes to at an instant.
    pub fn status(&self, voucher: &Voucher, at: Timestamp) -> ShownStatus {
        if self.is_void(voucher) {
            return ShownStatus::Void;
        }
        if voucher.needs_approval() {
            return ShownStatus::PendingApproval;
        }
        if self.is_spent(voucher) {
            return ShownStatus::Spent;
        }
        let is_late = voucher.valid_until.is_some_and(|until| until <= at);
        if is_late { ShownStatus::Expired } else { ShownStatus::Active }
    }
}
