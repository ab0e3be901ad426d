//! Moves the clock of a test shop forward, so that a test need not wait for days.

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::draft::Draft;
use crate::records::shop::Mode;
use crate::records::time::DAY_MS;
use crate::records::{ShopHead, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The furthest a step may lead, days: a hundred years.
const STEP_DAYS: i64 = 36_525;

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

/// Decides it. A clock only goes forward: what happened cannot lie in the future.
pub fn decide(draft: &mut Draft<'_>, command: &MoveClock) -> Result<Answer, Stop> {
    if draft.shop.mode != Mode::Test {
        return Err(Rejection::new(Code::Forbidden, "Only the clock of a test shop can be moved.").into());
    }
    let step_ms = match (command.advance_days, command.now) {
        (Some(days), None) if (0..=STEP_DAYS).contains(&days) => days * DAY_MS,
        (Some(_), None) => {
            return Err(Rejection::field("/advance_days", format!("0 to {STEP_DAYS} days are expected")).into());
        }
        (None, Some(now)) if now >= draft.at() => now.ms() - draft.at().ms(),
        (None, Some(_)) => {
            let now = draft.at();
            return Err(Rejection::field("/now", format!("an instant from {now} on is expected")).into());
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
