//! Tells who runs the server when many callers share one address and a header says that they come through a proxy:
//! one that is not trusted, so that all of them count as one. Tells, and changes nothing.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many callers at one address are many.
const CALLERS: usize = 8;
/// So many addresses are looked at at once.
const ADDRESSES: usize = 64;
/// So many bytes are kept of what a header says: an address with its port.
const SAID: usize = 64;
/// Told at most once within so long.
const PAUSE: Duration = Duration::from_secs(3600);

/// What was seen lately.
#[derive(Default)]
pub struct Proxies(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    callers: HashMap<IpAddr, HashSet<Vec<u8>>>,
    told_at: Option<Instant>,
}

impl Proxies {
    /// Notes what an address that is not trusted says of a caller.
    pub fn note(&self, peer: IpAddr, said: &[u8], now: Instant) {
        if self.is_news(peer, said, now) {
            tracing::warn!(
                %peer,
                "many callers come from one address, and a header says that a proxy forwards them: all of them count \
                 as one. If that is your proxy, name it in GRAPEVINE_TRUSTED_PROXIES."
            );
        }
    }

    fn is_news(&self, peer: IpAddr, said: &[u8], now: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.told_at.is_some_and(|at| now.saturating_duration_since(at) < PAUSE) {
            return false;
        }
        if seen.callers.len() >= ADDRESSES && !seen.callers.contains_key(&peer) {
            seen.callers.clear();
        }
        let callers = seen.callers.entry(peer).or_default();
        callers.insert(said[said.len().saturating_sub(SAID)..].to_vec());
        if callers.len() < CALLERS {
            return false;
        }
        *seen = Seen { told_at: Some(now), ..Seen::default() };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_callers_at_one_address_are_told_of_once_an_hour() {
        let (proxies, start) = (Proxies::default(), Instant::now());
        let told = |from: u8, callers: u32, now: Instant| {
            let said = |caller: u32| proxies.is_news(IpAddr::from([192, 0, 2, from]), &caller.to_be_bytes(), now);
            (0..callers).filter(|caller| said(*caller)).count()
        };
        assert_eq!(told(1, 7, start), 0, "a few");
        assert_eq!(told(1, 7, start), 0, "the same ones");
        for from in 2..200 {
            assert_eq!(told(from, 1, start), 0, "each from elsewhere");
        }
        assert_eq!(told(1, 1_000, start), 1);
        assert_eq!(told(2, 1_000, start), 0);
        assert_eq!(told(2, 1_000, start + PAUSE), 1);
    }
}
