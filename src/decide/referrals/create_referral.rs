//! Notes who recommended a friend, when he becomes known: at sign-up, on a landing page.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::people::customer::{self, CustomerDetails};
use crate::decide::people::person;
use crate::decide::programs::program::{self, REWARDS};
use crate::decide::referrals::analytics_ids::{self, AnalyticsInput, Came};
use crate::decide::referrals::arrival::{Arrival, Reason, judge};
use crate::decide::referrals::attribution::Winner;
use crate::decide::referrals::evidence::{self, EvidenceFindings};
use crate::decide::referrals::referral;
use crate::decide::rewards::reward::{Earning, Origin, Wait, earn};
use crate::records::program::RewardOn;
use crate::records::referral::Method;
use crate::records::text::{Reference, Text};
use crate::records::{Customer, EventKind, Id, Json, Referral, Reward, Why};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The friend, and what he came with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateReferral {
    /// Only this program: id or slug.
    #[serde(default)]
    pub program: Option<Reference>,
    /// Who came: `external_id` or `cus_…`.
    #[serde(default)]
    pub friend: Option<Reference>,
    /// What is told of him; without `friend` he is a guest.
    #[serde(default)]
    pub friend_details: Option<CustomerDetails>,
    /// What he came with.
    pub evidence: Evidence,
    /// The session in which it was typed: by whom wrong codes are counted. Never stored.
    #[serde(default)]
    pub visitor: Option<Text<0, 128>>,
    /// What the shop's analytics call the browser.
    #[serde(default)]
    pub analytics: Option<AnalyticsInput>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateReferral) -> Result<Answer, Stop> {
    let friend = customer::find(draft, command.friend.as_deref(), command.friend_details.as_ref(), "/friend");
    let only = command.program.as_deref().map(|text| program::known(draft, text, "/program")).transpose();
    let findings = evidence::candidates(draft, &command.evidence);
    let (friend, only, findings) = (friend?, only?, findings?);
    let friend = friend.ok_or_else(|| Rejection::field("/friend", "friend or friend_details is required"))?;
    let friend = customer::keep(draft, friend)?;
    let Introduced { referral, rewards, is_new } =
        introduce(draft, &friend, only.map(|program| program.id), findings)??;
    let came = Came { subject: referral.id, customer: Some(friend.id), at: draft.at() };
    analytics_ids::keep(draft, command.analytics.as_ref(), &came)?;
    let view = views::referral::referral(&referral, &rewards);
    Ok(if is_new { Answer::created(&view, format!("/v1/referrals/{}", referral.id)) } else { Answer::ok(&view) })
}

/// What somebody's recommendation came to.
pub(super) struct Introduced {
    /// The referral.
    pub referral: Rc<Referral>,
    /// What it earned by itself.
    pub rewards: Vec<Rc<Reward>>,
    /// Whether it began now.
    pub is_new: bool,
}

/// Notes who recommended a friend, by what they came with; why nobody did, without a trace.
pub(super) fn introduce(
    draft: &mut Draft<'_>,
    friend: &Customer,
    only: Option<Id>,
    findings: EvidenceFindings,
) -> Result<Result<Introduced, Rejection>, Stop> {
    Ok(match judge(draft, Some(friend), only, findings)? {
        Arrival::Known(referral) => Ok(again(draft, referral)?),
        Arrival::Won(winner) => Ok(make_referral(draft, &winner, friend)?),
        Arrival::Nobody(reasons) => Err(refusal(&reasons)),
    })
}

fn again(draft: &Draft<'_>, referral: Rc<Referral>) -> Result<Introduced, Stop> {
    Ok(Introduced { rewards: rewards_of(draft, &referral)?, referral, is_new: false })
}

/// What a referral earned by itself.
pub fn rewards_of(draft: &Draft<'_>, referral: &Referral) -> Result<Vec<Rc<Reward>>, Stop> {
    let place = |index: usize| draft.find(&Reward::BY_ONCE, &format!("{}/{index}", referral.id));
    let asked: Vec<_> = (0..REWARDS).map(place).collect();
    let found: Result<Vec<_>, Stop> = asked.into_iter().collect();
    Ok(found?.into_iter().flatten().collect())
}

fn make_referral(draft: &mut Draft<'_>, winner: &Winner, friend: &Customer) -> Result<Introduced, Stop> {
    let person = person::of(draft, friend)?;
    if let Some(known) = referral::find(draft, winner.program.id, &person, draft.at())? {
        let changed = referral::take_over(draft, &known, &winner.into())?;
        let changed = draft.save(changed);
        let changed = again(draft, changed)?;
        let view = views::referral::referral(&changed.referral, &changed.rewards);
        draft.event(EventKind::ReferralChanged, &view)?;
        return Ok(changed);
    }
    let mut referral = referral::begin(draft, &winner.into(), friend, person.id)?;
    let earned = earn(
        draft,
        &Earning {
            program: &winner.program,
            on: RewardOn::Referral,
            advocate: Some(&winner.advocate),
            friend,
            order: None,
            referral: Some(referral.id),
            arm: referral.arm,
            wait: Wait::Over,
            origin: Origin {
                at: referral.created_at,
                channel: referral.channel.clone(),
                placed: referral.placed.clone(),
            },
        },
    )?;
    referral.refused_rewards = Json(earned.refused);
    let referral = draft.save(referral);
    let view = views::referral::referral(&referral, &earned.rewards);
    draft.event(EventKind::ReferralCreated, &view)?;
    Ok(Introduced { referral, rewards: earned.rewards, is_new: true })
}

/// The refusal for the strongest evidence that was no good.
fn refusal(reasons: &[Reason]) -> Rejection {
    let Some(reason) = reasons.first() else {
        return Rejection::field(
            "/evidence",
            "a token or a code is required; without one nobody recommended the friend",
        );
    };
    let pointer = if reason.method == Method::Code { "/evidence/code" } else { "/evidence/token" };
    let (code, detail) = match (reason.outcome, reason.method) {
        (Why::Unknown, Method::Code) => {
            (Code::CodeUnknown, "There is no advocate code like this; ask for it once more.")
        }
        (Why::Unknown, _) => {
            (Code::ShareUnknown, "No advocate stands behind this token; hand on the whole gv parameter.")
        }
        (Why::Foreign, Method::Code) => (Code::CodeUnknown, "The code belongs to another program; leave program out."),
        (Why::Foreign, _) => (Code::ShareUnknown, "The token belongs to another program; leave program out."),
        (Why::SelfReferral, _) => (Code::SelfReferral, "The friend is the advocate himself."),
        (Why::ProgramNotActive, _) => {
            (Code::ProgramNotActive, "The program of this evidence does not count at present.")
        }
        (Why::Expired, _) => {
            (Code::NotEligible, "The link was opened too long ago; the program's window_days are over.")
        }
        (Why::NotNew, _) => (Code::NotEligible, "The friend has ordered before, and the program is for new customers."),
        (
            Why::Weaker
            | Why::Older
            | Why::CreditExpired
            | Why::MinOrderAmount
            | Why::WorthNothing
            | Why::LimitReached
            | Why::BudgetExhausted
            | Why::CurrencyMismatch
            | Why::CustomerRequired
            | Why::HeldOut
            | Why::TooLate,
            _,
        ) => (Code::NotEligible, "This evidence does not make a referral."),
    };
    Rejection::at(code, pointer, detail)
}
