//! The list of connections, by address.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use super::connection::Connection;
use super::end::End;
use super::{Place, Terms, count};

/// What one address has.
#[derive(Default)]
struct Held {
    /// It brings many clients, so that it does not count how many it has.
    is_proxy: bool,
    connections: BTreeMap<u64, Arc<Connection>>,
}

/// The list.
#[derive(Default)]
pub(super) struct Register {
    by_address: HashMap<IpAddr, Held>,
    len: usize,
    next: u64,
}

impl Register {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many an address has.
    pub(super) fn of(&self, address: IpAddr) -> usize {
        self.by_address.get(&address).map_or(0, |held| held.connections.len())
    }

    /// Enters a new one.
    pub(super) fn add(&mut self, address: IpAddr, is_proxy: bool, now: Instant) -> (Place, Arc<Connection>) {
        let (connection, number) = (Arc::new(Connection::new(now)), self.next);
        let held = self.by_address.entry(address).or_default();
        held.is_proxy = is_proxy;
        held.connections.insert(number, connection.clone());
        self.len += 1;
        self.next += 1;
        (Place { address, number }, connection)
    }

    /// Takes one out; nothing when it is out already.
    pub(super) fn remove(&mut self, place: Place) {
        let Some(held) = self.by_address.get_mut(&place.address) else { return };
        if held.connections.remove(&place.number).is_some() {
            self.len -= 1;
        }
        if held.connections.is_empty() {
            self.by_address.remove(&place.address);
        }
    }

    /// Closes up to so many, of one address or of all: first those of addresses that have most, and of them
    /// those that have kept us waiting longest. Answers how many.
    pub(super) fn make_room(&mut self, of: Option<IpAddr>, wanted: usize, now: Instant) -> usize {
        let among = self.by_address.iter().filter(|(address, _)| of.is_none_or(|only| only == **address));
        let mut waiting: Vec<_> = among
            .flat_map(|(address, held)| {
                let crowd = if held.is_proxy { 0 } else { held.connections.len() };
                held.connections.iter().filter_map(move |(number, connection)| {
                    let place = Place { address: *address, number: *number };
                    Some((Reverse(crowd), connection.waits_since()?, place, connection.clone()))
                })
            })
            .collect();
        waiting.sort_unstable_by_key(|(crowd, since, place, _)| (*crowd, *since, *place));
        let closed = waiting.into_iter().filter(|(.., connection)| connection.close_waiting(now)).take(wanted);
        closed.inspect(|(_, _, place, _)| self.leave_as(*place, End::Crowded)).count()
    }

    /// Closes who is late.
    pub(super) fn close_late(&mut self, terms: &Terms, now: Instant) {
        let late: Vec<(Place, End)> = self
            .by_address
            .iter()
            .flat_map(|(address, held)| {
                held.connections.iter().filter_map(|(number, connection)| {
                    let place = Place { address: *address, number: *number };
                    Some((place, connection.close_late(terms, now)?))
                })
            })
            .collect();
        for (place, end) in late {
            self.leave_as(place, end);
        }
    }

    /// Notes why one was closed; and takes it out, unless something is left to say.
    fn leave_as(&mut self, place: Place, end: End) {
        count(end);
        if end.last_word().is_none() {
            self.remove(place);
        }
    }
}
