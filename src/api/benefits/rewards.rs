//! Rewards.

use serde::Deserialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::people::customers::family;
use crate::api::reporting::Counting;
use crate::api::request::call::{Because, Call, shown};
use crate::decide::orders::approve_reward::ApproveReward;
use crate::decide::rewards::fulfil_reward::FulfilReward;
use crate::decide::rewards::void_reward::VoidReward;
use crate::records::reward::RewardStatus;
use crate::records::text::Reference;
use crate::records::{Conversion, Reward};
use crate::store::queries::records::{Filter, find, get};
use crate::views;

/// What was handed over, by the shop's own id of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fulfilment {
    reference: Reference,
}

pub(in crate::api) async fn get_reward(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("rwd")?);
    let reward = call.read(move |connection| get::<Reward>(connection, shop, id)).await?;
    Ok(Reply::json(&views::reward::reward(&reward.ok_or_else(Problem::not_found)?)))
}

pub(in crate::api) async fn list_rewards(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .among("customer", customer)
        .among("customer", named)
        .equals("program", call.program_filter("program").await?)
        .equals("conversion", order_filter(&call).await?)
        .equals("conversion", call.query().text("conversion"))
        .status(call.query().word("status", RewardStatus::WORDS)?, RewardStatus::Issued.as_str())
        .at_place(&call)
        .of_advocate(&call, "to_side = 'advocate' AND customer")
        .between(&call, "counted", "COALESCE(counted_at, created_at)")?
        .only(&call, "counted", "status IN ('pending', 'due', 'issued', 'spent')")?
        .only(&call, "waiting", "status IN ('pending', 'due') AND status <> 'issued'")?;
    call.list::<Reward>(filter, |_, reward| shown(&views::reward::reward(reward))).await
}

pub(in crate::api) async fn list_customer_rewards(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().among("customer", Some(family(&call).await?));
    call.list::<Reward>(filter, |_, reward| shown(&views::reward::reward(reward))).await
}

/// The conversion of the order that is asked for; an order that nobody knows filters everything out.
async fn order_filter(call: &Call) -> Result<Option<String>, Problem> {
    let Some(order) = call.query().text("order_id").map(str::to_owned) else { return Ok(None) };
    let shop = call.shop();
    let found = call.read(move |connection| find(connection, shop, &Conversion::BY_ORDER, &order)).await?;
    Ok(Some(found.map_or_else(String::new, |conversion| conversion.id.to_string())))
}

pub(in crate::api) async fn approve_reward(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("rwd")?, call.body()?);
    call.submit(ApproveReward { id, reason }).await
}

pub(in crate::api) async fn void_reward(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("rwd")?, call.body()?);
    call.submit(VoidReward { id, reason }).await
}

pub(in crate::api) async fn fulfil_reward(call: Call) -> Result<Reply, Problem> {
    let (id, Fulfilment { reference }) = (call.id("rwd")?, call.body()?);
    call.submit(FulfilReward { id, reference }).await
}
