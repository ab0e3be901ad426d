//! What records of before lack that those of now tell themselves, and by which months count them: who shared for the first
//! time, since when an advocate recommends, how long after a share something came. Some at a time.

use super::turns::{PAGE, Turn, next_turn, page_of};
use super::{advocate_counts, month_tallies};
use crate::records::advocate_count::AdvocateCounts;
use crate::records::day_count::{ALL, OF_KINDS, before};
use crate::records::month_tally::MonthTallies;
use crate::records::{Conversion, Id, Record, Referral, Reward, Share, Shop};
use crate::store::{Connection, Statement, StoreResult};

/// The rows of a page.
const OF_PAGE: &str = "t.id IN (SELECT id FROM {table} WHERE shop = ? AND (created_at, id) > (?, ?)
                       ORDER BY created_at, id LIMIT ?)";

/// When the advocate of a row began, by her first share.
const SINCE: &str = "(SELECT f.created_at FROM shares f WHERE f.first_of IS NOT NULL
                     AND f.shop || '/' || f.first_of = t.shop || '/' || t.program || '/' || t.{who})";

/// Whose first share it is: no other one of hers in the program is older.
const FIRST: &str = "UPDATE shares AS t SET first_of = t.program || '/' || t.customer WHERE {page}
    AND t.customer IS NOT NULL AND t.first_of IS NULL AND NOT EXISTS
    (SELECT 1 FROM shares o WHERE o.shop = t.shop AND o.customer = t.customer AND o.program = t.program
     AND (o.created_at, o.id) < (t.created_at, t.id))";

const SINCE_OF_SHARES: &str = "UPDATE shares AS t SET advocate_since = {since} WHERE {page} AND t.customer IS NOT NULL";

const SINCE_OF_CODES: &str = "UPDATE codes AS c SET advocate_since = t.created_at FROM shares t WHERE {page}
    AND t.first_of IS NOT NULL AND c.shop = t.shop AND c.customer = t.customer AND c.program = t.program";

/// How long after the one by which they came; one that stands in the place of another is no new hand.
const AFTER_PARENT: &str = "UPDATE shares AS t SET after_ms = t.created_at - p.created_at FROM shares p WHERE {page}
    AND p.id = t.parent AND p.shop = t.shop AND (t.spot IS NULL OR t.spot NOT LIKE '%/%')";

const SINCE_OF_REFERRALS: &str = "UPDATE referrals AS t SET advocate_since = {since} WHERE {page}";

/// The first order that counts for a referral that a share brought.
const AFTER_SHARE: &str = "UPDATE conversions AS t SET after_ms = CASE WHEN t.occurred_at > s.created_at
    THEN t.occurred_at - s.created_at ELSE 0 END FROM shares s WHERE {page}
    AND s.id = t.share AND s.shop = t.shop AND t.is_credited = 1 AND NOT EXISTS
    (SELECT 1 FROM conversions o WHERE o.shop = t.shop AND o.customer = t.customer AND o.referral = t.referral
     AND o.is_credited = 1 AND (o.created_at, o.id) < (t.created_at, t.id))";

/// Completes and counts the next records of a shop; answers how many, and how far it is then.
pub(super) fn next(connection: &mut Connection, shop: &Shop, at: &Turn) -> StoreResult<(usize, String)> {
    match at.kind {
        0 => {
            let sqls = [FIRST, SINCE_OF_SHARES, SINCE_OF_CODES, AFTER_PARENT];
            complete(connection, shop.id, at, "shares", "customer", &sqls)?;
            tally_page::<Share>(connection, shop, at)
        }
        1 => {
            complete(connection, shop.id, at, "referrals", "advocate", &[SINCE_OF_REFERRALS])?;
            tally_page::<Referral>(connection, shop, at)
        }
        2 => {
            complete(connection, shop.id, at, "conversions", "advocate", &[AFTER_SHARE])?;
            tally_page::<Conversion>(connection, shop, at)
        }
        3 => tally_page::<Reward>(connection, shop, at),
        _ => Ok((0, ALL.to_owned())),
    }
}

fn complete(
    connection: &mut Connection,
    shop: Id,
    at: &Turn,
    table: &str,
    who: &str,
    sqls: &[&str],
) -> StoreResult<()> {
    for sql in sqls {
        let sql = sql.replace("{page}", OF_PAGE).replace("{since}", SINCE);
        let sql = sql.replace("{table}", table).replace("{who}", who);
        let statement = Statement::new(sql).bind(shop).bind(at.made_at).bind(at.id.as_str()).bind(PAGE);
        connection.execute(&statement)?;
    }
    Ok(())
}

fn tally_page<R: Record>(connection: &mut Connection, shop: &Shop, at: &Turn) -> StoreResult<(usize, String)> {
    let page: Vec<R> = page_of(connection, shop.id, (at.made_at, &at.id), PAGE)?;
    let next = next_turn(at.kind, &page);
    let mut tallies = MonthTallies::new();
    for (key, more) in page.iter().flat_map(|record| record.tallies_for(shop)) {
        *tallies.entry(key).or_default() += more;
    }
    month_tallies::add(connection, shop.id, tallies)?;
    let mut brought = AdvocateCounts::new();
    for (key, more) in page.iter().filter_map(|record| record.brought_by(shop)) {
        brought.entry(key).or_default().add(&more);
    }
    advocate_counts::note(connection, shop.id, at.made_at, brought)?;
    Ok((page.len(), if next == before(OF_KINDS.len()) { ALL.to_owned() } else { next }))
}
