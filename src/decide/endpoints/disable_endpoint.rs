//! Delivery tells that an endpoint is not to be sent to any more: its receiver said so, or for days nothing arrived.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::endpoint::{DisabledBy, EndpointStatus};
use crate::records::{Endpoint, EventKind, Id, Timestamp};
use crate::views;
use crate::world::Stop;

/// The endpoint, and why.
#[derive(Clone, Debug)]
pub struct DisableEndpoint {
    /// The endpoint.
    pub id: Id,
    /// When it had been enabled, as delivery knew it: who has enabled it since is not overruled.
    pub enabled_at: Timestamp,
    /// Why.
    pub why: DisabledBy,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &DisableEndpoint) -> Result<Answer, Stop> {
    let endpoint = draft.get::<Endpoint>(command.id)?;
    let Some(endpoint) = endpoint.filter(|endpoint| endpoint.is_live() && endpoint.enabled_at == command.enabled_at)
    else {
        return Ok(Answer::no_content());
    };
    let disabled = Endpoint {
        status: EndpointStatus::Disabled,
        disabled_by: Some(command.why),
        disabled_at: Some(draft.context.real_at),
        ..(*endpoint).clone()
    };
    draft.event(EventKind::EndpointDisabled, &views::endpoint::endpoint(&disabled))?;
    draft.audit("disable_webhook_endpoint", disabled.id, None);
    draft.save(disabled);
    Ok(Answer::no_content())
}
