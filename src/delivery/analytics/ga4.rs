//! Google Analytics 4, by the Measurement Protocol: a purchase in the session in which it was made, and later what came
//! back of it. Of whom no client id is known nothing is told: one that was made up would be a visitor who was not there.

use serde_json::{Map, Value, json};

use super::{Fact, Order, Telling, cut, in_units, stand_in};
use crate::delivery::webhooks::peer::Said;
use crate::records::shop::Mode;
use crate::records::time::DAY_MS;
use crate::records::{AnalyticsAccount, Timestamp};

/// Where events are checked and not kept.
pub(super) const CHECK: &str = "/debug/mp/collect";
/// Longest value of a parameter, characters (Measurement Protocol, limitations).
const VALUE: usize = 100;
/// Items of one purchase.
const ITEMS: usize = 200;
/// What is older is not taken, milliseconds.
const OLDEST_MS: i64 = 3 * DAY_MS;

/// What is told; nothing without a client id, or too late.
pub(super) fn told(telling: &Telling<'_>) -> Option<String> {
    let ids = telling.facts.ids.as_ref();
    let known = ids.and_then(|ids| ids.ga_client_id.as_deref()).map(str::to_owned);
    let client = match &telling.fact {
        // What came back is found by its order: whose browser that was need not be known any more.
        Fact::Refund(order, _) if telling.facts.has_consent => known.unwrap_or_else(|| {
            let [one, other] = stand_in(order.id);
            format!("{one}.{other}")
        }),
        _ => known?,
    };
    if telling.now.ms() - telling.at().ms() >= OLDEST_MS {
        return None;
    }
    let mut params = Map::from_iter([
        ("engagement_time_msec".to_owned(), json!(1)),
        ("share_channel".to_owned(), json!(cut(telling.channel(), VALUE))),
    ]);
    let mut put = |name: &str, value: Value| params.insert(name.to_owned(), value);
    if let Some(campaign) = &telling.facts.campaign {
        put("referral_campaign", json!(cut(campaign, VALUE)));
    }
    if let Some(session) = ids.and_then(|ids| ids.ga_session_id.as_deref()) {
        put("session_id", json!(session));
    }
    if telling.mode == Mode::Test {
        put("debug_mode", json!(1));
    }
    let name = match &telling.fact {
        Fact::Purchase(order) => {
            put("transaction_id", json!(cut(&order.order_id, VALUE)));
            put("currency", json!(order.currency.as_str()));
            put("value", json!(in_units(order.amount, order.currency)));
            put("shipping", json!(in_units(order.shipping_amount, order.currency)));
            put("items", items(order));
            if let Some(depth) = order.attribution.depth {
                put("share_depth", json!(depth));
            }
            "purchase"
        }
        Fact::Refund(order, amount) => {
            put("transaction_id", json!(cut(&order.order_id, VALUE)));
            put("currency", json!(order.currency.as_str()));
            put("value", json!(in_units(*amount, order.currency)));
            "refund"
        }
        Fact::Lead(_) => {
            put("lead_source", json!(cut(telling.channel(), VALUE)));
            "generate_lead"
        }
    };
    Some(body(&client, telling.at(), name, params))
}

fn body(client: &str, at: Timestamp, name: &str, params: Map<String, Value>) -> String {
    let told = json!({
        "client_id": client,
        "timestamp_micros": at.ms() * 1_000,
        // That they agreed to analytics says nothing of advertising.
        "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
        "events": [{"name": name, "params": params}],
    });
    told.to_string()
}

fn items(order: &Order) -> Value {
    let lines = order.items.iter().filter(|line| line.quantity > 0).take(ITEMS);
    let item = |line: &super::Item| {
        let price = in_units(line.amount, order.currency) / line.quantity as f64;
        json!({"item_id": cut(line.sku.as_deref().unwrap_or(&line.id), VALUE), "price": price, "quantity": line.quantity})
    };
    lines.map(item).collect()
}

/// An address of its server's.
pub(super) fn url(account: &AnalyticsAccount, secret: Option<&str>, path: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("measurement_id", &account.property).append_pair("api_secret", secret.unwrap_or_default());
    format!("{}{path}?{}", account.url, query.finish())
}

/// A purchase of nothing, for the server that says what is wrong with it and keeps nothing.
pub(super) fn test(now: Timestamp) -> String {
    let params = json!({"transaction_id": "grapevine-test", "currency": "EUR", "value": 0, "items": [], "engagement_time_msec": 1});
    let params = params.as_object().cloned().unwrap_or_default();
    body("1.1", now, "purchase", params)
}

/// What the server that checks has found.
pub(super) fn fault(said: &Said) -> Option<String> {
    let answer: Value = serde_json::from_str(said.text.as_deref()?).ok()?;
    let found = answer["validationMessages"].as_array()?.first()?;
    Some(format!("{}: {}", found["validationCode"].as_str().unwrap_or("INVALID"), found["description"].as_str()?))
}
