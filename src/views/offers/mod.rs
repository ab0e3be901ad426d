//! Offers, claims and segments.

pub mod backtest;
pub mod claim;
pub mod offer;
pub mod segment;
