//! The events of a shop.

use std::collections::BTreeMap;

use super::records::read;
use crate::records::{Event, EventPage, Id};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Pages that are read at once.
const PAGES: i64 = 8;

/// Events behind a number, oldest first. Their numbers are given under the shop's lock: whoever sees
/// one sees all before it.
///
/// They stand in pages, and those that the release before wrote in rows. Between two statements one may come into the
/// other table: so rows are read first, each number counts once, and what follows a gap is left for later.
pub fn after(connection: &mut Connection, shop: Id, seq: i64, limit: usize) -> StoreResult<Vec<Event>> {
    let mut events = BTreeMap::new();
    for event in rows(connection, shop, seq, limit)? {
        events.insert(event.seq, event);
    }
    let (mut last, mut found) = (seq, 0);
    while found < limit {
        let pages = pages(connection, shop, last)?;
        let Some(page) = pages.last() else { break };
        last = page.last_seq;
        for page in pages {
            let behind = page.events()?.into_iter().filter(|event| event.seq > seq);
            behind.take(limit - found).for_each(|event| {
                found += 1;
                events.entry(event.seq).or_insert(event);
            });
        }
    }
    let whole = events.into_values().zip(seq + 1..).take_while(|(event, next)| event.seq == *next);
    Ok(whole.map(|(event, _)| event).take(limit).collect())
}

fn rows(connection: &mut Connection, shop: Id, seq: i64, limit: usize) -> StoreResult<Vec<Event>> {
    let sql = format!("{} WHERE shop = ? AND seq > ? ORDER BY seq LIMIT ?", select::<Event>());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    read(connection, &Statement::new(sql).bind(shop).bind(seq).bind(limit))
}

fn pages(connection: &mut Connection, shop: Id, seq: i64) -> StoreResult<Vec<EventPage>> {
    let sql = format!("{} WHERE shop = ? AND last_seq > ? ORDER BY last_seq LIMIT ?", select::<EventPage>());
    read(connection, &Statement::new(sql).bind(shop).bind(seq).bind(PAGES))
}
