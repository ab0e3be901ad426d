//! Changes the amount or the items of an order, until it is approved. What it earned is counted anew;
//! a reward that falls because the order is worth too little is not made up later. One that is worth no more
//! than what came back of it has come back as a whole.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::checkout::cart::Item;
use crate::decide::checkout::reversal::undo_order;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::orders::order::{UpdatedOrder, named, update_order};
use crate::decide::orders::order_items::ordered;
use crate::decide::orders::order_status::{Act, permit};
use crate::decide::orders::record_conversion::check_base;
use crate::decide::rewards::earn_for_order::earn_for;
use crate::decide::rewards::reward::Earned;
use crate::decide::rewards::voiding::Because;
use crate::records::money::Amount;
use crate::records::{Conversion, Json, Program, Why};
use crate::refusal::Rejection;
use crate::views::conversion::conversion as view;
use crate::world::Stop;

/// The order, and what to change.
#[derive(Clone, Debug)]
pub struct UpdateConversion {
    /// The conversion's id, or the shop's id of the order.
    pub order: String,
    /// What to change.
    pub body: ConversionBody,
}

/// The fields that may be changed; left out: unchanged.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionBody {
    /// Goods, VAT included, after discounts, minor units.
    pub amount: Option<Amount>,
    /// What that is worth in the shop's currency, minor units; where the order is in another one.
    pub base_amount: Option<Amount>,
    /// What was ordered.
    pub items: Option<Vec<Item>>,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpdateConversion) -> Result<Answer, Stop> {
    let before = named(draft, &command.order)?;
    permit(Act::Change, &before)?;
    let mut after = (*before).clone();
    apply(draft, &mut after, &command.body)?;
    let because = Because { cause: before.id, why: "order changed" };
    let currency = draft.shop.currency;
    let becomes_known = before.worth(currency).is_none() && after.worth(currency).is_some() && !after.has_fallen();
    if after.returned_at.is_some() {
        undo_order(draft, &before.order_id, because.cause, because.why)?;
    }
    let updated = update_order(draft, &before, after, &because)?;
    let updated = if becomes_known { earn_after_all(draft, updated)? } else { updated };
    draft.audit("update_conversion", before.id, None);
    Ok(Answer::ok(&view(&updated.conversion, &updated.rewards)))
}

/// What an order is worth in the shop's currency was not known, so that it earned nothing: it does now, by its
/// program as it is now.
fn earn_after_all(draft: &mut Draft<'_>, updated: UpdatedOrder) -> Result<UpdatedOrder, Stop> {
    let order = &updated.conversion;
    let (Some(program), Some(advocate), Some(friend)) = (order.program, order.advocate, order.customer) else {
        return Ok(updated);
    };
    let program = draft.expect::<Program>(program);
    let (advocate, friend) = (customer_lookup::current(draft, advocate), customer_lookup::current(draft, friend));
    let (program, advocate, friend) = (program?, advocate?, friend?);
    let least = order.terms.as_ref().map_or(0, |terms| terms.min_order_amount);
    let is_enough = order.measured(draft.shop.currency).is_some_and(|measured| measured >= least);
    let earned = match is_enough {
        true => earn_for(draft, order, &program, &advocate, &friend, &updated.rewards)?,
        false => Earned::refused(&program, &order.kind, Why::MinOrderAmount),
    };
    let conversion = draft.save(Conversion { refused_rewards: Json(earned.refused), ..(**order).clone() });
    let rewards = updated.rewards.into_iter().chain(earned.rewards).collect();
    Ok(UpdatedOrder { conversion, rewards, ..updated })
}

fn apply(draft: &Draft<'_>, after: &mut Conversion, body: &ConversionBody) -> Result<(), Rejection> {
    if let Some(items) = &body.items {
        after.items = Json(ordered(items)?);
    }
    if let Some(base) = body.base_amount {
        after.base_amount = Some(base.0);
    }
    if let Some(amount) = body.amount {
        if amount.0 < after.refunded_amount {
            let detail = format!("{} of the order came back already; it cannot be worth less", after.refunded_amount);
            return Err(Rejection::field("/amount", detail));
        }
        if amount.0 != after.amount && after.base_amount.is_some() && body.base_amount.is_none() {
            return Err(Rejection::field("/base_amount", "another amount needs the base_amount that goes with it"));
        }
        after.amount = amount.0;
        let came_back = after.refunded_amount > 0 && after.refunded_amount == after.amount;
        after.returned_at = came_back.then_some(draft.at());
    }
    check_base(draft, after.currency, after.amount, after.base_amount)
}
