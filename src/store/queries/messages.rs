//! What delivery looks for: mails that are due, and all that a mail speaks of.

use super::records::get;
use crate::records::{Customer, Id, Kind, Message, Program, Reward, Shop, Timestamp, Value, Voucher};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

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

/// Mails of a shop that are due, the longest due first.
pub fn due_mails(connection: &mut Connection, shop: Id, now: Timestamp, limit: usize) -> StoreResult<Vec<Id>> {
    let sql = "SELECT id FROM messages WHERE shop = ? AND next_at <= ? ORDER BY next_at LIMIT ?";
    ids(connection, &Statement::new(sql).bind(shop).bind(now).bind(rows(limit)))
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

/// A message with all that it speaks of.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The message.
    pub message: Message,
    /// Who writes.
    pub shop: Shop,
    /// To whom.
    pub customer: Customer,
    /// What it tells of.
    pub reward: Reward,
    /// The voucher that was made of the reward.
    pub voucher: Option<Voucher>,
    /// The program that gave the reward, unless it was granted.
    pub program: Option<Program>,
}

/// Reads a message with all that it speaks of.
pub fn letter(connection: &mut Connection, shop: Id, message: Id) -> StoreResult<Letter> {
    let message: Message = named(connection, shop, message)?;
    let reward: Reward = named(connection, shop, message.reward)?;
    Ok(Letter {
        shop: named(connection, shop, shop)?,
        customer: named(connection, shop, message.customer)?,
        voucher: reward.voucher.map(|id| named(connection, shop, id)).transpose()?,
        program: reward.program.map(|id| named(connection, shop, id)).transpose()?,
        message,
        reward,
    })
}

fn named<R: crate::records::Record>(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<R> {
    get(connection, shop, id)?.ok_or_else(|| StoreError::Failed(format!("{id} is not in {}", R::TABLE)))
}
