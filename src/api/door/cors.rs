//! Which web pages may call the browser's part of the API: those whose origin the shop lists, and no
//! others. The token is the credential, so no page may send cookies; nothing is allowed to all.
//!
//! A preflight has no token, so its origin is one that any shop lists; the answer itself is shown to the
//! pages of the token's shop alone. What was read is kept for a few seconds.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue,
    ORIGIN, VARY,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::api::answer::problem::Problem;
use crate::api::app::App;
use crate::api::door::origins::Known;
use crate::api::request::in_time::in_time;
use crate::records::Id;
use crate::store::queries::identity::browser_origins;

/// What a page may send.
const SENT: HeaderValue = HeaderValue::from_static("authorization, content-type, accept, idempotency-key");
/// What a page may read beside the body.
const READ: HeaderValue = HeaderValue::from_static(
    "x-request-id, retry-after, ratelimit, ratelimit-policy, idempotent-replayed, www-authenticate",
);
/// How long a browser may remember a preflight, seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Answers what a browser asks before a request: 204, with what it may send when the page's origin is listed.
pub async fn preflight(request: HttpRequest, methods: String) -> HttpResponse {
    let is_preflight = request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let (Some(app), Some(origin)) = (request.app_data::<Data<App>>(), origin(&request).filter(|_| is_preflight)) else {
        return crate::api::method_not_allowed(request, methods).await;
    };
    let is_listed = match lists(app, (None, Instant::now()), origin).await {
        Ok(is_listed) => is_listed,
        Err(problem) => return crate::api::refuse(&request, problem),
    };
    let mut response = HttpResponse::NoContent().finish();
    vary(&mut response);
    if is_listed {
        set(&mut response, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_str(origin).ok());
        set(&mut response, ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_str(&methods).ok());
        set(&mut response, ACCESS_CONTROL_ALLOW_HEADERS, Some(SENT));
        set(&mut response, ACCESS_CONTROL_MAX_AGE, Some(MAX_AGE));
    }
    response
}

/// Lets the page that asked read the answer, when the shop lists its origin; `whose`: the shop, and when the
/// request came in. Where no token told the shop, any shop's pages may read that it is missing.
pub async fn allow(app: &App, request: &HttpRequest, whose: (Option<Id>, Instant), response: &mut HttpResponse) {
    vary(response);
    let Some(origin) = origin(request) else { return };
    if lists(app, whose, origin).await.unwrap_or(false) {
        set(response, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_str(origin).ok());
        set(response, ACCESS_CONTROL_EXPOSE_HEADERS, Some(READ));
    }
}

/// Whether a shop lists an origin.
pub async fn is_listed(app: &App, (shop, came): (Id, Instant), origin: &str) -> Result<bool, Problem> {
    lists(app, (Some(shop), came), origin).await
}

fn origin(request: &HttpRequest) -> Option<&str> {
    request.headers().get(ORIGIN)?.to_str().ok()
}

/// An answer for one origin must not be kept for another.
fn vary(response: &mut HttpResponse) {
    response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
}

fn set(response: &mut HttpResponse, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        response.headers_mut().insert(name, value);
    }
}

/// The origins of now, for one who came then; when the database does not answer, old ones are better than none.
async fn read(app: &App, came: Instant) -> Result<Arc<Known>, Problem> {
    let remembered = app.origins.remembered();
    if let Some((true, known)) = &remembered {
        return Ok(known.clone());
    }
    let asked = Instant::now();
    let found = in_time(came, async { Ok(app.reader.run(browser_origins).await?) }).await;
    match (found, remembered) {
        (Ok(found), _) => {
            let known = Arc::new(found.into_iter().collect::<Known>());
            app.origins.remember(asked, known.clone());
            Ok(known)
        }
        (Err(_), Some((_, known))) => Ok(known),
        (Err(problem), None) => Err(problem),
    }
}

/// Whether a shop lists an origin; `None`: whether any does.
async fn lists(app: &App, (shop, came): (Option<Id>, Instant), origin: &str) -> Result<bool, Problem> {
    let known = read(app, came).await?;
    let has_it = |origins: &Vec<String>| origins.iter().any(|listed| listed == origin);
    Ok(match shop {
        Some(shop) => known.get(&shop).is_some_and(has_it),
        None => known.values().any(has_it),
    })
}
