//! What a batch is: its number, its shops, how it is decided and saved; and whether it took too long.

use std::time::Instant;

use super::Waiting;
use crate::records::Id;
use crate::store::connection::LOCK_TIMEOUT;

/// The batch's number, by whom it is made, and how.
pub(super) struct Mark<'w> {
    /// The writer's name.
    pub writer: &'w str,
    /// The batch's number.
    pub batch: i64,
    /// How it is decided and saved.
    pub way: Way,
}

/// How a batch is decided and saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As one: it is saved, or nothing of it.
    Together,
    /// In parts, so that the one command that cannot be saved is left out.
    Apart,
}

/// The shops of commands, each once, in order.
pub(super) fn shops_of<'w>(batch: impl IntoIterator<Item = &'w Waiting>) -> Vec<Id> {
    let mut shops: Vec<Id> = batch.into_iter().map(|waiting| waiting.request.shop).collect();
    shops.sort_unstable();
    shops.dedup();
    shops
}

/// Whether an attempt took so long that the database ended it: something was held.
pub(super) fn is_slow(begun: Instant) -> bool {
    begun.elapsed() >= LOCK_TIMEOUT
}
