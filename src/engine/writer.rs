//! The thread that drives one connection: takes batches, has them decided, saves and commits, and
//! finds out whose fault it is when that fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::batch::{Outcome, decide_all};
use super::queue::{Next, Queue};
use super::recovery::{Fate, fate};
use super::{Failure, PATIENCE, Setup, Waiting};
use crate::records::Id;
use crate::store::writer::{Commit, Wait, WriterConnection};
use crate::store::{StoreError, StoreResult, Target};

/// Times that a shop is passed over before it is locked alone, waiting.
const PASSES: u8 = 3;
/// Times that a batch is decided anew because somebody else was faster.
const CONFLICTS: u32 = 16;
/// On SQLite, how long the writer works before it lets commands beside the server get in.
const SQLITE_WORK: Duration = Duration::from_millis(150);
/// How long it then rests.
const SQLITE_GAP: Duration = Duration::from_millis(4);
/// Between two tries to reach a database that is gone.
const PAUSE: Duration = Duration::from_millis(100);

/// Starts the thread.
pub(super) fn spawn(setup: Setup, number: usize, queue: Arc<Queue>) -> StoreResult<()> {
    let connection = WriterConnection::open(&setup.target, setup.locking)?;
    let mut id = [0u8; 10];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut id);
    let name = Id::new("wrt", (setup.clock)().ms(), id).to_string();
    let thread = std::thread::Builder::new().name(format!("writer-{number}"));
    let started = thread.spawn(move || {
        let mut writer = Writer { setup, queue, name, batch: 0, connection: Some(connection), rested: Instant::now() };
        writer.run();
    });
    started.map(|_| ()).map_err(|error| StoreError::Failed(format!("a writer thread: {error}")))
}

struct Writer {
    setup: Setup,
    queue: Arc<Queue>,
    name: String,
    batch: i64,
    connection: Option<WriterConnection>,
    rested: Instant,
}

/// How one attempt at a batch ended.
enum Attempt {
    /// Committed: what to tell whom.
    Done(Vec<(Waiting, Outcome)>),
    /// Nothing happened; the commands are given back with why.
    Undone(Vec<Waiting>, StoreError),
    /// COMMIT was sent and its answer lost.
    Unsure(Vec<(Waiting, Outcome)>, StoreError),
}

impl Writer {
    fn run(&mut self) {
        loop {
            match self.queue.next() {
                Next::Batch(batch) => self.serve(batch),
                Next::Job(job) => {
                    if self.connect(Instant::now() + PATIENCE)
                        && let Some(connection) = &mut self.connection
                    {
                        job(connection.lend());
                    }
                }
                Next::Close => break,
            }
            self.rest();
        }
        if let Some(connection) = &mut self.connection
            && let Err(error) = connection.forget_writer(&self.name)
        {
            tracing::debug!(%error, "a writer's row stays");
        }
        self.connection = None;
        self.queue.end();
    }

    /// On SQLite, a short gap now and then, or a backup beside the server would wait for ever.
    fn rest(&mut self) {
        if matches!(self.setup.target, Target::Sqlite(_)) && self.rested.elapsed() > SQLITE_WORK {
            std::thread::sleep(SQLITE_GAP);
            self.rested = Instant::now();
        }
    }

    fn serve(&mut self, batch: Vec<Waiting>) {
        let (late, batch): (Vec<_>, Vec<_>) = batch.into_iter().partition(|waiting| waiting.since.elapsed() > PATIENCE);
        late.into_iter().for_each(|waiting| waiting.answer(Err(Failure::Busy)));
        if batch.is_empty() {
            return;
        }
        if !self.connect(Instant::now() + PATIENCE) {
            return answer_all(batch, &Failure::Unavailable);
        }
        let begun = Instant::now();
        let commands = batch.len();
        self.settle(batch);
        metrics::histogram!("grapevine_batch_seconds").record(begun.elapsed().as_secs_f64());
        metrics::counter!("grapevine_commands_total").increment(commands as u64);
    }

    /// Has a batch done, whatever it takes: anew after a conflict, in halves after an error, until
    /// a culprit stands alone.
    fn settle(&mut self, mut batch: Vec<Waiting>) {
        let mut conflicts = 0;
        let mut errors = 0;
        loop {
            if !self.connect(Instant::now() + PATIENCE) {
                return answer_all(batch, &Failure::Unavailable);
            }
            batch = match self.attempt(batch) {
                Attempt::Done(answers) => {
                    return answers.into_iter().for_each(|(waiting, outcome)| waiting.answer(outcome));
                }
                Attempt::Unsure(answers, error) => match self.find_out(answers, &error) {
                    Some(undone) => undone,
                    None => return,
                },
                Attempt::Undone(commands, StoreError::Conflict(why)) if conflicts < CONFLICTS => {
                    tracing::debug!(why, "decided anew: somebody else was faster");
                    metrics::counter!("grapevine_conflicts_total").increment(1);
                    conflicts += 1;
                    commands
                }
                Attempt::Undone(commands, error) => {
                    errors += 1;
                    tracing::warn!(%error, commands = commands.len(), "a batch failed");
                    if errors < 2 {
                        commands
                    } else if commands.len() > 1 {
                        return self.halve(commands);
                    } else {
                        return self.blame(commands, &error);
                    }
                }
            };
            if batch.is_empty() {
                return;
            }
        }
    }

    fn halve(&mut self, mut commands: Vec<Waiting>) {
        let second = commands.split_off(commands.len() / 2);
        self.settle(commands);
        self.settle(second);
    }

    /// One command failed alone. When the database can be written, the fault is ours.
    fn blame(&mut self, commands: Vec<Waiting>, error: &StoreError) {
        let now = (self.setup.clock)();
        let writable = self.connection.as_mut().is_some_and(|connection| connection.probe(&self.name, now));
        if writable {
            tracing::error!(%error, "a command cannot be saved");
            return answer_all(commands, &Failure::Internal);
        }
        self.connection = None;
        answer_all(commands, &Failure::Unavailable);
    }

    fn attempt(&mut self, batch: Vec<Waiting>) -> Attempt {
        let Some(mut connection) = self.connection.take() else {
            return Attempt::Undone(batch, StoreError::Failed("no connection".into()));
        };
        self.batch += 1;
        let (attempt, usable) = self.transact(&mut connection, batch);
        if usable {
            self.connection = Some(connection);
        }
        attempt
    }

    /// One transaction; answers also whether the connection can be used again.
    fn transact(&mut self, connection: &mut WriterConnection, mut batch: Vec<Waiting>) -> (Attempt, bool) {
        let prepared = self.prepare(connection, &mut batch);
        let outcomes = match prepared {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let usable = connection.rollback();
                return (Attempt::Undone(batch, error), usable);
            }
        };
        let answers: Vec<_> = batch.into_iter().zip(outcomes).collect();
        match connection.commit() {
            Commit::Done => (Attempt::Done(answers), true),
            Commit::Unknown(error) => (Attempt::Unsure(answers, error), false),
        }
    }

    /// Everything up to COMMIT. Commands whose shop another writer has go back to the queue.
    fn prepare(&mut self, connection: &mut WriterConnection, batch: &mut Vec<Waiting>) -> StoreResult<Vec<Outcome>> {
        connection.begin()?;
        let wait = if batch.iter().any(|waiting| waiting.passed_over >= PASSES) { Wait::Stay } else { Wait::Skip };
        if wait == Wait::Stay {
            self.keep_one_shop(batch);
        }
        let heads = connection.lock(&shops_of(batch.iter()), wait)?;
        let (got, passed): (Vec<_>, Vec<_>) = std::mem::take(batch)
            .into_iter()
            .partition(|waiting| heads.iter().any(|head| head.id == waiting.request.shop));
        *batch = got;
        self.give_back(passed);
        let (outcomes, mut world) = decide_all(connection, &self.setup.house, &self.setup.clock, heads, batch)?;
        connection.save(&mut world)?;
        connection.mark_batch(&self.name, self.batch, (self.setup.clock)())?;
        Ok(outcomes)
    }

    /// A shop that was passed over too often is locked alone, waiting; the others come after.
    fn keep_one_shop(&self, batch: &mut Vec<Waiting>) {
        let Some(shop) = batch.iter().find(|waiting| waiting.passed_over >= PASSES).map(|waiting| waiting.request.shop)
        else {
            return;
        };
        let (kept, rest): (Vec<_>, Vec<_>) =
            std::mem::take(batch).into_iter().partition(|waiting| waiting.request.shop == shop);
        *batch = kept;
        self.queue.give_back(rest);
    }

    fn give_back(&self, mut passed: Vec<Waiting>) {
        if passed.is_empty() {
            return;
        }
        for waiting in &mut passed {
            waiting.passed_over = waiting.passed_over.saturating_add(1);
        }
        self.queue.give_back(passed);
    }

    /// COMMIT was sent and its answer lost. Answers the commands that must be decided anew.
    fn find_out(&mut self, answers: Vec<(Waiting, Outcome)>, error: &StoreError) -> Option<Vec<Waiting>> {
        tracing::warn!(%error, "the answer to COMMIT was lost");
        metrics::counter!("grapevine_commits_lost_total").increment(1);
        let shops = shops_of(answers.iter().map(|(waiting, _)| waiting));
        let (fate, connection) = fate(&self.setup.target, self.setup.locking, &self.name, self.batch, &shops);
        self.connection = connection;
        match fate {
            Fate::Committed => answers.into_iter().for_each(|(waiting, outcome)| waiting.answer(outcome)),
            Fate::Undone => return Some(answers.into_iter().map(|(waiting, _)| waiting).collect()),
            Fate::Unknown => answers.into_iter().for_each(|(waiting, _)| waiting.answer(Err(Failure::OutcomeUnknown))),
        }
        None
    }

    /// Makes sure that there is a connection.
    fn connect(&mut self, until: Instant) -> bool {
        while self.connection.is_none() {
            match WriterConnection::open(&self.setup.target, self.setup.locking) {
                Ok(connection) => self.connection = Some(connection),
                Err(error) if Instant::now() >= until => {
                    tracing::error!(%error, "the database cannot be reached");
                    return false;
                }
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
        true
    }
}

fn shops_of<'w>(batch: impl IntoIterator<Item = &'w Waiting>) -> Vec<Id> {
    let mut shops: Vec<Id> = batch.into_iter().map(|waiting| waiting.request.shop).collect();
    shops.sort_unstable();
    shops.dedup();
    shops
}

fn answer_all(commands: Vec<Waiting>, failure: &Failure) {
    for waiting in commands {
        waiting.answer(Err(failure.clone()));
    }
}
