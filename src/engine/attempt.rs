//! One transaction for one batch: lock, decide, save, commit. What becomes of a batch that failed is
//! the writer's to say.

use std::time::Instant;

use tracing::Span;

use super::apart;
use super::batch::{Outcome, decide_all};
use super::mark::{Mark, Way, shops_of};
use super::queue::Queue;
use super::{Failure, Setup, Waiting};
use crate::records::Id;
use crate::store::StoreError;
use crate::store::writer::{Commit, Wait, WriterConnection};
use crate::telemetry::SPANS;
use crate::world::Memory;

/// Times that a shop is passed over before it is locked alone, waiting.
const PASSES: u8 = 3;
/// How long that wait is, milliseconds; the other shops of the writer wait with it.
const STAY_MS: u32 = 500;

/// How one attempt at a batch ended.
pub(super) enum Attempt {
    /// Committed: what to tell whom.
    Done(Vec<(Waiting, Outcome)>),
    /// Nothing happened, for want of a connection or of its turn; no command is to blame.
    Lost(Vec<Waiting>, StoreError),
    /// Nothing happened; the database refused a statement.
    Undone(Vec<Waiting>, StoreError),
    /// COMMIT was sent and its answer lost.
    Unsure(Vec<(Waiting, Outcome)>, StoreError),
}

/// Where preparing a transaction stopped.
enum Stopped {
    /// It could not begin.
    NotBegun(StoreError),
    /// No shop was got.
    NoShop,
    /// A statement failed.
    Failed(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped::Failed(error)
    }
}

/// Makes one attempt; answers also whether the connection can be used again. Commands whose shop
/// another writer has go back to the queue.
pub(super) fn attempt(
    setup: &Setup,
    queue: &Queue,
    mark: &Mark<'_>,
    (connection, memory): (&mut WriterConnection, &mut Memory),
    mut batch: Vec<Waiting>,
) -> (Attempt, bool) {
    let _traced = span_of(&batch).entered();
    match prepare(setup, queue, mark, (connection, memory), &mut batch) {
        Ok(outcomes) => commit(connection, batch.into_iter().zip(outcomes).collect()),
        Err(Stopped::NoShop) => {
            let usable = connection.rollback();
            (Attempt::Done(Vec::new()), usable)
        }
        Err(Stopped::NotBegun(error)) => {
            let usable = connection.rollback();
            (Attempt::Lost(batch, error), usable)
        }
        Err(Stopped::Failed(error)) if connection.rollback() => (Attempt::Undone(batch, error), true),
        Err(Stopped::Failed(error)) => (Attempt::Lost(batch, error), false),
    }
}

/// The span of a batch, in the trace of one of its commands; those of the others follow from it.
fn span_of(batch: &[Waiting]) -> Span {
    let mut traced = batch.iter().map(|waiting| &waiting.span).filter(|span| !span.is_disabled());
    let Some(first) = traced.next() else { return Span::none() };
    let span = tracing::debug_span!(target: SPANS, parent: first, "batch", commands = batch.len());
    for other in traced {
        other.follows_from(&span);
    }
    span
}

fn commit(connection: &mut WriterConnection, answers: Vec<(Waiting, Outcome)>) -> (Attempt, bool) {
    match connection.commit() {
        Commit::Done => (Attempt::Done(answers), true),
        Commit::Unknown(error) => {
            let usable = error.is_told();
            (Attempt::Unsure(answers, error), usable)
        }
        Commit::Refused(error) => {
            let usable = connection.rollback();
            let batch = answers.into_iter().map(|(waiting, _)| waiting).collect();
            (Attempt::Undone(batch, error), usable)
        }
    }
}

/// Everything up to COMMIT.
fn prepare(
    setup: &Setup,
    queue: &Queue,
    mark: &Mark<'_>,
    (connection, memory): (&mut WriterConnection, &mut Memory),
    batch: &mut Vec<Waiting>,
) -> Result<Vec<Outcome>, Stopped> {
    connection.begin().map_err(Stopped::NotBegun)?;
    let alone = batch.iter().find(|waiting| waiting.passed_over >= PASSES).map(|waiting| waiting.request.shop);
    let locked = match alone {
        Some(shop) => {
            keep_one_shop(queue, batch, shop);
            connection.lock(&[shop], Wait::UpToMs(STAY_MS))
        }
        None => connection.lock(&shops_of(batch.iter()), Wait::Skip),
    };
    let heads = match locked {
        Ok(heads) => heads,
        // Somebody holds the lock for long. The others of this writer get their turn.
        Err(_) if alone.is_some() && connection.is_alive() => {
            give_back(queue, std::mem::take(batch), |_| 0);
            return Err(Stopped::NoShop);
        }
        Err(error) => return Err(error.into()),
    };
    queue.note_times(heads.iter().map(|known| &known.head));
    let has_head = |waiting: &Waiting| heads.iter().any(|known| known.head.id == waiting.request.shop);
    let (got, passed): (Vec<_>, Vec<_>) = std::mem::take(batch).into_iter().partition(has_head);
    // Who was told meanwhile that nothing happened has taken the command back.
    *batch = got.into_iter().filter(|waiting| waiting.claim.begin()).collect();
    match alone {
        Some(shop) if !passed.is_empty() => {
            tracing::error!(%shop, "a shop without a head cannot be written");
            passed.into_iter().for_each(|waiting| waiting.answer(Err(Failure::Internal)));
        }
        _ => give_back(queue, passed, |times| times.saturating_add(1)),
    }
    if batch.is_empty() {
        return Err(Stopped::NoShop);
    }
    let begun = Instant::now();
    let mut outcomes = match mark.way {
        Way::Together => {
            let (outcomes, mut world) = decide_all(connection, setup, memory, heads, batch)?;
            connection.save(&mut world)?;
            outcomes
        }
        Way::Apart => apart::settle(connection, setup, mark, batch)?,
    };
    outcomes.iter_mut().flatten().for_each(|given| given.took = begun.elapsed());
    connection.mark_batch(mark.writer, mark.batch, setup.clock.now())?;
    Ok(outcomes)
}

/// A shop that was passed over too often is locked alone, waiting; the others come after.
fn keep_one_shop(queue: &Queue, batch: &mut Vec<Waiting>, shop: Id) {
    let (kept, rest): (Vec<_>, Vec<_>) =
        std::mem::take(batch).into_iter().partition(|waiting| waiting.request.shop == shop);
    *batch = kept;
    queue.give_back(rest);
}

fn give_back(queue: &Queue, mut passed: Vec<Waiting>, passes: impl Fn(u8) -> u8) {
    for waiting in &mut passed {
        waiting.passed_over = passes(waiting.passed_over);
    }
    queue.give_back(passed);
}
