//! The REST API. `routes` is the table of operations, `dispatch` the way of a request to its handler. `door` knows
//! who is let in, `request` what a handler gets, `answer` how an answer leaves. Each resource has a file of handlers
//! that decide nothing, in the folder of its subject: `orders`, `people`, `sharing`, `exclusive` (offers), `benefits`, `shops`,
//! `records`.

pub mod answer;
pub mod app;
pub mod benefits;
pub mod dispatch;
pub mod docs;
pub mod door;
pub mod measures;
pub mod metrics;
pub mod exclusive;
pub mod ops;
pub mod orders;
pub mod people;
pub mod records;
pub mod reporting;
pub mod request;
pub mod routes;
pub mod sharing;
pub mod shops;
pub mod sign_in;

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, Scope, guard};

use answer::problem::Problem;
use app::App;
use dispatch::Handler;
use door::cors;
use refusal::Code;
use request::operation::{Access, Operation};
use request::request_id;
use routes::OPERATIONS;

use crate::links::Opener;
use crate::{links, refusal};

/// The first word of every path of the API.
const API: &str = "v1";

/// Adds every operation, and what answers where there is none.
pub fn configure(config: &mut ServiceConfig) {
    links::configure(config, not_for_links);
    links::buttons::configure(config, |request| refuse_method(request, "GET, HEAD, POST"));
    sign_in::configure(config);
    sharing::pageviews::configure(config);
    ops::configure(config);
    metrics::configure(config);
    docs::configure(config);
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    for (path, operations) in by_path() {
        let (place, rest) = path.split_at(scope_of(path));
        let scope = scopes.remove(place).unwrap_or_else(|| web::scope(place));
        scopes.insert(place, scope.service(resource(path, &operations, rest)));
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
    config.default_service(web::to(nothing_here));
}

/// Where the first word of a path ends, `/v1/customers`: a request is held against the paths of its own
/// word alone, for those with a value in them cost a search each.
fn scope_of(path: &str) -> usize {
    path.match_indices('/').nth(2).map_or(path.len(), |(at, _)| at)
}

/// What answers at a path; `rest` is its end, within its scope.
fn resource(path: &str, operations: &[(&'static Operation, Handler)], rest: &str) -> Resource {
    let others = left_to_others(path);
    let mut allowed: Vec<&str> = operations.iter().map(|(operation, _)| operation.method).collect();
    allowed.extend(&others);
    let mut resource = web::resource(rest).guard(guard::fn_guard(move |context| !is_one_of(&others, context)));
    for (operation, handler) in operations.iter().copied() {
        let run = move |request, payload| dispatch::run(operation, handler, request, payload);
        resource = resource.route(route(operation.method).to(run));
    }
    let allow = allowed.join(", ");
    if operations.iter().any(|(operation, _)| operation.access == Access::Me) {
        let methods = allow.clone();
        let preflight = web::method(Method::OPTIONS).to(move |request| cors::preflight(request, methods.clone()));
        resource = resource.route(preflight);
    }
    resource.default_service(web::to(move |request| method_not_allowed(request, allow.clone())))
}

/// A path, and what answers there.
type Place = (&'static str, Vec<(&'static Operation, Handler)>);

/// Operations by path; what is spelled out comes before what takes any value.
fn by_path() -> Vec<Place> {
    let mut paths: BTreeMap<String, Place> = BTreeMap::new();
    for (operation, handler) in routes::all() {
        let place = paths.entry(operation.path.replace('{', "~")).or_insert((operation.path, Vec::new()));
        place.1.push((operation, handler));
    }
    paths.into_values().collect()
}

/// Methods that a path without a value of its own leaves to one that takes any value there: a customer
/// may be named `lookup`.
fn left_to_others(path: &str) -> Vec<&'static str> {
    let own: Vec<&str> = OPERATIONS.iter().filter(|own| own.path == path).map(|own| own.method).collect();
    let others = OPERATIONS.iter().filter(|other| other.path != path && takes(other.path, path));
    others.map(|other| other.method).filter(|method| !own.contains(method)).collect()
}

/// Whether a template takes a path: any word where it has a name, the same word elsewhere.
fn takes(template: &str, path: &str) -> bool {
    let pairs = || template.split('/').zip(path.split('/'));
    template.split('/').count() == path.split('/').count()
        && pairs().all(|(name, word)| name == word || (name.starts_with('{') && !word.starts_with('{')))
}

fn is_one_of(methods: &[&str], context: &guard::GuardContext<'_>) -> bool {
    let method = match &context.head().method {
        &Method::HEAD => "GET",
        other => other.as_str(),
    };
    methods.contains(&method)
}

fn route(method: &str) -> Route {
    match method {
        "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        other => web::method(other.parse().unwrap_or(Method::POST)),
    }
}

/// Adds a path that is read, with or without its body, and that no caller is asked for.
fn reading(config: &mut ServiceConfig, path: &str, to: impl FnOnce(Route) -> Route) {
    let others = web::to(|request| method_not_allowed(request, "GET, HEAD".to_owned()));
    config.service(web::resource(path).route(to(route("GET"))).default_service(others));
}

/// 405 for a path that has other methods.
pub async fn method_not_allowed(request: HttpRequest, allow: String) -> HttpResponse {
    refuse_method(&request, &allow)
}

fn refuse_method(request: &HttpRequest, allow: &str) -> HttpResponse {
    let problem = Problem::new(Code::MethodNotAllowed, format!("Use {allow} here."));
    refuse(request, Problem { allow: Some(allow.to_owned()), ..problem })
}

fn not_for_links(request: &HttpRequest) -> HttpResponse {
    let allow = "GET, HEAD".to_owned();
    let problem = Problem::new(Code::MethodNotAllowed, "Links are opened with GET or HEAD.");
    refuse(request, Problem { allow: Some(allow), ..problem })
}

/// What a person opens is answered by a page, wherever it leads; who has a key, or asks the API, is a
/// program.
async fn nothing_here(request: HttpRequest, opener: Data<Opener>) -> HttpResponse {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_program = request.headers().contains_key(AUTHORIZATION) || request.path().split('/').nth(1) == Some(API);
    if is_read && !is_program {
        return links::open_link(request, opener).await;
    }
    refuse(&request, Problem::new(Code::NotFound, "There is no such path; /openapi.yaml lists them."))
}

/// Answers a request that reached no handler.
pub fn refuse(request: &HttpRequest, problem: Problem) -> HttpResponse {
    let public_url = request.app_data::<Data<App>>().map_or("", |app| app.public_url());
    problem.response(public_url, request.path(), &request_id::request_id(request))
}
