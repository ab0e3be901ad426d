//! What an erasure has still to look at.

use super::records::{children, get};
use crate::records::inventory::places;
use crate::records::{Column, Customer, Id, Job, Kind};
use crate::store::{Connection, Statement, StoreResult};

/// A page of the part of an erasure at hand.
#[derive(Debug)]
pub struct Page {
    /// The job as it stands.
    pub job: Job,
    /// Records that name the customer, in the order in which they were made.
    pub records: Vec<Id>,
}

/// The next page of an erasure, of at most `limit` records; `None`: it is done.
pub fn next(connection: &mut Connection, shop: Id, job: Id, limit: i64) -> StoreResult<Option<Page>> {
    let Some(job) = get::<Job>(connection, shop, job)?.filter(|job| !job.is_over()) else { return Ok(None) };
    let first = Job::erased_by(job.id);
    let merged = children(connection, shop, &Customer::MERGED_INTO, first)?;
    let family: Vec<Id> = [first].into_iter().chain(merged.into_iter().map(|one| one.id)).collect();
    let (part, passed) = job.part();
    let part = usize::try_from(part).unwrap_or(usize::MAX);
    let places = places();
    let (Some(customer), Some(place)) = (family.get(part / places.len()), places.get(part % places.len())) else {
        return Ok(Some(Page { job, records: Vec::new() }));
    };
    let (table, column, record) = (place.kind.table(), place.column, place.record);
    let sql = format!(
        "SELECT {record} FROM {table} WHERE shop = ? AND {column} = ? ORDER BY created_at, id LIMIT ? OFFSET ?"
    );
    let statement = Statement::new(sql).bind(shop).bind(*customer).bind(limit).bind(passed);
    let rows = connection.query(&statement, &[Kind::Text])?;
    let records = rows.into_iter().flatten().map(|value| Ok(Id::from_value(value)?)).collect::<StoreResult<_>>()?;
    Ok(Some(Page { job, records }))
}
