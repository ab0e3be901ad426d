//! Passwords are hashed and checked a few at once: each takes memory and time by design. A few more may wait; who
//! comes when there is no room is told to come again, and nothing is done for who has left.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::api::answer::problem::Problem;
use crate::refusal::Code;

/// Places for those whose password is hashed, and room for those who wait.
pub struct Hashing {
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

/// Room that one has who waits for a place, or has one.
pub struct Room {
    places: Arc<Semaphore>,
    taken: OwnedSemaphorePermit,
}

impl Hashing {
    /// So many at once, and so many who wait.
    pub fn new(places: usize, waiting: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), room: Arc::new(Semaphore::new(places + waiting)) }
    }

    /// Room for one more, to be asked for before anything else is done for them; `busy` when too many wait already.
    pub fn room(&self) -> Result<Room, Problem> {
        let taken = self.room.clone().try_acquire_owned().map_err(|_| busy())?;
        Ok(Room { places: self.places.clone(), taken })
    }

    /// Asks for room, and does it there.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        self.room()?.run(work).await
    }
}

impl Room {
    /// Does it on a thread that may block. Who goes away while they wait makes room. Once it is begun its place is
    /// taken until it is done, also when the caller has gone away.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = self.places.acquire_owned().await.map_err(|_| Problem::internal())?;
        let (answer, answered) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let taken = (self.taken, place);
            // Threads may all be busy for a while, too.
            if answer.is_closed() {
                return;
            }
            let done = work();
            drop(taken);
            // Who has left meanwhile needs no answer.
            let _left = answer.send(done);
        });
        answered.await.map_err(|_| Problem::internal())
    }
}

fn busy() -> Problem {
    Problem::new(
        Code::Busy,
        "Too many passwords are being checked or set; nothing happened. Come again after Retry-After.",
    )
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::mpsc::{self, Sender};

    use futures_util::FutureExt as _;

    use super::*;

    /// A check that has begun, and ends when it is told.
    fn begun(hashing: &Hashing) -> (Sender<()>, Pin<Box<impl Future<Output = Result<bool, Problem>>>>) {
        let ((end, ended), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel::<()>());
        let mut check = Box::pin(hashing.run(move || begin.send(()).is_ok() && ended.recv().is_ok()));
        assert!(check.as_mut().now_or_never().is_none(), "it takes its time");
        begun.recv().expect("it begins");
        (end, check)
    }

    #[tokio::test]
    async fn who_goes_away_leaves_no_place_before_it_is_done() {
        let hashing = Hashing::new(1, 1);
        let (end, gone) = begun(&hashing);
        drop(gone);
        assert_eq!(hashing.places.available_permits(), 0, "it is still at work");
        end.send(()).expect("it waits for that");
        assert_eq!(hashing.run(|| 2).await.ok(), Some(2));
    }

    #[tokio::test]
    async fn who_comes_when_there_is_no_room_is_told_so() {
        let hashing = Hashing::new(1, 2);
        let (end, first) = begun(&hashing);
        let mut waiting = [(); 2].map(|()| Box::pin(hashing.run(|| true)));
        assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
        let refused = hashing.run(|| true).await.expect_err("there is no room");
        assert_eq!((refused.rejection.code, refused.retry_after), (Code::Busy, Some(1)));
        end.send(()).expect("it waits for that");
        assert!(first.await.is_ok_and(|done| done));
        for one in waiting {
            assert!(one.await.is_ok_and(|done| done), "whoever waited has his turn");
        }
        assert_eq!(hashing.room.available_permits(), 3);
    }

    #[tokio::test]
    async fn nothing_is_done_for_who_left_while_he_waited() {
        let hashing = Hashing::new(1, 1);
        let (end, first) = begun(&hashing);
        let (done, told) = mpsc::channel::<()>();
        for _ in 0..100 {
            let done = done.clone();
            let mut left = Box::pin(hashing.run(move || done.send(()).is_ok()));
            assert!(left.as_mut().now_or_never().is_none(), "there is room again each time");
        }
        end.send(()).expect("it waits for that");
        assert!(first.await.is_ok());
        assert_eq!(hashing.run(|| 2).await.ok(), Some(2));
        assert!(told.try_recv().is_err(), "nobody's password was hashed");
    }
}
