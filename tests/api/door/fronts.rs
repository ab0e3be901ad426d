//! The proxies' configurations of `deploy/`, before a server: what they show, what they hide, and whose address arrives.

use std::net::IpAddr;

use reqwest::header::{LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};

use crate::support::database::fresh_database;
use crate::support::front::{Front, Make};
use crate::support::server::own;
use crate::support::*;

mod proxies_show_what_they_should_and_tell_who_comes {
    use crate::support::Backend;
    use crate::support::server::block_on;

    #[test]
    fn sqlite() {
        block_on(super::show_and_tell(Backend::Sqlite));
    }
}

const SETTINGS: [(&str, &str); 2] = [("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.1"), ("GRAPEVINE_SIGN_IN_LIMIT", "2/3600")];
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// What a customer opens: `#` is a share's token.
const PUBLIC: [&str; 11] = [
    "/s/#",
    "/s/nothing",
    "/c/shop/code",
    "/u/x",
    "/y/x",
    "/v/x",
    "/p/x",
    "/g/x",
    "/v1/me",
    "/v1/me/shares",
    "/docs/errors/unauthenticated",
];
/// What the backend asks for.
const PRIVATE: [&str; 8] =
    ["/", "/v1/shop", "/v1/messages", "/v1/merge", "/v1/customers", "/readyz", "/openapi.yaml", "/docs"];

async fn show_and_tell(backend: Backend) {
    let server = own(&fresh_database(backend), &SETTINGS).await;
    let shop = TestShop::in_server(&server).await;
    let program =
        json!({"name": "Weitersagen", "status": "active", "landing_url": "https://shop.example/", "rewards": []});
    let program = shop.post("/v1/programs", program).await.created();
    let fronts = [
        (Make::Nginx, "nginx/grapevine.conf", true),
        (Make::Nginx, "nginx/grapevine-public.conf", false),
        (Make::Caddy, "caddy/Caddyfile", true),
        (Make::Caddy, "caddy/Caddyfile.public", false),
    ];
    for (number, (make, file, shows_all)) in (1_u8..).zip(fronts) {
        let front = Front::start(make, file, server.address);
        // Each comes from addresses of its own, of which this machine has many.
        let [one, other] = [1, 2].map(|last| Visitor::at(front.base(), [127, 0, number, last].into()));
        let share = json!({"program": program["id"], "channel": "sms", "placement": format!("front-{number}")});
        let share = shop.post("/v1/shares", share).await.created();
        for path in PUBLIC {
            let answer = one.get(&path.replace('#', &text(&share["token"]))).await;
            assert!(answer.headers().contains_key("x-request-id"), "{file} hides {path}: {answer:?}");
        }
        for path in PRIVATE {
            let answer = one.get(path).await;
            let is_shown = answer.headers().contains_key("x-request-id");
            assert!(is_shown == shows_all && (shows_all || answer.status() == 404), "{file} {path}: {answer:?}");
        }
        // What a browser is refused leads to a page that it can open.
        let refused: Value = one.get("/v1/me").await.json().await.expect("a problem");
        let page = url::Url::parse(&text(&refused["type"])).expect("an address").path().to_owned();
        let page = one.get(&page).await;
        let told = (page.status().as_u16(), page.text().await.expect("a page"));
        assert!(told.0 == 200 && told.1.contains("Authentication is required"), "{file}: {told:?}");
        let metrics = one.get("/metrics").await;
        assert!(metrics.status() == 404 && !metrics.headers().contains_key("x-request-id"), "{file}: {metrics:?}");
        let link = format!("/s/{}", text(&share["token"]));
        let opened = one.get(&link).await;
        assert!(opened.status() == 302 && opened.headers().contains_key(LOCATION), "{file}: {opened:?}");
        if shows_all {
            let said = [one.guess().await, one.guess().await, one.guess().await, other.guess().await];
            assert_eq!(said, [401, 401, 429, 401], "{file}: whose address counts");
        }
        other.get(&link).await;
        server.app.links.settle().await;
        let counts = shop.get(&path("/v1/shares", &share["id"])).await.ok()["counts"].clone();
        assert_eq!((&counts["visits"], &counts["unique_visits"]), (&json!(3), &json!(2)), "{file}: two people came");
    }
    server.stop().await;
}

/// Somebody at an address, who says each time to be somebody else.
struct Visitor {
    client: Client,
    base: String,
}

impl Visitor {
    fn at(base: String, address: IpAddr) -> Self {
        let client = Client::builder().local_address(address).redirect(Policy::none()).no_proxy().build();
        Self { client: client.expect("a client can be made"), base }
    }

    async fn get(&self, path: &str) -> Response {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Tries a secret that is no key's.
    async fn guess(&self) -> u16 {
        let login = json!({"grant_type": "client_credentials", "client_secret": "gvk_test_nothing"});
        let asked = self.client.post(format!("{}/v1/token", self.base)).header("content-type", "application/json");
        self.send(asked.body(login.to_string())).await.status().as_u16()
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let other = format!("203.0.113.{}", rand::random::<u8>());
        let request = request.header(USER_AGENT, BROWSER).header("x-forwarded-for", &other);
        request.header("forwarded", format!("for={other}")).send().await.expect("the proxy answers")
    }
}
