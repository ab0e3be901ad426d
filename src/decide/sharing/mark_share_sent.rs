//! A share's link was opened for the first time: it is sent.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::sharing::share;
use crate::records::channel::is_unnamed;
use crate::records::{EventKind, Id, Share};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The share, and the channel that the preview robot proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkShareSent {
    /// The share.
    pub share: Id,
    /// The channel; nothing when a person came, or a robot that serves several.
    pub channel: Option<&'static str>,
}

/// Decides it. Told again, nothing happens but that a channel is learned.
pub fn decide(draft: &mut Draft<'_>, command: &MarkShareSent) -> Result<Answer, Stop> {
    let known = draft.get::<Share>(command.share)?;
    let known = known.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such share."))?;
    let mut changed = (*known).clone();
    let learned = command.channel.filter(|_| is_unnamed(&known.channel));
    changed.sent_at = known.sent_at.or(Some(draft.at()));
    changed.channel_inferred = known.channel_inferred.clone().or(learned.map(str::to_owned));
    if changed.sent_at == known.sent_at && changed.channel_inferred == known.channel_inferred {
        return Ok(Answer::no_content());
    }
    if known.sent_at.is_none() {
        draft.event(EventKind::ShareSent, &share::show(draft, &changed)?)?;
    }
    draft.save(changed);
    Ok(Answer::no_content())
}
