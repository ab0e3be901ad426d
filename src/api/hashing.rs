//! Passwords are hashed and checked a few at once: each takes memory and time by design.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::problem::Problem;

/// Places for those whose password is hashed.
pub struct Hashing(Arc<Semaphore>);

impl Hashing {
    /// So many at once.
    pub fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }

    /// Does it on a thread that may block. Its place is taken until it is done, also when the caller
    /// has gone away.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = self.0.clone().acquire_owned().await.map_err(|_| Problem::internal())?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| Problem::internal())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn who_goes_away_leaves_no_place_before_it_is_done() {
        let hashing = Hashing::new(1);
        let (end, ended) = mpsc::channel::<()>();
        let mut gone = Box::pin(hashing.run(move || ended.recv().is_ok()));
        assert!(gone.as_mut().now_or_never().is_none(), "it takes its time");
        drop(gone);
        assert_eq!(hashing.0.available_permits(), 0, "it is still at work");
        end.send(()).expect("it waits for that");
        assert_eq!(hashing.run(|| 2).await.ok(), Some(2));
    }
}
