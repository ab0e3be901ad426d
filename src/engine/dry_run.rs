//! Decisions that change nothing: the very rules, on a world that is loaded for reading only.
//!
//! Those that wait are taken together, like commands: one snapshot of the database, one load for each
//! record kind and round, however many ask. So a busy server reads less for each of them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tracing::Span;

use super::batch::{ROUNDS, opened};
use super::{Clock, Failure, Setup, Times};
use crate::decide::draft::{Context, Draft, Installation};
use crate::records::audit::Actor;
use crate::records::{Id, ShopHead, Timestamp};
use crate::store::reader::ReaderConnection;
use crate::store::{StoreError, StoreResult, Target};
use crate::world::{Memory, Shelved, Stop, World};

/// Threads for dry runs; each has a connection.
const THREADS: usize = 2;
/// Questions that must wait for each thread before the next one helps: what is asked together costs
/// one snapshot and one load of each kind, so that two threads with half as many each do no more.
const CROWD: usize = 32;
/// How long an answer is waited for.
const WAIT: Duration = Duration::from_secs(3);
/// Questions that failed after so long are not asked again.
const LONG: Duration = Duration::from_secs(1);
/// Dry runs that may wait.
const WAITING: usize = 8192;
/// Dry runs that are taken together.
const TOGETHER: usize = 128;

/// A question that waits for its answer.
trait Asking: Send {
    fn shop(&self) -> Id;
    /// Whose trace it belongs to.
    fn span(&self) -> &Span;
    /// Whether somebody still waits for the answer.
    fn is_wanted(&self) -> bool;
    /// Asks; answers whether it is settled.
    fn ask(&mut self, world: &World, installation: &Installation, context: &Context) -> bool;
    fn fail(&mut self, failure: Failure);
}

struct Question<T, F> {
    shop: Id,
    work: F,
    span: Span,
    reply: Option<oneshot::Sender<Result<T, Failure>>>,
}

impl<T, F> Question<T, F> {
    fn settle(&mut self, answer: Result<T, Failure>) {
        if let Some(reply) = self.reply.take()
            && reply.send(answer).is_err()
        {
            tracing::debug!("a caller did not wait for the answer");
        }
    }
}

impl<T: Send, F: Fn(&mut Draft<'_>) -> Result<T, Stop> + Send> Asking for Question<T, F> {
    fn shop(&self) -> Id {
        self.shop
    }

    fn span(&self) -> &Span {
        &self.span
    }

    fn is_wanted(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| !reply.is_closed())
    }

    fn ask(&mut self, world: &World, installation: &Installation, context: &Context) -> bool {
        match Draft::attempt(world, installation, context, self.shop, &self.work) {
            Ok((answer, _)) => self.settle(Ok(answer)),
            Err(Stop::Refused(rejection)) => self.settle(Err(rejection.into())),
            Err(Stop::Missing) => return false,
        }
        true
    }

    fn fail(&mut self, failure: Failure) {
        self.settle(Err(failure));
    }
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Box<dyn Asking>>,
    closed: bool,
    /// Threads that live.
    threads: usize,
}

/// The questions that wait, and the threads that answer them.
#[derive(Default)]
pub(super) struct DryRunners {
    state: Mutex<State>,
    changed: [Condvar; THREADS],
    ended: Condvar,
}

impl DryRunners {
    /// Starts the threads.
    pub(super) fn start(setup: &Setup) -> StoreResult<Arc<Self>> {
        let dry_runners = Arc::new(Self::default());
        for number in 0..THREADS {
            let (own, target) = (dry_runners.clone(), setup.target.clone());
            let (installation, clock) = (setup.installation.clone(), setup.clock.clone());
            let thread = std::thread::Builder::new().name(format!("reader-{number}"));
            dry_runners.lock().threads += 1;
            let started = thread.spawn(move || {
                own.serve(number, &target, &installation, &clock);
                own.lock().threads -= 1;
                own.ended.notify_all();
            });
            started.map_err(|error| StoreError::Failed(format!("a reader thread: {error}")))?;
        }
        Ok(dry_runners)
    }

    /// Asks, and waits for the answer; not for long, for the database may stand still.
    pub(super) async fn dry_run<T, F>(&self, shop: Id, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Fn(&mut Draft<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.push(Box::new(Question { shop, work, span: Span::current(), reply: Some(reply) }))?;
        match tokio::time::timeout(WAIT, answer).await {
            Ok(answer) => answer.unwrap_or(Err(Failure::Internal)),
            Err(_) => Err(Failure::Busy),
        }
    }

    /// Takes no more questions; those that wait are still answered.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.iter().for_each(Condvar::notify_all);
    }

    /// Waits until every thread has ended; answers whether they have.
    pub(super) fn wait_ended(&self, until: Instant) -> bool {
        let mut state = self.lock();
        while state.threads > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Answers busy to all who wait.
    pub(super) fn clear(&self) {
        let left = std::mem::take(&mut self.lock().waiting);
        left.into_iter().for_each(|mut question| question.fail(Failure::Busy));
    }

    fn push(&self, question: Box<dyn Asking>) -> Result<(), Failure> {
        let mut state = self.lock();
        if state.closed || state.waiting.len() >= WAITING {
            return Err(Failure::Busy);
        }
        state.waiting.push_back(question);
        let helpers = state.waiting.len().div_ceil(CROWD);
        drop(state);
        self.changed.iter().take(helpers).for_each(Condvar::notify_one);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread answers next; `None`: there will be no more.
    fn next(&self, number: usize) -> Option<Vec<Box<dyn Asking>>> {
        let mut state = self.lock();
        while state.waiting.len() <= number * CROWD && !state.closed {
            state = self.changed[number].wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.waiting.is_empty() {
            return None;
        }
        let some = state.waiting.len().min(TOGETHER);
        Some(state.waiting.drain(..some).collect())
    }

    fn serve(&self, number: usize, target: &Target, installation: &Installation, clock: &Clock) {
        let mut eyes = Eyes::default();
        while let Some(mut questions) = self.next(number) {
            questions.retain(|question| question.is_wanted());
            let begun = Instant::now();
            let answered = catch_unwind(AssertUnwindSafe(|| {
                answer_all(&mut eyes, target, installation, clock, &mut questions).or_else(|error| {
                    // The connection may have been lost while nobody asked. What took long would again.
                    if begun.elapsed() >= LONG {
                        return Err(error);
                    }
                    eyes = Eyes::default();
                    answer_all(&mut eyes, target, installation, clock, &mut questions)
                })
            }));
            let failure = match answered {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => {
                    if !error.is_told() {
                        tracing::error!(%error, "a dry run failed");
                    }
                    Failure::Unavailable
                }
                Err(_) => {
                    tracing::error!("a reader panicked");
                    Failure::Internal
                }
            };
            eyes = Eyes::default();
            questions.iter_mut().for_each(|question| question.fail(failure.clone()));
        }
    }
}

/// Whoever looks for themselves: dry runs in a row, on a connection of their own. They take nobody's turn.
pub struct Onlooker {
    eyes: Eyes,
    target: Target,
    installation: Arc<Installation>,
    clock: Clock,
}

impl Onlooker {
    /// Connects when they first ask.
    pub(super) fn new(target: Target, installation: Arc<Installation>, clock: Clock) -> Self {
        Self { eyes: Eyes::default(), target, installation, clock }
    }

    /// Asks, in a snapshot of its own.
    pub fn ask<T, F>(&mut self, shop: Id, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Fn(&mut Draft<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let (reply, mut answer) = oneshot::channel();
        let mut questions: Vec<Box<dyn Asking>> =
            vec![Box::new(Question { shop, work, span: Span::current(), reply: Some(reply) })];
        if let Err(error) = answer_all(&mut self.eyes, &self.target, &self.installation, &self.clock, &mut questions) {
            self.eyes = Eyes::default();
            tracing::warn!(%error, "a look at the database failed");
            return Err(Failure::Unavailable);
        }
        answer.try_recv().unwrap_or(Err(Failure::Internal))
    }
}

/// How a thread sees the database, and what it remembers of it.
#[derive(Default)]
struct Eyes {
    connection: Option<ReaderConnection>,
    memory: Memory,
}

/// Answers what can be answered; what is left misses records without end.
fn answer_all(
    eyes: &mut Eyes,
    target: &Target,
    installation: &Installation,
    clock: &Clock,
    questions: &mut Vec<Box<dyn Asking>>,
) -> StoreResult<()> {
    // What several ask together is read in the trace of one of them.
    let _traced =
        questions.iter().map(|question| question.span()).find(|span| !span.is_disabled()).cloned().map(Span::entered);
    let Eyes { connection, memory } = eyes;
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(ReaderConnection::open(target)?),
    };
    let now = clock.now();
    let mut shops: Vec<Id> = questions.iter().map(|question| question.shop()).collect();
    shops.sort_unstable();
    shops.dedup();
    connection.begin()?;
    let (world, known) = opened(connection.heads(&shops)?, memory);
    let mut world = world.for_reading();
    for _ in 0..ROUNDS {
        questions.retain_mut(|question| !is_settled(&world, installation, clock, now, question.as_mut()));
        if questions.is_empty() || !connection.load(&mut world)? {
            break;
        }
    }
    connection.end()?;
    known.iter().for_each(|(shop, settings)| memory.learn(&world, *shop, *settings));
    for question in questions {
        tracing::error!("a dry run misses records without end");
        question.fail(Failure::Internal);
    }
    Ok(())
}

fn is_settled(
    world: &World,
    installation: &Installation,
    clock: &Clock,
    now: Timestamp,
    question: &mut dyn Asking,
) -> bool {
    let shop = question.shop();
    let Times { real_at, at } = match ShopHead::shelf(world).get(shop, shop) {
        Ok(Some(head)) => clock.times(&head, now),
        // Its head is not known yet.
        _ => Times { real_at: now, at: now },
    };
    let context = Context { at, real_at, seed: [0; 32], actor: Actor::system(), request_id: None };
    let asked = catch_unwind(AssertUnwindSafe(|| question.ask(world, installation, &context)));
    asked.unwrap_or_else(|_| {
        // A guess may not fit together, and panic: it is made again when what is wanted is loaded.
        if world.lacks_anything() {
            return false;
        }
        tracing::error!(%shop, "a dry run panicked");
        question.fail(Failure::Internal);
        true
    })
}
