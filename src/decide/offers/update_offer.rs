//! Changes an offer. What was claimed before stays as it was given; but passes follow their event.

use crate::decide::answer::Answer;
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::input::if_match::IfMatch;
use crate::decide::offers::change_passes;
use crate::decide::offers::offer::{Checked, apply, check_targeting, named, show};
use crate::decide::programs::program;
use crate::records::benefit::BenefitKind;
use crate::records::offer::{OfferStatus, claims_subject};
use crate::records::{Id, Offer};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The offer, the version that the caller read, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateOffer {
    /// The offer.
    pub id: Id,
    /// The version that the caller read.
    pub if_match: IfMatch,
    /// What to change.
    pub given: Checked,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateOffer) -> Result<Answer, Stop> {
    let (offer, segments) = (named(draft, command.id), check_targeting(draft, command.given.body.targeting.as_ref()));
    let claimed = counter::count(draft, &claims_subject(command.id));
    let program = command.given.body.program.as_deref().map(|name| program::known(draft, name, "/program")).transpose();
    let (offer, (), claimed, program) = (offer?, segments?, claimed?, program?);
    command.if_match.check(offer.version)?;
    if offer.status == OfferStatus::Ended {
        return Err(Rejection::new(Code::IllegalTransition, "An ended offer cannot be changed.").into());
    }
    let body = &command.given.body;
    if body.status.is_some() {
        return Err(Rejection::field("/status", "use POST …/activate, …/pause or …/end").into());
    }
    if body.kind.is_some_and(|kind| kind != offer.kind) {
        return Err(Rejection::field("/kind", "whom an offer is for never changes; make another one").into());
    }
    if program.is_some_and(|program| program.id != offer.program) {
        return Err(Rejection::field("/program", "the program of an offer never changes; make another one").into());
    }
    let mut changed = (*offer).clone();
    apply(&mut changed, &command.given)?;
    if changed.capacity.is_some_and(|capacity| capacity < claimed) {
        let detail = format!("{claimed} were claimed already; the capacity cannot be less.");
        return Err(Rejection::at(Code::InvalidField, "/capacity", detail).into());
    }
    let moves = changes_event(draft, &offer, &changed, claimed)?;
    if moves && claimed > 0 {
        change_passes::begin(draft, offer.id, claimed)?;
    }
    let view = show(draft, &changed, claimed);
    let answer = Answer::ok(&view).version(changed.version + 1);
    draft.audit("update_offer", changed.id, None);
    draft.save(changed);
    Ok(answer)
}

/// Whether what its passes are for is changed. What gave passes goes on giving them, so that it is known what they follow.
fn changes_event(draft: &Draft<'_>, before: &Offer, after: &Offer, claimed: i64) -> Result<bool, Rejection> {
    if before.reward.kind != BenefitKind::EventPass {
        return Ok(false);
    }
    if after.reward.kind != BenefitKind::EventPass && claimed > 0 {
        let detail = "passes were given that follow its event; make another offer";
        return Err(Rejection::field("/reward/kind", detail));
    }
    if after.reward.event == before.reward.event {
        return Ok(false);
    }
    if after.reward.is_over(draft.at()) {
        return Err(Rejection::field("/reward/event/starts_at", "the event would be over"));
    }
    Ok(true)
}
