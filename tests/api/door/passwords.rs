//! Passwords cost time by design: what comes when too many are being checked is told so, and who has left costs none.

use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all};
use grapevine::server::Server;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::database::fresh_database;
use crate::support::server::own;
use crate::support::*;

on_both!(where_too_many_passwords_wait_others_come_again, who_has_left_waits_no_more);

/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);
const PASSWORD: &str = "correct horse battery";

/// A shop with an operator, in a server of its own.
async fn with_mia(shop: &TestShop) -> (Server, Actor, Value) {
    let server = own(&fresh_database(shop.backend), &[]).await;
    let shop = TestShop::in_server(&server).await;
    let mia = json!({"email": "mia@shop.example", "role": "manager", "password": PASSWORD});
    let mia = shop.post("/v1/operators", mia).await.created();
    (server, shop, mia)
}

async fn login(shop: &Actor) -> Value {
    let shop = shop.get("/v1/shop").await.ok();
    json!({"email": "mia@shop.example", "password": PASSWORD, "shop": shop["id"]})
}

/// Whether there is no room for one more.
fn is_full(server: &Server) -> bool {
    matches!(server.app.hashing.run(|| ()).now_or_never(), Some(Err(_)))
}

/// Passwords that are checked until their sender is gone.
fn held(server: &Server, most: usize) -> (Vec<Sender<()>>, Vec<BoxFuture<'static, bool>>) {
    let mut all = (Vec::new(), Vec::new());
    while all.0.len() < most {
        let (end, ended) = mpsc::channel::<()>();
        let app = server.app.clone();
        let check = async move { app.hashing.run(move || ended.recv().is_ok()).await.is_ok() };
        let mut check = check.boxed();
        if (&mut check).now_or_never().is_some() {
            break;
        }
        all.0.push(end);
        all.1.push(check);
    }
    all
}

async fn where_too_many_passwords_wait_others_come_again(shop: TestShop) {
    let (server, shop, mia) = with_mia(&shop).await;
    let (stranger, login) = (Actor::anonymous(shop.base()), login(&shop).await);
    let key = shop.post("/v1/keys", json!({"name": "till", "scopes": ["shop:read"]})).await.created();
    let exchange = json!({"client_id": key["id"], "client_secret": key["secret"]});
    let place = path("/v1/operators", &mia["id"]);
    let (ends, checks) = held(&server, usize::MAX);
    assert!((3..100).contains(&ends.len()), "{} are many", ends.len());
    let stranger_login = json!({"email": "nobody@shop.example", "password": "x", "shop": login["shop"]});
    let asks = [
        stranger.post("/v1/operators/token", login.clone()),
        stranger.post("/v1/operators/token", stranger_login),
        shop.post("/v1/operators", json!({"email": "ann@shop.example", "role": "viewer", "password": PASSWORD})),
        shop.post("/v1/operators", json!({"email": "bob@shop.example", "role": "viewer"})),
        shop.patch(&place, json!({"password": "another one, and longer"})),
    ];
    for ask in asks {
        let answer = ask.await;
        assert_eq!(answer.header("retry-after"), Some("1"), "{answer:?}");
        answer.refused(503, "busy");
    }
    stranger.post("/v1/token", exchange).await.ok();
    shop.patch(&place, json!({"name": "Mia"})).await.ok();
    assert_eq!(elements(&shop.get("/v1/operators").await.ok()["data"]).len(), 1, "nobody was added");
    drop(ends);
    join_all(checks).await;
    stranger.post("/v1/operators/token", login).await.ok();
    server.stop().await;
}

async fn who_has_left_waits_no_more(shop: TestShop) {
    let (server, shop, _) = with_mia(&shop).await;
    let login = login(&shop).await;
    let (ends, checks) = held(&server, 2);
    let body = login.to_string();
    let head = "POST /v1/operators/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let until = Instant::now() + LIMIT;
    let mut left = Vec::new();
    while !is_full(&server) {
        assert!(Instant::now() < until, "{} who wait do not fill it", left.len());
        let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        left.push(stream);
    }
    drop(left);
    while is_full(&server) {
        assert!(Instant::now() < until, "who has left waits still");
        tokio::task::yield_now().await;
    }
    drop(ends);
    join_all(checks).await;
    // Some who have left may still be on their way in, and out again.
    let stranger = Actor::anonymous(shop.base());
    let mut answer = stranger.post("/v1/operators/token", login.clone()).await;
    while answer.status() == 503 {
        assert!(Instant::now() < until, "{answer:?}");
        answer = stranger.post("/v1/operators/token", login.clone()).await;
    }
    answer.ok();
    server.stop().await;
}
