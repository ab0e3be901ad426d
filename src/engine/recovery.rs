//! What became of a COMMIT whose answer was lost.
//!
//! The order matters: first the same shop locks, which waits out a commit that is still under way;
//! only then the number of the batch. Looked at the other way round, a late commit would be missed.

use std::time::{Duration, Instant};

use super::PATIENCE;
use crate::records::Id;
use crate::store::writer::{Locking, Wait, WriterConnection};
use crate::store::{StoreResult, Target};

/// Between two tries to reach the database.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a try waits for a commit that is still under way, milliseconds.
const STAY_MS: u32 = 2_000;

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was committed.
    Committed,
    /// It was not.
    Undone,
    /// Nobody knew within the patience.
    Unknown,
}

/// Finds out, with a new connection that the writer goes on with.
pub(super) fn fate(
    target: &Target,
    locking: Locking,
    writer: &str,
    batch: i64,
    shops: &[Id],
) -> (Fate, Option<WriterConnection>) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match look(target, locking, writer, batch, shops) {
            Ok((fate, connection)) => return (fate, Some(connection)),
            // The file in which it would stand is not there to be asked.
            Err(error) if error.is_told() => break,
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
    (Fate::Unknown, None)
}

fn look(
    target: &Target,
    locking: Locking,
    writer: &str,
    batch: i64,
    shops: &[Id],
) -> StoreResult<(Fate, WriterConnection)> {
    let mut connection = WriterConnection::open(target, locking)?;
    connection.begin()?;
    connection.lock(shops, Wait::UpToMs(STAY_MS))?;
    let marked = connection.marked_batch(writer)?;
    connection.rollback();
    let fate = if marked == Some(batch) { Fate::Committed } else { Fate::Undone };
    Ok((fate, connection))
}
