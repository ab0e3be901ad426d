//! Channels.

use crate::api::answer::columns::columns;
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::whole;
use crate::api::request::call::{Call, shown};
use crate::decide::sharing::upsert_channel::UpsertChannel;
use crate::records::channel::with_built_in;
use crate::store::queries::shares::own_channels;
use crate::views;

pub(in crate::api) async fn upsert_channel(call: Call) -> Result<Reply, Problem> {
    let body: UpsertChannel = call.body()?;
    call.submit_for_links(UpsertChannel { key: call.path("key").to_owned(), ..body }).await
}

/// The shop's own channels, newest first, then the built-in ones that it did not change.
pub(in crate::api) async fn list_channels(call: Call) -> Result<Reply, Problem> {
    let (shop, format) = (call.shop(), call.format()?);
    call.query().refuse_unknown()?;
    let own = call.read(move |connection| own_channels(connection, shop)).await?;
    let all = with_built_in(own.into_iter().map(|channel| channel.spec.0).collect());
    let views: Vec<_> = all.iter().map(|channel| shown(&views::channel::channel(channel))).collect();
    match format {
        Format::Json => Ok(Reply::page(&views, None)),
        Format::Csv => whole(columns(call.operation.id), views).await,
    }
}
