//! `grapevine migrate`

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::json;

use super::beside::unreachable;
use super::{Outcome, complain};
use crate::config::Config;
use crate::store::connection::Use;
use crate::store::migrate::migrate;
use crate::store::{Connection, StoreResult, Target, day_fill, event_rows};

/// How long it works without a word.
const QUIET: Duration = Duration::from_secs(3);

/// Between two looks whether a server that has not noticed yet wrote some.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(clap::Args)]
pub(super) struct Migrate {
    /// Bring what is stored into the form of this release as well, beside running servers
    ///
    /// Only when no process of the release before runs any more: it would not find what then comes. It can be broken
    /// off, and goes on where it was.
    #[arg(long)]
    finish: bool,
}

impl Migrate {
    pub(super) fn run(self, config: &Config) -> anyhow::Result<Outcome> {
        let target = &config.database.target;
        let done = migrate(target).with_context(|| unreachable(target))?;
        let text = match done {
            0 => "The schema is up to date.".to_owned(),
            done => format!("{done} migrations were run; the schema is up to date."),
        };
        if !self.finish {
            let is_finished = is_finished(target).with_context(|| unreachable(target))?;
            let hint = if is_finished {
                ""
            } else {
                " `grapevine migrate --finish` brings what is stored into its form, once no process of the release before runs."
            };
            return Ok(Outcome::done(json!({ "migrations": done, "finished": is_finished }), text + hint));
        }
        let (moved, counted) = finish(target).with_context(|| unreachable(target))?;
        let text = format!(
            "{text} {moved} events were brought into pages, and {counted} records into the counters of days; what is stored has the form of this release."
        );
        Ok(Outcome::done(json!({ "migrations": done, "events": moved, "counted": counted, "finished": true }), text))
    }
}

fn is_finished(target: &Target) -> StoreResult<bool> {
    let mut connection = target.connect(Use::Read)?;
    Ok(event_rows::are_finished(&mut connection)? && day_fill::is_finished(&mut connection)?)
}

/// Brings events into pages, and counts what is to be counted by day; answers how many of each.
fn finish(target: &Target) -> StoreResult<(i64, i64)> {
    let mut connection = target.connect(Use::Tool)?;
    let moved = gather_events(&mut connection)?;
    Ok((moved, count_days(&mut connection)?))
}

fn count_days(connection: &mut Connection) -> StoreResult<i64> {
    let (mut counted, mut said) = (0, Instant::now());
    day_fill::begin(connection)?;
    while let Some(some) = day_fill::count_some(connection)? {
        counted += i64::try_from(some).unwrap_or(i64::MAX);
        if said.elapsed() > QUIET {
            complain(&format!("{counted} records are in the counters of days"));
            said = Instant::now();
        }
    }
    Ok(counted)
}

/// Brings events into pages; answers how many.
fn gather_events(connection: &mut Connection) -> StoreResult<i64> {
    let is_new = event_rows::end(connection)?;
    let (total, mut moved, mut said) = (event_rows::count(connection)?, 0, Instant::now());
    // On SQLite no other process serves than one that knows it already.
    let waits = if (is_new || total > 0) && connection.is_postgres() { event_rows::NOTICED } else { Duration::ZERO };
    let begun = Instant::now();
    loop {
        let some = event_rows::move_some(connection)?;
        if some == 0 && begun.elapsed() >= waits && event_rows::are_finished(connection)? {
            return Ok(moved);
        }
        if some == 0 {
            std::thread::sleep(PAUSE);
        }
        moved += i64::try_from(some).unwrap_or(i64::MAX);
        if said.elapsed() > QUIET {
            complain(&format!("{moved} of {} events are in pages", total.max(moved)));
            said = Instant::now();
        }
    }
}
