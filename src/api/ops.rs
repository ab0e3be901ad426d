//! For those who run it: whether the process lives, and whether it can serve.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::{Data, ServiceConfig};
use serde::Serialize;

use crate::api::answer::problem::COME_AGAIN;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::store::{Connection, Pool, StoreResult};

/// Public operations of this file, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[("get_livez", "GET", "/livez"), ("get_readyz", "GET", "/readyz")];

pub(super) fn configure(config: &mut ServiceConfig) {
    crate::api::reading(config, "/livez", |route| route.to(get_livez));
    crate::api::reading(config, "/readyz", |route| route.to(get_readyz));
}

/// How long the database may take to answer a probe. While one stands still no other is begun.
const PROBING: Duration = Duration::from_millis(800);

/// Asks the database for nothing.
pub fn probe(connection: &mut Connection) -> StoreResult<()> {
    connection.batch("SELECT 1")
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Whether the replica answers, where there is one. What is not a list does without.
    #[serde(skip_serializing_if = "Option::is_none")]
    lists: Option<&'static str>,
}

async fn get_livez() -> HttpResponse {
    Reply::json(&Health { status: "ok", detail: None, lists: None }).response()
}

/// Ready: the server takes requests, the database answers, the writers live and can write, and no other process
/// writes by a clock that is ahead.
async fn get_readyz(app: Data<App>) -> HttpResponse {
    let lists = async {
        match &app.replica_probe {
            Some(replica) => Some(word(answers(replica).await)),
            None => None,
        }
    };
    let (detail, lists) = tokio::join!(trouble(&app), lists);
    if detail.is_none() {
        return Reply::json(&Health { status: "ok", detail, lists }).response();
    }
    let mut response = Reply::json(&Health { status: "unavailable", detail, lists }).status(503).response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(COME_AGAIN));
    response
}

/// Why it cannot serve; `None`: it can.
async fn trouble(app: &App) -> Option<String> {
    if !app.is_open() {
        return Some("The server stops.".to_owned());
    }
    match app.engine.trouble() {
        None if answers(&app.probe).await => None,
        None => Some("The database does not answer; the log says why.".to_owned()),
        trouble => trouble,
    }
}

async fn answers(pool: &Pool) -> bool {
    pool.run_within(PROBING, probe).await.is_ok()
}

fn word(answers: bool) -> &'static str {
    if answers { "ok" } else { "unavailable" }
}
