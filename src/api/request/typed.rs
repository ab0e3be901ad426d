//! Reading a body in which people's own words stand: what of them cannot be used is left aside and named in the
//! answer, and the rest counts. Nothing else is forgiven.
//!
//! Which fields are such is said by their types (`records::typed`); what stands here knows none by name.

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::api::request::body::{self, Fault};
use crate::api::request::plain::plain;
use crate::decide::people::customer::CustomerDetails;
use crate::refusal::Rejection;

/// What was left aside of a body. See the contract's `Ignored`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Ignored(Vec<LeftAside>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct LeftAside {
    pointer: String,
    detail: String,
}

impl Ignored {
    /// Names a guest whom nobody can know again, for what is told of him has no address. `pointer` is the place of the
    /// id, which is not given.
    pub fn name_unknowable(&mut self, is_named: bool, details: Option<&CustomerDetails>, pointer: &str) {
        if !is_named && details.is_some_and(CustomerDetails::tells_of_nobody) {
            let detail = "a guest is known again by an email or a phone; without one nothing else is kept".to_owned();
            self.0.push(LeftAside { pointer: format!("{pointer}_details"), detail });
        }
    }

    /// Whether a field was left aside.
    pub fn names(&self, pointer: &str) -> bool {
        self.0.iter().any(|aside| aside.pointer == pointer)
    }

    /// What was said of a field that was left aside goes with it: it was not said of what is known already.
    pub fn take_along<T>(&mut self, field: &str, pointer: &str, said: &mut Option<T>) {
        if self.names(field) && said.take().is_some() {
            let detail = "this was said of what was left aside".to_owned();
            self.0.push(LeftAside { pointer: pointer.to_owned(), detail });
        }
    }
}

/// Reads a body. A field that is left aside is as if it had not been sent.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Ignored), Rejection> {
    let mut ignored = Ignored::default();
    let mut rest: Option<Vec<u8>> = None;
    loop {
        let (pointer, detail) = match body::read_or_fault(rest.as_deref().unwrap_or(body)) {
            Ok(read) => {
                // In whatever order the fields came: the same request is the same answer.
                ignored.0.sort_by(|one, other| one.pointer.cmp(&other.pointer));
                return Ok((read, ignored));
            }
            Err(Fault::Refused(rejection)) => return Err(rejection),
            Err(Fault::LeftAside { pointer, detail }) => (pointer, detail),
        };
        if rest.is_none() {
            refuse_twice(body)?;
        }
        rest = Some(without(rest.as_deref().unwrap_or(body), &pointer)?);
        ignored.0.push(LeftAside { pointer, detail });
    }
}

/// A body without one of its fields.
fn without(body: &[u8], pointer: &str) -> Result<Vec<u8>, Rejection> {
    let mut value: Value = serde_json::from_slice(body).map_err(|error| body::not_json(&error))?;
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    let name = name.replace("~1", "/").replace("~0", "~");
    let found = value.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|fields| fields.remove(&name));
    match found {
        Some(_) => Ok(value.to_string().into_bytes()),
        None => Err(Rejection::field(pointer, "this cannot be used")),
    }
}

/// Refuses an object that gives a field twice: once it is read as a value, the last would count in silence.
fn refuse_twice(body: &[u8]) -> Result<(), Rejection> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let twice = |error: serde_json::Error| Rejection::field("", plain(body::without_place(&error.to_string())));
    Once.deserialize(&mut deserializer).map_err(twice)
}

/// Looks through any JSON for objects that give a field twice.
#[derive(Clone, Copy)]
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut given: Vec<String> = Vec::new();
        while let Some(name) = object.next_key::<String>()? {
            if given.contains(&name) {
                return Err(serde::de::Error::custom(format!("duplicate field `{name}`")));
            }
            given.push(name);
            object.next_value_seed(self)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::orders::record_conversion::RecordConversion;
    use crate::decide::people::upsert_customer::UpsertCustomer;

    fn order(details: &str) -> String {
        format!(r#"{{"order_id":"A","amount":1,"currency":"EUR","customer_details":{details}}}"#)
    }

    fn pointers(ignored: &Ignored) -> Vec<&str> {
        ignored.0.iter().map(|aside| aside.pointer.as_str()).collect()
    }

    #[test]
    fn what_cannot_be_used_is_named_and_the_rest_is_read() {
        let body = order(r#"{"email":" a@[127.0.0.1]","phone":"n/a","name":" Anna ","locale":"es-419"}"#);
        let (read, ignored) = read::<RecordConversion>(body.as_bytes()).expect("it is read");
        let details = read.customer_details.expect("details");
        assert_eq!((details.email, details.phone), (None, None));
        assert_eq!((details.name.as_deref(), details.locale.as_deref()), (Some("Anna"), Some("es")));
        assert_eq!(pointers(&ignored), ["/customer_details/email", "/customer_details/phone"]);
        assert!(ignored.0.iter().all(|aside| !aside.detail.contains("left aside") && !aside.detail.contains("127")));
    }

    #[test]
    fn what_is_blank_is_not_named() {
        let body = order(r#"{"email":"","phone":" ","name":"\t","locale":""}"#);
        let (read, ignored) = read::<RecordConversion>(body.as_bytes()).expect("it is read");
        assert_eq!(read.customer_details, Some(CustomerDetails::default()));
        assert_eq!(ignored, Ignored::default());
    }

    #[test]
    fn what_cannot_be_used_clears_nothing() {
        let body = br#"{"email":"x","phone":"","name":null}"#;
        let (read, ignored) = read::<UpsertCustomer>(body).expect("it is read");
        assert_eq!((read.email, read.phone, read.name), (None, None, Some(None)));
        assert_eq!(pointers(&ignored), ["/email"]);
    }

    #[test]
    fn what_developers_write_stays_strict() {
        let table = [
            (order(r#"{"phone":"-","fax":"1"}"#), "unknown_field"),
            (order(r#"{"phone":"-","email":5}"#), "invalid_field"),
            (order(r#"{"phone":5}"#), "invalid_field"),
            (order(r#"{"phone":"-","phone":"030 1234567"}"#), "invalid_field"),
            (order(r#"{"phone":"-","attributes":{"x":1,"x":2}}"#), "invalid_field"),
            (
                r#"{"order_id":"A","amount":1,"currency":"eur","customer_details":{"phone":"-"}}"#.to_owned(),
                "invalid_field",
            ),
            (
                r#"{"order_id":"A","amount":1e999,"currency":"EUR","customer_details":{"phone":"-"}}"#.to_owned(),
                "invalid_json",
            ),
            (
                r#"{"order_id":"A","amount":1,"currency":"EUR","amount":2,"customer_details":{"phone":"-"}}"#
                    .to_owned(),
                "invalid_field",
            ),
        ];
        for (body, code) in table {
            let fault = read::<RecordConversion>(body.as_bytes()).expect_err(&body);
            assert_eq!(fault.code.as_str(), code, "{body}: {}", fault.detail);
        }
    }
}
