//! `grapevine listen`: a shop's events at a developer's desk, signed as they will be for the shop's own address, without
//! a tunnel. It reads them from the database, beside a running server, and posts each to an address on this machine.

use std::time::Duration;

use anyhow::{anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::beside::Beside;
use super::signals::Signals;
use super::{Outcome, say};
use crate::config::Config;
use crate::delivery::webhooks::desk::Desk;
use crate::records::{Event, Shop, ShopHead};
use crate::store::Pool;
use crate::store::queries::{events, records};

/// Events that are read at once.
const AT_ONCE: usize = 50;

#[derive(clap::Args)]
pub(super) struct Listen {
    /// Where to: an address on this machine, or in what GRAPEVINE_OUTBOUND_ALLOW names
    #[arg(long, value_name = "URL")]
    forward: String,
    /// The shop: its id (shp_…) or its slug
    #[arg(long)]
    shop: String,
    /// Begin behind the event of this number; left out: with what happens from now on
    #[arg(long, value_name = "SEQ")]
    after: Option<i64>,
    /// The secret that signs (whsec_…); left out: a new one, which is printed
    #[arg(long)]
    secret: Option<String>,
    /// Send only what an event is about
    #[arg(long)]
    thin: bool,
}

impl Listen {
    pub(super) async fn run(self, config: &Config, json: bool) -> anyhow::Result<Outcome> {
        config.log.start()?;
        let mut signals = Signals::hear()?;
        let stopped = Outcome::silent("Grapevine has stopped.");
        let Some(beside) = Beside::start_unless(&mut signals, config).await? else { return Ok(stopped) };
        let (shop, reader) = (beside.shop(&self.shop)?, beside.reader(config));
        let secret = self.secret.clone().unwrap_or_else(new_secret);
        let Some(desk) = Desk::new(config, &shop, &self.forward, &secret, self.thin).map_err(|wrong| anyhow!(wrong))?
        else {
            bail!("--secret begins with whsec_, and has 24 to 64 bytes in base64 behind it");
        };
        let mut seq = match self.after {
            Some(after) => after,
            None => last_seq(&reader, &shop).await?,
        };
        say(&if json {
            json!({"forward": self.forward, "shop": shop.id, "secret": secret, "after": seq}).to_string()
        } else {
            format!("Events of {} behind {seq} go to {}; the secret is {secret}", shop.slug, self.forward)
        });
        let tick = Duration::from_millis(config.work.tick_ms);
        let sending = async {
            loop {
                let id = shop.id;
                let found = reader.run(move |connection| events::after(connection, id, seq, AT_ONCE)).await?;
                if found.is_empty() {
                    tokio::time::sleep(tick).await;
                }
                for event in found {
                    let answered = desk.forward(beside.engine(), &event).await;
                    tell(json, &event, &answered);
                    seq = event.seq;
                }
            }
        };
        let ended: Option<anyhow::Result<()>> = signals.unless_heard(sending).await;
        beside.stop().await;
        ended.transpose()?;
        Ok(stopped)
    }
}

fn tell(json: bool, event: &Event, answered: &str) {
    let (seq, kind) = (event.seq, event.kind.as_str());
    say(&if json {
        json!({"seq": seq, "type": kind, "id": event.id, "answered": answered}).to_string()
    } else {
        format!("{seq} {kind}: {answered}")
    });
}

async fn last_seq(reader: &Pool, shop: &Shop) -> anyhow::Result<i64> {
    let id = shop.id;
    let head = reader.run(move |connection| records::get::<ShopHead>(connection, id, id)).await?;
    Ok(head.map_or(0, |head| head.seq))
}

fn new_secret() -> String {
    format!("whsec_{}", STANDARD.encode(rand::random::<[u8; 32]>()))
}
