//! Who came and who shared, a page at a time, each found by an index.

use super::records::read;
use crate::records::{Id, Kind, Referral, Timestamp, Value};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreError, StoreResult};

/// Referrals of a shop that were made from an instant on.
pub fn count(connection: &mut Connection, shop: Id, from: Timestamp) -> StoreResult<i64> {
    let sql = "SELECT count(*) FROM referrals WHERE shop = ? AND created_at >= ?";
    count_of(connection, &Statement::new(sql).bind(shop).bind(from))
}

/// Customers of a shop who ever shared.
pub fn count_sharers(connection: &mut Connection, shop: Id) -> StoreResult<i64> {
    let sql = "SELECT count(DISTINCT customer) FROM shares WHERE shop = ? AND customer IS NOT NULL";
    count_of(connection, &Statement::new(sql).bind(shop))
}

fn count_of(connection: &mut Connection, statement: &Statement) -> StoreResult<i64> {
    match connection.query(statement, &[Kind::Int])?.first().map(Vec::as_slice) {
        Some([Value::Int(Some(count))]) => Ok(*count),
        other => Err(StoreError::Failed(format!("a count is {other:?}"))),
    }
}

/// Referrals that were made from an instant on, the oldest first, behind one of them.
pub fn page(
    connection: &mut Connection,
    shop: Id,
    from: Timestamp,
    behind: Option<(Timestamp, Id)>,
    limit: usize,
) -> StoreResult<Vec<Referral>> {
    let behind_sql = behind.map_or("", |_| " AND (created_at, id) > (?, ?)");
    let sql = format!(
        "{} WHERE shop = ? AND created_at >= ?{behind_sql} ORDER BY created_at, id LIMIT ?",
        select::<Referral>()
    );
    let mut statement = Statement::new(sql).bind(shop).bind(from);
    if let Some((at, id)) = behind {
        statement = statement.bind(at).bind(id);
    }
    read(connection, &statement.bind(limit_of(limit)))
}

/// Customers who shared, each with when they last did, behind one of them.
pub fn sharers(
    connection: &mut Connection,
    shop: Id,
    behind: Option<Id>,
    limit: usize,
) -> StoreResult<Vec<(Id, Timestamp)>> {
    let behind_sql = behind.map_or("customer IS NOT NULL", |_| "customer > ?");
    let sql = format!(
        "SELECT customer, max(created_at) FROM shares WHERE shop = ? AND {behind_sql} GROUP BY customer
         ORDER BY customer LIMIT ?"
    );
    let mut statement = Statement::new(sql).bind(shop);
    if let Some(id) = behind {
        statement = statement.bind(id);
    }
    let rows = connection.query(&statement.bind(limit_of(limit)), &[Kind::Text, Kind::Int])?;
    let read = |row: &Vec<Value>| match row.as_slice() {
        [Value::Text(Some(customer)), Value::Int(Some(at))] => {
            Some((Id::parse("cus", customer)?, Timestamp::from_ms(*at)))
        }
        _ => None,
    };
    let sharers: Option<Vec<_>> = rows.iter().map(read).collect();
    sharers.ok_or_else(|| StoreError::Failed("a share names no customer".into()))
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
