//! The counters of days: rows that are only ever added to, in the transaction of what they count.

use std::collections::BTreeMap;

use super::statement::columns;
use super::{Bind, Connection, Statement, StoreResult};
use crate::records::day_count::{Counts, DayCounts, DayKey, FIGURES, Figure};
use crate::records::{BadColumn, Id, Kind, Value, Values};

/// The table.
pub const TABLE: &str = "day_counts";

/// The columns of the key, behind the shop.
const KEY: [&str; 3] = ["day", "program", "channel"];

/// What is added, a row each, in the order of their keys.
pub fn rows(days: BTreeMap<Id, DayCounts>) -> Vec<Vec<Bind>> {
    let of_shop = |(shop, counts): (Id, DayCounts)| counts.into_iter().map(move |(key, counts)| row(shop, key, counts));
    days.into_iter().flat_map(of_shop).collect()
}

fn row(shop: Id, key: DayKey, counts: Counts) -> Vec<Bind> {
    let DayKey { day, program, channel } = key;
    let key = [shop.into(), day.into(), program.into(), channel.into()];
    key.into_iter().chain(counts.0.map(Bind::from)).collect()
}

/// Adds rows: as columns on PostgreSQL, one on SQLite.
pub fn add_sql(postgres: bool) -> String {
    let names: Vec<&str> = ["shop"].into_iter().chain(KEY).chain(Figure::WORDS.iter().copied()).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let source = if postgres { format!("SELECT * FROM unnest({marks})") } else { format!("VALUES ({marks})") };
    let sums: Vec<String> =
        Figure::WORDS.iter().map(|name| format!("{name} = {TABLE}.{name} + excluded.{name}")).collect();
    format!(
        "INSERT INTO {TABLE} ({}) {source} ON CONFLICT (shop, {}) DO UPDATE SET {}",
        names.join(", "),
        KEY.join(", "),
        sums.join(", ")
    )
}

/// Adds what was counted of a shop, in the transaction that is open.
pub fn add(connection: &mut Connection, shop: Id, counts: DayCounts) -> StoreResult<()> {
    let rows = rows(BTreeMap::from([(shop, counts)]));
    let sql = add_sql(connection.is_postgres());
    if connection.is_postgres() {
        return match columns(rows) {
            columns if columns.is_empty() => Ok(()),
            columns => connection.execute(&Statement::new(sql).binds(columns)).map(|_| ()),
        };
    }
    rows.into_iter().try_for_each(|row| connection.execute(&Statement::new(sql.clone()).binds(row)).map(|_| ()))
}

/// Rows of a shop behind a key, in its order, at most so many.
pub fn page(connection: &mut Connection, shop: Id, behind: &DayKey, most: i64) -> StoreResult<Vec<(DayKey, Counts)>> {
    let sql = format!(
        "SELECT {key}, {figures} FROM {TABLE} WHERE shop = ? AND ({key}) > (?, ?, ?) ORDER BY {key} LIMIT ?",
        key = KEY.join(", "),
        figures = Figure::WORDS.join(", "),
    );
    let DayKey { day, program, channel } = behind;
    let statement = Statement::new(sql).bind(shop).bind(*day).bind(program.as_str());
    let statement = statement.bind(channel.as_str()).bind(most);
    let kinds = [[Kind::Int, Kind::Text, Kind::Text].as_slice(), &[Kind::Int; FIGURES]].concat();
    let rows = connection.query(&statement, &kinds)?;
    rows.into_iter().map(|row| read(row).map_err(Into::into)).collect()
}

fn read(row: Vec<Value>) -> Result<(DayKey, Counts), BadColumn> {
    let mut row = Values::new(row);
    let key = DayKey { day: row.column()?, program: row.column()?, channel: row.column()? };
    let mut counts = Counts::default();
    for many in &mut counts.0 {
        *many = row.column()?;
    }
    Ok((key, counts))
}
