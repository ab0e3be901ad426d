//! Referrals.

use serde_json::value::RawValue;

use super::call::{Call, shown};
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::check_referral::{CheckReferral, check};
use crate::decide::create_referral::{CreateReferral, rewards_of};
use crate::records::Referral;
use crate::records::referral::ReferralStatus;
use crate::store::queries::records::Filter;
use crate::views;

pub(super) async fn check_referral(call: Call) -> Result<Reply, Problem> {
    let ask: CheckReferral = call.body()?;
    let view = call.consult(move |draft| Ok(shown(&check(draft, &ask)?))).await?;
    Ok(Reply::json(&view))
}

pub(super) async fn create_referral(call: Call) -> Result<Reply, Problem> {
    let body: CreateReferral = call.body()?;
    call.submit(body).await
}

pub(super) async fn get_referral(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ref")?;
    let found = call
        .consult(move |draft| {
            let Some(referral) = draft.get::<Referral>(id)? else { return Ok(None) };
            let rewards = rewards_of(draft, &referral)?;
            Ok(Some(shown(&views::referral::referral(&referral, &rewards))))
        })
        .await?;
    Ok(Reply::json(&found.ok_or_else(Problem::not_found)?))
}

pub(super) async fn list_referrals(call: Call) -> Result<Reply, Problem> {
    let program = call.program_filter("program").await?;
    let (friend, named) = (call.customer_filter("friend").await?, call.customer_filter("external_id").await?);
    let advocate = call.customer_filter("advocate").await?;
    let filter = Filter::new()
        .equals("program", program)
        .among("friend", friend)
        .among("friend", named)
        .among("advocate", advocate)
        .equals("status", call.query().word("status", ReferralStatus::WORDS)?);
    call.list_pages(filter, show).await
}

async fn show(call: &Call, referrals: &[Referral]) -> Result<Vec<Box<RawValue>>, Problem> {
    let referrals = referrals.to_vec();
    call.consult(move |draft| {
        let rewards: Vec<_> = referrals.iter().map(|referral| rewards_of(draft, referral)).collect();
        let rows = referrals.iter().zip(rewards);
        rows.map(|(referral, rewards)| Ok(shown(&views::referral::referral(referral, &rewards?)))).collect()
    })
    .await
}
