//! Whom an announcement may be for: customers, members of a list, or orders, gone through a page at a time in the order in
//! which they were made, so that a page takes as long in a shop of a million as in a small one. What an order's items say is read,
//! and not indexed: products are seldom called back, and every order would pay for it.

use std::collections::BTreeSet;

use crate::records::announcement::{Audience, Bought, Place};
use crate::records::conversion::OrderItem;
use crate::records::segment::Segment;
use crate::records::time::DAY_MS;
use crate::records::{Id, Kind, Timestamp, Value, Values, spelling};
use crate::store::queries::records::find;
use crate::store::{Bind, Connection, Statement, StoreError, StoreResult};

/// Part of an audience.
#[derive(Debug, Default)]
pub struct Page {
    /// Those whom it led to, each where they were found.
    pub found: Vec<(Place, Id)>,
    /// The last place that was looked at; `None`: there is nothing more.
    pub last: Option<Place>,
    /// Whether those whom it led to are still to be asked whether they belong to it.
    pub is_broad: bool,
    /// What orders came to, where it led through orders.
    pub orders: Orders,
}

/// What the orders of a page came to.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Of each product, in the order in which they were named: how many orders have it.
    pub skus: Vec<i64>,
    /// Those with a product of which nobody knows who bought it.
    pub without_customer: i64,
    /// Those of the time that were reported without items.
    pub without_items: i64,
}

/// A part of a walk through what was made by an instant: behind a place, so many rows at most.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Behind this one.
    pub after: Option<Place>,
    /// What was made later does not count.
    pub until: Timestamp,
    /// Rows at most.
    pub rows: usize,
}

/// The next part of an audience.
pub fn page(connection: &mut Connection, shop: Id, audience: &Audience, part: Part) -> StoreResult<Page> {
    match audience {
        Audience::All(_) => customers(connection, shop, part),
        Audience::Customers(ids) => Ok(listed(ids, part)),
        Audience::Bought(bought) => orders(connection, shop, bought, part),
        Audience::Program(program) => {
            let page = customers(connection, shop, part)?;
            of_program(connection, shop, *program, page)
        }
        Audience::Segment(key) => match find::<Segment>(connection, shop, &Segment::BY_KEY, key)? {
            Some(segment) if segment.tree.is_some() => {
                Ok(Page { is_broad: true, ..customers(connection, shop, part)? })
            }
            Some(segment) => members(connection, shop, segment.id, part),
            None => Ok(Page::default()),
        },
    }
}

/// Everybody who was not merged into somebody else.
fn customers(connection: &mut Connection, shop: Id, part: Part) -> StoreResult<Page> {
    walk(connection, shop, part, ("customers", "CASE WHEN merged_into IS NULL THEN id END"), ("", &[]))
}

/// Those on the list of a segment.
fn members(connection: &mut Connection, shop: Id, segment: Id, part: Part) -> StoreResult<Page> {
    walk(connection, shop, part, ("members", "CASE WHEN is_in = 1 THEN customer END"), ("segment = ? AND ", &[segment]))
}

/// Goes through rows, each of which leads to somebody or to nobody.
fn walk(
    connection: &mut Connection,
    shop: Id,
    part: Part,
    (table, whom): (&str, &str),
    (only, values): (&str, &[Id]),
) -> StoreResult<Page> {
    let sql = format!("SELECT created_at, id, {whom} FROM {table} WHERE shop = ? AND {only}{}", behind(part));
    let statement = Statement::new(sql).bind(shop).binds(values.iter().map(|value| Bind::from(*value)));
    let rows = connection.query(&bound(statement, part), &[Kind::Int, Kind::Text, Kind::Text])?;
    let (mut page, is_all) = (Page::default(), rows.len() < part.rows);
    for row in rows {
        let mut row = Values::new(row);
        let place = (row.column()?, row.column()?);
        page.found.extend(row.column::<Option<Id>>()?.map(|customer| (place, customer)));
        page.last = Some(place).filter(|_| !is_all);
    }
    Ok(page)
}

fn behind(part: Part) -> &'static str {
    match part.after {
        Some(_) => "created_at <= ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
        None => "created_at <= ? ORDER BY created_at, id LIMIT ?",
    }
}

fn bound(statement: Statement, part: Part) -> Statement {
    let statement = statement.bind(part.until);
    let statement = match part.after {
        Some((at, id)) => statement.bind(at).bind(id),
        None => statement,
    };
    statement.bind(limit(part.rows))
}

fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A list is gone through by its numbers.
fn listed(ids: &[Id], part: Part) -> Page {
    let from = part.after.map_or(0, |(number, _)| usize::try_from(number.ms() + 1).unwrap_or(usize::MAX));
    let place = |number: usize, id: Id| (Timestamp::from_ms(limit(number)), id);
    let some = ids.iter().enumerate().skip(from).take(part.rows);
    let found: Vec<_> = some.map(|(number, id)| (place(number, *id), *id)).collect();
    let last = found.last().map(|(place, _)| *place).filter(|_| found.len() == part.rows);
    Page { last, found, ..Page::default() }
}

/// Of a page, those who have a code or a share in a program, or were recommended in it.
fn of_program(connection: &mut Connection, shop: Id, program: Id, page: Page) -> StoreResult<Page> {
    let ids: Vec<Id> = page.found.iter().map(|(_, id)| *id).collect();
    let mut theirs = BTreeSet::new();
    for (table, column) in [("codes", "customer"), ("shares", "customer"), ("referrals", "friend")] {
        if ids.is_empty() {
            break;
        }
        let places = vec!["?"; ids.len()].join(", ");
        let sql =
            format!("SELECT DISTINCT {column} FROM {table} WHERE shop = ? AND program = ? AND {column} IN ({places})");
        let statement = Statement::new(sql).bind(shop).bind(program).binds(ids.iter().map(|id| Bind::from(*id)));
        for row in connection.query(&statement, &[Kind::Text])? {
            theirs.insert(Values::new(row).column::<Id>()?);
        }
    }
    let found = page.found.into_iter().filter(|(_, id)| theirs.contains(id)).collect();
    Ok(Page { found, ..page })
}

/// Whoever bought one of the products in the time. An order that was cancelled before it was paid or delivered gave nobody
/// anything; what was sent back was in their hands. No order is reported before it was placed, or a day before at most.
fn orders(connection: &mut Connection, shop: Id, bought: &Bought, part: Part) -> StoreResult<Page> {
    let counts = "occurred_at >= ? AND occurred_at < ? AND (cancelled_at IS NULL OR paid_at IS NOT NULL OR delivered_at IS NOT NULL)";
    let sql = format!(
        "SELECT created_at, id, customer, CASE WHEN {counts} THEN items END FROM conversions
         WHERE shop = ? AND created_at >= ? AND {}",
        behind(part)
    );
    let statement = Statement::new(sql).bind(bought.from).bind(bought.to).bind(shop);
    let statement = bound(statement.bind(bought.from.plus_ms(-DAY_MS)), part);
    let wanted: Vec<String> = bought.skus.iter().map(|sku| spelling::product(sku)).collect();
    let mut page = Page { orders: Orders { skus: vec![0; wanted.len()], ..Orders::default() }, ..Page::default() };
    let rows = connection.query(&statement, &[Kind::Int, Kind::Text, Kind::Text, Kind::Text])?;
    let is_all = rows.len() < part.rows;
    for row in rows {
        let mut row = Values::new(row);
        let place = (row.column()?, row.column()?);
        page.last = Some(place).filter(|_| !is_all);
        let (customer, items): (Option<Id>, Option<String>) = (row.column()?, row.column()?);
        let Some(items) = items else { continue };
        let items: Vec<OrderItem> = serde_json::from_str(&items)
            .map_err(|error| StoreError::Failed(format!("the items of {}: {error}", place.1)))?;
        page.orders.without_items += i64::from(items.is_empty());
        let skus: BTreeSet<String> =
            items.iter().filter_map(|item| Some(spelling::product(item.sku.as_ref()?))).collect();
        let mut has_one = false;
        for (count, _) in page.orders.skus.iter_mut().zip(&wanted).filter(|(_, sku)| skus.contains(*sku)) {
            *count += 1;
            has_one = true;
        }
        match customer.filter(|_| has_one) {
            Some(customer) => page.found.push((place, customer)),
            None => page.orders.without_customer += i64::from(has_one),
        }
    }
    Ok(page)
}

/// How many rows of a query there are, so many at most.
fn count(connection: &mut Connection, statement: &Statement) -> StoreResult<i64> {
    match connection.query(statement, &[Kind::Int])?.first().map(Vec::as_slice) {
        Some([Value::Int(Some(count))]) => Ok(*count),
        other => Err(StoreError::Failed(format!("a count is {other:?}"))),
    }
}

/// How many rows an audience is gone through by at most: for how far a count is, no more.
pub fn rows(connection: &mut Connection, shop: Id, audience: &Audience) -> StoreResult<i64> {
    let (table, from) = match audience {
        Audience::Customers(ids) => return Ok(limit(ids.len())),
        Audience::Bought(bought) => ("conversions", bought.from.plus_ms(-DAY_MS)),
        Audience::All(_) | Audience::Program(_) | Audience::Segment(_) => ("customers", Timestamp::from_ms(0)),
    };
    let sql = format!("SELECT count(*) FROM {table} WHERE shop = ? AND created_at >= ?");
    count(connection, &Statement::new(sql).bind(shop).bind(from))
}

/// Mails of a shop that are due, so many at most.
pub fn due_mails(connection: &mut Connection, shop: Id, now: Timestamp, most: i64) -> StoreResult<i64> {
    let sql = "SELECT count(*) FROM (SELECT 1 AS one FROM messages WHERE shop = ? AND next_at <= ? LIMIT ?) AS due";
    count(connection, &Statement::new(sql).bind(shop).bind(now).bind(most))
}
