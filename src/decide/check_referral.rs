//! Whether evidence would make a referral, and what the friend would get. No command: it changes
//! nothing, and judges by the very rules of [`create_referral`](super::create_referral).

use std::rc::Rc;

use serde::Deserialize;

use super::draft::Draft;
use super::parts::arrival::{Arrival, judge};
use super::parts::customer::CustomerDetails;
use super::parts::share_words::content_for;
use super::parts::{customer, evidence, program};
use crate::records::text::Reference;
use crate::records::{Customer, Program};
use crate::views::referral::CheckView;
use crate::world::Stop;

/// What came along, and with whom when he is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckReferral {
    /// Only this program: id or slug.
    #[serde(default)]
    pub program: Option<Reference>,
    /// Who came: `external_id` or `cus_…`.
    #[serde(default)]
    pub friend: Option<Reference>,
    /// What is told of him.
    #[serde(default)]
    pub friend_details: Option<CustomerDetails>,
    /// What he came with.
    pub evidence: evidence::Evidence,
}

/// Checks it. A friend who is not known becomes known to this draft alone, which is thrown away.
pub fn check(draft: &mut Draft<'_>, ask: &CheckReferral) -> Result<CheckView, Stop> {
    let friend = customer::resolve(draft, ask.friend.as_deref(), ask.friend_details.as_ref(), "/friend");
    let only = ask.program.as_deref().map(|text| program::known(draft, text, "/program")).transpose();
    let claims = evidence::candidates(draft, &ask.evidence);
    let (friend, only, claims) = (friend?, only?, claims?);
    let (program, advocate) = match judge(draft, friend.as_deref(), only.map(|program| program.id), claims)? {
        Arrival::Nobody(reasons) if reasons.is_empty() => return Ok(CheckView::refused(vec!["unknown"])),
        Arrival::Nobody(reasons) => {
            let mut outcomes: Vec<&'static str> = reasons.iter().map(|reason| reason.outcome).collect();
            outcomes.dedup();
            return Ok(CheckView::refused(outcomes));
        }
        Arrival::Won(winner) => (winner.program, winner.advocate),
        Arrival::Known(known) => {
            let (program, advocate) =
                (draft.expect::<Program>(known.program), customer::current(draft, known.advocate));
            (program?, advocate?)
        }
    };
    Ok(view(draft, friend.as_deref(), &program, &advocate))
}

fn view(draft: &Draft<'_>, friend: Option<&Customer>, program: &Rc<Program>, advocate: &Customer) -> CheckView {
    let locale = friend.and_then(|friend| friend.locale.as_deref()).unwrap_or(draft.shop.locale());
    let content = content_for(&program.content, locale, draft.shop.locale());
    CheckView::good(program, advocate, content)
}
