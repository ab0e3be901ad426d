//! Who calls: a key by its secret, a key or an operator by an access token of its present generation. What was
//! found out is kept for a second at most, so that what was taken away on another process is gone within it;
//! what this one takes away it forgets at once. A customer's browser calls by a token of another kind, and he
//! is looked for each time. A secret that is no key's is remembered for longer, and where many such come from nobody
//! else's is looked for but a few at a time.

use std::net::IpAddr;
use std::time::Instant;

use actix_web::http::header::{AUTHORIZATION, HeaderMap};

use crate::api::answer::problem::Problem;
use crate::api::app::App;
use crate::api::door::callers::Caller;
use crate::api::door::doubts::{BROWSERS, CLIENTS, Doubt};
use crate::api::door::tokens::Claims;
use crate::records::api_key::is_secret;
use crate::records::{ApiKey, Operator};
use crate::store::queries;
use crate::vault::sha256_hex;

/// Finds out which key or operator calls, from which address.
pub async fn authenticate(app: &App, headers: &HeaderMap, from: IpAddr) -> Result<Caller, Problem> {
    let secret = bearer(headers).ok_or_else(|| Doubt::NoCredential.problem(CLIENTS))?;
    if secret.starts_with("gvk_") {
        return by_secret(app, secret, from).await?.ok_or_else(|| Doubt::of_secret(secret).problem(CLIENTS));
    }
    let claims = app.tokens.verify(app.now(), secret).map_err(|unfit| Doubt::from(unfit).problem(CLIENTS))?;
    let caller = by_id(app, &claims).await?.filter(|caller| caller.generation == claims.generation);
    let caller = caller.ok_or_else(|| Doubt::Ended.problem(CLIENTS))?;
    Ok(caller.narrowed(&claims.scope))
}

/// Finds out whose browser calls.
pub async fn authenticate_browser(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    let token = bearer(headers).ok_or_else(|| Doubt::NoCredential.problem(BROWSERS))?;
    let claims = match token.starts_with("gvk_") {
        true => Err(Doubt::Misplaced),
        false => app.tokens.verify_browser(app.now(), token).map_err(Doubt::from),
    };
    let claims = claims.map_err(|doubt| doubt.problem(BROWSERS))?;
    let customer = app
        .reader
        .run(move |connection| queries::identity::living_customer(connection, claims.shop, claims.sub))
        .await?;
    customer.as_ref().map(Caller::of_customer).ok_or_else(|| Doubt::Ended.problem(BROWSERS))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(secret.trim()).filter(|secret| scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty())
}

/// The key with a secret that comes from an address; `None`: it is no key's. Refuses where too many such came from
/// there.
pub async fn by_secret(app: &App, secret: &str, from: IpAddr) -> Result<Option<Caller>, Problem> {
    let hash = sha256_hex(secret.as_bytes());
    if let Some(caller) = app.callers.get(&hash) {
        return Ok(Some(caller));
    }
    let found = match is_secret(secret) && !app.callers.is_miss(&hash) {
        true => look_for(app, hash, from).await?,
        false => None,
    };
    if found.is_none() {
        app.sign_ins.note_unknown_key(from, Instant::now())?;
    }
    Ok(found)
}

async fn look_for(app: &App, hash: String, from: IpAddr) -> Result<Option<Caller>, Problem> {
    let is_noisy = app.sign_ins.has_many_unknown_keys(from, Instant::now()) && !app.callers.was_known(&hash);
    let _turn = if is_noisy { Some(app.callers.pass().await?) } else { None };
    let (since, wanted) = (Instant::now(), hash.clone());
    let key = app.reader.run(move |connection| queries::identity::key_by_secret(connection, &wanted)).await?;
    let Some(key) = key.filter(|key| key.deleted_at.is_none()) else {
        app.callers.note_miss(hash, since);
        return Ok(None);
    };
    Ok(Some(app.callers.remember(hash, since, Caller::of_key(&key))))
}

/// The key or operator that a token names, as it is now. One who is remembered as he was before the token was made
/// is looked for anew.
async fn by_id(app: &App, claims: &Claims) -> Result<Option<Caller>, Problem> {
    let (shop, id, since) = (claims.shop, claims.sub, Instant::now());
    let name = format!("{shop}/{id}");
    if let Some(caller) = app.callers.get(&name).filter(|caller| caller.generation >= claims.generation) {
        return Ok(Some(caller));
    }
    let found = app
        .reader
        .run(move |connection| match id.prefix() {
            "key" => {
                let key = queries::records::get::<ApiKey>(connection, shop, id)?;
                Ok(key.filter(|key| key.deleted_at.is_none()).map(|key| Caller::of_key(&key)))
            }
            "opr" => {
                let operator = queries::records::get::<Operator>(connection, shop, id)?;
                Ok(operator.filter(|operator| !operator.disabled).map(|operator| Caller::of_operator(&operator)))
            }
            _ => Ok(None),
        })
        .await?;
    Ok(found.map(|caller| app.callers.remember(name, since, caller)))
}
