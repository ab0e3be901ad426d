//! A shop backend's key.

use crate::record;
use crate::records::audit::Actor;
use crate::records::scope::Scope;
use crate::records::{Json, Timestamp};

/// Characters of a secret behind its prefix: 256 bits as base64url without padding.
const SECRET_CHARS: usize = 43;

/// Whether a text has the form of a secret: `gvk_test_` or `gvk_live_`, and 43 characters of base64url.
pub fn is_secret(text: &str) -> bool {
    let drawn = text.strip_prefix("gvk_test_").or_else(|| text.strip_prefix("gvk_live_"));
    drawn.is_some_and(|drawn| {
        drawn.len() == SECRET_CHARS && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_secret_is_not_looked_for() {
        let drawn = "AbC-_0123456789012345678901234567890123456z";
        assert_eq!(drawn.len(), SECRET_CHARS);
        for (text, expected) in [
            (format!("gvk_test_{drawn}"), true),
            (format!("gvk_live_{drawn}"), true),
            (format!("gvk_prod_{drawn}"), false),
            (format!("gvk_test_{drawn}x"), false),
            (format!("gvk_test_{}", &drawn[1..]), false),
            (format!("gvk_test_{}=", &drawn[1..]), false),
            (format!("gvk_test_{}é", &drawn[2..]), false),
            ("gvk_".to_owned(), false),
        ] {
            assert_eq!(is_secret(&text), expected, "{text}");
        }
    }
}
