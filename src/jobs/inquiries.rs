//! Questions whose answer takes long: each is worked out in the background, one after the other, by one thread with a
//! connection of its own. Whoever asks waits a moment for it, joins one that is under way, or asks again later.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::store::{StoreError, StoreResult};

/// How long whoever asks waits for the report.
const MOMENT: Duration = Duration::from_secs(2);
/// How long a report is kept that nobody came for.
const KEPT: Duration = Duration::from_secs(600);
/// Questions that may wait.
const WAITING: usize = 256;

/// Who is told how far it is, and says whether to go on.
pub type Note<'n, P> = &'n mut dyn FnMut(P) -> ControlFlow<()>;

/// A kind of question.
pub trait Inquiry: Send + Sync + Sized + 'static {
    /// What the thread is called.
    const NAME: &'static str;
    /// What is asked.
    type Question: Clone + Send;
    /// How far it is.
    type Progress: Clone + Default + Send + Sync;
    /// What was found.
    type Report: Send + Sync;

    /// What makes it the same question.
    fn key(question: &Self::Question) -> String;

    /// Works it out; `note` may break it off, which is an error.
    fn work_out(&self, question: &Self::Question, note: Note<'_, Self::Progress>) -> StoreResult<Self::Report>;
}

/// What is known of a question.
pub enum Known<I: Inquiry> {
    /// It is under way.
    UnderWay(I::Progress),
    /// What was found, or why it broke off.
    Over(Result<Arc<I::Report>, String>, Instant),
}

impl<I: Inquiry> Clone for Known<I> {
    fn clone(&self) -> Self {
        match self {
            Self::UnderWay(progress) => Self::UnderWay(progress.clone()),
            Self::Over(outcome, at) => Self::Over(outcome.clone(), *at),
        }
    }
}

/// The questions of this process.
pub struct Inquiries<I: Inquiry> {
    inquiry: I,
    state: Mutex<State<I>>,
}

struct State<I: Inquiry> {
    runs: BTreeMap<String, watch::Sender<Known<I>>>,
    waiting: VecDeque<I::Question>,
    is_at_work: bool,
    is_closed: bool,
}

impl<I: Inquiry> Inquiries<I> {
    /// None yet.
    pub fn new(inquiry: I) -> Arc<Self> {
        let state = State { runs: BTreeMap::new(), waiting: VecDeque::new(), is_at_work: false, is_closed: false };
        Arc::new(Self { inquiry, state: Mutex::new(state) })
    }

    /// The answer as it is now: the report, or how far it is; `None`: too many wait. A report that is over and was told
    /// is forgotten; who asks then has a new one made.
    pub async fn ask(self: &Arc<Self>, question: I::Question) -> StoreResult<Option<Known<I>>> {
        let key = I::key(&question);
        let Some(mut run) = self.join(&key, question)? else { return Ok(None) };
        let over = run.wait_for(|known| matches!(known, Known::Over(..)));
        if let Ok(Err(_)) = tokio::time::timeout(MOMENT, over).await {
            return Err(StoreError::Failed(format!("{} were broken off", I::NAME)));
        }
        let known = run.borrow().clone();
        if matches!(known, Known::Over(..)) {
            self.lock().runs.retain(|other, sender| *other != key || !sender.subscribe().same_channel(&run));
        }
        Ok(Some(known))
    }

    /// Begins no more, and breaks off what is under way after its step.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.waiting.clear();
    }

    /// The run that is under way or that nobody came for, or a new one.
    fn join(self: &Arc<Self>, key: &str, question: I::Question) -> StoreResult<Option<watch::Receiver<Known<I>>>> {
        let mut state = self.lock();
        state.runs.retain(|_, run| match &*run.borrow() {
            Known::Over(_, at) => at.elapsed() < KEPT,
            Known::UnderWay(_) => true,
        });
        let joined = match state.runs.get(key) {
            Some(run) => run.subscribe(),
            None if state.waiting.len() >= WAITING => return Ok(None),
            None => {
                let (run, joined) = watch::channel(Known::UnderWay(I::Progress::default()));
                state.runs.insert(key.to_owned(), run);
                state.waiting.push_back(question);
                joined
            }
        };
        if !state.is_at_work && !state.waiting.is_empty() {
            let own = self.clone();
            let thread = std::thread::Builder::new().name(I::NAME.into()).spawn(move || own.work());
            thread.map_err(|error| StoreError::Failed(format!("a thread for {}: {error}", I::NAME)))?;
            state.is_at_work = true;
        }
        Ok(Some(joined))
    }

    fn work(&self) {
        while let Some(question) = self.next() {
            let key = I::key(&question);
            let worked_out = catch_unwind(AssertUnwindSafe(|| self.work_out(&key, &question)));
            let outcome = match worked_out {
                Ok(Ok(report)) => Ok(Arc::new(report)),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("it panicked".to_owned()),
            };
            if let Err(error) = &outcome {
                tracing::warn!(error, what = I::NAME, "a long question was broken off");
            }
            self.tell(&key, Known::Over(outcome, Instant::now()));
        }
    }

    fn next(&self) -> Option<I::Question> {
        let mut state = self.lock();
        let next = state.waiting.pop_front();
        state.is_at_work = next.is_some();
        next
    }

    fn work_out(&self, key: &str, question: &I::Question) -> StoreResult<I::Report> {
        self.inquiry.work_out(question, &mut |progress| {
            self.tell(key, Known::UnderWay(progress));
            if self.lock().is_closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    fn tell(&self, key: &str, known: Known<I>) {
        if let Some(run) = self.lock().runs.get(key) {
            run.send_replace(known);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<I>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
