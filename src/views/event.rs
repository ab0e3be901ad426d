//! An event, as webhooks and the API show it.

use serde::Serialize;
use serde_json::value::RawValue;

use super::View;
use crate::records::event::EventData;
use crate::records::shop::Mode;
use crate::records::{Event, EventKind, Id, Timestamp};

/// The version of the form.
const FORM: u8 = 1;

/// A view that events carry; which kinds of them: [`EventKind::data`].
pub trait Payload: View {
    /// What it is.
    const DATA: EventData;
}

/// See the contract's `Event`.
#[derive(Serialize)]
pub struct EventView<'a> {
    id: Id,
    seq: i64,
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: Timestamp,
    shop: Id,
    mode: Mode,
    version: u8,
    data: &'a RawValue,
}

/// Shows an event of a shop of this mode; its data stands there byte for byte as it was saved.
pub fn event(event: &Event, mode: Mode) -> Result<EventView<'_>, serde_json::Error> {
    Ok(EventView {
        id: event.id,
        seq: event.seq,
        kind: event.kind,
        timestamp: event.created_at,
        shop: event.shop,
        mode,
        version: FORM,
        data: serde_json::from_str(&event.data)?,
    })
}
