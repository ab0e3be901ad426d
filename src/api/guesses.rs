//! Failed guesses of voucher codes: who asked for too many codes that do not exist gets no further
//! answer about codes for a while, right or wrong. Others go on. In memory of this process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::problem::Problem;
use crate::config::Rate;
use crate::refusal::Code;

/// The long limit: so many times the short one…
const LONG_TIMES: u32 = 5;
/// …within so long.
const LONG: Duration = Duration::from_secs(3600);
/// Above this many remembered callers, those who have rested are forgotten.
const REMEMBERED: usize = 50_000;

/// Unknown codes by caller.
pub struct Guesses {
    rate: Option<Rate>,
    failed: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Guesses {
    /// The short limit; `None`: none. The long one is five times as many within an hour.
    pub fn new(rate: Option<Rate>) -> Self {
        Self { rate, failed: Mutex::default() }
    }

    /// Whether a caller may ask about codes; refuses when too many of his were unknown.
    pub fn check(&self, caller: &str) -> Result<(), Problem> {
        self.check_at(caller, Instant::now())
    }

    /// Notes that so many codes of a caller were unknown.
    pub fn note(&self, caller: &str, unknown: usize) {
        self.note_at(caller, unknown, Instant::now());
    }

    fn check_at(&self, caller: &str, now: Instant) -> Result<(), Problem> {
        let Some(rate) = self.rate else { return Ok(()) };
        let all = self.lock();
        let Some(failed) = all.get(caller) else { return Ok(()) };
        let short = wait(failed, now, rate.requests, Duration::from_secs(u64::from(rate.seconds)));
        let long = wait(failed, now, rate.requests.saturating_mul(LONG_TIMES), LONG);
        match short.max(long) {
            Some(wait) => Err(too_many(wait)),
            None => Ok(()),
        }
    }

    fn note_at(&self, caller: &str, unknown: usize, now: Instant) {
        let Some(rate) = self.rate.filter(|_| unknown > 0) else { return };
        let mut all = self.lock();
        if all.len() > REMEMBERED {
            all.retain(|_, failed| failed.back().is_some_and(|last| now.duration_since(*last) < LONG));
        }
        let failed = all.entry(caller.to_owned()).or_default();
        failed.extend(std::iter::repeat_n(now, unknown));
        let kept = usize::try_from(rate.requests.saturating_mul(LONG_TIMES)).unwrap_or(usize::MAX);
        let surplus = failed.len().saturating_sub(kept);
        failed.drain(..surplus);
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
        format!("Too many codes of this key were unknown. Come again in {seconds} s, with codes as they are printed.");
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

    fn refused(guesses: &Guesses, caller: &str, at: Instant) -> Option<u64> {
        guesses.check_at(caller, at).err().and_then(|problem| problem.retry_after)
    }

    #[test]
    fn ten_in_a_minute_are_enough_for_one_caller_alone() {
        let (guesses, start) = guesses();
        for second in 0..10 {
            assert_eq!(refused(&guesses, "a", start + seconds(second)), None);
            guesses.note_at("a", 1, start + seconds(second));
        }
        assert_eq!(refused(&guesses, "a", start + seconds(9)), Some(52));
        assert_eq!(refused(&guesses, "b", start + seconds(9)), None);
        assert_eq!(refused(&guesses, "a", start + seconds(60)), None);
    }

    #[test]
    fn fifty_in_an_hour_are_enough() {
        let (guesses, start) = guesses();
        for number in 0..50 {
            guesses.note_at("a", 1, start + seconds(number * 60));
        }
        assert_eq!(refused(&guesses, "a", start + seconds(3060)), Some(541));
        assert_eq!(refused(&guesses, "a", start + seconds(3600)), None);
    }

    #[test]
    fn several_in_one_cart_count_each() {
        let (guesses, start) = guesses();
        guesses.note_at("a", 10, start);
        assert!(refused(&guesses, "a", start).is_some());
    }

    #[test]
    fn without_a_limit_anything_goes() {
        let guesses = Guesses::new(None);
        guesses.note("a", 1_000);
        assert!(guesses.check("a").is_ok());
    }
}
