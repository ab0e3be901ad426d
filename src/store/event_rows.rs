//! Events that stand in rows of their own, as the release before wrote them, and how they come into pages: some at a
//! time, beside a running server. Whoever breaks it off goes on where it was.

use super::queries::records::read;
use super::shelves::{Texts, save, select};
use super::{Connection, Statement, StoreError, StoreResult};
use crate::records::{Event, EventPage, Id, Kind};
use crate::world::World;

/// Events that come into one page: some milliseconds of a writer's time.
const PAGE: i64 = 500;

/// Whether events are written in pages: no process of the release before is at work, which would not find them there.
pub fn are_over(connection: &mut Connection) -> StoreResult<bool> {
    let statement = Statement::new("SELECT COUNT(*) FROM installation WHERE name = 'event_pages'");
    Ok(connection.number(&statement)? > Some(0))
}

/// Has them written in pages from now on.
pub fn end(connection: &mut Connection) -> StoreResult<()> {
    connection
        .batch("INSERT INTO installation (name, value) VALUES ('event_pages', 'yes') ON CONFLICT (name) DO NOTHING")
}

/// How many there are.
pub fn count(connection: &mut Connection) -> StoreResult<i64> {
    Ok(connection.number(&Statement::new("SELECT COUNT(*) FROM events"))?.unwrap_or(0))
}

/// Brings the next of them into a page; answers how many, none when all are there.
pub fn move_some(connection: &mut Connection) -> StoreResult<usize> {
    let rows = connection.query(&Statement::new("SELECT MIN(shop) FROM events"), &[Kind::Text])?;
    let Some(shop) = rows.first().and_then(|row| super::writer::text(row.first())) else { return Ok(0) };
    let shop: Id = shop.parse().map_err(|_| StoreError::Failed(format!("{shop} is no shop")))?;
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
