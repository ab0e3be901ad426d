//! The figures that are counted by day.

use chrono::NaiveDate;
use serde::Serialize;

use super::day;
use super::rate::Rate;
use super::rows_url::{RowsUrl, Scope};
use crate::records::day_count::{Counts, Figure};

/// Everything that is counted, of one place and period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Links that were made.
    pub shares_made: i64,
    /// Those that somebody opened.
    pub shares_sent: i64,
    /// Openings by robots.
    pub previews: i64,
    /// Openings by persons.
    pub visits: i64,
    /// Each person once a day.
    pub unique_visits: i64,
    /// Friends who became known.
    pub referrals: i64,
    /// Orders.
    pub orders: i64,
    /// Those that came without a visit.
    pub naked_orders: i64,
    /// Those that were approved.
    pub approved: i64,
    /// Those that did not come back.
    pub kept: i64,
    /// What they were worth.
    pub revenue: i64,
    /// What came back.
    pub refunded: i64,
    /// What was taken off them at the checkout.
    pub discounts: i64,
    /// What rewards cost.
    pub reward_cost: i64,
    /// What vouchers of rewards took off.
    pub redeemed: i64,
}

impl Figures {
    /// Of counters, and of previews, visits and unique visits.
    pub fn of(counts: &Counts, (previews, visits, unique_visits): (i64, i64, i64)) -> Self {
        Self {
            shares_made: counts.get(Figure::SharesMade),
            shares_sent: counts.get(Figure::SharesSent),
            previews,
            visits,
            unique_visits,
            referrals: counts.get(Figure::Referrals),
            orders: counts.get(Figure::Orders),
            naked_orders: counts.get(Figure::NakedOrders),
            approved: counts.get(Figure::Approved),
            kept: counts.get(Figure::Kept),
            revenue: counts.get(Figure::Revenue),
            refunded: counts.get(Figure::Refunded),
            discounts: counts.get(Figure::Discounts),
            reward_cost: counts.get(Figure::RewardCost),
            redeemed: counts.get(Figure::Redeemed),
        }
    }
}

/// See the contract's `ChannelFigures`.
#[derive(Serialize)]
pub struct ChannelRow {
    #[serde(serialize_with = "day")]
    from: NaiveDate,
    #[serde(serialize_with = "day")]
    to: NaiveDate,
    channel: String,
    private: Option<bool>,
    #[serde(flatten)]
    figures: Figures,
    #[serde(flatten)]
    conversion: ConversionRate,
    rows_url: RowsUrl,
}

/// See the contract's `PlacementFigures`.
#[derive(Serialize)]
pub struct PlacementRow {
    #[serde(serialize_with = "day")]
    from: NaiveDate,
    #[serde(serialize_with = "day")]
    to: NaiveDate,
    placement: String,
    #[serde(flatten)]
    figures: Figures,
    #[serde(flatten)]
    conversion: ConversionRate,
    rows_url: RowsUrl,
}

/// Orders of unique visits.
#[derive(Serialize)]
struct ConversionRate {
    conversion_bps: Option<i64>,
    conversion_low_bps: Option<i64>,
    conversion_high_bps: Option<i64>,
}

impl ConversionRate {
    fn of(figures: &Figures) -> Self {
        let Rate { rate_bps, low_bps, high_bps } = Rate::of(figures.orders, figures.unique_visits);
        Self { conversion_bps: rate_bps, conversion_low_bps: low_bps, conversion_high_bps: high_bps }
    }
}

/// Shows a channel.
pub fn channel(scope: &Scope, channel: String, private: Option<bool>, figures: Figures) -> ChannelRow {
    ChannelRow {
        from: scope.from,
        to: scope.to,
        rows_url: RowsUrl::of(scope),
        channel,
        private,
        conversion: ConversionRate::of(&figures),
        figures,
    }
}

/// Shows a placement.
pub fn placement(scope: &Scope, placement: String, figures: Figures) -> PlacementRow {
    PlacementRow {
        from: scope.from,
        to: scope.to,
        rows_url: RowsUrl::of(scope),
        placement,
        conversion: ConversionRate::of(&figures),
        figures,
    }
}

/// See the contract's `FunnelStep`.
#[derive(Serialize)]
pub struct StepRow {
    #[serde(serialize_with = "day")]
    from: NaiveDate,
    #[serde(serialize_with = "day")]
    to: NaiveDate,
    step: &'static str,
    count: i64,
    of: &'static str,
    of_count: i64,
    #[serde(flatten)]
    rate: Rate,
    rows_url: Option<String>,
}

/// Shows the steps from a link that was sent to an order that was kept.
pub fn funnel(scope: &Scope, figures: &Figures) -> Vec<StepRow> {
    let urls = RowsUrl::of(scope);
    let steps = [
        ("sent", figures.shares_sent, "shares_made", figures.shares_made, Some(urls.shares_sent)),
        ("opened", figures.unique_visits, "sent", figures.shares_sent, None),
        ("referred", figures.referrals, "opened", figures.unique_visits, Some(urls.referrals)),
        ("ordered", figures.orders, "referred", figures.referrals, Some(urls.orders)),
        ("approved", figures.approved, "ordered", figures.orders, Some(urls.approved)),
        ("kept", figures.kept, "approved", figures.approved, Some(urls.kept)),
    ];
    let row = |(step, count, of, of_count, rows_url)| StepRow {
        from: scope.from,
        to: scope.to,
        step,
        count,
        of,
        of_count,
        rate: Rate::of(count, of_count),
        rows_url,
    };
    steps.into_iter().map(row).collect()
}
