//! Jobs that are to go on, and what they refused.

use crate::records::{Id, Job, JobFault, Timestamp};
use crate::store::queries::records::read;
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// The open job of each shop that is next, at most `limit` of them: nobody waits for an import to be
/// erased, or to be told that an event was changed; otherwise the oldest.
pub fn open(connection: &mut Connection, limit: i64) -> StoreResult<Vec<Job>> {
    let sql = format!(
        "{} WHERE next_at IS NOT NULL AND NOT EXISTS
         (SELECT 1 FROM jobs o WHERE o.shop = jobs.shop AND o.next_at IS NOT NULL
          AND (CASE o.kind WHEN 'erasure' THEN 0 WHEN 'change_passes' THEN 1 ELSE 2 END, o.created_at, o.id)
            < (CASE jobs.kind WHEN 'erasure' THEN 0 WHEN 'change_passes' THEN 1 ELSE 2 END, jobs.created_at, jobs.id)) ORDER BY created_at, id LIMIT ?",
        select::<Job>()
    );
    read(connection, &Statement::new(sql).bind(limit))
}

/// What a job refused, in the order of the lines, behind a line.
pub fn faults(connection: &mut Connection, shop: Id, job: Id, after: i64, limit: i64) -> StoreResult<Vec<JobFault>> {
    let sql = format!("{} WHERE shop = ? AND job = ? AND line > ? ORDER BY line LIMIT ?", select::<JobFault>());
    read(connection, &Statement::new(sql).bind(shop).bind(job).bind(after).bind(limit))
}

/// Removes a page of what jobs refused that ended before this time; answers whether there may be more.
pub fn forget_faults(connection: &mut Connection, before: Timestamp) -> StoreResult<bool> {
    const PAGE: i64 = 500;
    let sql = "DELETE FROM job_faults WHERE id IN
               (SELECT f.id FROM jobs j JOIN job_faults f ON f.shop = j.shop AND f.job = j.id
                WHERE j.finished_at < ? LIMIT ?)";
    let gone = connection.execute(&Statement::new(sql).bind(before).bind(PAGE))?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone == PAGE))
}
