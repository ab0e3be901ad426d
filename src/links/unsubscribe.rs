//! The address by which somebody stops advertising (RFC 8058). To open it changes nothing: mail scanners do. A mail program
//! posts to it, and so does the button of our page.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, guard};

use super::languages::languages;
use super::open::{MethodNotAllowed, Opener, notice, unavailable};
use super::{page, style};
use crate::decide::mail::unsubscribe::{Unsubscribe, read_token};
use crate::engine::{Failure, PATIENCE, Request};
use crate::records::{Id, Shop};
use crate::store::queries::messages::shop_of_message;
use crate::store::queries::records::get;

/// Adds the address.
pub fn configure(config: &mut ServiceConfig, method_not_allowed: MethodNotAllowed) {
    let others = web::to(move |request: HttpRequest| async move { method_not_allowed(&request) });
    let reading = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    config.service(
        web::resource("/u/{token}")
            .route(reading.to(open_unsubscribe))
            .route(web::post().to(unsubscribe))
            .default_service(others),
    );
}

/// Shows what the button would do.
async fn open_unsubscribe(request: HttpRequest, token: Path<String>, opener: Data<Opener>) -> HttpResponse {
    shown(&request, find(&opener, &token).await)
}

/// Stops it, where the body says that this is meant.
async fn unsubscribe(request: HttpRequest, token: Path<String>, body: Bytes, opener: Data<Opener>) -> HttpResponse {
    let says = |word: &str| body.windows(word.len()).any(|part| part == word.as_bytes());
    let found = match find(&opener, &token).await {
        Ok(Some(found)) if says("List-Unsubscribe") && says("One-Click") => found,
        other => return shown(&request, other),
    };
    let command = Request::system(found.shop.id, Unsubscribe { message: found.message });
    match opener.engine.submit(command).await {
        Ok(_) => notice(StatusCode::OK, page::unsubscribed(languages(&request), &found.name())),
        Err(failure) => shown(&request, Err(failure)),
    }
}

/// The mail that an address names, and whose it is.
struct Found {
    message: Id,
    shop: Shop,
}

impl Found {
    fn name(&self) -> String {
        self.shop.brand.name.clone().unwrap_or_else(|| self.shop.name.clone())
    }
}

async fn find(opener: &Opener, token: &str) -> Result<Option<Found>, Failure> {
    let Some(message) = read_token(&opener.installation.vault, token) else { return Ok(None) };
    let read = opener.reader.run(move |connection| {
        let Some(id) = shop_of_message(connection, message)? else { return Ok(None) };
        let shop = get::<Shop>(connection, id, id)?;
        Ok(shop.map(|shop| Found { message, shop }))
    });
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            error.tell("the mail of somebody who unsubscribes cannot be looked up");
            Err(Failure::Unavailable)
        }
        Err(_) => Err(Failure::Unavailable),
    }
}

fn shown(request: &HttpRequest, found: Result<Option<Found>, Failure>) -> HttpResponse {
    match found {
        Ok(Some(found)) => {
            let mut answer = notice(StatusCode::OK, page::unsubscribe(languages(request), &found.name()));
            answer.headers_mut().insert(CONTENT_SECURITY_POLICY, style::with_form());
            answer
        }
        Ok(None) => notice(StatusCode::NOT_FOUND, page::unknown(languages(request))),
        Err(error) => {
            tracing::debug!(%error, "somebody could not unsubscribe now");
            unavailable(request)
        }
    }
}
