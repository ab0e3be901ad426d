//! Reading a JSON body: typed, strict, and with a sentence for each fault.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::api::request::amounts;
use crate::api::request::plain::plain;
use crate::api::request::strict::Strict;
use crate::records::money::WHOLE_AMOUNT;
use crate::records::spelling::nearest;
use crate::records::text::NOT_SUPPORTED;
use crate::records::typed::LEFT_ASIDE;
use crate::refusal::{Code, Rejection};

/// Why a body does not fit.
pub enum Fault {
    /// It cannot be taken.
    Refused(Rejection),
    /// It can, without a field that somebody typed.
    LeftAside {
        /// The field's place.
        pointer: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// Reads a body; nothing is left aside.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Rejection> {
    read_or_fault(body).map_err(|fault| match fault {
        Fault::Refused(rejection) => rejection,
        Fault::LeftAside { pointer, detail } => Rejection::field(pointer, detail),
    })
}

/// The same; a field that may be left aside is told apart.
pub fn read_or_fault<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    let body = checked(body).map_err(Fault::Refused)?;
    read_of(body, body)
}

/// Reads an object in JSON that was made of what was sent, which is what a fault speaks of.
pub fn read_of<T: DeserializeOwned>(body: &[u8], sent: &[u8]) -> Result<T, Fault> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(Strict(&mut deserializer)).map_err(|error| {
        let message = error.inner().to_string();
        match without_place(&message).strip_prefix(LEFT_ASIDE) {
            Some(detail) => Fault::LeftAside { pointer: pointer(error.path()), detail: detail.to_owned() },
            None => Fault::Refused(explain(sent, error.path(), error.inner())),
        }
    })
}

/// The body, when it is an object in JSON.
fn checked(body: &[u8]) -> Result<&[u8], Rejection> {
    let body: &[u8] = if body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { body };
    if std::str::from_utf8(body).is_err() {
        return Err(Rejection::new(Code::InvalidJson, "The body is not UTF-8."));
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(body) {
        return Err(not_json(&error));
    }
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Rejection::field("", "a JSON object is expected"));
    }
    refuse_nul(body)?;
    Ok(body)
}

/// A body that is no JSON.
pub fn not_json(error: &serde_json::Error) -> Rejection {
    Rejection::new(Code::InvalidJson, format!("The body is not JSON: {error}."))
}

/// What a library says, without where it stood.
pub fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text)
}

/// Whether a body says nothing: it is blank, or an object without a field.
pub fn says_nothing(body: &[u8]) -> bool {
    let fields = || serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(body);
    body.iter().all(u8::is_ascii_whitespace) || fields().is_ok_and(|fields| fields.is_empty())
}

/// U+0000 cannot be stored as text (PostgreSQL), nor as a key.
fn refuse_nul(body: &[u8]) -> Result<(), Rejection> {
    let may_have = body.windows(6).any(|window| window.eq_ignore_ascii_case(b"\\u0000"));
    let has = may_have && serde_json::from_slice::<Value>(body).is_ok_and(|value| has_nul(&value));
    if has {
        return Err(Rejection::new(Code::InvalidField, "The character U+0000 cannot be stored; leave it out."));
    }
    Ok(())
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// The words of a message of serde's that stand in quotes.
fn words(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// Why a body that is JSON does not fit.
fn explain(sent: &[u8], path: &Path, error: &serde_json::Error) -> Rejection {
    let message = error.to_string();
    let message = without_place(&message);
    // A word was expected, and there is none.
    let has_no_word = message == "expected value";
    if error.classify() != Category::Data && !has_no_word {
        return not_json(error);
    }
    let pointer = pointer(path);
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        let place = if pointer.ends_with(&format!("/{quoted}")) { pointer } else { format!("{pointer}/{quoted}") };
        let advice = match nearest(quoted, words(message).skip(1)) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "the contract lists the fields.".to_owned(),
        };
        return Rejection::at(Code::UnknownField, place, format!("There is no field {quoted}; {advice}"));
    }
    if message == NOT_SUPPORTED {
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        return Rejection::not_supported(pointer, &format!("The field {name}"));
    }
    if message.starts_with("missing field") {
        return Rejection::field(format!("{pointer}/{quoted}"), "this field is required");
    }
    if message.ends_with(WHOLE_AMOUNT) {
        let expected = amounts::expected(sent, &pointer);
        return Rejection::field(pointer, expected);
    }
    Rejection::field(pointer, plain(message))
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// JSON with its keys in order, so that blanks and the order of fields do not matter. What is not
/// JSON is taken as it is; it will be refused anyway.
pub fn canonical(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            let mut out = String::with_capacity(body.len());
            write(&value, &mut out);
            out.into_bytes()
        }
        Err(_) => body.to_vec(),
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(&fields[key], out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::checkout::cart::Cart;
    use crate::decide::orders::record_conversion::RecordConversion;
    use crate::decide::people::upsert_customer::UpsertCustomer;
    use crate::decide::programs::create_program::CreateProgram;

    #[test]
    fn each_fault_has_its_code_and_place() {
        let table = [
            ("{", "invalid_json", ""),
            ("[1", "invalid_json", ""),
            ("[\"A\",1,\"EUR\"]", "invalid_field", ""),
            (r#"{"order_id":"A","amount":1.5,"currency":"EUR"}"#, "invalid_field", "/amount"),
            (r#"{"order_id":"A","amount":"5","currency":"EUR"}"#, "invalid_field", "/amount"),
            (r#"{"order_id":"A","amount":-1,"currency":"EUR"}"#, "invalid_field", "/amount"),
            (r#"{"order_id":"A","amount":1,"currency":"eur"}"#, "invalid_field", "/currency"),
            (r#"{"order_id":"A","currency":"EUR"}"#, "invalid_field", "/amount"),
            (r#"{"order_id":"A","amount":1,"currency":"EUR","x":1}"#, "unknown_field", "/x"),
            (r#"{"order_id":"A","amount":1,"currency":"EUR","signals":{}}"#, "not_supported", "/signals"),
            (r#"{"order_id":"A","amount":1,"currency":"EUR","kind":"Renewal"}"#, "invalid_field", "/kind"),
            (r#"{"order_id":"A","amount":1,"currency":"EUR","evidence":{"x":1}}"#, "unknown_field", "/evidence/x"),
            (r#"{"order_id":"A\u0000","amount":1,"currency":"EUR"}"#, "invalid_field", ""),
            (r#"{"order_id":"A","amount":1,"currency":"EUR"} x"#, "invalid_json", ""),
        ];
        for (body, code, place) in table {
            let fault = read::<RecordConversion>(body.as_bytes()).expect_err(body);
            assert_eq!(fault.code.as_str(), code, "{body}");
            assert_eq!(fault.errors.first().map_or("", |error| error.pointer.as_str()), place, "{body}");
        }
    }

    fn detail<T: DeserializeOwned>(body: &str) -> String {
        read::<T>(body.as_bytes()).err().unwrap_or_else(|| panic!("it is taken: {body}")).detail
    }

    #[test]
    fn each_fault_is_told_in_plain_words() {
        let order =
            |field: &str| detail::<RecordConversion>(&format!(r#"{{"order_id":"A","currency":"EUR",{field}}}"#));
        let customer = |field: &str| detail::<UpsertCustomer>(&format!("{{{field}}}"));
        let cart = |field: &str| detail::<Cart>(&format!("{{{field}}}"));
        let program = |field: &str| detail::<CreateProgram>(&format!("{{{field}}}"));
        let table = [
            (
                order(r#""amount":"5""#),
                "/amount: a whole number of minor units (cents) is expected, as a number without quotes.",
            ),
            (
                order(r#""amount":49.90"#),
                "/amount: a whole number of minor units (cents) is expected: 4990, not 49.90.",
            ),
            (order(r#""amount":null"#), "/amount: a whole number of minor units (cents) is expected."),
            (
                cart(r#""codes":[{"code":"A","amount":"20.00"}]"#),
                "/codes/0/amount: a whole number of minor units (cents) is expected: 2000, not 20.00.",
            ),
            (
                program(r#""rewards":[{"to":"friend","amount":0.5}]"#),
                "/rewards/0/amount: a whole number of minor units (cents) is expected: 50, not 0.5.",
            ),
            (order(r#""amount":1,"amount":2"#), "The body: the field amount is given twice; give it once."),
            (order(r#""amount":1,"paid":"yes, expected u32""#), "/paid: true or false is expected."),
            (order(r#""amount":1,"items":{}"#), "/items: a list is expected."),
            (order(r#""amount":1,"items":[1]"#), "/items/0: an object is expected."),
            (order(r#""amount":1,"evidence":[]"#), "/evidence: an object is expected."),
            (order(r#""amount":1,"customer":5"#), "/customer: a text is expected; send \"5\"."),
            (order(r#""amount":1,"customer":true"#), "/customer: a text is expected."),
            (order(r#""ammount":1"#), "There is no field ammount; did you mean amount?"),
            (order(r#""amount":1,"item":[]"#), "There is no field item; did you mean items?"),
            (order(r#""amount":1,"total":1"#), "There is no field total; the contract lists the fields."),
            (customer(r#""phone":49"#), "/phone: a text is expected; send \"49\"."),
            (customer(r#""attributes":[]"#), "/attributes: an object is expected."),
            (
                customer(r#""attributes":{"size":[1]}"#),
                "/attributes/size: a text of at most 500 characters, a whole number, or true or false is expected.",
            ),
            (cart(r#""codes":[1]"#), "/codes/0: a code, or an object of code and amount is expected."),
            (program(r#""approval":"nope""#), "/approval: one of auto, manual is expected."),
            (program(r#""approval":5"#), "/approval: one of the words that the contract lists is expected."),
            (program(r#""approval":{"auto":1}"#), "/approval: one of the words that the contract lists is expected."),
            (program(r#""rewards":[{"to":"nobody"}]"#), "/rewards/0/to: one of advocate, friend is expected."),
        ];
        for (told, expected) in table {
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn a_body_says_nothing_when_it_has_no_field() {
        for body in ["", " \n", "{}", " { } "] {
            assert!(says_nothing(body.as_bytes()), "{body:?}");
        }
        for body in ["{\"a\":null}", "[]", "null", "x", "{", "\0"] {
            assert!(!says_nothing(body.as_bytes()), "{body:?}");
        }
    }

    #[test]
    fn the_order_of_fields_does_not_matter() {
        assert_eq!(
            canonical(b"{\"b\": 1, \"a\": [ {\"d\":1,\"c\":2} ]}"),
            canonical(b"{\"a\":[{\"c\":2,\"d\":1}],\"b\":1}")
        );
        assert_ne!(canonical(b"{\"a\":1}"), canonical(b"{\"a\":2}"));
    }
}
