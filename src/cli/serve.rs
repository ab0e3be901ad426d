//! `grapevine serve`

use serde_json::json;

use super::signals::Signals;
use super::{Outcome, say};
use crate::config::Config;
use crate::server::Server;

#[derive(clap::Args)]
pub(super) struct Serve {
    /// Leave the mails to `grapevine deliver` in another process
    #[arg(long)]
    no_delivery: bool,
}

impl Serve {
    pub(super) async fn run(self, mut config: Config, json: bool) -> anyhow::Result<Outcome> {
        config.log.start()?;
        config.work.delivers = !self.no_delivery;
        let signals = Signals::hear()?;
        let server = Server::start(config).await?;
        let url = format!("http://{}", server.address);
        say(&if json { json!({ "url": url }).to_string() } else { format!("Grapevine listens on {url}") });
        signals.wait().await;
        server.stop().await;
        Ok(Outcome::silent("Grapevine has stopped."))
    }
}
