//! Rate limits: a leaky bucket (GCRA) for each caller, in memory of this process.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::api::answer::problem::Problem;
use crate::config::Rate;
use crate::refusal::Code;

/// Above this many remembered callers, those that are rested are forgotten.
const REMEMBERED: usize = 50_000;

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A limit for each caller.
pub struct Limits<K: Hash + Eq + Clone> {
    limiter: Option<(Rate, Limiter<K>)>,
}

/// What is left to a caller, for the headers `RateLimit` and `RateLimit-Policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The limit.
    pub rate: Rate,
    /// Requests that may come at once.
    pub remaining: u32,
}

impl<K: Hash + Eq + Clone> Limits<K> {
    /// A limit; `None`: none.
    pub fn new(rate: Option<Rate>) -> Self {
        Self { limiter: rate.map(|rate| (rate, limiter(rate))) }
    }

    /// Counts one more; refuses when it is too much.
    pub fn check(&self, key: &K, what: &str) -> Result<Option<Left>, Problem> {
        let Some((rate, limiter)) = &self.limiter else { return Ok(None) };
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        match limiter.check_key(key) {
            Ok(snapshot) => Ok(Some(Left { rate: *rate, remaining: snapshot.remaining_burst_capacity() })),
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(too_many(what, *rate, wait))
            }
        }
    }
}

fn limiter<K: Hash + Eq + Clone>(rate: Rate) -> Limiter<K> {
    let burst = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
    let period = Duration::from_secs(u64::from(rate.seconds)) / burst.get();
    let quota =
        Quota::with_period(period.max(Duration::from_nanos(1))).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
    RateLimiter::dashmap(quota).with_middleware()
}

fn too_many(what: &str, rate: Rate, wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail = format!("{what}: {} in {} s are allowed. Come again in {seconds} s.", rate.requests, rate.seconds);
    Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_n_lets_n_through_for_each_caller() {
        let limits = Limits::new(Some(Rate { requests: 3, seconds: 3600 }));
        for caller in ["a", "b"] {
            let left: Vec<u32> = (0..3)
                .map(|_| limits.check(&caller, "requests").ok().flatten().map_or(99, |left| left.remaining))
                .collect();
            assert_eq!(left, [2, 1, 0]);
            let refused = limits.check(&caller, "requests").expect_err("one too many");
            assert_eq!(refused.rejection.code, Code::RateLimited);
            assert!(refused.retry_after.is_some_and(|seconds| (1..=1201).contains(&seconds)));
        }
    }

    #[test]
    fn without_a_limit_everything_goes_through() {
        let limits = Limits::new(None);
        assert!((0..10_000).all(|_| limits.check(&"a", "requests").is_ok()));
    }
}
