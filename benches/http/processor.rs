//! Processor time, the server's and the database's apart. PostgreSQL works in processes of its own; SQLite works in the
//! server, where the thread of the engine's writer is as near to it as one can look.

use std::fs;

use anyhow::Context as _;
use grapevine::store::connection::Use;
use grapevine::store::{Statement, Target};

use crate::server::Process;

/// Clock ticks a second in `/proc/PID/stat` (Linux: always 100).
const TICKS: f64 = 100.0;
/// Places in `/proc/PID/stat` behind the name, which may hold blanks: the parent, then user and system time.
const PARENT: usize = 1;
const TIMES: [usize; 2] = [11, 12];
/// The same of children that have ended.
const TIMES_OF_ENDED: [usize; 2] = [13, 14];

/// User and system time, milliseconds.
#[derive(Clone, Copy, Default)]
pub struct Spent {
    /// Of the server, without what is the database's.
    pub server_ms: f64,
    /// Of PostgreSQL's processes, or of the thread that writes SQLite's file.
    pub database_ms: f64,
}

impl Spent {
    /// Both.
    pub fn sum_ms(self) -> f64 {
        self.server_ms + self.database_ms
    }

    /// Adds what was spent another time.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { server_ms: self.server_ms + other.server_ms, database_ms: self.database_ms + other.database_ms }
    }

    /// For a thousand of so many requests.
    #[must_use]
    pub fn for_thousand(self, requests: u64) -> Self {
        let thousands = requests.max(1) as f64 / 1000.0;
        Self { server_ms: self.server_ms / thousands, database_ms: self.database_ms / thousands }
    }
}

/// Reads the time of a server and its database.
pub struct Meter {
    server: u32,
    /// PostgreSQL's first process, whose children the others are.
    postmaster: Option<u32>,
}

impl Meter {
    /// Finds the processes.
    pub fn new(server: &Process, target: &Target) -> anyhow::Result<Self> {
        let mut connection = target.connect(Use::Tool)?;
        if !connection.is_postgres() {
            return Ok(Self { server: server.id(), postmaster: None });
        }
        let backend = connection.number(&Statement::new("SELECT CAST(pg_backend_pid() AS BIGINT)"))?;
        let backend = backend.context("PostgreSQL does not tell its process")?;
        let stat = stat(&format!("/proc/{backend}/stat")).context("PostgreSQL runs on another machine")?;
        Ok(Self { server: server.id(), postmaster: Some(field(&stat, PARENT) as u32) })
    }

    /// What was spent until now.
    pub fn read(&self) -> Spent {
        let all_ms = stat(&format!("/proc/{}/stat", self.server)).map_or(0.0, |stat| time_ms(&stat, &TIMES));
        match self.postmaster {
            Some(postmaster) => Spent { server_ms: all_ms, database_ms: family_ms(postmaster) },
            None => {
                let writer_ms = writer_ms(self.server);
                Spent { server_ms: all_ms - writer_ms, database_ms: writer_ms }
            }
        }
    }

    /// What was spent since then.
    pub fn since(&self, before: Spent) -> Spent {
        let now = self.read();
        Spent { server_ms: now.server_ms - before.server_ms, database_ms: now.database_ms - before.database_ms }
    }
}

/// PostgreSQL's time: of its first process, of its children, and of those that have ended.
fn family_ms(postmaster: u32) -> f64 {
    let own = stat(&format!("/proc/{postmaster}/stat")).unwrap_or_default();
    let children = numbered("/proc").filter_map(|process| stat(&format!("/proc/{process}/stat")));
    let children = children.filter(|stat| field(stat, PARENT) as u32 == postmaster);
    let living: f64 = children.map(|stat| time_ms(&stat, &TIMES)).sum();
    time_ms(&own, &TIMES) + time_ms(&own, &TIMES_OF_ENDED) + living
}

fn writer_ms(server: u32) -> f64 {
    let folder = format!("/proc/{server}/task");
    let threads = numbered(&folder).map(|thread| format!("{folder}/{thread}"));
    let is_writer = |thread: &String| {
        fs::read_to_string(format!("{thread}/comm")).is_ok_and(|name| name.trim_end().starts_with("writer-"))
    };
    threads
        .filter(is_writer)
        .filter_map(|thread| stat(&format!("{thread}/stat")))
        .map(|stat| time_ms(&stat, &TIMES))
        .sum()
}

/// The numbers that a folder of `/proc` has.
fn numbered(folder: &str) -> impl Iterator<Item = u32> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// What stands behind the name.
fn stat(path: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.rsplit(')').next()?.split_whitespace().map(str::to_owned).collect())
}

fn field(stat: &[String], place: usize) -> f64 {
    stat.get(place).and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

fn time_ms(stat: &[String], places: &[usize]) -> f64 {
    places.iter().map(|place| field(stat, *place)).sum::<f64>() * 1000.0 / TICKS
}
