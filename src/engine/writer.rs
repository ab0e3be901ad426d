//! The thread that drives one connection: takes batches, has each attempted until it is settled, and
//! finds out whose fault it is when that fails.
//!
//! Whose fault an error is shows by what happens next, never by its text: a connection that is gone
//! is nobody's; a database that does not take a tiny write, or takes its time to fail, is its own;
//! what is left is a command's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::attempt::{Attempt, attempt};
use super::batch::Outcome;
use super::mark::{Mark, Way, is_slow, shops_of};
use super::queue::{Job, Next, Queue};
use super::recovery::{Fate, fate};
use super::{Failure, PATIENCE, Setup, Waiting};
use crate::records::Id;
use crate::store::files::database_file::Obstacle;
use crate::store::writer::WriterConnection;
use crate::store::{StoreError, StoreResult, Target};
use crate::world::Memory;

/// How long a batch is tried: then there is time left to say so.
const TRYING: Duration = Duration::from_secs(3);
/// Nothing is tried for whom less time is left.
const LEAST: Duration = Duration::from_secs(1);
/// Times that a batch is decided anew because somebody else was faster.
const CONFLICTS: u32 = 16;
/// On SQLite, how long the writer works before it lets commands beside the server get in.
const SQLITE_WORK: Duration = Duration::from_millis(150);
/// How long it then rests.
const SQLITE_GAP: Duration = Duration::from_millis(4);
/// Between two tries to reach a database that is gone.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two tries to save a batch: twice as long each time, up to a third of a second.
const SHORT_PAUSE: Duration = Duration::from_millis(10);
/// Between two looks whether it can be written again: longer each time, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How often it looks after SQLite's file and its disk while nobody writes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Starts the thread. Where the database takes no writes it waits until it does.
pub(super) fn spawn(setup: Setup, number: usize, queue: Arc<Queue>) -> StoreResult<()> {
    let opened = match WriterConnection::open(&setup.target, setup.locking) {
        // What is there can be read meanwhile.
        Err(error) if setup.target.file().is_none_or(|file| file.room().is_used_up()) => Err(error),
        opened => Ok(opened?),
    };
    let mut id = [0u8; 10];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut id);
    let name = Id::new("wrt", setup.clock.now().ms(), id).to_string();
    let thread = std::thread::Builder::new().name(format!("writer-{number}"));
    let started = thread.spawn(move || {
        let rested = Instant::now();
        let mut writer = Writer {
            setup,
            queue,
            name,
            batch: 0,
            connection: None,
            memory: Memory::default(),
            halves: Vec::new(),
            rested,
        };
        match opened {
            Ok(connection) => writer.connection = Some(connection),
            Err(error) => writer.wait_for_database(Vec::new(), &error),
        }
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
    memory: Memory,
    /// What is left of a batch that failed, still to be settled.
    halves: Vec<(Vec<Waiting>, Patience)>,
    rested: Instant,
}

/// What a batch may still try.
#[derive(Clone, Copy)]
struct Patience {
    until: Instant,
    conflicts: u32,
    errors: u32,
    /// Times that it found no connection, or that its COMMIT was found undone.
    losses: u32,
    /// How it is decided and saved.
    way: Way,
    /// Whether the batch was one half of what failed after so long that the database ended it.
    slow: bool,
}

impl Patience {
    fn new() -> Self {
        let until = Instant::now() + TRYING;
        Self { until, conflicts: CONFLICTS, errors: 1, losses: 0, way: Way::Together, slow: false }
    }

    fn is_over(self) -> bool {
        Instant::now() >= self.until
    }

    /// Waits before the batch is tried anew: longer each time, and said once.
    fn pause(&mut self, error: &StoreError) {
        match self.losses {
            0 => tracing::warn!(%error, "a batch was not saved, and is tried again"),
            _ => tracing::debug!(%error, "a batch was not saved again"),
        }
        std::thread::sleep(SHORT_PAUSE * (1 << self.losses.min(5)));
        self.losses += 1;
    }
}

impl Writer {
    fn run(&mut self) {
        // PostgreSQL looks after its own disk.
        let look_every = self.setup.target.file().map(|_| LOOK_EVERY);
        loop {
            match self.queue.next(look_every) {
                Next::Batch(batch) => self.guarded(|writer| writer.serve(batch)),
                Next::Job(job) => self.guarded(|writer| writer.work(job)),
                Next::Look => self.guarded(Writer::look),
                Next::Close => break,
            }
            self.rest();
        }
        self.leave();
        self.queue.end();
    }

    /// Ends with the database as it should be left.
    fn leave(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let left = match connection.check() {
            Err(StoreError::Obstacle(_)) => connection.leave(),
            _ => connection.forget_writer(&self.name),
        };
        if let Err(error) = left {
            tracing::debug!(%error, "a writer's row, or a log that belongs to no file, stays");
        }
    }

    /// A panic ends what was at hand, with its connection and transaction; the thread goes on.
    fn guarded(&mut self, work: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            tracing::error!("a writer panicked; its transaction is undone");
            self.connection = None;
            self.halves.clear();
        }
    }

    /// On SQLite, a short gap now and then, or a backup beside the server would wait for ever.
    fn rest(&mut self) {
        if matches!(self.setup.target, Target::Sqlite(_)) && self.rested.elapsed() > SQLITE_WORK {
            std::thread::sleep(SQLITE_GAP);
            self.rested = Instant::now();
        }
    }

    fn work(&mut self, job: Job) {
        match self.ready() {
            Ok(connection) => job(connection.lend()),
            Err(error) => {
                // Whoever waits for it learns at once that nobody does it.
                drop(job);
                self.wait_for_database(Vec::new(), &error);
            }
        }
    }

    /// Sees that the database can be written, though nobody writes.
    fn look(&mut self) {
        if let Err(error) = self.ready() {
            self.wait_for_database(Vec::new(), &error);
        }
    }

    fn ready(&mut self) -> StoreResult<&mut WriterConnection> {
        let connection = self.connect(Instant::now() + PATIENCE)?;
        connection.check()?;
        Ok(connection)
    }

    fn serve(&mut self, batch: Vec<Waiting>) {
        let begun = Instant::now();
        let commands = batch.len();
        self.settle(batch, Patience::new());
        while let Some((half, patience)) = self.halves.pop() {
            self.settle(half, patience);
        }
        metrics::histogram!("grapevine_batch_seconds").record(begun.elapsed().as_secs_f64());
        metrics::counter!("grapevine_batches_total").increment(1);
        metrics::counter!("grapevine_commands_total").increment(commands as u64);
    }

    /// Has a batch done, whatever it takes: anew after a conflict or a lost connection, in parts after an
    /// error, so that a culprit stands alone; in halves where what it needs is held.
    fn settle(&mut self, mut batch: Vec<Waiting>, mut patience: Patience) {
        loop {
            batch = in_time(batch);
            if batch.is_empty() {
                return;
            }
            if let Err(error) = self.connect(patience.until) {
                return self.wait_for_database(batch, &error);
            }
            let begun = Instant::now();
            batch = match self.attempt(batch, patience.way) {
                Attempt::Done(answers) => {
                    return answers.into_iter().for_each(|(waiting, outcome)| waiting.answer(outcome));
                }
                Attempt::Lost(commands, error) | Attempt::Undone(commands, error) if error.is_told() => {
                    return self.wait_for_database(commands, &error);
                }
                // It stands in the file that was opened, and nobody knows what becomes of that.
                Attempt::Unsure(answers, error) if error.is_told() => {
                    answer_all(answers.into_iter().map(|(waiting, _)| waiting), &Failure::OutcomeUnknown);
                    return self.wait_for_database(Vec::new(), &error);
                }
                Attempt::Unsure(answers, error) => match self.find_out(answers, &error) {
                    Some(commands) => match self.may_be_saved_anew(&mut patience, error) {
                        Ok(()) => commands,
                        Err(error) => return self.wait_for_database(commands, &error),
                    },
                    None => return,
                },
                Attempt::Lost(commands, error) => {
                    if patience.is_over() {
                        return self.wait_for_database(commands, &error);
                    }
                    patience.pause(&error);
                    commands
                }
                Attempt::Undone(commands, StoreError::Conflict(why))
                    if patience.conflicts > 0 && !patience.is_over() =>
                {
                    tracing::debug!(why, "decided anew: somebody else was faster");
                    metrics::counter!("grapevine_conflicts_total").increment(1);
                    patience.conflicts -= 1;
                    commands
                }
                // Whoever took it first: looked at anew, one command of the batch is refused, or is to blame.
                Attempt::Undone(commands, StoreError::Taken(why)) if patience.way == Way::Together => {
                    tracing::debug!(why, commands = commands.len(), "decided in parts: something is there already");
                    patience.way = Way::Apart;
                    commands
                }
                Attempt::Undone(commands, error)
                    if patience.errors > 0 && !patience.is_over() && (commands.len() == 1 || !is_slow(begun)) =>
                {
                    // A server that was demoted refuses every write: another connection may find its heir.
                    tracing::warn!(%error, commands = commands.len(), "a batch failed");
                    patience.errors -= 1;
                    self.connection = None;
                    commands
                }
                Attempt::Undone(commands, error) => return self.blame(commands, &error, patience, is_slow(begun)),
            };
        }
    }

    /// A batch failed again. A database that takes a tiny write leaves one of the commands to blame, unless
    /// it was slow: they did nothing wrong when others hold what they need. Then one half may do without.
    fn blame(&mut self, mut commands: Vec<Waiting>, error: &StoreError, patience: Patience, slow: bool) {
        if let Err(error) = self.probe() {
            return self.wait_for_database(commands, &error);
        }
        let gives_up = patience.is_over() || slow && (patience.slow || commands.len() == 1);
        if !slow && !gives_up && patience.way == Way::Together {
            return self.halves.push((commands, Patience { conflicts: 1, errors: 0, way: Way::Apart, ..patience }));
        }
        if commands.len() > 1 && !gives_up {
            let second = commands.split_off(commands.len() / 2);
            let patience = Patience { conflicts: 1, errors: 0, slow, ..patience };
            self.halves.extend([(second, patience), (commands, patience)]);
            return;
        }
        let first = commands.first().map(|waiting| &waiting.request);
        let command = first.map(|request| request.command.name());
        let request_id = first.and_then(|request| request.request_id.clone());
        if gives_up {
            tracing::warn!(%error, command, request_id, commands = commands.len(), "what a batch needs is held, or the database slow");
            return answer_all(commands, &Failure::Unavailable);
        }
        tracing::error!(%error, command, request_id, "a command cannot be saved");
        answer_all(commands, &Failure::Internal);
    }

    fn probe(&mut self) -> StoreResult<()> {
        let (name, now) = (self.name.clone(), self.setup.clock.now());
        self.connect(Instant::now())?.probe(&name, now)
    }

    /// After a COMMIT that is known not to have happened: it never came, or there is no room for it. When it is
    /// undone again, the database shows whether it takes anything.
    fn may_be_saved_anew(&mut self, patience: &mut Patience, error: StoreError) -> StoreResult<()> {
        if patience.losses > 0 {
            self.probe()?;
        }
        if patience.is_over() {
            return Err(error);
        }
        patience.pause(&error);
        Ok(())
    }

    /// The database is gone, or takes no write: those who wait and those who come learn it at once,
    /// until it does again.
    fn wait_for_database(&mut self, commands: Vec<Waiting>, error: &StoreError) {
        tracing::error!(%error, "the database cannot be written");
        self.let_go(error);
        self.queue.go_down();
        let halves = self.halves.drain(..).flat_map(|(half, _)| half);
        answer_all(commands.into_iter().chain(halves), &Failure::Unavailable);
        let mut pause = PAUSE;
        while let Err(error) = self.probe() {
            tracing::debug!(%error, "the database still cannot be written");
            self.let_go(&error);
            if self.queue.is_closed() {
                return;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        tracing::info!("the database can be written again");
        self.queue.come_up();
    }

    /// A connection to what is gone is no use. To a file it is kept: it may come back, and as long as somebody has it
    /// open no other file is taken for it. What was answered goes from its log into it, wherever it is.
    fn let_go(&mut self, error: &StoreError) {
        match (error, &mut self.connection) {
            (StoreError::Obstacle(Obstacle::NoRoom { .. }), _) | (_, None) => {}
            (StoreError::Obstacle(_), Some(connection)) => {
                if let Err(error) = connection.leave() {
                    tracing::debug!(%error, "a log that belongs to no file is not empty yet");
                }
            }
            _ => self.connection = None,
        }
    }

    fn attempt(&mut self, batch: Vec<Waiting>, way: Way) -> Attempt {
        let Some(mut connection) = self.connection.take() else {
            return Attempt::Lost(batch, StoreError::Failed("no connection".into()));
        };
        self.batch += 1;
        let mark = Mark { writer: &self.name, batch: self.batch, way };
        let before = connection.statements();
        let (attempt, usable) = attempt(&self.setup, &self.queue, &mark, (&mut connection, &mut self.memory), batch);
        metrics::counter!("grapevine_statements_total").increment(connection.statements() - before);
        if usable {
            self.connection = Some(connection);
        }
        attempt
    }

    /// COMMIT was sent and its answer lost. Answers the commands that must be decided anew.
    fn find_out(&mut self, answers: Vec<(Waiting, Outcome)>, error: &StoreError) -> Option<Vec<Waiting>> {
        tracing::debug!(%error, "the answer to COMMIT was lost");
        metrics::counter!("grapevine_commits_lost_total").increment(1);
        let shops = shops_of(answers.iter().map(|(waiting, _)| waiting));
        let (fate, connection) = fate(&self.setup.target, self.setup.locking, &self.name, self.batch, &shops);
        self.use_connection(connection);
        match fate {
            Fate::Committed => answers.into_iter().for_each(|(waiting, outcome)| waiting.answer(outcome)),
            Fate::Undone => return Some(answers.into_iter().map(|(waiting, _)| waiting).collect()),
            Fate::Unknown => answers.into_iter().for_each(|(waiting, _)| waiting.answer(Err(Failure::OutcomeUnknown))),
        }
        None
    }

    /// What was remembered may be of another database than the one to which a new connection leads.
    fn use_connection(&mut self, connection: Option<WriterConnection>) {
        self.memory = Memory::default();
        self.connection = connection;
    }

    /// Makes sure that there is a connection.
    fn connect(&mut self, until: Instant) -> StoreResult<&mut WriterConnection> {
        while self.connection.is_none() {
            match WriterConnection::open(&self.setup.target, self.setup.locking) {
                Ok(connection) => self.use_connection(Some(connection)),
                Err(error) if error.is_told() || Instant::now() >= until => return Err(error),
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
        self.connection.as_mut().ok_or_else(|| StoreError::Failed("no connection".into()))
    }
}

/// Those for whom an attempt is worth it. To the others nothing happened so far, and nothing will.
fn in_time(batch: Vec<Waiting>) -> Vec<Waiting> {
    batch.iter().for_each(|waiting| waiting.claim.let_go());
    let (batch, late): (Vec<_>, Vec<_>) = batch.into_iter().partition(|waiting| waiting.time_left() >= LEAST);
    answer_all(late, &Failure::Busy);
    batch
}

fn answer_all(commands: impl IntoIterator<Item = Waiting>, failure: &Failure) {
    for waiting in commands {
        waiting.answer(Err(failure.clone()));
    }
}
