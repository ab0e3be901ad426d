//! Announcements that are being sent, and what became of their mails.

use super::records::read;
use crate::records::message::MessageStatus;
use crate::records::{Id, Kind, Message, Timestamp, Values};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Announcements whose next mails are to be made by an instant, longest due first: the shop, the announcement and when.
pub fn open(connection: &mut Connection, until: Timestamp, limit: i64) -> StoreResult<Vec<(Id, Id, Timestamp)>> {
    let sql = "SELECT shop, id, next_at FROM announcements WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at LIMIT ?";
    let rows = connection.query(&Statement::new(sql).bind(until).bind(limit), &[Kind::Text, Kind::Text, Kind::Int])?;
    let read = |row| {
        let mut row = Values::new(row);
        Ok((row.column()?, row.column()?, row.column()?))
    };
    rows.into_iter().map(read).collect()
}

/// How many mails of an announcement are in each state.
pub fn outcomes(connection: &mut Connection, shop: Id, announcement: Id) -> StoreResult<Vec<(MessageStatus, i64)>> {
    let sql =
        "SELECT status, count(*) FROM messages WHERE shop = ? AND reward = ? AND kind = 'announcement' GROUP BY status";
    let rows = connection.query(&Statement::new(sql).bind(shop).bind(announcement), &[Kind::Text, Kind::Int])?;
    let read = |row| {
        let mut row = Values::new(row);
        Ok((row.column()?, row.column()?))
    };
    rows.into_iter().map(read).collect()
}

/// The mails of an announcement behind one, in an order that never changes.
pub fn mails(
    connection: &mut Connection,
    shop: Id,
    announcement: Id,
    after: Option<Id>,
    limit: usize,
) -> StoreResult<Vec<Message>> {
    let behind = if after.is_some() { "AND id > ?" } else { "" };
    let sql = format!(
        "{} WHERE shop = ? AND reward = ? AND kind = 'announcement' {behind} ORDER BY id LIMIT ?",
        select::<Message>()
    );
    let mut statement = Statement::new(sql).bind(shop).bind(announcement);
    if let Some(id) = after {
        statement = statement.bind(id);
    }
    read(connection, &statement.bind(i64::try_from(limit).unwrap_or(i64::MAX)))
}
