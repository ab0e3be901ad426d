//! Changes the amount or the items of an order, until it is approved. What it earned is counted anew;
//! a reward that falls because the order is worth too little is not made up later. One that is worth no more
//! than what came back of it has come back as a whole.

use serde::Deserialize;

use super::answer::Answer;
use super::draft::Draft;
use super::parts::cart::Item;
use super::parts::life::{Act, permit};
use super::parts::order::{named, settle};
use super::parts::order_items::ordered;
use super::parts::reversal::undo_order;
use super::parts::take_back::Because;
use super::record_conversion::check_base;
use crate::records::money::Amount;
use crate::records::{Conversion, Json};
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
    if after.returned_at.is_some() {
        undo_order(draft, &before.order_id, because.cause, because.why)?;
    }
    let settled = settle(draft, &before, after, &because)?;
    draft.audit("update_conversion", before.id, None);
    Ok(Answer::ok(&view(&settled.conversion, &settled.rewards)))
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
