//! Analytics: what an account of the shop's is told of orders that private sharing brought.
//!
//! It goes the way of webhooks: an account is a cursor on the events, and what did not arrive is a late delivery. Here is
//! only said what is told, and what its answer means. Nothing is told of whom it is not known that they agreed to it, no
//! code, no address, no name; and of what is older than three days nothing is told as if it had happened now.

mod ga4;
mod matomo;
mod plausible;

use serde::Deserialize;

use super::webhooks::peer::{Control, Said};
use crate::records::analytics_account::Analytics;
use crate::records::analytics_ids::Ids;
use crate::records::money::Currency;
use crate::records::shop::Mode;
use crate::records::{AnalyticsAccount, AnalyticsIds, Conversion, Event, EventKind, Id, Program, Timestamp};
use crate::store::queries::records::get_all;
use crate::store::{Connection, StoreResult};
use crate::vault::Vault;

/// The channel of what came by a code alone.
const CODE: &str = "code";

/// What is known of an event beside what it tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// What the analytics call the browser, while it is kept.
    ids: Option<Ids>,
    /// Whether its person agreed that they are told.
    has_consent: bool,
    /// The program, as its links name it.
    campaign: Option<String>,
}

/// What happened, as analytics are told.
enum Fact {
    /// A friend ordered.
    Purchase(Order),
    /// So much of an order came back, minor units.
    Refund(Order, i64),
    /// A friend became known.
    Lead(Friend),
}

/// Of an order, what an event tells and analytics are to know.
#[derive(Debug, Deserialize)]
struct Order {
    id: Id,
    order_id: String,
    amount: i64,
    refunded_amount: i64,
    shipping_amount: i64,
    currency: Currency,
    items: Vec<Item>,
    occurred_at: Timestamp,
    attribution: Attribution,
    refund: Option<Refund>,
}

#[derive(Debug, Deserialize)]
struct Item {
    id: String,
    sku: Option<String>,
    quantity: i64,
    amount: i64,
}

#[derive(Debug, Deserialize)]
struct Attribution {
    program: Option<Id>,
    channel: Option<String>,
    depth: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Refund {
    amount: i64,
}

#[derive(Debug, Deserialize)]
struct Friend {
    program: Id,
    channel: Option<String>,
    created_at: Timestamp,
}

/// One fact on its way, with all that an analytics needs.
struct Telling<'a> {
    account: &'a AnalyticsAccount,
    secret: Option<String>,
    mode: Mode,
    facts: &'a Facts,
    fact: Fact,
    now: Timestamp,
}

impl Telling<'_> {
    /// By what the friend came.
    fn channel(&self) -> &str {
        let channel = match &self.fact {
            Fact::Purchase(order) | Fact::Refund(order, _) => &order.attribution.channel,
            Fact::Lead(friend) => &friend.channel,
        };
        channel.as_deref().unwrap_or(CODE)
    }

    /// When it happened: nothing has happened later than now.
    fn at(&self) -> Timestamp {
        let at = match &self.fact {
            Fact::Purchase(order) => order.occurred_at,
            Fact::Lead(friend) => friend.created_at,
            Fact::Refund(..) => self.now,
        };
        at.min(self.now)
    }
}

/// Reads what is known of events beside what they tell.
pub(super) fn facts(connection: &mut Connection, shop: Id, events: &[Option<&Event>]) -> StoreResult<Vec<Facts>> {
    let subjects: Vec<Id> = events.iter().flatten().filter_map(|event| event.subject).collect();
    let ids: Vec<Id> = subjects.iter().map(|subject| AnalyticsIds::id_of(*subject)).collect();
    let kept: Vec<AnalyticsIds> = get_all(connection, shop, &ids)?;
    let orders: Vec<Conversion> = get_all(connection, shop, &subjects)?;
    let programs: Vec<Id> = events.iter().flatten().filter_map(|event| program_of(event)).collect();
    let programs: Vec<Program> = get_all(connection, shop, &programs)?;
    let of_event = |event: &Option<&Event>| {
        let Some(event) = event else { return Facts::default() };
        let kept = kept.iter().find(|kept| Some(kept.subject) == event.subject);
        let order = orders.iter().find(|order| Some(order.id) == event.subject);
        let program = program_of(event);
        Facts {
            ids: kept.and_then(|kept| kept.ids.0.clone()),
            has_consent: kept.is_some() || order.is_some_and(|order| order.analytics_consent),
            campaign: programs.iter().find(|known| Some(known.id) == program).map(|known| known.slug.clone()),
        }
    };
    Ok(events.iter().map(of_event).collect())
}

fn program_of(event: &Event) -> Option<Id> {
    match fact(event).ok()?? {
        Fact::Purchase(order) | Fact::Refund(order, _) => order.attribution.program,
        Fact::Lead(friend) => Some(friend.program),
    }
}

/// What an event is to analytics; `None`: nothing that they are told of.
fn fact(event: &Event) -> Result<Option<Fact>, serde_json::Error> {
    if event.is_erased() {
        return Ok(None);
    }
    Ok(match event.kind {
        EventKind::ReferralCreated => Some(Fact::Lead(serde_json::from_str(&event.data)?)),
        EventKind::ConversionRecorded | EventKind::ConversionRefunded | EventKind::ConversionCancelled => {
            let order: Order = serde_json::from_str(&event.data)?;
            if order.attribution.program.is_none() {
                return Ok(None);
            }
            match (event.kind, order.refund.as_ref().map(|refund| refund.amount)) {
                (EventKind::ConversionRecorded, _) => Some(Fact::Purchase(order)),
                (EventKind::ConversionCancelled, _) => {
                    let left = order.amount - order.refunded_amount;
                    Some(Fact::Refund(order, left))
                }
                (_, Some(amount)) => Some(Fact::Refund(order, amount)),
                _ => None,
            }
        }
        _ => None,
    })
}

/// Where an account is told: it has a secret in it, where the analytics wants it there.
pub(super) fn url(account: &AnalyticsAccount, vault: &Vault) -> String {
    match account.kind {
        Analytics::Ga4 => ga4::url(account, secret(account, vault).as_deref(), "/mp/collect"),
        Analytics::Plausible => format!("{}/api/event", account.url),
        Analytics::Matomo => format!("{}/matomo.php", account.url),
    }
}

fn secret(account: &AnalyticsAccount, vault: &Vault) -> Option<String> {
    account.secret.as_deref().and_then(|sealed| vault.open(sealed))
}

/// The body in which an account is told of an event; `None`: it is told nothing.
///
/// # Errors
///
/// The event was changed by other hands.
pub(super) fn telling(
    account: &AnalyticsAccount,
    mode: Mode,
    event: &Event,
    facts: &Facts,
    vault: &Vault,
    now: Timestamp,
) -> Result<Option<String>, serde_json::Error> {
    let Some(fact) = fact(event)? else { return Ok(None) };
    let secret = secret(account, vault);
    let telling = Telling { account, secret, mode, facts, fact, now };
    Ok(match account.kind {
        Analytics::Ga4 => ga4::told(&telling),
        Analytics::Plausible => plausible::told(&telling),
        Analytics::Matomo => matomo::told(&telling),
    })
}

/// What only tries an account out: where it goes, and the body.
pub(super) fn test(account: &AnalyticsAccount, vault: &Vault, now: Timestamp) -> (String, String) {
    let secret = secret(account, vault);
    match account.kind {
        Analytics::Ga4 => (ga4::url(account, secret.as_deref(), ga4::CHECK), ga4::test(now)),
        Analytics::Plausible => (url(account, vault), plausible::test(account)),
        Analytics::Matomo => (url(account, vault), matomo::test(account, secret.as_deref())),
    }
}

/// What an answer means: each says in a way of its own that it left aside what it took with 2xx.
pub(super) fn judged(kind: Analytics, said: Said) -> Said {
    let is_taken = said.status.is_some_and(|status| (200..300).contains(&status));
    let fault = match kind {
        _ if !is_taken => None,
        Analytics::Ga4 => ga4::fault(&said),
        Analytics::Plausible => plausible::fault(&said),
        Analytics::Matomo => matomo::fault(&said),
    };
    match fault {
        // To send the same once more would change nothing.
        Some(fault) => Said { fault: Some(fault), control: Control::Abort, ..said },
        None => said,
    }
}

/// An amount in whole units, as analytics take it.
fn in_units(amount: i64, currency: Currency) -> f64 {
    let places = i32::from(currency.places());
    // Amounts are below 2^53.
    amount as f64 / 10_f64.powi(places)
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// What stands for the browser of an order where that is not known, or no longer: it is of this order alone.
fn stand_in(order: Id) -> [u32; 2] {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("analytics/{order}").as_bytes());
    let number =
        |at: usize| hash.as_ref()[at..at + 4].iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    [number(0), number(4)]
}

#[cfg(test)]
mod tests;
