//! Matomo, by its Tracking API (bulk): an order under its campaign, and what came back of it as an event, for there is no
//! call that takes an order back.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{Fact, Order, Telling, in_units, stand_in};
use crate::delivery::webhooks::peer::Said;
use crate::records::AnalyticsAccount;
use crate::records::time::DAY_MS;

/// What is told; nothing where nobody agreed.
pub(super) fn told(telling: &Telling<'_>) -> Option<String> {
    if !telling.facts.has_consent {
        return None;
    }
    let mut query = begun(telling.account);
    let known = telling.facts.ids.as_ref().and_then(|ids| ids.matomo_visitor_id.as_deref()).map(str::to_owned);
    let of_order = |order: &Order| {
        let [one, other] = stand_in(order.id);
        format!("{one:08x}{other:08x}")
    };
    match &telling.fact {
        Fact::Purchase(order) => {
            query.append_pair("_id", &known.unwrap_or_else(|| of_order(order)));
            query.append_pair("idgoal", "0").append_pair("ec_id", &order.order_id);
            let (goods, shipping) =
                (in_units(order.amount, order.currency), in_units(order.shipping_amount, order.currency));
            query.append_pair("revenue", &(goods + shipping).to_string());
            query.append_pair("ec_st", &goods.to_string()).append_pair("ec_sh", &shipping.to_string());
            query.append_pair("ec_items", &items(order).to_string());
        }
        Fact::Refund(order, amount) => {
            query.append_pair("_id", &known.unwrap_or_else(|| of_order(order)));
            let amount = in_units(*amount, order.currency).to_string();
            happened(&mut query, "refund", &order.order_id).append_pair("e_v", &amount);
        }
        Fact::Lead(_) => {
            query.append_pair("_id", &known?);
            happened(&mut query, "friend", telling.channel());
        }
    }
    if let Some(campaign) = &telling.facts.campaign {
        query.append_pair("_rcn", campaign).append_pair("_rck", telling.channel());
    }
    let (at, has_token) = (telling.at(), telling.secret.is_some());
    // What is older than a day is taken with a token alone.
    if has_token || telling.now.ms() - at.ms() < DAY_MS {
        query.append_pair("cdt", &at.ms().div_euclid(1_000).to_string());
    }
    Some(sent(telling.secret.as_deref(), &query.finish()))
}

fn begun(account: &AnalyticsAccount) -> Serializer<'static, String> {
    let mut query = Serializer::new(String::new());
    query.append_pair("idsite", &account.property).append_pair("rec", "1").append_pair("apiv", "1");
    query
}

fn happened<'q>(
    query: &'q mut Serializer<'static, String>,
    what: &str,
    name: &str,
) -> &'q mut Serializer<'static, String> {
    query.append_pair("ca", "1").append_pair("e_c", "Grapevine").append_pair("e_a", what).append_pair("e_n", name)
}

fn items(order: &Order) -> Value {
    let lines = order.items.iter().filter(|line| line.quantity > 0);
    let item = |line: &super::Item| {
        let price = in_units(line.amount, order.currency) / line.quantity as f64;
        json!([line.sku.as_deref().unwrap_or(&line.id), "", "", price, line.quantity])
    };
    lines.map(item).collect()
}

fn sent(token: Option<&str>, query: &str) -> String {
    let mut body = json!({"requests": [format!("?{query}")]});
    if let Some(token) = token {
        body["token_auth"] = json!(token);
    }
    body.to_string()
}

/// An event that is none.
pub(super) fn test(account: &AnalyticsAccount, token: Option<&str>) -> String {
    let mut query = begun(account);
    happened(&mut query, "test", "test");
    sent(token, &query.finish())
}

/// What of it was not taken.
pub(super) fn fault(said: &Said) -> Option<String> {
    let answer: Value = serde_json::from_str(said.text.as_deref()?).ok()?;
    let is_success = answer["status"] == "success" && answer["invalid"].as_i64().unwrap_or(0) == 0;
    (!is_success).then(|| format!("Matomo did not take it: {answer}"))
}
