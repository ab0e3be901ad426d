//! For those who run it: whether the process lives, and whether it can serve.

use actix_web::HttpResponse;
use actix_web::web::{Data, ServiceConfig};
use serde::Serialize;

use super::app::App;
use super::reply::Reply;
use crate::store::Statement;

/// Public operations of this file, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[("get_livez", "GET", "/livez"), ("get_readyz", "GET", "/readyz")];

pub(super) fn configure(config: &mut ServiceConfig) {
    super::reading(config, "/livez", |route| route.to(get_livez));
    super::reading(config, "/readyz", |route| route.to(get_readyz));
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

async fn get_livez() -> HttpResponse {
    Reply::json(&Health { status: "ok" }).response()
}

/// Ready: the server takes requests, the database answers, the writers live, and no shop's last
/// command lies ahead of the clock.
async fn get_readyz(app: Data<App>) -> HttpResponse {
    let answers =
        app.reader.run(|connection| connection.number(&Statement::new("SELECT CAST(1 AS BIGINT)"))).await.is_ok();
    if app.is_open() && answers && app.engine.is_healthy() {
        return Reply::json(&Health { status: "ok" }).response();
    }
    Reply::json(&Health { status: "unavailable" }).status(503).response()
}
