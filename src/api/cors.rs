//! Which web pages may call the browser's part of the API: those whose origin the shop lists, and no
//! others. The token is the credential, so no page may send cookies; nothing is allowed to all.
//!
//! A preflight has no token, so its origin is one that any shop lists; the answer itself is shown to the
//! pages of the token's shop alone. What was read is kept for a few seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue,
    ORIGIN, VARY,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::app::App;
use super::in_time::in_time;
use super::problem::Problem;
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

/// The origins of each shop.
type Known = HashMap<Id, Vec<String>>;

/// The origins of all shops, remembered for a few seconds.
pub struct Origins {
    known: Mutex<Option<(Instant, Arc<Known>)>>,
    life: Duration,
}

impl Origins {
    /// Remembers them for so many milliseconds.
    pub fn new(life_ms: u64) -> Self {
        Self { known: Mutex::default(), life: Duration::from_millis(life_ms) }
    }

    /// Forgets them: a shop has changed its own. Other processes do within the cache's life.
    pub fn forget(&self) {
        *self.lock() = None;
    }

    fn remembered(&self) -> Option<(Instant, Arc<Known>)> {
        self.lock().clone()
    }

    /// Those of now, for one who came then; when the database does not answer, old ones are better than none.
    async fn read(&self, app: &App, came: Instant) -> Result<Arc<Known>, Problem> {
        let remembered = self.remembered();
        if let Some((since, known)) = &remembered
            && since.elapsed() < self.life
        {
            return Ok(known.clone());
        }
        let asked = Instant::now();
        let found = in_time(came, async { Ok(app.reader.run(browser_origins).await?) }).await;
        match (found, remembered) {
            (Ok(found), _) => {
                let known = Arc::new(found.into_iter().collect::<Known>());
                *self.lock() = Some((asked, known.clone()));
                Ok(known)
            }
            (Err(_), Some((_, known))) => Ok(known),
            (Err(problem), None) => Err(problem),
        }
    }

    /// Whether a shop lists an origin; `None`: whether any does.
    async fn list(&self, app: &App, (shop, came): (Option<Id>, Instant), origin: &str) -> Result<bool, Problem> {
        let known = self.read(app, came).await?;
        let lists = |origins: &Vec<String>| origins.iter().any(|listed| listed == origin);
        Ok(match shop {
            Some(shop) => known.get(&shop).is_some_and(lists),
            None => known.values().any(lists),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, Arc<Known>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers what a browser asks before a request: 204, with what it may send when the page's origin is listed.
pub async fn preflight(request: HttpRequest, methods: String) -> HttpResponse {
    let is_preflight = request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let (Some(app), Some(origin)) = (request.app_data::<Data<App>>(), origin(&request).filter(|_| is_preflight)) else {
        return super::method_not_allowed(request, methods).await;
    };
    let is_listed = match app.origins.list(app, (None, Instant::now()), origin).await {
        Ok(is_listed) => is_listed,
        Err(problem) => return super::refuse(&request, problem),
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
    if app.origins.list(app, whose, origin).await.unwrap_or(false) {
        set(response, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_str(origin).ok());
        set(response, ACCESS_CONTROL_EXPOSE_HEADERS, Some(READ));
    }
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
