//! Who may read the metrics of the process, and where.

use std::fmt;
use std::net::SocketAddr;

use super::Environment;
use super::database::parse_secret;

/// Without either the metrics are shown to nobody.
#[derive(Clone)]
pub struct MetricsConfig {
    /// An address of their own, where nothing else is; port 0 picks one.
    pub listen: Option<SocketAddr>,
    /// What must come as bearer.
    pub token: Option<String>,
}

impl MetricsConfig {
    pub(super) fn read(environment: &mut Environment) -> Option<Self> {
        let listen = environment.read("GRAPEVINE_METRICS_LISTEN", "", parse_listen);
        let token = environment.read_shown("GRAPEVINE_METRICS_TOKEN", "", parse_secret, |token| {
            if token.is_empty() { String::new() } else { "…".to_owned() }
        });
        Some(Self { listen: listen?, token: token? })
    }
}

impl fmt::Debug for MetricsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsConfig").field("listen", &self.listen).finish_non_exhaustive()
    }
}

fn parse_listen(text: &str) -> Result<Option<SocketAddr>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.parse().map_err(|_| "ADDRESS:PORT is expected, for example 127.0.0.1:9100".to_owned())?;
    Ok(Some(address))
}
