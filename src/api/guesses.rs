//! Failed guesses of voucher codes: for whom too many codes were asked that do not exist, there is no
//! further answer about codes for a while, right or wrong. A shop has one key for all its customers:
//! where a cart names its customer he is counted by himself, and the key only for many times as many. Others
//! go on, and so does a cart without a code. In memory of this process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::auth::Caller;
use super::problem::Problem;
use crate::config::Rate;
use crate::decide::check_cart::Cart;
use crate::refusal::Code;

/// The long limit: so many times the short one…
const LONG_TIMES: u32 = 5;
/// …within so long.
const LONG: Duration = Duration::from_secs(3600);
/// A key may ask for so many times as many unknown codes as a customer.
const KEY_TIMES: u32 = 10;
/// Above this many remembered guessers, those who have rested are forgotten.
const REMEMBERED: usize = 50_000;

/// Who asks for codes.
#[derive(Clone, Debug)]
pub struct Guesser {
    client: String,
    customer: Option<String>,
}

impl Guesser {
    /// Somebody who names no customer.
    pub fn new(caller: &Caller) -> Self {
        Self { client: caller.client.clone(), customer: None }
    }

    /// Who asks what a cart's codes are good for; `None`: it has none.
    pub fn of_cart(caller: &Caller, cart: &Cart) -> Option<Self> {
        let details = cart.customer_details.as_ref();
        let address = || details.and_then(|details| details.email.as_deref().or(details.phone.as_deref()));
        let customer = cart.customer.as_deref().or_else(address).map(str::to_lowercase);
        (!cart.codes.is_empty()).then(|| Self { customer, ..Self::new(caller) })
    }

    /// Under what he is counted, and how many times the limit he may.
    fn counts(&self) -> impl Iterator<Item = (String, u32)> {
        let customer = self.customer.iter().map(|customer| (format!("{}/{customer}", self.client), 1));
        customer.chain([(self.client.clone(), KEY_TIMES)])
    }
}

/// Unknown codes by guesser.
pub struct Guesses {
    rate: Option<Rate>,
    failed: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Guesses {
    /// The short limit of a customer; `None`: none. The long one is five times as many within an hour; a
    /// key has ten times of both.
    pub fn new(rate: Option<Rate>) -> Self {
        Self { rate, failed: Mutex::default() }
    }

    /// Whether somebody may ask about codes; refuses when too many of his were unknown. `None` asks for none.
    pub fn check(&self, guesser: Option<&Guesser>) -> Result<(), Problem> {
        self.check_at(guesser, Instant::now())
    }

    /// Notes that so many codes that somebody asked for were unknown.
    pub fn note(&self, guesser: Option<&Guesser>, unknown: usize) {
        self.note_at(guesser, unknown, Instant::now());
    }

    fn check_at(&self, guesser: Option<&Guesser>, now: Instant) -> Result<(), Problem> {
        let (Some(rate), Some(guesser)) = (self.rate, guesser) else { return Ok(()) };
        let all = self.lock();
        let waits = guesser.counts().filter_map(|(name, times)| {
            let (failed, most) = (all.get(&name)?, rate.requests.saturating_mul(times));
            let short = wait(failed, now, most, Duration::from_secs(u64::from(rate.seconds)));
            short.max(wait(failed, now, most.saturating_mul(LONG_TIMES), LONG))
        });
        match waits.max() {
            Some(wait) => Err(too_many(wait)),
            None => Ok(()),
        }
    }

    fn note_at(&self, guesser: Option<&Guesser>, unknown: usize, now: Instant) {
        let (Some(rate), Some(guesser)) = (self.rate, guesser.filter(|_| unknown > 0)) else { return };
        let mut all = self.lock();
        if all.len() > REMEMBERED {
            all.retain(|_, failed| failed.back().is_some_and(|last| now.duration_since(*last) < LONG));
        }
        for (name, times) in guesser.counts() {
            let failed = all.entry(name).or_default();
            failed.extend(std::iter::repeat_n(now, unknown));
            let kept = rate.requests.saturating_mul(times).saturating_mul(LONG_TIMES);
            let surplus = failed.len().saturating_sub(usize::try_from(kept).unwrap_or(usize::MAX));
            failed.drain(..surplus);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Instant>>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long until fewer than `most` lie within the last `span`; `None`: they do now.
fn wait(failed: &VecDeque<Instant>, now: Instant, most: u32, span: Duration) -> Option<Duration> {
    let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
    let decisive = failed.len().checked_sub(most).and_then(|index| failed.get(index))?;
    span.checked_sub(now.saturating_duration_since(*decisive)).filter(|wait| !wait.is_zero())
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail =
        format!("Too many unknown codes were asked for. Come again in {seconds} s, with codes as they are printed.");
    Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn guesses() -> (Guesses, Instant) {
        (Guesses::new(Some(Rate { requests: 10, seconds: 60 })), Instant::now())
    }

    fn guesser(client: &str, customer: Option<&str>) -> Guesser {
        Guesser { client: client.to_owned(), customer: customer.map(str::to_owned) }
    }

    fn refused(guesses: &Guesses, guesser: &Guesser, at: Instant) -> Option<u64> {
        guesses.check_at(Some(guesser), at).err().and_then(|problem| problem.retry_after)
    }

    #[test]
    fn ten_in_a_minute_are_enough_for_one_customer_alone() {
        let (guesses, start) = guesses();
        let anna = guesser("a", Some("anna"));
        for second in 0..10 {
            assert_eq!(refused(&guesses, &anna, start + seconds(second)), None);
            guesses.note_at(Some(&anna), 1, start + seconds(second));
        }
        assert_eq!(refused(&guesses, &anna, start + seconds(9)), Some(52));
        for other in [guesser("a", Some("ben")), guesser("a", None), guesser("b", Some("anna"))] {
            assert_eq!(refused(&guesses, &other, start + seconds(9)), None, "{other:?}");
        }
        assert!(guesses.check_at(None, start + seconds(9)).is_ok(), "who asks for no code guesses none");
        assert_eq!(refused(&guesses, &anna, start + seconds(60)), None);
    }

    #[test]
    fn a_hundred_in_a_minute_are_enough_for_a_key() {
        let (guesses, start) = guesses();
        for number in 0..10 {
            guesses.note_at(Some(&guesser("a", Some(&format!("customer-{number}")))), 9, start);
        }
        assert_eq!(refused(&guesses, &guesser("a", Some("anna")), start), None);
        guesses.note_at(Some(&guesser("a", None)), 10, start);
        for one in [guesser("a", Some("anna")), guesser("a", None)] {
            assert_eq!(refused(&guesses, &one, start), Some(61), "{one:?}");
        }
        assert_eq!(refused(&guesses, &guesser("b", None), start), None);
    }

    #[test]
    fn fifty_in_an_hour_are_enough() {
        let (guesses, start) = guesses();
        let anna = guesser("a", Some("anna"));
        for number in 0..50 {
            guesses.note_at(Some(&anna), 1, start + seconds(number * 60));
        }
        assert_eq!(refused(&guesses, &anna, start + seconds(3060)), Some(541));
        assert_eq!(refused(&guesses, &anna, start + seconds(3600)), None);
    }

    #[test]
    fn several_in_one_cart_count_each() {
        let (guesses, start) = guesses();
        guesses.note_at(Some(&guesser("a", Some("anna"))), 10, start);
        assert!(refused(&guesses, &guesser("a", Some("anna")), start).is_some());
    }

    #[test]
    fn without_a_limit_anything_goes() {
        let guesses = Guesses::new(None);
        guesses.note(Some(&guesser("a", None)), 1_000);
        assert!(guesses.check(Some(&guesser("a", None))).is_ok());
    }
}
