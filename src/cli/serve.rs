//! `grapevine serve`

use anyhow::Context as _;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, say};
use crate::config::Config;
use crate::server::Server;

#[derive(clap::Args)]
pub(super) struct Serve {}

impl Serve {
    pub(super) async fn run(self, config: Config, json: bool) -> anyhow::Result<Outcome> {
        config.log.start()?;
        // Before it listens: a signal that comes early must not be lost.
        let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
        let server = Server::start(config).await?;
        let url = format!("http://{}", server.address);
        say(&if json { json!({ "url": url }).to_string() } else { format!("Grapevine listens on {url}") });
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: stopping"),
            _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
        }
        server.stop().await;
        Ok(Outcome::done(json!({ "stopped": true }), "Grapevine has stopped."))
    }
}
