//! What the log says of requests: a line for each that is refused or fails, and, where it is asked for, one for each
//! write. It is found by the id that the answer shows, and names who asked by our own id. Nothing of what was sent is
//! in it, neither path nor body nor address.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use actix_web::dev::ServiceResponse;
use actix_web::{HttpMessage, HttpRequest};
use tracing::Span;
use tracing::field::Empty;

use crate::api::answer::problem::Refused;
use crate::api::request::operation::{KeyRule, Operation};
use crate::records::Id;
use crate::refusal::Code;
use crate::telemetry::SPANS;
use crate::telemetry::spans::TRACEPARENT;

/// Lines of a second about those of whom nobody knows who they are: they must not fill a disk.
const STRANGERS: u32 = 20;

/// What was asked, as far as it is known, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    operation: &'static str,
    is_write: bool,
    /// The caller, and the shop.
    by: Option<(Id, Id)>,
}

impl Asked {
    /// An operation, and who asks for it where that was found out.
    pub fn of(operation: &Operation, by: Option<(Id, Id)>) -> Self {
        let is_write = operation.method != "GET" && operation.key != KeyRule::Ignored;
        Self { operation: operation.id, is_write, by }
    }

    /// One that is open to everybody.
    pub fn public(operation: &'static str) -> Self {
        Self { operation, is_write: false, by: None }
    }

    /// Notes it with its request.
    pub fn note(self, request: &HttpRequest) {
        request.extensions_mut().insert(self);
    }
}

/// Says in the log what became of a request.
pub fn tell<B>(strangers: &Strangers, tells_writes: bool, response: &ServiceResponse<B>, id: &str, came: Instant) {
    let asked = response.request().extensions().get::<Asked>().copied();
    let refused = response.response().extensions().get::<Refused>().cloned();
    let is_write = tells_writes && asked.is_some_and(|asked| asked.is_write);
    if refused.is_none() && !is_write {
        return;
    }
    let by = asked.and_then(|asked| asked.by);
    let status = response.status().as_u16();
    let line = Line { id, asked, status, ms: u64::try_from(came.elapsed().as_millis()).unwrap_or(u64::MAX) };
    match refused {
        Some(_) if by.is_none() && !strangers.may_be_told(Instant::now()) => {}
        Some(refused) => line.refused(&refused),
        None => line.written(),
    }
}

/// The span of a request, for its trace.
pub fn span(request: &HttpRequest, id: &str) -> Span {
    let caller = || request.headers().get(TRACEPARENT).and_then(|said| said.to_str().ok()).unwrap_or_default();
    tracing::debug_span!(
        target: SPANS, "request", request_id = id, method = request.method().as_str(), operation = Empty, status = Empty,
        code = Empty, traceparent = caller()
    )
}

/// Notes in the span of a request what became of it.
pub fn close<B>(span: &Span, response: &ServiceResponse<B>) {
    if span.is_disabled() {
        return;
    }
    span.record("status", response.status().as_u16());
    if let Some(asked) = response.request().extensions().get::<Asked>() {
        span.record("operation", asked.operation);
    }
    if let Some(refused) = response.response().extensions().get::<Refused>() {
        span.record("code", refused.code.as_str());
    }
}

struct Line<'r> {
    id: &'r str,
    asked: Option<Asked>,
    status: u16,
    ms: u64,
}

/// A line at a level; what is not known is left out.
macro_rules! line {
    ($level:ident, $line:expr, $text:literal $(, $more:tt)*) => {{
        let by = $line.asked.and_then(|asked| asked.by);
        tracing::$level!(
            request_id = $line.id, operation = $line.asked.map(|asked| asked.operation), status = $line.status,
            by = by.map(|(by, _)| display(by)), shop = by.map(|(_, shop)| display(shop)), ms = $line.ms,
            $($more,)* $text
        )
    }};
}

impl Line<'_> {
    fn refused(&self, refused: &Refused) {
        let (code, cause) = (refused.code.as_str(), refused.cause.as_ref().map(|cause| cause.0.as_str()));
        match (refused.code, self.status) {
            (Code::Internal, _) => line!(error, self, "a request failed", code, cause),
            (_, 500..) => line!(warn, self, "a request failed", code, cause),
            _ => line!(info, self, "a request was refused", code, cause),
        }
    }

    fn written(&self) {
        line!(info, self, "a write was done");
    }
}

/// How many of those of whom nobody knows who they are were told of lately.
#[derive(Default)]
pub struct Strangers(Mutex<Second>);

#[derive(Default)]
struct Second {
    since: Option<Instant>,
    told: u32,
    left_out: u32,
}

impl Strangers {
    /// Whether there is room for another line; says how many there were without, once there is.
    pub fn may_be_told(&self, now: Instant) -> bool {
        let (may, left_out) = self.count(now);
        if left_out > 0 {
            tracing::info!(left_out, "so many requests of strangers were refused without a line of their own");
        }
        may
    }

    fn count(&self, now: Instant) -> (bool, u32) {
        let mut second = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = second.since.is_none_or(|since| now.saturating_duration_since(since) >= Duration::from_secs(1));
        let left_out = if is_over { second.left_out } else { 0 };
        if is_over {
            *second = Second { since: Some(now), ..Second::default() };
        }
        let may = second.told < STRANGERS;
        match may {
            true => second.told += 1,
            false => second.left_out += 1,
        }
        (may, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_have_so_many_lines_a_second() {
        let (strangers, start) = (Strangers::default(), Instant::now());
        let told = |after_ms: u64, times: u32| {
            let now = start + Duration::from_millis(after_ms);
            let counted: Vec<(bool, u32)> = (0..times).map(|_| strangers.count(now)).collect();
            (counted.iter().filter(|(may, _)| *may).count(), counted.iter().map(|(_, left_out)| left_out).sum::<u32>())
        };
        assert_eq!(told(0, 10), (10, 0));
        assert_eq!(told(999, 15), (10, 0));
        assert_eq!(told(1_000, 25), (20, 5));
        assert_eq!(told(9_000, 1), (1, 5));
        assert_eq!(told(10_000, 1), (1, 0));
    }
}
