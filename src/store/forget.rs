//! Erasing what is told of records: the data of events, stored answers, and reasons. In the engine's
//! own transaction, under the shop's lock; what happened, when and to what stays.
//!
//! SQLite overwrites with zeros what is deleted or replaced (`secure_delete`), and [`scrub`] empties
//! the log of what was written before. PostgreSQL keeps old rows until its next VACUUM.

use std::collections::BTreeMap;

use super::shelves::{in_place, place};
use super::{Bind, Connection, Statement, StoreResult};
use crate::records::{Id, StoredAnswer};
use crate::world::{ErasedWord, World};

/// Erases what the world says is to be forgotten.
pub fn forget(connection: &mut Connection, world: &World) -> StoreResult<()> {
    let mut groups: BTreeMap<(Id, i64), Vec<Id>> = BTreeMap::new();
    for each in world.forgotten() {
        groups.entry((each.shop, each.until_seq)).or_default().push(each.subject);
    }
    for ((shop, until_seq), mut subjects) in groups {
        subjects.sort_unstable();
        subjects.dedup();
        forget_events(connection, shop, until_seq, &subjects)?;
        forget_answers(connection, shop, &subjects)?;
        forget_reasons(connection, shop, &subjects)?;
        forget_responses(connection, shop, &subjects)?;
    }
    world.erased_words().iter().try_for_each(|word| forget_word(connection, word))
}

/// What could not be imported is told with the words of its line.
fn forget_word(connection: &mut Connection, erased: &ErasedWord) -> StoreResult<()> {
    let find = if connection.is_postgres() { "strpos" } else { "instr" };
    let sql = format!(
        "UPDATE job_faults SET detail = 'The line named somebody who was erased since.' WHERE shop = ? AND {find}(detail, ?) > 0"
    );
    connection.execute(&Statement::new(sql).bind(erased.shop).bind(erased.word.as_str())).map(|_| ())
}

fn forget_events(connection: &mut Connection, shop: Id, until_seq: i64, subjects: &[Id]) -> StoreResult<()> {
    let sql = r#"UPDATE events SET data = '{"id":"' || subject || '","erased":true}' WHERE shop = ? AND seq <= ? AND subject"#;
    let start = [Bind::from(shop), Bind::from(until_seq)];
    each(connection, sql, &start, subjects.iter().map(Id::to_string))
}

/// The row stays until its time is over, so that a repetition is told apart from a new request.
fn forget_answers(connection: &mut Connection, shop: Id, subjects: &[Id]) -> StoreResult<()> {
    let sql =
        "UPDATE stored_answers SET status = ?, body = '', fingerprint = '', location = NULL, etag = NULL, sealed = 0,
               told_in = NULL, told_seq = NULL, version = version + 1 WHERE shop = ? AND subject";
    let start = [Bind::from(StoredAnswer::ERASED), Bind::from(shop)];
    each(connection, sql, &start, subjects.iter().map(Id::to_string))
}

fn forget_reasons(connection: &mut Connection, shop: Id, subjects: &[Id]) -> StoreResult<()> {
    let sql = "UPDATE audit_log SET reason = NULL WHERE shop = ? AND reason IS NOT NULL AND subject_id";
    each(connection, sql, &[Bind::from(shop)], subjects.iter().map(Id::to_string))?;
    for (table, parent, prefix, nothing) in REASONS {
        let sql = format!("UPDATE {table} SET reason = {nothing} WHERE reason IS NOT NULL AND {}", place(parent));
        let of_kind = subjects.iter().filter(|subject| subject.prefix() == *prefix);
        each(connection, &sql, &[], of_kind.map(|subject| in_place(shop, &subject.to_string())))?;
    }
    Ok(())
}

/// Receivers of webhooks may have answered with what they were told.
fn forget_responses(connection: &mut Connection, shop: Id, subjects: &[Id]) -> StoreResult<()> {
    let sql = "UPDATE webhook_deliveries SET response = NULL, version = version + 1 \
               WHERE response IS NOT NULL AND shop = ? AND subject";
    each(connection, sql, &[Bind::from(shop)], subjects.iter().map(Id::to_string))
}

/// What is never changed and has a reason: its table, whom it belongs to, and what stands in place of
/// the reason.
const REASONS: &[(&str, &str, &str, &str)] =
    &[("reversals", "redemption", "rdm", "'erased'"), ("refunds", "conversion", "cnv", "NULL")];

/// Runs a statement that ends with a column, for each value that the column may have.
fn each(
    connection: &mut Connection,
    sql: &str,
    start: &[Bind],
    values: impl Iterator<Item = String>,
) -> StoreResult<()> {
    let values: Vec<String> = values.collect();
    if values.is_empty() {
        return Ok(());
    }
    if connection.is_postgres() {
        let statement = Statement::new(format!("{sql} = ANY(?)")).binds(start.iter().cloned());
        connection.execute(&statement.bind(Bind::Texts(values.into_iter().map(Some).collect())))?;
        return Ok(());
    }
    for value in values {
        connection.execute(&Statement::new(format!("{sql} = ?")).binds(start.iter().cloned()).bind(value))?;
    }
    Ok(())
}

/// How long writers may be kept waiting for the log to be emptied, milliseconds.
const SCRUB_MS: u32 = 100;

/// Empties SQLite's log, in which old pages stand until they are written over; answers whether it is empty. While
/// somebody reads an older state it stays as it is, and is written over by and by. Outside any transaction.
pub fn scrub(connection: &mut Connection) -> StoreResult<bool> {
    if connection.is_postgres() {
        return Ok(true);
    }
    let before = connection.number(&Statement::new("PRAGMA busy_timeout"))?.unwrap_or_default();
    connection.batch(&format!("PRAGMA busy_timeout={SCRUB_MS}"))?;
    let was_busy = connection.number(&Statement::new("PRAGMA wal_checkpoint(TRUNCATE)"));
    connection.batch(&format!("PRAGMA busy_timeout={before}"))?;
    Ok(was_busy? == Some(0))
}
