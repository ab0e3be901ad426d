//! How often each of a crowd did something lately: two counters for each, and never more than so many of
//! them, whoever comes. Knows nothing of what it was that they did.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// So many are remembered: some 5 MB.
const REMEMBERED: usize = 50_000;
/// When there is no room, room is made for so many.
const ROOM: usize = REMEMBERED / 4;

/// One of the crowd: a keyed hash.
pub type Name = [u8; 16];

/// How often one may do it: so often within so long, and so often within longer.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Within the short window.
    pub short: (u32, Duration),
    /// Within the long one.
    pub long: (u32, Duration),
}

impl Most {
    /// So many times as often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        let more = |(most, span): (u32, Duration)| (most.saturating_mul(times), span);
        Self { short: more(self.short), long: more(self.long) }
    }
}

/// A window that begins with what is first counted in it.
#[derive(Clone, Copy, Debug)]
struct Window {
    began: Instant,
    count: u32,
}

impl Window {
    /// What is counted in it at an instant.
    fn count_at(&self, now: Instant, span: Duration) -> u32 {
        if now.saturating_duration_since(self.began) < span { self.count } else { 0 }
    }

    /// Counts; answers the count where it came to the most just now.
    fn add(&mut self, more: u32, (most, span): (u32, Duration), now: Instant) -> Option<u32> {
        let before = self.count_at(now, span);
        if before == 0 {
            self.began = now;
        }
        self.count = before.saturating_add(more);
        (before < most && self.count >= most).then_some(self.count)
    }

    /// How long until it is over, where it is full.
    fn wait(&self, (most, span): (u32, Duration), now: Instant) -> Option<Duration> {
        let is_full = self.count_at(now, span) >= most;
        is_full.then(|| span.saturating_sub(now.saturating_duration_since(self.began)))
    }
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    short: Window,
    long: Window,
}

/// A crowd.
#[derive(Default)]
pub struct Crowd {
    counted: HashMap<Name, Counted>,
    swept_at: Option<Instant>,
}

impl Crowd {
    /// How long one must wait; `None`: not at all.
    pub fn wait(&mut self, name: Name, most: Most, now: Instant) -> Option<Duration> {
        self.forget(most, now);
        let counted = self.counted.get(&name)?;
        counted.short.wait(most.short, now).max(counted.long.wait(most.long, now))
    }

    /// Counts what one did; answers how often it was, and within how long, where a window is full just now.
    pub fn add(&mut self, name: Name, more: u32, most: Most, now: Instant) -> Option<(u32, Duration)> {
        self.forget(most, now);
        let begun = Window { began: now, count: 0 };
        let counted = self.counted.entry(name).or_insert(Counted { short: begun, long: begun });
        let (short, long) = (counted.short.add(more, most.short, now), counted.long.add(more, most.long, now));
        let full = |count: Option<u32>, span: Duration| count.map(|count| (count, span));
        full(long, most.long.1).or(full(short, most.short.1))
    }

    /// Takes back one that was counted and came to nothing.
    pub fn take_back(&mut self, name: Name) {
        if let Some(counted) = self.counted.get_mut(&name) {
            counted.short.count = counted.short.count.saturating_sub(1);
            counted.long.count = counted.long.count.saturating_sub(1);
        }
    }

    /// Forgets whose time is over, now and then. Where there are too many still, those go who need not wait,
    /// and then those who came first.
    fn forget(&mut self, most: Most, now: Instant) {
        let is_full = self.counted.len() >= REMEMBERED;
        let is_due = self.swept_at.is_none_or(|at| now.saturating_duration_since(at) >= most.short.1);
        if !is_full && !is_due {
            return;
        }
        self.swept_at = Some(now);
        self.counted.retain(|_, counted| counted.long.count_at(now, most.long.1) > 0);
        if self.counted.len() > REMEMBERED - ROOM {
            let waits = |counted: &Counted| counted.short.wait(most.short, now).max(counted.long.wait(most.long, now));
            self.counted.retain(|_, counted| waits(counted).is_some());
        }
        if self.counted.len() > REMEMBERED - ROOM {
            let mut began: Vec<Instant> = self.counted.values().map(|counted| counted.long.began).collect();
            let (_, middle, _) = began.select_nth_unstable(ROOM);
            let middle = *middle;
            self.counted.retain(|_, counted| counted.long.began > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Most = Most { short: (10, Duration::from_secs(60)), long: (50, Duration::from_secs(3600)) };

    fn name(number: u128) -> Name {
        number.to_be_bytes()
    }

    #[test]
    fn however_many_come_so_many_are_remembered() {
        let start = Instant::now();
        for misses in [1, 10] {
            let mut crowd = Crowd::default();
            for number in 0..200_000u32 {
                let now = start + Duration::from_millis(u64::from(number));
                crowd.add(name(u128::from(number)), misses, MOST, now);
                assert!(crowd.counted.len() <= REMEMBERED);
            }
        }
    }

    #[test]
    fn who_must_wait_is_remembered_before_those_who_need_not() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        crowd.add(name(0), 10, MOST, now);
        for number in 1..200_000 {
            crowd.add(name(number), 1, MOST, now);
        }
        assert!(crowd.wait(name(0), MOST, now).is_some());
    }

    #[test]
    fn after_an_hour_one_is_forgotten() {
        let (mut crowd, start) = (Crowd::default(), Instant::now());
        crowd.add(name(0), 50, MOST, start);
        let later = start + Duration::from_secs(3600);
        assert_eq!(crowd.wait(name(1), MOST, later), None);
        assert!(crowd.counted.is_empty(), "whoever asks");
    }

    #[test]
    fn a_window_that_is_full_is_told_once() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        let told: Vec<_> = (0..60).filter_map(|_| crowd.add(name(0), 1, MOST, now)).collect();
        assert_eq!(told, [(10, Duration::from_secs(60)), (50, Duration::from_secs(3600))]);
    }
}
