//! What every operation has in common: repetition, versions, lists, names, and input that is no request.

pub mod amounts;
pub mod etags;
pub mod events;
pub mod idempotency;
pub mod lists;
pub mod malformed;
pub mod names;
pub mod natural_keys;
pub mod pages;
pub mod tour;
