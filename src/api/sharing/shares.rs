//! Shares. What they show is made of the program's words, so a share is read by a dry run of the very
//! decisions that make it.

use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::people::customers;
use crate::api::reporting::Counting;
use crate::api::request::call::{Call, shown};
use crate::api::request::typed::Ignored;
use crate::decide::sharing::adopt_share::AdoptShare;
use crate::decide::sharing::create_shares::CreateShares;
use crate::decide::sharing::share;
use crate::qr::{self, Ink};
use crate::records::{Id, Program, Share};
use crate::store::queries::records::{Filter, find, get};

pub(in crate::api) async fn create_share(call: Call) -> Result<Reply, Problem> {
    let (body, mut ignored): (CreateShares, Ignored) = call.typed_body()?;
    ignored.name_unknowable(body.customer.is_some(), body.customer_details.as_ref(), "/customer");
    call.submit(body).await?.ignoring(&ignored)
}

pub(in crate::api) async fn adopt_share(call: Call) -> Result<Reply, Problem> {
    let (share, body): (Id, AdoptShare) = (call.id("shr")?, call.body()?);
    call.submit(AdoptShare { share: Some(share), ..body }).await
}

pub(in crate::api) async fn get_share(call: Call) -> Result<Reply, Problem> {
    let share = named(&call).await?;
    let views = show(&call, &[share]).await?;
    Ok(Reply::json(views.first().ok_or_else(Problem::internal)?))
}

pub(in crate::api) async fn list_shares(call: Call) -> Result<Reply, Problem> {
    let program = call.program_filter("program").await?;
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .equals("program", program)
        .among("customer", customer)
        .among("customer", named)
        .at_place(&call)
        .only(&call, "first", "first_of IS NOT NULL")?
        .of_trial(&call)?
        .only(&call, "cycle", "after_ms IS NOT NULL AND sent_at IS NOT NULL")?
        .equals("parent", call.query().text("parent"));
    let filter = match call.query().yes_or_no("is_root")? {
        Some(true) => filter.is_empty("parent"),
        Some(false) => filter.when("parent IS NOT NULL", []),
        None => filter,
    };
    let filter = match call.query().word("status", &["made", "sent"])? {
        Some("sent") => filter.when("sent_at IS NOT NULL", []),
        Some(_) => filter.is_empty("sent_at"),
        None => filter,
    };
    call.list_pages(filter, show).await
}

pub(in crate::api) async fn list_customer_shares(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().among("customer", Some(customers::family(&call).await?));
    call.list_pages(filter, show).await
}

pub(in crate::api) async fn get_share_qr_svg(call: Call) -> Result<Reply, Problem> {
    let (link, ink) = drawn(&call).await?;
    let picture = qr::svg_in(&link, ink).map_err(|_| Problem::internal())?;
    Ok(Reply::bytes("image/svg+xml", picture.into_bytes()))
}

pub(in crate::api) async fn get_share_qr_png(call: Call) -> Result<Reply, Problem> {
    let (link, ink) = drawn(&call).await?;
    let picture = qr::png_in(&link, ink).map_err(|_| Problem::internal())?;
    Ok(Reply::bytes("image/png", picture))
}

/// What is drawn of a share, and in which colour.
async fn drawn(call: &Call) -> Result<(String, Ink), Problem> {
    let share = named(call).await?;
    call.dry_run(move |draft| Ok((share::link(draft, &share), Ink::of(draft.shop.brand.color.as_deref())))).await
}

pub(super) async fn named(call: &Call) -> Result<Share, Problem> {
    let (shop, id) = (call.shop(), call.id("shr")?);
    let found = call.read(move |connection| get::<Share>(connection, shop, id)).await?;
    found.ok_or_else(Problem::not_found)
}

pub(super) async fn show(call: &Call, shares: &[Share]) -> Result<Vec<Box<RawValue>>, Problem> {
    let shares = shares.to_vec();
    call.dry_run(move |draft| {
        let views: Vec<_> = shares.iter().map(|share| share::show(draft, share)).collect();
        views.into_iter().map(|view| view.map(|view| shown(&view))).collect()
    })
    .await
}

impl Call {
    /// A parameter that names a program, as its id; a name that no program has filters everything out.
    pub(in crate::api) async fn program_filter(&self, parameter: &'static str) -> Result<Option<String>, Problem> {
        let Some(name) = self.query().text(parameter).map(str::to_owned) else { return Ok(None) };
        if Id::parse("prg", &name).is_some() {
            return Ok(Some(name));
        }
        let shop = self.shop();
        let found = self.read(move |connection| find::<Program>(connection, shop, &Program::BY_SLUG, &name)).await?;
        Ok(Some(found.map_or_else(String::new, |program| program.id.to_string())))
    }
}
