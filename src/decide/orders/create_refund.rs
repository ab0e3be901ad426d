//! Notes that an order, or part of it, came back. Each refund has its own amount; they are added up.
//! What became of each reward of the order is answered with it.

use serde::{Deserialize, Serialize};

use crate::decide::answer::Answer;
use crate::decide::checkout::cart::list;
use crate::decide::checkout::reversal::undo_order;
use crate::decide::draft::Draft;
use crate::decide::input::again::same_content;
use crate::decide::input::own_name;
use crate::decide::orders::order::{UpdatedOrder, named, update_order};
use crate::decide::orders::order_items::{ItemRefund, returned, taken_off};
use crate::decide::orders::report_fact::Redeemed;
use crate::decide::rewards::voiding::Because;
use crate::records::event::EventData;
use crate::records::money::Amount;
use crate::records::refund::{RefundKind, RefundedItem, once};
use crate::records::text::{Reason, Reference};
use crate::records::{Conversion, EventKind, Id, Json, Refund, Reward};
use crate::refusal::{Code, Rejection};
use crate::views::View;
use crate::views::conversion::{ConversionView, conversion as view};
use crate::views::event::Payload;
use crate::views::refund::{RefundView, refund as refund_view};
use crate::world::Stop;

/// The order, and what came back.
#[derive(Clone, Debug)]
pub struct CreateRefund {
    /// The conversion's id, or the shop's id of the order.
    pub order: String,
    /// What came back.
    pub body: RefundBody,
}

/// A refund, as the shop reports it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundBody {
    /// The shop's id of it.
    pub refund_id: Reference,
    /// This refund's own amount, goods, minor units; left out: that of its items, else all that is left.
    pub amount: Option<Amount>,
    /// Why money went back.
    pub kind: RefundKind,
    /// What came back.
    #[serde(default, deserialize_with = "list")]
    pub items: Vec<ItemRefund>,
    /// Why, in words.
    pub reason: Option<Reason>,
    /// What becomes of the order's redemption when all has come back; default `reverse`.
    pub redemption: Option<Redeemed>,
}

/// The order, and the refund with what became of each reward.
#[derive(Serialize)]
struct RefundAnswer<'a> {
    #[serde(flatten)]
    conversion: ConversionView<'a>,
    refund: RefundView<'a>,
}

impl View for RefundAnswer<'_> {
    fn subject(&self) -> Option<Id> {
        self.conversion.subject()
    }
}

impl Payload for RefundAnswer<'_> {
    const DATA: EventData = EventData::RefundedConversion;
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateRefund) -> Result<Answer, Stop> {
    let body = &command.body;
    let before = named(draft, &command.order)?;
    own_name::check(&body.refund_id, &["rfd"], "/refund_id")?;
    let known = draft.find(&Refund::BY_ONCE, &once(before.id, &body.refund_id))?;
    let earlier = draft.list(&Refund::OF_CONVERSION, before.id)?;
    if let Some(known) = known {
        return answer_again(draft, &before, &known, body);
    }
    let taken_off = if body.items.is_empty() { Vec::new() } else { taken_off(draft, &before)? };
    let items = returned(&before, &taken_off, &earlier, &body.items)?;
    let amount = checked_amount(&before, body, &items)?;
    let mut refund = blank(draft, &before, body, items, amount);
    let mut after = (*before).clone();
    after.refunded_amount += amount;
    if after.refunded_amount == after.amount {
        after.returned_at = Some(after.returned_at.unwrap_or(draft.at()));
    }
    let why = refund.why();
    if after.returned_at.is_some() && body.redemption != Some(Redeemed::Keep) {
        refund.reversal = undo_order(draft, &before.order_id, refund.id, &why)?;
    }
    let updated = update_order(draft, &before, after, &Because { cause: refund.id, why: &why })?;
    finish(draft, refund, &updated)
}

fn finish(draft: &mut Draft<'_>, mut refund: Refund, updated: &UpdatedOrder) -> Result<Answer, Stop> {
    refund.rewards = Json(updated.outcomes.clone());
    refund.conversion_status = updated.conversion.status;
    let refund = draft.save(refund);
    let shown = RefundAnswer {
        conversion: view(&updated.conversion, &updated.rewards),
        refund: refund_view(&refund, &updated.conversion.order_id),
    };
    draft.event(EventKind::ConversionRefunded, &shown)?;
    draft.audit("create_refund", refund.id, refund.reason.as_deref());
    Ok(Answer::created(&shown, format!("/v1/conversions/{}", updated.conversion.id)))
}

/// The same refund again is answered as the order is now; another one under its id is refused.
fn answer_again(draft: &Draft<'_>, order: &Conversion, known: &Refund, body: &RefundBody) -> Result<Answer, Stop> {
    let what = format!("Refund {}, a {} of {} {},", known.refund_id, known.kind, known.amount, known.currency);
    let has_amount = body.amount.is_none_or(|amount| amount.0 == known.amount);
    let parts =
        [("/amount", has_amount), ("/kind", body.kind == known.kind), ("/items", are_same_items(&body.items, known))];
    same_content(Code::RefundDiffers, &what, &parts)?;
    let rewards = draft.list(&Reward::OF_CONVERSION, order.id)?;
    Ok(Answer::ok(&RefundAnswer { conversion: view(order, &rewards), refund: refund_view(known, &order.order_id) }))
}

/// Whether the items are those of the refund, as far as they are told.
fn are_same_items(told: &[ItemRefund], known: &Refund) -> bool {
    let is_told = |item: &RefundedItem| {
        told.iter().any(|line| {
            *line.id == *item.id
                && line.quantity.is_none_or(|quantity| quantity == item.quantity)
                && line.amount.is_none_or(|amount| amount.0 == item.amount)
        })
    };
    told.is_empty() || told.len() == known.items.len() && known.items.iter().all(is_told)
}

fn checked_amount(order: &Conversion, body: &RefundBody, items: &[RefundedItem]) -> Result<i64, Rejection> {
    let left = order.amount - order.refunded_amount;
    let of_items = (!items.is_empty()).then(|| items.iter().fold(0i64, |sum, item| sum.saturating_add(item.amount)));
    let amount = body.amount.map(|amount| amount.0).or(of_items).unwrap_or(left);
    if amount > left || order.returned_at.is_some() {
        let detail = match left {
            0 => "All of it has come back already.".to_owned(),
            _ => format!("{left} of the order can still come back (minor units), {amount} was asked for."),
        };
        return Err(Rejection::at(Code::RefundExceedsOrder, "/amount", detail));
    }
    // An item may have come to nothing.
    if amount == 0 && left > 0 && items.is_empty() {
        return Err(Rejection::field("/amount", "an amount above 0 is expected; leave it out for all that is left"));
    }
    Ok(amount)
}

fn blank(draft: &Draft<'_>, order: &Conversion, body: &RefundBody, items: Vec<RefundedItem>, amount: i64) -> Refund {
    let id: Id = draft.new_id("rfd");
    Refund {
        id,
        shop: draft.shop.id,
        version: 0,
        refund_id: body.refund_id.to_string(),
        conversion: order.id,
        once: once(order.id, &body.refund_id),
        amount,
        currency: order.currency,
        kind: body.kind,
        items: Json(items),
        reason: body.reason.as_deref().map(str::to_owned),
        reversal: None,
        rewards: Json::default(),
        conversion_status: order.status,
        created_at: draft.at(),
    }
}
