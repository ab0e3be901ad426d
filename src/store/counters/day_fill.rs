//! The records and visits of before, as the counters of days get them: some at a time, beside a running server. Whoever
//! breaks it off goes on where it was.

use super::turns::{PAGE, Turn, is_full, next_turn, page_of};
use super::{day_counts, tally_fill};
use crate::records::day_count::{ALL, DayCounts, DayKey, OF_KINDS};
use crate::records::{Conversion, Id, Kind, Record, Referral, Reward, Share, Shop, ShopHead, Timestamp, Value, Values};
use crate::store::queries::{identity, records::read};
use crate::store::shelves::select;
use crate::store::visits::{self, Openings};
use crate::store::writer::text;
use crate::store::{Connection, Statement, StoreResult, owed};

/// The turn of visits, behind the kinds of records.
const VISITS: usize = OF_KINDS.len();

/// What is counted, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    /// The counters of days.
    Counts,
    /// The counters of months.
    Tallies,
    /// What shops owe.
    Owed,
}

impl Book {
    const ALL: [Self; 3] = [Self::Counts, Self::Tallies, Self::Owed];

    /// The name under which the installation notes that it has begun.
    fn name(self) -> &'static str {
        match self {
            Self::Counts => "day_counts",
            Self::Tallies => "day_tallies",
            Self::Owed => "owed_days",
        }
    }

    /// The column of a shop's head that tells how far it is.
    fn column(self) -> &'static str {
        match self {
            Self::Counts => "counted",
            Self::Tallies => "tallied",
            Self::Owed => "owing",
        }
    }

    /// Whether shops that are made are in it from the start: no process of the release before is at work, which does
    /// not know of it.
    pub fn has_begun(self, connection: &mut Connection) -> StoreResult<bool> {
        let statement = Statement::new("SELECT COUNT(*) FROM installation WHERE name = ?").bind(self.name());
        Ok(connection.number(&statement)? > Some(0))
    }

    fn begin(self, connection: &mut Connection) -> StoreResult<()> {
        let statement = "INSERT INTO installation (name, value) VALUES (?, 'yes') ON CONFLICT (name) DO NOTHING";
        connection.execute(&Statement::new(statement).bind(self.name())).map(|_| ())
    }

    fn is_finished(self, connection: &mut Connection) -> StoreResult<bool> {
        let left = Statement::new(format!("SELECT COUNT(*) FROM shop_heads WHERE {} <> ?", self.column())).bind(ALL);
        Ok(self.has_begun(connection)? && connection.number(&left)? == Some(0))
    }

    /// The next shop of which not all is in it.
    fn next(self, connection: &mut Connection) -> StoreResult<Option<Id>> {
        let sql = format!("SELECT MIN(id) FROM shop_heads WHERE {} <> ?", self.column());
        let rows = connection.query(&Statement::new(sql).bind(ALL), &[Kind::Text])?;
        let shop = rows.first().and_then(|row| text(row.first()));
        Ok(shop.and_then(|shop| Id::parse("shp", &shop)))
    }
}

/// Has all books kept from now on.
pub fn begin(connection: &mut Connection) -> StoreResult<()> {
    Book::ALL.into_iter().try_for_each(|book| book.begin(connection))
}

/// Whether all that is stored is in them.
pub fn is_finished(connection: &mut Connection) -> StoreResult<bool> {
    for book in Book::ALL {
        if !book.is_finished(connection)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Counts the next records of a shop; answers how many, `None` when all are.
pub fn count_some(connection: &mut Connection) -> StoreResult<Option<usize>> {
    for book in Book::ALL {
        if let Some(shop) = book.next(connection)? {
            return connection.transaction(|connection| count_of(connection, shop, book)).map(Some);
        }
    }
    Ok(None)
}

/// Whoever writes in the shop waits meanwhile.
fn count_of(connection: &mut Connection, id: Id, book: Book) -> StoreResult<usize> {
    let lock = if connection.is_postgres() { " FOR NO KEY UPDATE" } else { "" };
    let sql = format!("{} WHERE id = ?{lock}", select::<ShopHead>());
    let head: Vec<ShopHead> = read(connection, &Statement::new(sql).bind(id))?;
    let shop = identity::shop(connection, id)?;
    let (Some(head), Some(shop)) = (head.first(), shop) else { return Ok(0) };
    let (many, next) = match book {
        Book::Counts => count_next(connection, &shop, &Turn::read(&head.counted))?,
        Book::Tallies => tally_fill::next(connection, &shop, &Turn::read(&head.tallied))?,
        Book::Owed => (count_owed(connection, &shop)?, ALL.to_owned()),
    };
    let sql = format!("UPDATE shop_heads SET {} = ? WHERE id = ?", book.column());
    connection.execute(&Statement::new(sql).bind(next).bind(id))?;
    Ok(many)
}

fn count_next(connection: &mut Connection, shop: &Shop, at: &Turn) -> StoreResult<(usize, String)> {
    match at.kind {
        0 => count_page::<Share>(connection, shop, at),
        1 => count_page::<Referral>(connection, shop, at),
        2 => count_page::<Conversion>(connection, shop, at),
        3 => count_page::<Reward>(connection, shop, at),
        _ => count_visits(connection, shop, at),
    }
}

/// Counts a page of a kind; answers how many, and up to where the shop is counted then.
fn count_page<R: Record>(connection: &mut Connection, shop: &Shop, at: &Turn) -> StoreResult<(usize, String)> {
    complete::<R>(connection, shop.id, at)?;
    let page: Vec<R> = page_of(connection, shop.id, (at.made_at, &at.id), PAGE)?;
    let next = next_turn(at.kind, &page);
    let mut counts = DayCounts::new();
    for (key, counted) in page.iter().filter_map(|record| record.counts_for(shop)) {
        counts.entry(key).or_default().add(&counted);
    }
    day_counts::add(connection, shop.id, counts)?;
    Ok((page.len(), next))
}

/// Writes into records of before where they are counted, as those of now say it themselves.
fn complete<R: Record>(connection: &mut Connection, shop: Id, at: &Turn) -> StoreResult<()> {
    if R::TABLE != Reward::TABLE {
        return Ok(());
    }
    let sql = "UPDATE rewards AS t SET channel = o.channel, counted_at = o.occurred_at FROM conversions o
               WHERE o.id = t.conversion AND o.shop = t.shop AND t.id IN
               (SELECT id FROM rewards WHERE shop = ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?)";
    let statement = Statement::new(sql).bind(shop).bind(at.made_at).bind(at.id.as_str()).bind(PAGE);
    connection.execute(&statement).map(|_| ())
}

/// Counts a page of visits. Who came for the first time on their day is not known of those of before.
fn count_visits(connection: &mut Connection, shop: &Shop, at: &Turn) -> StoreResult<(usize, String)> {
    let sql = "SELECT v.id, v.at, v.class, v.count, s.program, s.channel, s.placed FROM visits v
               JOIN shares s ON s.id = v.share AND s.shop = v.shop
               WHERE v.shop = ? AND v.at >= ? AND v.day IS NULL ORDER BY v.at LIMIT ?";
    let kinds = [Kind::Int, Kind::Int, Kind::Text, Kind::Int, Kind::Text, Kind::Text, Kind::Text];
    let rows = connection.query(&Statement::new(sql).bind(shop.id).bind(at.made_at).bind(PAGE), &kinds)?;
    let (many, mut days, mut last) = (rows.len(), visits::Days::new(), at.made_at);
    for row in rows {
        let (row, at, key, openings) = visit(shop, row)?;
        let update = Statement::new("UPDATE visits SET day = ?, fresh = 0 WHERE id = ?").bind(key.day).bind(row);
        connection.execute(&update)?;
        days.entry((shop.id, key)).or_default().add(&openings);
        last = at;
    }
    visits::add_days(connection, days)?;
    let next = if is_full(many) { format!("{VISITS}/{:015}/", last.ms()) } else { ALL.to_owned() };
    Ok((many, next))
}

/// What a shop owes is added up at once; from then on it follows what is changed.
fn count_owed(connection: &mut Connection, shop: &Shop) -> StoreResult<usize> {
    let days = owed::records::of_records(connection, shop.id)?;
    let many = days.len();
    owed::rows::add(connection, shop.id, days)?;
    Ok(many)
}

fn visit(shop: &Shop, row: Vec<Value>) -> StoreResult<(i64, Timestamp, DayKey, Openings)> {
    let mut row = Values::new(row);
    let (id, at, class, count): (i64, Timestamp, String, i64) =
        (row.column()?, row.column()?, row.column()?, row.column()?);
    let (program, channel, place): (String, String, Option<String>) = (row.column()?, row.column()?, row.column()?);
    let key = DayKey { day: shop.day_of(at), program, channel, place: place.unwrap_or_default() };
    let is_preview = class == "preview";
    let openings = Openings {
        previews: if is_preview { count } else { 0 },
        visits: if is_preview { 0 } else { count },
        unique_visits: 0,
    };
    Ok((id, at, key, openings))
}
