//! What is logged, and how.

use anyhow::anyhow;
use tracing_subscriber::EnvFilter;

use super::Environment;

/// What any stranger could fill the log with: actix calls each malformed head an error. A filter that
/// names it itself has it back.
const STRANGERS: &str = "actix_http::h1::dispatcher=off";

/// What tells the numbers that people gave, whatever is asked for.
const INDISCREET: &str = "rlibphonenumber=off";

/// The log: lines on standard error.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// Which lines: a level, or levels by module, as `tracing` reads them.
    pub filter: String,
    /// How they are written.
    pub format: LogFormat,
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
        Some(Self { filter: filter?, format: format? })
    }

    /// Begins to log; once in a process.
    pub fn start(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(format!("{STRANGERS},{},{INDISCREET}", self.filter))?;
        let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter);
        let started = match self.format {
            LogFormat::Text => lines.with_ansi(false).try_init(),
            LogFormat::Json => lines.json().try_init(),
        };
        started.map_err(|error| anyhow!("the log cannot be started: {error}"))
    }
}
