//! A webhook endpoint, as the API shows it: never its secret, but once; and a delivery to it.

pub mod account;

use serde::Serialize;

use crate::records::delivery::DeliveryStatus;
use crate::records::endpoint::{DeliveryOrder, DisabledBy, EndpointStatus, PayloadForm};
use crate::records::event::EventData;
use crate::records::{Delivery, Endpoint, Id, Timestamp};
use crate::views::View;
use crate::views::event::Payload;

/// See the contract's `WebhookEndpoint`.
#[derive(Serialize)]
pub struct EndpointView<'a> {
    id: Id,
    url: &'a str,
    events: Vec<&'a str>,
    payload: PayloadForm,
    order: DeliveryOrder,
    include_codes: bool,
    public_key: Option<&'a str>,
    status: EndpointStatus,
    disabled_by: Option<DisabledBy>,
    disabled_at: Option<Timestamp>,
    previous_secret_until: Option<Timestamp>,
    from_seq: i64,
    created_at: Timestamp,
}

impl View for EndpointView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for EndpointView<'_> {
    const DATA: EventData = EventData::Endpoint;
}

/// An endpoint with a secret that was just drawn.
#[derive(Serialize)]
pub struct WithSecret<'a> {
    #[serde(flatten)]
    endpoint: EndpointView<'a>,
    secret: &'a str,
}

impl View for WithSecret<'_> {
    fn subject(&self) -> Option<Id> {
        self.endpoint.subject()
    }
}

/// Shows an endpoint.
pub fn endpoint(endpoint: &Endpoint) -> EndpointView<'_> {
    let events = match endpoint.kinds.as_slice() {
        [] => vec!["*"],
        kinds => kinds.iter().map(|kind| kind.as_str()).collect(),
    };
    EndpointView {
        id: endpoint.id,
        url: &endpoint.url,
        events,
        payload: endpoint.payload,
        order: endpoint.order,
        include_codes: endpoint.include_codes,
        public_key: endpoint.public_key.as_deref(),
        status: endpoint.status,
        disabled_by: endpoint.disabled_by,
        disabled_at: endpoint.disabled_at,
        previous_secret_until: endpoint.old_until,
        from_seq: endpoint.from_seq,
        created_at: endpoint.created_at,
    }
}

/// Shows an endpoint with its secret: once.
pub fn with_secret<'a>(made: &'a Endpoint, secret: &'a str) -> WithSecret<'a> {
    WithSecret { endpoint: endpoint(made), secret }
}

/// See the contract's `Delivery`.
#[derive(Serialize)]
pub struct DeliveryView<'a> {
    id: Id,
    endpoint: Id,
    event: Id,
    seq: Option<i64>,
    #[serde(rename = "type")]
    kind: &'a str,
    status: DeliveryStatus,
    tries: i64,
    next_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
    http_status: Option<i64>,
    response: Option<&'a str>,
    fault: Option<&'a str>,
    took_ms: Option<i64>,
    created_at: Timestamp,
}

impl View for DeliveryView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a delivery.
pub fn delivery(delivery: &Delivery) -> DeliveryView<'_> {
    DeliveryView {
        id: delivery.id,
        endpoint: delivery.endpoint,
        event: delivery.event,
        seq: delivery.seq,
        kind: &delivery.kind,
        status: delivery.status,
        tries: delivery.tries,
        next_at: delivery.next_at,
        tried_at: delivery.tried_at,
        http_status: delivery.http_status,
        response: delivery.response.as_deref(),
        fault: delivery.fault.as_deref(),
        took_ms: delivery.took_ms,
        created_at: delivery.created_at,
    }
}
