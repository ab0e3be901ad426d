//! What shops owe, by day and kind: rows that are only ever added to, in the transaction of what they follow from.

use std::collections::BTreeMap;

use crate::records::Id;
use crate::records::owed::{Owed, OwedDays};
use crate::store::statement::columns;
use crate::store::{Bind, Connection, Statement, StoreResult};

/// The table.
pub const TABLE: &str = "owed_days";

/// What is added, a row each, in the order of their keys.
pub fn rows(owed: BTreeMap<Id, OwedDays>) -> Vec<Vec<Bind>> {
    let of_shop = |(shop, days): (Id, OwedDays)| {
        let row = move |((day, kind), amount): ((i64, Owed), i64)| {
            vec![shop.into(), day.into(), kind.as_str().into(), amount.into()]
        };
        days.into_iter().map(row)
    };
    owed.into_iter().flat_map(of_shop).collect()
}

/// Adds rows: as columns on PostgreSQL, one on SQLite.
pub fn add_sql(postgres: bool) -> String {
    let source = if postgres { "SELECT * FROM unnest(?, ?, ?, ?)" } else { "VALUES (?, ?, ?, ?)" };
    format!(
        "INSERT INTO {TABLE} (shop, day, kind, amount) {source} ON CONFLICT (shop, day, kind)
         DO UPDATE SET amount = {TABLE}.amount + excluded.amount"
    )
}

/// Adds what a shop owes, in the transaction that is open.
pub fn add(connection: &mut Connection, shop: Id, owed: OwedDays) -> StoreResult<()> {
    let rows = rows(BTreeMap::from([(shop, owed)]));
    if rows.is_empty() {
        return Ok(());
    }
    let sql = add_sql(connection.is_postgres());
    if connection.is_postgres() {
        return connection.execute(&Statement::new(sql).binds(columns(rows))).map(|_| ());
    }
    rows.into_iter().try_for_each(|row| connection.execute(&Statement::new(sql.clone()).binds(row)).map(|_| ()))
}
