//! Holds: what is set aside for a checkout.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::orders::redemptions::typed_cart;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::submit_cart;
use crate::decide::checkout::create_hold::CreateHold;
use crate::decide::checkout::release_hold::ReleaseHold;
use crate::records::hold::HoldStatus;
use crate::records::{Hold, Timestamp};
use crate::store::queries::records::Filter;
use crate::views::hold::hold;

pub(in crate::api) async fn create_hold(call: Call) -> Result<Reply, Problem> {
    let (cart, ignored) = typed_cart(&call)?;
    submit_cart(&call, &cart, CreateHold { cart: cart.clone() }).await?.ignoring(&ignored)
}

pub(in crate::api) async fn get_hold(call: Call) -> Result<Reply, Problem> {
    let record: Hold = call.record(call.id("hld")?).await?;
    let at = now(&call).await?;
    Ok(Reply::json(&hold(&record, at, &call.app.installation.vault, call.mask())))
}

pub(in crate::api) async fn release_hold(call: Call) -> Result<Reply, Problem> {
    call.submit(ReleaseHold { hold: call.id("hld")? }).await
}

/// The states are filtered as they are noted; a hold whose time is over is noted as such within moments.
pub(in crate::api) async fn list_holds(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .equals("order_id", call.query().text("order_id"))
        .equals("cart_id", call.query().text("cart_id"))
        .equals("status", call.query().word("status", HoldStatus::WORDS)?)
        .among("customer", customer)
        .among("customer", named);
    let at = now(&call).await?;
    call.list::<Hold>(filter, move |call, record| shown(&hold(record, at, &call.app.installation.vault, call.mask())))
        .await
}

async fn now(call: &Call) -> Result<Timestamp, Problem> {
    call.dry_run(|draft| Ok(draft.at())).await
}
