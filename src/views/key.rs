//! A key, as the API shows it: never its secret, but once.

use serde::Serialize;

use super::View;
use crate::records::audit::Actor;
use crate::records::scope::Scope;
use crate::records::{ApiKey, Id, Timestamp};

/// See the contract's `Key`.
#[derive(Serialize)]
pub struct KeyView<'a> {
    id: Id,
    name: &'a str,
    scopes: &'a [Scope],
    client: &'a str,
    asked_by: Option<&'a Actor>,
    created_at: Timestamp,
}

impl View for KeyView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// A key that was just made.
#[derive(Serialize)]
pub struct NewKeyView<'a> {
    #[serde(flatten)]
    key: KeyView<'a>,
    secret: &'a str,
}

impl View for NewKeyView<'_> {
    fn subject(&self) -> Option<Id> {
        self.key.subject()
    }
}

/// Shows a key.
pub fn key(key: &ApiKey) -> KeyView<'_> {
    KeyView {
        id: key.id,
        name: &key.name,
        scopes: &key.scopes,
        client: &key.client,
        asked_by: key.asked_by.as_ref(),
        created_at: key.created_at,
    }
}

/// Shows a key with its secret: once, when it is made.
pub fn new_key<'a>(made: &'a ApiKey, secret: &'a str) -> NewKeyView<'a> {
    NewKeyView { key: key(made), secret }
}
