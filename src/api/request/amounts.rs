//! What is said of an amount that is no whole number: what it would have been, of what was sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::records::money::{Currency, PLACES, WHOLE_AMOUNT, in_minor_units};

/// An amount that is always in the shop's currency, whichever one stands beside it.
const BASE: &str = "base_amount";

type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// What is expected of the amount at a place of a body, with what was sent in minor units where that can be told.
pub fn expected(body: &[u8], pointer: &str) -> String {
    let rule = format!("{WHOLE_AMOUNT} is expected");
    let Some(sent) = Sent::at(body, pointer) else { return rule };
    let written = sent.written.trim().trim_matches('"').trim();
    if !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{rule}, as a number without quotes");
    }
    let rule = match sent.currency {
        Some(currency) if currency.places() == 0 => {
            return format!("a whole number is expected: {currency} has no smaller unit");
        }
        Some(currency) if currency.places() != PLACES => {
            format!("a whole number of minor units (1 {currency} is {}) is expected", currency.of_major(1))
        }
        _ => rule,
    };
    match in_minor_units(written, sent.currency.map_or(PLACES, Currency::places)) {
        Some(amount) => format!("{rule}: {amount}, not {written}"),
        None => rule,
    }
}

/// What was sent in a place.
struct Sent<'a> {
    /// As it was written.
    written: &'a str,
    /// The nearest currency around it.
    currency: Option<Currency>,
}

impl<'a> Sent<'a> {
    fn at(body: &'a [u8], pointer: &str) -> Option<Self> {
        let (mut value, mut currency): (&RawValue, _) = (serde_json::from_slice(body).ok()?, None);
        for name in pointer.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            if value.get().starts_with('[') {
                value = serde_json::from_str::<Vec<&RawValue>>(value.get()).ok()?.get(name.parse::<usize>().ok()?)?;
                continue;
            }
            let object: Object<'_> = serde_json::from_str(value.get()).ok()?;
            currency = object.get("currency").and_then(|code| code_of(code)).or(currency);
            value = object.get(name.as_str())?;
        }
        let currency = currency.filter(|_| !pointer.ends_with(BASE));
        Some(Self { written: value.get(), currency })
    }
}

fn code_of(code: &RawValue) -> Option<Currency> {
    let code: Value = serde_json::from_str(code.get()).ok()?;
    Currency::parse(code.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_told_in_minor_units_where_that_can_be_told() {
        let rule = "a whole number of minor units (cents) is expected";
        let cents = |rest: &str| format!("{rule}{rest}");
        let table = [
            (r#"{"amount":49.90}"#, "/amount", cents(": 4990, not 49.90")),
            (r#"{"amount":"49,9","currency":"EUR"}"#, "/amount", cents(": 4990, not 49,9")),
            (r#"{"amount":" 49.90 ","currency":"nope"}"#, "/amount", cents(": 4990, not 49.90")),
            (r#"{"amount":"4990"}"#, "/amount", cents(", as a number without quotes")),
            (r#"{"amount":"49.90 EUR"}"#, "/amount", rule.to_owned()),
            (r#"{"amount":4990.0}"#, "/amount", rule.to_owned()),
            (r#"{"amount":null}"#, "/amount", rule.to_owned()),
            (r#"{"amount":true}"#, "/amount", rule.to_owned()),
            (r#"{}"#, "/amount", rule.to_owned()),
            (
                r#"{"currency":"KWD","items":[{"amount":1},{"amount":1.5}]}"#,
                "/items/1/amount",
                "a whole number of minor units (1 KWD is 1000) is expected: 1500, not 1.5".to_owned(),
            ),
            (
                r#"{"currency":"JPY","items":[{"amount":1.5}]}"#,
                "/items/0/amount",
                "a whole number is expected: JPY has no smaller unit".to_owned(),
            ),
            (r#"{"currency":"JPY","base_amount":1.5}"#, "/base_amount", cents(": 150, not 1.5")),
            (r#"{"a~b":{"c/d":0.5}}"#, "/a~0b/c~1d", cents(": 50, not 0.5")),
        ];
        for (body, place, told) in table {
            assert_eq!(expected(body.as_bytes(), place), told, "{body}");
        }
    }
}
