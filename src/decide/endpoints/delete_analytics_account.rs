//! Nothing is told to an analytics any more.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::AnalyticsAccount;
use crate::records::analytics_account::Analytics;
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Which account.
#[derive(Clone, Debug)]
pub struct DeleteAnalyticsAccount {
    /// Whose it is.
    pub kind: Analytics,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &DeleteAnalyticsAccount) -> Result<Answer, Stop> {
    let known = draft.get::<AnalyticsAccount>(AnalyticsAccount::id_of(draft.shop.id, command.kind))?;
    let known = known.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such account."))?;
    if known.deleted_at.is_none() {
        draft.audit("delete_analytics_account", known.id, None);
        draft.save(AnalyticsAccount { deleted_at: Some(draft.at()), secret: None, ..(*known).clone() });
    }
    Ok(Answer::no_content())
}
