//! Writes down who opened links: in batches, beside the engine, and never in the way of a redirect.
//! When more comes than can be kept, openings are dropped and counted as dropped.
//!
//! Nothing is looked for here: openings come by themselves, and none is given out twice. So this is no worker of
//! `background`, and has only in common with them that a batch which panics is said, and not the last.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::{mpsc, oneshot};

use crate::background::guarded;
use crate::decide::sharing::link::CountedAt;
use crate::decide::sharing::mark_share_sent::MarkShareSent;
use crate::engine::{Engine, Failure, Request};
use crate::records::time::DAY_MS;
use crate::records::{Id, Timestamp};
use crate::store::visits::{self, Batch, Class, Hash, Person, Visit};
use crate::store::{StoreError, StoreResult};

/// Openings that may wait.
const WAITING: usize = 65_536;
/// Openings of one batch.
const BATCH: usize = 4_096;
/// Shares of which the engine is told at once.
const TOGETHER: usize = 512;
/// Wait before it is told again what it was too busy for, when nobody opens a link meanwhile.
const AGAIN: Duration = Duration::from_secs(1);
/// People of one address who count as different visitors of a share within a day: so many may well share an
/// address, and nobody makes more of himself by calling his browser by other names.
const VISITORS_OF_ADDRESS: usize = 8;
/// Bytes of each half of a trace, and of a hash.
const HALF_BYTES: usize = 8;
/// Shares that wait to be told to the engine, and shares that it was told of.
const REMEMBERED: usize = 100_000;

/// An opening, as the redirect saw it.
#[derive(Debug)]
pub struct Opening {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// When, in the shop's time.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// Where it is counted.
    pub counted: Arc<CountedAt>,
    /// Whether the share is known to have been opened before.
    pub sent: bool,
}

/// Who opened.
#[derive(Debug)]
pub enum Who {
    /// A person.
    Person {
        /// Class of the device.
        device: &'static str,
        /// Of share, address and browser.
        trace: Trace,
        /// Whether a page led there that everybody can read.
        is_public: bool,
    },
    /// A preview robot, and the channel that it proved where the share's own says nothing.
    Preview(Option<&'static str>),
}

/// What tells an opening from others of the same day. It is never kept: a second hash, under the
/// day's salt, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Of share and address.
    place: [u8; HALF_BYTES],
    /// Of share, address and browser.
    browser: [u8; HALF_BYTES],
}

/// Makes a trace.
pub fn trace(key: &hmac::Key, share: Id, address: IpAddr, user_agent: &str) -> Trace {
    let mut context = hmac::Context::with_key(key);
    context.update(&share.to_bytes());
    match address {
        IpAddr::V4(v4) => context.update(&v4.octets()),
        IpAddr::V6(v6) => context.update(&v6.octets()),
    }
    let place = half(context.clone().sign());
    context.update(user_agent.as_bytes());
    Trace { place, browser: half(context.sign()) }
}

fn half(tag: hmac::Tag) -> [u8; HALF_BYTES] {
    *tag.as_ref().first_chunk().expect("SHA-256 gives 32 bytes")
}

enum Note {
    Opened(Opening),
    Settle(oneshot::Sender<()>),
}

/// The end that redirects hold.
pub struct Recorder {
    notes: mpsc::Sender<Note>,
}

impl Recorder {
    /// Notes an opening; answers whether there was room.
    pub fn note(&self, opening: Opening) -> bool {
        self.notes.try_send(Note::Opened(opening)).is_ok()
    }

    /// Waits until everything that was noted before is written.
    pub async fn settle(&self) {
        let (settled, wait) = oneshot::channel();
        if self.notes.send(Note::Settle(settled)).await.is_ok() {
            // The recorder ended, and with it everything that waited is written.
            let _ended = wait.await;
        }
    }
}

/// Starts the recorder. It ends when every [`Recorder`] is dropped, after writing what waits.
pub fn start(engine: Engine, pause: Duration) -> Recorder {
    let (notes, waiting) = mpsc::channel(WAITING);
    let work = Work { engine, pause, salt: None, first: HashMap::new(), told: HashMap::new(), lost: 0 };
    tokio::spawn(work.run(waiting));
    Recorder { notes }
}

struct Work {
    engine: Engine,
    pause: Duration,
    salt: Option<(i64, Arc<hmac::Key>)>,
    first: HashMap<Id, First>,
    told: HashMap<Id, Told>,
    /// Openings that were lost since they could last be written.
    lost: u64,
}

/// A share of which the engine is to be told that it was opened.
struct First {
    shop: Id,
    channel: Option<&'static str>,
}

/// What the engine was told of a share, so that it is not told again until the links in memory know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Opened,
    Channel,
}

impl Work {
    async fn run(mut self, mut waiting: mpsc::Receiver<Note>) {
        let mut notes = Vec::new();
        while self.next(&mut waiting, &mut notes).await {
            let mut settled = Vec::new();
            let mut openings = Vec::with_capacity(notes.len());
            for note in notes.drain(..) {
                match note {
                    Note::Opened(opening) => openings.push(opening),
                    Note::Settle(asked) => settled.push(asked),
                }
            }
            self.record(openings).await;
            let is_asked = !settled.is_empty();
            for asked in settled {
                // Who asked may have given up.
                let _gone = asked.send(());
            }
            if !is_asked && waiting.len() < BATCH {
                tokio::time::sleep(self.pause).await;
            }
        }
    }

    /// Waits for notes, and meanwhile tells the engine what it was too busy for; `false`: there will be
    /// no more.
    async fn next(&mut self, waiting: &mut mpsc::Receiver<Note>, notes: &mut Vec<Note>) -> bool {
        loop {
            let next = waiting.recv_many(notes, BATCH);
            if self.first.is_empty() {
                return next.await > 0;
            }
            match tokio::time::timeout(AGAIN, next).await {
                Ok(count) => return count > 0,
                Err(_) => self.tell_first().await,
            }
        }
    }

    async fn record(&mut self, openings: Vec<Opening>) {
        if openings.is_empty() {
            return;
        }
        self.note_first(&openings);
        let count = openings.len();
        let written = guarded("visits", "a batch", self.write(openings)).await;
        match written.unwrap_or_else(|| Err(StoreError::Failed("writing visits panicked".to_owned()))) {
            Ok(()) => self.note_kept(),
            Err(error) => self.note_lost(count as u64, &error),
        }
        self.tell_first().await;
    }

    /// Says how many were lost meanwhile.
    fn note_kept(&mut self) {
        if self.lost > 0 {
            tracing::info!(count = self.lost, "visits are written again; these were lost");
            self.lost = 0;
        }
    }

    fn note_lost(&mut self, count: u64, error: &StoreError) {
        if self.lost == 0 {
            tracing::error!(%error, "visits are lost");
        }
        self.lost += count;
        metrics::counter!("grapevine_visits_lost_total").increment(count);
    }

    async fn write(&mut self, openings: Vec<Opening>) -> StoreResult<()> {
        let day = self.engine.now().ms().div_euclid(DAY_MS);
        let salt = self.salt_of(day).await?;
        self.engine.write(move |connection| visits::record(connection, day, together(&openings, &salt))).await
    }

    async fn salt_of(&mut self, day: i64) -> StoreResult<Arc<hmac::Key>> {
        if let Some((known, salt)) = &self.salt
            && *known == day
        {
            return Ok(salt.clone());
        }
        let mut random = [0u8; 32];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
        let made = URL_SAFE_NO_PAD.encode(random);
        let kept = self.engine.write(move |connection| visits::salt(connection, day, &made)).await?;
        let salt = Arc::new(hmac::Key::new(hmac::HMAC_SHA256, kept.as_bytes()));
        self.salt = Some((day, salt.clone()));
        Ok(salt)
    }

    fn note_first(&mut self, openings: &[Opening]) {
        for opening in openings {
            let channel = match opening.who {
                Who::Preview(channel) => channel,
                Who::Person { .. } => None,
            };
            let known = match self.told.get(&opening.share) {
                Some(Told::Channel) => true,
                Some(Told::Opened) => channel.is_none(),
                None => opening.sent && channel.is_none(),
            };
            if known || self.first.len() >= REMEMBERED {
                continue;
            }
            let first = self.first.entry(opening.share).or_insert(First { shop: opening.shop, channel });
            first.channel = first.channel.or(channel);
        }
    }

    /// Tells the engine of some; what it was too busy for stays for the next time.
    async fn tell_first(&mut self) {
        if self.told.len() >= REMEMBERED {
            self.told.clear();
        }
        let some: Vec<(Id, First)> = self.first.extract_if(|_, _| true).take(TOGETHER).collect();
        let answers = some.into_iter().map(|(share, first)| {
            let command = MarkShareSent { share, channel: first.channel };
            let answer = self.engine.submit(Request::system(first.shop, command));
            async move { (share, first, answer.await) }
        });
        for (share, first, answer) in futures_util::future::join_all(answers).await {
            match answer {
                Ok(_) => {
                    let told = if first.channel.is_some() { Told::Channel } else { Told::Opened };
                    self.told.insert(share, told);
                }
                Err(Failure::Refused(rejection)) => {
                    tracing::error!(%share, %rejection, "a share is not marked as sent");
                }
                Err(failure) => {
                    tracing::debug!(%share, %failure, "a share is marked as sent later");
                    self.first.insert(share, first);
                }
            }
        }
    }
}

/// A person, and whether a page sent them that everybody can read.
type Came<'o> = (&'o Trace, bool);

/// Openings that came together and cannot be told apart are one row; each person is hashed once, and of those
/// of one address no more than count.
fn together(openings: &[Opening], salt: &hmac::Key) -> Batch {
    let mut visits: HashMap<(Id, i64, Class), Visit> = HashMap::new();
    let mut places: HashMap<[u8; HALF_BYTES], (Id, Vec<Came<'_>>)> = HashMap::new();
    for opening in openings {
        let class = match &opening.who {
            Who::Preview(channel) => Class::Preview(*channel),
            Who::Person { device, trace, is_public } => {
                let (_, traces) = places.entry(trace.place).or_insert_with(|| (opening.share, Vec::new()));
                if traces.len() < VISITORS_OF_ADDRESS && traces.iter().all(|(other, _)| *other != trace) {
                    traces.push((trace, *is_public));
                }
                Class::Person(device)
            }
        };
        let (shop, share, at) = (opening.shop, opening.share, opening.at);
        let day = opening.counted.zones.day_of(at);
        let visit = || Visit { shop, share, at, class, count: 0, key: opening.counted.key(day) };
        visits.entry((share, day, class)).or_insert_with(visit).count += 1;
    }
    let of_place = |(share, traces): (Id, Vec<Came<'_>>)| {
        let person = |(trace, is_public)| (hashed(salt, trace), Person { share, is_public });
        traces.into_iter().map(person).collect::<Vec<_>>()
    };
    Batch {
        persons: places.into_values().flat_map(of_place).collect(),
        most: VISITORS_OF_ADDRESS,
        visits: visits.into_values().collect(),
    }
}

/// A person's hash of the day: what begins alike is of one share and address.
fn hashed(salt: &hmac::Key, trace: &Trace) -> Hash {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(half(hmac::sign(salt, bytes)));
    let browser = [trace.place, trace.browser].concat();
    Hash { place: text(&trace.place), browser: text(&browser) }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::records::shop::Zones;

    const SHOP: [u8; 10] = [0; 10];

    fn opening(share: u8, who: Who) -> Opening {
        let at = Timestamp::from_ms(1_000);
        let counted = Arc::new(CountedAt {
            zones: Zones::of(chrono_tz::UTC),
            program: Id::new("prg", 0, SHOP),
            channel: "whatsapp".to_owned(),
            placed: None,
        });
        let (shop, share) = (Id::new("shp", 0, SHOP), Id::new("shr", 0, [share; 10]));
        Opening { shop, share, at, who, counted, sent: false }
    }

    fn person(share: u8, browser: &str) -> Opening {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"installation");
        let address = IpAddr::from([192, 0, 2, 1]);
        let trace = trace(&key, Id::new("shr", 0, [share; 10]), address, browser);
        opening(share, Who::Person { device: "phone", trace, is_public: false })
    }

    #[test]
    fn what_cannot_be_told_apart_is_one_row_and_each_person_one_hash() {
        let salt = hmac::Key::new(hmac::HMAC_SHA256, b"today");
        let openings = [
            person(1, "A"),
            person(1, "A"),
            person(1, "B"),
            person(2, "A"),
            opening(1, Who::Preview(None)),
            opening(1, Who::Preview(Some("telegram"))),
        ];
        let batch = together(&openings, &salt);
        let mut counts: Vec<_> = batch.visits.iter().map(|visit| (visit.share, visit.class, visit.count)).collect();
        counts.sort_by_key(|(share, class, _)| (*share, format!("{class:?}")));
        let (one, two) = (openings[0].share, openings[3].share);
        assert_eq!(
            counts,
            [
                (one, Class::Person("phone"), 3),
                (one, Class::Preview(None), 1),
                (one, Class::Preview(Some("telegram")), 1),
                (two, Class::Person("phone"), 1),
            ]
        );
        let of_share = |share: Id| batch.persons.values().filter(|person| person.share == share).count();
        assert_eq!((of_share(one), of_share(two)), (2, 1));
        assert!(batch.persons.values().all(|person| !person.is_public));
    }

    #[test]
    fn few_of_one_address_are_counted() {
        let salt = hmac::Key::new(hmac::HMAC_SHA256, b"today");
        let openings: Vec<_> = (0..100).flat_map(|n| [1, 2].map(|share| person(share, &n.to_string()))).collect();
        let batch = together(&openings, &salt);
        let places: std::collections::BTreeSet<_> = batch.persons.keys().map(|hash| hash.place.clone()).collect();
        assert_eq!((places.len(), batch.persons.len()), (2, 2 * VISITORS_OF_ADDRESS));
        assert_eq!(batch.visits.iter().map(|visit| visit.count).sum::<i64>(), 200);
    }

    #[test]
    fn another_days_salt_makes_other_hashes() {
        let salts = [b"today", b"after"].map(|salt| hmac::Key::new(hmac::HMAC_SHA256, salt));
        let [today, after] = salts.map(|salt| together(&[person(1, "A")], &salt).persons);
        assert_eq!((today.len(), after.len()), (1, 1));
        assert_ne!(today, after);
    }
}
