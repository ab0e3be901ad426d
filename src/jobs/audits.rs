//! Audits: proving a shop's books takes as long as they are large, so it is done in the background, one shop
//! after the other, by one thread with a connection of its own. Whoever asks waits a moment for it, joins one
//! that is under way, or asks again later.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::records::Id;
use crate::store::connection::Use;
use crate::store::verify::{Progress, Report, verify_with};
use crate::store::{StoreError, StoreResult, Target};

/// How long whoever asks waits for the report.
const MOMENT: Duration = Duration::from_secs(2);
/// How long a report is kept that nobody came for.
const KEPT: Duration = Duration::from_secs(600);

/// What is known of an audit.
#[derive(Clone, Debug)]
pub enum Audit {
    /// It is under way.
    UnderWay(Progress),
    /// What it found, or why it broke off.
    Over(Result<Arc<Report>, String>, Instant),
}

/// The audits of this process.
pub struct Audits {
    target: Target,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    runs: BTreeMap<Id, watch::Sender<Audit>>,
    waiting: VecDeque<Id>,
    is_at_work: bool,
    is_closed: bool,
}

impl Audits {
    /// None yet.
    pub fn new(target: Target) -> Arc<Self> {
        Arc::new(Self { target, state: Mutex::default() })
    }

    /// The books of a shop as they are now: the report, or how far it is. A report that is over and was told is
    /// forgotten; who asks then has a new one made.
    pub async fn ask(self: &Arc<Self>, shop: Id) -> StoreResult<Audit> {
        let mut run = self.join(shop)?;
        let over = run.wait_for(|audit| matches!(audit, Audit::Over(..)));
        if let Ok(Err(_)) = tokio::time::timeout(MOMENT, over).await {
            return Err(StoreError::Failed("the audit was broken off".into()));
        }
        let known = run.borrow().clone();
        if matches!(known, Audit::Over(..)) {
            self.lock().runs.retain(|other, sender| *other != shop || !sender.subscribe().same_channel(&run));
        }
        Ok(known)
    }

    /// Begins no more, and breaks off what is under way after its step.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.waiting.clear();
    }

    /// The run of a shop that is under way or that nobody came for, or a new one.
    fn join(self: &Arc<Self>, shop: Id) -> StoreResult<watch::Receiver<Audit>> {
        let mut state = self.lock();
        state.runs.retain(|_, run| match &*run.borrow() {
            Audit::Over(_, at) => at.elapsed() < KEPT,
            Audit::UnderWay(_) => true,
        });
        let joined = match state.runs.get(&shop) {
            Some(run) => run.subscribe(),
            None => {
                let (run, joined) = watch::channel(Audit::UnderWay(Progress::default()));
                state.runs.insert(shop, run);
                state.waiting.push_back(shop);
                joined
            }
        };
        if !state.is_at_work && !state.waiting.is_empty() {
            let own = self.clone();
            let thread = std::thread::Builder::new().name("audits".into()).spawn(move || own.work());
            thread.map_err(|error| StoreError::Failed(format!("a thread for audits: {error}")))?;
            state.is_at_work = true;
        }
        Ok(joined)
    }

    fn work(&self) {
        while let Some(shop) = self.next() {
            let audited = catch_unwind(AssertUnwindSafe(|| self.audit(shop)));
            let outcome = match audited {
                Ok(Ok(report)) => Ok(Arc::new(report)),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("it panicked".to_owned()),
            };
            if let Err(error) = &outcome {
                tracing::warn!(error, %shop, "an audit was broken off");
            }
            self.tell(shop, Audit::Over(outcome, Instant::now()));
        }
    }

    fn next(&self) -> Option<Id> {
        let mut state = self.lock();
        let next = state.waiting.pop_front();
        state.is_at_work = next.is_some();
        next
    }

    fn audit(&self, shop: Id) -> StoreResult<Report> {
        let mut connection = self.target.connect(Use::Read)?;
        verify_with(&mut connection, Some(shop), |progress| {
            self.tell(shop, Audit::UnderWay(progress));
            if self.lock().is_closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    fn tell(&self, shop: Id, audit: Audit) {
        if let Some(run) = self.lock().runs.get(&shop) {
            run.send_replace(audit);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
