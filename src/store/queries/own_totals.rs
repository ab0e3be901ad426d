//! What an advocate's recommendations in a program came to, counted of the newest of each kind.

use crate::records::{Id, Kind, Value, Values};
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Records of each kind that are counted.
const NEWEST: i64 = 1000;

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTotals {
    /// Links.
    pub shares: i64,
    /// Visitors of those links, each once a day.
    pub visitors: i64,
    /// Referrals by status.
    pub referrals: Vec<(String, i64)>,
    /// Rewards by status: how many, and the sum of their amounts, minor units.
    pub rewards: Vec<(String, i64, i64)>,
}

/// The programs in which one of these customers has a link; that of a code is one, too.
pub fn own_programs(connection: &mut Connection, shop: Id, selves: &[Id]) -> StoreResult<Vec<Id>> {
    let marks = vec!["?"; selves.len()].join(", ");
    let sql = format!(
        "SELECT DISTINCT program FROM (SELECT program FROM shares WHERE shop = ? AND customer IN ({marks})
         ORDER BY created_at DESC LIMIT {NEWEST}) newest"
    );
    let binds = std::iter::once(shop).chain(selves.iter().copied()).map(Bind::from);
    let rows = connection.query(&Statement::new(sql).binds(binds), &[Kind::Text])?;
    rows.into_iter().map(|row| Ok(Values::new(row).column()?)).collect()
}

/// Counts what is of one of these customers in a program.
pub fn own_totals(connection: &mut Connection, shop: Id, program: Id, selves: &[Id]) -> StoreResult<OwnTotals> {
    let newest = |columns: &str, table: &str, owner: &str| {
        let marks = vec!["?"; selves.len()].join(", ");
        let sql = format!(
            "(SELECT {columns} FROM {table} WHERE shop = ? AND {owner} IN ({marks}) AND program = ?
              ORDER BY created_at DESC LIMIT {NEWEST}) newest"
        );
        let binds = std::iter::once(shop).chain(selves.iter().copied()).chain([program]);
        (sql, binds.map(Bind::from).collect::<Vec<Bind>>())
    };
    let mut ask = |select: &str, (from, binds): (String, Vec<Bind>), end: &str, kinds: &[Kind]| {
        connection.query(&Statement::new(format!("SELECT {select} FROM {from} {end}")).binds(binds), kinds)
    };
    let shares = ask(
        "count(*), CAST(coalesce(sum(c.unique_visits), 0) AS BIGINT)",
        newest("id", "shares", "customer"),
        "LEFT JOIN share_counts c ON c.id = newest.id",
        &[Kind::Int, Kind::Int],
    )?;
    let by_status = "GROUP BY status ORDER BY status";
    let referrals =
        ask("status, count(*)", newest("status", "referrals", "advocate"), by_status, &[Kind::Text, Kind::Int])?;
    let rewards = ask(
        "status, count(*), CAST(coalesce(sum(amount), 0) AS BIGINT)",
        newest("status, amount", "rewards", "customer"),
        by_status,
        &[Kind::Text, Kind::Int, Kind::Int],
    )?;
    let totals = || {
        let [Value::Int(Some(shares)), Value::Int(Some(visitors))] = shares.first()?.as_slice() else { return None };
        let referrals = referrals.iter().map(|row| match row.as_slice() {
            [Value::Text(Some(status)), Value::Int(Some(count))] => Some((status.clone(), *count)),
            _ => None,
        });
        let rewards = rewards.iter().map(|row| match row.as_slice() {
            [Value::Text(Some(status)), Value::Int(Some(count)), Value::Int(Some(amount))] => {
                Some((status.clone(), *count, *amount))
            }
            _ => None,
        });
        Some(OwnTotals {
            shares: *shares,
            visitors: *visitors,
            referrals: referrals.collect::<Option<_>>()?,
            rewards: rewards.collect::<Option<_>>()?,
        })
    };
    totals().ok_or_else(|| StoreError::Failed("a count is not there".into()))
}
