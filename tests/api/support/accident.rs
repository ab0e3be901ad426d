//! What happens to a server while clients write: what they were answered is remembered, and held against what is there.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};

use super::process::{self, Process};
use super::*;

/// Customers who are written before something happens.
const BEFORE: usize = 40;
/// What comes at all comes before that.
const LIMIT: Duration = Duration::from_secs(60);
/// In which a refusal must come, and not when somebody's patience is over.
const QUICK: Duration = Duration::from_secs(4);
/// The same on a machine that does nothing else.
const PROMISED: Duration = Duration::from_secs(2);
/// In which everybody is answered, whatever the database does.
const IN_TIME: Duration = Duration::from_secs(6);
/// Lines that a server logs of an accident, however many ask meanwhile.
const LINES: usize = 12;

/// Who shared a link, and how often it is opened meanwhile: that is written, too.
const ADVOCATE: &str = "advocate";
const OPENINGS: usize = 20;

/// Clients at once.
fn clients() -> usize {
    if is_soak() { 64 } else { 16 }
}

/// What becomes of reading meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// What was read could be wrong.
    Refused,
    /// It goes on.
    GoOn,
    /// There is nothing to read from, and a commit under way may or may not have happened: who asks is refused, and
    /// who waits for the writer that finds out is told in time that it is busy.
    Lost,
}

impl Reads {
    #[track_caller]
    fn refuse(self, answer: &Answer, begun: Instant) {
        if self != Reads::Lost || answer.json()["code"] != "busy" {
            return refused_quickly(answer, begun);
        }
        answer.refused(503, "busy");
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        assert!(!is_soak() || begun.elapsed() < IN_TIME, "refused only after {:?}", begun.elapsed());
    }
}

/// A server of its own, and a shop in it.
pub struct Installation {
    /// The database's URL.
    pub database: String,
    server: Option<Process>,
    /// The path of a share's link.
    link: String,
    /// The shop.
    pub shop: TestShop,
    settings: Vec<(String, String)>,
    /// Customers who were answered 201.
    written: BTreeSet<String>,
    /// Those of whom the server said that it does not know.
    unsure: BTreeSet<String>,
    rounds: usize,
}

impl Installation {
    /// A new one.
    pub async fn new(database: &str, settings: &[(&str, &str)]) -> Self {
        let server = Process::start(database, settings);
        let shop = TestShop::through(database, std::slice::from_ref(&server)).await;
        let share = shop.share(&shop.program(json!({})).await, ADVOCATE).await;
        let (link, written) = (format!("/s/{}", text(&share["token"])), BTreeSet::from([ADVOCATE.to_owned()]));
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self {
            database: database.to_owned(),
            server: Some(server),
            link,
            shop,
            settings,
            written,
            unsure: BTreeSet::new(),
            rounds: 0,
        }
    }

    /// SQLite's file.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.database.strip_prefix("sqlite:").expect("a file"))
    }

    /// Clients write customers; after some of them something happens, and the server gets unready. Writes are refused
    /// then, at once; answers what the server says of it.
    pub async fn happens(&mut self, reads: Reads, accident: impl FnOnce()) -> String {
        let (happened, over, lines) = (Cell::new(false), Cell::new(false), told(&self.log()));
        let written = Cell::new(0);
        self.rounds += 1;
        let write = async |client: usize| {
            let (mut mine, mut unsure) = (Vec::new(), Vec::new());
            for number in 0.. {
                let (begun, late) = (Instant::now(), happened.get());
                let name = format!("{}-{client}-{number}", self.rounds);
                let answer = self.shop.put(&format!("/v1/customers/{name}"), json!({})).await;
                match answer.status() {
                    201 => {
                        assert!(!late || reads == Reads::GoOn, "{name} was written after the accident");
                        written.set(written.get() + 1);
                        mine.push(name);
                    }
                    // COMMIT was sent in the very moment.
                    503 if answer.json()["code"] == "outcome_unknown" => unsure.push(name),
                    _ => reads.refuse(&answer, begun),
                }
                if over.get() {
                    break;
                }
            }
            (mine, unsure)
        };
        let watch = async {
            let begun = Instant::now();
            while written.get() < BEFORE && begun.elapsed() < LIMIT {
                self.shop.get("/v1/shop").await.ok();
            }
            accident();
            happened.set(true);
            let said = self.until_ready(false).await;
            for path in ["/v1/customers?limit=1", "/v1/shop", "/v1/ledger/audit"] {
                let (begun, answer) = (Instant::now(), self.shop.get(path).await);
                match reads {
                    Reads::Refused | Reads::Lost => reads.refuse(&answer, begun),
                    Reads::GoOn => drop(answer.ok()),
                }
            }
            for _ in 0..OPENINGS {
                let opened = self.shop.anonymous().get(&self.link).await;
                assert!(matches!(opened.status(), 302 | 503), "{opened:?}");
            }
            over.set(true);
            said
        };
        let (clients, said) = join(join_all((0..clients()).map(write)), watch).await;
        for (written, unsure) in clients {
            self.written.extend(written);
            self.unsure.extend(unsure);
        }
        let log = self.log();
        // Of a server that is gone each who asks is told, and the log with them.
        let is_once = reads == Reads::Lost || told(&log) - lines <= LINES;
        assert!(is_once, "it is said once: {log}");
        said
    }

    /// Waits until the server is ready or is not; answers what it says of that.
    pub async fn until_ready(&self, ready: bool) -> String {
        let begun = Instant::now();
        loop {
            let answer = self.shop.anonymous().get("/readyz").await;
            if (answer.status() == 200) == ready {
                return answer.json()["detail"].as_str().unwrap_or_default().to_owned();
            }
            assert!(begun.elapsed() < LIMIT, "{answer:?}\n{}", self.log());
        }
    }

    /// Waits until the server, which is not ready, says this.
    pub async fn until_said(&self, words: &str) {
        let begun = Instant::now();
        while !self.until_ready(false).await.contains(words) {
            assert!(begun.elapsed() < LIMIT, "{}", self.log());
        }
    }

    /// All who were answered as written are there, the books are right, and writing goes on.
    pub async fn is_whole(&mut self) {
        let found = customers(&self.shop).await;
        let lost: Vec<&String> = self.written.difference(&found).collect();
        assert!(lost.is_empty(), "answered as written, and lost: {lost:?}");
        let known: BTreeSet<String> = self.written.union(&self.unsure).cloned().collect();
        let refused: Vec<&String> = found.difference(&known).collect();
        assert!(refused.is_empty(), "refused, and there: {refused:?}");
        self.rounds += 1;
        let name = format!("{}-after", self.rounds);
        self.shop.put(&format!("/v1/customers/{name}"), json!({})).await.created();
        self.written.insert(name);
        let verified = process::run(&self.database, &["verify"]);
        assert_eq!(verified["ok"], true, "{verified}");
    }

    /// Ends its server, and has another one take over, on this database.
    pub fn restart_on(&mut self, database: &str, end: impl FnOnce(Process)) {
        end(self.server.take().expect("a server"));
        let settings: Vec<(&str, &str)> = self.settings.iter().map(|(name, value)| (&**name, &**value)).collect();
        let server = Process::start(database, &settings);
        self.shop = self.shop.moved_to(std::slice::from_ref(&server));
        (self.server, self.database) = (Some(server), database.to_owned());
    }

    fn log(&self) -> String {
        self.server.as_ref().expect("a server").log()
    }
}

#[track_caller]
pub fn refused_quickly(answer: &Answer, begun: Instant) {
    answer.refused(503, "unavailable");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    let limit = if is_soak() { PROMISED } else { QUICK };
    assert!(begun.elapsed() < limit, "refused only after {:?}", begun.elapsed());
}

/// The ids of all customers.
async fn customers(shop: &TestShop) -> BTreeSet<String> {
    let (mut found, mut next) = (BTreeSet::new(), "/v1/customers?limit=200".to_owned());
    loop {
        let page = shop.get(&next).await.ok();
        found.extend(elements(&page["data"]).iter().map(|customer| text(&customer["external_id"])));
        let Some(after) = page["next"].as_str() else { return found };
        next = format!("/v1/customers?limit=200&after={after}");
    }
}

/// Lines of a log, but for those that each request has of its own.
fn told(log: &str) -> usize {
    log.lines().filter(|line| !line.contains("request_id=")).count()
}
