//! Opening a link over HTTP. Persons are sent on, preview robots get a page, scanners are answered
//! like persons and counted as nothing. Whoever opens what is no link gets a page in their language.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, REFERER, REFERRER_POLICY, RETRY_AFTER, USER_AGENT, VARY,
};
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard};
use metrics::Counter;
use rand::Rng as _;

use super::address::{self, Named, Token};
use super::cache::{self, Ready, Way};
use super::languages::languages;
use super::page;
use super::recorder::{self, Opening, Recorder, Who};
use super::referrer;
use super::visitor::{Method, Request, Visitor, device, tell};
use crate::config::ServerConfig;
use crate::decide::draft::{Draft, Installation};
use crate::decide::sharing::link::{self, Link};
use crate::engine::{Clock, Engine, Failure, PATIENCE};
use crate::records::Id;
use crate::store::queries::links::{shop_of_slug, shop_of_token};
use crate::store::{Connection, Pool, StoreResult};
use crate::visit_mark::VisitMark;
use crate::world::Stop;

/// Seconds after which a person may open a link again that could not be looked up.
const COME_AGAIN: u64 = 1;
/// Previews are for the robots of messengers, which ask here first; that a link is not to be listed
/// anywhere is said by its own answer, which only who may ask for it can read.
const ROBOTS_TXT: &str = "User-agent: *\nAllow: /s/\nAllow: /c/\nDisallow: /\n";

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const NOT_INDEXED: HeaderValue = HeaderValue::from_static("noindex, nofollow");
const NOT_STORED: HeaderValue = HeaderValue::from_static("no-store");
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");
const PREVIEW_LIFE: HeaderValue = HeaderValue::from_static("public, max-age=300");
const LONG_LIFE: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const BY_USER_AGENT: HeaderValue = HeaderValue::from_static("User-Agent");
const HTML: &str = "text/html; charset=utf-8";

/// What opens links: built once, shared by every request.
pub struct Opener {
    by_token: cache::Links<Token>,
    by_code: cache::Links<(String, String)>,
    pub(super) engine: Engine,
    pub(super) installation: Arc<Installation>,
    pub(super) reader: Pool,
    clock: Clock,
    server: ServerConfig,
    recorder: Recorder,
    counters: Counters,
}

struct Counters {
    persons: Counter,
    previews: Counter,
    scanners: Counter,
    unknown: Counter,
    dropped: Counter,
}

/// What answers another method than GET and HEAD.
pub type MethodNotAllowed = fn(&HttpRequest) -> HttpResponse;

/// What an opener is made of.
pub struct Parts<'a> {
    /// The writers.
    pub engine: &'a Engine,
    /// What decisions need and never changes.
    pub installation: Arc<Installation>,
    /// Connections for reading.
    pub reader: Pool,
    /// The clock.
    pub clock: Clock,
    /// How long links are kept in memory, and whose word about where a visitor comes from counts.
    pub server: ServerConfig,
    /// How long visits are gathered before they are written.
    pub gather: Duration,
}

impl Opener {
    /// Starts the recorder and opens links. The recorder ends when the opener is dropped.
    pub fn start(parts: Parts<'_>) -> Self {
        let life = Duration::from_millis(parts.server.cache_ms);
        Self {
            by_token: cache::Links::new(life),
            by_code: cache::Links::new(life),
            engine: parts.engine.clone(),
            installation: parts.installation,
            reader: parts.reader,
            clock: parts.clock,
            server: parts.server,
            recorder: recorder::start(parts.engine.clone(), parts.gather),
            counters: Counters::new(),
        }
    }

    /// Forgets a shop's links: what changes where they lead is seen at once in this process, and
    /// within their life in memory in others.
    pub fn forget(&self, shop: Id) {
        self.by_token.forget(shop);
        self.by_code.forget(shop);
    }

    /// Waits until every opening so far is written.
    pub async fn settle(&self) {
        self.recorder.settle().await;
    }

    async fn load(&self, find_shop: FindShop, find: Find, names: (String, String)) -> Result<Option<Link>, Failure> {
        let looked_up = tokio::time::timeout(PATIENCE, self.look_up(find_shop, find, names)).await;
        looked_up.unwrap_or(Err(Failure::Unavailable))
    }

    async fn look_up(&self, find_shop: FindShop, find: Find, names: (String, String)) -> Result<Option<Link>, Failure> {
        let (place, name) = names;
        let shop = self.reader.run(move |connection| find_shop(connection, &place)).await.map_err(|error| {
            error.tell("the shop of a link cannot be looked up");
            Failure::Unavailable
        })?;
        match shop {
            Some(shop) => self.engine.dry_run(shop, move |draft| find(draft, &name)).await,
            None => Ok(None),
        }
    }
}

type FindShop = fn(&mut Connection, &str) -> StoreResult<Option<Id>>;
type Find = fn(&Draft<'_>, &str) -> Result<Option<Link>, Stop>;

impl Counters {
    fn new() -> Self {
        let opened = |class: &'static str| metrics::counter!("grapevine_links_opened_total", "class" => class);
        Self {
            persons: opened("person"),
            previews: opened("preview"),
            scanners: opened("scanner"),
            unknown: opened("unknown"),
            dropped: metrics::counter!("grapevine_visits_dropped_total"),
        }
    }
}

/// Adds the public links, and what browsers and robots ask for beside them.
pub fn configure(config: &mut ServiceConfig, method_not_allowed: MethodNotAllowed) {
    let resource = |path: &'static str| -> Resource {
        web::resource(path)
            .default_service(web::to(move |request: HttpRequest| async move { method_not_allowed(&request) }))
    };
    let reading = || -> Route { web::route().guard(guard::Any(guard::Get()).or(guard::Head())) };
    for path in ["/s/{named:.*}", "/c/{named:.*}"] {
        config.service(resource(path).route(reading().to(open_link)));
    }
    config.service(resource("/").route(reading().to(open_house)));
    config.service(resource("/robots.txt").route(reading().to(get_robots)));
    config.service(resource("/favicon.ico").route(reading().to(get_icon)));
}

/// Opens what the path names; also where no operation has this path, for what a messenger cut badly may
/// stand anywhere in it.
pub async fn open_link(request: HttpRequest, opener: Data<Opener>) -> HttpResponse {
    match address::read(request.uri().path()) {
        Named::Token(token) => by_token(&request, &opener, token).await,
        Named::Code { slug, code } => by_code(&request, &opener, (slug, code)).await,
        Named::Nothing => unknown(&request, &opener),
    }
}

/// What this host is for.
async fn open_house(request: HttpRequest) -> HttpResponse {
    notice(StatusCode::OK, page::installation(languages(&request)))
}

async fn get_robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CACHE_CONTROL, LONG_LIFE))
        .body(ROBOTS_TXT)
}

/// There is none, and browsers need not ask again.
async fn get_icon() -> HttpResponse {
    HttpResponse::NoContent().insert_header((CACHE_CONTROL, LONG_LIFE)).finish()
}

async fn by_token(request: &HttpRequest, opener: &Opener, token: Token) -> HttpResponse {
    let load = || {
        let named = String::from_utf8_lossy(&token).into_owned();
        opener.load(shop_of_token, link::of_token, (named.clone(), named))
    };
    let found = opener.by_token.get(&token, load).await;
    answer(request, opener, found)
}

async fn by_code(request: &HttpRequest, opener: &Opener, named: (String, String)) -> HttpResponse {
    let load = || opener.load(shop_of_slug, link::of_code, named.clone());
    let found = opener.by_code.get(&named, load).await;
    answer(request, opener, found)
}

fn answer(request: &HttpRequest, opener: &Opener, found: Result<Option<Arc<Ready>>, Failure>) -> HttpResponse {
    match found {
        Ok(Some(link)) => open(request, opener, &link),
        Ok(None) => unknown(request, opener),
        Err(error) => {
            tracing::debug!(%error, "a link cannot be looked up");
            unavailable(request)
        }
    }
}

fn open(request: &HttpRequest, opener: &Opener, link: &Ready) -> HttpResponse {
    let seen = seen(request);
    let visitor = tell(&seen);
    let at = opener.clock.now().plus_ms(link.ahead_ms);
    let who = match visitor {
        Visitor::Person => {
            opener.counters.persons.increment(1);
            let user_agent = seen.user_agent.unwrap_or_default();
            let key = opener.installation.vault.visits();
            let trace = recorder::trace(key, link.share, opener.server.origin(request), user_agent);
            let is_public = referrer::is_public(seen.referer);
            Some(Who::Person { device: device(user_agent).as_str(), trace, is_public })
        }
        Visitor::Preview(preview) => {
            opener.counters.previews.increment(1);
            preview.counts.then_some(Who::Preview(preview.robot.channel.filter(|_| link.unnamed)))
        }
        Visitor::Scanner => {
            opener.counters.scanners.increment(1);
            None
        }
    };
    if let Some(who) = who {
        let counted = link.counted.clone();
        let opening = Opening { shop: link.shop, share: link.share, at, who, counted, sent: link.sent };
        if !opener.recorder.note(opening) {
            opener.counters.dropped.increment(1);
        }
    }
    if matches!(visitor, Visitor::Preview(_)) {
        return preview(link);
    }
    match &link.way {
        Way::Landing(landing) => {
            let mut random = [0u8; 5];
            rand::rng().fill_bytes(&mut random);
            let visit = VisitMark::mint(opener.installation.vault.visits(), &link.token, at.ms(), random);
            send_on(landing.address(&visit))
        }
        Way::Home(home) => send_on(home.clone()),
        Way::Notice(words) => notice(StatusCode::OK, page::resting(&languages(request), words)),
        Way::Over(words) => notice(StatusCode::OK, page::over(languages(request), words)),
    }
}

/// Never 301, which browsers remember; no cookie; the shop learns the link's host, not its token.
fn send_on(address: String) -> HttpResponse {
    let Ok(location) = HeaderValue::from_maybe_shared(Bytes::from(address)) else {
        return HttpResponse::InternalServerError().finish();
    };
    HttpResponse::Found()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, NOT_STORED))
        .insert_header((REFERRER_POLICY, REFERRER))
        .insert_header((ROBOTS, NOT_INDEXED))
        .finish()
}

fn preview(link: &Ready) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(HTML)
        .insert_header((CACHE_CONTROL, PREVIEW_LIFE))
        .insert_header((VARY, BY_USER_AGENT))
        .insert_header((ROBOTS, NOT_INDEXED))
        .body(link.preview.clone())
}

fn unknown(request: &HttpRequest, opener: &Opener) -> HttpResponse {
    opener.counters.unknown.increment(1);
    notice(StatusCode::NOT_FOUND, page::unknown(languages(request)))
}

/// It cannot be looked up at present.
pub(super) fn unavailable(request: &HttpRequest) -> HttpResponse {
    let mut answer = notice(StatusCode::SERVICE_UNAVAILABLE, page::unavailable(languages(request)));
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(COME_AGAIN));
    answer
}

/// A page that says one thing.
pub(super) fn notice(status: StatusCode, page: Bytes) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(HTML)
        .insert_header((CACHE_CONTROL, NOT_STORED))
        .insert_header((REFERRER_POLICY, REFERRER))
        .insert_header((ROBOTS, NOT_INDEXED))
        .body(page)
}

fn seen(request: &HttpRequest) -> Request<'_> {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    Request {
        method: if request.method() == actix_web::http::Method::HEAD { Method::Head } else { Method::Get },
        user_agent: header(USER_AGENT),
        sec_purpose: header(HeaderName::from_static("sec-purpose")),
        purpose: header(HeaderName::from_static("purpose")),
        x_moz: header(HeaderName::from_static("x-moz")),
        referer: header(REFERER),
        sec_fetch_mode: header(HeaderName::from_static("sec-fetch-mode")),
        sec_fetch_dest: header(HeaderName::from_static("sec-fetch-dest")),
    }
}
