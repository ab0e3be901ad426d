//! What the commands about endpoints share.

use std::rc::Rc;

use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

use crate::decide::draft::Draft;
use crate::records::{Endpoint, EventKind, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Random bytes of a secret (Standard Webhooks: 24 to 64).
const SECRET_BYTES: usize = 32;

/// Which events are asked for: `*`, or a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Every one, and those that will come.
    All,
    /// Of this type.
    Kind(EventKind),
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "*" {
            return Ok(Self::All);
        }
        let known = || format!("{word:?} is none of *, {}", EventKind::WORDS.join(", "));
        EventKind::parse(&word).map(Self::Kind).ok_or_else(|| serde::de::Error::custom(known()))
    }
}

/// The types that are asked for, each once; none: every one.
pub(crate) fn kinds(wanted: &[Wanted]) -> Result<Vec<EventKind>, Rejection> {
    let mut kinds = Vec::new();
    for one in wanted {
        match one {
            Wanted::All if wanted.len() > 1 => {
                return Err(Rejection::field("/events", "`*` is every type: name it alone, or name types"));
            }
            Wanted::Kind(kind) if !kinds.contains(kind) => kinds.push(*kind),
            Wanted::All | Wanted::Kind(_) => {}
        }
    }
    match wanted {
        [] => Err(Rejection::field("/events", "at least one type is expected, or `*`")),
        _ => Ok(kinds),
    }
}

/// The endpoint, as long as it was not deleted.
pub(crate) fn living(draft: &Draft<'_>, id: Id) -> Result<Rc<Endpoint>, Stop> {
    let endpoint = draft.get::<Endpoint>(id)?.filter(|endpoint| endpoint.deleted_at.is_none());
    endpoint.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such webhook endpoint.").into())
}

/// Who may not see codes gives them to nobody.
pub(crate) fn refuse_codes() -> Rejection {
    Rejection::at(
        Code::Forbidden,
        "/include_codes",
        "The events of this endpoint tell codes of vouchers; the scope vouchers:redeem is needed for that.",
    )
}

/// The key that verifies what is signed beside a secret, where that is wanted.
pub(crate) fn public_key(draft: &Draft<'_>, sealed: &str, is_wanted: bool) -> Option<String> {
    let key = || draft.installation.vault.webhook_pair(sealed).public_key().as_ref().to_vec();
    is_wanted.then(|| format!("whpk_{}", STANDARD.encode(key())))
}

/// A new secret, in plain and sealed. Its base64 is the standard one with padding: the libraries read no other.
pub(crate) fn new_secret(draft: &Draft<'_>) -> (String, String) {
    let plain = format!("whsec_{}", STANDARD.encode(draft.random::<SECRET_BYTES>()));
    let sealed = draft.installation.vault.seal(&plain, draft.random());
    (plain, sealed)
}
