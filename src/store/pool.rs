//! A small pool of connections for reading, and a way to read without blocking the server's tasks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::connection::Use;
use super::deadline;
use super::{Connection, StoreError, StoreResult, Target};

/// How long one waits for a connection before giving up.
const WAIT: Duration = Duration::from_secs(2);
/// How long one waits for an answer: for a connection and all that the database is asked.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the statements of one reader have together, on SQLite.
const STATEMENT: Duration = Duration::from_secs(2);
/// A connection that was idle for longer is asked whether it lives before it is used.
const TRUSTED: Duration = Duration::from_secs(1);

/// Connections of one purpose.
#[derive(Clone)]
pub struct Pool {
    target: Target,
    purpose: Use,
    idle: Arc<Mutex<Vec<(Connection, Instant)>>>,
    places: Arc<Semaphore>,
    size: u32,
}

impl Pool {
    /// A pool of at most `size` connections, opened when needed.
    pub fn new(target: Target, purpose: Use, size: u32) -> Self {
        Self { target, purpose, idle: Arc::default(), places: Arc::new(Semaphore::new(size as usize)), size }
    }

    /// Takes no more work, lets what is under way end, and closes every connection.
    pub async fn close(&self) {
        if tokio::time::timeout(WAIT, self.places.acquire_many(self.size)).await.is_err() {
            tracing::warn!("a query was still under way at the end");
        }
        self.places.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Runs a query on a thread that may block, and gives up after 3 s. Where the database stands still the
    /// thread stands with it and keeps its place, so that no more of them do than the pool has connections.
    pub async fn run<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        self.run_within(PATIENCE, work).await
    }

    /// The same, and gives up after `limit`.
    pub async fn run_within<T, F>(&self, limit: Duration, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        // PostgreSQL ends a statement by itself.
        let work = move |connection: &mut Connection| deadline::within(STATEMENT, || work(connection));
        let ran = tokio::time::timeout(limit, self.run_long(work)).await;
        ran.unwrap_or_else(|_| Err(StoreError::Failed(format!("no answer within {} s", limit.as_secs_f32()))))
    }

    /// Runs what takes as long as it takes, for nobody who waits. A connection that failed is not used again.
    pub async fn run_long<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    {
        let place = tokio::time::timeout(WAIT, self.places.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(StoreError::Failed("no connection became free within 2 s".into()));
        };
        let (pool, span) = (self.clone(), tracing::Span::current());
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            span.in_scope(|| pool.run_blocking(work))
        });
        task.await.unwrap_or_else(|error| Err(StoreError::Failed(format!("a query panicked: {error}"))))
    }

    /// The same, on this thread.
    pub fn run_blocking<T>(&self, work: impl FnOnce(&mut Connection) -> StoreResult<T>) -> StoreResult<T> {
        let mut connection = match self.idle() {
            Some(connection) => connection,
            None => self.target.connect(self.purpose)?,
        };
        let outcome = work(&mut connection);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Ok(_) => idle.push((connection, Instant::now())),
            // When one connection is lost, the others are, most likely.
            Err(_) => idle.clear(),
        }
        outcome
    }

    fn idle(&self) -> Option<Connection> {
        loop {
            let last = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let (mut connection, since) = last?;
            let lives = since.elapsed() < TRUSTED || connection.batch("SELECT 1").is_ok();
            if lives && connection.check_lately().is_ok() {
                return Some(connection);
            }
        }
    }
}
