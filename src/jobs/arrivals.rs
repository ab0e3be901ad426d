//! Arrivals that were told and are not written yet: while one count is written, those that come are gathered, so that
//! however many pages are looked at, a process writes one row of a shop's day at a time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::engine::Engine;
use crate::records::Id;
use crate::records::arrival::Arrivals;
use crate::store::arrivals;

/// What was told and is not written yet, in the order in which it is: so no two processes wait for each other in a
/// circle.
#[derive(Default)]
pub struct Gathered {
    waiting: Mutex<BTreeMap<(Id, i64), Arrivals>>,
    writing: tokio::sync::Mutex<()>,
}

impl Gathered {
    /// Counts more of a day.
    pub fn add(&self, shop: Id, day: i64, more: &Arrivals) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry((shop, day)).or_default().add_all(more);
    }

    fn is_empty(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn take(&self) -> Option<BTreeMap<(Id, i64), Arrivals>> {
        let taken = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        (!taken.is_empty()).then_some(taken)
    }

    /// Writes what waits, unless somebody does: they look again when they are done.
    pub async fn write(&self, engine: &Engine) {
        loop {
            let Ok(writing) = self.writing.try_lock() else { return };
            if let Some(taken) = self.take() {
                let batch = taken.clone();
                let written = engine.write(move |connection| {
                    batch.iter().try_for_each(|((shop, day), more)| arrivals::add(connection, *shop, *day, more))
                });
                if let Err(error) = written.await {
                    taken.iter().for_each(|((shop, day), more)| self.add(*shop, *day, more));
                    error.tell("page views are counted later");
                    return;
                }
            }
            drop(writing);
            // Who came meanwhile found somebody writing, and left it to them.
            if self.is_empty() {
                return;
            }
        }
    }
}
