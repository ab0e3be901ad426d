//! Reports, from the counters of days and of arrivals.

pub(in crate::api) mod advocates;
mod answer;
mod asked;
pub(in crate::api) mod dark;
pub(in crate::api) mod lift;
mod list_filters;
pub(in crate::api) mod months;
mod parts;
pub(in crate::api) mod reports;
pub(in crate::api) mod standing;

pub(in crate::api) use list_filters::Counting;
