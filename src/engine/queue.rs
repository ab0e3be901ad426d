//! What waits for one writer, bounded in number and bytes for each shop.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{Failure, Given, Lane, Waiting};
use crate::records::Id;
use crate::store::Connection;

/// Commands that may wait for one shop.
const SHOP_COMMANDS: usize = 1024;
/// Bytes of bodies that may wait for one shop.
const SHOP_BYTES: usize = 16 * 1024 * 1024;
/// Commands of a batch.
const BATCH_COMMANDS: usize = 256;
/// Bytes of bodies in a batch.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Background commands of a batch.
const BATCH_BACKGROUND: usize = BATCH_COMMANDS / 4;

/// Work of another writer, done on this one's connection between two batches.
pub(super) type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// What a writer is to do next.
pub(super) enum Next {
    /// Decide these.
    Batch(Vec<Waiting>),
    /// Do this.
    Job(Job),
    /// End.
    Close,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    bytes: usize,
}

#[derive(Default)]
struct State {
    front: HashMap<Id, Line>,
    turns: VecDeque<Id>,
    background: VecDeque<Waiting>,
    jobs: VecDeque<Job>,
    closed: bool,
    ended: bool,
}

/// The queue of one writer.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a command; refuses when its shop has too many.
    pub(super) fn push(&self, waiting: Waiting) -> Result<(), Failure> {
        let mut state = self.lock();
        if state.closed {
            return Err(Failure::Busy);
        }
        if waiting.request.lane == Lane::Background {
            if state.background.len() >= SHOP_COMMANDS {
                return Err(Failure::Busy);
            }
            state.background.push_back(waiting);
        } else {
            let shop = waiting.request.shop;
            let line = state.front.entry(shop).or_default();
            if line.waiting.len() >= SHOP_COMMANDS || line.bytes + waiting.request.bytes > SHOP_BYTES {
                metrics::counter!("grapevine_busy_total").increment(1);
                return Err(Failure::Busy);
            }
            line.bytes += waiting.request.bytes;
            line.waiting.push_back(waiting);
            if line.waiting.len() == 1 {
                state.turns.push_back(shop);
            }
        }
        self.changed.notify_all();
        Ok(())
    }

    /// Gives back commands whose shop another writer has: first in line again.
    pub(super) fn give_back(&self, commands: Vec<Waiting>) {
        let mut state = self.lock();
        for waiting in commands.into_iter().rev() {
            if waiting.request.lane == Lane::Background {
                state.background.push_front(waiting);
                continue;
            }
            let shop = waiting.request.shop;
            let line = state.front.entry(shop).or_default();
            line.bytes += waiting.request.bytes;
            line.waiting.push_front(waiting);
            if line.waiting.len() == 1 {
                state.turns.push_back(shop);
            }
        }
    }

    /// Adds work of another writer.
    pub(super) fn push_job(&self, job: Job) {
        let mut state = self.lock();
        if !state.ended {
            state.jobs.push_back(job);
            self.changed.notify_all();
        }
    }

    /// Waits for something to do. Shops take turns; background work fills at most a quarter.
    pub(super) fn next(&self) -> Next {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            let batch = state.take_batch();
            if !batch.is_empty() {
                return Next::Batch(batch);
            }
            if state.closed {
                return Next::Close;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no more commands; what waits is still done.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Says that the writer has ended; what still waits learns that nobody answers.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        state.closed = true;
        let left: Vec<Waiting> = state.front.drain().flat_map(|(_, line)| line.waiting).collect();
        let background = std::mem::take(&mut state.background);
        state.jobs.clear();
        drop(state);
        for waiting in left.into_iter().chain(background) {
            waiting.answer(Err(Failure::Busy));
        }
        self.changed.notify_all();
    }

    /// Whether its writer lives.
    pub(super) fn is_alive(&self) -> bool {
        !self.lock().ended
    }

    /// Waits until the writer has ended.
    pub(super) fn wait_drained(&self, until: Instant) {
        let mut state = self.lock();
        while !state.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn take_batch(&mut self) -> Vec<Waiting> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_COMMANDS - self.background.len().min(BATCH_BACKGROUND) && bytes < BATCH_BYTES {
            let Some(shop) = self.turns.pop_front() else { break };
            let Some(line) = self.front.get_mut(&shop) else { continue };
            if let Some(waiting) = line.waiting.pop_front() {
                line.bytes -= waiting.request.bytes;
                bytes += waiting.request.bytes;
                batch.push(waiting);
            }
            if line.waiting.is_empty() {
                self.front.remove(&shop);
            } else {
                self.turns.push_back(shop);
            }
        }
        let background = self.background.len().min(BATCH_BACKGROUND);
        batch.extend(self.background.drain(..background));
        batch
    }
}

impl Waiting {
    /// Answers the caller; one who has gone away no longer wants it.
    pub(super) fn answer(self, answer: Result<Given, Failure>) {
        if self.reply.send(answer).is_err() {
            tracing::debug!("a caller did not wait for the answer");
        }
    }
}
