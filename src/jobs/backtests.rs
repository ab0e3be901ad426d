//! Back-tests: what an offer would have done takes as long as many came. They are asked a page at a time, each page
//! in a snapshot of its own, so that it takes no more memory for a million than for a hundred.

use serde::Serialize;

use super::inquiries::{Inquiry, Note};
use crate::decide::draft::Draft;
use crate::decide::offers::backtest::{self, Report, Tallied, Tally, Trial};
use crate::engine::{Engine, Failure, Onlooker};
use crate::records::time::DAY_MS;
use crate::records::{Id, Timestamp};
use crate::store::connection::Use;
use crate::store::queries::arrivals;
use crate::store::{Connection, StoreError, StoreResult, Target};

/// People who are judged at once.
const PAGE: usize = 200;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Arrivals and sharers that were looked at.
    pub done: i64,
    /// Those that there are to look at.
    pub total: i64,
}

/// Where they are found, and who judges them.
pub struct Backtests {
    /// The database.
    pub target: Target,
    /// The engine.
    pub engine: Engine,
}

impl Inquiry for Backtests {
    const NAME: &'static str = "back-tests";
    type Question = Trial;
    type Progress = Progress;
    type Report = Report;

    fn key(trial: &Trial) -> String {
        format!("{trial:?}")
    }

    fn work_out(&self, trial: &Trial, note: Note<'_, Progress>) -> StoreResult<Report> {
        let connection = self.target.connect(Use::Read)?;
        let mut onlooker = self.engine.onlooker();
        let now = onlooker.ask(trial.shop, |draft| Ok(draft.at())).map_err(failed)?;
        let from = now.plus_ms(-trial.days * DAY_MS);
        Run { trial, from, connection, onlooker, tally: Tally::default() }.tally(note)
    }
}

struct Run<'t> {
    trial: &'t Trial,
    from: Timestamp,
    connection: Connection,
    onlooker: Onlooker,
    tally: Tally,
}

impl Run<'_> {
    fn tally(mut self, note: Note<'_, Progress>) -> StoreResult<Report> {
        let (shop, from) = (self.trial.shop, self.from);
        let mut progress = Progress::default();
        if self.trial.is_of_arrivals() {
            progress.total += arrivals::count(&mut self.connection, shop, from)?;
        }
        if self.trial.is_of_sharers() {
            progress.total += arrivals::count_sharers(&mut self.connection, shop)?;
        }
        let mut step = |looked_at: usize| {
            progress.done += i64::try_from(looked_at).unwrap_or(i64::MAX);
            progress.total = progress.total.max(progress.done);
            let broken_off = || StoreError::Failed("the back-test was broken off".into());
            note(progress).is_continue().then_some(()).ok_or_else(broken_off)
        };
        step(0)?;
        if self.trial.is_of_arrivals() {
            let mut behind = None;
            loop {
                let page = arrivals::page(&mut self.connection, shop, from, behind, PAGE)?;
                let Some(last) = page.last() else { break };
                behind = Some((last.created_at, last.id));
                let looked_at = page.len();
                let ours: Vec<_> = page.into_iter().filter(|one| one.program == self.trial.program).collect();
                self.ask(move |draft, trial| backtest::arrivals(draft, trial, &ours))?;
                step(looked_at)?;
            }
        }
        if self.trial.is_of_sharers() {
            let mut behind = None;
            loop {
                let page = arrivals::sharers(&mut self.connection, shop, behind, PAGE)?;
                let Some((last, _)) = page.last() else { break };
                behind = Some(*last);
                let looked_at = page.len();
                let lately: Vec<Id> = page.into_iter().filter(|(_, at)| *at >= from).map(|(id, _)| id).collect();
                self.ask(move |draft, trial| backtest::sharers(draft, trial, &lately))?;
                step(looked_at)?;
            }
        }
        Ok(self.tally.view(self.trial))
    }

    fn ask(&mut self, judge: impl Fn(&mut Draft<'_>, &Trial) -> Tallied + Send + 'static) -> StoreResult<()> {
        let trial = self.trial.clone();
        let tally = self.onlooker.ask(self.trial.shop, move |draft| judge(draft, &trial));
        self.tally.add(tally.map_err(failed)?);
        Ok(())
    }
}

fn failed(failure: Failure) -> StoreError {
    StoreError::Failed(format!("nobody could be judged: {failure:?}"))
}
