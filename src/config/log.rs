//! What is logged, and how.

use anyhow::anyhow;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::{Environment, traces};
use crate::telemetry::export::{Exporter, Traces};
use crate::telemetry::spans::are_spans;

/// What any stranger could fill the log with: actix calls each malformed head an error. A filter that
/// names it itself has it back.
const STRANGERS: &str = "actix_http::h1::dispatcher=off";

/// What tells the numbers that people gave, whatever is asked for.
const INDISCREET: &str = "rlibphonenumber=off";

/// What is for traces alone.
const SPANS: &str = "spans=off";

/// The log: lines on standard error.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// Which lines: a level, or levels by module, as `tracing` reads them.
    pub filter: String,
    /// How they are written.
    pub format: LogFormat,
    /// Whether each write has a line, too, and not only what is refused or fails.
    pub writes: bool,
    /// Where traces go; `None`: nowhere.
    pub traces: Option<Traces>,
}

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let filter = environment.read("GRAPEVINE_LOG", "info", |text| match EnvFilter::try_new(text) {
            Ok(_) => Ok(text.to_owned()),
            Err(_) => Err("a level is expected (error, warn, info, debug, trace), or levels by module".to_owned()),
        });
        let format = environment.read("GRAPEVINE_LOG_FORMAT", "text", |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("text or json is expected".to_owned()),
        });
        let writes = environment.read("GRAPEVINE_LOG_WRITES", "off", |text| match text {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err("on or off is expected".to_owned()),
        });
        let traces = traces::read(environment);
        Some(Self { filter: filter?, format: format?, writes: writes?, traces: traces? })
    }

    /// Begins to log, and to send traces where that is asked for; once in a process.
    pub fn start(&self) -> anyhow::Result<Option<Exporter>> {
        let filter = EnvFilter::try_new(format!("{STRANGERS},{},{INDISCREET},{SPANS}", self.filter))?;
        let Some(traces) = &self.traces else {
            let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
            let started = match self.format {
                LogFormat::Text => lines.with_ansi(false).try_init(),
                LogFormat::Json => lines.json().try_init(),
            };
            return started.map(|()| None).map_err(|error| anyhow!("the log cannot be started: {error}"));
        };
        let (exporter, spans) = Exporter::start(traces.clone())?;
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let lines = match self.format {
            LogFormat::Text => lines.with_ansi(false).with_filter(filter).boxed(),
            LogFormat::Json => lines.json().with_filter(filter).boxed(),
        };
        tracing_subscriber::registry().with(lines).with(spans.with_filter(filter_fn(are_spans))).try_init()?;
        Ok(Some(exporter))
    }
}
