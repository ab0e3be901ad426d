//! Bodies come as they are.

use actix_web::http::header::{CONTENT_ENCODING, HeaderMap};

use crate::api::answer::problem::Problem;
use crate::refusal::Code;

/// Refuses a body that is compressed.
pub fn refuse_encoded(headers: &HeaderMap) -> Result<(), Problem> {
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send the body as it is, without Content-Encoding."));
    }
    Ok(())
}
