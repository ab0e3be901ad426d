//! The time of what the shop's analytics call a browser is over: it is kept no longer.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::{AnalyticsIds, Id, Json};
use crate::world::Stop;

/// The ids that the sweep found due.
#[derive(Clone, Debug)]
pub struct ForgetAnalyticsIds {
    /// Which.
    pub ids: Id,
}

/// Decides it. Whether they are due is decided by time; found twice, they are gone.
pub fn decide(draft: &mut Draft<'_>, command: &ForgetAnalyticsIds) -> Result<Answer, Stop> {
    let known = draft.get::<AnalyticsIds>(command.ids)?;
    if let Some(known) = known.filter(|known| known.kept_until <= draft.at()) {
        draft.save(AnalyticsIds { ids: Json(None), ..(*known).clone() });
    }
    Ok(Answer::no_content())
}
