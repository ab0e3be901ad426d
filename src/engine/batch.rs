//! Decides a batch against the world, loading what is missing between the rounds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::{Clock, Failure, Given, Setup, Times, Waiting};
use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::{Context, Draft, Installation};
use crate::records::{Id, ShopHead, StoredAnswer, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::store::StoreResult;
use crate::store::shelves::Head;
use crate::store::writer::WriterConnection;
use crate::world::{Changes, Memory, Stop, Wanted, World};

/// Rounds in a row in which no command was settled, after which those that are left are given up: a rule asks without
/// end. What one command does may be what the next one has to load, so that their rounds add up.
pub(super) const ROUNDS: usize = 16;

/// What one command came to.
pub(super) type Outcome = Result<Given, Failure>;

/// Decides every command; answers outcomes in the order of the commands, and the world that they made.
/// What `memory` knows of the shops need not be loaded, and it learns what was.
pub(super) fn decide_all(
    connection: &mut WriterConnection,
    setup: &Setup,
    memory: &mut Memory,
    heads: Vec<Head>,
    batch: &mut [Waiting],
) -> StoreResult<(Vec<Outcome>, World)> {
    let (installation, now) = (&setup.installation, setup.clock.now());
    for waiting in batch.iter_mut() {
        if let Some(known) = heads.iter().find(|known| known.head.id == waiting.request.shop) {
            waiting.times = Some(times_of(&known.head, now, waiting.times, &setup.clock));
        }
    }
    let (mut world, known) = opened(heads, memory);
    if connection.has_pages() {
        world.begin_pages();
    }
    let mut outcomes: Vec<Option<Outcome>> = batch.iter().map(|_| None).collect();
    let (mut idle, mut left) = (0, batch.len());
    while idle < ROUNDS {
        metrics::counter!("grapevine_rounds_total").increment(1);
        for (waiting, outcome) in batch.iter().zip(&mut outcomes).filter(|(_, outcome)| outcome.is_none()) {
            *outcome = decide_one(&mut world, installation, waiting);
        }
        let unsettled = outcomes.iter().filter(|outcome| outcome.is_none()).count();
        if unsettled == 0 || !connection.load(&mut world)? {
            break;
        }
        idle = if unsettled < left { 0 } else { idle + 1 };
        left = unsettled;
    }
    known.iter().for_each(|(shop, settings)| memory.learn(&world, *shop, *settings));
    world.gather_events();
    let settled = outcomes.into_iter().map(|outcome| {
        outcome.unwrap_or_else(|| {
            tracing::error!("a command still misses records after {ROUNDS} rounds");
            Err(Failure::Internal)
        })
    });
    Ok((settled.collect(), world))
}

/// The real time, and the shop's: with the test shop's offset, never before its last command. Both
/// stay what they were at the first attempt, unless the shop has gone on meanwhile.
fn times_of(head: &ShopHead, now: Timestamp, earlier: Option<Times>, clock: &Clock) -> Times {
    let times = earlier.unwrap_or_else(|| clock.times(head, now));
    Times { at: times.at.max(head.last_at), ..times }
}

/// A world that knows the heads of shops, and what is remembered of them; and the numbers of their settings.
pub(super) fn opened(heads: Vec<Head>, memory: &Memory) -> (World, Vec<(Id, i64)>) {
    let mut world = World::default();
    let known: Vec<(Id, i64)> = heads.iter().map(|known| (known.head.id, known.settings)).collect();
    let ids = known.iter().map(|(shop, _)| (*shop, *shop)).collect();
    world.fill_heads(&Wanted { ids, ..Wanted::default() }, heads.into_iter().map(|known| known.head).collect());
    known.iter().for_each(|(shop, settings)| memory.tell(&mut world, *shop, *settings));
    (world, known)
}

/// Decides one command; `None`: records are missing. A panic is a fault of ours, and the batch goes on.
fn decide_one(world: &mut World, installation: &Installation, waiting: &Waiting) -> Option<Outcome> {
    let times = waiting.times?;
    let context = Context {
        at: times.at,
        real_at: times.real_at,
        seed: waiting.seed,
        actor: waiting.request.actor.clone(),
        request_id: waiting.request.request_id.clone(),
    };
    let decided = catch_unwind(AssertUnwindSafe(|| attempt(world, installation, &context, waiting)));
    match decided {
        Ok(Ok((given, changes))) => {
            world.apply(changes);
            Some(Ok(given))
        }
        Ok(Err(Stop::Missing)) => None,
        Ok(Err(Stop::Refused(rejection))) => Some(Err(Failure::Refused(rejection))),
        // A guess may not fit together, and panic: it is made again when what is wanted is loaded.
        Err(_) if world.lacks_anything() => None,
        Err(_) => {
            let request_id = waiting.request.request_id.as_deref();
            tracing::error!(shop = %waiting.request.shop, request_id, "a decision panicked");
            Some(Err(Failure::Internal))
        }
    }
}

fn attempt(
    world: &World,
    installation: &Installation,
    context: &Context,
    waiting: &Waiting,
) -> Result<(Given, Changes), Stop> {
    let request = &waiting.request;
    let (given, changes) = Draft::attempt(world, installation, context, request.shop, |draft| {
        if let Some(key) = &request.idempotency
            && let Some(given) = answered(draft, key)?
        {
            return Ok(given);
        }
        let answer = request.command.decide(draft)?;
        if let Some(key) = &request.idempotency
            && answer.keep != Keep::Never
        {
            let row = to_store(draft, key, &answer)?;
            draft.save(row);
        }
        Ok(Given { answer, replayed: false, took: Duration::ZERO })
    })?;
    // What was answered before changes nothing, not even the shop's time.
    let changes = if given.replayed { Changes::default() } else { changes };
    Ok((given, changes))
}

/// What the same request was answered before, under the same key.
fn answered(draft: &Draft<'_>, key: &super::Idempotency) -> Result<Option<Given>, Stop> {
    let stored = draft.get::<StoredAnswer>(key.id)?.filter(|stored| stored.expires_at > draft.context.real_at);
    let Some(stored) = stored else { return Ok(None) };
    if stored.status == StoredAnswer::ERASED {
        return Err(Rejection::new(
            Code::Erased,
            "What this request was answered showed a customer who was erased since; it is not done again.",
        )
        .into());
    }
    if stored.fingerprint != key.fingerprint {
        return Err(Rejection::new(
            Code::IdempotencyKeyReused,
            "This Idempotency-Key was used with another request; use a new key for a new request.",
        )
        .into());
    }
    let mut answer = again(&stored, draft.installation);
    if let (Some(page), Some(seq)) = (stored.told_in, stored.told_seq) {
        answer.body = draft.event_in(page, seq)?.data.clone();
    }
    Ok(Some(Given { answer, replayed: true, took: Duration::ZERO }))
}

fn to_store(draft: &Draft<'_>, key: &super::Idempotency, answer: &Answer) -> Result<StoredAnswer, Stop> {
    let sealed = answer.keep == Keep::Sealed;
    let told = draft.told(&answer.body).filter(|_| !sealed);
    let body = match told {
        Some(_) => String::new(),
        None if sealed => draft.installation.vault.seal(&answer.body, draft.random()),
        None => answer.body.clone(),
    };
    Ok(StoredAnswer {
        id: key.id,
        shop: draft.shop.id,
        version: 0,
        subject: answer.subject,
        fingerprint: key.fingerprint.clone(),
        status: i64::from(answer.status),
        location: answer.location.clone(),
        etag: answer.etag.clone(),
        body,
        sealed,
        expires_at: draft.context.real_at.plus_days(draft.installation.answer_days),
        told_in: told.map(|(page, _)| page),
        told_seq: told.map(|(_, seq)| seq),
    })
}

fn again(stored: &StoredAnswer, installation: &Installation) -> Answer {
    let body =
        if stored.sealed { installation.vault.open(&stored.body).unwrap_or_default() } else { stored.body.clone() };
    Answer {
        status: u16::try_from(stored.status).unwrap_or(200),
        body,
        subject: stored.subject,
        location: stored.location.clone(),
        etag: stored.etag.clone(),
        keep: Keep::Plain,
    }
}
