//! Whether the clock of a machine can be right, before anything is written by it: it goes with that of
//! the database's machine, and comes not long after the last that was written.

use super::Clock;
use crate::records::Timestamp;
use crate::records::time::DAY_MS;
use crate::store::connection::Use;
use crate::store::{Connection, StoreError, StoreResult, Target, clocks};

/// What the clocks of the machine and of the database may differ by, milliseconds.
const APART_MS: i64 = 60_000;
/// After so long without a write, somebody says that the clock is right.
const LONG_MS: i64 = 31 * DAY_MS;

/// Why a clock is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Distrust {
    /// The database's clock shows another time.
    #[error(
        "the clock of this machine shows {shown}, that of the database {database}: set them right, within a minute of \
         each other, for example by NTP"
    )]
    Database {
        /// The machine's.
        shown: Timestamp,
        /// The database's.
        database: Timestamp,
    },
    /// It shows a time long after the last that was written.
    #[error(
        "the clock of this machine shows {shown}, {days} days after the last that was written: if it is wrong, set it \
         right; if it is right, say so once with `grapevine clock trust`"
    )]
    LongAfter {
        /// The machine's.
        shown: Timestamp,
        /// Days since.
        days: i64,
    },
    /// The database does not tell.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the clocks show.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// The machine's.
    pub shown: Timestamp,
    /// That of the database's machine, where it has one.
    pub database: Option<Timestamp>,
    /// When something was written last.
    pub newest: Option<Timestamp>,
}

impl State {
    /// What speaks against the machine's clock.
    pub fn distrust(&self) -> Option<Distrust> {
        let shown = self.shown;
        if let Some(database) = self.database.filter(|database| (shown.ms() - database.ms()).abs() > APART_MS) {
            return Some(Distrust::Database { shown, database });
        }
        let since_ms = shown.ms() - self.newest?.ms();
        (since_ms > LONG_MS).then_some(Distrust::LongAfter { shown, days: since_ms / DAY_MS })
    }
}

/// Looks at the clocks.
pub fn state(connection: &mut Connection, clock: &Clock) -> StoreResult<State> {
    let newest = clocks::newest(connection)?;
    let database = clocks::own(connection)?;
    Ok(State { shown: clock.shown(), database, newest })
}

/// The clock of the machine, set off by some milliseconds, if it can be right for a database whose schema
/// is up to date.
pub fn trusted(target: &Target, skew_ms: i64) -> Result<Clock, Distrust> {
    let clock = Clock::machine(skew_ms);
    let state = state(&mut target.connect(Use::Read)?, &clock)?;
    state.distrust().map_or(Ok(clock), Err)
}

/// The clock learns which shops are ahead of it.
pub(super) fn note_shops_ahead(target: &Target, clock: &Clock) -> StoreResult<()> {
    let now = clock.now();
    for head in clocks::shops_ahead(&mut target.connect(Use::Read)?, now)? {
        clock.times(&head, now);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_believed_that_goes_with_others() {
        let second = |second: i64| Timestamp::from_ms(1_900_000_000_000 + second * 1_000);
        let day = 86_400;
        for (database, newest, believed) in [
            (None, None, true),
            (Some(0), None, true),
            (Some(60), Some(0), true),
            (Some(-60), Some(0), true),
            (Some(61), Some(0), false),
            (Some(-61), None, false),
            (None, Some(-31 * day), true),
            (None, Some(-31 * day - 1), false),
            (Some(0), Some(-32 * day), false),
            (None, Some(400 * day), true),
        ] {
            let state = State { shown: second(0), database: database.map(second), newest: newest.map(second) };
            assert_eq!(state.distrust().is_none(), believed, "{state:?}");
        }
    }
}
