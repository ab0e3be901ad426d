//! The writer: one for each shop at a time. Commands that wait for the same shop are taken together,
//! decided one after the other in memory and saved in one transaction; then their callers are
//! answered.
//!
//! `queue` bounds and groups what waits; `writer` is the thread that drives a connection; `attempt`
//! is one transaction; `mark` names its batch; `claim` says whether a caller may still take a command back; `batch` decides; `apart` finds the command of a batch that cannot be saved; `recovery` finds out what became of a COMMIT whose answer was lost. The rules are in
//! `decide`, the SQL is in `store`.

mod apart;
mod attempt;
mod batch;
mod claim;
pub mod clock;
pub mod secret;
mod dry_run;
mod founding;
mod mark;
mod queue;
mod recovery;
pub mod sweep;
mod trust;
mod writer;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tracing::Span;

use crate::decide::Command;
use crate::decide::answer::Answer;
use crate::decide::draft::{Draft, Installation};
use crate::records::audit::Actor;
use crate::records::{Id, Timestamp};
use crate::refusal::Rejection;
use crate::store::connection::Use;
use crate::store::files::database_file::DatabaseFile;
use crate::store::writer::Locking;
use crate::store::{Connection, Pool, StoreError, StoreResult, Target};
use crate::telemetry::SPANS;
use crate::world::Stop;

use claim::Claim;
pub use clock::Clock;
use dry_run::DryRunners;
pub use dry_run::Onlooker;
pub use founding::{Founding, NewShop};
use queue::Queue;
pub use trust::{Distrust, State, state, trusted};

/// Whoever asks is answered so long after the request came in, at the latest: what was not begun then is
/// taken back and answered busy; of what is under way the outcome is unknown. 5 s are promised.
pub const PATIENCE: Duration = Duration::from_millis(4_500);
/// How long the end waits for a batch that is under way.
const LAST_BATCH: Duration = Duration::from_secs(15);
/// On PostgreSQL, a clock that is further behind what other processes write makes this one unready until it
/// has caught up, milliseconds: the others serve better.
const LAG_MS: i64 = 1_000;
/// What lies further ahead was written by no process whose clock goes with the database's, milliseconds:
/// twice what [`trust`] allows, and a little.
const OF_OTHERS_MS: i64 = 150_000;

/// Writer threads on PostgreSQL; more gain nothing.
const POSTGRES_WRITERS: usize = 2;

/// How an engine is set up.
#[derive(Clone)]
pub struct Setup {
    /// The database.
    pub target: Target,
    /// What decisions need and never changes.
    pub installation: Arc<Installation>,
    /// The clock.
    pub clock: Clock,
    /// Whether shops are locked; off only in tests.
    pub locking: Locking,
}

/// Which queue a command waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for the answer.
    Front,
    /// Due and background work: at most a quarter of a batch.
    Background,
}

/// A client's key for repeating a request safely.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// The stored answer's id: of shop, client and key.
    pub id: Id,
    /// SHA-256 of the request, hexadecimal.
    pub fingerprint: String,
}

/// A command with all that is known of its request.
#[derive(Debug)]
pub struct Request {
    /// The shop.
    pub shop: Id,
    /// What is asked.
    pub command: Command,
    /// By whom.
    pub actor: Actor,
    /// The request's id.
    pub request_id: Option<String>,
    /// Its key, when it has one.
    pub idempotency: Option<Idempotency>,
    /// Size of its body, bytes; bounds the queue.
    pub bytes: usize,
    /// Where it waits.
    pub lane: Lane,
    /// When it came in: it is answered within [`PATIENCE`] of that.
    pub since: Instant,
}

impl Request {
    /// Due or background work of the system itself.
    pub fn system(shop: Id, command: impl Into<Command>) -> Self {
        Self {
            shop,
            command: command.into(),
            actor: Actor::system(),
            request_id: None,
            idempotency: None,
            bytes: 0,
            lane: Lane::Background,
            since: Instant::now(),
        }
    }
}

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Given {
    /// The answer.
    pub answer: Answer,
    /// Whether it is a stored one, given again.
    pub replayed: bool,
    /// How long its batch was decided and saved, without the commit.
    pub took: Duration,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The rules refuse.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// Too much waits, or it waited too long; nothing happened.
    #[error("busy")]
    Busy,
    /// The database cannot be reached or written; nothing happened.
    #[error("the database is unavailable")]
    Unavailable,
    /// The database was lost while it committed.
    #[error("the outcome is not known")]
    OutcomeUnknown,
    /// It would make what is there already under a name that may be there once; nothing happened.
    #[error("it is there already")]
    Taken,
    /// A fault of ours; it was logged.
    #[error("internal")]
    Internal,
}

/// A command that waits for its answer.
pub(crate) struct Waiting {
    request: Request,
    seed: [u8; 32],
    times: Option<Times>,
    claim: Claim,
    passed_over: u8,
    /// Until it is answered, in the trace of its request.
    span: Span,
    reply: oneshot::Sender<Result<Given, Failure>>,
}

/// When a command is decided: the same at every attempt.
#[derive(Clone, Copy)]
struct Times {
    real_at: Timestamp,
    at: Timestamp,
}

/// The handle by which the rest of the house uses the writers.
#[derive(Clone)]
pub struct Engine {
    queues: Arc<Vec<Arc<Queue>>>,
    others: Option<Pool>,
    dry_runners: Arc<DryRunners>,
    installation: Arc<Installation>,
    clock: Clock,
    target: Target,
}

impl Engine {
    /// Starts the writer threads.
    pub fn start(setup: &Setup) -> StoreResult<Self> {
        trust::note_shops_ahead(&setup.target, &setup.clock)?;
        let writers = match setup.target {
            Target::Sqlite(_) => 1,
            Target::Postgres(_) => POSTGRES_WRITERS,
        };
        let mut queues = Vec::with_capacity(writers);
        for number in 0..writers {
            let queue = Arc::new(Queue::default());
            writer::spawn(setup.clone(), number, queue.clone())?;
            queues.push(queue);
        }
        let others = match setup.target {
            Target::Sqlite(_) => None,
            Target::Postgres(_) => Some(Pool::new(setup.target.clone(), Use::Write, 2)),
        };
        let dry_runners = DryRunners::start(setup)?;
        Ok(Self {
            queues: Arc::new(queues),
            others,
            dry_runners,
            installation: setup.installation.clone(),
            clock: setup.clock.clone(),
            target: setup.target.clone(),
        })
    }

    /// What decisions need and never changes.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Somebody who looks for themselves.
    pub fn onlooker(&self) -> Onlooker {
        Onlooker::new(self.target.clone(), self.installation.clone(), self.clock.clone())
    }

    /// The real time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The real time in a shop, which may lie ahead.
    pub fn now_in(&self, shop: Id) -> Timestamp {
        let ahead = self.shops_ahead().into_iter().find(|(other, _)| *other == shop);
        ahead.map_or_else(|| self.now(), |(_, at)| at)
    }

    /// The shops whose time lies ahead of the clock, and their real time.
    pub fn shops_ahead(&self) -> Vec<(Id, Timestamp)> {
        self.clock.shops_ahead()
    }

    /// Whether every writer lives, can write and does not stand still, and no other process writes by a clock
    /// that is ahead.
    pub fn is_healthy(&self) -> bool {
        self.trouble().is_none()
    }

    /// Why it can serve nothing, or write nothing, and what to do; `None`: it can.
    pub fn trouble(&self) -> Option<String> {
        if let Some(obstacle) = self.target.file().and_then(DatabaseFile::obstacle) {
            return Some(obstacle.to_string());
        }
        let now = self.now();
        let others = self.others.is_some().then_some(LAG_MS..OF_OTHERS_MS);
        let is_behind = |lag_ms| others.as_ref().is_some_and(|others| others.contains(&lag_ms));
        let any = |is_so: &dyn Fn(&Queue) -> bool| self.queues.iter().any(|queue| is_so(queue));
        let is_stuck = any(&|queue| !queue.takes_commands());
        if let Some(obstacle) = self.target.file().filter(|_| is_stuck).and_then(DatabaseFile::lack_of_room) {
            return Some(obstacle.to_string());
        }
        let sentence = if any(&|queue| !queue.is_alive()) {
            "A writer has ended; restart the server."
        } else if is_stuck {
            "The database takes no writes, and the log says why. Where it is unreachable, or its disk full, see to \
             that: the server goes on by itself."
        } else if any(&|queue| is_behind(queue.lag_ms(now))) {
            "Another process writes by a clock that is ahead of this one's; set both right."
        } else {
            return None;
        };
        Some(sentence.to_owned())
    }

    /// Has a command decided and saved. When this returns an answer, it is durable. Nothing of what is
    /// answered busy or unavailable happened, or ever will.
    pub async fn submit(&self, request: Request) -> Result<Given, Failure> {
        let (reply, answer) = oneshot::channel();
        let mut hasher = DefaultHasher::new();
        request.shop.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % self.queues.len() as u64).unwrap_or(0);
        let mut seed = [0u8; 32];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut seed);
        let (until, claim) = (request.since + PATIENCE, Claim::default());
        let span = tracing::debug_span!(target: SPANS, "command", operation = request.command.name());
        let waiting = Waiting { request, seed, times: None, claim: claim.clone(), passed_over: 0, span, reply };
        let queue = &self.queues[place];
        queue.push(waiting)?;
        let mut answer = answer;
        if let Ok(answer) = tokio::time::timeout_at(until.into(), &mut answer).await {
            return answer.unwrap_or(Err(Failure::Internal));
        }
        queue.expire();
        match answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Closed) => Err(Failure::Internal),
            Err(TryRecvError::Empty) if claim.withdraw() => Err(Failure::Busy),
            Err(TryRecvError::Empty) => Err(Failure::OutcomeUnknown),
        }
    }

    /// Runs a decision that changes nothing, on one snapshot of the database.
    pub async fn dry_run<T, F>(&self, shop: Id, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Fn(&mut Draft<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.dry_runners.dry_run(shop, work).await
    }

    /// Writes tables of the other writers (delivery, visits) in one transaction of their own. On
    /// SQLite this goes through the one writer thread.
    pub async fn write<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        if let Some(pool) = &self.others {
            return pool.run_long(move |connection| connection.transaction(work)).await;
        }
        let (reply, answer) = oneshot::channel();
        let job = move |connection: &mut Connection| {
            let _gone = reply.send(connection.transaction(work));
        };
        self.queues[0].push_job(Box::new(job));
        answer.await.unwrap_or_else(|_| Err(StoreError::Unwritable))
    }

    /// Lets the writers and those of dry runs work off what waits for up to `limit`, then answers the
    /// rest busy. The batch in flight is always finished. Afterwards nothing of the engine is at work.
    pub async fn stop(&self, limit: Duration) {
        self.dry_runners.close();
        for queue in self.queues.iter() {
            queue.close();
        }
        let (queues, dry_runners) = (self.queues.clone(), self.dry_runners.clone());
        let drained = tokio::task::spawn_blocking(move || {
            let until = Instant::now() + limit;
            for queue in queues.iter() {
                if !queue.wait_ended(until) {
                    queue.clear();
                    queue.wait_ended(Instant::now() + LAST_BATCH);
                }
            }
            if !dry_runners.wait_ended(until) {
                dry_runners.clear();
                dry_runners.wait_ended(Instant::now() + LAST_BATCH);
            }
        });
        if drained.await.is_err() {
            tracing::error!("waiting for the writers failed");
        }
        if let Some(others) = &self.others {
            others.close().await;
        }
    }
}
