//! Referrals.

use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::reporting::Counting;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::{note, unknown_codes, unknown_evidence};
use crate::api::request::typed::Ignored;
use crate::decide::input::brought::Evidence;
use crate::decide::people::customer::CustomerDetails;
use crate::decide::referrals::check_referral::check;
use crate::decide::referrals::create_referral::{CreateReferral, rewards_of};
use crate::records::Referral;
use crate::records::referral::ReferralStatus;
use crate::records::time::DAY_MS;
use crate::store::queries::records::Filter;
use crate::views;

pub(in crate::api) async fn check_referral(call: Call) -> Result<Reply, Problem> {
    let (ask, ignored): (CreateReferral, Ignored) = call.typed_body()?;
    let details = ask.friend_details.as_ref();
    let guesser = guesser(&call, (ask.friend.as_deref(), ask.visitor.as_deref(), details), &ask.evidence);
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(&call, Some(&ask.evidence)).await?;
    let view = call.dry_run(move |draft| Ok(shown(&check(draft, &ask)?))).await?;
    note(&call, guesser.as_ref(), unknown).await;
    Reply::json(&view).ignoring(&ignored)
}

pub(in crate::api) async fn create_referral(call: Call) -> Result<Reply, Problem> {
    let (body, ignored): (CreateReferral, Ignored) = call.typed_body()?;
    let details = body.friend_details.as_ref();
    let guesser = guesser(&call, (body.friend.as_deref(), body.visitor.as_deref(), details), &body.evidence);
    call.app.guesses.check(guesser.as_ref())?;
    let outcome = call.submit(body).await;
    note(&call, guesser.as_ref(), outcome.as_ref().err().map_or(0, unknown_codes)).await;
    outcome?.ignoring(&ignored)
}

/// A friend, the session in which he came, and what is told of him.
type Friend<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a CustomerDetails>);

/// Who asks what a friend's code is good for; `None`: he came without one.
fn guesser(call: &Call, (customer, visitor, details): Friend<'_>, evidence: &Evidence) -> Option<Guesser> {
    evidence.typed().is_some().then(|| Guesser::on_behalf(&call.caller, customer, visitor, details))
}

pub(in crate::api) async fn get_referral(call: Call) -> Result<Reply, Problem> {
    let id = call.id("ref")?;
    let found = call
        .dry_run(move |draft| {
            let Some(referral) = draft.get::<Referral>(id)? else { return Ok(None) };
            let rewards = rewards_of(draft, &referral)?;
            Ok(Some(shown(&views::referral::referral(&referral, &rewards))))
        })
        .await?;
    Ok(Reply::json(&found.ok_or_else(Problem::not_found)?))
}

pub(in crate::api) async fn list_referrals(call: Call) -> Result<Reply, Problem> {
    let program = call.program_filter("program").await?;
    let (friend, named) = (call.customer_filter("friend").await?, call.customer_filter("external_id").await?);
    let advocate = call.customer_filter("advocate").await?;
    let filter = Filter::new()
        .equals("program", program)
        .among("friend", friend)
        .among("friend", named)
        .among("advocate", advocate)
        .status(call.query().word("status", ReferralStatus::WORDS)?, ReferralStatus::Converted.as_str())
        .at_place(&call)
        .of_advocate(&call, "advocate")
        .between(&call, "advocate_since", "advocate_since")?
        .of_trial(&call)?
        .only(&call, "counted", "status <> 'rejected'")?;
    let within = call.query().word("within_days", &["7", "30", "90"])?.and_then(|days| days.parse::<i64>().ok());
    let filter = match within {
        Some(days) => filter
            .when("created_at >= advocate_since", [])
            .when("created_at - advocate_since < ?", [(days * DAY_MS).into()]),
        None => filter,
    };
    call.list_pages(filter, show).await
}

async fn show(call: &Call, referrals: &[Referral]) -> Result<Vec<Box<RawValue>>, Problem> {
    let referrals = referrals.to_vec();
    call.dry_run(move |draft| {
        let rewards: Vec<_> = referrals.iter().map(|referral| rewards_of(draft, referral)).collect();
        let rows = referrals.iter().zip(rewards);
        rows.map(|(referral, rewards)| Ok(shown(&views::referral::referral(referral, &rewards?)))).collect()
    })
    .await
}
