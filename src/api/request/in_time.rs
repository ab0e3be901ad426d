//! Whoever asks is answered in time, however the database is: what is not done then is given up, and said.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::api::answer::problem::Problem;
use crate::api::request::operation::{KeyRule, Operation};
use crate::engine::{Failure, PATIENCE};
use crate::refusal::Code;

/// How much is left of the time of one who came then.
pub fn left(since: Instant) -> Duration {
    PATIENCE.saturating_sub(since.elapsed())
}

/// Does what changes nothing, for one who came then.
pub async fn in_time<T>(since: Instant, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(left(since), work).await.unwrap_or_else(|_| Err(unanswered()))
}

/// Runs a handler for one who came then. What it had begun to write may have happened.
pub async fn handled<T>(
    operation: &Operation,
    since: Instant,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    if operation.streamed || TAKE_THEIR_TIME.contains(&operation.id) {
        return work.await;
    }
    let changes_nothing = operation.method == "GET" || operation.key == KeyRule::Ignored;
    tokio::time::timeout(left(since), work)
        .await
        .unwrap_or_else(|_| Err(if changes_nothing { unanswered() } else { Failure::OutcomeUnknown.into() }))
}

/// Operations that last as long as what they are asked to do; each step of theirs is answered in time.
const TAKE_THEIR_TIME: &[&str] = &["move_test_clock", "export_customer", "list_events"];

fn unanswered() -> Problem {
    Problem::new(Code::Unavailable, "The database did not answer in time. Come again after Retry-After.")
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::api::routes::OPERATIONS;

    #[test]
    fn what_takes_its_time_is_an_operation() {
        for id in TAKE_THEIR_TIME {
            assert!(OPERATIONS.iter().any(|operation| operation.id == *id), "{id}");
        }
    }

    #[tokio::test]
    async fn who_waited_too_long_is_told_what_may_have_happened() {
        let came = Instant::now().checked_sub(PATIENCE).expect("a clock that runs");
        for (id, code) in [
            ("create_conversion", Code::OutcomeUnknown),
            ("list_conversions", Code::Unavailable),
            ("check_cart", Code::Unavailable),
        ] {
            let operation = OPERATIONS.iter().find(|operation| operation.id == id).expect("an operation");
            let late = handled(operation, came, pending::<Result<(), Problem>>()).await.expect_err("it never ends");
            assert_eq!((late.rejection.code, late.retry_after), (code, Some(1)), "{id}");
            assert!(handled(operation, came, ready(Ok(()))).await.is_ok(), "{id}: what is done is told");
        }
    }
}
