//! Brings a shop's time back to the real one: somebody wrote in it whose clock was ahead. What
//! happened keeps the date that it was given; what waits is brought back by
//! [`BringBack`](super::bring_back::BringBack).

use serde::{Deserialize, Serialize};

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::{Id, ShopHead, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views::View;
use crate::world::Stop;

/// To which time; only whoever has the database asks for it.
#[derive(Clone, Debug)]
pub struct RewindClock {
    /// The real time.
    pub now: Timestamp,
}

/// What was done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rewound {
    /// The shop's time before.
    pub before: Timestamp,
    /// Its time now.
    pub now: Timestamp,
}

impl View for Rewound {
    fn subject(&self) -> Option<Id> {
        None
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &RewindClock) -> Result<Answer, Stop> {
    let mut head = (*draft.expect::<ShopHead>(draft.shop.id)?).clone();
    let (before, now) = (head.last_at, command.now.plus_ms(head.clock_offset_ms));
    if before <= now {
        return Err(Rejection::new(Code::IllegalTransition, "The shop's time is not ahead of the clock.").into());
    }
    draft.audit("rewind_clock", draft.shop.id, Some(&format!("from {before} to {now}")));
    head.last_at = now;
    draft.rewind(head);
    Ok(Answer::ok(&Rewound { before, now }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::bench::Bench;

    #[test]
    fn only_a_time_that_is_ahead_is_brought_back() {
        let mut bench = Bench::new();
        let real = bench.at;
        bench.change::<ShopHead>(bench.shop, |head| head.clock_offset_ms = 5_000);
        for (ahead_ms, refused) in [(0, true), (5_000, true), (5_001, false), (400 * 86_400_000, false)] {
            bench.at = real.plus_ms(ahead_ms);
            bench.change::<ShopHead>(bench.shop, |head| head.last_at = real.plus_ms(ahead_ms));
            let outcome = bench.decide(RewindClock { now: real });
            assert_eq!(outcome.is_err(), refused, "{ahead_ms}");
            let last_at = if refused { real.plus_ms(ahead_ms) } else { real.plus_ms(5_000) };
            assert_eq!(bench.get::<ShopHead>(bench.shop).last_at, last_at);
        }
    }
}
