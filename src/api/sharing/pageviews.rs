//! How people come to a shop's pages, told by the shop or by a few lines in its pages: counted by day, and never kept.
//!
//! What is told of a view is where it led and what led to it, nothing of who it was. What is counted is gathered and
//! written by `jobs::arrivals`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header::ORIGIN;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::app::App;
use crate::api::dispatch;
use crate::api::door::cors;
use crate::api::request::body;
use crate::api::request::call::Call;
use crate::api::request::in_time::in_time;
use crate::api::request::told::Asked;
use crate::records::Id;
use crate::records::arrival::{Arrivals, Referrer, Source};
use crate::records::text::Slug;
use crate::records::time::day_number;
use crate::refusal::{Code, Rejection};
use crate::store::queries::links::shop_of_slug;

/// Views of one call.
const VIEWS: usize = 1_000;
/// Characters of a page's path.
const PATH: usize = 500;

/// Public operations of this file, for the contract's test.
pub const PUBLIC: &[(&str, &str, &str)] = &[("note_pageviews", "POST", "/v1/shops/{slug}/pageviews")];

/// Adds them.
pub(in crate::api) fn configure(config: &mut ServiceConfig) {
    let post_only = || web::to(|request| crate::api::method_not_allowed(request, "POST".to_owned()));
    let resource = web::resource("/v1/shops/{slug}/pageviews").route(web::post().to(note_pageviews));
    config.service(resource.default_service(post_only()));
}

/// What was looked at. See the contract's `PageViews`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageViews {
    data: Vec<PageView>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageView {
    path: PagePath,
    referrer: Referrer,
    tagged: bool,
}

/// A page's path, and nothing that could name a person.
struct PagePath(String);

impl<'de> Deserialize<'de> for PagePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = String::deserialize(deserializer)?;
        if !path.starts_with('/') || path.chars().count() > PATH || path.chars().any(char::is_control) {
            return Err(de::Error::custom(format!(
                "a path of at most {PATH} characters is expected that begins with /"
            )));
        }
        let lower = path.to_ascii_lowercase();
        if path.contains(['?', '#', '@']) || ["%40", "%3f", "%23"].iter().any(|letter| lower.contains(letter)) {
            return Err(de::Error::custom(
                "the path alone is expected: what stands behind ? or #, and an address with @, may name a person",
            ));
        }
        Ok(Self(path))
    }
}

#[derive(Serialize)]
struct CountedView {
    counted: usize,
}

impl PageViews {
    fn check(&self) -> Result<(), Rejection> {
        match self.data.len() {
            1..=VIEWS => Ok(()),
            _ => Err(Rejection::field("/data", format!("1 to {VIEWS} views are expected"))),
        }
    }

    /// How many came how.
    fn counted(&self, typed: &[String]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for view in &self.data {
            arrivals.add(Source::of(&view.path.0, view.referrer, view.tagged, typed), 1);
        }
        arrivals
    }
}

pub(in crate::api) async fn create_pageviews(call: Call) -> Result<Reply, Problem> {
    let views: PageViews = call.body()?;
    count(&call.app, call.shop(), views).await
}

/// What a browser tells of itself, from a page that the shop lists.
async fn note_pageviews(app: Data<App>, request: HttpRequest, slug: Path<String>, payload: Payload) -> HttpResponse {
    let app = app.into_inner();
    Asked::public(PUBLIC[0].0).note(&request);
    let outcome = from_page(&app, &request, slug.into_inner(), payload).await;
    dispatch::finish(&app, &request, outcome)
}

async fn from_page(app: &Arc<App>, request: &HttpRequest, slug: String, payload: Payload) -> Result<Reply, Problem> {
    let came = Instant::now();
    let address: IpAddr = app.config.server.origin(request);
    app.view_limits.check(&address, "Too many page views of this address")?;
    let bytes = dispatch::read_small_body(app, request, payload).await?;
    let views: PageViews = body::read(&bytes)?;
    let slug = Slug::parse(&slug).map_err(|_| Problem::not_found())?.into_string();
    let shop = in_time(came, async { Ok(app.reader.run(move |connection| shop_of_slug(connection, &slug)).await?) });
    let shop = shop.await?.ok_or_else(Problem::not_found)?;
    let page = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    if !cors::is_listed(app, (shop, came), page).await? {
        let detail = "Views are taken from the shop's own pages: those whose origin browser_origins lists.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    in_time(came, count(app, shop, views)).await
}

async fn count(app: &Arc<App>, shop: Id, views: PageViews) -> Result<Reply, Problem> {
    views.check()?;
    let counted = views.data.len();
    let views = Arc::new(views);
    let told = app.engine.dry_run(shop, move |draft| {
        let typed: Vec<String> = draft.shop.typed_pages().map(str::to_owned).collect();
        Ok((day_number(draft.at().day_in(draft.shop.zone())), views.counted(&typed)))
    });
    let (day, arrivals) = told.await?;
    app.pageviews.add(shop, day, &arrivals);
    let (pageviews, engine) = (app.pageviews.clone(), app.engine.clone());
    // In a task of its own: what was gathered is not lost with whoever hangs up.
    let written = tokio::spawn(async move { pageviews.write(&engine).await });
    drop(written.await);
    Ok(Reply::json(&CountedView { counted }).status(202))
}
