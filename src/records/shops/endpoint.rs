//! A webhook endpoint: an address of the shop's own to which events are sent. What was sent, and how far it has got, is
//! delivery's, and stands elsewhere.

use crate::records::{EventKind, Json, Timestamp};
use crate::{record, words};

words! {
    /// What of an event is sent.
    PayloadForm {
        /// All of it:
        Full = "full",
        /// What it is about, to be asked for: nothing of a person leaves.
        Thin = "thin",
    }
}

words! {
    /// Whether an event waits for those before it.
    DeliveryOrder {
        /// It does not; the receiver sorts by `seq`:
        Any = "any",
        /// It does, however long that takes:
        Fifo = "fifo",
    }
}

words! {
    /// Whether events are sent.
    EndpointStatus {
        Enabled = "enabled",
        Disabled = "disabled",
    }
}

words! {
    /// Why they are not.
    DisabledBy {
        /// Somebody has said so:
        Hand = "hand",
        /// The receiver has: it is gone (410), or asked for it.
        Receiver = "receiver",
        /// For five days nothing arrived:
        Failing = "failing",
    }
}

record! {
    /// An endpoint.
    versioned Endpoint in "webhook_endpoints" {
        /// Where to.
        url: String,
        /// Which events; none named: every one.
        kinds: Json<Vec<EventKind>>,
        /// What of them.
        payload: PayloadForm,
        /// In what order.
        order in "delivery_order": DeliveryOrder,
        /// Whether events of vouchers tell their codes.
        include_codes: bool,
        /// Whether they are sent.
        status: EndpointStatus,
        /// Why not.
        disabled_by: Option<DisabledBy>,
        /// Since when not, by the real clock.
        disabled_at: Option<Timestamp>,
        /// When it was enabled last, by the real clock: what failed before counts no more.
        enabled_at: Timestamp,
        /// The key that verifies what is signed with Ed25519, too (`whpk_…`); none: only the secret signs.
        public_key: Option<String>,
        /// The secret by which it knows us, sealed.
        secret: String,
        /// The one before, sealed.
        old_secret: Option<String>,
        /// Until when that signs as well, by the real clock.
        old_until: Option<Timestamp>,
        /// The last event of before it was there.
        from_seq: i64,
        /// When it was made.
        created_at: Timestamp,
        /// When it was deleted; nothing is sent since.
        deleted_at: Option<Timestamp>,
    }
    lists { OF_SHOP = shop }
}

impl Endpoint {
    /// Whether events are sent to it.
    pub fn is_live(&self) -> bool {
        self.deleted_at.is_none() && self.status == EndpointStatus::Enabled
    }
}
