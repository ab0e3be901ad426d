//! What is asked of shares and channels beside plain lists.

use std::collections::HashMap;

use super::records::{get_all, read};
use crate::records::channel::OWN_CHANNELS_MAX;
use crate::records::share::{Leaf, share_subjects};
use crate::records::{Id, Kind, OwnChannel, Tally, Values};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// The channels that a shop added or changed, newest first.
pub fn own_channels(connection: &mut Connection, shop: Id) -> StoreResult<Vec<OwnChannel>> {
    let sql = format!("{} WHERE shop = ? ORDER BY created_at DESC, id DESC LIMIT ?", select::<OwnChannel>());
    read(connection, &Statement::new(sql).bind(shop).bind(OWN_CHANNELS_MAX))
}

/// The share and those that came by it, hand by hand, near ones before far ones: at most `most` of them. First of all
/// the share itself; nothing where there is none.
pub fn tree(connection: &mut Connection, shop: Id, share: Id, most: usize) -> StoreResult<Vec<Leaf>> {
    // SQLite takes tables in the order in which they stand around CROSS JOIN; PostgreSQL has an index, and no other way.
    let join = if connection.is_postgres() { "JOIN shares s ON" } else { "CROSS JOIN shares s WHERE" };
    let sql = format!(
        "WITH RECURSIVE tree (id, parent, created_at) AS (\
         SELECT id, parent, created_at FROM shares WHERE id = ? AND shop = ? UNION ALL \
         SELECT s.id, s.parent, s.created_at FROM tree t {join} s.shop = ? AND s.parent = t.id) \
         SELECT id, parent, created_at FROM tree LIMIT ?"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let statement = Statement::new(sql).bind(share).bind(shop).bind(shop).bind(most);
    let rows = connection.query(&statement, &[Kind::Text, Kind::Text, Kind::Int])?;
    let mut leaves = Vec::with_capacity(rows.len());
    for row in rows {
        let mut values = Values::new(row);
        let (id, parent, created_at) = (values.column()?, values.column()?, values.column()?);
        leaves.push(Leaf { id, parent, created_at, conversions: 0 });
    }
    count_conversions(connection, shop, &mut leaves)?;
    Ok(leaves)
}

/// Notes how many orders are credited to each.
fn count_conversions(connection: &mut Connection, shop: Id, leaves: &mut [Leaf]) -> StoreResult<()> {
    let tally_of = |leaf: &Leaf| {
        let [_, conversions, _] = share_subjects(leaf.id);
        Tally::id_of(shop, &conversions)
    };
    let tallies: Vec<Id> = leaves.iter().map(tally_of).collect();
    let counts: HashMap<Id, i64> =
        get_all::<Tally>(connection, shop, &tallies)?.into_iter().map(|tally| (tally.id, tally.count)).collect();
    for (leaf, tally) in leaves.iter_mut().zip(tallies) {
        leaf.conversions = counts.get(&tally).copied().unwrap_or(0);
    }
    Ok(())
}
