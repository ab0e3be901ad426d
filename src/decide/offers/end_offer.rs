//! An offer's dates are over: it ends by itself.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::offers::offer::named;
use crate::records::Id;
use crate::records::offer::OfferStatus::{Active, Ended, Paused};
use crate::world::Stop;

/// The offer that the sweep found due.
#[derive(Clone, Debug)]
pub struct EndOffer {
    /// The offer.
    pub offer: Id,
}

/// Decides it. Whether it is due is decided by time; found twice, it ends once. A draft never began.
pub fn decide(draft: &mut Draft<'_>, command: &EndOffer) -> Result<Answer, Stop> {
    let offer = named(draft, command.offer)?;
    let over = offer.ends_at.filter(|end| *end <= draft.at());
    let (Some(end), Active | Paused) = (over, offer.status) else { return Ok(Answer::no_content()) };
    let mut ended = (*offer).clone();
    ended.take(Ended, end);
    draft.save(ended);
    Ok(Answer::no_content())
}
