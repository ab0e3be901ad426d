//! Offers.

use actix_web::web;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::conditions::fact_table::{self, FactView};
use crate::decide::counter;
use crate::decide::offers::change_offer_status::ChangeOfferStatus;
use crate::decide::offers::offer::{Checked, OfferBody, show};
use crate::decide::offers::update_offer::UpdateOffer;
use crate::records::Offer;
use crate::records::offer::{OfferStatus, claims_subject};
use crate::store::queries::records::Filter;

pub(in crate::api) async fn create_offer(call: Call) -> Result<Reply, Problem> {
    let given = checked(call.body()?).await?;
    call.submit(given).await
}

pub(in crate::api) async fn update_offer(call: Call) -> Result<Reply, Problem> {
    let (id, if_match) = (call.id("ofr")?, call.if_match()?);
    let given = checked(call.body()?).await?;
    call.submit(UpdateOffer { id, if_match, given }).await
}

/// Conditions are compiled beside the threads that serve.
async fn checked(body: OfferBody) -> Result<Checked, Problem> {
    let compiled = web::block(move || Checked::of(body)).await;
    Ok(compiled.map_err(|_| Problem::internal())??)
}

pub(in crate::api) async fn activate_offer(call: Call) -> Result<Reply, Problem> {
    change_status(call, OfferStatus::Active).await
}

pub(in crate::api) async fn pause_offer(call: Call) -> Result<Reply, Problem> {
    change_status(call, OfferStatus::Paused).await
}

pub(in crate::api) async fn end_offer(call: Call) -> Result<Reply, Problem> {
    change_status(call, OfferStatus::Ended).await
}

async fn change_status(call: Call, to: OfferStatus) -> Result<Reply, Problem> {
    let id = call.id("ofr")?;
    call.submit(ChangeOfferStatus { id, to }).await
}

pub(in crate::api) async fn get_offer(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ofr")?;
    let offer: Offer = call.record(id).await?;
    let version = offer.version;
    let views = views(&call, &[offer]).await?;
    Ok(Reply::json(views.first().ok_or_else(Problem::internal)?).version(version))
}

pub(in crate::api) async fn list_offers(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new()
        .equals("program", call.program_filter("program").await?)
        .status(call.query().word("status", OfferStatus::WORDS)?, OfferStatus::Ended.as_str());
    call.list_pages(filter, views).await
}

async fn views(call: &Call, offers: &[Offer]) -> Result<Vec<Box<RawValue>>, Problem> {
    let offers = offers.to_vec();
    call.dry_run(move |draft| {
        let claimed: Vec<_> = offers.iter().map(|offer| counter::count(draft, &claims_subject(offer.id))).collect();
        offers.iter().zip(claimed).map(|(offer, claimed)| Ok(shown(&show(draft, offer, claimed?)))).collect()
    })
    .await
}

#[derive(Serialize)]
struct FactList {
    data: Vec<FactView>,
}

pub(in crate::api) async fn list_facts(call: Call) -> Result<Reply, Problem> {
    call.query().refuse_unknown()?;
    Ok(Reply::json(&FactList { data: fact_table::views().collect() }))
}
