//! The shop's settings.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::decide::shops::update_shop::{ShopChange, UpdateShop};
use crate::engine::Failure;
use crate::records::text::Slug;
use crate::store::queries::identity;
use crate::views;

pub(in crate::api) async fn get_shop(call: Call) -> Result<Reply, Problem> {
    let id = call.shop();
    let shop = call.read(move |connection| identity::shop(connection, id)).await?;
    let shop = shop.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::shop::shop(&shop)).version(shop.version))
}

pub(in crate::api) async fn update_shop(call: Call) -> Result<Reply, Problem> {
    let (if_match, body) = (call.if_match()?, call.body::<ShopChange>()?);
    let slug_is_taken = is_taken(&call, body.slug.as_ref()).await?;
    let command = UpdateShop { if_match, body, slug_is_taken };
    let reply = match call.attempt_for_links(command.clone()).await {
        // Another shop took the slug after it was looked for: the database kept this one from it.
        Err(Failure::Taken) => call.submit_for_links(UpdateShop { slug_is_taken: true, ..command }).await?,
        outcome => outcome?,
    };
    call.app.origins.forget();
    Ok(reply)
}

/// Whether another shop has the slug that is asked for.
async fn is_taken(call: &Call, slug: Option<&Slug>) -> Result<bool, Problem> {
    let Some(slug) = slug.map(|slug| slug.to_string()) else { return Ok(false) };
    let holder = call.read(move |connection| identity::shop_by_slug(connection, &slug)).await?;
    Ok(holder.is_some_and(|holder| holder.id != call.shop()))
}
