//! What becomes of a delivery, and of its endpoint, by what its receiver said.

use std::time::Duration;

use super::peer::{Control, Said};
use crate::records::Timestamp;
use crate::records::endpoint::DisabledBy;
use crate::records::time::DAY_MS;
use crate::store::webhooks::Cursor;

/// After so many failures one after the other, one try at a time is made, and none of what is new before a rest.
pub(super) const FAILING: i64 = 3;
/// How long an endpoint rests after so many failures: at most five minutes, so that what recovers is found soon.
const RESTS: &[(i64, i64)] = &[(8, 300_000), (6, 60_000), (FAILING, 5_000)];
/// How long only failures are borne.
const BORNE_MS: i64 = 5 * DAY_MS;
/// Least wait after a receiver that took too long, or that asks to be spared, milliseconds.
const SPARED_MS: i64 = 60_000;

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It has arrived.
    Delivered,
    /// It is tried again, after so many milliseconds.
    Again(i64),
    /// It is given up.
    Failed,
}

/// What becomes of a delivery that was tried so often, this try among them. `spread` (0 to 1) makes waits differ by a
/// fifth, so that not all come back at once. Where each waits for the one before, none is given up.
pub(super) fn fate(said: &Said, tries: i64, schedule: &[Duration], is_fifo: bool, spread: f64) -> Fate {
    if said.fault.is_none() && said.status.is_some_and(|status| (200..300).contains(&status)) {
        return Fate::Delivered;
    }
    if said.control == Control::Abort {
        return Fate::Failed;
    }
    let next = usize::try_from(tries).ok().and_then(|tries| schedule.get(tries));
    let Some(wait) = next.or_else(|| schedule.last().filter(|_| is_fifo)) else { return Fate::Failed };
    let wait = wait.mul_f64(0.8 + 0.4 * spread);
    let mut wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    if said.is_late || matches!(said.status, Some(429 | 502 | 504)) {
        wait_ms = wait_ms.max(SPARED_MS);
    }
    let asked_ms = said.retry_after.and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1_000));
    Fate::Again(asked_ms.map_or(wait_ms, |asked_ms| asked_ms.clamp(wait_ms, wait_ms.saturating_mul(2))))
}

/// Counts a try at its endpoint; answers until when that is left alone.
pub(super) fn count(cursor: &mut Cursor, fate: Fate, now: Timestamp) -> Timestamp {
    if fate == Fate::Delivered {
        (cursor.failures, cursor.failing_since, cursor.failed_at) = (0, None, None);
        return now;
    }
    // What failed long ago, with nothing tried since, says little.
    let is_same = cursor.failed_at.is_some_and(|failed_at| now.ms() - failed_at.ms() <= DAY_MS);
    cursor.failing_since = cursor.failing_since.filter(|_| is_same).or(Some(now));
    cursor.failed_at = Some(now);
    cursor.failures += 1;
    let rest = RESTS.iter().find(|(failures, _)| cursor.failures >= *failures).map_or(0, |(_, rest_ms)| *rest_ms);
    now.plus_ms(rest)
}

/// Whether an endpoint is to be disabled, by the last try.
pub(super) fn end(said: &Said, cursor: &Cursor, enabled_at: Timestamp, now: Timestamp) -> Option<DisabledBy> {
    if said.status == Some(410) || said.control == Control::Disable {
        return Some(DisabledBy::Receiver);
    }
    let since = cursor.failing_since.map(|since| since.max(enabled_at))?;
    (now.ms() - since.ms() >= BORNE_MS).then_some(DisabledBy::Failing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Vec<Duration> {
        [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map(Duration::from_secs).to_vec()
    }

    fn status(status: u16) -> Said {
        Said { status: Some(status), ..Said::default() }
    }

    #[test]
    fn only_what_was_taken_has_arrived() {
        for (code, expected) in [
            (200, true),
            (204, true),
            (299, true),
            (199, false),
            (302, false),
            (308, false),
            (404, false),
            (500, false),
        ] {
            assert_eq!(fate(&status(code), 1, &schedule(), false, 0.5) == Fate::Delivered, expected, "{code}");
        }
    }

    #[test]
    fn waits_grow_and_differ_by_a_fifth() {
        let said = Said { fault: Some("no".to_owned()), ..Said::default() };
        for (tries, seconds) in [(1, 5), (2, 300), (3, 1_800), (4, 7_200), (5, 18_000), (6, 36_000), (7, 36_000)] {
            for (spread, share) in [(0.0, 800), (0.5, 1_000), (1.0, 1_200)] {
                assert_eq!(
                    fate(&said, tries, &schedule(), false, spread),
                    Fate::Again(seconds * share),
                    "{tries} {spread}"
                );
            }
        }
        assert_eq!(fate(&said, 8, &schedule(), false, 0.5), Fate::Failed);
        assert_eq!(fate(&said, 80, &schedule(), true, 0.5), Fate::Again(36_000_000), "others wait behind it");
    }

    #[test]
    fn who_asks_to_be_spared_is_within_limits() {
        let asks = |retry_after, code| Said { retry_after: Some(retry_after), ..status(code) };
        for (said, tries, expected) in [
            (asks(400, 503), 2, 400_000),
            (asks(10, 503), 2, 300_000),
            (asks(1_000_000, 503), 2, 600_000),
            (asks(u64::MAX, 503), 2, 300_000),
            (status(429), 1, 60_000),
            (asks(90, 429), 1, 90_000),
            (Said { is_late: true, ..Said::default() }, 1, 60_000),
        ] {
            assert_eq!(fate(&said, tries, &schedule(), false, 0.5), Fate::Again(expected), "{said:?}");
        }
        let abort = Said { control: Control::Abort, ..status(500) };
        assert_eq!(fate(&abort, 1, &schedule(), true, 0.5), Fate::Failed);
    }

    #[test]
    fn five_days_of_nothing_but_failures_are_borne() {
        let at = |hours: i64| Timestamp::from_ms(1_790_000_000_000 + hours * 3_600_000);
        let mut cursor = Cursor { seq: 0, lease: 1, failures: 0, failing_since: None, failed_at: None };
        let said = status(500);
        for hours in (0..120).step_by(10) {
            count(&mut cursor, Fate::Again(0), at(hours));
            assert_eq!(end(&said, &cursor, at(0), at(hours)), None, "{hours}");
        }
        let mut forgiven = cursor.clone();
        count(&mut forgiven, Fate::Delivered, at(115));
        count(&mut forgiven, Fate::Again(0), at(120));
        assert_eq!(end(&said, &forgiven, at(0), at(120)), None, "one success forgives");
        let mut seldom = cursor.clone();
        count(&mut seldom, Fate::Again(0), at(140));
        assert_eq!(end(&said, &seldom, at(0), at(140)), None, "for a day nothing was tried");
        count(&mut cursor, Fate::Again(0), at(120));
        assert_eq!(end(&said, &cursor, at(0), at(120)), Some(DisabledBy::Failing));
        assert_eq!(end(&said, &cursor, at(1), at(120)), None, "it was enabled anew");
        assert_eq!(end(&status(410), &forgiven, at(0), at(120)), Some(DisabledBy::Receiver));
    }

    #[test]
    fn who_fails_rests_five_minutes_at_most() {
        let now = Timestamp::from_ms(1_790_000_000_000);
        let mut cursor = Cursor { seq: 0, lease: 1, failures: 0, failing_since: None, failed_at: None };
        let rests: Vec<i64> =
            (1..=10).map(|_| (count(&mut cursor, Fate::Failed, now).ms() - now.ms()) / 1_000).collect();
        assert_eq!(rests, [0, 0, 5, 5, 5, 60, 60, 300, 300, 300]);
    }
}
