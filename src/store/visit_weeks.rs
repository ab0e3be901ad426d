//! The weeks in which visits lie on PostgreSQL: parts of their table that are made ahead, and dropped when they are old.
//! A row that was deleted would leave its place to be tidied up; a part that is dropped leaves nothing.
//!
//! Weeks begin on Mondays (UTC) of the shop's time. On SQLite there is one table, and nothing is to be done.

use super::writer::text;
use super::{Connection, Statement, StoreError, StoreResult};
use crate::records::time::DAY_MS;
use crate::records::{Kind, Timestamp, Value};

/// What a part holds.
const WEEK_MS: i64 = 7 * DAY_MS;
/// The first Monday since 1970.
const MONDAY_MS: i64 = 4 * DAY_MS;
/// Parts that are there ahead of the week that is.
const AHEAD: i64 = 2;

/// What no part of a week covers.
const BESIDE: &str = "visits_beside";

/// The key of a counter of visits, and where it comes from.
const KEY: [(&str, &str); 5] =
    [("shop", "v.shop"), ("day", "v.day"), ("program", "s.program"), ("channel", "s.channel"), ("place", "s.placed")];

/// A part of the table, without the one that has no bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: String,
    /// Nothing: all of before.
    from: Option<Timestamp>,
    until: Timestamp,
}

/// The beginning of an instant's week.
fn monday(at: Timestamp) -> Timestamp {
    Timestamp::from_ms((at.ms() - MONDAY_MS).div_euclid(WEEK_MS) * WEEK_MS + MONDAY_MS)
}

fn parts(connection: &mut Connection) -> StoreResult<Vec<Part>> {
    let bound = |side: &str| format!(r"CAST(substring(bound FROM '{side} \(''*([-0-9]+)''*\)') AS BIGINT)");
    let sql = format!(
        "SELECT name, {}, {} FROM \
         (SELECT CAST(c.relname AS TEXT) AS name, pg_get_expr(c.relpartbound, c.oid) AS bound \
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass('visits')) part \
         WHERE bound <> 'DEFAULT' ORDER BY 3",
        bound("FROM"),
        bound("TO")
    );
    let rows = connection.query(&Statement::new(sql), &[Kind::Text, Kind::Int, Kind::Int])?;
    let part = |row: Vec<Value>| match (text(row.first()), row.get(1), row.get(2)) {
        (Some(name), Some(Value::Int(from)), Some(Value::Int(Some(until)))) => {
            Ok(Part { name, from: from.map(Timestamp::from_ms), until: Timestamp::from_ms(*until) })
        }
        _ => Err(StoreError::Failed("a part of the visits has bounds that are not understood".into())),
    };
    rows.into_iter().map(part).collect()
}

/// Makes what is missing of the parts of this week and of those to come, in the transaction that is open. Rows of theirs
/// that lie beside move into them.
pub fn prepare(connection: &mut Connection, now: Timestamp) -> StoreResult<()> {
    if !connection.is_postgres() {
        return Ok(());
    }
    let last = parts(connection)?.last().map(|part| part.until);
    let mut from = monday(now).max(last.unwrap_or(Timestamp::from_ms(0)));
    let until = monday(now).plus_ms((AHEAD + 1) * WEEK_MS);
    while from < until {
        make(connection, from)?;
        from = from.plus_ms(WEEK_MS);
    }
    Ok(())
}

fn make(connection: &mut Connection, from: Timestamp) -> StoreResult<()> {
    let name = from.utc().format("visits_%Y_%m_%d").to_string();
    let (from, until) = (from.ms(), from.ms() + WEEK_MS);
    connection.batch(&format!(
        "LOCK TABLE {BESIDE} IN ACCESS EXCLUSIVE MODE;
         CREATE TABLE {name} (LIKE visits INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
         WITH moved AS (DELETE FROM {BESIDE} WHERE at >= {from} AND at < {until} RETURNING *)
         INSERT INTO {name} SELECT * FROM moved;
         ALTER TABLE visits ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({until})"
    ))
}

/// Drops the oldest part that is over and began before an instant, in the transaction that is open; what was counted of
/// its rows stays, and how much of it they proved. Answers whether there may be more.
///
/// # Errors
///
/// Where somebody reads visits for long: whoever waits for the table keeps all waiting who come later, so it is not waited
/// for, and done the next time.
pub fn drop_before(connection: &mut Connection, at: Timestamp, now: Timestamp) -> StoreResult<bool> {
    if !connection.is_postgres() {
        return Ok(false);
    }
    let is_old = |part: &Part| part.until <= at || (part.until <= now && part.from.is_some_and(|from| from < at));
    let Some(old) = parts(connection)?.into_iter().find(is_old) else { return Ok(false) };
    let name = &old.name;
    connection.batch(&format!(
        "SET LOCAL statement_timeout='60s'; SET LOCAL lock_timeout='200ms';
         LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"
    ))?;
    for (table, key, placed) in [("day_visits", &KEY[..4], "IS NULL"), ("place_visits", &KEY[..], "IS NOT NULL")] {
        note_gone(connection, name, table, key, placed)?;
    }
    connection.batch(&format!("DROP TABLE {name}"))?;
    tracing::info!(part = %name, "visits of a week are dropped");
    Ok(true)
}

/// Notes at the counters of days what stands in a part.
fn note_gone(
    connection: &mut Connection,
    part: &str,
    table: &str,
    key: &[(&str, &str)],
    placed: &str,
) -> StoreResult<()> {
    let list =
        |item: fn(&(&str, &str)) -> String, between: &str| key.iter().map(item).collect::<Vec<_>>().join(between);
    connection.batch(&format!(
        "UPDATE {table} counted SET gone_previews = gone_previews + gone.previews,
             gone_visits = gone_visits + gone.visits, gone_unique = gone_unique + gone.fresh
         FROM (SELECT {columns}, CAST(SUM(CASE v.class WHEN 'preview' THEN v.count ELSE 0 END) AS BIGINT) AS previews,
                   CAST(SUM(CASE v.class WHEN 'person' THEN v.count ELSE 0 END) AS BIGINT) AS visits,
                   CAST(SUM(CASE v.class WHEN 'person' THEN coalesce(v.fresh, 0) ELSE 0 END) AS BIGINT) AS fresh
               FROM {part} v JOIN shares s ON s.id = v.share
               WHERE v.day IS NOT NULL AND s.placed {placed} GROUP BY {group}) gone
         WHERE {same}",
        columns = list(|(name, column)| format!("{column} AS {name}"), ", "),
        group = list(|(_, column)| (*column).to_owned(), ", "),
        same = list(|(name, _)| format!("counted.{name} = gone.{name}"), " AND "),
    ))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    #[test]
    fn weeks_begin_on_mondays() {
        let monday = |text: &str| monday(text.parse::<DateTime<Utc>>().expect("a time").into()).to_string();
        for (at, begins) in [
            ("1970-01-05T00:00:00.000Z", "1970-01-05T00:00:00.000Z"),
            ("1970-01-11T23:59:59.999Z", "1970-01-05T00:00:00.000Z"),
            ("2026-12-01T12:00:00.000Z", "2026-11-30T00:00:00.000Z"),
            ("2026-12-06T23:59:59.999Z", "2026-11-30T00:00:00.000Z"),
        ] {
            assert_eq!(monday(at), begins);
        }
    }
}
