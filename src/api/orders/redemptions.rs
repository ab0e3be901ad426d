//! Redemptions and their reversals.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::submit_cart;
use crate::api::request::typed::Ignored;
use crate::decide::checkout::cart::Cart;
use crate::decide::checkout::create_reversal::CreateReversal;
use crate::decide::orders::create_redemption::CreateRedemption;
use crate::decide::orders::redeem_hold::RedeemHold;
use crate::records::Redemption;
use crate::records::money::Amount;
use crate::records::redemption::RedemptionStatus;
use crate::records::text::{Reason, Reference};
use crate::store::queries::records::Filter;
use crate::views::redemption::redemption;

/// The body of a reversal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewReversal {
    reversal_id: Reference,
    amount: Option<Amount>,
    reason: Reason,
}

/// The body of a redemption that names a hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFromHold {
    hold: Reference,
    order_id: Reference,
}

#[derive(Deserialize)]
struct Named {
    hold: Option<IgnoredAny>,
}

pub(in crate::api) async fn create_redemption(call: Call) -> Result<Reply, Problem> {
    if names_hold(&call) {
        let NewFromHold { hold, order_id } = call.body()?;
        let command = RedeemHold { hold, order_id, mask: call.mask() };
        return call.submit(command).await?.ignoring(&Ignored::default());
    }
    let (cart, ignored) = typed_cart(&call)?;
    submit_cart(&call, &cart, CreateRedemption { cart: cart.clone() }).await?.ignoring(&ignored)
}

/// A cart, and what of its buyer's words was left aside.
pub(in crate::api) fn typed_cart(call: &Call) -> Result<(Cart, Ignored), Problem> {
    let (cart, mut ignored): (Cart, Ignored) = call.typed_body()?;
    ignored.name_unknowable(cart.customer.is_some(), cart.customer_details.as_ref(), "/customer");
    Ok((cart, ignored))
}

/// Whether the body names a hold in place of a cart.
fn names_hold(call: &Call) -> bool {
    serde_json::from_slice::<Named>(call.raw_body()).is_ok_and(|named| named.hold.is_some())
}

pub(in crate::api) async fn create_reversal(call: Call) -> Result<Reply, Problem> {
    let id = call.id("rdm")?;
    let NewReversal { reversal_id, amount, reason } = call.body()?;
    call.submit(CreateReversal { redemption: id, reversal_id, amount, reason }).await
}

pub(in crate::api) async fn get_redemption(call: Call) -> Result<Reply, Problem> {
    let record: Redemption = call.record(call.id("rdm")?).await?;
    Ok(Reply::json(&redemption(&record, &call.app.installation.vault, call.mask())))
}

pub(in crate::api) async fn list_redemptions(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .equals("order_id", call.query().text("order_id"))
        .equals("status", call.query().word("status", RedemptionStatus::WORDS)?)
        .among("customer", customer)
        .among("customer", named);
    call.list::<Redemption>(filter, |call, record| {
        shown(&redemption(record, &call.app.installation.vault, call.mask()))
    })
    .await
}
