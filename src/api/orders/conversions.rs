//! Conversions.

use std::collections::HashMap;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::people::customers::family_of;
use crate::api::reporting::Counting;
use crate::api::request::call::{Because, Call, shown};
use crate::api::request::guessing::submit_cart;
use crate::api::request::typed::Ignored;
use crate::decide::orders::attribute_conversion::AttributeConversion;
use crate::decide::orders::create_refund::CreateRefund;
use crate::decide::orders::judge_conversion::{JudgeConversion, Judgement};
use crate::decide::orders::order::find;
use crate::decide::orders::record_conversion::RecordConversion;
use crate::decide::orders::report_fact::{Fact, Redeemed, ReportFact};
use crate::decide::orders::update_conversion::UpdateConversion;
use crate::decide::referrals::credit_words::credit_words;
use crate::records::conversion::ConversionStatus;
use crate::records::scope::Scope;
use crate::records::text::Reason;
use crate::records::{Conversion, Id, Reward, Timestamp};
use crate::store::queries::records::{Filter, children_of};
use crate::views;

pub(in crate::api) async fn create_conversion(call: Call) -> Result<Reply, Problem> {
    let (mut body, mut ignored): (RecordConversion, Ignored) = call.typed_body()?;
    ignored.name_unknowable(body.customer.is_some(), body.customer_details.as_ref(), "/customer");
    body.evidence.is_unreadable = ignored.names("/evidence/token");
    let Some(with) = &mut body.redeem else { return call.submit(body).await?.ignoring(&ignored) };
    call.caller.may_by(&[Scope::VouchersRedeem])?;
    with.mask = call.mask();
    let with = with.clone();
    let cart = body.told().cart(&with);
    submit_cart(&call, &cart, body).await?.ignoring(&ignored)
}

pub(in crate::api) async fn get_conversion(call: Call) -> Result<Reply, Problem> {
    let name = call.path("id").to_owned();
    let shown = call.dry_run(move |draft| {
        let Some(conversion) = find(draft, &name)? else { return Ok(None) };
        let rewards = draft.list(&Reward::OF_CONVERSION, conversion.id)?;
        let words = credit_words(draft, &conversion)?;
        Ok(Some(shown(&views::conversion::told(&conversion, &rewards, words))))
    });
    let shown = shown.await?.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&shown))
}

/// The order that the path names.
fn order(call: &Call) -> String {
    call.path("id").to_owned()
}

pub(in crate::api) async fn update_conversion(call: Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    call.submit(UpdateConversion { order: order(&call), body }).await
}

/// When something happened, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Happened {
    at: Option<Timestamp>,
    reason: Option<Reason>,
}

/// The same for an order that is undone, and what becomes of its redemption.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undone {
    at: Option<Timestamp>,
    reason: Option<Reason>,
    redemption: Option<Redeemed>,
}

async fn happened(call: Call, fact: Fact) -> Result<Reply, Problem> {
    let Happened { at, reason } = call.body()?;
    call.submit(ReportFact { order: order(&call), fact, at, reason, redemption: Redeemed::Keep }).await
}

pub(in crate::api) async fn pay_conversion(call: Call) -> Result<Reply, Problem> {
    happened(call, Fact::Paid).await
}

pub(in crate::api) async fn deliver_conversion(call: Call) -> Result<Reply, Problem> {
    happened(call, Fact::Delivered).await
}

pub(in crate::api) async fn cancel_conversion(call: Call) -> Result<Reply, Problem> {
    let Undone { at, reason, redemption } = call.body()?;
    let redemption = redemption.unwrap_or(Redeemed::Reverse);
    call.submit(ReportFact { order: order(&call), fact: Fact::Cancelled, at, reason, redemption }).await
}

async fn judged(call: Call, judgement: Judgement) -> Result<Reply, Problem> {
    let Because { reason } = call.body()?;
    call.submit(JudgeConversion { order: order(&call), judgement, reason }).await
}

pub(in crate::api) async fn clear_conversion(call: Call) -> Result<Reply, Problem> {
    judged(call, Judgement::Clear).await
}

pub(in crate::api) async fn approve_conversion(call: Call) -> Result<Reply, Problem> {
    judged(call, Judgement::Approve).await
}

pub(in crate::api) async fn reject_conversion(call: Call) -> Result<Reply, Problem> {
    judged(call, Judgement::Reject).await
}

pub(in crate::api) async fn attribute_conversion(call: Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    call.submit(AttributeConversion { order: order(&call), body }).await
}

pub(in crate::api) async fn create_refund(call: Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    call.submit(CreateRefund { order: order(&call), body }).await
}

pub(in crate::api) async fn list_conversions(call: Call) -> Result<Reply, Problem> {
    let query = call.query();
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let program = call.program_filter("program").await?;
    let advocate = call.customer_filter("advocate").await?;
    let filter = Filter::new()
        .equals("order_id", query.text("order_id"))
        .status(query.word("status", ConversionStatus::WORDS)?, ConversionStatus::Approved.as_str())
        .is("overdue", query.yes_or_no("overdue")?)
        .equals("program", program)
        .equals("share", query.text("share"))
        .among("customer", customer)
        .among("customer", named)
        .among("advocate", advocate)
        .at_place(&call)
        .of_advocate(&call, "advocate")
        .between(&call, "occurred", "occurred_at")?
        .of_trial(&call)?
        .only(&call, "counted", "imported = 0 AND cancelled_at IS NULL")?
        .only(&call, "cycle", "after_ms IS NOT NULL")?
        .only(&call, "credited", "program IS NOT NULL")?
        .only(&call, "naked", "naked_share IS NOT NULL AND is_credited = 1")?
        .only(&call, "approved", "approved_at IS NOT NULL AND rejected_at IS NULL")?
        .only(&call, "refunded", "refunded_amount > 0")?;
    call.list_pages(filter, show).await
}

async fn show(call: &Call, orders: &[Conversion]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (shop, ids) = (call.shop(), orders.iter().map(|row| row.id).collect::<Vec<_>>());
    let rewards = call.read_list(move |connection| children_of(connection, shop, &Reward::OF_CONVERSION, &ids)).await?;
    let mut by_conversion: HashMap<Id, Vec<Rc<Reward>>> = HashMap::new();
    for reward in rewards {
        if let Some(conversion) = reward.conversion {
            by_conversion.entry(conversion).or_default().push(Rc::new(reward));
        }
    }
    let rewards = |row: &Conversion| by_conversion.get(&row.id).map_or(&[][..], Vec::as_slice);
    Ok(orders.iter().map(|row| shown(&views::conversion::conversion(row, rewards(row)))).collect())
}

impl Call {
    /// A parameter that names a customer, as his id and those of whom were merged into him; a name that
    /// nobody has filters everything out.
    pub(in crate::api) async fn customer_filter(&self, parameter: &'static str) -> Result<Option<Vec<Id>>, Problem> {
        let Some(name) = self.query().text(parameter).map(str::to_owned) else { return Ok(None) };
        family_of(self, name).await.map(Some)
    }
}
