//! Gives a customer a reward by hand, with a reason; what is worth more than one person gives alone waits
//! for a second operator, or for two where no operator asked for it.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::access::four_eyes::{self, Gift, gives_alone};
use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::input::again::same_content;
use crate::decide::input::own_name;
use crate::decide::people::customer::{self, CustomerDetails};
use crate::decide::people::person::is_same_customer;
use crate::decide::rewards::grant;
use crate::records::benefit::Benefit;
use crate::records::grant::{GrantStatus, Purpose};
use crate::records::text::{Reason, Reference};
use crate::records::{Customer, EventKind, Grant, Json, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The grant's fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateGrant {
    /// Who gets it: `external_id` or `cus_…`.
    pub customer: Option<Reference>,
    /// What is told of him; without `customer` he is a guest.
    pub customer_details: Option<CustomerDetails>,
    /// What.
    pub reward: Benefit,
    /// Why.
    pub reason: Reason,
    /// What it is for. A promotion is advertising, and its mail asks for consent.
    pub purpose: Option<Purpose>,
    /// The shop's own id of it; met again, the grant is answered as it is.
    pub reference: Option<Reference>,
    /// Whether a mail tells the customer; left out: it does.
    pub notify: Option<bool>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateGrant) -> Result<Answer, Stop> {
    let _asked_ahead = four_eyes::hand(draft);
    let same = command.reference.as_deref().map(|reference| draft.find(&Grant::BY_REFERENCE, reference)).transpose();
    own_name::check(command.reference.as_deref().unwrap_or_default(), &["grt"], "/reference")?;
    let (named, told) = (command.customer.as_deref(), command.customer_details.as_ref());
    let customer = customer::find_known(draft, named, told, "/customer");
    if let Some(same) = same?.flatten() {
        return answer_again(draft, &same, command, customer.map(|found| found.map(|found| found.customer)));
    }
    let customer =
        customer?.ok_or_else(|| Rejection::field("/customer", "customer or customer_details is required"))?;
    let customer = customer::keep(draft, customer)?;
    check(&command.reward, draft.at())?;
    let asked = asked_for(draft, command, &customer);
    let place = format!("/v1/grants/{}", asked.id);
    draft.audit("create_grant", asked.id, Some(&asked.reason));
    let gift = Gift { worth: grant::worth(&asked.benefit), to: Some(customer.id) };
    if !gives_alone(draft, &gift)? {
        let view = views::grant::grant(&asked);
        let answer = Answer::created(&view, place);
        draft.event(EventKind::GrantPending, &view)?;
        draft.save(asked);
        return Ok(answer);
    }
    let given = grant::give(draft, asked)?;
    Ok(Answer::created(&views::grant::grant(&given), place))
}

/// The same grant again is answered as it is now; another one under its reference is refused.
fn answer_again(
    draft: &Draft<'_>,
    same: &Grant,
    command: &CreateGrant,
    customer: Result<Option<Rc<Customer>>, Stop>,
) -> Result<Answer, Stop> {
    let what = format!("The grant {}", same.reference.as_deref().unwrap_or_default());
    let is_theirs = is_same_customer(draft, Some(same.customer), customer)?;
    let parts = [
        ("/customer", is_theirs),
        ("/reward", same.benefit.0 == command.reward),
        ("/purpose", same.purpose == command.purpose),
    ];
    same_content(Code::ReferenceDiffers, &what, &parts)?;
    Ok(Answer::ok(&views::grant::grant(same)))
}

fn check(benefit: &Benefit, at: Timestamp) -> Result<(), Rejection> {
    if benefit.of_order_bps.is_some() {
        return Err(Rejection::field("/reward/of_order_bps", "a grant belongs to no order; give an amount"));
    }
    match benefit.fault() {
        Some((field, fault)) => Err(Rejection::field(format!("/reward/{field}"), fault)),
        None if benefit.is_over(at) => Err(Rejection::field("/reward/event/starts_at", "the event is over")),
        None => Ok(()),
    }
}

fn asked_for(draft: &Draft<'_>, command: &CreateGrant, customer: &Customer) -> Grant {
    Grant {
        id: draft.new_id("grt"),
        shop: draft.shop.id,
        version: 0,
        status: GrantStatus::PendingApproval,
        customer: customer.id,
        customer_ref: customer.external_id.clone(),
        benefit: Json(command.reward.clone()),
        currency: draft.shop.currency,
        cost_amount: command.reward.cost_for(0),
        reason: command.reason.to_string(),
        reference: command.reference.as_ref().map(|reference| reference.to_string()),
        notify: command.notify.unwrap_or(true),
        purpose: command.purpose,
        reward: None,
        by_actor: Json(draft.context.actor.clone()),
        approved_by: Json(None),
        decided_by: Json(None),
        created_at: draft.at(),
        decided_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn benefit(json: &str) -> Benefit {
        serde_json::from_str(json).expect("a benefit")
    }

    #[test]
    fn what_a_benefit_may_be_worth_is_its_most() {
        let table = [
            (r#"{"kind":"gift_card","amount":5001}"#, Some(5001)),
            (r#"{"kind":"amount_off","amount":5001,"cost_amount":1}"#, Some(5001)),
            (r#"{"kind":"percent_off","rate_bps":1000,"max_amount":5001,"cost_amount":1}"#, Some(5001)),
            (r#"{"kind":"percent_off","rate_bps":1000,"max_amount":1,"cost_amount":7}"#, Some(7)),
            (r#"{"kind":"percent_off","rate_bps":1000,"cost_amount":1}"#, None),
            (r#"{"kind":"free_shipping"}"#, Some(0)),
            (r#"{"kind":"free_shipping","cost_amount":5001}"#, Some(5001)),
        ];
        for (json, expected) in table {
            assert_eq!(grant::worth(&benefit(json)), expected, "{json}");
        }
    }

    #[test]
    fn a_grant_is_worth_something_of_its_own() {
        let table = [
            (r#"{"kind":"store_credit","of_order_bps":500}"#, "/reward/of_order_bps"),
            (r#"{"kind":"gift_card"}"#, "/reward/amount"),
            (r#"{"kind":"percent_off","rate_bps":10001}"#, "/reward/rate_bps"),
            (r#"{"kind":"store_credit","amount":1,"valid":{"days":3}}"#, "/reward/valid"),
        ];
        for (json, pointer) in table {
            let fault = check(&benefit(json), Timestamp::from_ms(0)).expect_err(json);
            assert_eq!(fault.errors[0].pointer, pointer, "{json}");
        }
    }
}
