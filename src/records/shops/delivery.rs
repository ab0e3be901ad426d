//! A delivery: an event on its way to an endpoint that did not arrive at the first try, or was asked for by hand. Most
//! events leave none.

use crate::records::{Id, Timestamp};
use crate::{record, words};

words! {
    /// Where a delivery stands.
    DeliveryStatus {
        Waiting = "waiting",
        Delivered = "delivered",
        Failed = "failed",
    }
}

/// The type of what only tries an endpoint out.
pub const TEST: &str = "endpoint.test";

record! {
    /// A delivery; delivery writes it, the engine never does.
    versioned Delivery in "webhook_deliveries" {
        /// Where to.
        endpoint: Id,
        /// The event.
        event: Id,
        /// Its number; none: it only tries the endpoint out.
        seq: Option<i64>,
        /// Its type.
        kind: String,
        /// What it is about.
        subject: Option<Id>,
        /// Where it stands.
        status: DeliveryStatus,
        /// How often it was tried.
        tries: i64,
        /// When it is tried next, by the real clock.
        next_at: Option<Timestamp>,
        /// When it was tried last.
        tried_at: Option<Timestamp>,
        /// The status that was answered.
        http_status: Option<i64>,
        /// The first kilobyte of the answer.
        response: Option<String>,
        /// Why there was no answer, or none that counts.
        fault: Option<String>,
        /// How long the last try took, milliseconds.
        took_ms: Option<i64>,
        /// When it was noted, by the real clock.
        created_at: Timestamp,
    }
}

impl Delivery {
    /// What was not tried yet, of a type; it tells of nothing, and waits for nothing.
    pub fn blank(id: Id, shop: Id, endpoint: Id, (event, kind): (Id, String), at: Timestamp) -> Self {
        Self {
            id,
            shop,
            version: 0,
            endpoint,
            event,
            seq: None,
            kind,
            subject: None,
            status: DeliveryStatus::Waiting,
            tries: 0,
            next_at: None,
            tried_at: None,
            http_status: None,
            response: None,
            fault: None,
            took_ms: None,
            created_at: at,
        }
    }

    /// The id of the delivery of an event.
    pub fn id_of(endpoint: Id, event: Id) -> Id {
        Id::of("dlv", &[&endpoint.to_string(), &event.to_string()]).beside(Some(event))
    }
}
