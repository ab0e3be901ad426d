//! What waits for one writer, bounded in number and bytes for each shop.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Failure, Given, Lane, PATIENCE, Waiting};
use crate::records::{Id, ShopHead, Timestamp};
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
    /// Nothing came for a while: see that all is well.
    Look,
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
    /// Jobs and batches take turns: whether a batch is next.
    batch_next: bool,
    /// The database is gone: nobody waits until it is back.
    down: bool,
    /// Since when the writer is at what it took last.
    at_work: Option<Instant>,
    closed: bool,
    ended: bool,
}

/// The queue of one writer.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// The instant that the clock must have reached to be no longer behind the shops of the last
    /// batch, milliseconds.
    caught_up_ms: AtomicI64,
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
        if !state.takes_commands() {
            return Err(Failure::Unavailable);
        }
        if !state.add(waiting) {
            metrics::counter!("grapevine_busy_total").increment(1);
            return Err(Failure::Busy);
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
        self.changed.notify_all();
    }

    /// Adds work of another writer; it is dropped while the database is gone.
    pub(super) fn push_job(&self, job: Job) {
        let mut state = self.lock();
        if !state.ended && !state.down {
            state.jobs.push_back(job);
            self.changed.notify_all();
        }
    }

    /// Waits for something to do, for as long as is given between two looks. Shops take turns, and so do jobs and
    /// batches; background work fills at most a quarter.
    pub(super) fn next(&self, look_every: Option<Duration>) -> Next {
        let mut state = self.lock();
        state.at_work = None;
        loop {
            if !state.batch_next
                && let Some(job) = state.jobs.pop_front()
            {
                state.batch_next = true;
                state.at_work = Some(Instant::now());
                return Next::Job(job);
            }
            state.batch_next = false;
            let batch = state.take_batch();
            if !batch.is_empty() {
                state.at_work = Some(Instant::now());
                return Next::Batch(batch);
            }
            if !state.jobs.is_empty() {
                continue;
            }
            if state.closed {
                return Next::Close;
            }
            let Some(limit) = look_every else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let (woken, timeout) = self.changed.wait_timeout(state, limit).unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                return Next::Look;
            }
            state = woken;
        }
    }

    /// Answers busy to what waits longer than the patience, whatever keeps its writer.
    pub(super) fn expire(&self) {
        let late = self.lock().take_late();
        late.into_iter().for_each(|waiting| waiting.answer(Err(Failure::Busy)));
    }

    /// The database is gone: whoever waits learns it now, and whoever comes at once.
    pub(super) fn go_down(&self) {
        let mut state = self.lock();
        state.down = true;
        let left = state.take_all();
        drop(state);
        left.into_iter().for_each(|waiting| waiting.answer(Err(Failure::Unavailable)));
    }

    /// The database is back.
    pub(super) fn come_up(&self) {
        self.lock().down = false;
    }

    /// Whether commands are taken now: the database is there, and the writer does not stand still in it.
    pub(super) fn takes_commands(&self) -> bool {
        self.lock().takes_commands()
    }

    /// Notes the time that the last commands of shops were given, in whichever process.
    pub(super) fn note_times<'h>(&self, heads: impl Iterator<Item = &'h ShopHead>) {
        let times = heads.map(|head| head.last_at.ms() - head.clock_offset_ms);
        self.caught_up_ms.store(times.max().unwrap_or(0), Ordering::Relaxed);
    }

    /// How far the clock is behind the shops of the last batch, milliseconds.
    pub(super) fn lag_ms(&self, now: Timestamp) -> i64 {
        self.caught_up_ms.load(Ordering::Relaxed) - now.ms()
    }

    /// Takes no more commands; what waits is still done.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Whether the end was asked for.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Answers busy to all who wait.
    pub(super) fn clear(&self) {
        let left = self.lock().take_all();
        left.into_iter().for_each(|waiting| waiting.answer(Err(Failure::Busy)));
    }

    /// Says that the writer has ended; what still waits learns that nobody answers.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        state.closed = true;
        drop(state);
        self.clear();
        self.changed.notify_all();
    }

    /// Whether its writer lives.
    pub(super) fn is_alive(&self) -> bool {
        !self.lock().ended
    }

    /// Waits until the writer has ended; answers whether it has.
    pub(super) fn wait_ended(&self, until: Instant) -> bool {
        let mut state = self.lock();
        while !state.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl State {
    /// A writer that is at one batch for longer than anybody waits stands still, and with it the database.
    fn takes_commands(&self) -> bool {
        !self.down && self.at_work.is_none_or(|since| since.elapsed() < PATIENCE)
    }

    fn add(&mut self, waiting: Waiting) -> bool {
        if waiting.request.lane == Lane::Background {
            let fits = self.background.len() < SHOP_COMMANDS;
            if fits {
                self.background.push_back(waiting);
            }
            return fits;
        }
        let shop = waiting.request.shop;
        let line = self.front.entry(shop).or_default();
        if line.waiting.len() >= SHOP_COMMANDS || line.bytes + waiting.request.bytes > SHOP_BYTES {
            return false;
        }
        line.bytes += waiting.request.bytes;
        line.waiting.push_back(waiting);
        if line.waiting.len() == 1 {
            self.turns.push_back(shop);
        }
        true
    }

    fn take_all(&mut self) -> Vec<Waiting> {
        self.turns.clear();
        self.jobs.clear();
        let front = self.front.drain().flat_map(|(_, line)| line.waiting);
        front.chain(self.background.drain(..)).collect()
    }

    fn take_late(&mut self) -> VecDeque<Waiting> {
        let is_late = |waiting: &Waiting| waiting.time_left().is_zero();
        let (mut late, rest): (VecDeque<_>, VecDeque<_>) = self.background.drain(..).partition(is_late);
        self.background = rest;
        for line in self.front.values_mut() {
            let (gone, rest): (VecDeque<_>, VecDeque<_>) = line.waiting.drain(..).partition(is_late);
            line.bytes = rest.iter().map(|waiting| waiting.request.bytes).sum();
            line.waiting = rest;
            late.extend(gone);
        }
        self.front.retain(|_, line| !line.waiting.is_empty());
        self.turns.retain(|shop| self.front.contains_key(shop));
        late
    }

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
    /// How long its caller may still be kept waiting.
    pub(super) fn time_left(&self) -> Duration {
        PATIENCE.saturating_sub(self.request.since.elapsed())
    }

    /// Answers the caller; one who has gone away no longer wants it.
    pub(super) fn answer(self, answer: Result<Given, Failure>) {
        if self.reply.send(answer).is_err() {
            tracing::debug!("a caller did not wait for the answer");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::decide::mail::take_message::TakeMessage;
    use crate::engine::Request;
    use crate::engine::claim::Claim;

    fn waiting(shop: &str, number: usize, lane: Lane) -> Waiting {
        let id = Id::of("msg", &[&number.to_string()]);
        let request =
            Request { lane, bytes: number, ..Request::system(Id::of("shp", &[shop]), TakeMessage { id, lease_ms: 0 }) };
        let (reply, _) = oneshot::channel();
        let span = tracing::Span::none();
        Waiting { request, seed: [0; 32], times: None, claim: Claim::default(), passed_over: 0, span, reply }
    }

    fn batch(queue: &Queue) -> Vec<Waiting> {
        match queue.next(None) {
            Next::Batch(batch) => batch,
            Next::Job(_) | Next::Look | Next::Close => panic!("a batch is expected"),
        }
    }

    fn numbers(batch: &[Waiting]) -> Vec<usize> {
        batch.iter().map(|waiting| waiting.request.bytes).collect()
    }

    #[test]
    fn shops_take_turns_and_keep_their_order() {
        let queue = Queue::default();
        for (shop, number) in [("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)] {
            assert!(queue.push(waiting(shop, number, Lane::Front)).is_ok());
        }
        let first = batch(&queue);
        assert_eq!(numbers(&first), [1, 4, 5, 2, 6, 3]);
        queue.give_back(first);
        assert!(queue.push(waiting("a", 7, Lane::Front)).is_ok());
        let again = batch(&queue);
        let of_a: Vec<_> = again.iter().filter(|w| w.request.shop == Id::of("shp", &["a"])).collect();
        assert_eq!(of_a.iter().map(|w| w.request.bytes).collect::<Vec<_>>(), [1, 2, 3, 7]);
    }

    #[test]
    fn background_work_gets_a_quarter_and_no_more() {
        let queue = Queue::default();
        for number in 0..SHOP_COMMANDS {
            assert!(queue.push(waiting("a", 0, Lane::Front)).is_ok());
            assert!(queue.push(waiting("b", number, Lane::Background)).is_ok());
        }
        let mixed = batch(&queue);
        let background = mixed.iter().filter(|waiting| waiting.request.lane == Lane::Background).count();
        assert_eq!((mixed.len(), background), (BATCH_COMMANDS, BATCH_BACKGROUND));
    }

    #[test]
    fn a_shop_that_asks_too_much_is_busy_and_no_other() {
        let queue = Queue::default();
        for _ in 0..SHOP_COMMANDS {
            assert!(queue.push(waiting("a", 0, Lane::Front)).is_ok());
        }
        assert!(matches!(queue.push(waiting("a", 0, Lane::Front)), Err(Failure::Busy)));
        assert!(queue.push(waiting("b", SHOP_BYTES, Lane::Front)).is_ok());
        assert!(matches!(queue.push(waiting("b", 1, Lane::Front)), Err(Failure::Busy)));
    }

    #[test]
    fn jobs_and_batches_take_turns() {
        let queue = Queue::default();
        for number in 0..2 {
            queue.push_job(Box::new(|_| {}));
            assert!(queue.push(waiting("a", number, Lane::Front)).is_ok());
        }
        assert!(matches!(queue.next(None), Next::Job(_)));
        assert_eq!(batch(&queue).len(), 2);
        assert!(matches!(queue.next(None), Next::Job(_)));
        queue.close();
        assert!(matches!(queue.next(None), Next::Close));
    }

    #[test]
    fn what_waits_too_long_is_answered_whatever_the_writer_does() {
        let queue = Queue::default();
        let mut late = waiting("a", 1, Lane::Front);
        let (reply, mut answer) = oneshot::channel();
        late.reply = reply;
        late.request.since -= PATIENCE * 2;
        assert!(queue.push(late).is_ok());
        assert!(queue.push(waiting("a", 2, Lane::Front)).is_ok());
        queue.expire();
        assert!(matches!(answer.try_recv(), Ok(Err(Failure::Busy))));
        assert_eq!(numbers(&batch(&queue)), [2]);
    }

    #[test]
    fn a_clock_that_was_behind_catches_up() {
        let queue = Queue::default();
        let shop = Id::of("shp", &["a"]);
        let at = |ms: i64| Timestamp::from_ms(1_000_000 + ms);
        let head = ShopHead {
            id: shop,
            shop,
            version: 1,
            seq: 0,
            last_at: at(5_000),
            clock_offset_ms: 2_000,
            counted: String::new(),
            tallied: String::new(),
            owing: String::new(),
        };
        assert!(queue.lag_ms(at(0)) < 0, "nothing is known");
        queue.note_times([ShopHead { last_at: at(2_500), ..head.clone() }, head].iter());
        assert_eq!(queue.lag_ms(at(0)), 3_000);
        assert_eq!(queue.lag_ms(at(2_900)), 100, "time goes on, though no batch comes");
    }

    #[test]
    fn where_the_writer_stands_still_nobody_waits() {
        let queue = Queue::default();
        assert!(queue.push(waiting("a", 1, Lane::Front)).is_ok());
        assert_eq!(batch(&queue).len(), 1);
        assert!(queue.takes_commands(), "it has just begun");
        queue.lock().at_work = Instant::now().checked_sub(PATIENCE);
        assert!(!queue.takes_commands());
        assert!(matches!(queue.push(waiting("a", 2, Lane::Front)), Err(Failure::Unavailable)));
        queue.push_job(Box::new(|_| {}));
        assert!(matches!(queue.next(None), Next::Job(_)), "it goes on");
        assert!(queue.push(waiting("a", 3, Lane::Front)).is_ok());
    }

    #[test]
    fn when_the_database_is_gone_nobody_waits() {
        let queue = Queue::default();
        let (reply, mut answer) = oneshot::channel();
        assert!(queue.push(Waiting { reply, ..waiting("a", 1, Lane::Background) }).is_ok());
        queue.go_down();
        assert!(matches!(answer.try_recv(), Ok(Err(Failure::Unavailable))));
        assert!(matches!(queue.push(waiting("a", 2, Lane::Front)), Err(Failure::Unavailable)));
        queue.come_up();
        assert!(queue.push(waiting("a", 3, Lane::Front)).is_ok());
        assert_eq!(numbers(&batch(&queue)), [3]);
    }
}
