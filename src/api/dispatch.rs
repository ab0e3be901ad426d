//! How a request reaches its handler: who calls, whether he may, how much of it, the body, and only
//! then the handler; and how every answer leaves.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::BoxBody;
use actix_web::dev::{self, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data, Payload};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use futures_util::{FutureExt, StreamExt};
use tracing::Instrument as _;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::api::door::auth;
use crate::api::door::callers::Caller;
use crate::api::door::cors;
use crate::api::door::limits::Left;
use crate::api::request::call::Call;
use crate::api::request::encoding::refuse_encoded;
use crate::api::request::in_time::{handled, in_time};
use crate::api::request::operation::{Access, Operation};
use crate::api::request::request_id::{RequestId, add_headers, new_id, request_id};
use crate::api::request::told::{self, Asked};
use crate::api::request::upload::Upload;
use crate::connections::answer::{Parts, UnderWay};
use crate::connections::body::Body;
use crate::connections::connection::Connection;
use crate::links::style;
use crate::records::Id;
use crate::refusal::Code;

/// Bytes of the body of one who only wants to sign in.
const SMALL_BODY: usize = 16_384;

/// What does an operation.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>>>>;

/// Says where a request begins and ends; gives it its id, and each answer what every answer has.
pub async fn frame(mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<Parts>, Error> {
    let (under_way, came) = (begin(&mut request), Instant::now());
    let id = new_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    if let Some(app) = request.app_data::<Data<App>>()
        && let Some((peer, said)) = app.config.server.forwarded_by_stranger(request.request())
    {
        app.proxies.note(peer, said, Instant::now());
    }
    let app = request.app_data::<Data<App>>().cloned();
    let span = told::span(request.request(), &id);
    let mut response = next.call(request).instrument(span.clone()).await?;
    told::close(&span, &response);
    if let Some(app) = &app {
        told::tell(&app.strangers, app.config.log.writes, &response, &id, came);
    }
    if app.is_some_and(|app| !app.is_open()) {
        // A further request on this connection would come when nobody is there any more.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    add_headers(headers, &id);
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        style::add(headers);
    }
    Ok(response.map_body(|_, body| Parts::of(body, under_way)))
}

/// Tells the connection of a request that it has begun, and of what it wants of its body.
fn begin(request: &mut ServiceRequest) -> UnderWay {
    // A test that calls without a socket has no connection.
    let connection = request.request().conn_data::<Arc<Connection>>().cloned();
    let payload = request.take_payload();
    let has_body = !matches!(payload, dev::Payload::None);
    let under_way = UnderWay::begin(connection.clone(), has_body);
    request.set_payload(match connection {
        Some(connection) if has_body => Body::by(&connection, payload),
        _ => payload,
    });
    under_way
}

/// Runs an operation that needs a caller.
pub async fn run(
    operation: &'static Operation,
    handler: Handler,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let Some(app) = request.app_data::<Data<App>>().map(|app| app.clone().into_inner()) else {
        return HttpResponse::InternalServerError().finish();
    };
    let (came, mut seen) = (Instant::now(), Seen::default());
    let outcome =
        AssertUnwindSafe(handle(&app, (operation, handler), &request, payload, &mut seen)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| Err(Problem::internal().because("a handler panicked")));
    Asked::of(operation, seen.by).note(&request);
    let mut response = finish(&app, &request, outcome);
    if let Some(left) = seen.left {
        add_limit(&mut response, operation.access, left);
    }
    if operation.access == Access::Me {
        let shop = seen.by.map(|(_, shop)| shop);
        cors::allow(&app, &request, (shop, came + seen.sending), &mut response).await;
    }
    metrics::histogram!("grapevine_request_seconds").record(came.elapsed().as_secs_f64());
    metrics::counter!("grapevine_requests_total", "operation" => operation.id, "status" => status_class(&response))
        .increment(1);
    response
}

/// What was found out on the way to the handler, for the answer's headers.
#[derive(Default)]
struct Seen {
    left: Option<Left>,
    /// The caller, and the shop.
    by: Option<(Id, Id)>,
    /// How long the body took, which is its sender's time.
    sending: Duration,
}

async fn handle(
    app: &Arc<App>,
    (operation, handler): (&'static Operation, Handler),
    request: &HttpRequest,
    payload: Payload,
    seen: &mut Seen,
) -> Result<Reply, Problem> {
    let came = Instant::now();
    let caller = in_time(came, admit(app, operation, request, seen)).await?;
    let admitted = Instant::now();
    let (body, payload) = match operation.streamed {
        true => (Bytes::new(), Some(payload)),
        false => (read_body(app, request, payload).await?, None),
    };
    seen.sending = admitted.elapsed();
    let (id, since) = (request_id(request).to_string(), came + seen.sending);
    let mut call = Call::new(app.clone(), operation, caller, request, body, id, since)?;
    if operation.method == "GET" {
        call.refuse_unread_body()?;
    }
    call.upload = payload.map(|payload| Upload::new(&app.config.server, payload));
    handled(operation, since, handler(call)).await
}

/// Who calls, when he may, and not too often.
async fn admit(app: &App, operation: &Operation, request: &HttpRequest, seen: &mut Seen) -> Result<Caller, Problem> {
    match operation.access {
        Access::Scope(_) => {
            let caller = auth::authenticate(app, request.headers(), app.config.server.origin(request)).await?;
            seen.by = Some((caller.id, caller.shop));
            seen.left = app.limits.check(&caller.client, "Too many requests")?;
            caller.may_by(&operation.scopes())?;
            caller.is_at_least(operation.least_role())?;
            Ok(caller)
        }
        Access::Me => {
            let caller = auth::authenticate_browser(app, request.headers()).await?;
            seen.by = Some((caller.id, caller.shop));
            seen.left = app.browser_limits.check(&caller.client, "Too many requests of this customer")?;
            Ok(caller)
        }
    }
}

/// Makes the answer of what a handler came to.
pub fn finish(app: &App, request: &HttpRequest, outcome: Result<Reply, Problem>) -> HttpResponse {
    match outcome {
        Ok(reply) if request.method() == Method::HEAD => reply.head().response(),
        Ok(reply) => reply.response(),
        Err(problem) => problem.response(app.public_url(), request.path(), &request_id(request)),
    }
}

/// Reads the body of a caller whom we know: bounded in size and time, and not compressed.
pub async fn read_body(app: &App, request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    read_bounded(app, request, payload, app.config.server.body_bytes).await
}

/// The same of anybody, whose body is small: many who send slowly must not fill the memory.
pub async fn read_small_body(app: &App, request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    read_bounded(app, request, payload, app.config.server.body_bytes.min(SMALL_BODY)).await
}

async fn read_bounded(app: &App, request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    refuse_encoded(request.headers())?;
    let read = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Code::InvalidRequest, "The body broke off; send it again."))?;
            if body.len() + chunk.len() > limit {
                return Err(Problem::new(Code::BodyTooLarge, format!("A body may have {limit} bytes.")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let time = Duration::from_millis(app.config.server.body_ms);
    tokio::time::timeout(time, read).await.unwrap_or_else(|_| {
        Err(Problem::new(Code::RequestTimeout, format!("The body must come within {} s.", time.as_secs_f32())))
    })
}

fn add_limit(response: &mut HttpResponse, access: Access, left: Left) {
    let whose = match access {
        Access::Scope(_) => "key",
        Access::Me => "customer",
    };
    let policy = format!("\"{whose}\";q={};w={}", left.rate.requests, left.rate.seconds);
    let state = format!("\"{whose}\";r={};t={}", left.remaining, left.rate.seconds);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

fn status_class(response: &HttpResponse) -> &'static str {
    match response.status().as_u16() {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
