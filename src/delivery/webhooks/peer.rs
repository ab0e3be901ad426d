//! A receiver, and how an event is handed over to it: one request at a time on a connection of ours, to an address that
//! was looked at after its name was resolved. No redirect is followed, no proxy of the environment asked, and of an
//! answer no more is read than is kept, and a little.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::config::{Outbound, WebhookConfig};

/// What is kept of an answer, bytes.
const KEPT: usize = 1024;
/// What is read of one before we hang up, bytes.
const READ: usize = 16 * 1024;
/// How long it is tried to connect, of all the time that there is.
const CONNECTING: Duration = Duration::from_secs(5);
/// Addresses of a name that are tried.
const ADDRESSES: usize = 4;
/// The header by which a receiver says what to do, beside its status.
const CONTROL: &str = "webhook-delivery";
/// The one by which Plausible says that it has left an event aside.
const DROPPED: &str = "x-plausible-dropped";
/// Who we are.
const AGENT: &str = concat!("Grapevine/", env!("CARGO_PKG_VERSION"));

/// What came of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::delivery) struct Said {
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub text: Option<String>,
    /// Why there was none.
    pub fault: Option<String>,
    /// Whether that is because it took too long.
    pub is_late: bool,
    /// How long to wait, seconds, where the receiver says so.
    pub retry_after: Option<u64>,
    /// What else it says.
    pub control: Control,
    /// Whether it took the event and left it aside (Plausible).
    pub is_dropped: bool,
}

/// What a receiver may say beside its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::delivery) enum Control {
    /// Nothing.
    #[default]
    None,
    /// This event is not to be tried again.
    Abort,
    /// Nothing is to be sent any more.
    Disable,
}

/// What a test says of names.
#[cfg(test)]
type Told = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// How names are resolved.
#[derive(Clone)]
pub(super) enum Names {
    /// As the system does.
    System,
    /// As a test says.
    #[cfg(test)]
    Told(Told),
}

/// What all receivers have in common.
#[derive(Clone)]
pub(super) struct Peers {
    tls: TlsConnector,
    outbound: Outbound,
    timeout: Duration,
    names: Names,
}

impl Peers {
    /// Prepares what the configuration says.
    pub(super) fn new(config: &WebhookConfig) -> io::Result<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(tls)),
            outbound: config.outbound.clone(),
            timeout: Duration::from_millis(config.timeout_ms),
            names: Names::System,
        })
    }

    /// A receiver, without a connection yet.
    pub(super) fn peer(&self, url: &str) -> Peer {
        Peer { peers: self.clone(), url: self.outbound.check(url).map_err(str::to_owned), idle: Mutex::default() }
    }

    /// Connects to an address of a host that may be connected to.
    async fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::from(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::from(address)],
            Some(Host::Domain(name)) => self.resolve(name, port).await?,
            None => Vec::new(),
        };
        let is_plain = url.scheme() != "https";
        let may = |address: &IpAddr| match is_plain {
            true => self.outbound.allows(*address),
            false => self.outbound.permits(*address),
        };
        let mut fault = "its name leads to no address that may be sent to".to_owned();
        for address in addresses.into_iter().filter(may).take(ADDRESSES) {
            match TcpStream::connect(SocketAddr::new(address, port)).await {
                Ok(stream) => return stream.set_nodelay(true).map(|()| stream).map_err(|error| error.to_string()),
                Err(error) => fault = format!("it cannot be connected to: {error}"),
            }
        }
        Err(fault)
    }

    async fn resolve(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, String> {
        match &self.names {
            Names::System => {
                let found = tokio::net::lookup_host((name, port)).await;
                let found = found.map_err(|error| format!("its name cannot be resolved: {error}"))?;
                Ok(found.map(|address| address.ip()).collect())
            }
            #[cfg(test)]
            Names::Told(told) => Ok(told(name)),
        }
    }
}

/// A connection; who lets go of it hangs up.
struct Open {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A receiver, with the connections that stand idle.
pub(super) struct Peer {
    peers: Peers,
    url: Result<Url, String>,
    idle: Mutex<Vec<Open>>,
}

impl Peer {
    /// Sends a body, and says what came of it. Ends within the time that is configured.
    pub(super) async fn post(&self, headers: &[(&'static str, String)], body: &str) -> Said {
        let posted = tokio::time::timeout(self.peers.timeout, self.attempt(headers, body)).await;
        match posted {
            Ok(Ok(said)) => said,
            Ok(Err(fault)) => Said { fault: Some(fault), ..Said::default() },
            Err(_) => {
                let seconds = self.peers.timeout.as_secs_f32();
                Said { fault: Some(format!("no answer within {seconds} s")), is_late: true, ..Said::default() }
            }
        }
    }

    async fn attempt(&self, headers: &[(&'static str, String)], body: &str) -> Result<Said, String> {
        let url = self.url.as_ref().map_err(Clone::clone)?;
        let bytes = Bytes::copy_from_slice(body.as_bytes());
        // A connection that stood idle may have been closed meanwhile.
        while let Some(mut open) = self.idle() {
            if open.sender.ready().await.is_err() {
                continue;
            }
            let sent = open.sender.send_request(request(url, headers, bytes.clone())?).await;
            if let Ok(answer) = sent {
                return Ok(self.read(open, answer).await);
            }
        }
        let mut open = self.open(url).await?;
        let sent = open.sender.send_request(request(url, headers, bytes)?).await;
        let answer = sent.map_err(|error| format!("there was no answer: {error}"))?;
        Ok(self.read(open, answer).await)
    }

    fn idle(&self) -> Option<Open> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn open(&self, url: &Url) -> Result<Open, String> {
        let opening = tokio::time::timeout(CONNECTING, async {
            let stream = self.peers.connect(url).await?;
            if url.scheme() != "https" {
                return shake(TokioIo::new(stream)).await;
            }
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let name = ServerName::try_from(host).map_err(|error| error.to_string())?;
            let stream = self.peers.tls.connect(name, stream).await;
            shake(TokioIo::new(stream.map_err(|error| format!("TLS: {error}"))?)).await
        });
        opening.await.unwrap_or_else(|_| Err(format!("no connection within {} s", CONNECTING.as_secs())))
    }

    /// Reads the beginning of an answer, and keeps the connection where that was all of it.
    async fn read(&self, open: Open, answer: Response<Incoming>) -> Said {
        let (head, mut body) = answer.into_parts();
        let mut bytes = Vec::new();
        let mut is_whole = false;
        while bytes.len() < READ {
            match body.frame().await {
                Some(Ok(frame)) => bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
                Some(Err(_)) => break,
                None => {
                    is_whole = true;
                    break;
                }
            }
        }
        if is_whole {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(open);
        }
        Said {
            status: Some(head.status.as_u16()),
            text: Some(beginning(&bytes)),
            retry_after: header(&head.headers, RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()),
            control: match header(&head.headers, CONTROL).as_deref().map(str::trim) {
                Some("abort-message") => Control::Abort,
                Some("disable") => Control::Disable,
                _ => Control::None,
            },
            is_dropped: header(&head.headers, DROPPED).as_deref() == Some("1"),
            ..Said::default()
        }
    }
}

async fn shake<I>(io: I) -> Result<Open, String>
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let shaken = http1::handshake(io).await;
    let (sender, connection) = shaken.map_err(|error| error.to_string())?;
    let task = tokio::spawn(async move {
        // Who sends is told of what goes wrong.
        let _ended = connection.await;
    });
    Ok(Open { sender, task })
}

fn request(url: &Url, headers: &[(&'static str, String)], body: Bytes) -> Result<Request<Full<Bytes>>, String> {
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.body(Full::new(body)).map_err(|error| error.to_string())
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The first kilobyte as a text that a database takes.
fn beginning(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(KEPT)]).replace('\0', "\u{fffd}");
    let end = (0..=KEPT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn peers(allowed: &str, names: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Peers {
        let pairs = [("GRAPEVINE_OUTBOUND_ALLOW", allowed), ("GRAPEVINE_WEBHOOK_TIMEOUT_MS", "2000")];
        let config = crate::config::Config::from_pairs(pairs).expect("a configuration");
        Peers { names: Names::Told(Arc::new(names)), ..Peers::new(&config.webhooks).expect("peers") }
    }

    /// A listener that answers each request in its turn, and counts connections.
    async fn listener(answers: Vec<Vec<u8>>) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind((LOCAL, 0)).await.expect("a listener");
        let (port, count) = (listener.local_addr().expect("an address").port(), Arc::new(AtomicUsize::new(0)));
        let counted = count.clone();
        tokio::spawn(async move {
            let answers = Arc::new(tokio::sync::Mutex::new(answers.into_iter()));
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let answers = answers.clone();
                tokio::spawn(async move {
                    let mut bytes = vec![0; 64 * 1024];
                    while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {
                        let answer = answers.lock().await.next();
                        let Some(answer) = answer else { return };
                        if stream.write_all(&answer).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        (port, count)
    }

    #[tokio::test]
    async fn no_name_and_no_address_leads_into_the_house() {
        let (port, count) = listener(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec(); 50]).await;
        let none = peers("", |_| vec![LOCAL]);
        for host in ["rebinding.example", "127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "localhost"] {
            for scheme in ["http", "https"] {
                let said = none.peer(&format!("{scheme}://{host}:{port}/")).post(&[], "{}").await;
                assert!(said.fault.is_some() && said.status.is_none(), "{scheme} {host}: {said:?}");
            }
        }
        // The name leads elsewhere at each look.
        let looks = AtomicUsize::new(0);
        let changing = peers("", move |_| match looks.fetch_add(1, Ordering::SeqCst) {
            0 => vec!["192.0.2.1".parse().expect("an address"), LOCAL],
            _ => vec![LOCAL],
        });
        for _ in 0..3 {
            changing.peer(&format!("https://rebinding.example:{port}/")).post(&[], "{}").await;
        }
        assert_eq!(count.load(Ordering::SeqCst), 0, "somebody was connected to");
        // The same listener is reached once it is allowed: it is there.
        let allowed = peers("127.0.0.0/8", |_| vec![LOCAL]);
        assert_eq!(allowed.peer(&format!("http://127.0.0.1:{port}/")).post(&[], "{}").await.status, Some(200));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_connection_serves_again_and_one_that_was_closed_is_replaced() {
        let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec();
        let last = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec();
        let (port, count) = listener(vec![ok.clone(), ok.clone(), last, ok]).await;
        let peer = peers("127.0.0.0/8", |_| vec![LOCAL]).peer(&format!("http://localhost:{port}/hook?x=1"));
        let mut met = Vec::new();
        for _ in 0..4 {
            met.push(peer.post(&[("webhook-id", "evt_1".to_owned())], "{}").await.status);
        }
        assert_eq!(met, [Some(200), Some(200), Some(204), Some(200)]);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn of_an_answer_the_beginning_is_kept_and_no_redirect_followed() {
        let mut flood = b"HTTP/1.1 500 Oh\r\ncontent-length: 10000000\r\n\r\n".to_vec();
        flood.extend(std::iter::repeat_n(b'x', 10_000_000));
        let (other, visited) = listener(Vec::new()).await;
        let moved = format!("HTTP/1.1 308 Moved\r\nlocation: http://127.0.0.1:{other}/\r\ncontent-length: 0\r\n\r\n");
        let wait =
            b"HTTP/1.1 429 Wait\r\nretry-after: 7\r\nwebhook-delivery: disable\r\ncontent-length: 3\r\n\r\na\0\xff";
        let (port, _) = listener(vec![flood, moved.into_bytes(), wait.to_vec(), b"what?\r\n\r\n".to_vec()]).await;
        let peer = peers("127.0.0.0/8", |_| vec![LOCAL]).peer(&format!("http://127.0.0.1:{port}/"));
        let said = peer.post(&[], "{}").await;
        assert_eq!((said.status, said.text.map(|text| text.len())), (Some(500), Some(KEPT)));
        assert_eq!(peer.post(&[], "{}").await.status, Some(308));
        assert_eq!(visited.load(Ordering::SeqCst), 0);
        let said = peer.post(&[], "{}").await;
        assert_eq!((said.retry_after, said.control), (Some(7), Control::Disable));
        assert_eq!(said.text.as_deref(), Some("a\u{fffd}\u{fffd}"));
        assert!(peer.post(&[], "{}").await.fault.is_some(), "that is no HTTP");
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_not_waited_for() {
        let listener = std::net::TcpListener::bind((LOCAL, 0)).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let said =
            peers("127.0.0.0/8", |_| vec![LOCAL]).peer(&format!("http://127.0.0.1:{port}/")).post(&[], "{}").await;
        assert!(said.is_late && said.status.is_none(), "{said:?}");
    }
}
