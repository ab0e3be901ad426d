//! A conversion: an order that the shop reported, and whom it is credited to.

use serde::{Deserialize, Serialize};

use crate::records::money::Currency;
use crate::records::program::{Approval, ORDER, PendingFrom, Rules};
use crate::records::referral::Method;
use crate::records::trial::Arm;
use crate::records::why::{RefusedReward, Why};
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// The life of an order: `unpaid → pending → approved`, or `review`; ends are the last three.
    ConversionStatus {
        Unpaid = "unpaid",
        Pending = "pending",
        Review = "review",
        Approved = "approved",
        Cancelled = "cancelled",
        Rejected = "rejected",
        Reversed = "reversed",
    }
}

words! {
    /// What the age of a link's evidence is counted from.
    AgeFrom {
        Mark = "mark",
        Opened = "opened",
        Made = "made",
    }
}

words! {
    /// What the mark of a link's evidence was worth.
    MarkSeen {
        /// Ours, for this very link.
        Genuine = "genuine",
        /// There was none: a bare token.
        Absent = "absent",
        /// Not ours, another link's, or changed or cut off on the way.
        Forged = "forged",
        /// Too long, or with what no link has: nothing of it was looked at.
        Unreadable = "unreadable",
    }
}

/// What the program said when the order was credited; a later change does not concern it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The wait, days.
    pub pending_days: i64,
    /// From when it counts.
    pub pending_from: PendingFrom,
    /// Who approves at its end.
    pub approval: Approval,
    /// What the order must be worth for fixed rewards to stay, minor units of the shop's currency.
    pub min_order_amount: i64,
}

impl Terms {
    /// The terms of a program as it is now.
    pub fn of(rules: &Rules) -> Self {
        Self {
            pending_days: rules.pending_days,
            pending_from: rules.pending_from,
            approval: rules.approval,
            min_order_amount: rules.qualifying.min_order_amount,
        }
    }
}

/// What came with an order, as it was told: it is looked at again when the order is placed anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// A link's token, with the mark of a visit or without.
    pub token: Option<String>,
    /// An advocate's code as it was typed.
    pub code: Option<String>,
    /// Whether a token came that cannot be read; nothing of it is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unreadable: bool,
}

impl Brought {
    /// Whether nothing came with it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// Its id in the order.
    pub id: String,
    /// The product.
    pub sku: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// The line's total, minor units.
    pub amount: i64,
    /// The product's categories.
    pub categories: Vec<String>,
    /// Whether the shop took something off it.
    pub discounted: bool,
}

/// Evidence that did not win, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// What kind of evidence.
    pub method: Method,
    /// Its program, when known.
    pub program: Option<Id>,
    /// Whom it spoke for: the shop's id.
    pub advocate: Option<String>,
    /// The same by our id.
    pub advocate_id: Option<Id>,
    /// Why it lost.
    pub outcome: Why,
    /// What its age is counted from, where a link was followed.
    #[serde(default)]
    pub age_from: Option<AgeFrom>,
    /// What its mark was worth, where a link came with the order.
    #[serde(default)]
    pub mark: Option<MarkSeen>,
}

record! {
    /// One order of the shop.
    versioned Conversion in "conversions" {
        /// The shop's id of the order; unique in the shop.
        order_id: String,
        /// Who ordered.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Where it stands.
        status: ConversionStatus,
        /// What kind of conversion: `order`, `renewal`, or a word of the shop's.
        kind: String,
        /// Whether the shop said that it is not the person's first order.
        is_denied: bool,
        /// The only program that may be credited, where the shop named one.
        limited_to: Option<Id>,
        /// Whether it came with an import: it was ordered before and is credited to nobody.
        imported: bool,
        /// Goods, VAT included, after discounts, minor units.
        amount: i64,
        /// The amount that was first reported, minor units: the same report again is known by it.
        reported_amount: i64,
        /// What the order is worth in the shop's currency, at the shop's own rate, minor units.
        base_amount: Option<i64>,
        /// Sent back so far, minor units.
        refunded_amount: i64,
        /// What the program that is credited took off the goods itself, by a discount `on: checkout`, minor
        /// units of the shop's currency.
        discount_amount: i64,
        /// The order's currency.
        currency: Currency,
        /// Shipping, minor units.
        shipping_amount: i64,
        /// What was ordered, where it was said.
        items: Json<Vec<OrderItem>>,
        /// When it was ordered.
        occurred_at: Timestamp,
        /// When it was reported.
        created_at: Timestamp,
        /// When it was paid.
        paid_at: Option<Timestamp>,
        /// When the last parcel was delivered.
        delivered_at: Option<Timestamp>,
        /// When it was cancelled.
        cancelled_at: Option<Timestamp>,
        /// Of an order that was placed or paid after all: the cancellation that no longer counts.
        lifted_at: Option<Timestamp>,
        /// When all of it had been sent back.
        returned_at: Option<Timestamp>,
        /// When an operator rejected it.
        rejected_at: Option<Timestamp>,
        /// Why it was cancelled or rejected.
        reason: Option<String>,
        /// Whether it waits for an operator because of what screening says.
        in_review: bool,
        /// Whether its wait is over and an operator is to approve it.
        overdue: bool,
        /// What the program said when it was credited; `null`: it is credited to nobody.
        terms: Json<Option<Terms>>,
        /// When the wait ends, or ended; nothing before it began.
        pending_until: Option<Timestamp>,
        /// The same while it waits, else nothing: what the sweep looks for.
        due_at: Option<Timestamp>,
        /// When it was approved.
        approved_at: Option<Timestamp>,
        /// The program that decided.
        program: Option<Id>,
        /// In this version.
        program_version: Option<i64>,
        /// The referral that it converted.
        referral: Option<Id>,
        /// Whether that referral and the share count it.
        is_credited: bool,
        /// The tally of orders that counts it, by which newness is known; nothing once it is undone.
        counted_in: Option<String>,
        /// The tally of a friend's kept orders that counts it for milestones; nothing unless it is kept.
        kept_as: Option<String>,
        /// How often it was credited anew.
        round: i64,
        /// What came with it; nothing when that was nothing, or when somebody whom it names was erased.
        brought: Option<Json<Brought>>,
        /// By what the winner won.
        method: Method,
        /// Where a discount that was redeemed in it won: by what that was come by, a code or a link.
        redeemed_by: Option<Method>,
        /// The winner.
        advocate: Option<Id>,
        /// Her id at the shop.
        advocate_ref: Option<String>,
        /// The winning share.
        share: Option<Id>,
        /// The share that counts it as naked: its link, or the code whose share it is, won the order, and nothing
        /// shows that the friend opened one of the advocate's links.
        naked_share: Option<Id>,
        /// Its channel.
        channel: Option<String>,
        /// The placement at which it is counted.
        placed: Option<String>,
        /// Whether that is private.
        private: Option<bool>,
        /// Its depth in the share tree.
        depth: Option<i64>,
        /// How long after its share was made it came, milliseconds, where it is the first that counts for its referral.
        after_ms: Option<i64>,
        /// Where its advocate stands in a trial, where there was one when they began.
        arm: Option<Arm>,
        /// Whether who ordered agreed that the shop's analytics are told of it.
        analytics_consent: bool,
        /// Age of the winning evidence at the order, milliseconds.
        age_ms: Option<i64>,
        /// What that is counted from, where a link was followed.
        age_from: Option<AgeFrom>,
        /// The losers.
        considered: Json<Vec<Considered>>,
        /// Rewards that were not given.
        refused_rewards: Json<Vec<RefusedReward>>,
    }
    keys { BY_ORDER = order_id }
    counted { 2 }
}

impl Conversion {
    /// An order of which nothing is known but what it is worth, minor units; it was ordered when it was
    /// reported, is unpaid, and is credited to nobody.
    pub fn blank(id: Id, shop: Id, order_id: &str, (amount, currency): (i64, Currency), at: Timestamp) -> Self {
        Self {
            id,
            shop,
            version: 0,
            order_id: order_id.to_owned(),
            customer: None,
            customer_ref: None,
            status: ConversionStatus::Unpaid,
            kind: ORDER.to_owned(),
            is_denied: false,
            limited_to: None,
            imported: false,
            amount,
            reported_amount: amount,
            base_amount: None,
            refunded_amount: 0,
            discount_amount: 0,
            currency,
            shipping_amount: 0,
            items: Json::default(),
            occurred_at: at,
            created_at: at,
            paid_at: None,
            delivered_at: None,
            cancelled_at: None,
            lifted_at: None,
            returned_at: None,
            rejected_at: None,
            reason: None,
            in_review: false,
            overdue: false,
            terms: Json(None),
            pending_until: None,
            due_at: None,
            approved_at: None,
            program: None,
            program_version: None,
            referral: None,
            is_credited: false,
            counted_in: None,
            kept_as: None,
            round: 0,
            brought: None,
            method: Method::None,
            advocate: None,
            advocate_ref: None,
            share: None,
            redeemed_by: None,
            naked_share: None,
            channel: None,
            placed: None,
            private: None,
            depth: None,
            after_ms: None,
            arm: None,
            analytics_consent: false,
            age_ms: None,
            age_from: None,
            considered: Json::default(),
            refused_rewards: Json::default(),
        }
    }

    /// What the whole order is worth in the shop's currency, minor units, whatever came back of it; `None`: it
    /// is in another currency and the shop did not say.
    pub fn whole(&self, currency: Currency) -> Option<i64> {
        if self.currency == currency { Some(self.amount) } else { self.base_amount }
    }

    /// What is left of the order in the shop's currency, minor units, rounded down; `None`: it is in
    /// another currency and the shop did not say what it is worth.
    pub fn worth(&self, currency: Currency) -> Option<i64> {
        Some(self.rest_of(self.whole(currency)?))
    }

    /// What is held against the least amount of a program, minor units of the shop's currency: what is left
    /// of the order, and the same part of what the program took off it itself.
    pub fn measured(&self, currency: Currency) -> Option<i64> {
        Some(self.worth(currency)? + self.rest_of(self.discount_amount))
    }

    /// The part of something that is left of the order, rounded down.
    fn rest_of(&self, whole: i64) -> i64 {
        if self.amount == 0 {
            return if self.returned_at.is_some() { 0 } else { whole };
        }
        let rest = i128::from(whole) * i128::from(self.amount - self.refunded_amount) / i128::from(self.amount);
        i64::try_from(rest).unwrap_or(0)
    }

    /// Forgets whom it was credited to, and on what terms.
    pub fn clear_credit(&mut self) {
        self.method = Method::None;
        self.redeemed_by = None;
        self.program = None;
        self.program_version = None;
        self.terms = Json(None);
        self.pending_until = None;
        self.referral = None;
        self.is_credited = false;
        self.advocate = None;
        self.advocate_ref = None;
        self.share = None;
        self.naked_share = None;
        self.channel = None;
        self.placed = None;
        self.private = None;
        self.depth = None;
        self.after_ms = None;
        self.arm = None;
        self.age_ms = None;
        self.age_from = None;
        self.discount_amount = 0;
        self.considered = Json::default();
        self.refused_rewards = Json::default();
    }

    /// By what the winner won, as it is told: a discount that a link gave was won by the link.
    pub fn told_method(&self) -> Method {
        match (self.method, self.redeemed_by) {
            (Method::Voucher, Some(Method::Token)) => Method::Token,
            (method, _) => method,
        }
    }

    /// Whether reports count it.
    pub fn is_counted(&self) -> bool {
        !self.imported && self.cancelled_at.is_none()
    }

    /// Whether it is an order that was approved, is credited to somebody, and of which so much is left as its program
    /// asks for.
    pub fn is_kept(&self, currency: Currency) -> bool {
        let least = self.terms.as_ref().map(|terms| terms.min_order_amount);
        self.status == ConversionStatus::Approved
            && self.kind == ORDER
            && least.is_some_and(|least| self.measured(currency).is_some_and(|measured| measured >= least))
    }

    /// Whether it is as if the order had never been: cancelled, or wholly sent back.
    pub fn is_undone(&self) -> bool {
        self.cancelled_at.is_some() || self.returned_at.is_some()
    }

    /// Whether it can no longer pay.
    pub fn has_fallen(&self) -> bool {
        self.is_undone() || self.rejected_at.is_some()
    }
}
