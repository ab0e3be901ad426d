//! Channels.

use super::call::{Call, shown};
use super::columns::columns;
use super::format::Format;
use super::problem::Problem;
use super::reply::Reply;
use super::sheet::whole;
use crate::decide::sharing::upsert_channel::UpsertChannel;
use crate::records::channel::{BUILT_IN, ChannelSpec};
use crate::store::queries::shares::own_channels;
use crate::views;

pub(super) async fn upsert_channel(call: Call) -> Result<Reply, Problem> {
    let body: UpsertChannel = call.body()?;
    call.submit_for_links(UpsertChannel { key: call.path("key").to_owned(), ..body }).await
}

/// The shop's own channels, newest first, then the built-in ones that it did not change.
pub(super) async fn list_channels(call: Call) -> Result<Reply, Problem> {
    let (shop, format) = (call.shop(), call.format()?);
    call.query().refuse_unknown()?;
    let own = call.read(move |connection| own_channels(connection, shop)).await?;
    let own: Vec<ChannelSpec> = own.into_iter().map(|channel| channel.spec.0).collect();
    let others = BUILT_IN.iter().filter(|known| own.iter().all(|own| own.key != known.key));
    let views: Vec<_> = own.iter().chain(others).map(|channel| shown(&views::channel::channel(channel))).collect();
    match format {
        Format::Json => Ok(Reply::page(&views, None)),
        Format::Csv => whole(columns(call.operation.id), views).await,
    }
}
