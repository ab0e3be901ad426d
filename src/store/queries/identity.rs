//! Who calls: the one place where a key is looked for without knowing its shop.

use super::records::{get, read};
use crate::records::{ApiKey, Customer, Id, Json, Kind, Operator, Shop, Value, Values};
use crate::store::shelves::select;
use crate::store::{Connection, Statement, StoreResult};

/// The key with the hash of a secret, in whichever shop.
pub fn key_by_secret(connection: &mut Connection, secret_hash: &str) -> StoreResult<Option<ApiKey>> {
    let statement = Statement::new(format!("{} WHERE secret_hash = ?", select::<ApiKey>())).bind(secret_hash);
    Ok(read(connection, &statement)?.pop())
}

/// The operator with an address, in the shop of an id or a slug. What has the form of an id is one, whoever
/// has a slug of that form.
pub fn operator_by_email(connection: &mut Connection, shop: &str, email: &str) -> StoreResult<Option<Operator>> {
    let column = if Id::is_form_of(shop) { "id" } else { "slug" };
    let sql = format!("{} WHERE email = ? AND shop IN (SELECT id FROM shops WHERE {column} = ?)", select::<Operator>());
    Ok(read(connection, &Statement::new(sql).bind(email).bind(shop))?.pop())
}

/// The shop with an id or a slug; what has the form of an id is one.
pub fn shop_named(connection: &mut Connection, name: &str) -> StoreResult<Option<Shop>> {
    match Id::is_form_of(name) {
        true => Id::parse("shp", name).map_or(Ok(None), |id| shop(connection, id)),
        false => shop_by_slug(connection, name),
    }
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
    get(connection, id, id)
}

/// The customer of an id, or the one into whom he was merged.
pub fn living_customer(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<Option<Customer>> {
    let found: Option<Customer> = get(connection, shop, id)?;
    let current = match found.as_ref().and_then(|customer| customer.merged_into) {
        Some(into) => get(connection, shop, into)?,
        None => found,
    };
    Ok(current.filter(|customer| !customer.is_erased()))
}

/// The web pages that may call the browser's part of the API, of each shop that names some.
pub fn browser_origins(connection: &mut Connection) -> StoreResult<Vec<(Id, Vec<String>)>> {
    let statement = Statement::new("SELECT id, browser_origins FROM shops WHERE browser_origins <> '[]'");
    let rows = connection.query(&statement, &[Kind::Text, Kind::Text])?;
    rows.into_iter().map(origins_of).collect()
}

fn origins_of(row: Vec<Value>) -> StoreResult<(Id, Vec<String>)> {
    let mut row = Values::new(row);
    let (shop, origins): (Id, Json<Vec<String>>) = (row.column()?, row.column()?);
    Ok((shop, origins.0))
}
