//! The texts of the requests that are measured, and what is kept of their answers.

use std::cell::RefCell;
use std::rc::Rc;

use crate::load::{Make, Take};

const PERSON: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/// Spreads consecutive numbers over so many places.
pub fn pick(number: u64, places: usize) -> usize {
    usize::try_from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap_or(0) % places.max(1)
}

/// A cart with a code.
pub fn cart(code: &str, order: &str) -> String {
    format!(r#"{{"codes":["{code}"],"order_id":"{order}","currency":"EUR","amount":4990,"shipping_amount":490}}"#)
}

/// A cart for which a code is set aside.
pub fn held_cart(code: &str, cart: &str) -> String {
    format!(r#"{{"codes":["{code}"],"cart_id":"{cart}","currency":"EUR","amount":4990,"ttl_seconds":86400}}"#)
}

/// A person opens a share's link.
pub fn opening(token: &str) -> String {
    format!("GET /s/{token} HTTP/1.1\r\nHost: go.shop.example\r\nUser-Agent: {PERSON}\r\nAccept: text/html\r\n\r\n")
}

/// An order of a guest whom nobody knows yet, and who came by a share.
pub fn order(secret: &str, kind: &str, number: u64, token: &str) -> String {
    let body = format!(
        r#"{{"order_id":"{kind}-{number}","customer_details":{{"email":"{kind}-{number}@mail.example"}},"amount":4990,"currency":"EUR","evidence":{{"token":"{token}"}}}}"#
    );
    request("POST", "/v1/conversions", secret, Some(&format!("{kind}-{number}")), &body)
}

/// Makes customers; each is a person, by an address of their own.
pub fn customer(secret: &str, prefix: &'static str) -> Make {
    let secret = secret.to_owned();
    Rc::new(move |n| {
        let body = format!(r#"{{"email":"{prefix}-{n}@mail.example"}}"#);
        request("PUT", &format!("/v1/customers/{prefix}-{n}"), &secret, None, &body)
    })
}

/// Makes things at a path, each under a key of its own.
pub fn post(secret: &str, path: &'static str, body: impl Fn(u64) -> String + 'static) -> Make {
    let secret = secret.to_owned();
    Rc::new(move |n| request("POST", path, &secret, Some(&ulid::Ulid::generate().to_string()), &body(n)))
}

/// A request, as it goes over the wire.
pub fn request(method: &str, path: &str, secret: &str, key: Option<&str>, body: &str) -> String {
    let key = key.map_or_else(String::new, |key| format!("Idempotency-Key: {key}\r\n"));
    let content = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n{key}{content}\r\n{body}")
}

/// Keeps a text field of each answer.
pub fn field(name: &str, kept: &Rc<RefCell<Vec<String>>>) -> Take {
    let (mark, kept) = (format!("\"{name}\":\""), kept.clone());
    Rc::new(move |_, body| {
        if let Some((value, _)) = body.split_once(&mark).and_then(|(_, rest)| rest.split_once('"')) {
            kept.borrow_mut().push(value.to_owned());
        }
    })
}
