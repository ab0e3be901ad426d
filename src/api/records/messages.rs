//! Messages: mails with their fate, what came back of them, and the addresses that take none.

use serde::Deserialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::mail::bounce;
use crate::decide::mail::lift_suppression::LiftSuppression;
use crate::decide::mail::note_bounce::{FOREIGN, NoteBounce};
use crate::decide::mail::resend_message::{ResendMessage, To};
use crate::records::message::{MessageKind, MessageStatus};
use crate::records::{Message, Suppression};
use crate::refusal::Rejection;
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

pub(in crate::api) async fn create_bounce(call: Call) -> Result<Reply, Problem> {
    let report = bounce::read(call.mail_body()?);
    let report = report.ok_or_else(|| Rejection::field("", "a delivery report as RFC 3464 has it is expected"))?;
    let message =
        bounce::message(&call.app.installation.vault, &report).ok_or_else(|| Rejection::field("", FOREIGN))?;
    call.submit(NoteBounce { message, report }).await
}

pub(in crate::api) async fn list_suppressions(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().among("customer", call.customer_filter("customer").await?);
    call.list::<Suppression>(filter, |_, row| shown(&views::message::suppression::suppression(row))).await
}

pub(in crate::api) async fn delete_suppression(call: Call) -> Result<Reply, Problem> {
    call.submit(LiftSuppression { id: call.id("sup")? }).await
}
