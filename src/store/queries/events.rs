//! The events of a shop.

use std::collections::BTreeMap;

use super::records::read;
use crate::records::{Event, EventKind, EventPage, Id};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Pages that are read at once.
const PAGES: i64 = 8;

/// Events that are looked at for those of some kinds, before the reader is told how far it came.
const LOOKED_AT: i64 = 10_000;
/// How many of them at once.
const AT_ONCE: usize = 1_000;

/// Some events, and how far was read.
#[derive(Debug)]
pub struct Reading {
    /// Those that were asked for, oldest first.
    pub events: Vec<Event>,
    /// The number of the last one that was looked at.
    pub seen: i64,
    /// Whether there is more behind it.
    pub more: bool,
}

/// Events of some kinds behind a number, oldest first; of no kind: of every one. Much that is of other kinds is looked
/// at in several readings, so that none takes long.
pub fn of_kinds(
    connection: &mut Connection,
    shop: Id,
    seq: i64,
    limit: usize,
    kinds: &[EventKind],
) -> StoreResult<Reading> {
    gather(|seq, limit| after(connection, shop, seq, limit), seq, limit, kinds)
}

fn gather(
    mut read: impl FnMut(i64, usize) -> StoreResult<Vec<Event>>,
    seq: i64,
    limit: usize,
    kinds: &[EventKind],
) -> StoreResult<Reading> {
    let at_once = if kinds.is_empty() { limit + 1 } else { AT_ONCE };
    let mut reading = Reading { events: Vec::new(), seen: seq, more: false };
    loop {
        let read = read(reading.seen, at_once)?;
        let is_all = read.len() < at_once;
        for event in read {
            let is_one = kinds.is_empty() || kinds.contains(&event.kind);
            if is_one && reading.events.len() == limit {
                return Ok(Reading { more: true, ..reading });
            }
            reading.seen = event.seq;
            reading.events.extend(is_one.then_some(event));
        }
        if is_all || reading.seen - seq >= LOOKED_AT {
            return Ok(Reading { more: !is_all, ..reading });
        }
    }
}

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
    let whole = events.into_values().zip(seq.saturating_add(1)..).take_while(|(event, next)| event.seq == *next);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Timestamp;

    /// A history in which every so many-th event is of another kind than the rest.
    fn history(length: i64, every: i64) -> Vec<Event> {
        let event = |seq: i64| Event {
            id: Id::new("evt", seq, [0; 10]),
            shop: Id::new("shp", 0, [0; 10]),
            version: 0,
            seq,
            kind: if seq % every == 0 { EventKind::ProgramEnded } else { EventKind::Guessing },
            subject: None,
            data: "{}".to_owned(),
            created_at: Timestamp::from_ms(seq),
        };
        (1..=length).map(event).collect()
    }

    /// How far each reading came, until there is no more; and the numbers that were found.
    fn read_on(events: &[Event], limit: usize, kinds: &[EventKind]) -> (Vec<i64>, Vec<i64>) {
        let read = |seq: i64, limit: usize| {
            Ok(events.iter().filter(|event| event.seq > seq).take(limit).cloned().collect::<Vec<_>>())
        };
        let (mut seen, mut found) = (Vec::new(), Vec::new());
        loop {
            let reading = gather(read, seen.last().copied().unwrap_or(0), limit, kinds).expect("it is read");
            assert!(reading.events.len() <= limit);
            found.extend(reading.events.iter().map(|event| event.seq));
            seen.push(reading.seen);
            if !reading.more {
                return (seen, found);
            }
        }
    }

    #[test]
    fn each_event_of_a_kind_is_read_once_and_no_reading_looks_at_more_than_it_may() {
        let rare = [EventKind::ProgramEnded];
        let events = history(25_000, 9_000);
        assert_eq!(read_on(&events, 50, &rare), (vec![10_000, 20_000, 25_000], vec![9_000, 18_000]));
        assert_eq!(read_on(&events, 1, &rare), (vec![10_000, 20_000, 25_000], vec![9_000, 18_000]));
        let events = history(100, 10);
        assert_eq!(read_on(&events, 200, &rare), (vec![100], (10..=100).step_by(10).collect()));
        assert_eq!(read_on(&events, 4, &rare), (vec![49, 89, 100], (10..=100).step_by(10).collect()));
        assert_eq!(read_on(&events, 10, &rare), (vec![100], (10..=100).step_by(10).collect()));
        assert_eq!(read_on(&events, 40, &[]), (vec![40, 80, 100], (1..=100).collect()));
        assert_eq!(read_on(&events, 50, &[]), (vec![50, 100], (1..=100).collect()));
        assert_eq!(read_on(&[], 50, &rare), (vec![0], vec![]));
    }
}
