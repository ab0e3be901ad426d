//! Who is connected, and who must go: connections are counted by address, those that keep us waiting too
//! long are closed, and when there are too many, those that have kept us waiting longest.
//!
//! [`connection`] knows what one is doing, [`stream`] asks it before each read and write, [`body`] says what
//! is wanted of a request, [`answer`] hands out answers in small parts, [`machine`] knows what the machine
//! allows, [`end`] why one is closed. Knows nothing of HTTP but where a request begins and ends, which
//! `api/dispatch.rs` tells; what is said to one whose request was never known is worded by `api/answer/last_word.rs`.

pub mod answer;
pub mod body;
pub mod connection;
pub mod end;
pub mod machine;
mod register;
pub mod stream;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::config::ServerConfig;
use crate::config::forwarded::as_counted;
use connection::Connection;
use end::{End, LastWord};
use register::Register;

/// How often it is looked who is late.
const LOOK: Duration = Duration::from_millis(200);
/// When all are to part: how long one may have waited for its next request, which then would come too late,
/// and how long all of that takes at most.
const QUIET: Duration = Duration::from_millis(250);
const PARTING: Duration = Duration::from_secs(1);
/// Between two looks at those who are still there.
const SOON: Duration = Duration::from_millis(10);
/// Of the connections that there may be, so many are closed at once when there is no room: one in so many.
const ROOM: usize = 64;

/// What is allowed.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Time in which a head must have come.
    pub head: Duration,
    /// Time in which a client must take the next [part](answer::PART) of an answer; the machine waits until there is
    /// room for several.
    pub answer: Duration,
    /// How long a connection may wait for its next request.
    pub idle: Duration,
    /// Connections at once.
    pub most: usize,
    /// Connections of one address.
    pub most_of_address: usize,
}

impl Terms {
    /// As it is set, and as far as descriptors go.
    pub fn of(config: &ServerConfig, descriptors: usize) -> Self {
        Self {
            head: Duration::from_millis(config.head_ms),
            answer: Duration::from_millis(config.answer_ms),
            idle: Duration::from_millis(config.idle_ms),
            most: config.connections.min(machine::connections(descriptors)),
            most_of_address: config.address_connections,
        }
    }
}

/// All connections of a server.
pub struct Connections {
    terms: Terms,
    trusts: Box<dyn Fn(IpAddr) -> bool + Send + Sync>,
    words: Box<dyn Fn(LastWord) -> Vec<u8> + Send + Sync>,
    register: Mutex<Register>,
}

/// Where a connection stands in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    address: IpAddr,
    number: u64,
}

impl Connections {
    /// None yet. Whom `trusts` names is a proxy: it brings many clients, and has no limit of its own. `words` makes
    /// the answer to one whose request was never known.
    pub fn new(
        terms: Terms,
        trusts: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
        words: impl Fn(LastWord) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self { terms, trusts: Box::new(trusts), words: Box::new(words), register: Mutex::default() }
    }

    /// Lets one in, if need be by closing others: of its own address, where that has too many, else of those
    /// that have most, and of proxies last. `None`: there is no room, since nobody keeps us waiting.
    pub fn admit(&self, peer: IpAddr, now: Instant) -> Option<(Place, Arc<Connection>)> {
        let (address, is_proxy) = (as_counted(peer), (self.trusts)(peer));
        let mut register = self.register();
        let is_full = !is_proxy && register.of(address) >= self.terms.most_of_address;
        if is_full && register.make_room(Some(address), 1, now) == 0 {
            return refuse("address");
        }
        let room = (self.terms.most / ROOM).max(1);
        if register.len() >= self.terms.most && register.make_room(None, room, now) == 0 {
            return refuse("all");
        }
        Some(register.add(address, is_proxy, now))
    }

    /// Forgets one that is closed.
    pub fn leave(&self, place: Place) {
        self.register().remove(place);
    }

    /// Closes who is late, for as long as it is run.
    pub async fn watch(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            self.register().close_late(&self.terms, Instant::now());
        }
    }

    /// Waits until those have gone who wait for nothing, or a second. Whoever was answered meanwhile knows that his
    /// connection is closed; the others are closed when they have asked for nothing for a while.
    pub async fn part(&self) {
        let (until, terms) = (Instant::now() + PARTING, Terms { idle: QUIET, ..self.terms.clone() });
        while Instant::now() < until && self.register().len() > 0 {
            self.register().close_late(&terms, Instant::now());
            tokio::time::sleep(SOON).await;
        }
    }

    /// The answer to one whose request was never known.
    pub fn say(&self, word: LastWord) -> Vec<u8> {
        (self.words)(word)
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refuse<T>(limit: &'static str) -> Option<T> {
    metrics::counter!("grapevine_connections_refused_total", "limit" => limit).increment(1);
    None
}

/// Says of closed connections why, in the metrics.
fn count(end: End) {
    metrics::counter!("grapevine_connections_closed_total", "why" => end.word()).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(most: usize, most_of_address: usize) -> Connections {
        let second = Duration::from_secs(1);
        let terms = Terms { head: second, answer: second, idle: second, most, most_of_address };
        Connections::new(terms, |peer| peer == IpAddr::from([10, 0, 0, 1]), |_| Vec::new())
    }

    fn host(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    #[test]
    fn of_one_address_the_longest_waiting_makes_room() {
        let (all, now) = (connections(100, 3), Instant::now());
        let admit = |host, millis| all.admit(host, now + Duration::from_millis(millis)).expect("room");
        let (place, oldest) = admit(host(1), 0);
        let others = [admit(host(1), 1), admit(host(2), 0), admit(host(1), 2), admit(host(1), 3)];
        assert_eq!(oldest.end(), Some(End::Crowded));
        assert!(others.iter().all(|(_, connection)| connection.end().is_none()));
        all.leave(place);
        assert_eq!(all.register().len(), 4, "who was closed has left already");
    }

    #[test]
    fn where_nobody_keeps_us_waiting_nobody_is_let_in() {
        let (all, now) = (connections(100, 2), Instant::now());
        let held = [all.admit(host(1), now), all.admit(host(1), now)].map(|held| held.expect("room"));
        for (_, connection) in &held {
            connection.begin(false);
        }
        assert!(all.admit(host(1), now).is_none());
        assert!(all.admit(host(2), now).is_some());
        held[0].1.finish(now);
        assert!(all.admit(host(1), now).is_some());
    }

    #[test]
    fn when_all_is_full_those_go_who_have_most() {
        let (all, now) = (connections(10, 9), Instant::now());
        let _alone = all.admit(host(1), now).expect("room");
        let many: Vec<_> = (0..9).map(|_| all.admit(host(2), now + Duration::from_millis(1)).expect("room")).collect();
        assert!((3..100).all(|number| all.admit(host(number), now + Duration::from_millis(2)).is_some()));
        assert!(many.iter().filter(|(_, connection)| connection.end().is_some()).count() >= 8);
        assert!(all.register().len() <= 10);
    }

    #[test]
    fn a_proxy_has_no_limit_of_its_own() {
        let (all, now) = (connections(100, 2), Instant::now());
        let proxy = IpAddr::from([10, 0, 0, 1]);
        let held: Vec<_> = (0..50).map(|_| all.admit(proxy, now).expect("room")).collect();
        assert!((1..=250).all(|number| all.admit(host(number), now + Duration::from_millis(1)).is_some()));
        assert!(held.iter().all(|(_, connection)| connection.end().is_none()), "others make room first");
    }
}
