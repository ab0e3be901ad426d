//! Whether evidence would make a referral, and what the friend would get. No command: it changes
//! nothing, and judges by the very rules of [`create_referral`](super::create_referral).

use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::customer;
use crate::decide::programs::budget::beyond_budget;
use crate::decide::programs::program;
use crate::decide::referrals::arrival::{Arrival, judge};
use crate::decide::referrals::create_referral::CreateReferral;
use crate::decide::referrals::evidence;
use crate::decide::sharing::share_words::content_for;
use crate::records::program::{RewardOn, Side};
use crate::records::trial::is_held_out;
use crate::records::{Program, Referral, Why};
use crate::views::referral::CheckView;
use crate::world::Stop;

/// Checks it. A friend who is not known becomes known to this draft alone, which is thrown away.
pub fn check(draft: &mut Draft<'_>, ask: &CreateReferral) -> Result<CheckView, Stop> {
    let friend = customer::resolve(draft, ask.friend.as_deref(), ask.friend_details.as_ref(), "/friend");
    let only = ask.program.as_deref().map(|text| program::known(draft, text, "/program")).transpose();
    let findings = evidence::candidates(draft, &ask.evidence);
    let (friend, only, findings) = (friend?, only?, findings?);
    let (program, advocate, refused, arm) =
        match judge(draft, friend.as_deref(), only.map(|program| program.id), findings)? {
            Arrival::Nobody(reasons) if reasons.is_empty() => return Ok(CheckView::refused(vec![Why::Unknown])),
            Arrival::Nobody(reasons) => {
                let mut outcomes: Vec<Why> = reasons.iter().map(|reason| reason.outcome).collect();
                outcomes.dedup();
                return Ok(CheckView::refused(outcomes));
            }
            Arrival::Won(winner) => {
                let refused = beyond_budget(draft, &winner.program)?;
                let refused = refused.into_iter().filter(|(_, to)| *to == Side::Friend);
                let refused = refused.map(|(place, _)| (place, Why::BudgetExhausted)).collect();
                (winner.program, winner.advocate, refused, winner.began.and_then(|began| began.arm))
            }
            Arrival::Known(known) => {
                let (program, advocate) =
                    (draft.expect::<Program>(known.program), customer_lookup::current(draft, known.advocate));
                let (program, advocate) = (program?, advocate?);
                let refused = refused_before(&program, &known);
                (program, advocate, refused, known.arm)
            }
        };
    let locale = friend.as_ref().and_then(|friend| friend.locale.as_deref()).unwrap_or(draft.shop.locale());
    let held_out = is_held_out(arm);
    let refused = if held_out { without_offer(&program) } else { refused };
    let content = content_for(&program.content, locale, draft.shop.locale()).filter(|_| !held_out);
    Ok(CheckView::good(&program, &advocate, content, &refused))
}

/// All of the friend's rewards, for they were recommended by somebody without an offer.
fn without_offer(program: &Program) -> Vec<(usize, Why)> {
    let rules = program.rules.rewards.iter().enumerate().filter(|(_, rule)| rule.to == Side::Friend);
    rules.map(|(place, _)| (place, Why::HeldOut)).collect()
}

/// The friend's rewards for a referral that he has already and that was refused them.
fn refused_before(program: &Program, known: &Referral) -> Vec<(usize, Why)> {
    let refused = known.refused_to_friend();
    let Some(refused) = refused.first() else { return Vec::new() };
    let rules = program.rules.rewards.iter().enumerate();
    let rules = rules.filter(|(_, rule)| rule.on == RewardOn::Referral && rule.to == Side::Friend);
    rules.map(|(place, _)| (place, refused.reason)).collect()
}
