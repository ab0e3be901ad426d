//! The tables of webhook delivery: how far each endpoint has got, and the few deliveries that are late. Written by
//! delivery, and by who asks for something to be sent once more; never by a shop's writer.
//!
//! An endpoint is one process's for as long as its lease runs. Each lease has a number: who comes back after another has
//! taken the endpoint over changes nothing. All of them begin with the row of the cursor, so that none overtakes another.

pub mod consumers;

use crate::records::delivery::DeliveryStatus;
use crate::records::{AnalyticsAccount, Delivery, Endpoint, Id, Kind, Record, Timestamp, Values};
use crate::store::queries::records::read;
use crate::store::shelves::select;
use crate::store::{Bind, Connection, Statement, StoreResult};

/// Spans of one endpoint that wait.
pub const REPLAYS: i64 = 10;
/// Old deliveries that are removed at once.
const FORGOTTEN: i64 = 500;

/// How far an endpoint has got, as its lease found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last event that was tried, or that was not for it.
    pub seq: i64,
    /// The number of the lease.
    pub lease: i64,
    /// Tries that failed since the last one that did not.
    pub failures: i64,
    /// Since when there were only failures, with never a day between two of them.
    pub failing_since: Option<Timestamp>,
    /// When the last one failed.
    pub failed_at: Option<Timestamp>,
}

/// A span of events that is sent once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Its id.
    pub id: Id,
    /// The last event of it that was tried.
    pub seq: i64,
    /// The last event of it.
    pub to_seq: i64,
}

/// What became of a turn.
#[derive(Debug)]
pub struct Report {
    /// The shop.
    pub shop: Id,
    /// The endpoint.
    pub endpoint: Id,
    /// How far it has got.
    pub cursor: Cursor,
    /// Until when it is left alone.
    pub rest_until: Timestamp,
    /// Deliveries that were tried, and did not arrive at the first try.
    pub deliveries: Vec<Delivery>,
    /// The span that was gone on with.
    pub replay: Option<Replay>,
}

/// Endpoints to which something can be sent now, with their shops: the one whose turn is the longest ago first.
pub fn due(connection: &mut Connection, now: Timestamp, limit: usize) -> StoreResult<Vec<(Id, Id)>> {
    let sql = "SELECT e.shop, e.id FROM (SELECT shop, id, from_seq, delivery_order FROM webhook_endpoints \
            WHERE status = 'enabled' AND deleted_at IS NULL \
            UNION ALL SELECT shop, id, from_seq, 'any' FROM analytics_accounts \
            WHERE status = 'enabled' AND deleted_at IS NULL) e \
        JOIN shop_heads h ON h.id = e.shop LEFT JOIN webhook_cursors c ON c.endpoint = e.id \
        WHERE coalesce(c.lease_until, 0) <= ? AND coalesce(c.rest_until, 0) <= ? \
        AND (c.late_at <= ? OR EXISTS (SELECT 1 FROM webhook_replays r WHERE r.endpoint = e.id) \
            OR h.seq > coalesce(c.seq, e.from_seq) AND (e.delivery_order = 'any' OR c.late_at IS NULL)) \
        ORDER BY coalesce(c.turn_at, 0), e.id LIMIT ?";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = Statement::new(sql).bind(now).bind(now).bind(now).bind(limit);
    let rows = connection.query(&statement, &[Kind::Text, Kind::Text])?;
    rows.into_iter().map(Values::new).map(|mut row| Ok((row.column()?, row.column()?))).collect()
}

/// Takes an endpoint for so long; `None`: somebody has it.
pub fn take(
    connection: &mut Connection,
    shop: Id,
    endpoint: Id,
    from_seq: i64,
    now: Timestamp,
    lease_ms: i64,
) -> StoreResult<Option<Cursor>> {
    place(connection, shop, endpoint, from_seq)?;
    let sql = "UPDATE webhook_cursors SET lease = lease + 1, lease_until = ?, turn_at = ? \
        WHERE endpoint = ? AND lease_until <= ? RETURNING seq, lease, failures, failing_since, failed_at";
    let statement = Statement::new(sql).bind(now.plus_ms(lease_ms)).bind(now).bind(endpoint).bind(now);
    let Some(row) = connection.query(&statement, &[Kind::Int; 5])?.pop() else { return Ok(None) };
    let mut row = Values::new(row);
    let (seq, lease, failures) = (row.column()?, row.column()?, row.column()?);
    Ok(Some(Cursor { seq, lease, failures, failing_since: row.column()?, failed_at: row.column()? }))
}

/// Sees to it that there is a cursor. It never stands before the beginning of its reader: what a turn noted that was still
/// on its way when an account was deleted is nothing that the next of its kind goes on with.
fn place(connection: &mut Connection, shop: Id, endpoint: Id, from_seq: i64) -> StoreResult<()> {
    let sql = "INSERT INTO webhook_cursors \
        (endpoint, shop, seq, lease, lease_until, turn_at, rest_until, failures) VALUES (?, ?, ?, 0, 0, 0, 0, 0) \
        ON CONFLICT (endpoint) DO UPDATE SET seq = excluded.seq WHERE webhook_cursors.seq < excluded.seq";
    connection.execute(&Statement::new(sql).bind(endpoint).bind(shop).bind(from_seq)).map(drop)
}

/// Notes what became of a turn and gives the endpoint back; `false`: another has taken it over, and nothing was noted.
pub fn report(connection: &mut Connection, report: &Report) -> StoreResult<bool> {
    let Report { shop, endpoint, cursor, rest_until, deliveries, replay } = report;
    let sql = "UPDATE webhook_cursors SET seq = ?, failures = ?, failing_since = ?, failed_at = ?, rest_until = ?, \
        lease_until = 0 WHERE endpoint = ? AND lease = ?";
    let at = |at: Option<Timestamp>| Bind::Int(at.map(Timestamp::ms));
    let statement = Statement::new(sql).bind(cursor.seq).bind(cursor.failures).bind(at(cursor.failing_since));
    let statement = statement.bind(at(cursor.failed_at)).bind(*rest_until).bind(*endpoint).bind(cursor.lease);
    if connection.execute(&statement)? == 0 {
        return Ok(false);
    }
    deliveries.iter().try_for_each(|delivery| keep(connection, delivery))?;
    if let Some(Replay { id, seq, to_seq }) = replay {
        let statement = if seq < to_seq {
            Statement::new("UPDATE webhook_replays SET seq = ? WHERE id = ?").bind(*seq).bind(*id)
        } else {
            Statement::new("DELETE FROM webhook_replays WHERE id = ?").bind(*id)
        };
        connection.execute(&statement)?;
    }
    if !deliveries.is_empty() {
        note_late(connection, *shop, *endpoint)?;
    }
    Ok(true)
}

/// Writes a delivery over what stood in its place.
fn keep(connection: &mut Connection, delivery: &Delivery) -> StoreResult<()> {
    let names: Vec<&str> = Delivery::COLUMNS.iter().map(|(name, _)| *name).collect();
    let set: Vec<String> = ["status", "tries", "next_at", "tried_at", "http_status", "response", "fault", "took_ms"]
        .map(|name| format!("{name} = excluded.{name}"))
        .to_vec();
    let sql = format!(
        "INSERT INTO webhook_deliveries ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}, \
         version = webhook_deliveries.version + 1",
        names.join(", "),
        vec!["?"; names.len()].join(", "),
        set.join(", ")
    );
    let delivery = Delivery { version: delivery.version.max(1), ..delivery.clone() };
    let binds = delivery.values().into_iter().map(Bind::from);
    connection.execute(&Statement::new(sql).binds(binds)).map(drop)
}

/// Notes when the next of an endpoint's late deliveries is tried.
fn note_late(connection: &mut Connection, shop: Id, endpoint: Id) -> StoreResult<()> {
    let sql = "UPDATE webhook_cursors SET late_at = \
        (SELECT min(d.next_at) FROM webhook_deliveries d WHERE d.endpoint = ? AND d.next_at IS NOT NULL) \
        WHERE endpoint = ? AND shop = ?";
    connection.execute(&Statement::new(sql).bind(endpoint).bind(endpoint).bind(shop)).map(drop)
}

/// Deliveries of an endpoint that are late and due, in the order of their events.
pub fn late(connection: &mut Connection, endpoint: Id, now: Timestamp, limit: i64) -> StoreResult<Vec<Delivery>> {
    let sql = format!("{} WHERE endpoint = ? AND next_at <= ? ORDER BY next_at LIMIT ?", select::<Delivery>());
    let mut late: Vec<Delivery> = read(connection, &Statement::new(sql).bind(endpoint).bind(now).bind(limit))?;
    late.sort_by_key(|delivery| delivery.seq);
    Ok(late)
}

/// What was noted of the events behind a number, up to another.
pub fn of_span(connection: &mut Connection, endpoint: Id, after: i64, to_seq: i64) -> StoreResult<Vec<Delivery>> {
    let sql = format!("{} WHERE endpoint = ? AND seq > ? AND seq <= ?", select::<Delivery>());
    read(connection, &Statement::new(sql).bind(endpoint).bind(after).bind(to_seq))
}

/// Whether an endpoint has late deliveries, due or not.
pub fn is_late(connection: &mut Connection, endpoint: Id) -> StoreResult<bool> {
    let sql = "SELECT count(*) FROM (SELECT 1 AS one FROM webhook_deliveries \
        WHERE endpoint = ? AND next_at IS NOT NULL LIMIT 1) late";
    Ok(connection.number(&Statement::new(sql).bind(endpoint))? == Some(1))
}

/// The span that an endpoint goes on with.
pub fn replay(connection: &mut Connection, endpoint: Id) -> StoreResult<Option<Replay>> {
    let sql = "SELECT id, seq, to_seq FROM webhook_replays WHERE endpoint = ? ORDER BY id LIMIT 1";
    let rows = connection.query(&Statement::new(sql).bind(endpoint), &[Kind::Text, Kind::Int, Kind::Int])?;
    let Some(mut row) = rows.into_iter().next().map(Values::new) else { return Ok(None) };
    Ok(Some(Replay { id: row.column()?, seq: row.column()?, to_seq: row.column()? }))
}

/// Whose cursor is meant.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// The shop.
    pub shop: Id,
    /// The endpoint, or the account at an analytics.
    pub id: Id,
    /// The last event of before it was there.
    pub from_seq: i64,
}

impl From<&Endpoint> for Reader {
    fn from(endpoint: &Endpoint) -> Self {
        Self { shop: endpoint.shop, id: endpoint.id, from_seq: endpoint.from_seq }
    }
}

impl From<&AnalyticsAccount> for Reader {
    fn from(account: &AnalyticsAccount) -> Self {
        Self { shop: account.shop, id: account.id, from_seq: account.from_seq }
    }
}

/// Has one tried at once, whatever failed before: it was enabled, or somebody asks for something.
pub fn wake(connection: &mut Connection, reader: impl Into<Reader>) -> StoreResult<()> {
    let Reader { shop, id, from_seq } = reader.into();
    place(connection, shop, id, from_seq)?;
    let sql = "UPDATE webhook_cursors SET failures = 0, failing_since = NULL, failed_at = NULL, rest_until = 0 \
        WHERE endpoint = ?";
    connection.execute(&Statement::new(sql).bind(id)).map(drop)
}

/// Has a delivery tried now, and as often as a new one.
pub fn send(connection: &mut Connection, reader: Reader, delivery: &Delivery, now: Timestamp) -> StoreResult<()> {
    wake(connection, reader)?;
    let waiting = Delivery { status: DeliveryStatus::Waiting, tries: 0, next_at: Some(now), ..delivery.clone() };
    keep(connection, &waiting)?;
    note_late(connection, reader.shop, reader.id)
}

/// Has those of a span tried that have failed; answers how many.
pub fn send_failed(
    connection: &mut Connection,
    endpoint: &Endpoint,
    (from_seq, to_seq): (i64, i64),
    now: Timestamp,
) -> StoreResult<usize> {
    wake(connection, endpoint)?;
    let sql = "UPDATE webhook_deliveries SET status = 'waiting', tries = 0, next_at = ?, version = version + 1 \
        WHERE endpoint = ? AND status <> 'delivered' AND seq BETWEEN ? AND ?";
    let statement = Statement::new(sql).bind(now).bind(endpoint.id).bind(from_seq).bind(to_seq);
    let found = connection.execute(&statement)?;
    note_late(connection, endpoint.shop, endpoint.id)?;
    Ok(found)
}

/// Has all of a span tried; `false`: too many spans wait already.
pub fn send_span(
    connection: &mut Connection,
    endpoint: &Endpoint,
    id: Id,
    (from_seq, to_seq): (i64, i64),
    now: Timestamp,
) -> StoreResult<bool> {
    wake(connection, endpoint)?;
    let count = Statement::new("SELECT count(*) FROM webhook_replays WHERE endpoint = ?").bind(endpoint.id);
    if connection.number(&count)?.unwrap_or(0) >= REPLAYS {
        return Ok(false);
    }
    let sql = "INSERT INTO webhook_replays (id, shop, endpoint, seq, to_seq, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    let statement = Statement::new(sql).bind(id).bind(endpoint.shop).bind(endpoint.id);
    connection.execute(&statement.bind(from_seq - 1).bind(to_seq).bind(now))?;
    Ok(true)
}

/// Forgets all of an endpoint that was deleted.
pub fn forget(connection: &mut Connection, endpoint: Id) -> StoreResult<()> {
    for table in ["webhook_cursors", "webhook_replays", "webhook_deliveries"] {
        connection.execute(&Statement::new(format!("DELETE FROM {table} WHERE endpoint = ?")).bind(endpoint))?;
    }
    Ok(())
}

/// Removes deliveries that have ended and were noted before an instant, some at a time.
pub fn forget_before(connection: &mut Connection, endpoint: Id, before: Timestamp) -> StoreResult<()> {
    let sql = "DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries \
        WHERE endpoint = ? AND next_at IS NULL AND created_at < ? LIMIT ?)";
    connection.execute(&Statement::new(sql).bind(endpoint).bind(before).bind(FORGOTTEN)).map(drop)
}
