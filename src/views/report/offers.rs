//! What offers gave, and what came of it.

use serde::Serialize;

use crate::records::offer::{OfferKind, OfferStatus};
use crate::records::{Id, Offer};
use crate::views::share::Definition;

/// What each figure means.
pub const DEFINITIONS: &[Definition] = &[
    means("claims", "Claims that stand: those whose reward was withdrawn have given their place back."),
    means("left", "Places that are left; empty: the offer has no limit."),
    means(
        "redeemed",
        "Vouchers of the offer that were redeemed, each use once; a redemption that was undone as a whole does not count.",
    ),
    means("orders", "Orders in which they were; one with several vouchers of the offer counts once."),
    means(
        "revenue",
        "What the goods of these orders came to at the till, with VAT, before the vouchers; what came back in part is not taken off.",
    ),
    means(
        "cost",
        "What the offer has given, in the ledger: what was withdrawn or lapsed is back; what organisers of groups get is part of it.",
    ),
    means("cost_per_order", "That for each order, rounded up; empty where there are none."),
];

const fn means(figure: &'static str, means: &'static str) -> Definition {
    Definition { figure, means }
}

/// What is counted of an offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfferFigures {
    /// Claims that stand.
    pub claims: i64,
    /// Vouchers that were redeemed.
    pub redeemed: i64,
    /// The orders in which they were.
    pub orders: i64,
    /// What the goods of these came to.
    pub revenue: i64,
    /// What the offer has given, minor units.
    pub cost: i64,
}

impl OfferFigures {
    /// Adds another offer's.
    pub fn add(&mut self, other: &Self) {
        self.claims = self.claims.saturating_add(other.claims);
        self.redeemed = self.redeemed.saturating_add(other.redeemed);
        self.orders = self.orders.saturating_add(other.orders);
        self.revenue = self.revenue.saturating_add(other.revenue);
        self.cost = self.cost.saturating_add(other.cost);
    }
}

/// See the contract's `OfferFigures`.
#[derive(Serialize)]
pub struct OfferRow {
    offer: Id,
    name: String,
    kind: OfferKind,
    status: OfferStatus,
    program: Id,
    capacity: Option<i64>,
    #[serde(flatten)]
    figures: OfferFigures,
    left: Option<i64>,
    cost_per_order: Option<i64>,
    rows_url: OfferRowsUrl,
}

/// The list of each figure; the others are what these come to.
#[derive(Serialize)]
struct OfferRowsUrl {
    claims: String,
    redeemed: String,
}

/// Shows an offer and what is counted of it.
pub fn offer(offer: &Offer, figures: OfferFigures) -> OfferRow {
    OfferRow {
        offer: offer.id,
        name: offer.name.clone(),
        kind: offer.kind,
        status: offer.status,
        program: offer.program,
        capacity: offer.capacity,
        left: offer.capacity.map(|capacity| (capacity - figures.claims).max(0)),
        cost_per_order: (figures.orders > 0).then(|| (figures.cost + figures.orders - 1).div_euclid(figures.orders)),
        figures,
        rows_url: OfferRowsUrl {
            claims: format!("/v1/claims?offer={}&counted=true", offer.id),
            redeemed: format!("/v1/claims?offer={}&redeemed=true", offer.id),
        },
    }
}
