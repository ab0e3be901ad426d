//! The load generator: keep-alive connections of HTTP/1.1, on one thread, as light as can be.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::CONNECTIONS;

/// Time before the measurement begins.
const WARM_UP: Duration = Duration::from_secs(1);

/// What came of it.
pub struct Outcome {
    /// Answers with the expected status.
    pub requests: u64,
    /// The same, with those that came before the measurement began.
    pub all: u64,
    /// The number of the first request that was not sent.
    pub next: u64,
    /// Other answers.
    pub errors: u64,
    /// How long it took, seconds.
    pub seconds: f64,
    /// Half of the answers came within this, milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 answers came within this, milliseconds.
    pub p99_ms: f64,
    /// The first answer with another status.
    pub complaint: Option<String>,
}

impl Outcome {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

/// How long to go on.
#[derive(Clone, Copy)]
pub enum Until {
    /// For so long, after a time to warm up.
    Time(Duration),
    /// For so many requests, without warming up.
    Count(u64),
}

/// Makes the n-th request.
pub type Make = Rc<dyn Fn(u64) -> String>;
/// Takes the n-th answer's body.
pub type Take = Rc<dyn Fn(u64, &str)>;

struct Shared {
    next: Cell<u64>,
    measuring: Cell<bool>,
    ended: Cell<bool>,
    all: Cell<u64>,
    waits: RefCell<Vec<u32>>,
    errors: Cell<u64>,
    complaint: RefCell<Option<String>>,
}

/// Sends requests over every connection until the end. `first` numbers the first request.
pub async fn run(
    address: SocketAddr,
    until: Until,
    status: u16,
    first: u64,
    make: Make,
    take: Option<Take>,
) -> anyhow::Result<Outcome> {
    let shared = Rc::new(Shared {
        next: Cell::new(first),
        measuring: Cell::new(matches!(until, Until::Count(_))),
        ended: Cell::new(false),
        all: Cell::new(0),
        waits: RefCell::default(),
        errors: Cell::new(0),
        complaint: RefCell::default(),
    });
    let last = match until {
        Until::Count(count) => first + count,
        Until::Time(_) => u64::MAX,
    };
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (shared, make, take) = (shared.clone(), make.clone(), take.clone());
        tasks.push(tokio::task::spawn_local(async move {
            connection(address, status, last, &shared, &*make, take.as_ref()).await
        }));
    }
    let mut begun = Instant::now();
    if let Until::Time(time) = until {
        tokio::time::sleep(WARM_UP).await;
        shared.measuring.set(true);
        begun = Instant::now();
        tokio::time::sleep(time).await;
        shared.ended.set(true);
    }
    let measured = begun.elapsed();
    for task in tasks {
        task.await??;
    }
    let seconds = if last == u64::MAX { measured } else { begun.elapsed() }.as_secs_f64();
    let mut waits = shared.waits.take();
    waits.sort_unstable();
    let at = |share: f64| waits.get((waits.len() as f64 * share) as usize).map_or(0.0, |us| f64::from(*us) / 1000.0);
    Ok(Outcome {
        requests: waits.len() as u64,
        all: shared.all.get(),
        next: shared.next.get(),
        errors: shared.errors.get(),
        seconds,
        p50_ms: at(0.50),
        p99_ms: at(0.99),
        complaint: shared.complaint.take(),
    })
}

async fn connection(
    address: SocketAddr,
    status: u16,
    last: u64,
    shared: &Shared,
    make: &dyn Fn(u64) -> String,
    take: Option<&Take>,
) -> anyhow::Result<()> {
    let mut line = Line::open(address).await?;
    while !shared.ended.get() {
        let number = shared.next.get();
        if number >= last {
            break;
        }
        shared.next.set(number + 1);
        let request = make(number);
        let sent = Instant::now();
        let got = line.ask(&request).await?;
        if got == status {
            shared.all.set(shared.all.get() + 1);
            if shared.measuring.get() {
                shared.waits.borrow_mut().push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        } else {
            shared.errors.set(shared.errors.get() + 1);
            let text = String::from_utf8_lossy(line.body()).into_owned();
            shared.complaint.borrow_mut().get_or_insert(format!("{got}: {text}"));
        }
        if let Some(take) = take {
            take(number, std::str::from_utf8(line.body()).unwrap_or_default());
        }
    }
    Ok(())
}

/// A keep-alive connection, with the last answer.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    body: usize,
}

impl Line {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server cannot be reached")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024), body: 0 })
    }

    /// Sends a request; answers the status.
    pub async fn ask(&mut self, request: &str) -> anyhow::Result<u16> {
        self.stream.write_all(request.as_bytes()).await?;
        let (status, body) = answer(&mut self.stream, &mut self.buffer).await?;
        self.body = body;
        Ok(status)
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body..]
    }
}

/// Reads one answer into the buffer; answers its status and where its body begins.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<(u16, usize)> {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await?;
        anyhow::ensure!(read > 0, "the server closed a connection");
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?;
        let status = text.get(9..12).and_then(|status| status.parse().ok()).context("no status line")?;
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let whole = head + 4 + length.unwrap_or(0);
        while buffer.len() < whole {
            anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server closed a connection");
        }
        return Ok((status, head + 4));
    }
}
