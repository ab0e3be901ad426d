//! What a customer does in his browser, with a token that the shop's backend had made for him: his own
//! shares, code, rewards, referrals, vouchers and balance. Nobody else is ever shown.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::benefits::vouchers::{standings, with_status};
use crate::api::people::customers::family_of;
use crate::api::request::call::{Call, shown};
use crate::api::request::typed::Ignored;
use crate::decide::ledger::account;
use crate::decide::programs::program;
use crate::decide::sharing::create_code::{self, CreateCode};
use crate::decide::sharing::create_shares::CreateShares;
use crate::decide::sharing::{code, share};
use crate::records::account::credit_account;
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::text::{Locale, Reference, Slug, Text};
use crate::records::typed::typed;
use crate::records::voucher::ShownStatus;
use crate::records::{Customer, Id, Referral, Reward, Share, Voucher};
use crate::refusal::Rejection;
use crate::store::queries::records::Filter;
use crate::views::{self, Viewer};

pub(in crate::api) async fn get_me(call: Call) -> Result<Reply, Problem> {
    let id = call.caller.id;
    let view = call.dry_run(move |draft| {
        let customer = draft.expect::<Customer>(id)?;
        Ok(shown(&views::me::me(&customer, &draft.shop)))
    });
    Ok(Reply::json(&view.await?))
}

/// What a customer shares, and where. How a preview looks is the shop's to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMyShare {
    program: Reference,
    channel: Option<Slug>,
    channels: Option<Vec<Slug>>,
    landing_url: Option<Text<1, 2000>>,
    placement: Option<Text<1, 64>>,
    parent_token: Option<Text<1, 200>>,
    #[serde(default, deserialize_with = "typed")]
    locale: Option<Locale>,
}

pub(in crate::api) async fn create_my_share(call: Call) -> Result<Reply, Problem> {
    let (body, ignored): (NewMyShare, Ignored) = call.typed_body()?;
    let command = CreateShares {
        program: body.program,
        customer: Some(own_name(&call)?),
        customer_details: None,
        channel: body.channel,
        channels: body.channels,
        landing_url: body.landing_url,
        preview: None,
        placement: body.placement,
        parent_token: body.parent_token,
        locale: body.locale,
        viewer: Viewer::Customer,
    };
    call.submit(command).await?.ignoring(&ignored)
}

pub(in crate::api) async fn list_my_shares(call: Call) -> Result<Reply, Problem> {
    let filter = own(&call, "customer")
        .await?
        .equals("program", call.program_filter("program").await?)
        .equals("channel", call.query().text("channel"));
    call.list_pages(filter, show_shares).await
}

async fn show_shares(call: &Call, shares: &[Share]) -> Result<Vec<Box<RawValue>>, Problem> {
    let shares = shares.to_vec();
    let views = call.dry_run(move |draft| {
        let views: Vec<_> = shares.iter().map(|share| share::show_to(draft, share, Viewer::Customer)).collect();
        views.into_iter().map(|view| view.map(|view| shown(&view))).collect::<Result<Vec<_>, _>>()
    });
    views.await
}

/// The program in which a customer wants a code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMyCode {
    program: Reference,
}

pub(in crate::api) async fn create_my_code(call: Call) -> Result<Reply, Problem> {
    let body: NewMyCode = call.body()?;
    let customer = own_name(&call)?;
    let program = body.program.into_string();
    call.submit(CreateCode { program, customer, code: None, viewer: Viewer::Customer }).await
}

pub(in crate::api) async fn get_my_code(call: Call) -> Result<Reply, Problem> {
    let name = call.query().text("program").map(str::to_owned);
    let name = name.ok_or_else(|| Rejection::field("?program", "this parameter is required"))?;
    call.query().refuse_unknown()?;
    let selves = selves(&call).await?;
    let found = call.dry_run(move |draft| {
        let Some(program) = program::named(draft, &name)? else { return Ok(None) };
        let held: Vec<_> = selves.iter().map(|me| code::held(draft, program.id, *me)).collect();
        let held: Vec<_> = held.into_iter().collect::<Result<_, _>>()?;
        Ok(held.iter().flatten().next().map(|held| shown(&create_code::show_own(draft, held))))
    });
    Ok(Reply::json(&found.await?.ok_or_else(Problem::not_found)?))
}

pub(in crate::api) async fn list_my_rewards(call: Call) -> Result<Reply, Problem> {
    let filter = own(&call, "customer")
        .await?
        .equals("program", call.program_filter("program").await?)
        .equals("status", call.query().word("status", RewardStatus::WORDS)?);
    call.list::<Reward>(filter, |_, reward| shown(&views::me::reward(reward))).await
}

pub(in crate::api) async fn list_my_referrals(call: Call) -> Result<Reply, Problem> {
    let filter = own(&call, "advocate")
        .await?
        .equals("program", call.program_filter("program").await?)
        .equals("status", call.query().word("status", ReferralStatus::WORDS)?);
    call.list::<Referral>(filter, |_, referral| shown(&views::me::referral(referral))).await
}

pub(in crate::api) async fn list_my_vouchers(call: Call) -> Result<Reply, Problem> {
    let filter = match call.query().word("status", ShownStatus::WORDS)?.and_then(ShownStatus::parse) {
        Some(status) => with_status(&call, own(&call, "customer").await?, status).await?,
        None => own(&call, "customer").await?,
    };
    // What waits for a second operator is nobody's yet.
    call.list_pages(filter.when("vouchers.asked_by = 'null'", []), show_vouchers).await
}

async fn show_vouchers(call: &Call, vouchers: &[Voucher]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (at, standings) = standings(call, vouchers.to_vec()).await?;
    let vault = &call.app.installation.vault;
    let with_standing = vouchers.iter().zip(standings);
    Ok(with_standing.map(|(voucher, standing)| shown(&views::me::voucher(voucher, standing, at, vault))).collect())
}

pub(in crate::api) async fn get_my_balance(call: Call) -> Result<Reply, Problem> {
    let name = credit_account(call.caller.id);
    let credit = call.dry_run(move |draft| account(draft, &name, draft.shop.currency)).await?;
    Ok(Reply::json(&views::me::balance(&credit)))
}

/// What is the customer's own, and of those who were merged into him.
pub(in crate::api) async fn own(call: &Call, column: &'static str) -> Result<Filter, Problem> {
    Ok(Filter::new().among(column, Some(selves(call).await?)))
}

/// The customer, and those who were merged into him.
pub(in crate::api) async fn selves(call: &Call) -> Result<Vec<Id>, Problem> {
    family_of(call, call.caller.id.to_string()).await
}

/// The customer, as commands name him.
pub(in crate::api) fn own_name(call: &Call) -> Result<Reference, Problem> {
    Reference::parse(&call.caller.id.to_string()).map_err(|_| Problem::internal())
}
