//! Messages: mails with their fate.

use serde::Deserialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::mail::resend_message::{ResendMessage, To};
use crate::records::Message;
use crate::records::message::{MessageKind, MessageStatus};
use crate::store::queries::records::{Filter, get};
use crate::views;

/// Where to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResendBody {
    to: To,
}

pub(in crate::api) async fn list_messages(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .status(call.query().word("status", MessageStatus::WORDS)?, MessageStatus::Sent.as_str())
        .equals("kind", call.query().word("kind", MessageKind::WORDS)?)
        .equals("reward", call.query().text("reward"))
        .among("customer", customer)
        .among("customer", named);
    call.list::<Message>(filter, |_, message| shown(&views::message::message(message))).await
}

pub(in crate::api) async fn get_message(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), call.id("msg")?);
    let message = call.read(move |connection| get::<Message>(connection, shop, id)).await?;
    let message = message.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::message::message(&message)))
}

pub(in crate::api) async fn resend_message(call: Call) -> Result<Reply, Problem> {
    let body: ResendBody = call.body()?;
    call.submit(ResendMessage { id: call.id("msg")?, to: body.to }).await
}
