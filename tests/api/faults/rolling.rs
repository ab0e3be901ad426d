//! A rolling restart: servers behind one address are replaced one after the other, under load. Everybody is answered.
//! Where the kernel lets us turn nobody away who knocks, it cuts off those whom it has let in and we have not, as
//! `grapevine` says as it stops: at most each who comes anew, once for each server that ends.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grapevine::connections::machine::turn_away;
use tokio::net::TcpListener;

use crate::support::database::{Backend, fresh_database};
use crate::support::process::{Process, Signal};
use crate::support::server::block_on;
use crate::support::*;

/// Clients that keep their connections, and as many that make a new one for each request.
const CLIENTS: usize = 8;
/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn sqlite() {
    replace(Backend::Sqlite, 1);
}

#[test]
fn postgres() {
    replace(Backend::Postgres, 2);
}

/// Replacements of each server.
fn rounds() -> usize {
    if is_soak() { 22 } else { 3 }
}

fn replace(backend: Backend, many: usize) {
    let database = fresh_database(backend);
    let mut servers: Vec<Process> = (0..many).map(|_| Process::start(&database, &[])).collect();
    let balancer = block_on(Balancer::start(servers.iter().map(address_of).collect()));
    let shop = block_on(TestShop::through(&database, &servers));
    let secret = shop.authorization().expect("a key").to_owned();
    let tally = Tally::default();
    std::thread::scope(|scope| {
        for number in 0..CLIENTS * 2 {
            let (tally, secret, address) = (&tally, &secret, balancer.address);
            scope.spawn(move || client(address, secret, number, number % 2 == 0, tally));
        }
        for _ in 0..rounds() * many {
            tally.wait_for_more(100);
            // The server learns of its end before the balancer does.
            let old = servers.remove(0);
            old.signal(Signal::TERM);
            old.wait();
            servers.push(Process::start(&database, &[]));
            balancer.lead_to(servers.iter().map(address_of).collect());
        }
        tally.wait_for_more(100);
        tally.done.store(true, Ordering::Relaxed);
    });
    let (failures, cut_off) = (tally.failures.into_inner().expect("no panic"), tally.cut_off.into_inner());
    let may_be_cut_off = if turns_away() { 0 } else { CLIENTS * 2 * rounds() * many };
    assert!(cut_off <= may_be_cut_off, "{cut_off} were cut off");
    assert!(
        failures.is_empty(),
        "{} of {}: {:?}",
        failures.len(),
        tally.answered.into_inner(),
        &failures[..failures.len().min(9)]
    );
    let shop = shop.moved_to(&servers);
    block_on(shop.books_balance());
}

/// Whether the kernel lets us turn away who knocks.
fn turns_away() -> bool {
    turn_away(&std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free")).is_ok()
}

fn address_of(server: &Process) -> SocketAddr {
    server.base().trim_start_matches("http://").parse().expect("an address")
}

/// What became of requests.
#[derive(Default)]
struct Tally {
    answered: AtomicU64,
    failures: Mutex<Vec<String>>,
    /// Connections that ended before anything came of the first request.
    cut_off: AtomicUsize,
    done: AtomicBool,
}

impl Tally {
    /// Waits until so many more were answered.
    fn wait_for_more(&self, more: u64) {
        let (begun, before) = (Instant::now(), self.answered.load(Ordering::Relaxed));
        while self.answered.load(Ordering::Relaxed) < before + more {
            assert!(begun.elapsed() < LIMIT, "nobody is answered");
            std::thread::yield_now();
        }
    }
}

/// Writes and reads, one after the other. What is refused at the door is asked again; of what was let in, each
/// is answered.
fn client(address: SocketAddr, secret: &str, number: usize, keeps: bool, tally: &Tally) {
    let mut kept: Option<TcpStream> = None;
    for turn in 0.. {
        if tally.done.load(Ordering::Relaxed) {
            return;
        }
        let is_new = kept.is_none();
        let Ok(mut stream) = kept.take().map_or_else(|| connect(address), Ok) else { continue };
        match ask(&mut stream, secret, number, turn) {
            Ok(answer) => {
                let status = answer.split(' ').nth(1).unwrap_or_default();
                let is_told = status == "503" && answer.to_ascii_lowercase().contains("\r\nretry-after:");
                if !(matches!(status, "200" | "201") || is_told) {
                    tally.fail(format!("{keeps}: {answer}"));
                }
                tally.answered.fetch_add(1, Ordering::Relaxed);
                let is_over = answer.to_ascii_lowercase().contains("\r\nconnection: close");
                kept = Some(stream).filter(|_| keeps && !is_over);
            }
            Err(Refused::AtTheDoor) => {}
            Err(Refused::Unheard) if is_new => drop(tally.cut_off.fetch_add(1, Ordering::Relaxed)),
            Err(Refused::Unheard) => tally.fail(format!("kept {keeps}, turn {turn}: it ended unanswered")),
            Err(Refused::Inside(error)) => tally.fail(format!("kept {keeps}, turn {turn}: {error}")),
        }
    }
}

impl Tally {
    fn fail(&self, what: String) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

enum Refused {
    /// The balancer found no server that takes connections, and said so.
    AtTheDoor,
    /// The connection ended, and nothing came of the request.
    Unheard,
    Inside(String),
}

fn ask(stream: &mut TcpStream, secret: &str, number: usize, turn: usize) -> Result<String, Refused> {
    let request = match turn % 2 {
        0 => {
            let body = format!(r#"{{"email":"c{number}-{turn}@mail.example"}}"#);
            let length = body.len();
            format!(
                "PUT /v1/customers/c{number}-{turn} HTTP/1.1\r\nHost: x\r\nAuthorization: {secret}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            )
        }
        _ => format!("GET /v1/shop HTTP/1.1\r\nHost: x\r\nAuthorization: {secret}\r\n\r\n"),
    };
    let inside = |error: io::Error| Refused::Inside(error.to_string());
    stream.write_all(request.as_bytes()).map_err(inside)?;
    let mut answer = Vec::new();
    loop {
        let mut part = [0; 8192];
        match stream.read(&mut part).map_err(inside)? {
            0 if answer.is_empty() => return Err(Refused::Unheard),
            0 => return Err(Refused::Inside(format!("it ended after {:?}", String::from_utf8_lossy(&answer)))),
            read => answer.extend_from_slice(&part[..read]),
        }
        let text = String::from_utf8_lossy(&answer);
        if text.starts_with(NOBODY) {
            return Err(Refused::AtTheDoor);
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_ascii_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next().and_then(|number| number.parse::<usize>().ok()));
        if length.is_some_and(|length| body.len() >= length) {
            return Ok(text.into_owned());
        }
    }
}

/// What the balancer says when no server took the connection.
const NOBODY: &str = "nobody";

/// Hands each connection to one of the servers, in turn; to the next where one refuses it.
struct Balancer {
    address: SocketAddr,
    servers: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    async fn start(servers: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let servers = Arc::new(Mutex::new(servers));
        let shared = servers.clone();
        tokio::spawn(async move {
            for turn in 0.. {
                let Ok((client, _)) = listener.accept().await else { continue };
                let mut order = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let first = turn % order.len();
                order.rotate_left(first);
                tokio::spawn(carry(client, order));
            }
        });
        Self { address, servers }
    }

    fn lead_to(&self, servers: Vec<SocketAddr>) {
        *self.servers.lock().unwrap_or_else(PoisonError::into_inner) = servers;
    }
}

async fn carry(mut client: tokio::net::TcpStream, servers: Vec<SocketAddr>) {
    for server in servers {
        if let Ok(mut inside) = tokio::net::TcpStream::connect(server).await {
            // A connection that ends, however it does, ends for both.
            let _ended = tokio::io::copy_bidirectional(&mut client, &mut inside).await;
            return;
        }
    }
    let _gone = tokio::io::AsyncWriteExt::write_all(&mut client, NOBODY.as_bytes()).await;
}
