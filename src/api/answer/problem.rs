//! What every refusal looks like: problem details (RFC 9457).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;

use crate::engine::Failure;
use crate::refusal::{Code, Fault, Rejection};
use crate::store::StoreError;
use crate::world::Stop;

/// Seconds after which a caller may come again when we are busy.
pub(in crate::api) const COME_AGAIN: u64 = 1;

/// A refusal on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Code, sentence and faults.
    pub rejection: Rejection,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
    /// `Allow`, for 405.
    pub allow: Option<String>,
    /// The OAuth error code (RFC 6749), for token requests.
    pub oauth: Option<&'static str>,
    /// What went wrong on our side, for the log alone.
    pub cause: Option<Box<Cause>>,
}

/// What went wrong on our side. In a box: most problems have none.
#[derive(Clone, Debug)]
pub struct Cause(pub String);

/// What the log is told of an answer that is a refusal.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Its code.
    pub code: Code,
    /// What went wrong on our side.
    pub cause: Option<Box<Cause>>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Fault],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
}

impl Problem {
    /// A refusal with its sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Rejection::new(code, detail).into()
    }

    /// What the path names does not exist, in this shop.
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "There is nothing here under this id. Ids are those of this shop, and paths are percent-encoded.",
        )
    }

    /// A fault of ours, which the log tells of.
    pub fn internal() -> Self {
        Self::new(
            Code::Internal,
            "Something broke on our side. It was noted; repeat the request with the same Idempotency-Key.",
        )
    }

    /// With what went wrong on our side.
    #[must_use]
    pub fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(Box::new(Cause(cause.into()))), ..self }
    }

    /// The answer to send.
    pub fn response(&self, public_url: &str, instance: &str, request_id: &str) -> HttpResponse {
        let code = self.rejection.code;
        let body = Body {
            r#type: format!("{public_url}/docs/errors/{}", code.as_str()),
            title: code.title(),
            status: code.status(),
            detail: &self.rejection.detail,
            instance,
            code: code.as_str(),
            request_id,
            errors: &self.rejection.errors,
            error: self.oauth,
            error_description: self.oauth.map(|_| self.rejection.detail.as_str()),
        };
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        response.content_type("application/problem+json");
        response.insert_header(("Cache-Control", "no-store"));
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((ALLOW, allow.clone()));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        let mut response = response.body(serde_json::to_string(&body).unwrap_or_default());
        response.extensions_mut().insert(Refused { code, cause: self.cause.clone() });
        response
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let retry_after = (rejection.code.status() == 503).then_some(COME_AGAIN);
        Self { rejection, retry_after, allow: None, oauth: None, cause: None }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(rejection) => rejection.into(),
            Failure::Busy => {
                Self::new(Code::Busy, "Too much waits for this shop; nothing happened. Come again after Retry-After.")
            }
            Failure::Unavailable => Self::new(
                Code::Unavailable,
                "The database cannot be reached or written; nothing happened. /readyz says why; come again after Retry-After.",
            ),
            Failure::OutcomeUnknown => Self::new(
                Code::OutcomeUnknown,
                "The database was lost while it saved. Repeat with the same Idempotency-Key: it happens once.",
            ),
            Failure::Taken => {
                let cause = "the database refused a command: what it would make is there already".to_owned();
                Self::internal().because(cause)
            }
            Failure::Internal => Self::internal(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let cause = (!error.is_told()).then(|| Box::new(Cause(error.to_string())));
        let problem = match error {
            StoreError::BadColumn(_) => Self::internal(),
            StoreError::Obstacle(_) => Self::from(Failure::Unavailable),
            _ => Self::new(Code::Unavailable, "The database did not answer in time. Come again after Retry-After."),
        };
        Self { cause, ..problem }
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(rejection) => rejection.into(),
            Stop::Missing => Self::internal(),
        }
    }
}
