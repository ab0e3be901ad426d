//! The answer that an idempotency key gets again.

use crate::record;
use crate::records::{Id, Timestamp};

record! {
    /// A stored answer, named after shop, client and key.
    versioned StoredAnswer in "stored_answers" {
        /// What it shows, where that has an id.
        subject: Option<Id>,
        /// SHA-256 of the request, hexadecimal.
        fingerprint: String,
        /// HTTP status.
        status: i64,
        /// `Location`.
        location: Option<String>,
        /// `ETag`.
        etag: Option<String>,
        /// The body, byte for byte; sealed when `sealed`, and empty where an event tells the same.
        body: String,
        /// Whether the body is sealed.
        sealed: bool,
        /// When it may be forgotten.
        expires_at: Timestamp,
        /// The page of the event that tells the same as the body.
        told_in: Option<Id>,
        /// The number of that event.
        told_seq: Option<i64>,
    }
}

impl StoredAnswer {
    /// The status of an answer that was erased with the customer whom it showed.
    pub const ERASED: i64 = 410;

    /// The id of a client's key.
    pub fn id_of(shop: Id, client: &str, key: &str) -> Id {
        Id::of("idm", &[&shop.to_string(), client, key])
    }
}
