//! Exclusive offers, claims, and segments of customers.

pub mod backtests;
pub mod claims;
pub mod offers;
pub mod segments;
