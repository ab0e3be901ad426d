//! What delivery looks for: mails that are due.

use crate::records::{Id, Kind, Timestamp, Value, Values};
use crate::store::{Bind, Connection, Statement, StoreResult};

/// Shops that have mails due, in the order of their ids: first those behind `after`, at most `limit`.
pub fn shops_with_due_mails(
    connection: &mut Connection,
    now: Timestamp,
    after: Option<Id>,
    limit: usize,
) -> StoreResult<Vec<Id>> {
    let due = "EXISTS (SELECT 1 FROM messages WHERE messages.shop = shops.id AND messages.next_at <= ?)";
    let sql = format!("SELECT id FROM shops WHERE {due} ORDER BY (CASE WHEN id > ? THEN 0 ELSE 1 END), id LIMIT ?");
    let after = after.map_or_else(String::new, |id| id.to_string());
    ids(connection, &Statement::new(sql).bind(now).bind(after).bind(rows(limit)))
}

/// Mails of a shop that are due, the longest due first, with the addresses that they go to.
pub fn due_mails(
    connection: &mut Connection,
    shop: Id,
    now: Timestamp,
    limit: usize,
) -> StoreResult<Vec<(Id, Option<String>)>> {
    let sql = "SELECT id, recipient FROM messages WHERE shop = ? AND next_at <= ? ORDER BY next_at LIMIT ?";
    let statement = Statement::new(sql).bind(shop).bind(now).bind(rows(limit));
    let rows = connection.query(&statement, &[Kind::Text, Kind::Text])?;
    let read = |row: Vec<Value>| {
        let mut values = Values::new(row);
        Ok((values.column()?, values.column()?))
    };
    rows.into_iter().map(read).collect()
}

/// The shop of a mail: what comes back names the mail alone.
pub fn shop_of_message(connection: &mut Connection, message: Id) -> StoreResult<Option<Id>> {
    Ok(ids(connection, &Statement::new("SELECT shop FROM messages WHERE id = ?").bind(message))?.first().copied())
}

fn rows(limit: usize) -> Bind {
    Bind::Int(i64::try_from(limit).ok())
}

fn ids(connection: &mut Connection, statement: &Statement) -> StoreResult<Vec<Id>> {
    let rows = connection.query(statement, &[Kind::Text])?;
    rows.into_iter().flatten().map(|value| Ok(read_id(value)?)).collect()
}

fn read_id(value: Value) -> Result<Id, crate::records::BadColumn> {
    crate::records::Column::from_value(value)
}
