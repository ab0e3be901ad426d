//! What leaves the house: mails. Webhooks and analytics will stand beside them.
//!
//! Delivery decides nothing: it asks the engine for what is due, speaks to the other side outside
//! any transaction, and tells the engine what became of it.

pub mod mail;
