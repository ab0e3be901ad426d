//! What a shop owes: as it is counted, and from the records themselves, from which the counters are made at first, and
//! by which they are proved.

use super::rows::TABLE;
use crate::records::account::{CREDIT, HELD, VOUCHER};
use crate::records::day_count::ALL;
use crate::records::owed::{Owed, OwedDays, of_account};
use crate::records::{Account, BadColumn, Id, Kind, Timestamp, Value, Values};
use crate::store::{Connection, Statement, StoreResult};

/// Accounts that are read at once.
const PAGE: i64 = 1_000;

/// Whether it is counted what a shop owes.
pub fn is_counted(connection: &mut Connection, shop: Id) -> StoreResult<bool> {
    let statement = Statement::new("SELECT COUNT(*) FROM shop_heads WHERE id = ? AND owing = ?");
    Ok(connection.number(&statement.bind(shop).bind(ALL))? == Some(1))
}

/// What a shop owes, as it is counted; days of which nothing is left are left out.
pub fn counted(connection: &mut Connection, shop: Id) -> StoreResult<OwedDays> {
    let sql = format!("SELECT day, kind, amount FROM {TABLE} WHERE shop = ? AND amount <> 0");
    let found = connection.query(&Statement::new(sql).bind(shop), &[Kind::Int, Kind::Text, Kind::Int])?;
    let read = |row: &mut Values| Ok(((row.column()?, row.column()?), row.column()?));
    Ok(rows(found, read)?.into_iter().collect())
}

/// What a shop owes, from its records.
pub fn of_records(connection: &mut Connection, shop: Id) -> StoreResult<OwedDays> {
    let mut owed = OwedDays::new();
    let rewards = "SELECT created_at / 86400000 AS day, CAST(SUM(cost_amount) AS BIGINT) FROM rewards
                   WHERE shop = ? AND status IN ('pending', 'due') GROUP BY created_at / 86400000";
    add_up(connection, shop, rewards, Owed::PendingRewards, &mut owed)?;
    let vouchers = "SELECT v.created_at / 86400000 AS day,
                           CAST(SUM((v.max_redemptions - COALESCE(u.used, 0)) * v.face_amount) AS BIGINT)
                    FROM vouchers v LEFT JOIN voucher_uses u ON u.id = 'use' || substr(v.id, 4)
                    WHERE v.shop = ? AND v.kind <> 'gift_card' AND v.status = 'active' AND v.lapsed_amount = 0
                    AND v.max_redemptions > COALESCE(u.used, 0) GROUP BY v.created_at / 86400000";
    add_up(connection, shop, vouchers, Owed::Vouchers, &mut owed)?;
    for begins in [CREDIT.to_owned(), VOUCHER.to_owned(), format!("{HELD}{CREDIT}"), format!("{HELD}{VOUCHER}")] {
        add_accounts(connection, shop, &begins, &mut owed)?;
    }
    owed.retain(|_, amount| *amount != 0);
    Ok(owed)
}

fn add_up(
    connection: &mut Connection,
    shop: Id,
    sql: &'static str,
    kind: Owed,
    owed: &mut OwedDays,
) -> StoreResult<()> {
    let found = connection.query(&Statement::new(sql).bind(shop), &[Kind::Int, Kind::Int])?;
    for (day, amount) in rows(found, |row| Ok((row.column::<i64>()?, row.column::<i64>()?)))? {
        *owed.entry((day, kind)).or_default() += amount;
    }
    Ok(())
}

/// Adds what the accounts hold whose names begin so, in the order of their names.
fn add_accounts(connection: &mut Connection, shop: Id, begins: &str, owed: &mut OwedDays) -> StoreResult<()> {
    // Behind every name that begins so: what ends a beginning is a colon, and behind that comes a semicolon.
    let end = format!("{};", begins.trim_end_matches(':'));
    let mut behind = begins.to_owned();
    loop {
        let sql = "SELECT name, currency, balance, lots, created_at FROM accounts
                   WHERE shop = ? AND name > ? AND name < ? ORDER BY name LIMIT ?";
        let statement = Statement::new(sql).bind(shop).bind(behind.as_str()).bind(end.as_str()).bind(PAGE);
        let kinds = [Kind::Text, Kind::Text, Kind::Int, Kind::Text, Kind::Int];
        let page = rows(connection.query(&statement, &kinds)?, |row| account(shop, row))?;
        let Some(last) = page.last() else { return Ok(()) };
        behind.clone_from(&last.name);
        for (key, amount) in page.iter().flat_map(of_account) {
            *owed.entry(key).or_default() += amount;
        }
    }
}

/// What is to be known of an account; whoever asks here does not ask for its id.
fn account(shop: Id, row: &mut Values) -> Result<Account, BadColumn> {
    Ok(Account {
        id: shop,
        shop,
        version: 0,
        name: row.column()?,
        currency: row.column()?,
        balance: row.column()?,
        floor: None,
        lots: row.column()?,
        created_at: row.column::<Timestamp>()?,
    })
}

fn rows<T>(rows: Vec<Vec<Value>>, read: impl Fn(&mut Values) -> Result<T, BadColumn>) -> Result<Vec<T>, BadColumn> {
    rows.into_iter().map(|row| read(&mut Values::new(row))).collect()
}
