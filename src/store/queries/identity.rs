//! Who calls: the one place where a key is looked for without knowing its shop.

use super::records::read;
use crate::records::{ApiKey, Id, Operator, Shop};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// The key with the hash of a secret, in whichever shop.
pub fn key_by_secret(connection: &mut Connection, secret_hash: &str) -> StoreResult<Option<ApiKey>> {
    let statement = Statement::new(format!("{} WHERE secret_hash = ?", select::<ApiKey>())).bind(secret_hash);
    Ok(read(connection, &statement)?.pop())
}

/// The operator of a shop, named by its id or its slug, with an address.
pub fn operator_by_email(connection: &mut Connection, shop: &str, email: &str) -> StoreResult<Option<Operator>> {
    let sql =
        format!("{} WHERE email = ? AND shop IN (SELECT id FROM shops WHERE id = ? OR slug = ?)", select::<Operator>());
    let statement = Statement::new(sql).bind(email).bind(shop).bind(shop);
    Ok(read(connection, &statement)?.pop())
}

/// The shop with a slug.
pub fn shop_by_slug(connection: &mut Connection, slug: &str) -> StoreResult<Option<Shop>> {
    let statement = Statement::new(format!("{} WHERE slug = ?", select::<Shop>())).bind(slug);
    Ok(read(connection, &statement)?.pop())
}

/// Every shop, oldest first.
pub fn shops(connection: &mut Connection) -> StoreResult<Vec<Shop>> {
    read(connection, &Statement::new(format!("{} ORDER BY created_at, id", select::<Shop>())))
}

/// A shop by its id.
pub fn shop(connection: &mut Connection, id: Id) -> StoreResult<Option<Shop>> {
    super::records::get(connection, id, id)
}
