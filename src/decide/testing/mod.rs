//! The shop in memory on which every rule is tested, and the long stories that are told on it.

pub(crate) mod bench;
mod credits;
mod erasures;
mod stories;
pub(crate) mod till;
