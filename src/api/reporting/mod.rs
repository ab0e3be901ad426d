//! Reports, from the counters of days.

mod asked;
mod list_filters;
mod parts;
pub(in crate::api) mod reports;

pub(in crate::api) use list_filters::Counting;
