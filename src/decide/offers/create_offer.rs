//! Makes an offer, as a draft or active at once.

use crate::decide::answer::Answer;
use crate::decide::counter::{self, Counted};
use crate::decide::draft::Draft;
use crate::decide::offers::offer::{Checked, apply, check_targeting, show};
use crate::decide::programs::program;
use crate::records::offer::{Audience, Leak, OfferKind, OfferStatus};
use crate::records::{Json, Offer};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// Offers of one shop.
const OFFERS: i64 = 100_000;

/// The offer's fields.
pub type CreateOffer = Checked;

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateOffer) -> Result<Answer, Stop> {
    let body = &command.body;
    let name = body.name.as_deref().ok_or_else(|| missing("name"))?;
    let reward = body.reward.clone().ok_or_else(|| missing("reward"))?;
    let program = body.program.as_deref().ok_or_else(|| missing("program"))?;
    let (program, segments) =
        (program::known(draft, program, "/program"), check_targeting(draft, body.targeting.as_ref()));
    let (program, ()) = (program?, segments?);
    let mut offer = Offer {
        id: draft.new_id("ofr"),
        shop: draft.shop.id,
        version: 0,
        name: name.to_owned(),
        status: OfferStatus::Draft,
        kind: body.kind.unwrap_or(OfferKind::Personal),
        program: program.id,
        audience: Audience::Arrive,
        reward: Json(reward),
        conditions: Json::default(),
        conditions_before: Json(None),
        segments: Json::default(),
        capacity: None,
        per_customer: 1,
        stacking: Json::default(),
        group_terms: Json(None),
        leak: Leak::Warn,
        content: Json::default(),
        starts_at: None,
        ends_at: None,
        created_at: draft.at(),
        activated_at: None,
        ended_at: None,
    };
    apply(&mut offer, command)?;
    match body.status {
        None | Some(OfferStatus::Draft) => {}
        Some(OfferStatus::Active) if offer.ends_at.is_some_and(|end| end <= draft.at()) => {
            return Err(Rejection::field("/ends_at", "an offer that begins at once must end later").into());
        }
        Some(OfferStatus::Active) => offer.take(OfferStatus::Active, draft.at()),
        Some(_) => return Err(Rejection::field("/status", "an offer begins as draft or active").into()),
    }
    if counter::add(draft, "offers", Some(OFFERS))? == Counted::Full {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {OFFERS} offers.")).into());
    }
    let view = show(draft, &offer, 0);
    let answer = Answer::created(&view, format!("/v1/offers/{}", offer.id)).version(1);
    draft.audit("create_offer", offer.id, None);
    draft.save(offer);
    Ok(answer)
}

fn missing(field: &str) -> Rejection {
    Rejection::field(format!("/{field}"), "this field is required")
}
