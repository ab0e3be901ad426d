//! An analytics to which nothing could be told for days is left alone, until somebody enables it again.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::endpoint::{DisabledBy, EndpointStatus};
use crate::records::{AnalyticsAccount, EventKind, Id, Timestamp};
use crate::views;
use crate::world::Stop;

/// Which account, and why.
#[derive(Clone, Debug)]
pub struct DisableAnalyticsAccount {
    /// The account.
    pub id: Id,
    /// When it had been enabled, as delivery knew it: who has enabled it since is not overruled.
    pub enabled_at: Timestamp,
    /// Why.
    pub why: DisabledBy,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &DisableAnalyticsAccount) -> Result<Answer, Stop> {
    let known = draft.get::<AnalyticsAccount>(command.id)?;
    let Some(known) = known.filter(|known| known.is_live() && known.enabled_at == command.enabled_at) else {
        return Ok(Answer::no_content());
    };
    let disabled = AnalyticsAccount {
        status: EndpointStatus::Disabled,
        disabled_by: Some(command.why),
        disabled_at: Some(draft.context.real_at),
        ..(*known).clone()
    };
    draft.event(EventKind::AnalyticsDisabled, &views::endpoint::account::account(&disabled))?;
    draft.audit("disable_analytics_account", disabled.id, None);
    draft.save(disabled);
    Ok(Answer::no_content())
}
