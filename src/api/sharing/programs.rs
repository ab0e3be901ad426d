//! Programs.

use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::programs::change_program_status::ChangeProgramStatus;
use crate::decide::programs::create_program::CreateProgram;
use crate::decide::programs::program;
use crate::decide::programs::update_program::UpdateProgram;
use crate::records::money::Currency;
use crate::records::program::ProgramStatus;
use crate::records::{Account, Id, Program, Shop};
use crate::store::queries::records::{Filter, get, get_all};
use crate::store::{Connection, StoreResult};
use crate::views;

pub(in crate::api) async fn create_program(call: Call) -> Result<Reply, Problem> {
    let body: CreateProgram = call.body()?;
    call.submit(body).await
}

pub(in crate::api) async fn update_program(call: Call) -> Result<Reply, Problem> {
    let id = named(&call).await?;
    call.submit_for_links(UpdateProgram { id, if_match: call.if_match()?, body: call.body()? }).await
}

pub(in crate::api) async fn activate_program(call: Call) -> Result<Reply, Problem> {
    change_status(call, ProgramStatus::Active).await
}

pub(in crate::api) async fn pause_program(call: Call) -> Result<Reply, Problem> {
    change_status(call, ProgramStatus::Paused).await
}

pub(in crate::api) async fn end_program(call: Call) -> Result<Reply, Problem> {
    change_status(call, ProgramStatus::Ended).await
}

async fn change_status(call: Call, to: ProgramStatus) -> Result<Reply, Problem> {
    let id = named(&call).await?;
    call.submit_for_links(ChangeProgramStatus { id, to }).await
}

pub(in crate::api) async fn get_program(call: Call) -> Result<Reply, Problem> {
    let (shop, id) = (call.shop(), named(&call).await?);
    let found = call.read(move |connection| with_budget(connection, shop, id)).await?;
    let (program, currency, used) = found.ok_or_else(Problem::not_found)?;
    Ok(Reply::json(&views::program::program(&program, currency, used)).version(program.version))
}

/// The program that the path names, by its id or by its slug, which never changes.
async fn named(call: &Call) -> Result<Id, Problem> {
    let name = call.path("id").to_owned();
    let found = call.dry_run(move |draft| Ok(program::named(draft, &name)?.map(|program| program.id)));
    found.await?.ok_or_else(Problem::not_found)
}

pub(in crate::api) async fn list_programs(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new()
        .equals("status", call.query().word("status", ProgramStatus::WORDS)?)
        .equals("slug", call.query().text("slug"));
    call.list_pages(filter, show).await
}

async fn show(call: &Call, programs: &[Program]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (shop, accounts) = (call.shop(), programs.iter().map(Program::account).collect::<Vec<_>>());
    let budgets = call.read(move |connection| budgets(connection, shop, &accounts)).await?;
    let (currency, used) = budgets.ok_or_else(Problem::internal)?;
    let rows = programs.iter().zip(used);
    Ok(rows.map(|(program, used)| shown(&views::program::program(program, currency, used))).collect())
}

fn with_budget(connection: &mut Connection, shop: Id, id: Id) -> StoreResult<Option<(Program, Currency, i64)>> {
    let Some(program) = get::<Program>(connection, shop, id)? else { return Ok(None) };
    let budgets = budgets(connection, shop, &[program.account()])?;
    Ok(budgets.map(|(currency, used)| (program, currency, used.first().copied().unwrap_or(0))))
}

/// What the budgets' accounts have paid out, minor units of the shop's currency.
fn budgets(connection: &mut Connection, shop: Id, accounts: &[String]) -> StoreResult<Option<(Currency, Vec<i64>)>> {
    let Some(currency) = get::<Shop>(connection, shop, shop)?.map(|shop| shop.currency) else { return Ok(None) };
    let ids: Vec<Id> = accounts.iter().map(|name| Account::id_of(shop, name, currency)).collect();
    let found = get_all::<Account>(connection, shop, &ids)?;
    let used = |id: &Id| found.iter().find(|account| account.id == *id).map_or(0, |account| -account.balance);
    Ok(Some((currency, ids.iter().map(used).collect())))
}
