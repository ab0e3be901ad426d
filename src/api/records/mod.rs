//! What is written down: events, messages, jobs, the books.

pub mod consumers;
pub mod events;
pub mod imports;
pub mod jobs;
pub mod ledger;
pub mod messages;
pub mod templates;
pub mod waiters;
