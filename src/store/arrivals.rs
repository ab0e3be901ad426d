//! The table of arrivals: how people came to a shop's pages, counted by day and by nothing else. No row is of a view, a
//! page or a person.

use super::{Bind, Connection, Statement, StoreResult};
use crate::records::arrival::{Arrivals, Source};
use crate::records::{Id, Kind, Value};

/// The columns, in the order of [`Source::ALL`].
const COLUMNS: [&str; 6] = ["private", "suspected", "typed", "search", "social", "other"];

/// Counts more of a day (days since 1970 in the shop's time zone).
pub fn add(connection: &mut Connection, shop: Id, day: i64, more: &Arrivals) -> StoreResult<()> {
    let names = COLUMNS.join(", ");
    let grown = COLUMNS.map(|column| format!("{column} = arrivals.{column} + excluded.{column}")).join(", ");
    let sql = format!(
        "INSERT INTO arrivals (shop, day, {names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (shop, day) DO UPDATE SET {grown}"
    );
    let counts = Source::ALL.map(|source| Bind::from(more.of(source)));
    connection.execute(&Statement::new(sql).bind(shop).bind(day).binds(counts)).map(|_| ())
}

/// What was counted on each day from one to another, both among them, the first first.
pub fn of_days(connection: &mut Connection, shop: Id, from: i64, to: i64) -> StoreResult<Vec<(i64, Arrivals)>> {
    let names = COLUMNS.join(", ");
    let sql = format!("SELECT day, {names} FROM arrivals WHERE shop = ? AND day BETWEEN ? AND ? ORDER BY day");
    let rows = connection.query(&Statement::new(sql).bind(shop).bind(from).bind(to), &[Kind::Int; 7])?;
    let number = |value: &Value| match value {
        Value::Int(Some(number)) => *number,
        _ => 0,
    };
    let read = |row: Vec<Value>| {
        let mut arrivals = Arrivals::default();
        for (source, count) in Source::ALL.into_iter().zip(row.iter().skip(1)) {
            arrivals.add(source, number(count));
        }
        (row.first().map_or(0, number), arrivals)
    };
    Ok(rows.into_iter().map(read).collect())
}
