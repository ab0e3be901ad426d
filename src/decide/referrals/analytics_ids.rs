//! Keeps what the shop's analytics call a browser, for as long as it can be handed on.

use serde::Deserialize;

use crate::decide::draft::Draft;
use crate::records::analytics_ids::{GaClientId, GaSessionId, Ids, KEPT_MS, MatomoVisitorId};
use crate::records::typed::typed;
use crate::records::{AnalyticsIds, Id, Json, Timestamp};
use crate::world::Stop;

/// What the shop's analytics call a browser, and whether its person agreed that they are told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyticsInput {
    /// Without it nothing is kept.
    pub consent: bool,
    /// See [`Ids`].
    #[serde(default, deserialize_with = "typed")]
    pub ga_client_id: Option<GaClientId>,
    /// See [`Ids`].
    #[serde(default, deserialize_with = "typed")]
    pub ga_session_id: Option<GaSessionId>,
    /// See [`Ids`].
    #[serde(default, deserialize_with = "typed")]
    pub matomo_visitor_id: Option<MatomoVisitorId>,
}

impl AnalyticsInput {
    fn ids(&self) -> Option<Ids> {
        let ids = Ids {
            ga_client_id: self.ga_client_id.clone(),
            ga_session_id: self.ga_session_id.clone(),
            matomo_visitor_id: self.matomo_visitor_id.clone(),
        };
        Some(ids).filter(|ids| self.consent && !ids.is_empty())
    }
}

/// What something that happened came from.
pub struct Came {
    /// The conversion or referral.
    pub subject: Id,
    /// Whose browser it is.
    pub customer: Option<Id>,
    /// When it happened.
    pub at: Timestamp,
}

/// Keeps the ids that came with something; told again they stay as they were told first. Where consent is taken back, or
/// what happened is too old, nothing is.
pub fn keep(draft: &mut Draft<'_>, input: Option<&AnalyticsInput>, came: &Came) -> Result<(), Stop> {
    let Some(input) = input else { return Ok(()) };
    let id = AnalyticsIds::id_of(came.subject);
    let known = draft.get::<AnalyticsIds>(id)?;
    let kept_until = came.at.plus_ms(KEPT_MS);
    match (known, input.ids()) {
        (Some(known), None) if !input.consent => {
            draft.save(AnalyticsIds { ids: Json(None), ..(*known).clone() });
        }
        (None, Some(ids)) if draft.at() < kept_until => {
            let (shop, created_at) = (draft.shop.id, draft.at());
            let Came { subject, customer, .. } = *came;
            draft.save(AnalyticsIds {
                id,
                shop,
                version: 0,
                subject,
                customer,
                ids: Json(Some(ids)),
                created_at,
                kept_until,
            });
        }
        _ => {}
    }
    Ok(())
}
