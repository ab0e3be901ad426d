//! Advocate codes.

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::{note, unknown_codes};
use crate::decide::input::typed_code;
use crate::decide::sharing::create_code::{self, CreateCode};

pub(in crate::api) async fn create_code(call: Call) -> Result<Reply, Problem> {
    let body: CreateCode = call.body()?;
    let guesser = Guesser::on_behalf(&call.caller, Some(&body.customer), None, None);
    let guesser = body.code.is_some().then_some(guesser);
    call.app.guesses.check(guesser.as_ref())?;
    let outcome = call.submit(CreateCode { program: call.path("id").to_owned(), ..body }).await;
    note(&call, guesser.as_ref(), outcome.as_ref().err().map_or(0, unknown_codes)).await;
    outcome
}

pub(in crate::api) async fn get_code(call: Call) -> Result<Reply, Problem> {
    let typed = call.path("code").to_owned();
    let guesser = Guesser::on_behalf(&call.caller, None, call.query().text("visitor"), None);
    call.app.guesses.check(Some(&guesser))?;
    let found = call
        .dry_run(move |draft| {
            let found = typed_code::advocate(draft, &typed)?;
            found.map(|code| Ok(shown(&create_code::show(draft, &code)?))).transpose()
        })
        .await?;
    let Some(found) = found else {
        note(&call, Some(&guesser), 1).await;
        return Err(Problem::not_found());
    };
    Ok(Reply::json(&found))
}
