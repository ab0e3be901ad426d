//! Deletes an endpoint: nothing is sent to it any more, and its secrets are gone. The record stays, for the audit log.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::{Endpoint, Id};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The endpoint.
#[derive(Clone, Debug)]
pub struct DeleteEndpoint {
    /// The endpoint.
    pub id: Id,
}

/// Decides it. Deleted again is deleted.
pub fn decide(draft: &mut Draft<'_>, command: &DeleteEndpoint) -> Result<Answer, Stop> {
    let endpoint = draft.get::<Endpoint>(command.id)?;
    let endpoint = endpoint.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such webhook endpoint."))?;
    if endpoint.deleted_at.is_none() {
        let deleted = Endpoint {
            deleted_at: Some(draft.at()),
            public_key: None,
            secret: String::new(),
            old_secret: None,
            old_until: None,
            ..(*endpoint).clone()
        };
        draft.audit("delete_webhook_endpoint", deleted.id, None);
        draft.save(deleted);
    }
    Ok(Answer::no_content())
}
