//! Exclusive offers, claims, and segments of customers.

pub mod claims;
pub mod offers;
pub mod segments;
