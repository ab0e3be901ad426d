//! The shop, its keys and operators, where its events are sent, and the clock of a test shop.

pub mod analytics;
pub mod announcements;
pub mod clock;
pub mod keys;
pub mod operators;
pub mod shop;
pub mod webhooks;
