//! The counters of reports: of days and months, and how they get what was there before them.

pub mod day_counts;
pub mod day_fill;
pub mod month_tallies;
mod tally_fill;
mod turns;

pub use turns::page_of;
