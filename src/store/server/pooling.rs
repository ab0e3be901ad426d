//! How a PostgreSQL is reached: whether what we send in one session arrives in one session. Our sessions have
//! settings, advisory locks and prepared statements; a pool that gives each transaction to another session
//! (PgBouncer in transaction mode) would lose them, some without a word. So one looks before anything else is done.
//!
//! Nothing here is prepared under a name, and everything is in a transaction: it passes every pool.

use std::sync::mpsc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Integer};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _};

use crate::store::error::{StoreError, StoreResult};
use crate::store::{Target, connection};

/// How often it is looked: a busy pool gives a session back by chance, every fifth time perhaps, and in step with others
/// several times in a row; but not each time.
const ROUNDS: usize = 30;
/// What a session says that ought to be another one.
const MET: &str = "a session that is shared";
/// How long looking may take. A pool with room for one session only keeps the second waiting.
const LIMIT: Duration = Duration::from_secs(30);

/// What the sentence of a refusal says to do.
const ADVICE: &str = "it is reached through a pool that gives each transaction or statement to another session \
    (PgBouncer: pool_mode=transaction or statement). Grapevine's sessions have settings, locks and prepared \
    statements of their own, which would be lost. Name the server itself, or a pool in session mode (PgBouncer: \
    pool_mode=session) with room for 8 connections and GRAPEVINE_READERS more for each process, and two while it starts";

/// How a database is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is a file.
    File,
    /// A session begins when we connect.
    Direct,
    /// A session was there before; it is ours until we let it go.
    SessionPool,
}

impl Way {
    /// As `grapevine doctor` says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::File => "as a file",
            Way::Direct => "directly",
            Way::SessionPool => "through a pool in session mode",
        }
    }
}

/// Refuses a pool that does not keep our sessions apart.
///
/// # Errors
///
/// [`StoreError::Unfit`] with what to do, or that the database cannot be reached.
pub fn refuse_shared(target: &Target) -> StoreResult<()> {
    let Target::Postgres(url) = target else { return Ok(()) };
    let url = connection::url_of_any(url)?;
    bounded(move || look(&url))
}

/// How a database is reached that is not refused.
pub fn way(target: &Target) -> StoreResult<Way> {
    let Target::Postgres(url) = target else { return Ok(Way::File) };
    refuse_shared(target)?;
    let url = connection::url_of_any(url)?;
    // Whoever lets a pool's session go gets it back next, if nobody else does.
    let was_there = bounded(move || Ok(is_older(&url)? || is_older(&url)?))?;
    Ok(if was_there { Way::SessionPool } else { Way::Direct })
}

/// On a thread of its own, which may wait for ever.
fn bounded<T: Send + 'static>(work: impl FnOnce() -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
    let (tell, told) = mpsc::channel();
    let started = std::thread::Builder::new().name("pooling".to_owned()).spawn(move || {
        // Who asked may have given up.
        let _gone = tell.send(work());
    });
    started.map_err(|error| StoreError::Failed(format!("a thread: {error}")))?;
    told.recv_timeout(LIMIT).unwrap_or_else(|_| {
        let seconds = LIMIT.as_secs();
        Err(StoreError::Failed(format!(
            "two sessions were not had within {seconds} s; where there is a pool, it is too small"
        )))
    })
}

/// One has a session. Again and again another begins a transaction, and meanwhile the first asks again: where
/// sessions are kept apart it is served by the same one, and the other never is. Each question is one message.
fn look(url: &str) -> StoreResult<()> {
    let (mut one, mut other) = (open(url)?, open(url)?);
    let first = begun(&mut one).map_err(|error| if takes_statements_alone(url) { unfit() } else { error })?;
    end(&mut one)?;
    let (another, same) = (met_if(&format!("<> {first}")), format!("BEGIN; {}", met_if(&format!("= {first}"))));
    for round in 0..ROUNDS {
        // Out of step with those who are busy beside us.
        (0..round % 3).try_for_each(|_| run(&mut other, "BEGIN; COMMIT"))?;
        run(&mut other, &same)?;
        run(&mut one, &another)?;
        end(&mut other)?;
    }
    Ok(())
}

/// A statement that fails where the session compares so.
fn met_if(compares: &str) -> String {
    format!("DO $$ BEGIN IF pg_backend_pid() {compares} THEN RAISE EXCEPTION '{MET}'; END IF; END $$")
}

fn run(connection: &mut PgConnection, sql: &str) -> StoreResult<()> {
    connection.batch_execute(sql).map_err(|error| judged(&error.to_string()))
}

/// Whether it answers, and ends the connection of whoever begins a transaction.
fn takes_statements_alone(url: &str) -> bool {
    let Ok(mut again) = open(url) else { return false };
    again.batch_execute("SELECT 1").is_ok() && again.batch_execute("BEGIN").is_err()
}

fn unfit() -> StoreError {
    StoreError::Unfit(ADVICE.to_owned())
}

fn open(url: &str) -> StoreResult<PgConnection> {
    PgConnection::establish(url).map_err(|error| judged(&error.to_string()))
}

#[derive(QueryableByName)]
struct Session {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// Begins a transaction; answers which session has it.
fn begun(connection: &mut PgConnection) -> StoreResult<i32> {
    run(connection, "BEGIN")?;
    let asked = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result::<Session>(connection);
    asked.map(|session| session.pid).map_err(|error| judged(&error.to_string()))
}

fn end(connection: &mut PgConnection) -> StoreResult<()> {
    run(connection, "COMMIT")
}

/// A pool tells by its refusals, too: of transactions as such, or of what another session has prepared.
fn judged(said: &str) -> StoreError {
    if [MET, "statement pooling mode", "prepared statement"].iter().any(|word| said.contains(word)) {
        return unfit();
    }
    StoreError::Failed(said.to_owned())
}

#[derive(QueryableByName)]
struct Age {
    #[diesel(sql_type = BigInt)]
    is_older: i64,
}

/// Whether a new connection gets a session that was there before it, by the clock of the database.
fn is_older(url: &str) -> StoreResult<bool> {
    let mut before = open(url)?;
    begun(&mut before)?;
    let now = diesel::sql_query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS is_older");
    let now = now.get_result::<Age>(&mut before).map_err(|error| judged(&error.to_string()))?.is_older;
    end(&mut before)?;
    drop(before);
    let mut after = open(url)?;
    begun(&mut after)?;
    let sql = format!(
        "SELECT CASE WHEN extract(epoch FROM backend_start) * 1000000 < {now} THEN CAST(1 AS BIGINT) ELSE 0 END AS is_older
         FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    );
    let age = diesel::sql_query(sql).get_result::<Age>(&mut after).map_err(|error| judged(&error.to_string()))?;
    Ok(age.is_older == 1)
}
