//! How each fact is found out, out of our own records. The table of facts names the function of each.

use std::collections::BTreeSet;

use chrono::{Datelike, Timelike};

use super::asker::{Asker, history_of};
use super::value::Value;
use crate::decide::draft::Draft;
use crate::decide::people::person::{self, orders_subject};
use crate::records::time::DAY_MS;
use crate::records::{Customer, History, Member, Segment, Share, Timestamp};
use crate::world::Stop;

/// What a fact is found to be; nothing: it is unknown.
pub type Loaded = Result<Option<Value>, Stop>;
/// How a fact is found out.
pub type Load = fn(&Draft<'_>, &Asker) -> Loaded;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;
/// Days of which orders count as won lately.
const LATELY_DAYS: i64 = 30;

fn share(asker: &Asker) -> Option<&Share> {
    asker.arrival.as_ref()?.share.as_deref()
}

/// `arrival.private`
pub fn arrival_private(_: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(share(asker).map(|share| Value::Flag(share.private)))
}

/// `arrival.channel`: the share's own, else the one that its first preview proved.
pub fn arrival_channel(_: &Draft<'_>, asker: &Asker) -> Loaded {
    let channel = |share: &Share| share.channel_inferred.clone().unwrap_or_else(|| share.channel.clone());
    Ok(share(asker).map(|share| Value::Text(channel(share))))
}

/// `arrival.depth`
pub fn arrival_depth(_: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(share(asker).map(|share| Value::Number(share.depth)))
}

/// `arrival.age_hours`: whole hours since the link was followed.
pub fn arrival_age_hours(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    let seen_at = asker.arrival.as_ref().and_then(|arrival| arrival.seen_at);
    Ok(seen_at.map(|seen_at| Value::Number(((asker.at(draft).ms() - seen_at.ms()) / HOUR_MS).max(0))))
}

/// `arrival.placement`
pub fn arrival_placement(_: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(share(asker).and_then(|share| share.placement.clone()).map(Value::Text))
}

/// `customer.is_new`
pub fn customer_is_new(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(orders(draft, asker)?.map(|orders| Value::Flag(orders == 0)))
}

/// `customer.orders`
pub fn customer_orders(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(orders(draft, asker)?.map(Value::Number))
}

/// Orders of the person, under whichever id or address: they can only count against somebody.
fn orders(draft: &Draft<'_>, asker: &Asker) -> Result<Option<i64>, Stop> {
    let Some(person) = &asker.person else { return Ok(None) };
    let orders = person::count(draft, person, orders_subject);
    let since = match (asker.then, &asker.customer) {
        (Some(then), Some(customer)) => history_of(draft, customer, |history| history.ordered_since(then)),
        _ => Ok(0),
    };
    Ok(Some((orders? - since?).max(0)))
}

/// What is not found out by its name alone.
pub fn unknown(_: &Draft<'_>, _: &Asker) -> Loaded {
    Ok(None)
}

/// `customer.attributes.KEY`
pub fn customer_attribute(asker: &Asker, key: &str) -> Option<Value> {
    asker.vouched()?.attributes.get(key).map(Value::from)
}

/// `customer.segments`: those on whose lists they are. Who belongs to one by its condition is found in `known`.
pub fn customer_segments(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    let Some(customer) = asker.vouched() else { return Ok(None) };
    let members: Vec<_> = own_ids(draft, customer)?.iter().map(|id| draft.list(&Member::OF_CUSTOMER, *id)).collect();
    let members: Vec<_> = members.into_iter().collect::<Result<_, _>>()?;
    let segments = members.iter().flatten().filter(|member| member.is_in).map(|member| member.segment);
    let segments: Vec<_> = segments.map(|segment| draft.get::<Segment>(segment)).collect();
    let mut keys = BTreeSet::new();
    for segment in segments {
        keys.extend(segment?.map(|segment| segment.key.clone()));
    }
    Ok(Some(Value::List(keys)))
}

/// The customer and those who were merged into them.
fn own_ids(draft: &Draft<'_>, customer: &Customer) -> Result<Vec<crate::records::Id>, Stop> {
    let merged = draft.list(&Customer::MERGED_INTO, customer.id)?;
    Ok(std::iter::once(customer.id).chain(merged.iter().map(|merged| merged.id)).collect())
}

/// `customer.locale`
pub fn customer_locale(_: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(asker.customer.as_ref().and_then(|customer| customer.locale.clone()).map(Value::Text))
}

fn sharer(draft: &Draft<'_>, asker: &Asker, count: impl Fn(&History) -> i64) -> Loaded {
    asker.vouched().map(|customer| history_of(draft, customer, count).map(Value::Number)).transpose()
}

fn advocate(draft: &Draft<'_>, asker: &Asker, count: impl Fn(&History) -> i64) -> Loaded {
    let advocate = asker.arrival.as_ref().map(|arrival| &arrival.advocate);
    advocate.map(|advocate| history_of(draft, advocate, count).map(Value::Number)).transpose()
}

/// Orders that were credited to them by then.
fn won(history: &History, asker: &Asker) -> i64 {
    (history.conversions - asker.then.map_or(0, |then| history.won_since(then))).max(0)
}

fn won_lately<'a>(draft: &Draft<'_>, asker: &'a Asker) -> impl Fn(&History) -> i64 + 'a {
    let from = asker.at(draft).plus_ms(-LATELY_DAYS * DAY_MS);
    move |history| history.won_between(from, asker.then.unwrap_or_else(|| Timestamp::from_ms(i64::MAX)))
}

macro_rules! histories {
    ( $( $sharer:ident $advocate:ident: $name:ident = $count:expr; )* ) => {
        $(
            #[doc = concat!("`sharer.", stringify!($name), "`")]
            pub fn $sharer(draft: &Draft<'_>, asker: &Asker) -> Loaded {
                sharer(draft, asker, |history| $count(history, asker))
            }

            #[doc = concat!("`advocate.", stringify!($name), "`")]
            pub fn $advocate(draft: &Draft<'_>, asker: &Asker) -> Loaded {
                advocate(draft, asker, |history| $count(history, asker))
            }
        )*
    };
}

histories! {
    sharer_sent_private advocate_sent_private: sent_private = |history: &History, _: &Asker| history.sent_private;
    sharer_visits_private advocate_visits_private: visits_private = |history: &History, _: &Asker| history.visits_private;
    // No more friends than orders.
    sharer_friends advocate_friends: friends = |history: &History, asker: &Asker| history.friends.min(won(history, asker));
    sharer_conversions advocate_conversions: conversions = won;
}

/// `sharer.conversions_30d`
pub fn sharer_conversions_30d(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    sharer(draft, asker, won_lately(draft, asker))
}

/// `advocate.conversions_30d`
pub fn advocate_conversions_30d(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    advocate(draft, asker, won_lately(draft, asker))
}

/// `order.amount`: in the shop's currency; of another one nobody knows how much it is.
pub fn order_amount(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    let order = asker.order.as_ref().filter(|order| order.currency == draft.shop.currency);
    Ok(order.map(|order| Value::Number(order.amount)))
}

/// `order.currency`
pub fn order_currency(_: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(asker.order.as_ref().map(|order| Value::Text(order.currency.as_str().to_owned())))
}

/// `order.skus`
pub fn order_skus(_: &Draft<'_>, asker: &Asker) -> Loaded {
    let skus = asker.order.as_ref().map(|order| order.items.iter().filter_map(|item| item.sku.clone()).collect());
    Ok(skus.map(Value::List))
}

/// `order.categories`
pub fn order_categories(_: &Draft<'_>, asker: &Asker) -> Loaded {
    let categories =
        asker.order.as_ref().map(|order| order.items.iter().flat_map(|item| item.categories.clone()).collect());
    Ok(categories.map(Value::List))
}

/// `now`
pub fn now(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(Some(Value::Instant(asker.at(draft))))
}

fn local(draft: &Draft<'_>, asker: &Asker) -> chrono::DateTime<chrono_tz::Tz> {
    asker.at(draft).utc().with_timezone(&draft.shop.zone())
}

/// `today.weekday`
pub fn today_weekday(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(Some(Value::Number(i64::from(local(draft, asker).weekday().number_from_monday()))))
}

/// `today.hour`
pub fn today_hour(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(Some(Value::Number(i64::from(local(draft, asker).hour()))))
}

/// `today.day`
pub fn today_day(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(Some(Value::Number(i64::from(local(draft, asker).day()))))
}

/// `today.month`
pub fn today_month(draft: &Draft<'_>, asker: &Asker) -> Loaded {
    Ok(Some(Value::Number(i64::from(local(draft, asker).month()))))
}
