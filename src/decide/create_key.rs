//! Makes a key for a shop's backend. Its secret is in this answer and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::answer::{Answer, Keep};
use super::draft::Draft;
use super::parts::permission;
use crate::records::scope::Scope;
use crate::records::shop::Mode;
use crate::records::text::{Name, Reference};
use crate::records::{ApiKey, Json};
use crate::refusal::{Code, Rejection};
use crate::vault::sha256_hex;
use crate::views;
use crate::world::Stop;

/// Live keys of one shop.
const KEYS: usize = 100;
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// The key's fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What it is for.
    pub name: Name,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Rotation: the client of an older key, whose idempotency keys stay good with the new one.
    pub client: Option<Reference>,
    /// What the maker may do; not from the body.
    #[serde(skip)]
    pub giver: Vec<Scope>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateKey) -> Result<Answer, Stop> {
    let keys = draft.list(&ApiKey::OF_SHOP, draft.shop.id)?;
    let scopes = checked(&command.scopes, &command.giver)?;
    if keys.iter().filter(|key| key.deleted_at.is_none()).count() >= KEYS {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {KEYS} keys; delete old ones.")).into());
    }
    let id = draft.new_id("key");
    let client = match &command.client {
        None => id.to_string(),
        Some(client) if keys.iter().any(|key| key.client == **client) => client.to_string(),
        Some(client) => {
            return Err(Rejection::field("/client", format!("no key of this shop has the client {}", &**client)).into());
        }
    };
    let secret = secret(draft);
    let key = ApiKey {
        id,
        shop: draft.shop.id,
        version: 0,
        name: command.name.to_string(),
        secret_hash: sha256_hex(secret.as_bytes()),
        scopes: Json(scopes),
        client,
        created_at: draft.at(),
        deleted_at: None,
    };
    let answer = Answer::created(&views::key::new_key(&key, &secret), format!("/v1/keys/{id}")).keep(Keep::Never);
    draft.audit("create_key", id, None);
    draft.save(key);
    Ok(answer)
}

/// Scopes in the order of their table, each once.
pub(super) fn checked(wanted: &[Scope], giver: &[Scope]) -> Result<Vec<Scope>, Rejection> {
    if wanted.is_empty() {
        return Err(Rejection::field("/scopes", "at least one scope is expected"));
    }
    permission::check(giver, wanted)?;
    Ok(Scope::ALL.iter().copied().filter(|scope| wanted.contains(scope)).collect())
}

fn secret(draft: &Draft<'_>) -> String {
    let mode = match draft.shop.mode {
        Mode::Test => "test",
        Mode::Live => "live",
    };
    format!("gvk_{mode}_{}", URL_SAFE_NO_PAD.encode(draft.random::<SECRET_BYTES>()))
}
