//! `grapevine deliver`: sends mails, and nothing else.

use std::time::Duration;

use serde_json::json;

use super::beside::Beside;
use super::signals::Signals;
use super::{Outcome, say};
use crate::config::Config;
use crate::server;

pub(super) async fn run(config: &Config, json: bool) -> anyhow::Result<Outcome> {
    config.log.start()?;
    let signals = Signals::hear()?;
    let beside = Beside::start(config)?;
    let worker = server::deliver(beside.engine(), &beside.reader(config), config)?;
    let target = format!("{:?}", config.mail.target);
    say(&if json { json!({ "mail": target }).to_string() } else { format!("Grapevine delivers mails: {target}") });
    signals.wait().await;
    worker.stop(Duration::from_millis(config.server.drain_ms)).await;
    beside.stop().await;
    Ok(Outcome::silent("Grapevine has stopped."))
}
