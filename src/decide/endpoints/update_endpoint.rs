//! Changes an endpoint. One that is enabled again goes on where it stood: nothing is lost.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::endpoints::endpoint::{Wanted, kinds, living, public_key, refuse_codes};
use crate::records::endpoint::{DeliveryOrder, DisabledBy, EndpointStatus, PayloadForm};
use crate::records::text::Text;
use crate::records::{Endpoint, Id, Json};
use crate::views;
use crate::world::Stop;

/// The endpoint and what to change.
#[derive(Clone, Debug)]
pub struct UpdateEndpoint {
    /// The endpoint.
    pub id: Id,
    /// What to change.
    pub body: EndpointChange,
    /// Whether who asks may see codes.
    pub sees_codes: bool,
}

/// What may be changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointChange {
    /// Where to; looked at before.
    pub url: Option<Text<1, 2048>>,
    /// Which events.
    pub events: Option<Vec<Wanted>>,
    /// What of them.
    pub payload: Option<PayloadForm>,
    /// In what order.
    pub order: Option<DeliveryOrder>,
    /// Whether events of vouchers tell their codes.
    pub include_codes: Option<bool>,
    /// Whether a key of which the receiver knows the public half signs as well.
    pub asymmetric: Option<bool>,
    /// Whether events are sent.
    pub status: Option<EndpointStatus>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateEndpoint) -> Result<Answer, Stop> {
    let UpdateEndpoint { id, body, sees_codes } = command;
    let mut changed = (*living(draft, *id)?).clone();
    if let Some(wanted) = &body.events {
        changed.kinds = Json(kinds(wanted)?);
    }
    changed.payload = body.payload.unwrap_or(changed.payload);
    changed.order = body.order.unwrap_or(changed.order);
    let is_elsewhere = body.url.as_ref().is_some_and(|url| **url != *changed.url);
    let is_news = is_elsewhere || body.include_codes == Some(true) && !changed.include_codes;
    changed.include_codes = body.include_codes.unwrap_or(changed.include_codes);
    if changed.include_codes && is_news && !sees_codes {
        return Err(refuse_codes().into());
    }
    if let Some(url) = &body.url {
        changed.url = url.to_string();
    }
    if let Some(is_wanted) = body.asymmetric {
        changed.public_key = public_key(draft, &changed.secret, is_wanted);
    }
    set_status(draft, &mut changed, body.status);
    let answer = Answer::ok(&views::endpoint::endpoint(&changed));
    draft.audit("update_webhook_endpoint", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

fn set_status(draft: &Draft<'_>, endpoint: &mut Endpoint, status: Option<EndpointStatus>) {
    match status.filter(|status| *status != endpoint.status) {
        Some(EndpointStatus::Enabled) => {
            endpoint.status = EndpointStatus::Enabled;
            (endpoint.disabled_by, endpoint.disabled_at) = (None, None);
            endpoint.enabled_at = draft.context.real_at;
        }
        Some(EndpointStatus::Disabled) => {
            endpoint.status = EndpointStatus::Disabled;
            (endpoint.disabled_by, endpoint.disabled_at) = (Some(DisabledBy::Hand), Some(draft.context.real_at));
        }
        None => {}
    }
}
