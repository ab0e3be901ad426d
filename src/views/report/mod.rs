//! Reports: the figures of a period, each with what it means and where its rows are listed.

pub mod advocates;
pub mod budget;
pub mod definitions;
pub mod figures;
pub mod lift;
pub mod months;
pub mod offers;
pub mod owed;
pub mod rate;
pub mod rows_url;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::records::Timestamp;
use crate::records::money::Currency;
use crate::views::share::Definition;

/// See the contract's `…Report`.
#[derive(Serialize)]
pub struct ReportView<R, T> {
    /// The first day.
    #[serde(serialize_with = "day")]
    pub from: NaiveDate,
    /// The last day.
    #[serde(serialize_with = "day")]
    pub to: NaiveDate,
    /// Into what the period is divided.
    pub interval: Option<&'static str>,
    /// Of the amounts.
    pub currency: Currency,
    /// The rows.
    pub data: Vec<R>,
    /// All of the period.
    pub totals: T,
    /// What each figure means.
    pub definitions: Vec<Definition>,
    /// When it was read, in the shop's time.
    pub as_of: Timestamp,
}

/// A report of how things stand now. See the contract's `OffersReport` and `LiabilityReport`.
#[derive(Serialize)]
pub struct StandingView<R, T> {
    /// Of the amounts.
    pub currency: Currency,
    /// The rows.
    pub data: Vec<R>,
    /// All of them together.
    pub totals: T,
    /// What each figure means.
    pub definitions: &'static [Definition],
    /// When it was read, in the shop's time.
    pub as_of: Timestamp,
}

/// A report whose rows can be had alone, as a sheet.
pub trait Report: Serialize {
    /// A row.
    type Row: Serialize + 'static;
    /// The rows.
    fn rows(self) -> Vec<Self::Row>;
}

impl<R: Serialize + 'static, T: Serialize> Report for ReportView<R, T> {
    type Row = R;
    fn rows(self) -> Vec<R> {
        self.data
    }
}

impl<R: Serialize + 'static, T: Serialize> Report for StandingView<R, T> {
    type Row = R;
    fn rows(self) -> Vec<R> {
        self.data
    }
}

/// A day as the calendar writes it: `2026-11-30`.
pub fn day<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}
