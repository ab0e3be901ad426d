//! A developer's desk, to which events are sent as to an endpoint: once, without a second try.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::payload::{self, Signer};
use super::peer::{Peer, Peers};
use crate::config::{Config, Network, Outbound, WebhookConfig};
use crate::engine::Engine;
use crate::records::endpoint::{DeliveryOrder, EndpointStatus, PayloadForm};
use crate::records::shop::Mode;
use crate::records::{Endpoint, Event, Id, Json, Shop, Timestamp};

/// Bytes of a secret (Standard Webhooks).
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A desk.
pub struct Desk {
    endpoint: Endpoint,
    mode: Mode,
    signer: Signer,
    peer: Peer,
}

impl Desk {
    /// A desk at an address on this machine, or where the configuration allows it; `None`: that is no secret.
    ///
    /// # Errors
    ///
    /// Nothing may be sent there; why.
    pub fn new(config: &Config, shop: &Shop, url: &str, secret: &str, is_thin: bool) -> Result<Option<Self>, String> {
        if payload::key(secret).is_none_or(|key| !SECRET_BYTES.contains(&key.len())) {
            return Ok(None);
        }
        let here = [Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()];
        let here = here.iter().filter_map(|address| Network::parse(address));
        let outbound = Outbound::new(here.chain(config.webhooks.outbound.allowed().iter().copied()).collect());
        outbound.check(url)?;
        let peers = Peers::new(&WebhookConfig { outbound, ..config.webhooks.clone() });
        let peer = peers.map_err(|error| error.to_string())?.peer(url);
        let at = Timestamp::default();
        let endpoint = Endpoint {
            id: Id::of("whe", &[url]),
            shop: shop.id,
            version: 0,
            url: url.to_owned(),
            kinds: Json(Vec::new()),
            payload: if is_thin { PayloadForm::Thin } else { PayloadForm::Full },
            order: DeliveryOrder::Fifo,
            include_codes: false,
            status: EndpointStatus::Enabled,
            disabled_by: None,
            disabled_at: None,
            enabled_at: at,
            public_key: None,
            secret: String::new(),
            old_secret: None,
            old_until: None,
            from_seq: 0,
            created_at: at,
            deleted_at: None,
        };
        Ok(Some(Self { endpoint, mode: shop.mode, signer: Signer::Secret(secret.to_owned()), peer }))
    }

    /// Sends an event; answers what came of it, for a person.
    pub async fn forward(&self, engine: &Engine, event: &Event) -> String {
        let installation = engine.installation();
        let house = (&installation.vault, installation.public_url.as_str());
        let body = match payload::body(&self.endpoint, self.mode, event, None, house) {
            Ok(body) => body,
            Err(error) => return error.to_string(),
        };
        let headers = payload::headers(std::slice::from_ref(&self.signer), event.id, engine.now(), &body);
        let said = self.peer.post(&headers, &body).await;
        match (said.status, said.fault) {
            (Some(status), _) => status.to_string(),
            (None, fault) => fault.unwrap_or_default(),
        }
    }
}
