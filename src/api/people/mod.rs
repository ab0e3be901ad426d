//! Customers: what is known of them, what they see themselves, what happened.

pub mod customers;
pub mod export;
pub mod me;
pub mod summary;
pub mod timeline;
