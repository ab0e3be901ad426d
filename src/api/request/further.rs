//! What else is wrong with a body, behind its first fault.
//!
//! Reading stops at the first fault. To look on, that field is left out, or something that fits is put in its place, and
//! the body is read again. So all that is told is of what was sent: where nothing fits, nothing further is looked for.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::api::request::body::{Fault, read_of};
use crate::refusal::{Code, Fault as Told, Rejection};

/// Faults that are told at once.
const MOST: usize = 20;
/// How often a body is read for it.
const READINGS: usize = 100;
/// Of a longer body only the first fault is told, bytes.
const LONGEST: usize = 32_768;

/// The refusal of a body with its further faults; the first one stays its sentence.
pub fn with_others<T: DeserializeOwned>(body: &[u8], first: Rejection) -> Rejection {
    let is_of_fields = matches!(first.code, Code::InvalidField | Code::UnknownField | Code::NotSupported);
    let value = serde_json::from_slice::<Value>(body).ok().filter(|_| is_of_fields && body.len() <= LONGEST);
    let (Some(value), [fault]) = (value, first.errors.as_slice()) else { return first };
    let mut search = Search { sent: body, value, left: READINGS };
    let (mut errors, mut at) = (vec![fault.clone()], fault.clone());
    while errors.len() < MOST
        && let Some(next) = search.behind::<T>(&at)
    {
        // What was left out may be missed at the end of its object: it is mended once more, and not told again.
        if errors.iter().all(|told| told.pointer != next.pointer) {
            errors.push(next.clone());
        }
        at = next;
    }
    Rejection { errors, ..first }
}

/// A body on its way to one without a fault.
struct Search<'a> {
    sent: &'a [u8],
    value: Value,
    left: usize,
}

impl Search<'_> {
    /// Mends a fault, and answers the next one.
    fn behind<T: DeserializeOwned>(&mut self, fault: &Told) -> Option<Told> {
        let (parent, name) = fault.pointer.rsplit_once('/')?;
        let (parent, name) = (parent.to_owned(), name.replace("~1", "/").replace("~0", "~"));
        let word = fault.detail.strip_prefix("one of ").and_then(|words| words.split([',', ' ']).next());
        let fillings = [
            json!("x"),
            json!(1),
            json!(true),
            json!([]),
            json!({}),
            json!("EUR"),
            json!("de"),
            json!("2026-01-01T00:00:00.000Z"),
            json!("https://shop.example/"),
        ];
        let tries = std::iter::once(None).chain(word.map(|word| json!(word)).into_iter().chain(fillings).map(Some));
        for filling in tries {
            put(self.value.pointer_mut(&parent)?, &name, filling)?;
            match self.read::<T>() {
                Reading::Whole => return None,
                Reading::Next(next) if !is_near(&fault.pointer, &next.pointer) => return Some(next),
                Reading::Next(_) => {}
                Reading::Over => return None,
            }
        }
        None
    }

    /// Reads the body as it stands. What somebody typed and is left aside is no fault.
    fn read<T: DeserializeOwned>(&mut self) -> Reading {
        while self.left > 0 {
            self.left -= 1;
            match read_of::<T>(self.value.to_string().as_bytes(), self.sent) {
                Ok(_) => return Reading::Whole,
                Err(Fault::Refused(refused)) => {
                    return refused.errors.into_iter().next().map_or(Reading::Over, Reading::Next);
                }
                Err(Fault::LeftAside { pointer, .. }) => {
                    let taken = pointer.rsplit_once('/').and_then(|(parent, name)| {
                        put(self.value.pointer_mut(parent)?, &name.replace("~1", "/").replace("~0", "~"), None)
                    });
                    if taken.is_none() {
                        return Reading::Over;
                    }
                }
            }
        }
        Reading::Over
    }
}

/// What came of reading once more.
enum Reading {
    /// Nothing else is wrong.
    Whole,
    /// This is.
    Next(Told),
    /// It cannot be told.
    Over,
}

/// Puts something into a place, or leaves the place out. An element of a list is never left out: the others would move.
fn put(parent: &mut Value, name: &str, filling: Option<Value>) -> Option<()> {
    match (parent, filling) {
        (Value::Object(fields), Some(filling)) => drop(fields.insert(name.to_owned(), filling)),
        (Value::Object(fields), None) => drop(fields.remove(name)),
        (Value::Array(items), Some(filling)) => *items.get_mut(name.parse::<usize>().ok()?)? = filling,
        (Value::Array(_), None) => {}
        _ => return None,
    }
    Some(())
}

/// Whether a fault follows from what was put into a place: it is there, within it, or around it.
fn is_near(place: &str, fault: &str) -> bool {
    let is_within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    place == fault || is_within(place, fault) || is_within(fault, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::request::body;
    use crate::decide::checkout::cart::Cart;
    use crate::decide::orders::record_conversion::RecordConversion;
    use crate::decide::programs::create_program::CreateProgram;

    fn told<T: DeserializeOwned>(body: &str) -> Rejection {
        let first = body::read::<T>(body.as_bytes()).err().unwrap_or_else(|| panic!("it is taken: {body}"));
        with_others::<T>(body.as_bytes(), first)
    }

    fn pointers<T: DeserializeOwned>(body: &str) -> Vec<String> {
        told::<T>(body).errors.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn each_wrong_field_is_told() {
        let order = r#"{"order_id":7,"amount":"49.90","currency":"eur","ammount":1,"items":[{"id":"1","amount":1.5},
                        {"id":"2","amount":"3.50"},5],"paid":"yes","evidence":{"tokn":"x"}}"#;
        let expected = [
            "/order_id",
            "/ammount",
            "/amount",
            "/currency",
            "/evidence/tokn",
            "/items/0/amount",
            "/items/1/amount",
            "/items/2",
        ];
        // No item can be put in the place of the last: nothing behind it is looked for.
        assert_eq!(pointers::<RecordConversion>(order), expected);
        let amounts =
            told::<RecordConversion>(order).errors.into_iter().filter(|fault| fault.pointer.ends_with("/amount"));
        let said: Vec<String> = amounts.map(|fault| fault.detail).collect();
        assert!(said[0].ends_with(": 4990, not 49.90") && said[1].ends_with(": 150, not 1.5"), "{said:?}");
        let mut missing = pointers::<RecordConversion>("{}");
        missing.sort();
        assert_eq!(missing, ["/amount", "/currency", "/order_id"]);
        let program = r#"{"name":5,"approval":"nope","rewards":[{"to":"nobody","kind":"milestone","on":5}]}"#;
        assert_eq!(pointers::<CreateProgram>(program)[..2], ["/name", "/approval"]);
        let cart = r#"{"amount":1,"currency":"EUR","codes":[1,{"code":2},{"code":"A","amount":"x"}],"visitor":5}"#;
        assert_eq!(pointers::<Cart>(cart), ["/codes/0", "/codes/1/code", "/codes/2/amount", "/visitor"]);
    }

    /// The first stays what it was, and what is right is never told.
    #[test]
    fn one_wrong_field_is_told_alone() {
        for body in [
            r#"{"order_id":"A","amount":1.5,"currency":"EUR"}"#,
            r#"{"order_id":"A","amount":1,"currency":"EUR","x":1}"#,
            r#"{"order_id":"A","currency":"EUR"}"#,
            r#"{"order_id":"A","amount":1,"currency":"EUR","items":{}}"#,
            r#"{"order_id":"A","amount":1,"currency":"EUR","items":[1]}"#,
            r#"{"order_id":"A","amount":1,"amount":2,"currency":"eur"}"#,
            "[1]",
            "{",
        ] {
            let first = body::read::<RecordConversion>(body.as_bytes()).expect_err(body);
            assert_eq!(with_others::<RecordConversion>(body.as_bytes(), first.clone()), first, "{body}");
        }
    }

    #[test]
    fn very_many_are_told_in_part() {
        let items = |count: usize| vec![r#"{"id":1,"amount":"x","quantity":[],"sku":7}"#; count].join(",");
        let body = |count| format!(r#"{{"order_id":"A","amount":1,"currency":"EUR","items":[{}]}}"#, items(count));
        assert_eq!(told::<RecordConversion>(&body(50)).errors.len(), MOST);
        assert_eq!(told::<RecordConversion>(&body(5_000)).errors.len(), 1, "it is long");
        assert_eq!(told::<RecordConversion>(&body(600)).errors.len(), MOST, "as long as one may be");
    }
}
