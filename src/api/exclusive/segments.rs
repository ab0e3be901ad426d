//! Segments: named sets of customers.

use actix_web::web;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::conditions::sentence::both;
use crate::decide::segments::change_member::ChangeMember;
use crate::decide::segments::upsert_segment::{SegmentBody, UpsertSegment};
use crate::records::text::Slug;
use crate::records::{Member, Segment};
use crate::refusal::Rejection;
use crate::store::queries::records::{Filter, find};
use crate::views;
use crate::views::segment::SegmentView;

pub(in crate::api) async fn upsert_segment(call: Call) -> Result<Reply, Problem> {
    let key = Slug::parse(call.path("key")).map_err(|expected| Rejection::field("/key", expected))?;
    let body: SegmentBody = call.body()?;
    let compiled = web::block(move || UpsertSegment::of(key, body)).await;
    call.submit(compiled.map_err(|_| Problem::internal())??).await
}

pub(in crate::api) async fn get_segment(call: Call) -> Result<Reply, Problem> {
    Ok(Reply::json(&view(&named(&call).await?)))
}

fn view(segment: &Segment) -> SegmentView<'_> {
    views::segment::segment(segment, segment.tree.as_ref().map(both))
}

pub(in crate::api) async fn list_segments(call: Call) -> Result<Reply, Problem> {
    call.list::<Segment>(Filter::new(), |_, segment| shown(&view(segment))).await
}

pub(in crate::api) async fn add_member(call: Call) -> Result<Reply, Problem> {
    change(call, true).await
}

pub(in crate::api) async fn remove_member(call: Call) -> Result<Reply, Problem> {
    change(call, false).await
}

async fn change(call: Call, is_in: bool) -> Result<Reply, Problem> {
    let (segment, customer) = (call.path("key").to_owned(), call.path("customer").to_owned());
    call.submit(ChangeMember { segment, customer, is_in }).await
}

pub(in crate::api) async fn list_members(call: Call) -> Result<Reply, Problem> {
    let segment = named(&call).await?;
    let filter = Filter::new().equals_id("segment", Some(segment.id)).is("is_in", Some(true));
    let key = segment.key;
    call.list::<Member>(filter, move |_, member| -> Box<RawValue> { shown(&views::segment::member(member, &key)) })
        .await
}

async fn named(call: &Call) -> Result<Segment, Problem> {
    let (shop, key) = (call.shop(), call.path("key").to_owned());
    let found = call.read(move |connection| find::<Segment>(connection, shop, &Segment::BY_KEY, &key)).await?;
    found.ok_or_else(Problem::not_found)
}
