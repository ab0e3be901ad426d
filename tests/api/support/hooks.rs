//! A receiver of webhooks on this machine, which keeps what it is given and answers as it is told.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Longest wait for something to arrive.
const LIMIT: Duration = Duration::from_secs(60);

/// What arrived.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Where.
    pub path: String,
    /// Its headers, in small letters.
    pub headers: HashMap<String, String>,
    /// Its body, as it came.
    pub body: String,
}

impl Hook {
    /// A header.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// The body.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Whether a secret has signed it.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
        let signed = format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(tag));
        self.header("webhook-signature").split(' ').any(|one| one == signature)
    }

    /// Whether the key whose public half this is has signed it.
    pub fn is_signed_by_key(&self, public_key: &str) -> bool {
        let key = STANDARD.decode(public_key.trim_start_matches("whpk_")).expect("base64");
        let signed = format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        let holds = |signature: &str| {
            let signature = STANDARD.decode(signature).expect("base64");
            UnparsedPublicKey::new(&ED25519, &key).verify(signed.as_bytes(), &signature).is_ok()
        };
        self.header("webhook-signature").split(' ').filter_map(|one| one.strip_prefix("v1a,")).any(holds)
    }

    /// How many have signed it.
    pub fn signatures(&self) -> usize {
        self.header("webhook-signature").split(' ').count()
    }
}

/// How it answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// With this status, and its own name as a text.
    Status(u16),
    /// With 200, a header and this text.
    Says(&'static str, &'static str),
    /// With this status, and how long it wants to be left alone.
    Spare(u16, u64),
    /// With this status and ten megabytes.
    Flood(u16),
    /// Not at all: the connection stays open.
    Silent,
}

#[derive(Default)]
struct Kept {
    hooks: Vec<Hook>,
    manners: HashMap<String, VecDeque<Manner>>,
    usual: HashMap<String, Manner>,
}

/// A receiver.
pub struct Hooks {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    count: watch::Receiver<usize>,
}

impl Hooks {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let (counter, count) = watch::channel(0);
        let (shared, counter) = (kept.clone(), Arc::new(counter));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone(), counter.clone()));
            }
        });
        Self { address, kept, count }
    }

    /// Where it listens; the path is by which what arrives is told apart.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Says how the next ones at a path are answered.
    pub fn answer(&self, path: &str, manners: &[Manner]) {
        self.kept().manners.entry(path.to_owned()).or_default().extend(manners.iter().cloned());
    }

    /// Says how all others at a path are.
    pub fn usually(&self, path: &str, manner: Manner) {
        self.kept().usual.insert(path.to_owned(), manner);
    }

    /// What arrived at a path.
    pub fn at(&self, path: &str) -> Vec<Hook> {
        self.kept().hooks.iter().filter(|hook| hook.path == path).cloned().collect()
    }

    /// Waits until so many have arrived at a path.
    pub async fn wait_for(&self, path: &str, number: usize) -> Vec<Hook> {
        let mut count = self.count.clone();
        let arrived = count.wait_for(|_| self.at(path).len() >= number);
        let arrived = tokio::time::timeout(LIMIT, arrived).await;
        assert!(arrived.is_ok_and(|arrived| arrived.is_ok()), "no {number} at {path}: {:?}", self.at(path));
        self.at(path)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Kept>>, count: Arc<watch::Sender<usize>>) {
    let mut bytes = Vec::new();
    while let Some(hook) = next(&mut stream, &mut bytes).await {
        let manner = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let next = kept.manners.get_mut(&hook.path).and_then(VecDeque::pop_front);
            let manner = next.or_else(|| kept.usual.get(&hook.path).cloned()).unwrap_or(Manner::Status(200));
            kept.hooks.push(hook);
            manner
        };
        count.send_modify(|count| *count += 1);
        let (status, more, body) = match manner {
            Manner::Status(status) => (status, "location: /elsewhere\r\n".to_owned(), format!("answered {status}")),
            Manner::Spare(status, seconds) => (status, format!("retry-after: {seconds}\r\n"), String::new()),
            Manner::Flood(status) => (status, String::new(), "x".repeat(10_000_000)),
            Manner::Says(header, body) => (200, format!("{header}\r\n"), body.to_owned()),
            Manner::Silent => return std::future::pending().await,
        };
        let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n{more}\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request of a connection.
async fn next(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Hook> {
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.lines();
            let path = lines.next()?.split(' ').nth(1)?.to_owned();
            let headers: HashMap<String, String> = lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect();
            let length: usize = headers.get("content-length")?.parse().ok()?;
            if bytes.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&bytes[end + 4..end + 4 + length]).into_owned();
                bytes.drain(..end + 4 + length);
                return Some(Hook { path, headers, body });
            }
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}
