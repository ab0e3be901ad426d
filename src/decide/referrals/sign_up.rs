//! Makes a customer known and notes who recommended them, in one decision: a sign-up is one call.
//!
//! Whom nobody recommended is made known all the same, and the answer says why nobody is credited.

use serde::Serialize;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::brought::Evidence;
use crate::decide::people::upsert_customer::{UpsertCustomer, answer, upsert};
use crate::decide::programs::program;
use crate::decide::referrals::create_referral::introduce;
use crate::decide::referrals::evidence;
use crate::refusal::Rejection;
use crate::views;
use crate::world::Stop;

/// The customer, and what they came with.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The customer's fields.
    pub customer: UpsertCustomer,
    /// What they came with.
    pub evidence: Evidence,
}

/// Why nobody is credited with a sign-up. See the contract's `ReferralRefused`.
#[derive(Serialize)]
struct Refused<'a> {
    code: &'static str,
    detail: &'a str,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &SignUp) -> Result<Answer, Stop> {
    let SignUp { customer, evidence } = command;
    let only = customer.program.as_deref().map(|text| program::known(draft, text, "/program")).transpose();
    let findings = evidence::candidates(draft, evidence);
    let signed_up = upsert(draft, customer);
    let (only, findings, (signed_up, is_new)) = (only?, findings?, signed_up?);
    let answer = answer(&signed_up, is_new);
    if !evidence.says_anything() {
        return Ok(answer);
    }
    Ok(match introduce(draft, &signed_up, only.map(|program| program.id), findings)? {
        Ok(introduced) => {
            let view = views::referral::referral(&introduced.referral, &introduced.rewards);
            // It names the advocate: whoever of both is forgotten, the stored answer is found by the referral.
            let subject = Some(introduced.referral.id);
            Answer { subject, ..answer.with("referral", &view) }
        }
        Err(Rejection { code, detail, .. }) => {
            answer.with("referral_refused", &Refused { code: code.as_str(), detail: &detail })
        }
    })
}
