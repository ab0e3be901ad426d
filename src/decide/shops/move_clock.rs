//! Moves the clock of a test shop forward, so that a test need not wait for days.

use serde::{Deserialize, Serialize};

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::records::shop::Mode;
use crate::records::time::DAY_MS;
use crate::records::{Id, ShopHead, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::views::View;
use crate::world::Stop;

/// The furthest a step may lead, days.
const STEP_DAYS: i64 = 3_650;

/// Where the clock is moved to: one of the two.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveClock {
    /// By so many times 24 hours.
    pub advance_days: Option<i64>,
    /// To this instant.
    pub now: Option<Timestamp>,
}

/// The shop's time.
#[derive(Serialize)]
struct Moved {
    now: Timestamp,
}

impl View for Moved {
    fn subject(&self) -> Option<Id> {
        None
    }
}

/// Decides it. A clock only goes forward: what happened cannot lie in the future.
pub fn decide(draft: &mut Draft<'_>, command: &MoveClock) -> Result<Answer, Stop> {
    if draft.shop.mode != Mode::Test {
        return Err(Rejection::new(Code::IllegalTransition, "Only the clock of a test shop can be moved.").into());
    }
    let step_ms = match (command.advance_days, command.now) {
        (Some(days), None) if (0..=STEP_DAYS).contains(&days) => days * DAY_MS,
        (Some(_), None) => {
            return Err(Rejection::field("/advance_days", format!("0 to {STEP_DAYS} days are expected")).into());
        }
        (None, Some(now)) if now >= draft.at() => now.ms() - draft.at().ms(),
        (None, Some(_)) => {
            let detail = format!("The shop's time is {} and does not go back; give a later instant.", draft.at());
            return Err(Rejection::at(Code::IllegalTransition, "/now", detail).into());
        }
        _ => return Err(Rejection::field("/advance_days", "either advance_days or now is expected").into()),
    };
    let now = draft.at().plus_ms(step_ms);
    let mut head = (*draft.expect::<ShopHead>(draft.shop.id)?).clone();
    head.clock_offset_ms += now.ms() - draft.at().ms();
    head.last_at = now;
    draft.save(head);
    draft.audit("move_clock", draft.shop.id, None);
    Ok(Answer::ok(&Moved { now }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::bench::Bench;
    use crate::records::Shop;

    fn bench(mode: Mode) -> Bench {
        let mut bench = Bench::new();
        let shop = Shop { mode, ..(*bench.get::<Shop>(bench.shop)).clone() };
        bench.put(shop);
        bench
    }

    fn by_days(days: i64) -> MoveClock {
        MoveClock { advance_days: Some(days), now: None }
    }

    #[test]
    fn the_clock_of_a_test_shop_goes_forward() {
        let mut bench = bench(Mode::Test);
        let start = bench.at;
        bench.decide(by_days(3)).expect("forward");
        let head = bench.get::<ShopHead>(bench.shop);
        assert_eq!((head.clock_offset_ms, head.last_at), (3 * DAY_MS, start.plus_days(3)));
    }

    #[test]
    fn no_clock_goes_back_and_a_live_one_not_at_all() {
        let mut bench = bench(Mode::Test);
        let earlier = MoveClock { advance_days: None, now: Some(bench.at.plus_ms(-1)) };
        for (command, code) in [
            (by_days(-1), Code::InvalidField),
            (by_days(STEP_DAYS + 1), Code::InvalidField),
            (earlier, Code::IllegalTransition),
            (MoveClock { advance_days: None, now: None }, Code::InvalidField),
            (MoveClock { advance_days: Some(1), now: Some(bench.at) }, Code::InvalidField),
        ] {
            assert_eq!(bench.decide(command).expect_err("refused").code, code);
        }
        let refused = self::bench(Mode::Live).decide(by_days(1)).expect_err("refused");
        assert_eq!(refused.code, Code::IllegalTransition);
    }
}
