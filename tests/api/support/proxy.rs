//! A road to PostgreSQL that can be long, or closed: what was sent then stands still until it is opened.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A running proxy; it ends with the process.
pub struct Proxy {
    address: SocketAddr,
    url: url::Url,
    road: Arc<Road>,
}

struct Road {
    upstream: String,
    state: Mutex<State>,
    opened: Condvar,
    trips: AtomicU64,
}

#[derive(Default)]
struct State {
    is_closed: bool,
    /// How long everything is on its way, in each direction.
    way: Duration,
}

impl Proxy {
    /// A proxy before the server of a database.
    pub fn before(database: &str) -> Self {
        let url = url::Url::parse(database).expect("a URL");
        let upstream = format!("{}:{}", url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let (state, opened, trips) = (Mutex::default(), Condvar::new(), AtomicU64::new(0));
        let road = Arc::new(Road { upstream, state, opened, trips });
        let own = road.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|client| own.carry(&client)));
        Self { address, url, road }
    }

    /// The URL of the same database, behind the proxy.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.query_pairs_mut().append_pair("sslmode", "disable");
        url.to_string()
    }

    /// Nothing arrives any more, and no connection ends.
    pub fn stand_still(&self) {
        self.road.state.lock().expect("no panic").is_closed = true;
    }

    /// What stood still arrives.
    pub fn go_on(&self) {
        self.road.state.lock().expect("no panic").is_closed = false;
        self.road.opened.notify_all();
    }

    /// From now on everything is on its way for so long, in each direction.
    pub fn be_long(&self, way: Duration) {
        self.road.state.lock().expect("no panic").way = way;
    }

    /// How often somebody asked so far and had to wait for an answer.
    pub fn trips(&self) -> u64 {
        self.road.trips.load(Ordering::Relaxed)
    }
}

impl Road {
    fn carry(self: &Arc<Self>, client: &TcpStream) {
        let Ok(server) = TcpStream::connect(&self.upstream) else { return };
        for (from, to, counts) in [(client, &server, true), (&server, client, false)] {
            drop(from.set_nodelay(true));
            let (from, to) = (from.try_clone().expect("a handle"), to.try_clone().expect("a handle"));
            let own = self.clone();
            std::thread::spawn(move || own.pass(from, to, counts));
        }
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream, counts: bool) {
        let mut buffer = [0u8; 65_536];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if counts {
                self.trips.fetch_add(1, Ordering::Relaxed);
            }
            std::thread::sleep(self.way());
            if to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        for stream in [from, to] {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// How long the way is, once it is open.
    fn way(&self) -> Duration {
        let state = self.state.lock().expect("no panic");
        self.opened.wait_while(state, |state| state.is_closed).expect("no panic").way
    }
}
