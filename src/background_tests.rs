//! A worker at a desk, by a clock that stands still while anything goes on.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use tokio::time::{Instant, sleep};

use super::*;

const TICK: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);

/// How a piece of work goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    /// It takes so many seconds.
    Takes(u64),
    /// It cannot be done now.
    Waits,
    /// It breaks whoever is at it.
    Panics,
    /// It is done, and its lane then rests for an hour.
    Rests,
}

/// What is to be done, and what was seen of it.
#[derive(Default)]
struct Desk {
    left: std::sync::Mutex<Vec<(usize, Piece)>>,
    tried: std::sync::Mutex<Vec<Piece>>,
    looks: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    is_away: AtomicBool,
    breaks: AtomicBool,
    is_closed: AtomicBool,
}

impl Desk {
    fn with(pieces: &[Piece]) -> Arc<Self> {
        let left = pieces.iter().copied().enumerate().collect::<Vec<_>>();
        Arc::new(Self { left: left.into(), ..Self::default() })
    }

    fn left(&self) -> usize {
        self.left.lock().expect("no panic").len()
    }

    fn tries(&self, piece: Piece) -> usize {
        self.tried.lock().expect("no panic").iter().filter(|tried| **tried == piece).count()
    }
}

impl Work for Arc<Desk> {
    type Item = (usize, Piece);
    const NAME: &'static str = "pieces";
    const LANES: usize = 2;
    const LEFT: &'static str = "nobody misses it";

    async fn due(&self, under_way: &[(usize, Piece)]) -> StoreResult<Vec<(usize, Piece)>> {
        self.looks.fetch_add(1, Relaxed);
        assert!(!self.breaks.load(Relaxed), "as it was told to");
        if self.is_away.load(Relaxed) {
            return Err(StoreError::Failed("it is away".to_owned()));
        }
        let left = self.left.lock().expect("no panic");
        Ok(left.iter().copied().filter(|piece| !under_way.contains(piece)).collect())
    }

    async fn work(&self, item: (usize, Piece), _: Stop) -> Next {
        self.tried.lock().expect("no panic").push(item.1);
        let at_once = self.at_once.fetch_add(1, Relaxed) + 1;
        self.most_at_once.fetch_max(at_once, Relaxed);
        if let Piece::Takes(seconds) = item.1 {
            sleep(Duration::from_secs(seconds)).await;
        }
        self.at_once.fetch_sub(1, Relaxed);
        assert!(item.1 != Piece::Panics, "as it was told to");
        if item.1 == Piece::Waits {
            return Next::Later;
        }
        self.left.lock().expect("no panic").retain(|other| *other != item);
        if item.1 == Piece::Rests { Next::After(Duration::from_secs(3_600)) } else { Next::Now }
    }

    async fn close(&self) {
        self.is_closed.store(true, Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn it_looks_at_once_at_each_tick_and_when_it_is_woken() {
    let desk = Desk::with(&[]);
    let worker = Worker::start(desk.clone(), TICK);
    sleep(MOMENT).await;
    assert_eq!(desk.looks.load(Relaxed), 1);
    sleep(TICK * 10).await;
    assert_eq!(desk.looks.load(Relaxed), 11);
    worker.wake();
    sleep(MOMENT).await;
    assert_eq!(desk.looks.load(Relaxed), 12);
}

#[tokio::test(start_paused = true)]
async fn it_settles_when_nothing_is_left_and_nothing_under_way() {
    let desk = Desk::with(&[Piece::Takes(10); 5]);
    let worker = Worker::start(desk.clone(), TICK);
    let begun = Instant::now();
    worker.settle().await;
    assert_eq!((begun.elapsed().as_secs(), desk.left()), (30, 0));
    assert_eq!(desk.most_at_once.load(Relaxed), 2, "all lanes are used, and no more");
    assert_eq!(desk.tries(Piece::Takes(10)), 5, "each once");
    worker.settle().await;
    assert_eq!(begun.elapsed().as_secs(), 30, "nothing is left to wait for");
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_neither_it_nor_other_work() {
    let desk = Desk::with(&[Piece::Panics, Piece::Panics, Piece::Takes(1)]);
    let _worker = Worker::start(desk.clone(), TICK);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(desk.left(), 2, "what does not panic is done");
    let tries = desk.tries(Piece::Panics);
    assert!((40..=82).contains(&tries), "each is left alone for a moment: {tries}");
    desk.breaks.store(true, Relaxed);
    sleep(TICK * 3).await;
    desk.breaks.store(false, Relaxed);
    desk.left.lock().expect("no panic").push((9, Piece::Takes(0)));
    sleep(TICK * 2).await;
    assert_eq!(desk.tries(Piece::Takes(0)), 1, "a look that panics is not the last");
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_what_is_under_way_and_begins_nothing_more() {
    let desk = Desk::with(&[Piece::Takes(5), Piece::Takes(7), Piece::Takes(1)]);
    let worker = Worker::start(desk.clone(), TICK);
    sleep(MOMENT).await;
    let begun = Instant::now();
    worker.stop(Duration::from_secs(60)).await;
    assert_eq!((begun.elapsed().as_secs_f32().round(), desk.left()), (7.0, 1));
    assert!(desk.is_closed.load(Relaxed));
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_no_longer_than_its_limit() {
    let (slow, rests) = (Desk::with(&[Piece::Takes(60)]), Desk::with(&[Piece::Rests]));
    let workers = vec![Worker::start(slow.clone(), TICK), Worker::start(rests.clone(), TICK)];
    sleep(MOMENT).await;
    let begun = Instant::now();
    stop(workers, Duration::from_secs(2)).await;
    assert_eq!(begun.elapsed().as_secs(), 2);
    assert!(rests.is_closed.load(Relaxed), "a lane that rests is not waited for");
    assert!(!slow.is_closed.load(Relaxed));
}

#[tokio::test(start_paused = true)]
async fn it_backs_off_while_the_database_is_away_and_while_it_is_busy() {
    let desk = Desk::with(&[Piece::Waits]);
    desk.is_away.store(true, Relaxed);
    let _worker = Worker::start(desk.clone(), TICK);
    sleep(TICK * 10).await;
    assert!((10..=11).contains(&desk.looks.load(Relaxed)), "it looks once a tick: {:?}", desk.looks);
    desk.is_away.store(false, Relaxed);
    sleep(TICK * 10).await;
    let tries = desk.tries(Piece::Waits);
    assert!((36..=41).contains(&tries), "it tries four times a second: {tries}");
}

#[tokio::test(start_paused = true)]
async fn a_lane_rests_as_long_as_its_work_says() {
    let desk = Desk::with(&[Piece::Rests, Piece::Rests, Piece::Takes(0)]);
    let _worker = Worker::start(desk.clone(), TICK);
    sleep(Duration::from_secs(3_599)).await;
    assert_eq!(desk.left(), 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(desk.left(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_lets_go_of_it_ends_it() {
    let desk = Desk::with(&[]);
    drop(Worker::start(desk.clone(), TICK));
    sleep(TICK * 10).await;
    assert!(desk.looks.load(Relaxed) <= 1 && desk.is_closed.load(Relaxed));
}
