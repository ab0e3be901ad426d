//! The REST API. `routes` is the table of operations, `dispatch` the way of a request to its handler,
//! `call` what a handler gets, `problem` what a refusal looks like; each resource has a file of
//! handlers that decide nothing.

pub mod app;
pub mod auth;
pub mod body;
pub mod call;
pub mod channels;
pub mod clock;
pub mod codes;
pub mod conversions;
pub mod cors;
pub mod customers;
pub mod dispatch;
pub mod events;
pub mod export;
pub mod grants;
pub mod holds;
pub mod guesses;
pub mod imports;
pub mod jobs;
pub mod keys;
pub mod docs;
pub mod ledger;
pub mod limits;
pub mod me;
pub mod messages;
pub mod operators;
pub mod ops;
pub mod page;
pub mod problem;
pub mod programs;
pub mod referrals;
pub mod reply;
pub mod redemptions;
pub mod rewards;
pub mod routes;
pub mod shop;
pub mod shares;
pub mod sign_in;
pub mod strict;
mod timeline;
pub mod tokens;
pub mod upload;
pub mod vouchers;

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, guard};

use app::App;
use problem::Problem;
use refusal::{Code, Rejection};
use routes::{Access, ME_OPERATIONS, OPERATIONS, Operation};

use crate::{links, refusal};

/// Adds every operation, and what answers where there is none.
pub fn configure(config: &mut ServiceConfig) {
    links::configure(config, links::Refusals { method_not_allowed: not_for_links, unavailable });
    sign_in::configure(config);
    ops::configure(config);
    docs::configure(config);
    for (path, operations) in by_path() {
        let mut resource = web::resource(path);
        for operation in operations.iter().copied() {
            resource = resource
                .route(route(operation.method).to(move |request, payload| dispatch::run(operation, request, payload)));
        }
        let allow = operations.iter().map(|operation| operation.method).collect::<Vec<_>>().join(", ");
        if operations.iter().any(|operation| operation.access == Access::Me) {
            let methods = allow.clone();
            let preflight = web::method(Method::OPTIONS).to(move |request| cors::preflight(request, methods.clone()));
            resource = resource.route(preflight);
        }
        config.service(resource.default_service(web::to(move |request| method_not_allowed(request, allow.clone()))));
    }
    config.default_service(web::to(nothing_here));
}

/// Operations by path; what is spelled out comes before what takes any value.
fn by_path() -> Vec<(&'static str, Vec<&'static Operation>)> {
    let mut paths: BTreeMap<String, (&'static str, Vec<&'static Operation>)> = BTreeMap::new();
    for operation in OPERATIONS.iter().chain(ME_OPERATIONS) {
        let place = paths.entry(operation.path.replace('{', "~")).or_insert((operation.path, Vec::new()));
        place.1.push(operation);
    }
    paths.into_values().collect()
}

fn route(method: &str) -> actix_web::Route {
    match method {
        "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        other => web::method(other.parse().unwrap_or(Method::POST)),
    }
}

/// 405 for a path that has other methods.
pub async fn method_not_allowed(request: HttpRequest, allow: String) -> HttpResponse {
    let problem = Problem::new(Code::MethodNotAllowed, format!("Use {allow} here."));
    refuse(&request, Problem { allow: Some(allow), ..problem })
}

fn not_for_links(request: &HttpRequest) -> HttpResponse {
    let allow = "GET, HEAD".to_owned();
    let problem = Problem::new(Code::MethodNotAllowed, "Links are opened with GET or HEAD.");
    refuse(request, Problem { allow: Some(allow), ..problem })
}

fn unavailable(request: &HttpRequest) -> HttpResponse {
    refuse(
        request,
        Rejection::new(Code::Unavailable, "The database did not answer in time; open the link again.").into(),
    )
}

async fn nothing_here(request: HttpRequest) -> HttpResponse {
    refuse(&request, Problem::new(Code::NotFound, "There is no such path; /openapi.yaml lists them."))
}

/// Answers a request that reached no handler.
pub fn refuse(request: &HttpRequest, problem: Problem) -> HttpResponse {
    let public_url = request.app_data::<Data<App>>().map_or("", |app| app.public_url());
    problem.response(public_url, request.path(), &dispatch::request_id(request))
}
