//! Gathers spans as they open and close. A trace begins with a request, at one in so many; what belongs to none is
//! nobody's.

use std::fmt;
use std::time::SystemTime;

use tokio::sync::mpsc::Sender;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// What a trace begins with.
pub const ROOT: &str = "request";
/// The field with what a caller says that its trace is (W3C Trace Context).
pub const TRACEPARENT: &str = "traceparent";
/// The field that tells what it is, where its name does not.
const NAMED_BY: &str = "operation";

/// What a span is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its trace.
    pub trace: u128,
    /// Itself.
    pub span: u64,
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// Words.
    Text(String),
    /// A number.
    Number(i64),
    /// Whether it is so.
    Flag(bool),
}

/// A span.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Where it is.
    pub place: Place,
    /// The one that it is part of.
    pub parent: Option<u64>,
    /// What it is.
    pub name: String,
    /// When it began.
    pub begun: SystemTime,
    /// When it ended.
    pub ended: SystemTime,
    /// What is known of it.
    pub fields: Vec<(&'static str, Said)>,
    /// What it has to do with, elsewhere.
    pub links: Vec<Place>,
}

/// Listens to spans.
pub struct Spans {
    out: Sender<Span>,
    /// Of how many requests one is traced, as a share.
    share: f64,
}

impl Spans {
    /// Sends spans that have ended; what nobody takes in time is lost.
    pub fn new(out: Sender<Span>, share: f64) -> Self {
        Self { out, share }
    }

    /// Where a request is: in the trace of its caller, if that says so.
    fn root(&self, fields: &mut Vec<(&'static str, Said)>) -> Option<(Place, Option<u64>)> {
        let at = fields.iter().position(|(name, _)| *name == TRACEPARENT);
        let said = at.map(|at| fields.swap_remove(at).1);
        let known = match said {
            Some(Said::Text(said)) => traceparent(&said),
            _ => None,
        };
        if rand::random::<f64>() >= self.share {
            return None;
        }
        let span = rand::random();
        Some(match known {
            Some(caller) => (Place { trace: caller.trace, span }, Some(caller.span)),
            None => (Place { trace: rand::random(), span }, None),
        })
    }
}

/// `00-TRACE-SPAN-FLAGS`, hexadecimal; neither may be nothing.
fn traceparent(text: &str) -> Option<Place> {
    let mut parts = text.split('-');
    let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex(version, 2) || !is_hex(trace, 32) || !is_hex(span, 16) {
        return None;
    }
    let place = Place { trace: u128::from_str_radix(trace, 16).ok()?, span: u64::from_str_radix(span, 16).ok()? };
    (place.trace != 0 && place.span != 0).then_some(place)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields(Vec::new());
        attributes.record(&mut fields);
        let Fields(mut fields) = fields;
        let of_parent = span.parent().and_then(|parent| parent.extensions().get::<Span>().map(|span| span.place));
        let place = match of_parent {
            Some(parent) => Some((Place { trace: parent.trace, span: rand::random() }, Some(parent.span))),
            None if span.name() == ROOT => self.root(&mut fields),
            None => None,
        };
        let Some((place, parent)) = place else { return };
        let (name, begun) = (span.name().to_owned(), SystemTime::now());
        span.extensions_mut().insert(Span { place, parent, name, begun, ended: begun, fields, links: Vec::new() });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(span) = span.extensions_mut().get_mut::<Span>() {
            let mut fields = Fields(std::mem::take(&mut span.fields));
            values.record(&mut fields);
            span.fields = fields.0;
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        let followed = context.span(follows).and_then(|span| span.extensions().get::<Span>().map(|span| span.place));
        if let (Some(span), Some(followed)) = (context.span(id), followed)
            && let Some(span) = span.extensions_mut().get_mut::<Span>()
        {
            span.links.push(followed);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(mut span) = context.span(&id).and_then(|span| span.extensions_mut().remove::<Span>()) else { return };
        span.ended = SystemTime::now();
        if let Some((_, Said::Text(operation))) = span.fields.iter().find(|(name, _)| *name == NAMED_BY) {
            span.name.clone_from(operation);
        }
        // A request waits for no collector.
        let _lost = self.out.try_send(span);
    }
}

/// Spans, and nothing of the log.
pub fn are_spans(metadata: &tracing::Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target() == super::SPANS && *metadata.level() <= Level::DEBUG
}

struct Fields(Vec<(&'static str, Said)>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, text: &str) {
        self.0.push((field.name(), Said::Text(text.to_owned())));
    }

    fn record_i64(&mut self, field: &Field, number: i64) {
        self.0.push((field.name(), Said::Number(number)));
    }

    fn record_u64(&mut self, field: &Field, number: u64) {
        self.0.push((field.name(), Said::Number(i64::try_from(number).unwrap_or(i64::MAX))));
    }

    fn record_bool(&mut self, field: &Field, flag: bool) {
        self.0.push((field.name(), Said::Flag(flag)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), Said::Text(format!("{value:?}"))));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::telemetry::SPANS;

    /// What is gathered of some work.
    fn gathered(share: f64, work: impl FnOnce()) -> Vec<Span> {
        let (out, mut ended) = mpsc::channel(100);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Spans::new(out, share)), work);
        let mut spans = Vec::new();
        while let Ok(span) = ended.try_recv() {
            spans.push(span);
        }
        spans
    }

    fn a_request() {
        let request =
            tracing::debug_span!(target: SPANS, "request", operation = tracing::field::Empty, traceparent = "-");
        request.record("operation", "create_order");
        let batch = request.in_scope(|| tracing::debug_span!(target: SPANS, "batch", commands = 2));
        drop(batch.in_scope(|| tracing::debug_span!(target: SPANS, "statement")));
        request.follows_from(&batch);
    }

    #[test]
    fn a_trace_goes_from_the_request_to_the_statement() {
        let spans = gathered(1.0, a_request);
        let [statement, batch, request] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!([&*statement.name, &*batch.name, &*request.name], ["statement", "batch", "create_order"]);
        assert_eq!(batch.fields, [("commands", Said::Number(2))]);
        assert_eq!((statement.parent, batch.parent), (Some(batch.place.span), Some(request.place.span)));
        assert_eq!((request.parent, &request.links), (None, &vec![batch.place]));
        assert!(spans.iter().all(|span| span.place.trace == request.place.trace && span.ended >= span.begun));
    }

    #[test]
    fn what_is_not_traced_and_what_belongs_to_no_request_is_left_alone() {
        assert_eq!(gathered(0.0, a_request), []);
        assert_eq!(gathered(1.0, || drop(tracing::debug_span!(target: SPANS, "statement"))), []);
    }

    #[test]
    fn a_callers_trace_goes_on() {
        let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let said = format!("00-{trace}-{span}-01");
        let spans = gathered(1.0, || drop(tracing::debug_span!(target: SPANS, "request", traceparent = &*said)));
        assert_eq!(format!("{:032x}", spans[0].place.trace), trace);
        assert_eq!(spans[0].parent.map(|parent| format!("{parent:016x}")).as_deref(), Some(span));
        assert!(spans[0].fields.is_empty());
        for said in [
            "",
            "00",
            &format!("00-{trace}"),
            &format!("00-{trace}-{}-01", "0".repeat(16)),
            &format!("00-{}ü-{span}", &trace[2..]),
        ] {
            assert_eq!(traceparent(said), None, "{said}");
        }
    }
}
