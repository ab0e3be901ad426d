//! The shop in memory on which every rule is tested, and the long stories that are told on it.

pub(crate) mod bench;
mod counted_days;
mod random_offers;
mod random_referrals;
mod erasure_stories;
mod order_stories;
pub(crate) mod till;
