//! A bad road to the server: the first answer to each write gets lost after the server has done what was asked, the
//! second try is sent away with 503, the third arrives. Who repeats under another key does it twice.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How often each write was tried.
type Tries = Arc<Mutex<BTreeMap<String, u32>>>;

/// A road to a server; it ends with the process.
pub struct Road {
    /// Where it begins.
    pub url: String,
    tries: Tries,
}

impl Road {
    pub fn to(url: &str) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let tries = Tries::default();
        let own = tries.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, tries) = (server.clone(), own.clone());
                std::thread::spawn(move || carry(&client, &server, &tries));
            }
        });
        Self { url, tries }
    }

    /// How often writes with this in them were tried, each.
    pub fn tries(&self, part: &str) -> Vec<u32> {
        let tries = self.tries.lock().expect("no panic");
        tries.iter().filter(|(name, _)| name.contains(part)).map(|(_, tried)| *tried).collect()
    }
}

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Type: application/problem+json\r\n\
    Content-Length: 34\r\nConnection: close\r\n\r\n{\"code\":\"busy\",\"detail\":\"not now\"}";

fn carry(mut client: &TcpStream, server: &str, tries: &Tries) {
    // Who only knocks asks for nothing.
    let Some((request, name)) = read_request(client) else { return };
    let tried = if name.starts_with("GET ") {
        3
    } else {
        let mut tries = tries.lock().expect("no panic");
        let tried = tries.entry(name).or_default();
        *tried += 1;
        *tried
    };
    if tried == 2 {
        client.write_all(BUSY.as_bytes()).expect("the client listens");
        return;
    }
    let mut answer = Vec::new();
    let mut upstream = TcpStream::connect(server).expect("the server listens");
    upstream.write_all(&request).and_then(|()| upstream.read_to_end(&mut answer)).expect("the server answers");
    if tried > 2 {
        client.write_all(&answer).expect("the client listens");
    }
}

/// A request, which asks for one answer alone, and what tells it apart from others.
fn read_request(client: &TcpStream) -> Option<(Vec<u8>, String)> {
    let mut reader = BufReader::new(client);
    let (mut head, mut name, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let lower = line.to_ascii_lowercase();
        if head.is_empty() || lower.starts_with("idempotency-key:") {
            name += line.trim();
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        assert!(!lower.starts_with("transfer-encoding:"), "bodies of the clients have a length");
        if line == "\r\n" {
            break;
        }
        if !lower.starts_with("connection:") {
            head += &line;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    name += &String::from_utf8_lossy(&body);
    Some(([format!("{head}Connection: close\r\n\r\n").as_bytes(), &body].concat(), name))
}
