//! In which order a shop's records are counted, a page at a time.

use crate::records::day_count::{before, turn};
use crate::records::{Id, Record, Timestamp};
use crate::store::queries::records::read;
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Records that are counted at once: some milliseconds of a writer's time.
pub(super) const PAGE: i64 = 500;

/// How far a shop is counted.
pub(super) struct Turn {
    /// The kind of records, by its turn.
    pub(super) kind: usize,
    /// When the last one was made.
    pub(super) made_at: Timestamp,
    /// Its id.
    pub(super) id: String,
}

impl Turn {
    /// As a shop's head tells it.
    pub(super) fn read(counted: &str) -> Self {
        let mut parts = counted.split('/');
        let kind = parts.next().and_then(|kind| kind.parse().ok()).unwrap_or(0);
        let made_at = parts.next().and_then(|ms| ms.parse().ok()).map_or(Timestamp::from_ms(0), Timestamp::from_ms);
        Self { kind, made_at, id: parts.next().unwrap_or_default().to_owned() }
    }
}

/// Up to where a shop is counted behind a page. Of a kind of which there are no more, those that come from now on are
/// counted as they come.
pub(super) fn next_turn<R: Record>(kind: usize, page: &[R]) -> String {
    match page.last().filter(|_| is_full(page.len())) {
        Some(last) => turn(kind, last.made_at(), last.id()),
        None => before(kind + 1),
    }
}

/// Whether there may be more behind a page.
pub(super) fn is_full(many: usize) -> bool {
    i64::try_from(many).is_ok_and(|many| many >= PAGE)
}

/// A page of a shop's records, in the order in which they were made.
pub fn page_of<R: Record>(
    connection: &mut Connection,
    shop: Id,
    (made_at, id): (Timestamp, &str),
    most: i64,
) -> StoreResult<Vec<R>> {
    let sql = format!("{} WHERE shop = ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?", select::<R>());
    read(connection, &Statement::new(sql).bind(shop).bind(made_at).bind(id).bind(most))
}
