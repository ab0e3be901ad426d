//! `draft → active ⇄ paused → ended`

use crate::decide::answer::Answer;
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::offers::offer::{named, show};
use crate::records::Id;
use crate::records::offer::OfferStatus::{self, Active, Draft as DraftStatus, Ended, Paused};
use crate::records::offer::claims_subject;
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The offer and where it goes.
#[derive(Clone, Debug)]
pub struct ChangeOfferStatus {
    /// The offer.
    pub id: Id,
    /// The state that it takes.
    pub to: OfferStatus,
}

/// Decides it. The state that it has already is answered again.
pub fn decide(draft: &mut Draft<'_>, command: &ChangeOfferStatus) -> Result<Answer, Stop> {
    let (offer, claimed) = (named(draft, command.id), counter::count(draft, &claims_subject(command.id)));
    let (offer, claimed) = (offer?, claimed?);
    if offer.status == command.to {
        return Ok(Answer::ok(&show(draft, &offer, claimed)).version(offer.version));
    }
    let allowed = matches!(
        (offer.status, command.to),
        (DraftStatus | Paused, Active) | (Active, Paused) | (DraftStatus | Active | Paused, Ended)
    );
    if !allowed {
        let detail = format!("An offer that is {} cannot become {}.", offer.status, command.to);
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    if command.to == Active && offer.ends_at.is_some_and(|end| end <= draft.at()) {
        let detail = "Its ends_at is over, so nobody could take it; PATCH a later one first.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    let mut changed = (*offer).clone();
    changed.take(command.to, draft.at());
    let answer = Answer::ok(&show(draft, &changed, claimed)).version(changed.version + 1);
    draft.audit(verb(command.to), changed.id, None);
    draft.save(changed);
    Ok(answer)
}

fn verb(to: OfferStatus) -> &'static str {
    match to {
        Active => "activate_offer",
        Paused => "pause_offer",
        _ => "end_offer",
    }
}
