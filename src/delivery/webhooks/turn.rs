//! One endpoint's turn, or an account's: what is late comes first, then what is sent once more, then what is new.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::Webhooks;
use super::fate::{FAILING, Fate, count, end, fate};
use super::payload;
use super::peer::{Control, Peer, Said};
use super::sink::Sink;
use crate::background::{Next, Stop};
use crate::delivery::analytics;
use crate::records::delivery::DeliveryStatus;
use crate::records::endpoint::DisabledBy;
use crate::records::shop::Mode;
use crate::records::time::DAY_MS;
use crate::records::{AnalyticsAccount, Delivery, Endpoint, Event, Id, Shop, Timestamp, Voucher};
use crate::store::queries::events;
use crate::store::queries::records::{get, get_all};
use crate::store::webhooks::{self, Cursor, Replay, Report};
use crate::store::{Connection, StoreResult};

/// How long something new is begun in a turn.
const TURN: Duration = Duration::from_secs(10);
/// How long an endpoint is a process's, milliseconds: a turn, the longest wait for a receiver, and some.
const LEASE_MS: i64 = 40_000;
/// How long it is tried to note what came of a turn: the lease runs on meanwhile.
const NOTING: Duration = Duration::from_secs(10);
/// Between two tries of that.
const AGAIN: Duration = Duration::from_millis(250);
/// Events that are read at once.
const AT_ONCE: usize = 50;
/// Events that are under way to one endpoint at once, where their order does not matter.
const WIDTH: usize = 4;
/// Why an event cannot be sent that an erasure or other hands have changed.
const GONE: &str = "nothing is left of the event";
/// How long what has ended is kept, milliseconds.
const KEPT_MS: i64 = 30 * DAY_MS;

/// An endpoint that this process has, and what came of it so far.
pub(super) struct Turn<'a> {
    webhooks: &'a Webhooks,
    sink: Sink,
    mode: Mode,
    peer: Peer,
    cursor: Cursor,
    replay: Option<Replay>,
    rest_until: Timestamp,
    /// Whether the receiver said that it wants to be left alone.
    is_spared: bool,
    deliveries: Vec<Delivery>,
    end: Option<DisabledBy>,
    begun: Instant,
}

/// What is sent, and where it comes from.
struct Batch {
    source: Source,
    pieces: Vec<Piece>,
    /// How far this leads.
    seen: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Late,
    Replay,
    New,
}

/// One event on its way.
struct Piece {
    /// The event; none: it only tries the endpoint out, or nothing is left of it.
    event: Option<Event>,
    /// What is told with it.
    beside: Beside,
    /// What was noted of it before.
    noted: Option<Delivery>,
}

/// What is known of an event beside what it tells.
enum Beside {
    Nothing,
    /// The voucher whose code is to be told.
    Voucher(Box<Voucher>),
    /// What an analytics is to know.
    Facts(analytics::Facts),
}

impl Piece {
    fn seq(&self) -> Option<i64> {
        self.event.as_ref().map(|event| event.seq).or_else(|| self.noted.as_ref().and_then(|noted| noted.seq))
    }
}

impl<'a> Turn<'a> {
    /// Takes an endpoint; `None`: somebody has it, or it is no more.
    pub(super) async fn take(webhooks: &'a Webhooks, shop: Id, id: Id) -> StoreResult<Option<Self>> {
        let read = webhooks
            .reader
            .run(move |connection| Ok((Sink::read(connection, shop, id)?, get::<Shop>(connection, shop, shop)?)));
        let (Some(sink), Some(mode)) = read.await.map(|(sink, shop)| (sink, shop.map(|shop| shop.mode)))? else {
            return Ok(None);
        };
        let (now, from_seq) = (webhooks.engine.now(), sink.last_before());
        let take = move |connection: &mut Connection| webhooks::take(connection, shop, id, from_seq, now, LEASE_MS);
        let Some(cursor) = webhooks.engine.write(take).await? else { return Ok(None) };
        let peer = webhooks.peers.peer(&sink.url(&webhooks.engine.installation().vault));
        Ok(Some(Self {
            webhooks,
            sink,
            mode,
            peer,
            cursor,
            replay: None,
            rest_until: now,
            is_spared: false,
            deliveries: Vec::new(),
            end: None,
            begun: Instant::now(),
        }))
    }

    /// Sends what there is, for as long as a turn lasts, and notes what came of it.
    pub(super) async fn run(mut self, stop: &Stop) -> Next {
        loop {
            match self.look().await {
                Ok(Some(batch)) => {
                    if !self.send(batch, stop).await {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::debug!(%error, endpoint = %self.sink.id(), "what is due of an endpoint cannot be read");
                    break;
                }
            }
        }
        self.note_turn().await
    }

    /// What is sent next. The endpoint is read anew: whoever has changed it since is heard.
    async fn look(&mut self) -> StoreResult<Option<Batch>> {
        let (shop, id, now) = (self.sink.shop(), self.sink.id(), self.webhooks.engine.now());
        let (seq, under_way) = (self.cursor.seq, self.replay.clone());
        let looked = self.webhooks.reader.run(move |connection| {
            let Some(sink) = Sink::read(connection, shop, id)?.filter(Sink::is_live) else {
                return Ok(None);
            };
            let replay = match under_way {
                Some(replay) if replay.seq < replay.to_seq => Some(replay),
                // The one before is noted first.
                Some(_) => None,
                None => webhooks::replay(connection, id)?,
            };
            let batch = batch(connection, &sink, seq, replay.as_ref(), now)?;
            Ok(Some((sink, replay, batch)))
        });
        let Some((sink, replay, batch)) = looked.await? else { return Ok(None) };
        let vault = &self.webhooks.engine.installation().vault;
        let url = sink.url(vault);
        if url != self.sink.url(vault) {
            self.peer = self.webhooks.peers.peer(&url);
        }
        self.sink = sink;
        self.replay = replay.or(self.replay.take());
        // What was tried in this turn is noted at its end, and due anew only then.
        let is_tried = |piece: &Piece| {
            piece.noted.as_ref().is_some_and(|noted| self.deliveries.iter().any(|delivery| delivery.id == noted.id))
        };
        Ok(batch.filter(|batch| batch.source != Source::Late || !batch.pieces.iter().any(is_tried)))
    }

    /// Sends a batch, a few at a time; answers whether the turn goes on.
    async fn send(&mut self, batch: Batch, stop: &Stop) -> bool {
        let Batch { source, pieces, seen } = batch;
        let is_fifo = self.sink.is_fifo();
        let mut pieces = pieces.into_iter();
        loop {
            let width = if is_fifo || self.cursor.failures >= FAILING { 1 } else { WIDTH };
            let chunk: Vec<Piece> = pieces.by_ref().take(width).collect();
            let Some(last) = chunk.last().and_then(Piece::seq).or_else(|| (!chunk.is_empty()).then_some(0)) else {
                self.go_on_to(source, seen);
                return true;
            };
            let said = join_all(chunk.iter().map(|piece| self.attempt(piece))).await;
            let has_failed = chunk.into_iter().zip(said).fold(false, |failed, (piece, (said, took))| {
                self.note(piece, source, said, took) != Fate::Delivered || failed
            });
            self.go_on_to(source, last);
            let is_over = self.begun.elapsed() >= TURN || stop.is_asked() || self.is_spared;
            if is_over || has_failed && (is_fifo || self.cursor.failures >= FAILING || self.end.is_some()) {
                return false;
            }
        }
    }

    fn go_on_to(&mut self, source: Source, seq: i64) {
        match (source, &mut self.replay) {
            (Source::New, _) => self.cursor.seq = seq,
            (Source::Replay, Some(replay)) => replay.seq = seq,
            (Source::Replay | Source::Late, _) => {}
        }
    }

    /// Makes the body and hands it over; `None`: there was nothing to tell.
    async fn attempt(&self, piece: &Piece) -> (Option<Said>, Duration) {
        let begun = Instant::now();
        let said = match &self.sink {
            Sink::Endpoint(endpoint) => self.post(endpoint, piece).await.map(Some),
            Sink::Analytics(account) => self.tell(account, piece).await,
        };
        let said = said.unwrap_or_else(|fault| Some(Said { fault: Some(fault), ..Said::default() }));
        (said, begun.elapsed())
    }

    async fn post(&self, endpoint: &Endpoint, piece: &Piece) -> Result<Said, String> {
        let (installation, now) = (self.webhooks.engine.installation(), self.webhooks.engine.now());
        let (id, body) = match (&piece.event, &piece.noted) {
            (Some(event), _) => {
                let house = (&installation.vault, installation.public_url.as_str());
                let voucher = match &piece.beside {
                    Beside::Voucher(voucher) => Some(&**voucher),
                    _ => None,
                };
                let body = payload::body(endpoint, self.mode, event, voucher, house);
                (event.id, body.map_err(|error| error.to_string())?)
            }
            (None, Some(noted)) if noted.seq.is_none() => {
                (noted.event, payload::test_body(endpoint, self.mode, noted.event, noted.created_at))
            }
            (None, _) => return Err(GONE.to_owned()),
        };
        let signers = payload::signers(endpoint, &installation.vault, now);
        Ok(self.peer.post(&payload::headers(&signers, id, now, &body), &body).await)
    }

    async fn tell(&self, account: &AnalyticsAccount, piece: &Piece) -> Result<Option<Said>, String> {
        let (vault, now) = (&self.webhooks.engine.installation().vault, self.webhooks.engine.now());
        let said = match (&piece.event, &piece.beside, &piece.noted) {
            (Some(event), Beside::Facts(facts), noted) => {
                let told = analytics::telling(account, self.mode, event, facts, vault, now);
                match told.map_err(|error| error.to_string())? {
                    Some(body) => self.peer.post(&[], &body).await,
                    None if noted.is_none() => return Ok(None),
                    None => {
                        let fault = Some("there is nothing to tell of it, or no longer".to_owned());
                        return Ok(Some(Said { fault, control: Control::Abort, ..Said::default() }));
                    }
                }
            }
            (None, _, Some(noted)) if noted.seq.is_none() => {
                let (url, body) = analytics::test(account, vault, now);
                self.webhooks.peers.peer(&url).post(&[], &body).await
            }
            _ => return Err(GONE.to_owned()),
        };
        Ok(Some(analytics::judged(account.kind, said)))
    }

    /// Notes what came of a try.
    fn note(&mut self, piece: Piece, source: Source, said: Option<Said>, took: Duration) -> Fate {
        let Some(said) = said else { return Fate::Delivered };
        let now = self.webhooks.engine.now();
        let tries = 1 + piece.noted.as_ref().filter(|_| source == Source::Late).map_or(0, |noted| noted.tries);
        let is_fifo = self.sink.is_fifo();
        let fate = fate(&said, tries, &self.webhooks.schedule, is_fifo, rand::random());
        let rest_until = count(&mut self.cursor, fate, now);
        self.rest_until = rest_until.max(if fate == Fate::Delivered { rest_until } else { self.rest_until });
        if let (Fate::Again(wait_ms), Some(429 | 503)) = (fate, said.status.filter(|_| said.retry_after.is_some())) {
            self.rest_until = self.rest_until.max(now.plus_ms(wait_ms));
            self.is_spared = true;
        }
        if fate != Fate::Delivered {
            self.end = self.end.or(end(&said, &self.cursor, self.sink.enabled_at(), now));
        }
        measure(fate, took);
        let Some(noted) =
            piece.noted.or_else(|| piece.event.filter(|_| fate != Fate::Delivered).map(|event| self.blank(event, now)))
        else {
            return fate;
        };
        let (status, next_at) = match fate {
            Fate::Delivered => (DeliveryStatus::Delivered, None),
            Fate::Again(wait_ms) => (DeliveryStatus::Waiting, Some(now.plus_ms(wait_ms))),
            Fate::Failed => (DeliveryStatus::Failed, None),
        };
        self.deliveries.push(Delivery {
            status,
            tries,
            next_at,
            tried_at: Some(now),
            http_status: said.status.map(i64::from),
            response: said.text,
            fault: said.fault,
            took_ms: i64::try_from(took.as_millis()).ok(),
            ..noted
        });
        fate
    }

    fn blank(&self, event: Event, now: Timestamp) -> Delivery {
        let id = Delivery::id_of(self.sink.id(), event.id);
        let blank = Delivery::blank(id, event.shop, self.sink.id(), (event.id, event.kind.to_string()), now);
        Delivery { seq: Some(event.seq), subject: event.subject, ..blank }
    }

    /// Notes what came of the turn, for as long as the endpoint is ours.
    async fn note_turn(self) -> Next {
        let Self { webhooks, sink, cursor, replay, rest_until, deliveries, end, .. } = self;
        let (shop, id) = (sink.shop(), sink.id());
        let report = std::sync::Arc::new(Report { shop, endpoint: id, cursor, rest_until, deliveries, replay });
        let (noting, forgotten) = (Instant::now(), webhooks.engine.now().plus_ms(-KEPT_MS));
        loop {
            let own = report.clone();
            let noted = webhooks.engine.write(move |connection| {
                let is_ours = webhooks::report(connection, &own)?;
                if !own.deliveries.is_empty() {
                    webhooks::forget_before(connection, id, forgotten)?;
                }
                Ok(is_ours)
            });
            match noted.await {
                Ok(true) => break,
                Ok(false) => {
                    tracing::info!(endpoint = %id, "another process has taken an endpoint over");
                    return Next::Now;
                }
                Err(error) if noting.elapsed() > NOTING => {
                    tracing::warn!(%error, endpoint = %id, "what was sent could not be noted, and is sent once more");
                    return Next::Later;
                }
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
        if let Some(why) = end
            && let Err(failure) = webhooks.engine.submit(sink.disable(why)).await
        {
            tracing::warn!(%failure, endpoint = %id, "an endpoint is disabled when it fails again");
        }
        Next::Now
    }
}

fn measure(fate: Fate, took: Duration) {
    let outcome = match fate {
        Fate::Delivered => "delivered",
        Fate::Again(_) => "again",
        Fate::Failed => "failed",
    };
    metrics::counter!("grapevine_webhooks_total", "outcome" => outcome).increment(1);
    metrics::histogram!("grapevine_webhook_seconds").record(took.as_secs_f64());
}

/// What an endpoint is sent next, behind a number; `None`: nothing now.
fn batch(
    connection: &mut Connection,
    sink: &Sink,
    seq: i64,
    replay: Option<&Replay>,
    now: Timestamp,
) -> StoreResult<Option<Batch>> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let late = webhooks::late(connection, sink.id(), now, limit)?;
    if !late.is_empty() {
        let mut pieces = Vec::with_capacity(late.len());
        for noted in late {
            let event = match noted.seq {
                Some(seq) => events::after(connection, sink.shop(), seq - 1, 1)?.pop().filter(|event| event.seq == seq),
                None => None,
            };
            pieces.push(Piece { event, beside: Beside::Nothing, noted: Some(noted) });
        }
        add_beside(connection, sink, &mut pieces)?;
        return Ok(Some(Batch { source: Source::Late, pieces, seen: seq }));
    }
    if sink.is_fifo() && webhooks::is_late(connection, sink.id())? {
        return Ok(None);
    }
    let (source, from, to) = match replay {
        Some(replay) => (Source::Replay, replay.seq, replay.to_seq),
        None => (Source::New, seq, i64::MAX),
    };
    let reading = events::of_kinds(connection, sink.shop(), from, AT_ONCE, sink.kinds())?;
    if reading.seen == from {
        // Of a span that goes further than there are events, the rest is not there.
        return Ok(replay.map(|replay| Batch { source, pieces: Vec::new(), seen: replay.to_seq }));
    }
    let mut noted = match source {
        Source::Replay => webhooks::of_span(connection, sink.id(), from, reading.seen)?,
        Source::Late | Source::New => Vec::new(),
    };
    let wanted = reading.events.into_iter().filter(|event| event.seq <= to);
    let mut pieces: Vec<Piece> = wanted
        .map(|event| {
            let place = noted.iter().position(|noted| noted.seq == Some(event.seq));
            Piece { event: Some(event), beside: Beside::Nothing, noted: place.map(|place| noted.swap_remove(place)) }
        })
        .collect();
    add_beside(connection, sink, &mut pieces)?;
    Ok(Some(Batch { source, pieces, seen: reading.seen.min(to) }))
}

/// Reads what is told with events.
fn add_beside(connection: &mut Connection, sink: &Sink, pieces: &mut [Piece]) -> StoreResult<()> {
    match sink {
        Sink::Endpoint(endpoint) if endpoint.include_codes => add_vouchers(connection, endpoint.shop, pieces),
        Sink::Endpoint(_) => Ok(()),
        Sink::Analytics(account) => {
            let told: Vec<Option<&Event>> = pieces.iter().map(|piece| piece.event.as_ref()).collect();
            let facts = analytics::facts(connection, account.shop, &told)?;
            for (piece, facts) in pieces.iter_mut().zip(facts) {
                piece.beside = Beside::Facts(facts);
            }
            Ok(())
        }
    }
}

/// Reads the vouchers whose codes are to be told.
fn add_vouchers(connection: &mut Connection, shop: Id, pieces: &mut [Piece]) -> StoreResult<()> {
    let subject =
        |piece: &Piece| piece.event.as_ref().filter(|event| payload::has_code(event)).and_then(|event| event.subject);
    let ids: Vec<Id> = pieces.iter().filter_map(subject).collect();
    let vouchers: Vec<Voucher> = get_all(connection, shop, &ids)?;
    for piece in pieces {
        let id = subject(piece);
        let voucher = vouchers.iter().find(|voucher| Some(voucher.id) == id).cloned();
        piece.beside = voucher.map_or(Beside::Nothing, |voucher| Beside::Voucher(Box::new(voucher)));
    }
    Ok(())
}
