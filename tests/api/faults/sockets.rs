//! What no HTTP client would send: heads that contradict themselves, heads and bodies that come too
//! slowly, connections that break off.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::contract::{self, Exchange};
use crate::support::database::{Backend, fresh_database};
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;

on_both!(heads_that_contradict_themselves, heads_that_are_none, a_body_that_breaks_off);

/// A server that neither answers nor closes for so long waits for ever; it waits 5 s for a head.
const PATIENCE: Duration = Duration::from_secs(60);

const ORDER: &str = r#"{"order_id":"A-1","amount":100,"currency":"EUR"}"#;

async fn heads_that_contradict_themselves(shop: TestShop) {
    let length = ORDER.len();
    let heads = [
        format!("Content-Length: {length}\r\nContent-Length: 3\r\n"),
        format!("Content-Length: 3\r\nContent-Length: {length}\r\n"),
        format!("Content-Length: {length}, 3\r\n"),
        "Content-Length: -1\r\n".to_owned(),
        format!("Content-Length: +{length}\r\n"),
        "Content-Length: 99999999999999999999999\r\n".to_owned(),
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"),
        "Transfer-Encoding: chunked, identity\r\n".to_owned(),
        "Transfer-Encoding: gzip\r\n".to_owned(),
        format!("Content-Length: {length}\r\nNo colon here\r\n"),
        format!("Content-Length: {length}\r\nX-Nul: a\0b\r\n"),
        format!("Content-Length: {length}\r\nX-Long: {}\r\n", "x".repeat(200_000)),
    ];
    for head in heads {
        let answer = exchange(shop.base(), &request(&shop, &head, ORDER)).await;
        let status = if head.len() > 100_000 { 431 } else { 400 };
        if let Err(wrong) = as_the_contract_says(&answer, status) {
            panic!("{head:.80} was answered {answer:.400}: {wrong}");
        }
    }
    assert!(shop.list("/v1/conversions").await.is_empty());
    let whole = request(&shop, &format!("Content-Length: {length}\r\n"), ORDER);
    assert!(exchange(shop.base(), &whole).await.starts_with("HTTP/1.1 201"));
}

/// The server answers these by itself, before anything of the request is known; also as the second of a connection.
async fn heads_that_are_none(shop: TestShop) {
    let many: String = (0..97).map(|number| format!("X-{number}: x\r\n")).collect();
    let heads = [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/3.0\r\n\r\n".to_owned(), 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".to_owned(), 400),
        ("GET /livez HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(), 400),
        ("GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n".to_owned(), 400),
        (format!("GET /livez HTTP/1.1\r\nHost: x\r\n{many}\r\n"), 431),
        (format!("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(33_000)), 431),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(33_000)), 431),
        (format!("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: {}", "x".repeat(2_000_000)), 431),
    ];
    let good = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    for (head, status) in heads {
        let alone = exchange(shop.base(), &head).await;
        let together = exchange(shop.base(), &format!("{good}{head}")).await;
        let behind = together.find("HTTP/1.1 4").map_or("", |at| &together[at..]);
        assert!(together.starts_with("HTTP/1.1 200"), "{head:.80}: {together:.200}");
        for answer in [alone.as_str(), behind] {
            if let Err(wrong) = as_the_contract_says(answer, status) {
                panic!("{head:.80} was answered {answer:.400}: {wrong}");
            }
        }
    }
}

/// Whether an answer is one of the status that the contract allows to every operation.
fn as_the_contract_says(answer: &str, status: u16) -> Result<(), String> {
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("there is no answer")?;
    let mut lines = head.lines();
    if !lines.next().is_some_and(|line| line.starts_with(&format!("HTTP/1.1 {status} "))) {
        return Err(format!("it is no {status}"));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
        headers.insert(name, HeaderValue::try_from(value).map_err(|error| error.to_string())?);
    }
    let (path, request_body) = ("/v1/shop", &[][..]);
    contract::check(&Exchange { method: "GET", path, request_body, status, headers: &headers, body: body.as_bytes() })
}

async fn a_body_that_breaks_off(shop: TestShop) {
    let whole = request(&shop, &format!("Content-Length: {}\r\n", ORDER.len()), ORDER);
    let mut stream = connect(shop.base()).await;
    stream.write_all(&whole.as_bytes()[..whole.len() - 5]).await.expect("it is sent");
    drop(stream);
    let chunked = request(&shop, "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n");
    let answer = exchange(shop.base(), &chunked).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:.200}");
    assert!(shop.list("/v1/conversions").await.is_empty());
}

#[test]
fn heads_and_bodies_that_come_too_slowly() {
    let database = fresh_database(Backend::Sqlite);
    let servers = [Process::start(&database, &[("GRAPEVINE_BODY_MS", "300")])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let whole = request(&shop, &format!("Content-Length: {}\r\n", ORDER.len()), ORDER);
        let mut half_a_head = connect(shop.base()).await;
        half_a_head.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n").await.expect("it is sent");
        let mut half_a_body = connect(shop.base()).await;
        half_a_body.write_all(&whole.as_bytes()[..whole.len() - 5]).await.expect("it is sent");
        let body = rest(&mut half_a_body).await;
        assert!(body.starts_with("HTTP/1.1 408") && body.contains("request_timeout"), "{body}");
        let head = rest(&mut half_a_head).await;
        as_the_contract_says(&head, 408).unwrap_or_else(|wrong| panic!("{head}: {wrong}"));
        assert!(shop.list("/v1/conversions").await.is_empty());
    });
}

fn request(shop: &TestShop, head: &str, body: &str) -> String {
    let authorization = shop.authorization().expect("a key");
    format!(
        "POST /v1/conversions HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nIdempotency-Key: {}\r\n\
         Content-Type: application/json\r\nConnection: close\r\n{head}\r\n{body}",
        fresh("key")
    )
}

async fn connect(base: &str) -> TcpStream {
    TcpStream::connect(base.trim_start_matches("http://")).await.expect("the server listens")
}

async fn exchange(base: &str, request: &str) -> String {
    let mut stream = connect(base).await;
    // A server that refuses a head need not read what follows.
    let _refused = stream.write_all(request.as_bytes()).await;
    rest(&mut stream).await
}

/// What comes until the server closes; a connection that is reset has said what it had to say.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the server neither answers nor closes: {}", String::from_utf8_lossy(&bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}
