//! Clients that send a byte now and then, that never read, that come in crowds: each is closed in its time,
//! on every request of a connection, and nobody else notices.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actix_web::web::BufMut as _;
use futures_util::future::join_all;
use grapevine::connections::machine;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{interval, interval_at, timeout};

use crate::support::database::fresh_database;
use crate::support::process::Process;
use crate::support::*;

on_both!(
    every_part_of_every_request_has_its_time,
    who_is_slow_but_steady_is_served,
    an_address_has_its_share,
    a_crowd_of_slow_clients,
);

/// A server that does not close for so long never does.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often slow ones do something, in a test that must be short.
const TICK: Duration = Duration::from_millis(100);
const GET: &str = "GET /livez HTTP/1.1\r\nHost: x\r\n";
/// Requests that one sends ahead who never reads.
const AHEAD: usize = 16;
/// Those who try passwords at once: more than may wait.
const SIGN_INS: usize = 50;
/// Descriptors that the server may have opened for itself meanwhile.
const OWN: usize = 12;

/// A server that has little patience, and a shop in it.
async fn impatient(shop: &TestShop) -> ([Process; 1], TestShop) {
    let (database, times) = (fresh_database(shop.backend), ["HEAD", "BODY", "ANSWER", "IDLE"]);
    let times = times.map(|name| format!("GRAPEVINE_{name}_MS"));
    let settings: Vec<(&str, &str)> = times.iter().map(|name| (name.as_str(), "700")).collect();
    let servers = [Process::start(&database, &settings)];
    let shop = TestShop::through(&database, &servers).await;
    (servers, shop)
}

/// Each has far more time than any one part may take.
async fn who_is_slow_but_steady_is_served(shop: TestShop) {
    let (servers, shop) = impatient(&shop).await;
    let (base, known) = (servers[0].base(), shop.authorization().expect("a key"));
    let uploads = async {
        let mut stream = connect(base, [127, 0, 0, 1]).await;
        let head = format!(
            "POST /v1/imports?kind=customers HTTP/1.1\r\nHost: x\r\nAuthorization: {known}\r\nIdempotency-Key: slow\r\n\
             Content-Type: text/csv\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("it is taken");
        let mut ticks = interval(TICK);
        let lines = (0..40).map(|number| format!("C-{number}-{}\n", "x".repeat(490)));
        for line in std::iter::once("external_id\n".to_owned()).chain(lines) {
            ticks.tick().await;
            let chunk = format!("{:x}\r\n{line}\r\n", line.len());
            stream.write_all(chunk.as_bytes()).await.expect("it is taken");
        }
        stream.write_all(b"0\r\n\r\n").await.expect("it is taken");
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.expect("it is answered");
        assert!(heard.starts_with("HTTP/1.1 202"), "{heard:.400}");
    };
    let reads = async {
        let mut stream = connect(base, [127, 0, 0, 1]).await;
        let next = "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2);
        let last = "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(format!("{next}{last}").as_bytes()).await.expect("it is sent");
        let (mut heard, mut ticks) = (Vec::new(), interval(TICK / 4));
        while stream.read_buf(&mut (&mut heard).limit(8_192)).await.expect("it goes on") > 0 {
            ticks.tick().await;
        }
        // Before that the server names itself.
        let contract = include_str!("../../../openapi.yaml").split_once("\nsecurity:").expect("it has operations").1;
        assert!(heard.ends_with(contract.as_bytes()), "it ends elsewhere");
        assert!(heard.len() > 3 * contract.len(), "{} bytes came", heard.len());
    };
    closed(async { tokio::join!(uploads, reads) }).await;
}

async fn every_part_of_every_request_has_its_time(shop: TestShop) {
    let (servers, shop) = impatient(&shop).await;
    let (server, known) = (&servers[0], shop.authorization().expect("a key"));
    let import = format!(
        "POST /v1/imports?kind=orders HTTP/1.1\r\nHost: x\r\nAuthorization: {known}\r\nIdempotency-Key: slow\r\n\
         Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let order = format!(
        "POST /v1/conversions HTTP/1.1\r\nHost: x\r\nAuthorization: {known}\r\nIdempotency-Key: slow\r\n\
         Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
    );
    let cases = [
        ("", "", 0),
        ("", "\r\n", 0),
        ("GET /livez HTTP/1.1\r\nX-Slow: ", "x", 408),
        (&format!("{GET}\r\n{GET}\r\n{GET}X-Slow: "), "x", 408),
        (&format!("{GET}Transfer-Encoding: chunked\r\n\r\n"), "1\r\nx\r\n", 200),
        ("POST /v1/conversions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 401),
        ("POST /v1/conversions HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n", "x", 401),
        ("POST /v1/operators/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n", "x", 408),
        (&order, "x", 408),
        (&import, "1\r\nx\r\n", 408),
    ];
    let before = server.descriptors();
    let slow = cases.map(|(begins, goes_on, status)| async move {
        let heard = closed(slow_one(server.base(), begins, goes_on)).await;
        let said = format!("HTTP/1.1 {status}");
        assert!(status == 0 || heard.contains(&said), "{begins:.200} was answered {heard:.400}");
    });
    let never_read = closed(one_who_never_reads(server.base(), [127, 0, 0, 1]));
    tokio::join!(join_all(slow), never_read);
    assert!(server.descriptors() <= before + OWN, "{} after {before}", server.descriptors());
    assert!(shop.list("/v1/conversions").await.is_empty());
}

async fn an_address_has_its_share(shop: TestShop) {
    let settings = [("GRAPEVINE_ADDRESS_CONNECTIONS", "8"), ("GRAPEVINE_TRUSTED_PROXIES", "127.0.0.4")];
    let server = Process::start(&fresh_database(shop.backend), &settings);
    let all = [([127, 0, 0, 2], 20, 8), ([127, 0, 0, 3], 5, 5), ([127, 0, 0, 4], 20, 20)];
    for (address, count, kept) in all {
        let mut held = Vec::new();
        for _ in 0..count {
            let mut stream = connect(server.base(), address).await;
            assert!(ask(&mut stream, GET).await.is_some(), "who is new is let in");
            held.push(stream);
        }
        let mut answered = 0;
        for stream in &mut held {
            answered += usize::from(ask(stream, GET).await.is_some());
        }
        assert_eq!(answered, kept, "{address:?}");
    }
}

/// How often each sends a byte.
fn tick() -> Duration {
    if is_soak() { Duration::from_secs(1) } else { TICK }
}

/// How many come at once: heads, bodies, and those who never read.
fn crowd() -> [usize; 3] {
    if is_soak() { [1_100, 1_100, 3_000] } else { [100, 100, 400] }
}

async fn a_crowd_of_slow_clients(shop: TestShop) {
    machine::raise_descriptors();
    let settings: &[(&str, &str)] = match is_soak() {
        true => &[],
        // Fewer than come: so those who wait longest make room.
        false => &[
            ("GRAPEVINE_CONNECTIONS", "400"),
            ("GRAPEVINE_HEAD_MS", "3000"),
            ("GRAPEVINE_BODY_MS", "3000"),
            ("GRAPEVINE_ANSWER_MS", "3000"),
        ],
    };
    let databases = [(); 2].map(|()| fresh_database(shop.backend));
    let [attacked, left_alone] = [Process::start(&databases[0], settings), Process::start(&databases[1], settings)];
    let servers = [attacked];
    let known = TestShop::through(&databases[0], &servers).await.authorization().expect("a key").to_owned();
    let [attacked] = servers;
    let alone = [left_alone];
    let known_alone = TestShop::through(&databases[1], &alone).await.authorization().expect("a key").to_owned();
    let mut normal = Normal::new(attacked.base(), &known).await;
    let mut other = Normal::new(alone[0].base(), &known_alone).await;
    let is_over = Cell::new(true);
    let before = compare(&mut normal, &mut other, &is_over).await;
    let descriptors = attacked.descriptors();
    is_over.set(false);
    let attack = async {
        come_in_a_crowd(attacked.base()).await;
        is_over.set(true);
    };
    let sign_ins = join_all((0..SIGN_INS).map(|number| signs_in_again_and_again(attacked.base(), number, &is_over)));
    let ((), _, during) = tokio::join!(attack, sign_ins, compare(&mut normal, &mut other, &is_over));
    let megabytes = attacked.peak_megabytes();
    println!("p99 before {:?}, during {:?}; memory {megabytes} MB", before, during);
    assert!(during[0] < 5 * during[1].max(before[0]), "p99 during {during:?}, before {before:?}");
    assert!(megabytes < 300, "{megabytes} MB");
    assert!(attacked.descriptors() <= descriptors + OWN, "{} after {descriptors}", attacked.descriptors());
}

async fn come_in_a_crowd(base: &str) {
    let (began_at, [heads, bodies, readers]) = (tokio::time::Instant::now(), crowd());
    let head = "GET /livez HTTP/1.1\r\nX-Slow: ";
    let slow_heads = (0..heads).map(|number| kept_up(base, number, arrival(began_at, number, heads), head, "x"));
    let chunked = format!("{GET}Transfer-Encoding: chunked\r\n\r\n");
    let slow_bodies =
        (0..bodies).map(|number| kept_up(base, number, arrival(began_at, number, bodies), &chunked, "1\r\nx\r\n"));
    let never_read = (0..readers).map(|number| async move {
        arrival(began_at, number, readers).await;
        closed(one_who_never_reads(base, address(number))).await;
    });
    tokio::join!(join_all(slow_heads), join_all(slow_bodies), join_all(never_read));
}

/// One who tries passwords, until it is over.
async fn signs_in_again_and_again(base: &str, number: usize, is_over: &Cell<bool>) {
    let body = json!({"shop": "nowhere", "email": format!("{number}@shop.example"), "password": "a guess"}).to_string();
    let length = body.len();
    let request = format!(
        "POST /v1/operators/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    while !is_over.get() {
        let mut stream = connect(base, address(number)).await;
        while let Some(answer) = exchange(&mut stream, &request).await
            && !is_over.get()
        {
            assert!(["401", "503"].iter().any(|status| answer[9..].starts_with(status)), "{answer:.300}");
        }
    }
}

/// All have come before the first of them is late: so they are there at once.
async fn arrival(began_at: tokio::time::Instant, number: usize, of: usize) {
    let within: usize = if is_soak() { 3_000 } else { 1_200 };
    let millis = u64::try_from(number * within / of).expect("a small number");
    interval_at(began_at + Duration::from_millis(millis), PATIENCE).tick().await;
}

/// One who asks as usual, on one connection and now and then on a new one.
struct Normal {
    base: String,
    request: String,
    stream: TcpStream,
}

impl Normal {
    async fn new(base: &str, authorization: &str) -> Self {
        let request = format!("GET /v1/shop HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n");
        Self { base: base.to_owned(), request, stream: connect(base, [127, 0, 0, 1]).await }
    }

    /// Asks once; answers how long it took.
    async fn ask(&mut self, number: usize) -> Duration {
        let began_at = Instant::now();
        if number.is_multiple_of(10) {
            self.stream = connect(&self.base, [127, 0, 0, 1]).await;
        }
        let answer = ask(&mut self.stream, &self.request).await.expect("nobody refuses a normal client");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
        began_at.elapsed()
    }
}

/// The p99 of each of two, who ask in turn until it is over, so that whatever else the machine does slows both.
async fn compare(one: &mut Normal, other: &mut Normal, is_over: &Cell<bool>) -> [Duration; 2] {
    let mut took = [Vec::new(), Vec::new()];
    for number in (0..).take_while(|number| *number < 500 || !is_over.get()) {
        took[0].push(one.ask(number).await);
        took[1].push(other.ask(number).await);
    }
    took.map(|mut took| {
        took.sort_unstable();
        took[took.len() * 99 / 100]
    })
}

/// They come from many addresses, as attackers do.
fn address(number: usize) -> [u8; 4] {
    [127, 0, 1, u8::try_from(number % 50).expect("a small number")]
}

async fn kept_up(base: &str, number: usize, comes: impl Future<Output = ()>, begins: &str, goes_on: &str) {
    comes.await;
    let mut stream = connect(base, address(number)).await;
    // Who came in a crowd may be closed before its turn.
    if ask(&mut stream, GET).await.is_some() && stream.write_all(begins.as_bytes()).await.is_ok() {
        closed(trickle(&mut stream, goes_on)).await;
    }
}

/// One whose first request is as it should be, and whose second never ends. Answers all that it heard.
async fn slow_one(base: &str, begins: &str, goes_on: &str) -> String {
    let mut stream = connect(base, [127, 0, 0, 1]).await;
    assert!(ask(&mut stream, GET).await.is_some());
    stream.write_all(begins.as_bytes()).await.expect("it is sent");
    trickle(&mut stream, goes_on).await
}

/// Sends a byte at each tick until the server closes.
async fn trickle(stream: &mut TcpStream, goes_on: &str) -> String {
    let (mut from, mut to) = stream.split();
    let mut heard = Vec::new();
    let send = async {
        let mut ticks = interval(tick());
        for byte in goes_on.bytes().cycle() {
            ticks.tick().await;
            if to.write_all(&[byte]).await.is_err() {
                return;
            }
        }
        // There is nothing to send: only the server can end it.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = from.read_to_end(&mut heard) => {}
        () = send => {}
    }
    String::from_utf8_lossy(&heard).into_owned()
}

/// Asks for much and takes nothing of it; the answers are cut off.
async fn one_who_never_reads(base: &str, address: [u8; 4]) {
    let mut stream = connect(base, address).await;
    // Who came in a crowd may be closed before its turn.
    let _sent = stream.write_all("GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(AHEAD).as_bytes()).await;
    let mut ticks = interval(tick());
    while stream.write_all(b"\r\n").await.is_ok() {
        ticks.tick().await;
    }
    let mut heard = Vec::new();
    // It may be reset in the midst of what was on its way.
    let _reset = stream.read_to_end(&mut heard).await;
    assert!(heard.len() < AHEAD * 300_000, "{} bytes came", heard.len());
}

async fn closed<T>(client: impl Future<Output = T>) -> T {
    timeout(PATIENCE, client).await.expect("the server closes")
}

/// Sends a request without a body and reads the answer; `None`: the server has closed.
async fn ask(stream: &mut TcpStream, head: &str) -> Option<String> {
    exchange(stream, &format!("{head}\r\n")).await
}

async fn exchange(stream: &mut TcpStream, request: &str) -> Option<String> {
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut heard = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&heard);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map(str::parse);
            if body.len() == length.and_then(Result::ok).unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        if closed(stream.read_buf(&mut heard)).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

/// Connects from an address of this machine, with room for little of what comes.
async fn connect(base: &str, address: [u8; 4]) -> TcpStream {
    let server: SocketAddr = base.trim_start_matches("http://").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket can be made");
    socket.set_recv_buffer_size(8_192).expect("it can be small");
    socket.bind(SocketAddr::from((address, 0))).expect("it is an address of this machine");
    closed(socket.connect(server)).await.expect("the server listens")
}
