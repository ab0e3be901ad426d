//! Work in the background, written once: a worker looks for what is due, has it done in a few lanes at a time, and
//! looks again until nothing is left; then it waits for its tick, or until somebody wakes it.
//!
//! It knows neither what is due nor how it is done: that is its [`Work`]. What only one of several processes is to do
//! is given out by the engine, on leases, never by a worker.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::sync::{Notify, watch};
use tokio::task::{self, JoinError, JoinHandle, JoinSet};

use crate::store::{StoreError, StoreResult};

/// How long a lane is left alone that could do nothing.
const PAUSE: Duration = Duration::from_millis(250);

/// What is done in the background.
pub trait Work: Send + Sync + 'static {
    /// One piece of it.
    type Item: Clone + Debug + Send + Sync + 'static;
    /// What it works on, for the log and for who waits for it: `mails`.
    const NAME: &'static str;
    /// Pieces that are under way at once.
    const LANES: usize;
    /// What becomes of what is still under way at the end, for the log.
    const LEFT: &'static str;

    /// What is due, in the order of its turns, and nothing of what is under way. Where it is more than there are
    /// free lanes, the rest waits, and nobody looks again before it had its turn.
    fn due(&self, under_way: &[Self::Item]) -> impl Future<Output = StoreResult<Vec<Self::Item>>> + Send;

    /// Does one piece, or as much of it as one turn has. Ends soon when a stop is asked for.
    fn work(&self, item: Self::Item, stop: Stop) -> impl Future<Output = Next> + Send;

    /// Says goodbye, when nothing is under way any more.
    fn close(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// What comes after a piece of work, in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next one.
    Now,
    /// It could not be done and is left alone for a moment, so that a busy house is not asked again and again.
    Later,
    /// Nothing for so long.
    After(Duration),
}

/// Whether work is to end.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Whether it is to end now. Who lets go of a worker asks for that, too.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until it is.
    pub async fn asked(&mut self) {
        let _asked_or_let_go = self.0.wait_for(|stop| *stop).await;
    }
}

/// How often a worker has looked, and which look was the last that found nothing to do.
#[derive(Clone, Copy, Default)]
struct Looks {
    begun: u64,
    quiet: u64,
}

/// A worker: at work until it is stopped, or let go.
pub struct Worker {
    name: &'static str,
    left: &'static str,
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    looks: watch::Receiver<Looks>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts it. `tick` is how often it looks for what is due, and how soon again where that could not be read.
    pub fn start<W: Work>(work: W, tick: Duration) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (note, looks) = watch::channel(Looks::default());
        let wake = Arc::new(Notify::new());
        let task = tokio::spawn(run(Lanes::of(work, Stop(stopped)), tick, wake.clone(), note));
        Self { name: W::NAME, left: W::LEFT, wake, stop, looks, task }
    }

    /// What it works on.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Has it look now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Has it look now, and waits until nothing that is due is left and nothing is under way. Ends at once when the
    /// worker has ended.
    pub async fn settle(&self) {
        let mut looks = self.looks.clone();
        let begun = looks.borrow().begun;
        self.wake();
        if looks.wait_for(|looks| looks.quiet > begun).await.is_err() {
            tracing::debug!(worker = self.name, "the worker has ended");
        }
    }

    /// Has it begin nothing more and finish what is under way, up to `limit`.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(true);
        if tokio::time::timeout(limit, self.task).await.is_err() {
            tracing::warn!(worker = self.name, "something was still under way at the end; {}", self.left);
        }
    }
}

/// Stops workers, all at once.
pub async fn stop(workers: Vec<Worker>, limit: Duration) {
    join_all(workers.into_iter().map(|worker| worker.stop(limit))).await;
}

async fn run<W: Work>(mut lanes: Lanes<W>, tick: Duration, wake: Arc<Notify>, looks: watch::Sender<Looks>) {
    let mut stop = lanes.stop.clone();
    // What cannot be read is said once, and not at every look.
    let mut is_told = false;
    while !stop.is_asked() {
        looks.send_modify(|looks| looks.begun += 1);
        let filled = tokio::select! {
            filled = lanes.fill() => filled,
            () = stop.asked() => break,
        };
        match &filled {
            Ok(()) if lanes.are_empty() => looks.send_modify(|looks| looks.quiet = looks.begun),
            Ok(()) => {}
            Err(error) if is_told => tracing::debug!(%error, "what is due of {} still cannot be read", W::NAME),
            Err(error) => error.tell(&format!("what is due of {} cannot be read", W::NAME)),
        }
        is_told = filled.is_err();
        tokio::select! {
            () = stop.asked() => {}
            () = lanes.wait() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(tick) => {}
        }
    }
    lanes.finish().await;
}

/// What a worker has under way, and what waits for its turn.
struct Lanes<W: Work> {
    work: Arc<W>,
    stop: Stop,
    waiting: VecDeque<W::Item>,
    tasks: JoinSet<()>,
    under_way: HashMap<task::Id, W::Item>,
}

impl<W: Work> Lanes<W> {
    fn of(work: W, stop: Stop) -> Self {
        let (waiting, under_way) = (VecDeque::new(), HashMap::new());
        Self { work: Arc::new(work), stop, waiting, tasks: JoinSet::new(), under_way }
    }

    fn are_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    fn have_room(&self) -> bool {
        self.under_way.len() < W::LANES
    }

    /// Looks for what is due, unless something waits already, and begins as much as there is room for.
    async fn fill(&mut self) -> StoreResult<()> {
        if self.waiting.is_empty() && self.have_room() {
            let under_way: Vec<W::Item> = self.under_way.values().cloned().collect();
            let found = guarded(W::NAME, "a look", self.work.due(&under_way)).await;
            self.waiting.extend(found.unwrap_or_else(|| Err(StoreError::Failed("the look panicked".to_owned())))?);
        }
        while self.have_room()
            && let Some(item) = self.waiting.pop_front()
        {
            let task = self.tasks.spawn(one(self.work.clone(), item.clone(), self.stop.clone()));
            self.under_way.insert(task.id(), item);
        }
        Ok(())
    }

    /// Waits until a lane is free that was not.
    async fn wait(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(done) => self.note(done),
            None => std::future::pending().await,
        }
        while let Some(done) = self.tasks.try_join_next_with_id() {
            self.note(done);
        }
    }

    fn note(&mut self, done: Result<(task::Id, ()), JoinError>) {
        let id = done.map_or_else(|error| error.id(), |(id, ())| id);
        self.under_way.remove(&id);
    }

    async fn finish(mut self) {
        while self.tasks.join_next().await.is_some() {}
        self.work.close().await;
    }
}

/// Does a piece of work, and keeps its lane for as long as it is to be left alone. Work that panics harms no other.
async fn one<W: Work>(work: Arc<W>, item: W::Item, mut stop: Stop) {
    let next = guarded(W::NAME, &item, work.work(item.clone(), stop.clone())).await;
    let rest = match next.unwrap_or(Next::Later) {
        Next::Now => return,
        Next::Later => PAUSE,
        Next::After(rest) => rest,
    };
    let _over_or_asked = tokio::time::timeout(rest, stop.asked()).await;
}

/// Does something for a worker; `None`: it panicked, which is said.
pub async fn guarded<T>(worker: &str, what: impl Debug, doing: impl Future<Output = T>) -> Option<T> {
    let done = AssertUnwindSafe(doing).catch_unwind().await;
    done.inspect_err(|_| tracing::error!(worker, ?what, "work in the background panicked")).ok()
}

#[cfg(test)]
#[path = "background_tests.rs"]
mod tests;
