//! Access tokens: for keys by OAuth 2 client credentials (RFC 6749, 4.4), for operators by password;
//! and the keys by which anyone can verify them.

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::api::dispatch;
use crate::api::door::auth;
use crate::api::door::callers::Caller;
use crate::api::door::doubts::{CLIENTS, Doubt};
use crate::api::door::tokens::Client;
use crate::api::request::body;
use crate::api::request::in_time::in_time;
use crate::api::request::told::Asked;
use crate::password;
use crate::records::operator::Role;
use crate::records::text::Text;
use crate::records::{Operator, scope};
use crate::refusal::Code;
use crate::store::queries;

/// Public operations of this file, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[
    ("create_token", "POST", "/v1/token"),
    ("create_operator_token", "POST", "/v1/operators/token"),
    ("get_jwks", "GET", "/.well-known/jwks.json"),
];

pub(super) fn configure(config: &mut ServiceConfig) {
    let post_only = || web::to(|request| crate::api::method_not_allowed(request, "POST".to_owned()));
    config.service(web::resource("/v1/token").route(web::post().to(create_token)).default_service(post_only()));
    config.service(
        web::resource("/v1/operators/token").route(web::post().to(create_operator_token)).default_service(post_only()),
    );
    crate::api::reading(config, "/.well-known/jwks.json", |route| route.to(get_jwks));
}

/// RFC 6749, 5.1.
#[derive(Serialize)]
struct TokenView {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

async fn create_token(app: Data<App>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let app = app.into_inner();
    Asked::public(PUBLIC[0].0).note(&request);
    let outcome = token_for_key(&app, &request, payload).await;
    dispatch::finish(&app, &request, outcome)
}

async fn token_for_key(app: &Arc<App>, request: &HttpRequest, payload: Payload) -> Result<Reply, Problem> {
    let wanted = token_request(app, request, payload).await?;
    if wanted.grant_type.as_deref().is_some_and(|kind| kind != "client_credentials") {
        return Err(oauth(Code::InvalidRequest, "unsupported_grant_type", "grant_type must be client_credentials."));
    }
    let secret = wanted.client_secret.unwrap_or_default();
    let from = app.config.server.origin(request);
    let caller = in_time(Instant::now(), auth::by_secret(app, &secret, from)).await?;
    let refused = |detail: String| oauth(Code::Unauthenticated, "invalid_client", detail);
    let caller = caller.ok_or_else(|| match secret.is_empty() {
        true => refused("Send client_id and client_secret, a key's id and its secret (gvk_…).".to_owned()),
        false => refused(Doubt::of_secret(&secret).told(CLIENTS)),
    })?;
    if wanted.client_id.is_some_and(|id| id != caller.id.to_string()) {
        return Err(refused("This client_secret is that of another key than client_id names.".to_owned()));
    }
    let granted = match &wanted.scope {
        Some(text) => narrowed(&caller, text)?,
        None => scope::list(&caller.scopes),
    };
    grant(app, &caller, granted)
}

/// The scopes that were asked for; none but those that the key has.
fn narrowed(caller: &Caller, text: &str) -> Result<String, Problem> {
    let refused =
        |word: &str| oauth(Code::InvalidRequest, "invalid_scope", format!("The key does not have the scope {word}."));
    let asked = scope::parse_list(text).map_err(|word| refused(&word))?;
    match asked.iter().find(|scope| !caller.scopes.contains(scope)) {
        Some(missing) => Err(refused(missing.as_str())),
        None => Ok(scope::list(&asked)),
    }
}

fn grant(app: &App, caller: &Caller, scope: String) -> Result<Reply, Problem> {
    let Caller { id, shop, generation, role, .. } = *caller;
    let token = app.tokens.issue(app.now(), Client { id, shop, generation, role }, scope.clone());
    let view = TokenView {
        access_token: token.ok_or_else(Problem::internal)?,
        token_type: "Bearer",
        expires_in: app.tokens.seconds(),
        scope,
        role: caller.role,
    };
    Ok(Reply::json(&view))
}

/// A form, JSON, or HTTP Basic with either.
async fn token_request(app: &App, request: &HttpRequest, payload: Payload) -> Result<TokenRequest, Problem> {
    let bytes = dispatch::read_small_body(app, request, payload).await?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut wanted: TokenRequest = if kind.starts_with("application/x-www-form-urlencoded") {
        form(&bytes)
    } else if kind.is_empty() || kind.starts_with("application/json") {
        body::read(&bytes)?
    } else {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send a form or JSON."));
    };
    if let Some((id, secret)) = basic(request) {
        wanted.client_id = Some(id);
        wanted.client_secret = Some(secret);
    }
    Ok(wanted)
}

/// RFC 6749 lets servers ignore parameters that they do not know.
fn form(bytes: &[u8]) -> TokenRequest {
    let mut wanted = TokenRequest::default();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        match &*name {
            "grant_type" => wanted.grant_type = Some(value.into_owned()),
            "client_id" => wanted.client_id = Some(value.into_owned()),
            "client_secret" => wanted.client_secret = Some(value.into_owned()),
            "scope" => wanted.scope = Some(value.into_owned()),
            _ => {}
        }
    }
    wanted
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let given = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = given.split_once(' ')?;
    let plain = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    email: Text<1, 254>,
    password: Text<1, 200>,
    /// Id or slug.
    shop: Text<1, 64>,
}

async fn create_operator_token(app: Data<App>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let app = app.into_inner();
    Asked::public(PUBLIC[1].0).note(&request);
    let outcome = token_for_operator(&app, &request, payload).await;
    dispatch::finish(&app, &request, outcome)
}

async fn token_for_operator(app: &Arc<App>, request: &HttpRequest, payload: Payload) -> Result<Reply, Problem> {
    let bytes = dispatch::read_small_body(app, request, payload).await?;
    let sign_in: SignIn = body::read(&bytes)?;
    let tried = app.sign_ins.begin(app.config.server.origin(request), &sign_in.email, Instant::now())?;
    let outcome = in_time(Instant::now(), operator_of(app, sign_in)).await;
    match &outcome {
        Ok(_) => app.sign_ins.succeeded(tried, Instant::now()),
        Err(problem) if problem.rejection.code == Code::Unauthenticated => {}
        // What went wrong was not the password.
        Err(_) => app.sign_ins.excuse(tried),
    }
    let caller = Caller::of_operator(&outcome?);
    let scopes = scope::list(&caller.scopes);
    grant(app, &caller, scopes)
}

/// Who has this address and password in this shop.
async fn operator_of(app: &App, sign_in: SignIn) -> Result<Operator, Problem> {
    let room = app.hashing.room()?;
    let (shop, email) = (sign_in.shop.to_string(), sign_in.email.to_lowercase());
    let found =
        app.reader.run(move |connection| queries::identity::operator_by_email(connection, &shop, &email)).await?;
    let hashed = found.as_ref().filter(|operator| !operator.disabled).map(|operator| operator.password_hash.clone());
    let password = sign_in.password.into_string();
    let is_right = room.run(move || is_right(&password, hashed.as_deref())).await?;
    let operator = found.filter(|_| is_right);
    operator.ok_or_else(|| {
        oauth(Code::Unauthenticated, "invalid_grant", "No operator of this shop has this e-mail address and password.")
    })
}

/// Without a hash it takes as long and says no, so that a stranger cannot tell who is known.
fn is_right(given: &str, hashed: Option<&str>) -> bool {
    match hashed {
        Some(hashed) => password::verify(given, hashed),
        None => {
            password::hash(given);
            false
        }
    }
}

fn oauth(code: Code, error: &'static str, detail: impl Into<String>) -> Problem {
    Problem { oauth: Some(error), ..Problem::new(code, detail) }
}

async fn get_jwks(app: Data<App>) -> HttpResponse {
    Reply::json(&app.tokens.key_set(app.now())).cache("public, max-age=300").response()
}
