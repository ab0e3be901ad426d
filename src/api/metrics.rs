//! The metrics of the process, for Prometheus. Never for everybody: at an address of their own, or for who has the
//! token that was set; at the address of the API alone where there is such a token, and no such address.

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::api::dispatch;
use crate::api::request::told::Asked;
use crate::refusal::Code;

/// Operation of this file, for the contract's test.
pub const OPERATION: (&str, &str, &str) = ("get_metrics", "GET", "/metrics");

/// Adds the metrics to the API.
pub(super) fn configure(config: &mut ServiceConfig) {
    resource(config, get_metrics);
}

fn resource<F: Future<Output = HttpResponse> + 'static>(
    config: &mut ServiceConfig,
    handler: impl Fn(Data<App>, HttpRequest) -> F + Clone + 'static,
) {
    crate::api::reading(config, OPERATION.2, |route| route.to(handler));
}

/// The metrics, and nothing else, where they have an address of their own.
pub fn configure_own(config: &mut ServiceConfig) {
    resource(config, get_own_metrics);
    config.default_service(web::to(nothing));
}

async fn get_metrics(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Asked::public(OPERATION.0).note(&request);
    let metrics = &app.config.metrics;
    let outcome = match &metrics.token {
        Some(token) if metrics.listen.is_none() => rendered(&app, &request, Some(token)),
        _ => Err(Problem::new(
            Code::NotFound,
            "There are no metrics here: GRAPEVINE_METRICS_LISTEN gives them an address, GRAPEVINE_METRICS_TOKEN a bearer.",
        )),
    };
    dispatch::finish(&app, &request, outcome)
}

async fn get_own_metrics(app: Data<App>, request: HttpRequest) -> HttpResponse {
    Asked::public(OPERATION.0).note(&request);
    let outcome = rendered(&app, &request, app.config.metrics.token.as_deref());
    dispatch::finish(&app, &request, outcome)
}

/// The metrics, for who has the token where one is asked for.
fn rendered(app: &App, request: &HttpRequest, token: Option<&str>) -> Result<Reply, Problem> {
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map_or("", |(_, token)| token.trim());
    if token.is_some_and(|token| verify_slices_are_equal(token.as_bytes(), given.as_bytes()).is_err()) {
        return Err(Problem::new(Code::Unauthenticated, "Send GRAPEVINE_METRICS_TOKEN as bearer."));
    }
    Ok(Reply::bytes("text/plain; version=0.0.4", app.metrics.render().into_bytes()))
}

async fn nothing(app: Data<App>, request: HttpRequest) -> HttpResponse {
    dispatch::finish(&app, &request, Err(Problem::new(Code::NotFound, "Here are the metrics alone, at /metrics.")))
}
