//! Sends spans to a collector: OTLP over HTTP, in JSON. A collector that is away costs its traces, and nothing else.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::spans::{ROOT, Said, Span, Spans};

/// Spans that wait to be sent; beyond, they are lost.
const WAITING: usize = 8_192;
/// Spans that are sent together.
const TOGETHER: usize = 512;
/// How long they are gathered.
const EVERY: Duration = Duration::from_secs(1);
/// How long the collector may take, and how long the last ones wait for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two words about a collector that is away.
const QUIET: Duration = Duration::from_secs(60);

/// Where traces go.
#[derive(Clone, Debug, PartialEq)]
pub struct Traces {
    /// The whole address.
    pub url: String,
    /// What this is called there.
    pub service: String,
    /// Of how many requests one is traced, as a share.
    pub share: f64,
}

/// What sends spans.
pub struct Exporter {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Exporter {
    /// Begins to send; answers what gathers the spans.
    pub fn start(traces: Traces) -> anyhow::Result<(Self, Spans)> {
        let (out, ended) = mpsc::channel(WAITING);
        let (stop, stopped) = oneshot::channel();
        let spans = Spans::new(out, traces.share);
        let client = Client::builder().timeout(PATIENCE).build()?;
        let sender = Sender { client, traces, told_at: None };
        Ok((Self { stop, task: tokio::spawn(sender.run(ended, stopped)) }, spans))
    }

    /// Sends what is left, and ends.
    pub async fn finish(self) {
        let _ended = self.stop.send(());
        let _late = tokio::time::timeout(PATIENCE, self.task).await;
    }
}

struct Sender {
    client: Client,
    traces: Traces,
    told_at: Option<Instant>,
}

impl Sender {
    async fn run(mut self, mut ended: mpsc::Receiver<Span>, mut stopped: oneshot::Receiver<()>) {
        let mut waiting = Vec::with_capacity(TOGETHER);
        loop {
            let is_last = tokio::select! {
                () = tokio::time::sleep(EVERY) => false,
                () = gather(&mut ended, &mut waiting) => false,
                _ = &mut stopped => true,
            };
            while let Ok(span) = ended.try_recv() {
                waiting.push(span);
                if waiting.len() >= TOGETHER {
                    self.send(&mut waiting).await;
                }
            }
            self.send(&mut waiting).await;
            if is_last {
                return;
            }
        }
    }

    async fn send(&mut self, waiting: &mut Vec<Span>) {
        if waiting.is_empty() {
            return;
        }
        let body = body(&self.traces.service, waiting).to_string();
        let lost = waiting.len();
        waiting.clear();
        let sent = self.client.post(&self.traces.url).header(CONTENT_TYPE, "application/json").body(body).send().await;
        let Err(error) = sent.and_then(reqwest::Response::error_for_status) else { return };
        if self.told_at.is_none_or(|at| at.elapsed() > QUIET) {
            self.told_at = Some(Instant::now());
            tracing::warn!(error = %error.without_url(), lost, "traces cannot be sent; they are lost until they can");
        }
    }
}

/// Takes spans in until there are many.
async fn gather(ended: &mut mpsc::Receiver<Span>, waiting: &mut Vec<Span>) {
    while waiting.len() < TOGETHER {
        match ended.recv().await {
            Some(span) => waiting.push(span),
            None => std::future::pending().await,
        }
    }
}

/// An `ExportTraceServiceRequest`.
fn body(service: &str, spans: &[Span]) -> Value {
    let resource = [("service.name", service), ("service.version", env!("CARGO_PKG_VERSION"))];
    let resource = resource.map(|(key, value)| json!({ "key": key, "value": { "stringValue": value } }));
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{ "scope": { "name": "grapevine" }, "spans": spans.iter().map(span).collect::<Vec<_>>() }],
    }] })
}

fn span(span: &Span) -> Value {
    let Span { place, parent, name, begun, ended, fields, links } = span;
    let is_root = fields.iter().any(|(name, _)| *name == "request_id");
    let failed = fields.iter().any(|(name, said)| *name == "status" && matches!(said, Said::Number(500..)));
    let mut value = json!({
        "traceId": format!("{:032x}", place.trace), "spanId": format!("{:016x}", place.span),
        "name": name, "kind": if is_root || name == ROOT { 2 } else if name == "statement" { 3 } else { 1 },
        "startTimeUnixNano": nanoseconds(*begun), "endTimeUnixNano": nanoseconds(*ended),
        "attributes": fields.iter().map(|(name, said)| json!({ "key": name, "value": said_value(said) })).collect::<Vec<_>>(),
        "links": links.iter().map(|place| json!({
            "traceId": format!("{:032x}", place.trace), "spanId": format!("{:016x}", place.span),
        })).collect::<Vec<_>>(),
        "status": if failed { json!({ "code": 2 }) } else { json!({}) },
    });
    if let Some(parent) = parent {
        value["parentSpanId"] = json!(format!("{parent:016x}"));
    }
    value
}

fn said_value(said: &Said) -> Value {
    match said {
        Said::Text(text) => json!({ "stringValue": text }),
        // 64 bits are text in JSON of Protocol Buffers.
        Said::Number(number) => json!({ "intValue": number.to_string() }),
        Said::Flag(flag) => json!({ "boolValue": flag }),
    }
}

fn nanoseconds(at: SystemTime) -> String {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}
