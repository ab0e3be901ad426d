//! Offers, claims and segments.

pub mod claim;
pub mod offer;
pub mod segment;
