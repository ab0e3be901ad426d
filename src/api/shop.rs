//! The shop's settings.

use super::call::Call;
use super::problem::Problem;
use super::reply::Reply;
use crate::decide::update_shop::{ShopChange, UpdateShop};
use crate::store::queries::identity;
use crate::views;

pub(super) async fn get_shop(call: Call) -> Result<Reply, Problem> {
    let id = call.shop();
    let shop = call.read(move |connection| identity::shop(connection, id)).await?;
    let shop = shop.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::shop::shop(&shop)).version(shop.version))
}

pub(super) async fn update_shop(call: Call) -> Result<Reply, Problem> {
    let (if_match, body) = (call.if_match()?, call.body::<ShopChange>()?);
    let slug_is_taken = match &body.slug {
        Some(slug) => is_taken(&call, slug.to_string()).await?,
        None => false,
    };
    let reply = call.submit_for_links(UpdateShop { if_match, body, slug_is_taken }).await?;
    call.app.origins.forget();
    Ok(reply)
}

/// Whether another shop has a slug.
async fn is_taken(call: &Call, slug: String) -> Result<bool, Problem> {
    let holder = call.read(move |connection| identity::shop_by_slug(connection, &slug)).await?;
    Ok(holder.is_some_and(|holder| holder.id != call.shop()))
}
