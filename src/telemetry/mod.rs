//! Traces for OpenTelemetry, off unless `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector: of each request the command
//! that it waits for, the batch that this is decided in, and the statements of both. They are `tracing`'s spans under a
//! target of their own, which cost nothing as long as nobody listens. No value is in them, neither of a request nor of
//! a statement.
//!
//! `spans` gathers them, `export` sends them as OTLP over HTTP, in JSON.

pub mod export;
pub mod spans;

/// The target of spans: the log never shows them.
pub const SPANS: &str = "spans";
