//! Who waits for events. None of them holds a connection: one task looks for all of them, a few times a second, how far
//! their shops have got, and ends when nobody waits any more.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::records::Id;
use crate::store::Pool;
use crate::store::webhooks::consumers::last_seqs;

/// Who may wait at once.
const WAITERS: usize = 512;
/// Of one shop.
const OF_SHOP: usize = 32;
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What a shop's waiters are told: the number of its last event.
type Told = watch::Sender<i64>;

#[derive(Default)]
struct Waiting {
    shops: HashMap<Id, Told>,
    is_looked: bool,
}

impl Waiting {
    fn count(&self) -> usize {
        self.shops.values().map(Told::receiver_count).sum()
    }
}

/// Who waits for events in this process.
#[derive(Clone)]
pub struct Waiters {
    reader: Pool,
    waiting: Arc<Mutex<Waiting>>,
}

/// One who waits.
pub struct Waiter(watch::Receiver<i64>);

impl Waiters {
    /// Nobody yet.
    pub fn new(reader: Pool) -> Self {
        Self { reader, waiting: Arc::default() }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one who waits; `None`: too many do.
    pub fn enter(&self, shop: Id) -> Option<Waiter> {
        let mut waiting = self.waiting();
        let of_shop = waiting.shops.get(&shop).map_or(0, Told::receiver_count);
        if of_shop >= OF_SHOP || waiting.count() >= WAITERS {
            return None;
        }
        let receiver = match waiting.shops.entry(shop) {
            Entry::Occupied(told) => told.get().subscribe(),
            Entry::Vacant(place) => place.insert(watch::channel(0).0).subscribe(),
        };
        if !std::mem::replace(&mut waiting.is_looked, true) {
            tokio::spawn(self.clone().look());
        }
        Some(Waiter(receiver))
    }

    /// Has all look anew: the server stops.
    pub fn let_go(&self) {
        self.waiting().shops.clear();
    }

    async fn look(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let shops: Vec<Id> = {
                let mut waiting = self.waiting();
                waiting.shops.retain(|_, told| told.receiver_count() > 0);
                if waiting.shops.is_empty() {
                    waiting.is_looked = false;
                    return;
                }
                waiting.shops.keys().copied().collect()
            };
            // What cannot be read now is read at the next look.
            let Ok(seqs) = self.reader.run(move |connection| last_seqs(connection, &shops)).await else { continue };
            let waiting = self.waiting();
            for (shop, seq) in seqs {
                if let Some(told) = waiting.shops.get(&shop) {
                    told.send_if_modified(|known| std::mem::replace(known, seq) != seq);
                }
            }
        }
    }
}

impl Waiter {
    /// Waits until its shop has an event behind a number, at most until an instant; `false`: it has none, or nobody
    /// looks any more.
    pub async fn until(&mut self, seq: i64, limit: Instant) -> bool {
        let comes = tokio::time::timeout_at(limit, self.0.wait_for(|last| *last > seq)).await;
        comes.is_ok_and(|come| come.is_ok())
    }
}
