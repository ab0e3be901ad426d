//! The addresses of the buttons in mails: advertising is stopped by one (RFC 8058), and confirmed by another. To open one
//! changes nothing: mail scanners do. A mail program posts to it, and so does the button of our page.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, guard};

use super::languages::languages;
use super::open::{MethodNotAllowed, Opener, notice, unavailable};
use super::{page, style};
use crate::decide::Command;
use crate::decide::mail::confirm_consent::{self, ConfirmConsent};
use crate::decide::mail::unsubscribe::{self, Unsubscribe};
use crate::engine::{Failure, PATIENCE, Request};
use crate::records::{Id, Shop};
use crate::store::queries::messages::shop_of_message;
use crate::store::queries::records::get;

/// Which button.
#[derive(Clone, Copy, Debug)]
enum Button {
    /// No more advertising.
    Unsubscribe,
    /// Advertising, please.
    Confirm,
}

impl Button {
    fn words(self) -> &'static str {
        match self {
            Button::Unsubscribe => "link.unsubscribe",
            Button::Confirm => "link.confirm",
        }
    }

    /// What its page sends, so that nobody presses it by mistake.
    fn says(self) -> (&'static str, &'static str) {
        match self {
            Button::Unsubscribe => ("List-Unsubscribe", "One-Click"),
            Button::Confirm => ("Confirm", "Yes"),
        }
    }

    fn mail(self, opener: &Opener, token: &str) -> Option<Id> {
        let vault = &opener.installation.vault;
        match self {
            Button::Unsubscribe => unsubscribe::read_token(vault, token),
            Button::Confirm => confirm_consent::read_token(vault, token),
        }
    }

    fn command(self, message: Id) -> Command {
        match self {
            Button::Unsubscribe => Unsubscribe { message }.into(),
            Button::Confirm => ConfirmConsent { message }.into(),
        }
    }
}

/// Adds the addresses.
pub fn configure(config: &mut ServiceConfig, method_not_allowed: MethodNotAllowed) {
    let resource = |path: &'static str| {
        let others = web::to(move |request: HttpRequest| async move { method_not_allowed(&request) });
        web::resource(path).default_service(others)
    };
    let reading = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    config
        .service(resource("/u/{token}").route(reading().to(open_unsubscribe)).route(web::post().to(post_unsubscribe)));
    config.service(resource("/y/{token}").route(reading().to(open_confirm)).route(web::post().to(post_confirm)));
}

async fn open_unsubscribe(request: HttpRequest, token: Path<String>, opener: Data<Opener>) -> HttpResponse {
    let button = Button::Unsubscribe;
    shown(&request, button, find(&opener, button, &token).await)
}

async fn post_unsubscribe(
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
    opener: Data<Opener>,
) -> HttpResponse {
    press(&request, Button::Unsubscribe, &token, &body, &opener).await
}

async fn open_confirm(request: HttpRequest, token: Path<String>, opener: Data<Opener>) -> HttpResponse {
    let button = Button::Confirm;
    shown(&request, button, find(&opener, button, &token).await)
}

async fn post_confirm(request: HttpRequest, token: Path<String>, body: Bytes, opener: Data<Opener>) -> HttpResponse {
    press(&request, Button::Confirm, &token, &body, &opener).await
}

/// Does what the button says, where the body says that this is meant.
async fn press(request: &HttpRequest, button: Button, token: &str, body: &[u8], opener: &Opener) -> HttpResponse {
    let says = |word: &str| body.windows(word.len()).any(|part| part == word.as_bytes());
    let (name, value) = button.says();
    let found = match find(opener, button, token).await {
        Ok(Some(found)) if says(name) && says(value) => found,
        other => return shown(request, button, other),
    };
    match opener.engine.submit(Request::system(found.shop.id, button.command(found.message))).await {
        Ok(_) => notice(StatusCode::OK, page::pressed(languages(request), button.words(), &found.name())),
        Err(Failure::Refused(_)) => notice(StatusCode::NOT_FOUND, page::over_button(languages(request), &found.name())),
        Err(failure) => shown(request, button, Err(failure)),
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

async fn find(opener: &Opener, button: Button, token: &str) -> Result<Option<Found>, Failure> {
    let Some(message) = button.mail(opener, token) else { return Ok(None) };
    let read = opener.reader.run(move |connection| {
        let Some(id) = shop_of_message(connection, message)? else { return Ok(None) };
        let shop = get::<Shop>(connection, id, id)?;
        Ok(shop.map(|shop| Found { message, shop }))
    });
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            error.tell("the mail of a button cannot be looked up");
            Err(Failure::Unavailable)
        }
        Err(_) => Err(Failure::Unavailable),
    }
}

fn shown(request: &HttpRequest, button: Button, found: Result<Option<Found>, Failure>) -> HttpResponse {
    match found {
        Ok(Some(found)) => {
            let page = page::button(languages(request), button.words(), button.says(), &found.name());
            let mut answer = notice(StatusCode::OK, page);
            answer.headers_mut().insert(CONTENT_SECURITY_POLICY, style::with_form());
            answer
        }
        Ok(None) => notice(StatusCode::NOT_FOUND, page::unknown(languages(request))),
        Err(error) => {
            tracing::debug!(%error, "a button of a mail could not be pressed now");
            unavailable(request)
        }
    }
}
