//! The counters of months: rows that are only ever added to, in the transaction of what they count.

use std::collections::BTreeMap;

use super::add_rows;
use crate::records::month_tally::{MonthKey, MonthTallies, What};
use crate::records::{BadColumn, Id, Kind, Value, Values};
use crate::store::{Bind, Connection, Statement, StoreResult};

/// The table.
pub const TABLE: &str = "month_tallies";

/// What is added, a row each, in the order of their keys.
pub fn rows(months: &BTreeMap<Id, MonthTallies>) -> Vec<Vec<Bind>> {
    let of_shop = |(shop, tallies): (&Id, &MonthTallies)| {
        let mut tallies: Vec<_> =
            tallies.iter().map(|(key, many)| (key.month, &key.program, key.what.text(), *many)).collect();
        // As the database orders texts, which is not as the words stand.
        tallies.sort_unstable();
        let row = |(month, program, what, many): (i64, &String, String, i64)| {
            vec![(*shop).into(), month.into(), program.as_str().into(), what.into(), many.into()]
        };
        tallies.into_iter().map(row).collect::<Vec<_>>()
    };
    months.iter().flat_map(of_shop).collect()
}

/// Adds rows: as columns on PostgreSQL, one on SQLite.
pub fn add_sql(postgres: bool) -> String {
    let source = if postgres { "SELECT * FROM unnest(?, ?, ?, ?, ?)" } else { "VALUES (?, ?, ?, ?, ?)" };
    format!(
        "INSERT INTO {TABLE} (shop, month, program, what, many) {source} ON CONFLICT (shop, month, program, what) \
         DO UPDATE SET many = {TABLE}.many + excluded.many"
    )
}

/// Adds what was counted of a shop, in the transaction that is open.
pub fn add(connection: &mut Connection, shop: Id, tallies: MonthTallies) -> StoreResult<()> {
    add_rows(connection, add_sql(connection.is_postgres()), rows(&BTreeMap::from([(shop, tallies)])))
}

/// Rows of a shop behind one, in the order of their keys, at most so many: month, program, word, how many.
pub fn page(
    connection: &mut Connection,
    shop: Id,
    (month, program, what): &(i64, String, String),
    most: i64,
) -> StoreResult<Vec<(i64, String, String, i64)>> {
    let sql = format!(
        "SELECT month, program, what, many FROM {TABLE} WHERE shop = ? AND (month, program, what) > (?, ?, ?) \
         ORDER BY month, program, what LIMIT ?"
    );
    let statement = Statement::new(sql).bind(shop).bind(*month).bind(program.as_str()).bind(what.as_str()).bind(most);
    let rows = connection.query(&statement, &[Kind::Int, Kind::Text, Kind::Text, Kind::Int])?;
    let read = |row: Vec<Value>| -> Result<_, BadColumn> {
        let mut row = Values::new(row);
        Ok((row.column()?, row.column()?, row.column()?, row.column()?))
    };
    rows.into_iter().map(|row| read(row).map_err(Into::into)).collect()
}

/// How many there are of each in months, the first and the last of which are named; of one program, or of all.
pub fn sums(
    connection: &mut Connection,
    shop: Id,
    (first, last): (i64, i64),
    program: Option<Id>,
) -> StoreResult<MonthTallies> {
    let narrowed = if program.is_some() { " AND program = ?" } else { "" };
    let sql = format!(
        "SELECT month, what, CAST(SUM(many) AS BIGINT) FROM {TABLE} WHERE shop = ? AND month >= ? AND month <= ?{narrowed} \
         GROUP BY month, what"
    );
    let statement = Statement::new(sql).bind(shop).bind(first).bind(last).binds(program.map(Bind::from));
    let mut sums = MonthTallies::new();
    for row in connection.query(&statement, &[Kind::Int, Kind::Text, Kind::Int])? {
        let mut row = Values::new(row);
        let (month, what, many): (i64, String, i64) = (row.column()?, row.column()?, row.column()?);
        if let Some(what) = What::parse(&what) {
            sums.insert(MonthKey { month, program: String::new(), what }, many);
        }
    }
    Ok(sums)
}
