//! The id of a request, and what every answer has.

use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};

use crate::records::Id;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request; made when it comes in, shown by every answer.
#[derive(Clone)]
pub struct RequestId(pub Arc<str>);

/// A new id of a request.
pub fn new_id() -> Arc<str> {
    let mut random = [0u8; 10];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
    Id::new("req", chrono::Utc::now().timestamp_millis(), random).to_string().into()
}

/// Adds what every answer has.
pub fn add_headers(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
}

/// The id of a request.
pub fn request_id(request: &HttpRequest) -> Arc<str> {
    request.extensions().get::<RequestId>().map_or_else(|| "".into(), |id| id.0.clone())
}
