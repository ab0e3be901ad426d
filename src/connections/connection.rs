//! One connection: what it is doing, whether it keeps us waiting, and how much of it is taken at once.
//!
//! Knows no socket and no clock: [`stream`](super::stream) asks before it reads and tells what it did.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use super::Terms;
use super::end::End;

/// Bytes of a head, with all its headers.
pub const HEAD_BYTES: usize = 32_768;
/// Bytes that are taken at once before a request has begun.
const HEAD_TURN: usize = 2_048;
/// Bytes of a body that are taken before somebody asks for more of it.
const BODY_AHEAD: usize = 16_384;
/// How long is listened to one who was told that we close.
pub const PARTING: Duration = Duration::from_secs(1);

/// Whether the next bytes may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// So many at most.
    Take(usize),
    /// Not before what was read has been looked at.
    Again,
    /// Not before the answer is on its way; who waits is woken.
    Wait,
    /// Never again.
    Over,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug)]
enum Doing {
    /// It waits for a request.
    Idle { since: Instant },
    /// A head is on its way, or whatever else came before a request began.
    Head { since: Instant, bytes: usize },
    /// A request is under way, from its head to the end of its answer; so many bytes of its body may be read.
    Request { left: usize, is_read: bool },
    /// The rest of a body comes that nobody wants any more.
    Rest { since: Instant },
    /// It was told that we close.
    Parting { since: Instant },
}

#[derive(Debug)]
struct State {
    doing: Doing,
    /// Since when an answer cannot be written on, since the client does not read.
    blocked: Option<Instant>,
    is_answering: bool,
    turn: usize,
    is_held: bool,
    end: Option<End>,
    waker: Option<Waker>,
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    state: Mutex<State>,
}

impl Connection {
    /// One that was made just now: its first head must come.
    pub fn new(now: Instant) -> Self {
        let doing = Doing::Head { since: now, bytes: 0 };
        let state =
            State { doing, blocked: None, is_answering: false, turn: 0, is_held: false, end: None, waker: None };
        Self { state: Mutex::new(state) }
    }

    /// A request has begun: its head was read.
    pub fn begin(&self, has_body: bool) {
        let mut state = self.state();
        state.doing = Doing::Request { left: if has_body { BODY_AHEAD } else { 0 }, is_read: !has_body };
        state.is_answering = true;
        state.turn = 0;
    }

    /// More of its body is wanted.
    pub fn wants_body(&self) {
        let mut state = self.state();
        if let Doing::Request { left, .. } = &mut state.doing {
            *left = BODY_AHEAD;
            state.release();
        }
    }

    /// Its body was read to the end.
    pub fn has_body(&self) {
        let mut state = self.state();
        if matches!(state.doing, Doing::Request { .. }) {
            state.doing = Doing::Request { left: 0, is_read: true };
        }
    }

    /// Its answer was handed over.
    pub fn finish(&self, now: Instant) {
        let mut state = self.state();
        state.doing = match state.doing {
            Doing::Request { is_read: false, .. } => Doing::Rest { since: now },
            _ => Doing::Idle { since: now },
        };
        state.release();
    }

    /// Whether the next bytes may be read. Nothing is read ahead while an answer is under way.
    pub fn turn(&self, waker: &Waker) -> Turn {
        let mut state = self.state();
        state.remember(waker);
        match state.doing {
            _ if state.end.is_some() => Turn::Over,
            _ if state.blocked.is_some() => state.hold(),
            Doing::Request { left: 0, .. } => state.hold(),
            Doing::Request { left, .. } => Turn::Take(left),
            _ if state.turn < HEAD_TURN => Turn::Take(HEAD_TURN - state.turn),
            _ => {
                state.turn = 0;
                Turn::Again
            }
        }
    }

    /// So many bytes were read; whether more of what came has to wait until they were looked at. Answers why it must
    /// be closed now.
    pub fn has_read(&self, bytes: usize, is_more_ahead: bool, now: Instant) -> Option<End> {
        let mut state = self.state();
        state.turn = if is_more_ahead { HEAD_TURN } else { state.turn + bytes };
        state.doing = match state.doing {
            Doing::Idle { .. } if bytes > 0 => Doing::Head { since: now, bytes },
            Doing::Head { since, bytes: before } => Doing::Head { since, bytes: before + bytes },
            Doing::Request { left, is_read } => Doing::Request { left: left.saturating_sub(bytes), is_read },
            other => other,
        };
        matches!(state.doing, Doing::Head { bytes, .. } if bytes > HEAD_BYTES).then_some(End::LargeHead)
    }

    /// There is nothing to read at the moment: what was read has been looked at when more comes.
    pub fn has_read_all(&self) {
        self.state().turn = 0;
    }

    /// Whether it is between requests, so that what comes next is a head.
    pub fn expects_head(&self) -> bool {
        !matches!(self.state().doing, Doing::Request { .. })
    }

    /// The client takes nothing at the moment.
    pub fn is_blocked(&self, waker: &Waker, now: Instant) {
        let mut state = self.state();
        state.remember(waker);
        state.blocked.get_or_insert(now);
    }

    /// All that was there to write was taken.
    pub fn has_flushed(&self) {
        let mut state = self.state();
        state.is_answering = matches!(state.doing, Doing::Request { .. });
        if state.blocked.take().is_some() {
            state.release();
        }
    }

    /// Since when it keeps us waiting; `None`: it does not, or we are at work for it.
    pub fn waits_since(&self) -> Option<Instant> {
        self.state().waits_since()
    }

    /// Closes it when it is late; answers why.
    pub fn close_late(&self, terms: &Terms, now: Instant) -> Option<End> {
        let mut state = self.state();
        state.late(terms, now).inspect(|end| state.close(*end, now))
    }

    /// Closes it to make room, if it keeps us waiting still; answers whether it did.
    pub fn close_waiting(&self, now: Instant) -> bool {
        let mut state = self.state();
        state.waits_since().inspect(|_| state.close(End::Crowded, now)).is_some()
    }

    /// Closes it: whoever reads or writes next learns of it, and is woken to do so.
    pub fn close(&self, end: End, now: Instant) {
        self.state().close(end, now);
    }

    /// Whether something of an answer is still to be sent, or a request is under way.
    pub fn is_answering(&self) -> bool {
        self.state().is_answering
    }

    /// Why it was closed.
    pub fn end(&self) -> Option<End> {
        self.state().end
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remember(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    fn waits_since(&self) -> Option<Instant> {
        match (self.blocked, self.doing) {
            (Some(since), _) => Some(since),
            (
                None,
                Doing::Idle { since } | Doing::Head { since, .. } | Doing::Rest { since } | Doing::Parting { since },
            ) => Some(since),
            (None, Doing::Request { .. }) => None,
        }
    }

    /// Why it must be closed; `None`: it is in time.
    fn late(&self, terms: &Terms, now: Instant) -> Option<End> {
        let (most, end) = match (self.blocked, self.doing) {
            (_, Doing::Parting { .. }) => (PARTING, End::Parted),
            (Some(_), _) => (terms.answer, End::SlowReader),
            (None, Doing::Idle { .. }) => (terms.idle, End::Idle),
            (None, Doing::Head { .. }) => (terms.head, End::SlowHead),
            (None, Doing::Rest { .. }) => (terms.head, End::SlowBody),
            (None, Doing::Request { .. }) => return None,
        };
        (now.saturating_duration_since(self.waits_since()?) >= most).then_some(end)
    }

    fn close(&mut self, end: End, now: Instant) {
        self.end = Some(end);
        if end.last_word().is_some() {
            self.doing = Doing::Parting { since: now };
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn hold(&mut self) -> Turn {
        self.is_held = true;
        Turn::Wait
    }

    /// Wakes a reader that was held up.
    fn release(&mut self) {
        if std::mem::take(&mut self.is_held)
            && let Some(waker) = &self.waker
        {
            waker.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        head: Duration::from_secs(5),
        answer: Duration::from_secs(20),
        idle: Duration::from_secs(75),
        most: 100,
        most_of_address: 100,
    };

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    fn read(connection: &Connection, bytes: usize, now: Instant) {
        assert_eq!(connection.has_read(bytes, false, now), None);
    }

    #[test]
    fn every_head_has_its_time_on_every_request() {
        let start = Instant::now();
        let connection = Connection::new(start);
        assert_eq!(connection.state().late(&TERMS, after(start, 4)), None);
        assert_eq!(
            connection.state().late(&TERMS, after(start, 5)),
            Some(End::SlowHead),
            "the first, though nothing came"
        );
        for request in [10, 100, 1_000] {
            connection.begin(false);
            assert_eq!(connection.state().late(&TERMS, after(start, request)), None, "we are at work");
            connection.finish(after(start, request));
            assert_eq!(connection.state().late(&TERMS, after(start, request + 74)), None);
            assert_eq!(connection.state().late(&TERMS, after(start, request + 75)), Some(End::Idle));
            for second in 70..75 {
                read(&connection, 1, after(start, request + second));
            }
            assert_eq!(connection.state().late(&TERMS, after(start, request + 74)), None);
            assert_eq!(
                connection.state().late(&TERMS, after(start, request + 75)),
                Some(End::SlowHead),
                "a byte a second"
            );
        }
    }

    #[test]
    fn what_was_handed_over_must_be_taken_in_time() {
        let start = Instant::now();
        let connection = Connection::new(start);
        connection.begin(false);
        for part in [0, 100, 200] {
            connection.is_blocked(Waker::noop(), after(start, part));
            connection.is_blocked(Waker::noop(), after(start, part + 10));
            assert_eq!(connection.state().late(&TERMS, after(start, part + 19)), None);
            assert_eq!(
                connection.state().late(&TERMS, after(start, part + 20)),
                Some(End::SlowReader),
                "some is not all"
            );
            connection.has_flushed();
            assert_eq!(connection.state().late(&TERMS, after(start, part + 99)), None, "we are at work");
        }
    }

    #[test]
    fn the_rest_of_a_body_has_its_time_too() {
        let start = Instant::now();
        let connection = Connection::new(start);
        connection.begin(true);
        connection.finish(after(start, 1));
        for second in 1..6 {
            read(&connection, 100_000, after(start, second));
        }
        assert_eq!(connection.end(), None, "it may be large");
        assert_eq!(connection.state().late(&TERMS, after(start, 5)), None);
        assert_eq!(connection.state().late(&TERMS, after(start, 6)), Some(End::SlowBody));
        connection.begin(true);
        connection.has_body();
        connection.finish(after(start, 6));
        assert_eq!(
            connection.state().late(&TERMS, after(start, 80)),
            None,
            "it was read: the next request is waited for"
        );
    }

    #[test]
    fn what_is_taken_at_once_is_bounded() {
        let start = Instant::now();
        let connection = Connection::new(start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Take(HEAD_TURN));
        read(&connection, HEAD_TURN - 1, start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Take(1));
        read(&connection, 1, start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Again);
        connection.begin(false);
        assert_eq!(connection.turn(Waker::noop()), Turn::Wait, "nothing is read ahead of an answer");
        connection.begin(true);
        read(&connection, BODY_AHEAD - 1, start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Take(1));
        read(&connection, 1, start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Wait, "nor more of a body than is wanted");
        connection.wants_body();
        assert_eq!(connection.turn(Waker::noop()), Turn::Take(BODY_AHEAD));
        connection.is_blocked(Waker::noop(), start);
        assert_eq!(connection.turn(Waker::noop()), Turn::Wait, "nor while the client does not read");
        connection.has_flushed();
        connection.has_body();
        assert_eq!(connection.turn(Waker::noop()), Turn::Wait, "nor what comes behind it");
        connection.finish(start);
        for _ in 0..HEAD_BYTES / HEAD_TURN {
            read(&connection, HEAD_TURN, start);
        }
        assert_eq!(connection.has_read(1, false, start), Some(End::LargeHead));
        assert_eq!(connection.has_read(HEAD_TURN, true, start), Some(End::LargeHead));
    }

    #[test]
    fn requests_that_were_sent_ahead_are_read_one_by_one() {
        let start = Instant::now();
        let connection = Connection::new(start);
        assert_eq!(connection.has_read(50, true, start), None);
        assert_eq!(connection.turn(Waker::noop()), Turn::Again, "what was read is looked at first");
        connection.begin(false);
        assert!(connection.is_answering());
        assert_eq!(connection.turn(Waker::noop()), Turn::Wait);
        connection.finish(start);
        assert!(connection.is_answering(), "its end is still to be sent");
        connection.has_flushed();
        assert!(!connection.is_answering());
        assert_eq!(connection.turn(Waker::noop()), Turn::Take(HEAD_TURN));
    }

    #[test]
    fn who_is_told_why_goes_soon_after() {
        let start = Instant::now();
        let connection = Connection::new(start);
        assert_eq!(connection.close_late(&TERMS, after(start, 5)), Some(End::SlowHead));
        assert_eq!(connection.turn(Waker::noop()), Turn::Over);
        assert_eq!(connection.close_late(&TERMS, after(start, 5)), None);
        assert_eq!(connection.close_late(&TERMS, after(start, 6)), Some(End::Parted));
        assert_eq!(connection.end(), Some(End::Parted));
    }

    #[test]
    fn nobody_is_sent_away_while_we_are_at_work_for_them() {
        let connection = Connection::new(Instant::now());
        connection.begin(true);
        assert!(!connection.close_waiting(Instant::now()));
        connection.finish(Instant::now());
        assert!(connection.close_waiting(Instant::now()));
        assert_eq!((connection.end(), connection.turn(Waker::noop())), (Some(End::Crowded), Turn::Over));
    }
}
