//! What time it is, for this process: by the machine's clock, as long as that goes with the time
//! that has passed.
//!
//! A clock that jumps is not followed. Ahead: what has a date would be over at once, for good; so
//! the time goes on by what has passed. Back: what lapses in seconds would lie for as long; so the
//! time goes on, a little slower, until the clock has caught up. Where a shop's own time lies ahead
//! of the clock, because somebody wrote in it whose clock was, the same is done for that shop.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::time::{ClockId, clock_gettime};

use super::Times;
use crate::records::{Id, ShopHead, Timestamp};

/// A clock that goes ahead of the time that has passed by more, at once, has jumped.
const JUMP_US: i64 = 5_000_000;
/// A jump ahead by less is taken for true when it has stood for [`STANDS_US`]: a machine that was
/// kept still and was told the time since.
const PLAUSIBLE_US: i64 = 3_600_000_000;
/// How long that is.
const STANDS_US: i64 = 60_000_000;
/// Of the time that passes, what goes by where the time is ahead of the clock: three quarters.
const SLOWED: (i64, i64) = (3, 4);
/// What clocks may be ahead of each other without a word.
const USUAL_US: i64 = 1_000_000;

/// What a machine tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its clock, microseconds since 1970.
    pub wall_us: i64,
    /// Time that has passed since some beginning, also while the machine slept, microseconds.
    pub passed_us: i64,
}

/// Tells the time. Clones tell the same.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    read: Box<dyn Fn() -> Reading + Send + Sync>,
    skew_ms: i64,
    kept: Mutex<Option<Kept>>,
    any_ahead: AtomicBool,
    ahead: Mutex<HashMap<Id, Ahead>>,
}

impl Clock {
    /// The clock of the machine, set off by some milliseconds.
    pub fn machine(skew_ms: i64) -> Self {
        Self::told_by(read_machine, skew_ms)
    }

    /// A clock of a test's own.
    pub fn told_by(read: impl Fn() -> Reading + Send + Sync + 'static, skew_ms: i64) -> Self {
        Self(Arc::new(Inner {
            read: Box::new(read),
            skew_ms,
            kept: Mutex::default(),
            any_ahead: AtomicBool::new(false),
            ahead: Mutex::default(),
        }))
    }

    /// The time. It never goes back while the process lives.
    pub fn now(&self) -> Timestamp {
        self.at(self.0.keep((self.0.read)()))
    }

    /// The time that the machine's clock shows, true or not; without what the clock is set off by.
    pub fn shown(&self) -> Timestamp {
        Timestamp::from_ms((self.0.read)().wall_us / 1_000)
    }

    /// When a command of a shop is decided: by the real clock, and by the shop's, which for a test shop
    /// may be ahead. Never before the shop's last command; where that lies ahead of the clock, its time
    /// goes on from there.
    pub(super) fn times(&self, head: &ShopHead, now: Timestamp) -> Times {
        let real_at = now.plus_ms(self.ahead_ms(head, now));
        Times { real_at, at: real_at.plus_ms(head.clock_offset_ms).max(head.last_at) }
    }

    /// The shops whose time is ahead of the clock, and their real time.
    pub fn shops_ahead(&self) -> Vec<(Id, Timestamp)> {
        if !self.0.any_ahead.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let (now, passed_us) = (self.now(), (self.0.read)().passed_us);
        let mut shops = self.0.shops();
        shops.retain(|_, ahead| ahead.left_us(passed_us) > 0);
        self.0.any_ahead.store(!shops.is_empty(), Ordering::Relaxed);
        shops.iter().map(|(shop, ahead)| (*shop, now.plus_ms(ahead.left_us(passed_us) / 1_000))).collect()
    }

    fn ahead_ms(&self, head: &ShopHead, now: Timestamp) -> i64 {
        let last_us = (head.last_at.ms() - head.clock_offset_ms - now.ms()) * 1_000;
        if last_us <= USUAL_US && !self.0.any_ahead.load(Ordering::Relaxed) {
            return 0;
        }
        let passed_us = (self.0.read)().passed_us;
        let mut shops = self.0.shops();
        let was_brought_back = |ahead: &&Ahead| head.last_at < ahead.last_at;
        let known = shops.get(&head.shop).filter(|ahead| !was_brought_back(ahead));
        let left_us = known.map_or(0, |ahead| ahead.left_us(passed_us));
        if known.is_none() {
            shops.remove(&head.shop);
        }
        if last_us > left_us.max(USUAL_US) {
            if left_us == 0 {
                let seconds = last_us / 1_000_000;
                tracing::warn!(shop = %head.shop, seconds, "a shop's time is ahead of this clock; it goes on slower from there");
            }
            shops.insert(head.shop, Ahead { us: last_us, since_us: passed_us, last_at: head.last_at });
            self.0.any_ahead.store(true, Ordering::Relaxed);
        } else if let Some(ahead) = shops.get_mut(&head.shop) {
            ahead.last_at = head.last_at;
        }
        last_us.max(left_us).max(0) / 1_000
    }

    fn at(&self, us: i64) -> Timestamp {
        Timestamp::from_ms(us.div_euclid(1_000)).plus_ms(self.0.skew_ms)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Inner {
    /// Takes a reading in; answers the time.
    fn keep(&self, reading: Reading) -> i64 {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = *kept else {
            *kept = Some(Kept::of(reading));
            return reading.wall_us;
        };
        let after = before.next(reading);
        *kept = Some(after);
        drop(kept);
        say(before, after);
        after.us
    }

    fn shops(&self) -> MutexGuard<'_, HashMap<Id, Ahead>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says once what a clock does that nobody follows.
fn say(before: Kept, after: Kept) {
    let seconds = after.off_us / 1_000_000;
    match (before.way, after.way) {
        (Way::Doubted { .. }, Way::Doubted { .. }) => {}
        (_, Way::Doubted { .. }) => {
            tracing::error!(
                seconds,
                "the machine's clock jumped ahead; it is not followed: set it right, or start anew if it is right now"
            );
        }
        (Way::Doubted { .. }, _) => tracing::warn!("the machine's clock is followed again"),
        (Way::Followed, Way::Slowed) => {
            tracing::warn!(
                seconds = -seconds,
                "the machine's clock went back; the time goes on slower until it has caught up"
            );
        }
        (Way::Slowed, Way::Followed) => tracing::info!("the machine's clock has caught up"),
        (Way::Followed, Way::Followed) | (Way::Slowed, Way::Slowed) => {}
    }
}

/// How the time goes with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The clock tells it.
    Followed,
    /// It is ahead of the clock, by more than is usual.
    Slowed,
    /// The clock jumped ahead of it; since when, by the time that has passed.
    Doubted { since_us: i64 },
}

/// The last time that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    us: i64,
    passed_us: i64,
    way: Way,
    /// How far the clock was ahead of it, microseconds.
    off_us: i64,
}

impl Kept {
    fn of(reading: Reading) -> Self {
        Self { us: reading.wall_us, passed_us: reading.passed_us, way: Way::Followed, off_us: 0 }
    }

    /// The time at the next reading. Readings of several threads may come in another order than they
    /// were made in.
    fn next(self, reading: Reading) -> Self {
        let passed = (reading.passed_us - self.passed_us).max(0);
        let (whole, slowed) = (self.us + passed, self.us + passed * SLOWED.0 / SLOWED.1);
        let ahead = reading.wall_us - whole;
        let (us, way) = match self.way {
            Way::Doubted { since_us } if ahead > JUMP_US => {
                let stood = reading.passed_us - since_us >= STANDS_US;
                if stood && ahead < PLAUSIBLE_US { (reading.wall_us, Way::Followed) } else { (whole, self.way) }
            }
            Way::Followed | Way::Slowed if ahead > JUMP_US => (whole, Way::Doubted { since_us: reading.passed_us }),
            _ if reading.wall_us >= slowed => (reading.wall_us, Way::Followed),
            before => {
                let is_usual = before != Way::Slowed && slowed - reading.wall_us <= USUAL_US;
                (slowed, if is_usual { Way::Followed } else { Way::Slowed })
            }
        };
        Self { us, way, passed_us: reading.passed_us.max(self.passed_us), off_us: reading.wall_us - us }
    }
}

/// How far a shop's time is ahead of the clock.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    us: i64,
    since_us: i64,
    /// The shop's last command that was seen: a later one with an earlier time comes after it was brought back.
    last_at: Timestamp,
}

impl Ahead {
    /// What is left of it: the shop's time goes slower than the clock.
    fn left_us(self, passed_us: i64) -> i64 {
        let passed = (passed_us - self.since_us).max(0);
        (self.us - (passed - passed * SLOWED.0 / SLOWED.1)).max(0)
    }
}

/// Sleep counts as time that has passed where the system can tell.
#[cfg(target_os = "linux")]
const PASSED: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const PASSED: ClockId = ClockId::Monotonic;

/// Reads the machine's.
pub fn read_machine() -> Reading {
    let passed = clock_gettime(PASSED);
    Reading {
        wall_us: chrono::Utc::now().timestamp_micros(),
        passed_us: passed.tv_sec * 1_000_000 + passed.tv_nsec / 1_000,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;
    const START: i64 = 1_900_000_000 * SECOND;

    /// Reads every second `times` times, from a clock that is off by `off_us`; answers how far the time
    /// has gone.
    fn go(kept: &mut Kept, passed_us: &mut i64, off_us: i64, times: i64) -> i64 {
        let before = kept.us;
        for _ in 0..times {
            *passed_us += SECOND;
            *kept = kept.next(Reading { wall_us: START + *passed_us + off_us, passed_us: *passed_us });
        }
        kept.us - before
    }

    #[test]
    fn a_jump_is_not_followed() {
        for (name, off_s, seconds, goes_s) in [
            ("none", 0, 100, 100),
            ("a step as NTP makes it", 4, 100, 104),
            ("a step back", -4, 100, 96),
            ("ahead, for less than a minute", 6, 60, 60),
            ("ahead, and it stays", 6, 61, 67),
            ("ahead by nearly an hour, and it stays", 3_599, 61, 61 + 3_599),
            ("ahead by an hour", 3_600, 100_000, 100_000),
            ("ahead by a year", 365 * 86_400, 100_000, 100_000),
            ("back by an hour", -3_600, 2 * 3_600, 2 * 3_600 * 3 / 4),
            ("back by an hour, until the clock has caught up", -3_600, 4 * 3_600, 3 * 3_600),
            ("back by an hour, long after", -3_600, 5 * 3_600, 4 * 3_600),
        ] {
            let (mut kept, mut passed_us) = (Kept::of(Reading { wall_us: START, passed_us: 0 }), 0);
            let went = go(&mut kept, &mut passed_us, off_s * SECOND, seconds);
            assert_eq!(went / SECOND, goes_s, "{name}");
        }
    }

    #[test]
    fn a_jump_there_and_back_leaves_no_trace() {
        for off_s in [6, 3_600, 365 * 86_400] {
            let (mut kept, mut passed_us) = (Kept::of(Reading { wall_us: START, passed_us: 0 }), 0);
            go(&mut kept, &mut passed_us, off_s * SECOND, 50);
            go(&mut kept, &mut passed_us, 0, 50);
            assert_eq!((kept.us, kept.way), (START + 100 * SECOND, Way::Followed));
        }
    }

    proptest! {
        #[test]
        fn the_time_never_goes_back_and_never_jumps_by_an_hour(
            steps in prop::collection::vec((0i64..10 * SECOND, -40_000_000_000i64..40_000_000_000), 1..60)
        ) {
            let (mut kept, mut passed_us) = (Kept::of(Reading { wall_us: START, passed_us: 0 }), 0);
            for (passes, off_us) in steps {
                passed_us += passes;
                let after = kept.next(Reading { wall_us: START + passed_us + off_us, passed_us });
                let went = after.us - kept.us;
                prop_assert!(went >= passes * 3 / 4 && went < passes + PLAUSIBLE_US, "{kept:?} {after:?}");
                kept = after;
            }
        }
    }

    fn head(last_at: Timestamp) -> ShopHead {
        let shop = Id::of("shp", &["a"]);
        ShopHead {
            id: shop,
            shop,
            version: 1,
            seq: 0,
            last_at,
            clock_offset_ms: 0,
            counted: String::new(),
            tallied: String::new(),
            owing: String::new(),
        }
    }

    /// A clock at `START` whose time that has passed is told by the test.
    fn told() -> (Clock, Arc<std::sync::atomic::AtomicI64>) {
        let passed = Arc::new(std::sync::atomic::AtomicI64::new(0));
        let told = passed.clone();
        let read = move || {
            let passed_us = told.load(Ordering::Relaxed);
            Reading { wall_us: START + passed_us, passed_us }
        };
        (Clock::told_by(read, 0), passed)
    }

    #[test]
    fn a_shop_that_is_ahead_goes_on_slower_from_there() {
        let (clock, passed) = told();
        let hour = clock.now().plus_ms(3_600_000);
        assert_eq!(clock.times(&head(hour), clock.now()).at, hour);
        passed.store(4 * SECOND, Ordering::Relaxed);
        let times = clock.times(&head(hour), clock.now());
        assert_eq!((times.at, times.real_at), (hour.plus_ms(3_000), hour.plus_ms(3_000)));
        assert_eq!(clock.shops_ahead(), [(head(hour).shop, hour.plus_ms(3_000))]);
        // The command was written; the next one goes on from it.
        passed.store(8 * SECOND, Ordering::Relaxed);
        assert_eq!(clock.times(&head(hour.plus_ms(3_000)), clock.now()).at, hour.plus_ms(6_000));
        passed.store(5 * 3_600 * SECOND, Ordering::Relaxed);
        assert_eq!(clock.shops_ahead(), []);
        assert_eq!(clock.times(&head(hour), clock.now()).at, clock.now(), "the clock has caught up");
    }

    #[test]
    fn a_shop_that_was_brought_back_is_ahead_no_more() {
        let (clock, _) = told();
        clock.times(&head(clock.now().plus_ms(3_600_000)), clock.now());
        let now = clock.now();
        assert_eq!(clock.times(&head(now), now).at, now);
        assert_eq!(clock.shops_ahead(), []);
    }
}
