//! Plausible, by its Events API: that a friend ordered, by which channel, for how much. Nothing of a visitor goes along,
//! for we have nothing of one; so these are events without a visit, and of use where one's own server of Plausible's takes
//! them: its cloud leaves aside what comes from a data centre, and says so.

use serde_json::{Value, json};

use super::{Fact, Order, Telling, cut, in_units};
use crate::delivery::webhooks::peer::Said;
use crate::records::AnalyticsAccount;

/// Longest value of a property, characters.
const VALUE: usize = 2_000;

/// What is told.
pub(super) fn told(telling: &Telling<'_>) -> Option<String> {
    let mut props = json!({"channel": cut(telling.channel(), VALUE)});
    if let Some(campaign) = &telling.facts.campaign {
        props["campaign"] = json!(cut(campaign, VALUE));
    }
    // Its community edition keeps no revenue: the amount is a property as well.
    let mut amount = |order: &Order, amount: i64| {
        let amount = format!("{:.1$}", in_units(amount, order.currency), usize::from(order.currency.places()));
        props["amount"] = json!(amount);
        props["currency"] = json!(order.currency.as_str());
        json!({"currency": order.currency.as_str(), "amount": amount})
    };
    let (name, revenue) = match &telling.fact {
        Fact::Purchase(order) => ("Referral order", amount(order, order.amount)),
        Fact::Refund(order, back) => {
            amount(order, *back);
            ("Referral refund", Value::Null)
        }
        Fact::Lead(_) => ("Referral", Value::Null),
    };
    Some(event(telling.account, name, props, revenue))
}

fn event(account: &AnalyticsAccount, name: &str, props: Value, revenue: Value) -> String {
    let mut told = json!({
        "name": name,
        "domain": account.property,
        "url": format!("https://{}/", account.property),
        "interactive": false,
        "props": props,
    });
    if !revenue.is_null() {
        told["revenue"] = revenue;
    }
    told.to_string()
}

/// An event that is none.
pub(super) fn test(account: &AnalyticsAccount) -> String {
    event(account, "Grapevine test", json!({"channel": "test"}), Value::Null)
}

/// That it was left aside.
pub(super) fn fault(said: &Said) -> Option<String> {
    said.is_dropped.then(|| {
        "Plausible has left it aside: its cloud takes nothing from data centres; a server of your own does".to_owned()
    })
}
