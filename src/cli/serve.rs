//! `grapevine serve`

use serde_json::json;

use super::signals::Signals;
use super::{Outcome, live, say};
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
        let traces = config.log.start()?;
        super::warn(&config);
        config.work.delivers = !self.no_delivery;
        let mut signals = Signals::hear()?;
        let stopped = Outcome::silent("Grapevine has stopped.");
        let own = config.clone();
        let Some(server) = signals.unless_heard(Server::start(config)).await else { return Ok(stopped) };
        let server = server?;
        let url = format!("http://{}", server.address);
        say(&if json { json!({ "url": url }).to_string() } else { format!("Grapevine listens on {url}") });
        // Nobody waits for it: a database may take its time.
        tokio::task::spawn_blocking(move || live::warn(&own));
        signals.wait().await;
        server.stop().await;
        if let Some(traces) = traces {
            traces.finish().await;
        }
        Ok(stopped)
    }
}
