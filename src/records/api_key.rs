//! A shop backend's key.

use super::audit::Actor;
use super::scope::Scope;
use super::{Json, Timestamp};
use crate::record;

record! {
    /// A key by which a shop's backend calls the API. Its secret is shown once and stored as a hash.
    versioned ApiKey in "api_keys" {
        /// What it is for.
        name: String,
        /// SHA-256 of the secret (256 random bits), hexadecimal; unique among all shops.
        secret_hash: String,
        /// What it may do.
        scopes: Json<Vec<Scope>>,
        /// Whose idempotency keys it shares: a rotated key keeps its client.
        client: String,
        /// Counts what was taken from it: scopes, and at last itself. Its tokens are good in the generation in
        /// which they were made.
        generation: i64,
        /// The operator who made it or gave it more, while nobody else has approved it: it is their hand. `null`:
        /// the shop's own.
        asked_by: Json<Option<Actor>>,
        /// When it was made.
        created_at: Timestamp,
        /// When it was deleted; it is then refused.
        deleted_at: Option<Timestamp>,
    }
    lists { OF_SHOP = shop }
}
