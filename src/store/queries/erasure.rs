//! What an erasure has still to look at.

use std::collections::HashMap;

use super::records::{children, get};
use crate::records::event_page::Mark;
use crate::records::inventory::{Place, places};
use crate::records::{Column, Customer, EventPage, Id, Job, Kind, Value};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Pages of events whose marks are read at once.
const MARKS: i64 = 2_000;
/// How often marks are read for one chunk.
const READS: usize = 8;
/// Pages of events of which some tell of what is erased, for one chunk: so many, or so many bytes, packed.
const TELLING: usize = 16;
const TELLING_BYTES: i64 = 128 * 1024;

/// What is to be done next.
#[derive(Debug)]
pub enum Next {
    /// These records name the customer, in the order in which they were made.
    Records(Vec<Id>),
    /// Of these pages some tell of records that are done, each with those of which, and the number of the last event
    /// that each is not to tell; up to the number every page is looked at.
    Events(Vec<(Id, HashMap<Id, i64>)>, i64),
    /// All events are looked at, up to the number: this need not be remembered any more.
    DoneWith(Vec<Id>, i64),
}

/// The next of an erasure, and the job as it stands; of at most `limit` records. `None`: it is done.
pub fn next(connection: &mut Connection, shop: Id, job: Id, limit: i64) -> StoreResult<Option<(Job, Next)>> {
    let Some(job) = get::<Job>(connection, shop, job)?.filter(|job| !job.is_over()) else { return Ok(None) };
    let first = Job::erased_by(job.id);
    let merged = children(connection, shop, &Customer::MERGED_INTO, first)?;
    let family: Vec<Id> = [first].into_iter().chain(merged.into_iter().map(|one| one.id)).collect();
    let (part, passed) = job.part(Job::parts(family.len()));
    let part = usize::try_from(part).unwrap_or(usize::MAX);
    let places = places();
    let next = match (family.get(part / places.len()), places.get(part % places.len())) {
        (Some(customer), Some(place)) => Next::Records(records(connection, shop, *customer, place, (limit, passed))?),
        _ => events(connection, shop, job.id, limit, passed)?,
    };
    Ok(Some((job, next)))
}

fn records(
    connection: &mut Connection,
    shop: Id,
    customer: Id,
    place: &Place,
    (limit, passed): (i64, i64),
) -> StoreResult<Vec<Id>> {
    let (table, column, record) = (place.kind.table(), place.column, place.record);
    let sql = format!(
        "SELECT {record} FROM {table} WHERE shop = ? AND {column} = ? ORDER BY created_at, id LIMIT ? OFFSET ?"
    );
    let statement = Statement::new(sql).bind(shop).bind(customer).bind(limit).bind(passed);
    ids(connection.query(&statement, &[Kind::Text])?)
}

fn ids(rows: Vec<Vec<Value>>) -> StoreResult<Vec<Id>> {
    rows.into_iter().flatten().map(|value| Ok(Id::from_value(value)?)).collect()
}

/// Pages behind a number that may tell of what the erasure has to forget; what it has to forget, when there are none.
fn events(connection: &mut Connection, shop: Id, job: Id, limit: i64, passed: i64) -> StoreResult<Next> {
    let forgotten = forgotten(connection, shop, job)?;
    let until = forgotten.values().copied().max().unwrap_or(0);
    let mut by_mark: HashMap<Mark, Vec<Id>> = HashMap::new();
    for subject in forgotten.keys() {
        by_mark.entry(EventPage::mark(*subject)).or_default().push(*subject);
    }
    let (begun, mut passed, mut telling, mut bytes) = (passed, passed, Vec::new(), 0);
    for _ in 0..READS {
        let pages = marks(connection, shop, passed, until)?;
        let is_over = pages.is_empty();
        for page in pages {
            let subjects = page.marks.iter().filter_map(|mark| by_mark.get(mark)).flatten();
            let subjects: HashMap<Id, i64> = subjects.map(|subject| (*subject, forgotten[subject])).collect();
            passed = page.last_seq;
            if !subjects.is_empty() {
                telling.push((page.id, subjects));
                bytes += page.bytes;
            }
            if telling.len() == TELLING || bytes >= TELLING_BYTES {
                return Ok(Next::Events(telling, passed));
            }
        }
        if is_over && passed == begun {
            let statement = Statement::new("SELECT id FROM forgotten WHERE shop = ? AND job = ? ORDER BY id LIMIT ?");
            let statement = statement.bind(shop).bind(job).bind(limit);
            return Ok(Next::DoneWith(ids(connection.query(&statement, &[Kind::Text])?)?, passed));
        }
        if is_over {
            break;
        }
    }
    Ok(Next::Events(telling, passed))
}

fn forgotten(connection: &mut Connection, shop: Id, job: Id) -> StoreResult<HashMap<Id, i64>> {
    let statement = Statement::new("SELECT subject, until_seq FROM forgotten WHERE shop = ? AND job = ?");
    let rows = connection.query(&statement.bind(shop).bind(job), &[Kind::Text, Kind::Int])?;
    let read = |row: Vec<Value>| match <[Value; 2]>::try_from(row) {
        Ok([subject, until]) => Ok((Id::from_value(subject)?, i64::from_value(until)?)),
        Err(_) => Err(StoreError::Failed("a row of `forgotten` has two columns".into())),
    };
    rows.into_iter().map(read).collect()
}

/// What is known of a page before it is unpacked.
struct Marked {
    id: Id,
    last_seq: i64,
    marks: Vec<Mark>,
    bytes: i64,
}

/// Pages behind a number, up to the one that has another.
fn marks(connection: &mut Connection, shop: Id, behind: i64, until: i64) -> StoreResult<Vec<Marked>> {
    let statement = Statement::new(
        "SELECT id, last_seq, subjects, CAST(LENGTH(body) AS BIGINT) FROM event_pages
         WHERE shop = ? AND last_seq > ? AND first_seq <= ? ORDER BY last_seq LIMIT ?",
    );
    let statement = statement.bind(shop).bind(behind).bind(Bind::from(until)).bind(MARKS);
    let rows = connection.query(&statement, &[Kind::Text, Kind::Int, Kind::Bytes, Kind::Int])?;
    let read = |row: Vec<Value>| match <[Value; 4]>::try_from(row) {
        Ok([id, last_seq, Value::Bytes(Some(marks)), bytes]) => Ok(Marked {
            id: Id::from_value(id)?,
            last_seq: i64::from_value(last_seq)?,
            marks: marks.as_chunks().0.to_vec(),
            bytes: i64::from_value(bytes)?,
        }),
        _ => Err(StoreError::Failed("a page of events has its marks".into())),
    };
    rows.into_iter().map(read).collect()
}
