//! Mails: messages that are due, which the engine gives to a lane one by one, and is told what became of each.
//!
//! `content` draws what a mail says from the records, `compose` writes it, `transport` hands it over: `smtp`
//! to a server, of which `stream` reads no more than an answer may have. `own` tries
//! out what shops write in place of our templates; `dkim` signs a mail. `bounces` reads
//! what comes back; `pace` has mails leave slower to who asks for that.

mod bounces;
mod calendar;
mod compose;
mod compose_error;
mod content;
mod dkim;
mod facts;
mod kinds;
mod letter;
pub mod own;
mod pace;
#[cfg(test)]
mod samples;
mod smtp;
mod stream;
mod templates;
mod transport;

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use lettre::Address;
use lettre::address::Envelope;

use crate::background::{Next, Stop, Work, Worker};
use crate::config::{DkimKey, MailConfig};
use crate::decide::Command;
use crate::decide::mail::bounce;
use crate::decide::mail::delay_messages::DelayMessages;
use crate::decide::mail::finish_message::{FinishMessage, Outcome};
use crate::decide::mail::keep_message::KeepMessage;
use crate::decide::mail::take_message::{TakeMessage, Taken};
use crate::engine::{Engine, Failure, Request};
use crate::records::Id;
use crate::store::queries::messages::{due_mails, shops_with_due_mails};
use crate::store::{Pool, StoreResult};
use pace::Paces;
use transport::{Sealed, Transport};

pub use bounces::Bounces;
pub use templates::Sources;

/// Mails under way at once.
const LANES: usize = 8;
/// How long a message is a worker's that has taken it, milliseconds: so soon another takes it up where the
/// worker is gone. While a worker is at it, the lease is renewed.
const LEASE_MS: i64 = 10_000;
/// How often: twice may fail.
const RENEWAL: Duration = Duration::from_secs(3);
/// How long the engine is told what became of a mail, where it does not answer.
const TELLING: Duration = Duration::from_secs(600);
/// Wait before a mail whose fate nobody knows is sent once more, when the schedule has no other.
const AFTER_UNKNOWN: Duration = Duration::from_secs(60);
/// Mails of a shop that are looked at where some wait for their turn.
const LOOK: usize = 256;
/// How often that many are looked at, until one of them leaves.
const LOOKS: usize = 20;
/// Wait before the engine is told again what became of a mail.
const TELL_AGAIN: Duration = Duration::from_millis(250);

/// Starts the worker that sends mails. `tick` is how often it looks for messages that are due.
pub fn start(engine: Engine, reader: Pool, config: &MailConfig, tick: Duration) -> std::io::Result<Worker> {
    let hello = url::Url::parse(&engine.installation().public_url).ok().and_then(|url| url.domain().map(str::to_owned));
    let transport = Transport::new(config, hello)?;
    let (schedule, bounce_address) = (config.schedule.clone(), config.bounce_address.clone());
    let keys = config.dkim.clone();
    let mails = Mails {
        engine,
        reader,
        transport,
        schedule,
        bounce_address,
        keys,
        paces: Paces::new(config.pace_ms),
        last_shop: Mutex::default(),
    };
    Ok(Worker::start(mails, tick))
}

/// Starts the worker that reads what comes back, where a folder is named for that.
pub fn start_bounces(engine: Engine, reader: Pool, config: &MailConfig, tick: Duration) -> Option<Worker> {
    let folder = config.bounce_folder.clone()?;
    Some(Worker::start(Bounces::new(engine, reader, folder), tick))
}

/// Whether mails could leave now; what was found, or what is wrong.
pub async fn try_out(config: &MailConfig) -> Result<String, String> {
    let transport = Transport::new(config, None).map_err(|error| error.to_string())?;
    let found = transport.try_out().await?;
    match config.bounce_folder.as_deref().map(bounces::try_out).transpose()? {
        Some(bounces) => Ok(format!("{found}; {bounces}")),
        None => Ok(found),
    }
}

/// Sends mails.
pub struct Mails {
    engine: Engine,
    reader: Pool,
    transport: Transport,
    schedule: Vec<Duration>,
    /// Where what cannot be delivered comes back to; none: to the sender that people see.
    bounce_address: Option<Address>,
    /// By which mails are signed.
    keys: Vec<DkimKey>,
    /// How fast they leave to whom.
    paces: Paces,
    /// Whose mail was begun last: those behind it have their turn first.
    last_shop: Mutex<Option<Id>>,
}

impl Work for Mails {
    /// A shop, and its message.
    type Item = (Id, Id);
    const NAME: &'static str = "mails";
    const LANES: usize = LANES;
    const LEFT: &'static str = "each mail is sent once more when its lease has run out";

    /// Messages that are due, as many as there are free lanes; shops take turns, and domains that take no more for now
    /// wait for theirs.
    async fn due(&self, under_way: &[(Id, Id)]) -> StoreResult<Vec<(Id, Id)>> {
        let free = LANES.saturating_sub(under_way.len());
        for _ in 0..LOOKS {
            let lines = self.lines(under_way, free).await?;
            let (found, late) = self.sort_out(&lines, free);
            let is_late = !late.is_empty();
            for (shop, delays) in late {
                if let Err(failure) = self.engine.submit(Request::system(shop, DelayMessages { delays })).await {
                    tracing::debug!(%failure, "mails could not be put off; they stay due");
                    return Ok(found);
                }
            }
            if !is_late || !found.is_empty() {
                if let Some((shop, _)) = found.last() {
                    *self.last_shop() = Some(*shop);
                }
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Takes a message, sends it and tells what became of it.
    async fn work(&self, (shop, id): (Id, Id), _: Stop) -> Next {
        let begun = Instant::now();
        let tries = match self.engine.submit(Request::system(shop, TakeMessage { id, lease_ms: LEASE_MS })).await {
            Ok(given) => match serde_json::from_str::<Taken>(&given.answer.body) {
                Ok(taken) => taken.tries,
                Err(_) => return Next::Now,
            },
            Err(failure) => {
                tracing::debug!(%failure, message = %id, "a message could not be taken; it stays due");
                return Next::Later;
            }
        };
        let outcome = self.send_on_lease(shop, id, tries).await;
        let word = outcome.as_str();
        metrics::counter!("grapevine_mails_total", "outcome" => word).increment(1);
        metrics::histogram!("grapevine_mail_seconds").record(begun.elapsed().as_secs_f64());
        tracing::info!(message = %id, %shop, tries, outcome = word, "a mail was handed over or not");
        let again_in_ms = self.again_in(tries, &outcome).and_then(|wait| i64::try_from(wait.as_millis()).ok());
        self.tell(shop, FinishMessage { id, tries, outcome, again_in_ms }).await;
        Next::Now
    }

    async fn close(&self) {
        self.transport.close().await;
    }
}

/// A message that is due, and where it goes.
type Due = (Id, Option<String>);
/// What waits for its turn, by shop, and how long, milliseconds.
type Late = BTreeMap<Id, Vec<(Id, i64)>>;

impl Mails {
    /// What is due of each shop whose turn it is.
    async fn lines(&self, under_way: &[(Id, Id)], free: usize) -> StoreResult<Vec<(Id, Vec<Due>)>> {
        let first_ms = i64::try_from(self.first_wait().as_millis()).unwrap_or(i64::MAX);
        let (now, busy) = (self.engine.now().plus_ms(-first_ms), under_way.to_vec());
        let (ahead, last_shop) = (self.engine.shops_ahead(), *self.last_shop());
        let limit = if self.paces.is_empty() { free + busy.len() } else { LOOK };
        let found = self.reader.run(move |connection| {
            let mut lines = Vec::new();
            let shops = shops_with_due_mails(connection, now, last_shop, free)?;
            let shops = shops.into_iter().filter(|shop| ahead.iter().all(|(other, _)| other != shop));
            let times =
                shops.map(|shop| (shop, now)).chain(ahead.iter().map(|(shop, at)| (*shop, at.plus_ms(-first_ms))));
            for (shop, now) in times {
                let mails = due_mails(connection, shop, now, limit)?;
                let free = mails.into_iter().filter(|(id, _)| !busy.contains(&(shop, *id)));
                lines.push((shop, free.collect::<Vec<_>>()));
            }
            Ok(lines)
        });
        found.await
    }

    /// Which leave now, and which of those before them wait for their turn, by shop.
    fn sort_out(&self, lines: &[(Id, Vec<Due>)], free: usize) -> (Vec<(Id, Id)>, Late) {
        let (now, mut found, mut late) = (self.engine.now(), Vec::new(), Late::new());
        for (shop, (id, recipient)) in in_turn(lines) {
            if found.len() >= free {
                break;
            }
            match recipient.as_deref().and_then(|recipient| self.paces.wait_ms(recipient, now)) {
                None => found.push((shop, *id)),
                Some(wait_ms) => late.entry(shop).or_default().push((*id, wait_ms)),
            }
        }
        (found, late)
    }

    fn last_shop(&self) -> MutexGuard<'_, Option<Id>> {
        self.last_shop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends it, and says meanwhile that it is at it.
    async fn send_on_lease(&self, shop: Id, id: Id, tries: i64) -> Outcome {
        let renewal = async {
            loop {
                tokio::time::sleep(RENEWAL).await;
                let kept = KeepMessage { id, tries, lease_ms: LEASE_MS };
                if let Err(failure) = self.engine.submit(Request::system(shop, kept)).await {
                    tracing::debug!(%failure, message = %id, "a lease could not be renewed");
                }
            }
        };
        match select(pin!(self.send(shop, id)), pin!(renewal)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right((never, _)) => never,
        }
    }

    async fn send(&self, shop: Id, id: Id) -> Outcome {
        let public_url = self.engine.installation().public_url.clone();
        let letter = match self.reader.run(move |connection| letter::read(connection, shop, id, public_url)).await {
            Ok(letter) => letter,
            Err(error) => {
                tracing::warn!(%error, message = %id, "a message could not be read");
                return Outcome::Refused("its records could not be read".to_owned());
            }
        };
        if letter.message.recipient.is_none() {
            tracing::info!(message = %id, "a mail lost its address before it left: its customer was erased");
            return Outcome::Rejected("it has no address any more".to_owned());
        }
        match compose::compose(&letter, &self.engine.installation().vault, self.engine.now()) {
            Ok(mail) => match self.seal(&mail, id) {
                Some(sealed) => {
                    let outcome = self.transport.send(sealed, &id.to_string()).await;
                    let recipient = letter.message.recipient.as_deref().unwrap_or_default();
                    self.paces.learn(recipient, &outcome, self.engine.now());
                    outcome
                }
                None => Outcome::Refused("its return path could not be written".to_owned()),
            },
            Err(error) => {
                tracing::error!(%error, message = %id, "a mail could not be made");
                if error.is_passing() {
                    Outcome::Refused(error.to_string())
                } else {
                    Outcome::Rejected(error.to_string())
                }
            }
        }
    }

    /// The mail, signed, with its return path, which names it.
    fn seal(&self, mail: &lettre::Message, id: Id) -> Option<Sealed> {
        let mut sealed = Sealed::of(mail);
        let domain = sealed.envelope.from().map(|from| from.domain().to_owned()).unwrap_or_default();
        sealed.bytes = dkim::sign(sealed.bytes, &domain, &self.keys, self.engine.now());
        if let Some(address) = &self.bounce_address {
            let tag = bounce::tag(&self.engine.installation().vault, id);
            let back = Address::new(format!("{}+{tag}", address.user()), address.domain()).ok()?;
            sealed.envelope = Envelope::new(Some(back), sealed.envelope.to().to_vec()).ok()?;
        }
        Some(sealed)
    }

    /// Wait before the first try. The engine notes when a message was queued; so every look is this
    /// much behind the clock, and every later wait is that much shorter.
    fn first_wait(&self) -> Duration {
        self.schedule.first().copied().unwrap_or_default()
    }

    /// Wait until the next try, after this many.
    fn again_in(&self, tries: i64, outcome: &Outcome) -> Option<Duration> {
        let next = usize::try_from(tries).ok().and_then(|tries| self.schedule.get(tries)).copied();
        let wait = match outcome {
            Outcome::Sent | Outcome::Rejected(_) => None,
            Outcome::Refused(_) => next,
            Outcome::Unknown(_) => next.or(Some(AFTER_UNKNOWN)),
        };
        wait.map(|wait| wait.saturating_sub(self.first_wait()))
    }

    /// Tells the engine, again and again: a mail that was sent and is not known to be sent would be sent
    /// twice. Who is told after the lease has run out still knows it before it is sent again, if only just.
    async fn tell(&self, shop: Id, news: FinishMessage) {
        let begun = Instant::now();
        let mut is_said = false;
        while begun.elapsed() < TELLING {
            match self.engine.submit(Request::system(shop, Command::from(news.clone()))).await {
                Ok(_) => return,
                Err(Failure::Refused(rejection)) => {
                    tracing::error!(%rejection, message = %news.id, "what became of a mail could not be noted");
                    return;
                }
                Err(failure) => {
                    if !std::mem::replace(&mut is_said, true) {
                        tracing::warn!(%failure, message = %news.id, "what became of a mail is noted later");
                    }
                    tokio::time::sleep(TELL_AGAIN).await;
                }
            }
        }
        tracing::error!(message = %news.id, "what became of a mail could not be noted");
    }
}

/// One of each line, then the next of each.
fn in_turn<T>(lines: &[(Id, Vec<T>)]) -> impl Iterator<Item = (Id, &T)> {
    let longest = lines.iter().map(|(_, mails)| mails.len()).max().unwrap_or(0);
    (0..longest).flat_map(|turn| lines.iter().filter_map(move |(shop, mails)| Some((*shop, mails.get(turn)?))))
}
