//! Gives a customer a reward by hand, with a reason; a large one waits for a second operator.

use serde::Deserialize;

use super::answer::Answer;
use super::draft::Draft;
use super::parts::customer::CustomerDetails;
use super::parts::{customer, grant};
use crate::records::benefit::Benefit;
use crate::records::grant::GrantStatus;
use crate::records::text::{Reason, Reference};
use crate::records::{Customer, Grant, Json};
use crate::refusal::Rejection;
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
    /// The shop's own id of it; met again, the grant is answered as it is.
    pub reference: Option<Reference>,
    /// Whether a mail tells the customer; left out: it does.
    pub notify: Option<bool>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateGrant) -> Result<Answer, Stop> {
    let same = command.reference.as_deref().map(|reference| draft.find(&Grant::BY_REFERENCE, reference)).transpose();
    let (named, told) = (command.customer.as_deref(), command.customer_details.as_ref());
    let customer = customer::find(draft, named, told, "/customer");
    if let Some(same) = same?.flatten() {
        return Ok(Answer::ok(&views::grant::grant(&same)));
    }
    let customer =
        customer?.ok_or_else(|| Rejection::field("/customer", "customer or customer_details is required"))?;
    let customer = customer::keep(draft, customer)?;
    check(&command.reward)?;
    let asked = asked_for(draft, command, &customer);
    let place = format!("/v1/grants/{}", asked.id);
    draft.audit("create_grant", asked.id, Some(&asked.reason));
    if needs_second(&asked.benefit, draft.shop.grant_approval_above) {
        let view = views::grant::grant(&asked);
        let answer = Answer::created(&view, place);
        draft.event("grant.pending", &view)?;
        draft.save(asked);
        return Ok(answer);
    }
    let given = grant::give(draft, asked)?;
    Ok(Answer::created(&views::grant::grant(&given), place))
}

fn check(benefit: &Benefit) -> Result<(), Rejection> {
    if benefit.of_order_bps.is_some() {
        return Err(Rejection::field("/reward/of_order_bps", "a grant belongs to no order; give an amount"));
    }
    match benefit.fault() {
        Some((field, fault)) => Err(Rejection::field(format!("/reward/{field}"), fault)),
        None => Ok(()),
    }
}

/// Whether it may be worth more than one operator gives alone. A percentage without a cap may be
/// worth anything.
fn needs_second(benefit: &Benefit, limit: Option<i64>) -> bool {
    use crate::records::benefit::BenefitKind::PercentOff;
    let Some(limit) = limit else { return false };
    let uncapped = benefit.kind == PercentOff && benefit.max_amount.is_none();
    let most = benefit.amount_for(0).or(benefit.max_amount.map(|max| max.0)).unwrap_or(0);
    uncapped || most.max(benefit.cost_for(0)) > limit
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
        reward: None,
        by_actor: Json(draft.context.actor.clone()),
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
    fn what_may_be_worth_more_than_the_limit_needs_a_second_operator() {
        let table = [
            (r#"{"kind":"gift_card","amount":5000}"#, Some(5000), false),
            (r#"{"kind":"gift_card","amount":5001}"#, Some(5000), true),
            (r#"{"kind":"gift_card","amount":5001}"#, None, false),
            (r#"{"kind":"amount_off","amount":5001,"cost_amount":1}"#, Some(5000), true),
            (r#"{"kind":"percent_off","rate_bps":1000,"max_amount":5000}"#, Some(5000), false),
            (r#"{"kind":"percent_off","rate_bps":1000,"max_amount":5001,"cost_amount":1}"#, Some(5000), true),
            (r#"{"kind":"percent_off","rate_bps":1000,"cost_amount":1}"#, Some(5000), true),
            (r#"{"kind":"free_shipping"}"#, Some(5000), false),
            (r#"{"kind":"free_shipping","cost_amount":5001}"#, Some(5000), true),
        ];
        for (json, limit, needed) in table {
            assert_eq!(needs_second(&benefit(json), limit), needed, "{json} above {limit:?}");
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
            let fault = check(&benefit(json)).expect_err(json);
            assert_eq!(fault.errors[0].pointer, pointer, "{json}");
        }
    }
}
