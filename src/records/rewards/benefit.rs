//! What something is worth: the value object that rewards, grants and vouchers share.

use serde::{Deserialize, Serialize};

use crate::records::money::{Amount, floor_share_of, share_of};
use crate::records::pass::{EventDetails, fault_in_seats};
use crate::records::text::{Name, Prose, Reference};
use crate::records::time::Timestamp;
use crate::words;

words! {
    /// The kind of a value.
    BenefitKind {
        PercentOff = "percent_off",
        AmountOff = "amount_off",
        FreeShipping = "free_shipping",
        GiftCard = "gift_card",
        StoreCredit = "store_credit",
        FreeProduct = "free_product",
        Custom = "custom",
        EventPass = "event_pass",
    }
}

/// What a kind does to a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It takes something off the goods.
    OffGoods,
    /// It takes the shipping off.
    OffShipping,
    /// It pays, as money does.
    Payment,
    /// Nothing: it is handed over, or shown at a door, and no cart takes it.
    Nothing,
}

impl BenefitKind {
    /// What it does to a cart.
    pub fn effect(self) -> Effect {
        match self {
            BenefitKind::PercentOff | BenefitKind::AmountOff => Effect::OffGoods,
            BenefitKind::FreeShipping => Effect::OffShipping,
            BenefitKind::GiftCard | BenefitKind::StoreCredit => Effect::Payment,
            BenefitKind::FreeProduct | BenefitKind::Custom | BenefitKind::EventPass => Effect::Nothing,
        }
    }

    /// Whether the shop hands it over itself, and says when it has.
    pub fn is_handed_over(self) -> bool {
        matches!(self, BenefitKind::FreeProduct | BenefitKind::Custom)
    }
}

/// How long a voucher is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Valid {
    /// Calendar days of the shop's zone, to the end of the last; 1 to 36 500.
    Days(u16),
    /// To the end of the n-th year; 1 to 100.
    YearEnds(u8),
}

/// Good for three year ends, as German law has it for what was earned or paid (§§ 195, 199 BGB).
pub const EARNED: Valid = Valid::YearEnds(3);

impl Valid {
    /// The first instant too late.
    pub fn until(self, from: Timestamp, zone: chrono_tz::Tz) -> Timestamp {
        match self {
            Valid::Days(days) => from.end_of_day_after(u64::from(days), zone),
            Valid::YearEnds(years) => from.end_of_year_after(i32::from(years), zone),
        }
    }
}

/// A value as the API takes it and as a program keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// The kind.
    pub kind: BenefitKind,
    /// Minor units: `amount_off`, `gift_card`, `store_credit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Hundredths of a per cent, 1 to 10 000: `percent_off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_bps: Option<i64>,
    /// Share of the order, hundredths of a per cent: `gift_card`, `store_credit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_order_bps: Option<i64>,
    /// Never more than this, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<Amount>,
    /// What it costs the budget where it has no value in money, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_amount: Option<Amount>,
    /// How long the voucher is good; left out: three year ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Valid>,
    /// The cart must be worth this much, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_order_amount: Option<Amount>,
    /// The product: `free_product`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Reference>,
    /// What people call it: `custom`, and `free_product` where it has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// More words about it: `custom` and `free_product`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Prose>,
    /// What is attended: `event_pass`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventDetails>,
    /// How many people it lets in, 1 to 20; left out: one. `event_pass`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<i64>,
}

/// What a rate is.
const RATE: &str = "1 to 10000 basis points are expected; 1000 = 10 %";

impl Benefit {
    /// What is wrong with it: the field and a sentence.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let positive = |amount: Option<Amount>| amount.is_some_and(|a| a.0 > 0);
        let bps = |rate: Option<i64>| rate.is_some_and(|r| (1..=10_000).contains(&r));
        let unused = |field, absent: bool| (!absent).then_some((field, "does not belong to this kind"));
        match self.kind {
            BenefitKind::PercentOff if !bps(self.rate_bps) => Some(("rate_bps", RATE)),
            BenefitKind::PercentOff => {
                unused("amount", self.amount.is_none()).or_else(|| unused("of_order_bps", self.of_order_bps.is_none()))
            }
            BenefitKind::AmountOff if !positive(self.amount) => Some(("amount", "an amount above 0 is expected")),
            BenefitKind::AmountOff => unused("rate_bps", self.rate_bps.is_none())
                .or_else(|| unused("of_order_bps", self.of_order_bps.is_none()))
                .or_else(|| unused("max_amount", self.max_amount.is_none())),
            BenefitKind::FreeShipping => unused("amount", self.amount.is_none())
                .or_else(|| unused("rate_bps", self.rate_bps.is_none()))
                .or_else(|| unused("of_order_bps", self.of_order_bps.is_none())),
            BenefitKind::FreeProduct if self.sku.is_none() => Some(("sku", "the product is expected")),
            BenefitKind::Custom if self.name.is_none() => Some(("name", "what it is called is expected")),
            BenefitKind::FreeProduct | BenefitKind::Custom => self.fault_in_gift(),
            BenefitKind::EventPass => self.fault_in_gift().or_else(|| self.fault_in_event()),
            BenefitKind::GiftCard | BenefitKind::StoreCredit => match (self.amount, self.of_order_bps) {
                (Some(_), Some(_)) => Some(("of_order_bps", "either amount or of_order_bps, not both")),
                (None, None) => Some(("amount", "amount or of_order_bps is expected")),
                (Some(amount), None) if amount.0 == 0 => Some(("amount", "an amount above 0 is expected")),
                (None, rate) if !bps(rate) => Some(("of_order_bps", RATE)),
                _ => unused("rate_bps", self.rate_bps.is_none()),
            },
        }
        .or_else(|| self.fault_in_words())
        .or_else(|| self.fault_in_validity())
    }

    fn fault_in_event(&self) -> Option<(&'static str, &'static str)> {
        let Some(event) = &self.event else { return Some(("event", "the event is expected")) };
        event.fault().or_else(|| fault_in_seats(self.seats()))
    }

    /// How many people it lets in.
    pub fn seats(&self) -> i64 {
        self.seats.unwrap_or(1)
    }

    /// Whether it is for an event that is over.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.event.as_ref().is_some_and(|event| event.over_at() <= at)
    }

    /// What is handed over, or shown at a door, is worth what it costs; it asks for no cart, and says itself how long it
    /// is good.
    fn fault_in_gift(&self) -> Option<(&'static str, &'static str)> {
        let absent = [
            ("amount", self.amount.is_none()),
            ("rate_bps", self.rate_bps.is_none()),
            ("of_order_bps", self.of_order_bps.is_none()),
            ("max_amount", self.max_amount.is_none()),
            ("min_order_amount", self.min_order_amount.is_none()),
            ("valid", self.valid.is_none()),
        ];
        let given = absent.into_iter().find(|(_, is_absent)| !is_absent);
        given.map(|(field, _)| (field, "does not belong to this kind; cost_amount says what it costs"))
    }

    /// Words belong to what is handed over, an event to a pass.
    fn fault_in_words(&self) -> Option<(&'static str, &'static str)> {
        let (is_product, has_words) = (self.kind == BenefitKind::FreeProduct, self.kind.is_handed_over());
        let is_pass = self.kind == BenefitKind::EventPass;
        let allowed = [
            ("sku", self.sku.is_none() || is_product),
            ("name", self.name.is_none() || has_words),
            ("description", self.description.is_none() || has_words),
            ("event", self.event.is_none() || is_pass),
            ("seats", self.seats.is_none() || is_pass),
        ];
        let given = allowed.into_iter().find(|(_, is_allowed)| !is_allowed);
        given.map(|(field, _)| (field, "does not belong to this kind"))
    }

    fn fault_in_validity(&self) -> Option<(&'static str, &'static str)> {
        match self.valid {
            Some(Valid::Days(days)) if !(1..=36_500).contains(&days) => Some(("valid", "1 to 36500 days are expected")),
            Some(Valid::YearEnds(years)) if !(1..=100).contains(&years) => {
                Some(("valid", "1 to 100 year ends are expected"))
            }
            Some(_) if self.kind == BenefitKind::StoreCredit => Some(("valid", "store credit does not expire")),
            _ => None,
        }
    }

    /// The fixed amount that this order earns; `None` where the value is a rate or the shipping.
    pub fn amount_for(&self, order_amount: i64) -> Option<i64> {
        self.amount_by(|rate| share_of(order_amount, rate))
    }

    /// The same of what is left of an order: a share is rounded down, so that no money is made.
    pub fn amount_for_rest(&self, rest: i64) -> Option<i64> {
        self.amount_by(|rate| floor_share_of(rest, rate))
    }

    fn amount_by(&self, share: impl Fn(i64) -> i64) -> Option<i64> {
        let amount = match (self.amount, self.of_order_bps) {
            (Some(amount), _) => amount.0,
            (None, Some(rate)) => share(rate),
            (None, None) => return None,
        };
        Some(self.max_amount.map_or(amount, |max| amount.min(max.0)))
    }

    /// What it counts for in a budget and in the books, minor units: the amount, else the stated
    /// cost, else the most that it can be worth, else nothing.
    pub fn cost_for(&self, order_amount: i64) -> i64 {
        let stated = self.cost_amount.or(self.max_amount).map_or(0, |cost| cost.0);
        self.amount_for(order_amount).unwrap_or(stated)
    }
}
