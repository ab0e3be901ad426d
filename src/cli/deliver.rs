//! `grapevine deliver`: sends mails and webhooks, and nothing else.

use std::time::Duration;

use serde_json::json;

use super::beside::Beside;
use super::signals::Signals;
use super::{Outcome, say};
use crate::background;
use crate::config::Config;
use crate::delivery;

pub(super) async fn run(config: &Config, json: bool) -> anyhow::Result<Outcome> {
    config.log.start()?;
    super::warn(config);
    let mut signals = Signals::hear()?;
    let stopped = Outcome::silent("Grapevine has stopped.");
    let Some(beside) = Beside::start_unless(&mut signals, config).await? else { return Ok(stopped) };
    let workers = delivery::start(beside.engine(), &beside.reader(config), config)?;
    let target = format!("{:?}", config.mail.target);
    say(&if json {
        json!({ "mail": target }).to_string()
    } else {
        format!("Grapevine delivers webhooks, and mails: {target}")
    });
    signals.wait().await;
    background::stop(workers, Duration::from_millis(config.server.drain_ms)).await;
    beside.stop().await;
    Ok(stopped)
}
