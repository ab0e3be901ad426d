//! What an erasure has still to look at.

use std::collections::HashMap;

use super::records::{children, get};
use crate::records::inventory::{Place, places};
use crate::records::{Column, Customer, EventPage, Id, Job, Kind, Value};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Pages of events whose marks are read at once.
const MARKS: i64 = 2_000;
/// Pages of events of which some tell of what is erased, for one chunk.
const TELLING: usize = 16;

/// What is to be done next.
#[derive(Debug)]
pub enum Next {
    /// These records name the customer, in the order in which they were made.
    Records(Vec<Id>),
    /// Of these pages some tell of records that are done, each with those of which, and the number of the last event
    /// that each is not to tell; up to the number every page is looked at.
    Events(Vec<(Id, HashMap<Id, i64>)>, i64),
    /// All events are looked at: this need not be remembered any more.
    DoneWith(Vec<Id>),
}

/// The next of an erasure, and the job as it stands; of at most `limit` records. `None`: it is done.
pub fn next(connection: &mut Connection, shop: Id, job: Id, limit: i64) -> StoreResult<Option<(Job, Next)>> {
    let Some(job) = get::<Job>(connection, shop, job)?.filter(|job| !job.is_over()) else { return Ok(None) };
    let first = Job::erased_by(job.id);
    let merged = children(connection, shop, &Customer::MERGED_INTO, first)?;
    let family: Vec<Id> = [first].into_iter().chain(merged.into_iter().map(|one| one.id)).collect();
    let (part, passed) = job.part();
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
    let (mut passed, mut telling) = (passed, Vec::new());
    loop {
        let marks = marks(connection, shop, passed, until)?;
        if marks.is_empty() && telling.is_empty() {
            let statement = Statement::new("SELECT id FROM forgotten WHERE shop = ? AND job = ? ORDER BY id LIMIT ?");
            let statement = statement.bind(shop).bind(job).bind(limit);
            return ids(connection.query(&statement, &[Kind::Text])?).map(Next::DoneWith);
        }
        let is_last = marks.is_empty();
        for (page, last_seq, marks) in marks {
            passed = last_seq;
            let of_page = forgotten.iter().filter(|(subject, _)| EventPage::may_tell_of(&marks, **subject));
            let of_page: HashMap<Id, i64> = of_page.map(|(subject, until)| (*subject, *until)).collect();
            if !of_page.is_empty() {
                telling.push((page, of_page));
            }
            if telling.len() == TELLING {
                return Ok(Next::Events(telling, passed));
            }
        }
        if is_last {
            return Ok(Next::Events(telling, passed));
        }
    }
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

/// The ids of pages behind a number, up to the one that has another, with their last numbers and their marks.
fn marks(connection: &mut Connection, shop: Id, behind: i64, until: i64) -> StoreResult<Vec<(Id, i64, Vec<u8>)>> {
    let statement = Statement::new(
        "SELECT id, last_seq, subjects FROM event_pages
         WHERE shop = ? AND last_seq > ? AND first_seq <= ? ORDER BY last_seq LIMIT ?",
    );
    let statement = statement.bind(shop).bind(behind).bind(Bind::from(until)).bind(MARKS);
    let rows = connection.query(&statement, &[Kind::Text, Kind::Int, Kind::Bytes])?;
    let read = |row: Vec<Value>| match <[Value; 3]>::try_from(row) {
        Ok([id, last_seq, Value::Bytes(Some(marks))]) => Ok((Id::from_value(id)?, i64::from_value(last_seq)?, marks)),
        _ => Err(StoreError::Failed("a page of events has its marks".into())),
    };
    rows.into_iter().map(read).collect()
}
