//! What is done about a guess of a code that is nobody's: it is counted, and where they are very many the shop is
//! told.

use std::time::Instant;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::request::call::Call;
use crate::decide::Command;
use crate::decide::access::note_guessing::NoteGuessing;
use crate::decide::checkout::cart::Cart;
use crate::decide::input::brought::Evidence;
use crate::engine::Request;
use crate::refusal::Code;

/// Notes that so many codes that somebody asked for were unknown, and tells the shop when they are very many.
pub async fn note(call: &Call, guesser: Option<&Guesser>, unknown: usize) {
    let Some(guesser) = guesser.filter(|_| unknown > 0) else { return };
    let unknown = u32::try_from(unknown).unwrap_or(u32::MAX);
    let Some(flood) = call.app.guesses.note_at(guesser, unknown, Instant::now()) else { return };
    metrics::counter!("grapevine_guessing_total").increment(1);
    tracing::warn!(shop = %call.shop(), unknown = flood.unknown, seconds = flood.seconds, "codes are guessed");
    let news = NoteGuessing { caller: call.caller.id, unknown: flood.unknown, seconds: flood.seconds };
    // That the shop is told is no part of what was asked for: it is answered all the same.
    let request = Request { since: call.since, ..Request::system(call.shop(), news) };
    if call.app.engine.submit(request).await.is_err() {
        tracing::warn!(shop = %call.shop(), "the shop could not be told that codes are guessed");
    }
}

/// Has a command decided that takes what somebody typed into a cart; wrong codes are counted.
pub async fn submit_cart(call: &Call, cart: &Cart, command: impl Into<Command>) -> Result<Reply, Problem> {
    submit_typed(call, Guesser::of_cart(&call.caller, cart), cart.evidence.as_ref(), command).await
}

/// The same of what somebody typed elsewhere; `None`: nobody typed a code.
pub async fn submit_typed(
    call: &Call,
    guesser: Option<Guesser>,
    evidence: Option<&Evidence>,
    command: impl Into<Command>,
) -> Result<Reply, Problem> {
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(call, evidence).await?;
    let outcome = call.submit(command).await;
    let unknown = unknown + outcome.as_ref().err().map_or(0, unknown_codes);
    note(call, guesser.as_ref(), unknown).await;
    outcome
}

/// How many codes were refused for being nobody's, or, where one was chosen, somebody's: that tells as much.
pub fn unknown_codes(problem: &Problem) -> usize {
    let telling = [Code::VoucherUnknown, Code::CodeUnknown, Code::CodeTaken].map(Code::as_str);
    problem.rejection.errors.iter().filter(|fault| telling.contains(&&*fault.code)).count()
}

/// How many codes are nobody's that came as evidence.
pub async fn unknown_evidence(call: &Call, evidence: Option<&Evidence>) -> Result<usize, Problem> {
    let Some(evidence) = evidence.filter(|evidence| evidence.typed().is_some()).cloned() else { return Ok(0) };
    call.dry_run(move |draft| evidence.unknown_codes(draft)).await
}
