//! Due work: whose wait is over is approved, whose time is over expires. One process sweeps; each
//! item becomes a command in the background lane, which decides by time whether it is due at all.
//!
//! What fails is tried again later and later, and stands in nobody's way: pages go on behind it.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::select;
use futures_util::stream;
use tokio::sync::Mutex;

use super::{Engine, Failure, Request};
use crate::background::{Next, Stop, Work, Worker};
use crate::decide::{DUE, DueWork};
use crate::records::time::DAY_MS;
use crate::records::{Due, Id, Timestamp};
use crate::store::leader::Leadership;
use crate::store::queries::due::{self, DueShop};
use crate::store::queries::jobs;
use crate::store::{Pool, StoreResult, Target, advocate_counts, housekeeping, import_lines, visit_weeks, visits};

/// Items of one kind and shop that are looked up at once.
const PAGE: usize = 128;
/// Items of one kind and shop that are worked off in one sweep, before the next shop gets its turn.
const SHOP_ITEMS: usize = 1_024;
/// Commands of one sweep that wait at the same time: no more than a batch takes.
const TOGETHER: usize = 64;
/// The longest an item that fails is left alone.
const LONGEST_REST: Duration = Duration::from_secs(3_600);
/// Items that fail and are remembered; what fails beyond that is tried at every sweep.
const FAILED_ITEMS: usize = 10_000;
/// How often what nobody needs any more is removed.
const HOUSEKEEPING: Duration = Duration::from_secs(600);
/// After so many days no upload is still under way.
const UPLOAD_DAYS: i64 = 1;

/// Finds what is due and has it done.
#[derive(Clone)]
pub struct Sweeper {
    engine: Engine,
    reader: Pool,
    failed: Arc<Mutex<Failed>>,
}

/// Items that failed.
#[derive(Default)]
struct Failed(HashMap<Id, Rest>);

/// How often an item failed, and how long it is left alone.
struct Rest {
    tries: u32,
    until: Instant,
}

/// How much of what is due is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// A share, so that the other shops get their turn.
    Some,
    /// Everything.
    All,
}

/// Why a sweep stopped before its end.
enum Halt {
    /// The database cannot be read.
    Unread(crate::store::StoreError),
    /// The writers take nothing more now.
    Unwritten(Failure),
}

impl From<crate::store::StoreError> for Halt {
    fn from(error: crate::store::StoreError) -> Self {
        Halt::Unread(error)
    }
}

impl Sweeper {
    /// A sweeper that submits to an engine what it reads from a pool.
    pub fn new(engine: Engine, reader: Pool) -> Self {
        Self { engine, reader, failed: Arc::default() }
    }

    /// Starts the worker that sweeps every `tick`, as long as this process leads.
    pub fn start(self, target: Target, tick: Duration) -> Worker {
        let leadership = Arc::new(std::sync::Mutex::new(Leadership::new(target)));
        Worker::start(Sweeps { sweeper: self, tick, leadership, kept: Mutex::default() }, tick)
    }

    /// Works off a share of what is due in every shop.
    pub async fn sweep(&self) {
        let (now, ahead) = (self.engine.now(), self.engine.shops_ahead());
        let all: Vec<Due> = DUE.iter().map(|work| work.due).collect();
        let shops = match self.reader.run(move |connection| due::shops(connection, &all, now, &ahead)).await {
            Ok(shops) => shops,
            Err(error) => return error.tell("what is due cannot be read"),
        };
        for shop in shops {
            match self.sweep_shop(shop, Share::Some).await {
                Ok(()) => {}
                Err(Halt::Unread(error)) => error.tell("what is due cannot be read"),
                Err(Halt::Unwritten(failure)) => return tracing::debug!(%failure, "the sweep goes on later"),
            }
        }
    }

    /// Works off everything that is due in one shop, and what becomes due by it.
    pub async fn finish_shop(&self, shop: Id) -> Result<(), Failure> {
        let now = self.engine.now_in(shop);
        let found = self.reader.run(move |connection| due::shop(connection, shop, now)).await;
        let Some(shop) = found.map_err(|_| Failure::Unavailable)? else { return Ok(()) };
        match self.sweep_shop(shop, Share::All).await {
            Ok(()) => Ok(()),
            Err(Halt::Unread(error)) => {
                error.tell("what is due cannot be read");
                Err(Failure::Unavailable)
            }
            Err(Halt::Unwritten(failure)) => Err(failure),
        }
    }

    async fn sweep_shop(&self, shop: DueShop, share: Share) -> Result<(), Halt> {
        for work in DUE {
            let mut after = None;
            let mut done = 0;
            while share == Share::All || done < SHOP_ITEMS {
                let read = self.reader.run(move |connection| due::page(connection, &work.due, shop, after, PAGE));
                let page = read.await?;
                let Some(last) = page.last().copied() else { break };
                let is_last = page.len() < PAGE;
                done += self.submit(work, shop.shop, page.into_iter().map(|(_, id)| id)).await?;
                if is_last {
                    break;
                }
                after = Some(last);
            }
        }
        Ok(())
    }

    /// Has items done that do not rest; answers how many were tried.
    async fn submit(&self, work: &DueWork, shop: Id, items: impl Iterator<Item = Id>) -> Result<usize, Halt> {
        let now = Instant::now();
        let resting = self.failed.lock().await;
        let items: Vec<Id> = items.filter(|id| !resting.rests(id, now)).collect();
        drop(resting);
        let tried = items.len();
        let mut outcomes = stream::iter(items)
            .map(|id| async move { (id, self.engine.submit(Request::system(shop, (work.command)(id))).await) })
            .buffer_unordered(TOGETHER);
        while let Some((id, outcome)) = outcomes.next().await {
            match outcome {
                Ok(_) => self.failed.lock().await.forget(&id),
                Err(failure @ (Failure::Busy | Failure::OutcomeUnknown)) => return Err(Halt::Unwritten(failure)),
                Err(failure @ Failure::Unavailable) if !self.engine.is_healthy() => {
                    return Err(Halt::Unwritten(failure));
                }
                // Where the database takes other writes, somebody holds what this item needs.
                Err(failure) => {
                    tracing::error!(%failure, %shop, %id, "due work failed");
                    self.failed.lock().await.note(id, Instant::now());
                }
            }
        }
        Ok(tried)
    }

    /// Merges what batches noted of advocates into their counters.
    pub async fn merge_advocates(&self) {
        let merged = async {
            if self.reader.run(advocate_counts::is_waiting).await? {
                self.forget(advocate_counts::merge).await?;
            }
            Ok::<_, crate::store::StoreError>(())
        };
        if let Err(error) = merged.await {
            error.tell("the counters of advocates go on later");
        }
    }

    /// Removes what nobody needs any more.
    async fn keep_house(&self) {
        let now = self.engine.now();
        let mut outcome = self.engine.write(move |connection| housekeeping::forget_writers(connection, now)).await;
        outcome = outcome.and(self.forget(move |connection| housekeeping::forget_answers(connection, now)).await);
        let today = now.ms() / DAY_MS;
        outcome = outcome.and(self.forget(move |connection| visits::forget_days_before(connection, today)).await);
        let kept = now.plus_days(-self.engine.installation().visit_days);
        outcome = outcome.and(self.engine.write(move |connection| visit_weeks::prepare(connection, now)).await);
        outcome = outcome.and(self.forget(move |connection| visit_weeks::drop_before(connection, kept, now)).await);
        outcome = outcome.and(self.forget(move |connection| visits::forget_before(connection, kept)).await);
        outcome = outcome.and(self.forget_imports(now).await);
        if let Err(error) = outcome {
            error.tell("housekeeping goes on later");
        }
    }

    /// Lines that came in and never became a job, and the reports of jobs that ended long ago.
    async fn forget_imports(&self, now: Timestamp) -> StoreResult<()> {
        let reported = now.plus_days(-self.engine.installation().answer_days);
        self.forget(move |connection| jobs::forget_faults(connection, reported)).await?;
        let begun = now.plus_days(-UPLOAD_DAYS);
        while let Some(job) = self.reader.run(move |connection| import_lines::abandoned(connection, begun)).await? {
            self.forget(move |connection| import_lines::forget(connection, job, i64::MAX)).await?;
        }
        Ok(())
    }

    async fn forget(
        &self,
        page: impl Fn(&mut crate::store::Connection) -> StoreResult<bool> + Copy + Send + 'static,
    ) -> StoreResult<()> {
        while self.engine.write(page).await? {}
        Ok(())
    }
}

/// Sweeps, and keeps house.
struct Sweeps {
    sweeper: Sweeper,
    tick: Duration,
    leadership: Arc<std::sync::Mutex<Leadership>>,
    /// When the house was kept last.
    kept: Mutex<Option<Instant>>,
}

impl Work for Sweeps {
    type Item = ();
    const NAME: &'static str = "sweeps";
    const LANES: usize = 1;
    const LEFT: &'static str = "what is due is found again";

    /// A sweep, where this process leads.
    async fn due(&self, _: &[()]) -> StoreResult<Vec<()>> {
        let leadership = self.leadership.clone();
        let holds = move || leadership.lock().unwrap_or_else(PoisonError::into_inner).holds();
        let leads = tokio::task::spawn_blocking(holds).await;
        Ok(if leads.is_ok_and(|leads| leads) { vec![()] } else { Vec::new() })
    }

    /// Sweeps, and leaves at once what it is at when a stop is asked for: each item is a command of its own.
    async fn work(&self, (): (), mut stop: Stop) -> Next {
        let begun = Instant::now();
        select(pin!(self.sweep()), pin!(stop.asked())).await;
        Next::After(self.tick.saturating_sub(begun.elapsed()))
    }
}

impl Sweeps {
    async fn sweep(&self) {
        self.sweeper.sweep().await;
        self.sweeper.merge_advocates().await;
        let mut kept = self.kept.lock().await;
        if kept.is_none_or(|at| at.elapsed() >= HOUSEKEEPING) {
            *kept = Some(Instant::now());
            self.sweeper.keep_house().await;
        }
    }
}

impl Failed {
    /// Whether an item is to be left alone.
    fn rests(&self, id: &Id, now: Instant) -> bool {
        self.0.get(id).is_some_and(|rest| rest.until > now)
    }

    fn forget(&mut self, id: &Id) {
        self.0.remove(id);
    }

    /// Leaves an item alone for a while: twice as long each time. Those whose rest is over make room.
    fn note(&mut self, id: Id, now: Instant) {
        if self.0.len() >= FAILED_ITEMS && !self.0.contains_key(&id) {
            self.0.retain(|_, rest| rest.until > now);
            if self.0.len() >= FAILED_ITEMS {
                return;
            }
        }
        let rest = self.0.entry(id).or_insert(Rest { tries: 0, until: now });
        rest.tries = (rest.tries + 1).min(16);
        rest.until = now + Duration::from_secs(1 << rest.tries).min(LONGEST_REST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> Id {
        Id::of("vch", &[&number.to_string()])
    }

    #[test]
    fn what_fails_rests_twice_as_long_each_time() {
        let (mut failed, begun) = (Failed::default(), Instant::now());
        for seconds in [2, 4, 8] {
            failed.note(id(0), begun);
            assert!(failed.rests(&id(0), begun + Duration::from_millis(seconds * 1_000 - 1)));
            assert!(!failed.rests(&id(0), begun + Duration::from_secs(seconds)));
        }
        (0..30).for_each(|_| failed.note(id(0), begun));
        assert!(!failed.rests(&id(0), begun + LONGEST_REST));
        failed.forget(&id(0));
        assert!(!failed.rests(&id(0), begun));
    }

    #[test]
    fn no_more_failures_are_remembered_than_there_is_room_for() {
        let (mut failed, begun) = (Failed::default(), Instant::now());
        (0..FAILED_ITEMS + 1_000).for_each(|number| failed.note(id(number), begun));
        assert_eq!(failed.0.len(), FAILED_ITEMS);
        assert!(failed.rests(&id(0), begun) && !failed.rests(&id(FAILED_ITEMS), begun));
        failed.note(id(FAILED_ITEMS), begun + Duration::from_secs(3));
        assert_eq!(failed.0.len(), 1, "those whose rest is over make room");
    }
}
