//! Who may take an offer, and who has.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::people::me;
use crate::api::reporting::Counting;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::{note, unknown_evidence};
use crate::api::request::typed::Ignored;
use crate::decide::input::brought::Evidence;
use crate::decide::offers::check_offer::check;
use crate::decide::offers::claim_offer::ClaimOffer;
use crate::decide::offers::claims::Ask;
use crate::decide::offers::group;
use crate::records::{Claim, Id, Offer, Reward, Share};
use crate::store::queries::records::Filter;
use crate::views::{self, Viewer};

pub(in crate::api) async fn check_offer(call: Call) -> Result<Reply, Problem> {
    let (ask, mut ignored): (Ask, Ignored) = call.typed_body()?;
    ignored.name_unknowable(ask.customer.is_some(), ask.customer_details.as_ref(), "/customer");
    checked(call, ask, &ignored).await
}

pub(in crate::api) async fn create_claim(call: Call) -> Result<Reply, Problem> {
    let (ask, mut ignored): (Ask, Ignored) = call.typed_body()?;
    ignored.name_unknowable(ask.customer.is_some(), ask.customer_details.as_ref(), "/customer");
    claimed(call, ask, &ignored, Viewer::Shop).await
}

/// What a customer came with, in the browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MyAsk {
    #[serde(default)]
    evidence: Evidence,
}

impl MyAsk {
    fn of(self, call: &Call) -> Result<Ask, Problem> {
        let customer = Some(me::own_name(call)?);
        Ok(Ask { customer, customer_details: None, evidence: self.evidence, order: None, visitor: None })
    }
}

pub(in crate::api) async fn check_my_offer(call: Call) -> Result<Reply, Problem> {
    let (ask, ignored): (MyAsk, Ignored) = call.typed_body()?;
    let ask = ask.of(&call)?;
    checked(call, ask, &ignored).await
}

pub(in crate::api) async fn create_my_claim(call: Call) -> Result<Reply, Problem> {
    let (ask, ignored): (MyAsk, Ignored) = call.typed_body()?;
    let ask = ask.of(&call)?;
    claimed(call, ask, &ignored, Viewer::Customer).await
}

async fn checked(call: Call, ask: Ask, ignored: &Ignored) -> Result<Reply, Problem> {
    let (id, guesser) = (call.id("ofr")?, guesser(&call, &ask));
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(&call, Some(&ask.evidence)).await?;
    let view = call.dry_run(move |draft| check(draft, id, &ask)).await?;
    note(&call, guesser.as_ref(), unknown).await;
    Reply::json(&view).ignoring(ignored)
}

async fn claimed(call: Call, ask: Ask, ignored: &Ignored, viewer: Viewer) -> Result<Reply, Problem> {
    let (offer, guesser) = (call.id("ofr")?, guesser(&call, &ask));
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(&call, Some(&ask.evidence)).await?;
    let outcome = call.submit(ClaimOffer { offer, ask, viewer }).await;
    note(&call, guesser.as_ref(), unknown).await;
    outcome?.ignoring(ignored)
}

pub(in crate::api) async fn get_group(call: Call) -> Result<Reply, Problem> {
    group(call, None).await
}

/// The organiser sees how it fills.
pub(in crate::api) async fn get_my_group(call: Call) -> Result<Reply, Problem> {
    let selves = me::selves(&call).await?;
    group(call, Some(selves)).await
}

async fn group(call: Call, of: Option<Vec<Id>>) -> Result<Reply, Problem> {
    let (offer, share) = (call.id("ofr")?, Id::parse("shr", call.path("share")).ok_or_else(Problem::not_found)?);
    let found = call.dry_run(move |draft| {
        let (offer, share) = (draft.get::<Offer>(offer), draft.get::<Share>(share));
        let (Some(offer), Some(share)) = (offer?, share?) else { return Ok(None) };
        let is_theirs = |of: &Vec<Id>| share.customer.is_some_and(|customer| of.contains(&customer));
        if of.as_ref().is_some_and(|of| !is_theirs(of)) {
            return Ok(None);
        }
        Ok(group::show(draft, &offer, &share)?.map(|view| shown(&view)))
    });
    Ok(Reply::json(&found.await?.ok_or_else(Problem::not_found)?))
}

/// Who asks what a code is good for; `None`: they came without one.
fn guesser(call: &Call, ask: &Ask) -> Option<Guesser> {
    let (customer, visitor) = (ask.customer.as_deref(), ask.visitor.as_deref());
    let guesser = || Guesser::on_behalf(&call.caller, customer, visitor, ask.customer_details.as_ref());
    ask.evidence.typed().is_some().then(guesser)
}

pub(in crate::api) async fn get_claim(call: Call) -> Result<Reply, Problem> {
    let claim: Claim = call.record(call.id("clm")?).await?;
    let views = show(&call, &[claim]).await?;
    Ok(Reply::json(views.first().ok_or_else(Problem::internal)?))
}

/// Claims that have their place: what they gave was not withdrawn.
const COUNTED: &str = "EXISTS (SELECT 1 FROM rewards r WHERE r.id = claims.reward AND length(r.counted_by) > 2)";
/// Claims whose voucher was redeemed.
const REDEEMED: &str = "EXISTS (SELECT 1 FROM rewards r WHERE r.id = claims.reward AND r.status = 'spent')";

pub(in crate::api) async fn list_claims(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .equals("offer", call.query().text("offer"))
        .equals("share", call.query().text("share"))
        .among("customer", customer)
        .among("customer", named)
        .among("advocate", call.customer_filter("advocate").await?)
        .only(&call, "counted", COUNTED)?
        .only(&call, "redeemed", REDEEMED)?;
    call.list_pages(filter, show).await
}

pub(in crate::api) async fn list_my_claims(call: Call) -> Result<Reply, Problem> {
    let filter = me::own(&call, "customer").await?.equals("offer", call.query().text("offer"));
    call.list_pages(filter, show_own).await
}

async fn show(call: &Call, claims: &[Claim]) -> Result<Vec<Box<RawValue>>, Problem> {
    with_rewards(call, claims, |claim, reward| shown(&views::claim::claim(claim, reward))).await
}

/// What a customer may see of claims.
pub(in crate::api) async fn show_own(call: &Call, claims: &[Claim]) -> Result<Vec<Box<RawValue>>, Problem> {
    with_rewards(call, claims, |claim, reward| shown(&views::me::claim(claim, reward))).await
}

async fn with_rewards(
    call: &Call,
    claims: &[Claim],
    show: fn(&Claim, &Reward) -> Box<RawValue>,
) -> Result<Vec<Box<RawValue>>, Problem> {
    let claims = claims.to_vec();
    call.dry_run(move |draft| {
        let rewards: Vec<_> = claims.iter().map(|claim| draft.expect::<Reward>(claim.reward)).collect();
        claims.iter().zip(rewards).map(|(claim, reward)| Ok(show(claim, &*reward?))).collect()
    })
    .await
}
