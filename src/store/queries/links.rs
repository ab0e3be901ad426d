//! Whose link it is.

use crate::records::{Id, Kind};
use crate::store::writer::text;
use crate::store::{Connection, Statement, StoreResult};

/// The shop of a token; the one query that names none, for a link's token is unique among all shops.
pub fn shop_of_token(connection: &mut Connection, token: &str) -> StoreResult<Option<Id>> {
    shop(connection, &Statement::new("SELECT shop FROM shares WHERE token = ?").bind(token))
}

/// The shop with this slug.
pub fn shop_of_slug(connection: &mut Connection, slug: &str) -> StoreResult<Option<Id>> {
    shop(connection, &Statement::new("SELECT id FROM shops WHERE slug = ?").bind(slug))
}

fn shop(connection: &mut Connection, statement: &Statement) -> StoreResult<Option<Id>> {
    let rows = connection.query(statement, &[Kind::Text])?;
    Ok(rows.first().and_then(|row| text(row.first())).and_then(|id| id.parse().ok()))
}
