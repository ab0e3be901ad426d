//! A proxy before PostgreSQL that loses what it should carry: connections, COMMITs, their answers.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use grapevine::store::Target;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// How the writers commit.
const COMMIT: &[u8] = b"; COMMIT\0";
/// The longest that a late COMMIT is kept, milliseconds.
const LATE_MS: u64 = 1_500;

/// What becomes of one COMMIT.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Carried,
    /// It does not arrive.
    Lost,
    /// It arrives, its answer does not.
    AnswerLost,
    /// It arrives when its sender has given it up.
    Late,
}

/// A running proxy; it ends with the process.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    down: AtomicBool,
    faults: AtomicU64,
    random: Mutex<StdRng>,
    open: Mutex<Vec<TcpStream>>,
    /// One of so many COMMITs meets a fault; 0: none.
    one_in: u32,
}

impl Proxy {
    /// A proxy before the server of a database; one of `one_in` COMMITs meets a fault, 0: none.
    pub fn start(target: &Target, one_in: u32, seed: u64) -> Self {
        let url = url_of(target);
        let upstream = format!("{}:{}", url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            upstream,
            down: AtomicBool::new(false),
            faults: AtomicU64::new(0),
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            open: Mutex::default(),
            one_in,
        });
        let own = shared.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|client| own.carry(client)));
        Self { address, shared }
    }

    /// The same database, behind the proxy.
    pub fn target(&self, target: &Target) -> Target {
        let mut url = url_of(target);
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.query_pairs_mut().append_pair("sslmode", "disable");
        Target::parse(url.as_str()).expect("the URL fits")
    }

    /// Ends every connection and takes no new one.
    pub fn go_down(&self) {
        self.shared.down.store(true, Ordering::SeqCst);
        let _ended = self.shared.cut();
    }

    /// Takes connections again.
    pub fn come_up(&self) {
        self.shared.down.store(false, Ordering::SeqCst);
    }

    /// Ends every connection; answers how many there were.
    pub fn cut(&self) -> usize {
        self.shared.cut()
    }

    /// COMMITs that met a fault.
    pub fn faults(&self) -> u64 {
        self.shared.faults.load(Ordering::SeqCst)
    }
}

fn url_of(target: &Target) -> url::Url {
    let Target::Postgres(url) = target else { panic!("only PostgreSQL is reached over the network") };
    url::Url::parse(url).expect("the URL fits")
}

impl Shared {
    /// One that has ended already cannot be shut down.
    fn cut(&self) -> usize {
        let open = std::mem::take(&mut *self.open.lock().expect("no panic"));
        open.iter().filter(|stream| stream.shutdown(Shutdown::Both).is_ok()).count()
    }

    fn carry(self: &Arc<Self>, client: TcpStream) {
        if self.down.load(Ordering::SeqCst) {
            return;
        }
        let Ok(server) = TcpStream::connect(&self.upstream) else { return };
        for stream in [&client, &server] {
            drop(stream.set_nodelay(true));
            self.open.lock().expect("no panic").push(stream.try_clone().expect("a handle"));
        }
        let muted = Arc::new(AtomicBool::new(false));
        let (own, silent) = (self.clone(), muted.clone());
        let (from, to) = (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
        std::thread::spawn(move || own.ask(from, to, &silent));
        std::thread::spawn(move || answer(server, client, &muted));
    }

    /// Carries what the client says, and decides what becomes of each COMMIT.
    fn ask(&self, mut client: TcpStream, mut server: TcpStream, muted: &AtomicBool) {
        let mut buffer = [0u8; 65_536];
        while let Ok(read @ 1..) = client.read(&mut buffer) {
            let said = &buffer[..read];
            match if said.ends_with(COMMIT) { self.fate() } else { Fate::Carried } {
                Fate::Carried => {}
                Fate::Lost => break,
                Fate::AnswerLost => muted.store(true, Ordering::SeqCst),
                Fate::Late => {
                    drop(client.shutdown(Shutdown::Both));
                    let wait = self.random.lock().expect("no panic").random_range(0..LATE_MS);
                    std::thread::sleep(Duration::from_millis(wait));
                    muted.store(true, Ordering::SeqCst);
                }
            }
            if server.write_all(said).is_err() {
                break;
            }
        }
        if !muted.load(Ordering::SeqCst) {
            drop(server.shutdown(Shutdown::Both));
        }
        drop(client.shutdown(Shutdown::Both));
    }

    fn fate(&self) -> Fate {
        let mut random = self.random.lock().expect("no panic");
        if self.one_in == 0 || !random.random_ratio(1, self.one_in) {
            return Fate::Carried;
        }
        self.faults.fetch_add(1, Ordering::SeqCst);
        [Fate::Lost, Fate::AnswerLost, Fate::Late][random.random_range(0..3)]
    }
}

/// Carries what the server says; when that is to be lost, both sides are ended instead.
fn answer(mut server: TcpStream, mut client: TcpStream, muted: &AtomicBool) {
    let mut buffer = [0u8; 65_536];
    while let Ok(read @ 1..) = server.read(&mut buffer) {
        if muted.load(Ordering::SeqCst) || client.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    for stream in [server, client] {
        drop(stream.shutdown(Shutdown::Both));
    }
}
