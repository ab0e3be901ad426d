//! The one style of our pages, and what browsers are told of every page: it loads nothing, runs nothing,
//! sends nothing, stands in no frame, and this style is all that it has.

use std::sync::LazyLock;

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The style, as it stands in a page's `<style>`.
pub const STYLE: &str = include_str!("../../templates/page.css");

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const IN_NO_FRAME: HeaderValue = HeaderValue::from_static("DENY");
const TOLD_NOTHING: HeaderValue = HeaderValue::from_static("no-referrer");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy("'none'"));
static FORM_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy("'self'"));

/// By the hash of the style (Content Security Policy 3), so that what somebody smuggles in has none.
fn policy(forms_go_to: &str) -> HeaderValue {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action {forms_go_to}; frame-ancestors 'none'"
    );
    HeaderValue::from_maybe_shared(policy.into_bytes()).expect("a hash is ASCII")
}

/// What browsers are told of a page with a button, which asks us again.
pub(super) fn with_form() -> HeaderValue {
    FORM_POLICY.clone()
}

/// Adds what browsers are told of a page.
pub fn add(headers: &mut HeaderMap) {
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    }
    headers.insert(X_FRAME_OPTIONS, IN_NO_FRAME);
    headers.insert(OPENER, SAME_ORIGIN);
    if !headers.contains_key(REFERRER_POLICY) {
        headers.insert(REFERRER_POLICY, TOLD_NOTHING);
    }
}
