//! Jobs: set work that goes on in the background, one job of a shop at a time, erasures first. Each chunk of a job is
//! a command in the background lane; how far it has come is saved with what it did, so that after a
//! power cut it goes on where it was.
//!
//! Long questions, in [`inquiries`], are no jobs: nothing is kept of them. They are the [`audits`] of books, the
//! [`backtests`] of offers, the [`rehearsals`] of announcements and the [`proofs`] of days of events. Nor is what shops tell of their pages, which waits in [`arrivals`] until it is written;
//! nor are [`announcements`], which are sent for hours.
//!
//! Any process may take up any job. Who sends a chunk has the job for a while; a chunk that somebody
//! else sent first changes nothing.

pub mod announcements;
pub mod arrivals;
pub mod audits;
pub mod backtests;
mod batches;
pub mod erasure;
pub mod inquiries;
pub mod lines;
mod pace;
mod passes;
pub mod proofs;
pub mod rehearsals;

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::pace::Pace;
use crate::background::{Next, Stop, Work, Worker};
use crate::decide::Command;
use crate::decide::imports::finish_import::FinishImport;
use crate::decide::imports::import_lines::{Fault, ImportLines, Line};
use crate::engine::{Engine, Failure, Given, Lane, PATIENCE, Request};
use crate::records::job::JobKind;
use crate::records::{Id, Job};
use crate::store::queries::{jobs, records};
use crate::store::{Pool, StoreError, StoreResult, import_lines, statistics};

/// Jobs that are looked at in one round.
const JOBS: i64 = 64;
/// How long one job goes on before the next one gets its turn.
const TURN: Duration = Duration::from_secs(1);
/// For how long who works on a job has it, milliseconds.
const LEASE_MS: i64 = 5_000;
/// Lines after which those that are done are removed.
const REMOVED_LINES: i64 = 5_000;
/// Lines after which the database is told to look at its tables anew.
const MANY_LINES: i64 = 10_000;

/// Starts the worker that goes on with jobs. `tick` is how often it looks for them.
pub fn start(engine: Engine, reader: Pool, tick: Duration) -> Worker {
    Worker::start(Jobs { engine, reader, state: Mutex::default() }, tick)
}

/// Goes on with jobs.
pub struct Jobs {
    engine: Engine,
    reader: Pool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Jobs that this process has: their leases keep others away, and not itself.
    mine: HashSet<Id>,
    pace: Pace,
}

/// A job that may be gone on with.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    shop: Id,
    id: Id,
    kind: JobKind,
}

/// What came of a step of a job.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It went on.
    Went,
    /// It has ended, or somebody else has it.
    Over,
    /// It goes on later.
    Later,
}

impl Work for Jobs {
    type Item = Open;
    const NAME: &'static str = "jobs";
    const LANES: usize = 1;
    const LEFT: &'static str = "the job goes on where it was";

    /// The jobs that nobody else has.
    async fn due(&self, _: &[Open]) -> StoreResult<Vec<Open>> {
        let found = self.reader.run(|connection| jobs::open(connection, JOBS)).await?;
        let (now, ahead) = (self.engine.now(), self.engine.shops_ahead());
        let now_in = |shop: Id| ahead.iter().find(|(other, _)| *other == shop).map_or(now, |(_, at)| *at);
        let mut state = self.state();
        let is_free = |job: &Job| state.mine.contains(&job.id) || job.next_at.is_some_and(|at| at <= now_in(job.shop));
        let free = found.iter().filter(|job| is_free(job));
        let free: Vec<Open> = free.map(|job| Open { shop: job.shop, id: job.id, kind: job.kind }).collect();
        state.mine.retain(|id| free.iter().any(|job| job.id == *id));
        Ok(free)
    }

    /// Gives a job its turn: chunk after chunk, until the time is over.
    async fn work(&self, job: Open, stop: Stop) -> Next {
        let begun = Instant::now();
        while begun.elapsed() < TURN && !stop.is_asked() {
            let step = self.step(job).await.unwrap_or_else(|error| {
                error.tell(&format!("the job {} goes on later", job.id));
                Step::Later
            });
            match step {
                Step::Went => drop(self.state().mine.insert(job.id)),
                Step::Over => {
                    self.state().mine.remove(&job.id);
                    break;
                }
                Step::Later => return Next::Later,
            }
        }
        Next::Now
    }
}

impl Jobs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next chunk of a job.
    async fn step(&self, job: Open) -> StoreResult<Step> {
        match job.kind {
            JobKind::ImportCustomers
            | JobKind::ImportOrders
            | JobKind::ImportCodes
            | JobKind::ImportVouchers
            | JobKind::ImportReferrals
            | JobKind::ImportMembers => self.import(job.shop, job.id).await,
            JobKind::MakeVouchers => self.make_vouchers(job.shop, job.id).await,
            JobKind::VoidVouchers => self.void_vouchers(job.shop, job.id).await,
            JobKind::ChangePasses => self.change_passes(job.shop, job.id).await,
            JobKind::Erasure => erasure::step(&self.engine, &self.reader, job.shop, job.id, Lane::Background).await,
        }
    }

    async fn import(&self, shop: Id, id: Id) -> StoreResult<Step> {
        let found = self.reader.run(move |connection| {
            let job = records::get::<Job>(connection, shop, id)?;
            let block = match job.as_ref().filter(|job| !job.is_over()) {
                Some(job) => import_lines::next(connection, id, job.cursor)?,
                None => None,
            };
            Ok::<_, StoreError>((job, block))
        });
        let (job, block) = found.await?;
        let Some(job) = job.filter(|job| !job.is_over()) else { return Ok(Step::Over) };
        let Some(block) = block else { return self.finish(&job).await };
        let chunk = lines::read(job.kind, &block, job.cursor, self.state().pace.lines())?;
        let done = job.done + chunk.iter().map(|line| line.count).sum::<i64>();
        let step = self.send(&job, chunk).await;
        if step == Step::Went && job.done / REMOVED_LINES < done / REMOVED_LINES {
            lines::forget(&self.engine, id, job.cursor).await?;
        }
        Ok(step)
    }

    /// Sends a chunk. Where something breaks on our side, smaller ones, until the line that breaks it
    /// stands alone; that one is refused, and harms no other.
    async fn send(&self, job: &Job, mut chunk: Vec<Line>) -> Step {
        loop {
            let command = ImportLines { job: job.id, after: job.cursor, lines: chunk.clone(), lease_ms: LEASE_MS };
            match self.engine.submit(Request::system(job.shop, command)).await {
                Err(failure @ (Failure::Internal | Failure::Taken | Failure::Refused(_)))
                    if chunk.iter().any(is_whole) =>
                {
                    tracing::error!(%failure, job = %job.id, lines = chunk.len(), "a chunk of an import failed");
                    match chunk.as_mut_slice() {
                        [only] => only.content = Err(broken()),
                        several => {
                            let half = several.len() / 2;
                            chunk.truncate(half);
                        }
                    }
                }
                outcome => {
                    match &outcome {
                        Ok(given) => self.state().pace.note(chunk.len(), given.took),
                        // Perhaps it was too much at once for a slow database.
                        Err(_) => self.state().pace.note(chunk.len(), PATIENCE),
                    }
                    return step_of(job, outcome);
                }
            }
        }
    }

    async fn finish(&self, job: &Job) -> StoreResult<Step> {
        lines::forget(&self.engine, job.id, i64::MAX).await?;
        let command = FinishImport { job: job.id, after: job.cursor };
        let outcome = self.engine.submit(Request::system(job.shop, Command::from(command))).await;
        let step = step_of(job, outcome);
        if step == Step::Went && job.total >= MANY_LINES {
            tracing::info!(job = %job.id, shop = %job.shop, lines = job.total, "an import is done");
            if let Err(error) = self.engine.write(statistics::renew).await {
                tracing::error!(%error, "the database did not look at its tables anew; until it does, lists may be slow");
            }
        }
        Ok(if step == Step::Went { Step::Over } else { step })
    }
}

fn is_whole(line: &Line) -> bool {
    line.content.is_ok()
}

fn broken() -> Fault {
    let detail = "Something broke on our side with this line; it was logged, and nothing of it was kept.";
    Fault { code: "internal".to_owned(), detail: detail.to_owned() }
}

fn step_of(job: &Job, outcome: Result<Given, Failure>) -> Step {
    match outcome {
        Ok(given) if given.answer.status == 204 => Step::Over,
        Ok(_) => Step::Went,
        Err(Failure::Busy | Failure::Unavailable | Failure::OutcomeUnknown) => Step::Later,
        Err(failure) => {
            tracing::error!(%failure, job = %job.id, "a job cannot go on");
            Step::Later
        }
    }
}
