//! Who brought how much, ranked.

use chrono::NaiveDate;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use super::{Report, day};
use crate::records::advocate_count::Brought;
use crate::records::money::Currency;
use crate::records::{Customer, Id, Timestamp};
use crate::views::share::Definition;

/// See the contract's `AdvocatesReport`.
#[derive(Serialize)]
pub struct AdvocatesReportView {
    /// The first day of the month; none: all time.
    #[serde(serialize_with = "maybe_day")]
    pub from: Option<NaiveDate>,
    /// Its last day.
    #[serde(serialize_with = "maybe_day")]
    pub to: Option<NaiveDate>,
    /// The program.
    pub program: Id,
    /// What ranks them.
    pub sort: &'static str,
    /// Of the amounts.
    pub currency: Currency,
    /// The advocates, the best first.
    pub data: Vec<AdvocateRow>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What each figure means.
    pub definitions: Vec<Definition>,
    /// Up to when everything is counted, in the shop's time.
    pub as_of: Timestamp,
}

impl Report for AdvocatesReportView {
    type Row = AdvocateRow;
    fn rows(self) -> Vec<AdvocateRow> {
        self.data
    }
}

fn maybe_day<S: serde::Serializer>(date: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => day(date, serializer),
        None => serializer.serialize_none(),
    }
}

/// One advocate.
#[derive(Serialize)]
pub struct AdvocateRow {
    advocate: Option<String>,
    advocate_id: Id,
    erased: bool,
    referrals: i64,
    orders: i64,
    kept: i64,
    revenue: i64,
    refunded: i64,
    reward_cost: i64,
    rows_url: AdvocateRowsUrl,
}

/// The lists of an advocate's figures.
#[derive(Serialize)]
struct AdvocateRowsUrl {
    referrals: String,
    orders: String,
    reward_cost: String,
}

/// Of what an advocate's lists are narrowed: her program, and the instants of a month.
#[derive(Clone, Debug)]
pub struct AdvocateScope {
    /// The program.
    pub program: Id,
    /// When the month begins and ends; none: all time.
    pub ends: Option<(Timestamp, Timestamp)>,
}

impl AdvocateScope {
    fn url(&self, path: &str, instant: &str, advocate: Id) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("program", &self.program.text()).append_pair("advocate_id", &advocate.text());
        if let Some((begins, ends)) = self.ends {
            query.append_pair(&format!("{instant}_from"), &begins.to_string());
            query.append_pair(&format!("{instant}_to"), &ends.to_string());
        }
        format!("{path}?{}", query.append_pair("counted", "true").finish())
    }
}

/// Shows an advocate; `customer` is who she is now.
pub fn advocate(scope: &AdvocateScope, id: Id, customer: Option<&Customer>, brought: &Brought) -> AdvocateRow {
    let [referrals, orders, kept, revenue, refunded, reward_cost] = brought.0;
    AdvocateRow {
        advocate: customer.and_then(|customer| customer.external_id.clone()),
        advocate_id: id,
        erased: customer.is_none_or(Customer::is_erased),
        referrals,
        orders,
        kept,
        revenue,
        refunded,
        reward_cost,
        rows_url: AdvocateRowsUrl {
            referrals: scope.url("/v1/referrals", "created", id),
            orders: scope.url("/v1/conversions", "occurred", id),
            reward_cost: scope.url("/v1/rewards", "counted", id),
        },
    }
}
