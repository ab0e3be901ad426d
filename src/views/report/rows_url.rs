//! The lists that show the rows of a figure.

use chrono::NaiveDate;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use crate::records::{Id, Timestamp};

/// Of what the rows are listed.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// When the first day begins.
    pub begins: Timestamp,
    /// When the last day is over.
    pub ends: Timestamp,
    /// Only of this program.
    pub program: Option<Id>,
    /// Only what is credited to somebody.
    pub is_credited: bool,
    /// Only of this channel.
    pub channel: Option<String>,
    /// Only of this placement, as reports name it.
    pub placement: Option<String>,
}

/// The list of each figure; visits are kept without a list.
#[derive(Clone, Debug, Serialize)]
pub struct RowsUrl {
    /// Shares.
    pub shares_made: String,
    /// Shares that were sent.
    pub shares_sent: String,
    /// Referrals.
    pub referrals: String,
    /// Conversions.
    pub orders: String,
    /// Those without a visit.
    pub naked_orders: String,
    /// Those that were approved.
    pub approved: String,
    /// Those that were kept.
    pub kept: String,
    /// As orders.
    pub revenue: String,
    /// Those of which something came back.
    pub refunded: String,
    /// As orders.
    pub discounts: String,
    /// Rewards.
    pub reward_cost: String,
    /// Rewards that are spent.
    pub redeemed: String,
}

impl RowsUrl {
    /// The lists of a scope.
    pub fn of(scope: &Scope) -> Self {
        let shares = |more| scope.url("/v1/shares", "created", more);
        let orders = |more: &[(&str, &str)]| {
            let more: Vec<_> = [("counted", "true")].iter().chain(more).copied().collect();
            scope.url("/v1/conversions", "occurred", &more)
        };
        let rewards = |more| scope.url("/v1/rewards", "counted", more);
        Self {
            shares_made: shares(&[]),
            shares_sent: shares(&[("status", "sent")]),
            referrals: scope.url("/v1/referrals", "created", &[("counted", "true")]),
            orders: orders(&[]),
            naked_orders: orders(&[("naked", "true")]),
            approved: orders(&[("approved", "true")]),
            kept: orders(&[("status", "approved")]),
            revenue: orders(&[]),
            refunded: orders(&[("refunded", "true")]),
            discounts: orders(&[]),
            reward_cost: rewards(&[("counted", "true")]),
            redeemed: rewards(&[("status", "spent")]),
        }
    }
}

impl Scope {
    /// A list of what happened in it, by an instant's name, narrowed further.
    pub(super) fn url(&self, path: &str, instant: &str, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        if let Some(program) = self.program {
            query.append_pair("program", &program.text());
        }
        if let Some(channel) = &self.channel {
            query.append_pair("channel", channel);
        }
        if let Some(placement) = &self.placement {
            query.append_pair("placement", placement);
        }
        if self.is_credited && path == "/v1/conversions" {
            query.append_pair("credited", "true");
        }
        query.append_pair(&format!("{instant}_from"), &self.begins.to_string());
        query.append_pair(&format!("{instant}_to"), &self.ends.to_string());
        query.extend_pairs(more);
        format!("{path}?{}", query.finish())
    }
}
