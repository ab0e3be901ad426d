//! What leaves the house: mails, webhooks, and what analytics are told.
//!
//! Delivery decides nothing: it asks the engine for what is due, speaks to the other side outside
//! any transaction, and tells the engine what became of it.

mod analytics;
pub mod mail;
pub mod webhooks;

use std::time::Duration;

use anyhow::Context as _;

use crate::background::Worker;
use crate::config::Config;
use crate::engine::Engine;
use crate::store::Pool;

/// Starts all that leaves, a worker each.
pub fn start(engine: &Engine, reader: &Pool, config: &Config) -> anyhow::Result<Vec<Worker>> {
    let tick = Duration::from_millis(config.work.tick_ms);
    let mails = mail::start(engine.clone(), reader.clone(), &config.mail, tick);
    let webhooks = webhooks::start(engine.clone(), reader.clone(), &config.webhooks, tick);
    let mut workers =
        vec![mails.context("mails cannot leave; MAIL_URL says where to")?, webhooks.context("webhooks cannot leave")?];
    workers.extend(mail::start_bounces(engine.clone(), reader.clone(), &config.mail, tick));
    Ok(workers)
}
