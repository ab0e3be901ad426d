//! What a writer of the engine does with its connection: transactions, shop locks, batch numbers.

use std::time::Instant;

use super::connection::Use;
use super::event_rows;
use super::plans::Plans;
use super::shelves::{Head, Texts, heads, load, save};
use super::{Connection, Statement, StoreError, StoreResult, Target};
use crate::records::{Id, Timestamp, Value};
use crate::world::World;

/// A writer's connection. It remembers the first error of a transaction and then refuses to commit:
/// after a failed statement PostgreSQL turns COMMIT into ROLLBACK and calls that a success.
pub struct WriterConnection {
    connection: Connection,
    texts: Texts,
    failed: bool,
    locking: Locking,
    plans: Plans,
    log_pages: u64,
    pages: Pages,
}

/// Whether events are written in pages, as it was found lately.
#[derive(Clone, Copy, Debug)]
struct Pages {
    are_on: bool,
    looked_at: Option<Instant>,
}

/// Whether the shop's lock is taken. Off only in the tests that show what the database itself
/// refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locking {
    /// As it must be.
    On,
    /// Races end in conflicts.
    Off,
}

/// How to wait for locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Pass over shops that another writer has.
    Skip,
    /// Wait for them, up to this many milliseconds.
    UpToMs(u32),
}

/// How a COMMIT ended.
#[derive(Debug)]
pub enum Commit {
    /// It is done.
    Done,
    /// It was not sent: a statement of the transaction had failed, or its file is not where it was.
    Refused(StoreError),
    /// It was sent, and nobody knows.
    Unknown(StoreError),
}

/// Rows that are kept for a moment, and are more than may stay in memory: half a megabyte.
const POSTGRES_ROOM: &str = "SET LOCAL work_mem='64kB'; SELECT COUNT(*) FROM generate_series(1, 20000)";
/// The same: a row that is gone before anybody sees it, which the log must take in all the same.
const SQLITE_ROOM: &str = "INSERT INTO engine_writers (id, batch, at) VALUES (hex(zeroblob(250000)), -1, 0);
    DELETE FROM engine_writers WHERE id = hex(zeroblob(250000))";

impl WriterConnection {
    /// Opens one.
    pub fn open(target: &Target, locking: Locking) -> StoreResult<Self> {
        let connection = target.connect(Use::Write)?;
        let pages = Pages { are_on: false, looked_at: None };
        Ok(Self {
            connection,
            texts: Texts::default(),
            failed: false,
            locking,
            plans: Plans::new(),
            log_pages: 0,
            pages,
        })
    }

    /// How many statements it has run.
    pub fn statements(&self) -> u64 {
        self.connection.statements()
    }

    /// Whether the database can be written now, as far as is known without writing.
    pub fn check(&mut self) -> StoreResult<()> {
        self.connection.check_writable()
    }

    /// Begins a transaction that will write.
    pub fn begin(&mut self) -> StoreResult<()> {
        self.failed = false;
        self.check()?;
        self.connection.bound_log(&mut self.log_pages)?;
        self.look_for_pages()?;
        if !self.connection.is_postgres() {
            return self.connection.batch("BEGIN IMMEDIATE");
        }
        if let Some(renewal) = self.plans.renewal() {
            self.connection.batch(renewal)?;
        }
        // Whoever has said that nothing is to be written here is heard.
        self.connection.batch("BEGIN ISOLATION LEVEL READ COMMITTED")
    }

    /// Whether the events of a batch are written as one page.
    pub fn has_pages(&self) -> bool {
        self.pages.are_on
    }

    fn look_for_pages(&mut self) -> StoreResult<()> {
        let is_known = self.pages.looked_at.is_some_and(|looked_at| looked_at.elapsed() < event_rows::LOOK_EVERY);
        if !self.pages.are_on && !is_known {
            self.pages = Pages { are_on: event_rows::are_over(&mut self.connection)?, looked_at: Some(Instant::now()) };
        }
        Ok(())
    }

    /// Locks the heads of shops, in id order, reading nothing else. Answers those that were got.
    pub fn lock(&mut self, shops: &[Id], wait: Wait) -> StoreResult<Vec<Head>> {
        let suffix = match (self.locking, wait) {
            (Locking::Off, _) => "",
            (Locking::On, Wait::Skip) => " FOR NO KEY UPDATE SKIP LOCKED",
            (Locking::On, Wait::UpToMs(_)) => " FOR NO KEY UPDATE",
        };
        if let Wait::UpToMs(ms) = wait
            && self.connection.is_postgres()
        {
            self.guarded(|connection| connection.batch(&format!("SET LOCAL lock_timeout={ms}")))?;
        }
        let heads = heads(&mut self.connection, &mut self.texts, shops, suffix);
        self.failed |= heads.is_err();
        heads
    }

    /// Loads what the world wants, and what that leads to; answers whether it wanted anything.
    pub fn load(&mut self, world: &mut World) -> StoreResult<bool> {
        let outcome = load(&mut self.connection, &mut self.texts, world);
        self.failed |= outcome.is_err();
        outcome
    }

    /// Saves what the world has new and changed.
    pub fn save(&mut self, world: &mut World) -> StoreResult<()> {
        let outcome = save(&mut self.connection, &mut self.texts, world);
        let outcome = outcome.and_then(|()| super::forget::forget(&mut self.connection, world));
        self.failed |= outcome.is_err();
        outcome
    }

    /// Begins a part of the transaction that can be undone alone.
    pub fn begin_part(&mut self) -> StoreResult<()> {
        self.guarded(|connection| connection.batch("SAVEPOINT part"))
    }

    /// Keeps what the part did, as far as the transaction is kept.
    pub fn end_part(&mut self) -> StoreResult<()> {
        self.guarded(|connection| connection.batch("RELEASE SAVEPOINT part"))
    }

    /// Undoes the part alone, and the error that it met with it; answers whether the transaction goes on.
    pub fn undo_part(&mut self) -> bool {
        let undone = self.connection.batch("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part").is_ok();
        self.failed = !undone;
        undone
    }

    /// Writes the number of this writer's batch, by which a lost COMMIT is found out.
    pub fn mark_batch(&mut self, writer: &str, batch: i64, at: Timestamp) -> StoreResult<()> {
        let statement = Statement::new(
            "INSERT INTO engine_writers (id, batch, at) VALUES (?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = excluded.at",
        );
        self.guarded(|connection| connection.execute(&statement.bind(writer).bind(batch).bind(at))).map(|_| ())
    }

    /// The number that stands there.
    pub fn marked_batch(&mut self, writer: &str) -> StoreResult<Option<i64>> {
        let statement = Statement::new("SELECT batch FROM engine_writers WHERE id = ?").bind(writer);
        self.guarded(|connection| connection.number(&statement))
    }

    /// Removes this writer's row at the end; those of dead processes are removed when they are old.
    pub fn forget_writer(&mut self, writer: &str) -> StoreResult<()> {
        let statement = Statement::new("DELETE FROM engine_writers WHERE id = ?").bind(writer);
        self.connection.execute(&statement).map(|_| ())
    }

    /// Commits. An error leaves the outcome unknown. What is answered then is in SQLite's file as it stands at its
    /// name: that is looked at before, so that nothing goes astray, and after, so that nothing was lost meanwhile.
    pub fn commit(&mut self) -> Commit {
        if self.failed {
            return Commit::Refused(StoreError::Failed("the error of a statement was dropped".into()));
        }
        if let Err(error) = self.connection.check() {
            return Commit::Refused(error);
        }
        let committed = self.connection.batch(self.connection.commit_sql());
        match committed.and_then(|()| self.connection.check()) {
            Ok(()) => Commit::Done,
            Err(error) => Commit::Unknown(error),
        }
    }

    /// Leaves SQLite's file when it is not where it was: what its log holds goes into it, wherever it is, and the log
    /// is emptied, so that it is taken for nobody else's.
    pub fn leave(&mut self) -> StoreResult<()> {
        let is_empty = super::forget::scrub(&mut self.connection)?;
        if let Some(opened) = self.connection.opened()
            && is_empty
        {
            opened.file().note_saved();
        }
        Ok(())
    }

    /// Undoes the transaction; answers whether the connection is still good.
    pub fn rollback(&mut self) -> bool {
        self.failed = false;
        self.connection.batch("ROLLBACK").is_ok() || self.connection.batch("SELECT 1").is_ok()
    }

    /// Whether the connection still answers; ends a failed transaction to find out.
    pub fn is_alive(&mut self) -> bool {
        self.rollback()
    }

    /// A small write that shows whether the database can be written at all. A tiny one may fit in where nothing
    /// else does, so half a megabyte of room is asked for, too.
    pub fn probe(&mut self, writer: &str, at: Timestamp) -> StoreResult<()> {
        let wrote = self.begin().and_then(|()| self.mark_batch(writer, -1, at)).and_then(|()| self.take_room());
        let committed = wrote.and_then(|()| match self.commit() {
            Commit::Done => Ok(()),
            Commit::Refused(error) | Commit::Unknown(error) => Err(error),
        });
        if committed.is_err() {
            self.rollback();
        }
        committed
    }

    fn take_room(&mut self) -> StoreResult<()> {
        let room = if self.connection.is_postgres() { POSTGRES_ROOM } else { SQLITE_ROOM };
        self.guarded(|connection| connection.batch(room))
    }

    /// Another writer's use of this connection (SQLite: delivery and visits go through it).
    pub fn lend(&mut self) -> &mut Connection {
        &mut self.connection
    }

    fn guarded<T>(&mut self, run: impl FnOnce(&mut Connection) -> StoreResult<T>) -> StoreResult<T> {
        let outcome = run(&mut self.connection);
        self.failed |= outcome.is_err();
        outcome
    }
}

/// A text column of a row.
pub fn text(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::Text(text)) => text.clone(),
        _ => None,
    }
}
