//! What is asked of shares and channels beside plain lists.

use super::records::read;
use crate::records::channel::OWN_CHANNELS_MAX;
use crate::records::{Id, Kind, OwnChannel, Share, Value};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// Shares of a tree that are shown.
const TREE_SHARES: i64 = 1000;

/// The channels that a shop added or changed, newest first.
pub fn own_channels(connection: &mut Connection, shop: Id) -> StoreResult<Vec<OwnChannel>> {
    let sql = format!("{} WHERE shop = ? ORDER BY created_at DESC, id DESC LIMIT ?", select::<OwnChannel>());
    read(connection, &Statement::new(sql).bind(shop).bind(OWN_CHANNELS_MAX))
}

/// A share tree.
pub struct Tree {
    /// Its shares, by depth, then as they were made; the first thousand.
    pub shares: Vec<Share>,
    /// How many there are.
    pub size: i64,
    /// The longest way from hand to hand.
    pub max_depth: i64,
}

/// The tree of a root.
pub fn tree(connection: &mut Connection, shop: Id, root: Id) -> StoreResult<Tree> {
    let sql = format!("{} WHERE shop = ? AND root = ? ORDER BY depth, created_at, id LIMIT ?", select::<Share>());
    let shares = read(connection, &Statement::new(sql).bind(shop).bind(root).bind(TREE_SHARES))?;
    let sql = "SELECT count(*), coalesce(max(depth), 0) FROM shares WHERE shop = ? AND root = ?";
    let rows = connection.query(&Statement::new(sql).bind(shop).bind(root), &[Kind::Int, Kind::Int])?;
    let number = |place: usize| match rows.first().and_then(|row| row.get(place)) {
        Some(Value::Int(Some(number))) => *number,
        _ => 0,
    };
    Ok(Tree { shares, size: number(0), max_depth: number(1).max(1) })
}
