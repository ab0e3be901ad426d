//! Events that stand in rows of their own, as the release before wrote them, and how they come into pages: some at a
//! time, beside a running server. Whoever breaks it off goes on where it was.

use std::time::Duration;

use super::queries::records::read;
use super::shelves::{Texts, save, select};
use super::{Connection, Statement, StoreResult};
use crate::records::{Column, Event, EventPage, Id, Kind};
use crate::world::World;

/// Events that come into one page: some milliseconds of a writer's time.
const PAGE: i64 = 500;

/// How often a writer looks whether events are written in pages by now; they never come in rows again.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);
/// When every writer has noticed, and saved what it was at.
pub const NOTICED: Duration = Duration::from_secs(10);

/// Whether events are written in pages: no process of the release before is at work, which would not find them there.
pub fn are_over(connection: &mut Connection) -> StoreResult<bool> {
    let statement = Statement::new("SELECT COUNT(*) FROM installation WHERE name = 'event_pages'");
    Ok(connection.number(&statement)? > Some(0))
}

/// Has them written in pages from now on; answers whether that is new. Writers at work notice it within [`NOTICED`].
pub fn end(connection: &mut Connection) -> StoreResult<bool> {
    let statement =
        "INSERT INTO installation (name, value) VALUES ('event_pages', 'yes') ON CONFLICT (name) DO NOTHING";
    Ok(connection.execute(&Statement::new(statement))? > 0)
}

/// Whether all that is stored has the form of this release.
pub fn are_finished(connection: &mut Connection) -> StoreResult<bool> {
    let any = Statement::new("SELECT COUNT(*) FROM (SELECT 1 FROM events LIMIT 1) AS found");
    Ok(are_over(connection)? && connection.number(&any)? == Some(0))
}

/// How many there are.
pub fn count(connection: &mut Connection) -> StoreResult<i64> {
    Ok(connection.number(&Statement::new("SELECT COUNT(*) FROM events"))?.unwrap_or(0))
}

/// Brings the next of them into a page; answers how many, none when all are there.
pub fn move_some(connection: &mut Connection) -> StoreResult<usize> {
    let rows = connection.query(&Statement::new("SELECT MIN(shop) FROM events"), &[Kind::Text])?;
    let first = rows.into_iter().flatten().next().map(Option::<Id>::from_value).transpose()?;
    let Some(shop) = first.flatten() else { return Ok(0) };
    connection.transaction(|connection| move_of(connection, shop))
}

/// Whoever writes in the shop waits meanwhile.
fn move_of(connection: &mut Connection, shop: Id) -> StoreResult<usize> {
    let lock = if connection.is_postgres() { " FOR NO KEY UPDATE" } else { "" };
    let head = Statement::new(format!("SELECT seq FROM shop_heads WHERE id = ?{lock}")).bind(shop);
    connection.query(&head, &[Kind::Int])?;
    let sql = format!("{} WHERE shop = ? ORDER BY seq LIMIT ?", select::<Event>());
    let events: Vec<Event> = read(connection, &Statement::new(sql).bind(shop).bind(PAGE))?;
    let whole = events.chunk_by(|one, next| one.seq + 1 == next.seq).next().unwrap_or_default();
    let Some(first) = whole.first() else { return Ok(0) };
    let id = EventPage::id_of(shop, first.seq, first.created_at);
    let Some(page) = EventPage::of(id, whole) else { return Ok(0) };
    let last_seq = page.last_seq;
    let mut world = World::with_page(page);
    save(connection, &mut Texts::default(), &mut world)?;
    let removed = Statement::new("DELETE FROM events WHERE shop = ? AND seq <= ?").bind(shop).bind(last_seq);
    connection.execute(&removed)
}
