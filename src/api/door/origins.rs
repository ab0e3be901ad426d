//! The origins of pages that may call, as long as they are remembered: a few seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::records::Id;

/// The origins of each shop.
pub(in crate::api) type Known = HashMap<Id, Vec<String>>;

/// The origins of all shops, remembered for a few seconds.
pub struct Origins {
    known: Mutex<Option<(Instant, Arc<Known>)>>,
    life: Duration,
}

impl Origins {
    /// Remembers them for so many milliseconds.
    pub fn new(life_ms: u64) -> Self {
        Self { known: Mutex::default(), life: Duration::from_millis(life_ms) }
    }

    /// Forgets them: a shop has changed its own. Other processes do within the cache's life.
    pub fn forget(&self) {
        *self.lock() = None;
    }

    /// What was read last, and whether it is of now.
    pub(in crate::api) fn remembered(&self) -> Option<(bool, Arc<Known>)> {
        let (since, known) = self.lock().clone()?;
        Some((since.elapsed() < self.life, known))
    }

    /// Remembers what was read at an instant.
    pub(in crate::api) fn remember(&self, since: Instant, known: Arc<Known>) {
        *self.lock() = Some((since, known));
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, Arc<Known>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
