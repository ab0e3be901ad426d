//! The reports.

use std::collections::HashMap;

use super::answer::answer;
use super::asked::{Asked, Credited, Has};
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::records::channel::{ChannelSpec, with_built_in};
use crate::records::day_count::NONE;
use crate::records::program::budget_account;
use crate::records::{Account, Id, Program};
use crate::store::queries::records::{children, get_all};
use crate::store::queries::reports::{By, Sum};
use crate::store::queries::shares::own_channels;
use crate::views::report::budget;
use crate::views::report::figures::{self, Figures};
use crate::views::report::rows_url::Scope;

/// The figures of channels and placements.
const COUNTED: &[&str] = &[
    "shares_made",
    "shares_sent",
    "previews",
    "visits",
    "unique_visits",
    "referrals",
    "orders",
    "naked_orders",
    "approved",
    "kept",
    "revenue",
    "refunded",
    "discounts",
    "reward_cost",
    "redeemed",
];

pub(in crate::api) async fn get_funnel_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call, Has::Everything).await?;
    let found = asked.sums(&call, By::Nothing, Credited::Only).await?;
    let total = total(&found);
    let mut of_parts: HashMap<usize, Figures> = found.iter().map(|(part, sum)| (*part, shown(sum))).collect();
    let rows = (0..asked.many()).flat_map(|part| {
        let figures = of_parts.remove(&part).unwrap_or_default();
        figures::funnel(&Scope { is_credited: true, ..asked.scope(part) }, &figures)
    });
    let steps = ["sent", "opened", "referred", "ordered", "approved", "kept", "rate_bps"];
    let meant = [&steps[..], COUNTED].concat();
    answer(&call, asked.format, asked.view(rows.collect(), total, &meant)).await
}

pub(in crate::api) async fn get_channels_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call, Has::Everything).await?;
    let found = asked.sums(&call, By::Channel, Credited::OrNot).await?;
    let shop = call.shop();
    let own = call.read(move |connection| own_channels(connection, shop)).await?;
    let channels = with_built_in(own.into_iter().map(|channel| channel.spec.0).collect());
    let total = total(&found);
    let rows = found.into_iter().map(|(part, sum)| {
        let scope = Scope { channel: Some(sum.name.clone()), ..asked.scope(part) };
        figures::channel(&scope, sum.name.clone(), is_private(&channels, &sum.name), shown(&sum))
    });
    let meant = [COUNTED, &["conversion_bps"]].concat();
    answer(&call, asked.format, asked.view(rows.collect(), total, &meant)).await
}

/// Whether nobody watches a channel; of what came without a link nobody knows.
fn is_private(channels: &[ChannelSpec], key: &str) -> Option<bool> {
    channels.iter().find(|channel| channel.key == key).map(|channel| channel.private)
}

pub(in crate::api) async fn get_placements_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call, Has::Everything).await?;
    let found = asked.sums(&call, By::Placement, Credited::Only).await?;
    let total = total(&found);
    let rows = found.into_iter().map(|(part, sum)| {
        let placement = if sum.name.is_empty() { NONE.to_owned() } else { sum.name.clone() };
        let scope = Scope { placement: Some(placement.clone()), is_credited: true, ..asked.scope(part) };
        figures::placement(&scope, placement, shown(&sum))
    });
    let meant = [&["placement"], COUNTED, &["conversion_bps"]].concat();
    answer(&call, asked.format, asked.view(rows.collect(), total, &meant)).await
}

pub(in crate::api) async fn get_budget_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call, Has::ProgramsAlone).await?;
    let found = asked.sums(&call, By::Program, Credited::Only).await?;
    let (shop, only) = (call.shop(), asked.program);
    let (programs, accounts) = call
        .read(move |connection| {
            let mut programs: Vec<Program> = children(connection, shop, &Program::OF_SHOP, shop)?;
            programs.retain(|program| only.is_none_or(|only| only == program.id));
            let currency = crate::store::queries::identity::shop(connection, shop)?.map(|shop| shop.currency);
            let account = |program: &Program| Some(Account::id_of(shop, &budget_account(program.id), currency?));
            let ids: Vec<Id> = programs.iter().filter_map(account).collect();
            Ok((programs, get_all::<Account>(connection, shop, &ids)?))
        })
        .await?;
    let total = total(&found);
    let sums: HashMap<String, Figures> = found.iter().map(|(_, sum)| (sum.name.clone(), shown(sum))).collect();
    let rows = programs.iter().map(|program| {
        let name = budget_account(program.id);
        let account = accounts.iter().find(|account| account.name == name);
        let figures = sums.get(&program.id.text()).copied().unwrap_or_default();
        budget::budget(&Scope { program: Some(program.id), ..asked.scope(0) }, program, account, &figures)
    });
    let own = ["budget", "used", "left", "cost_per_kept_order"];
    let meant = [&own[..], COUNTED].concat();
    answer(&call, asked.format, asked.view(rows.collect(), total, &meant)).await
}

fn total(found: &[(usize, Sum)]) -> Figures {
    let mut total = Sum::default();
    found.iter().for_each(|(_, sum)| total.add(sum));
    shown(&total)
}

fn shown(sum: &Sum) -> Figures {
    let openings = sum.openings;
    Figures::of(&sum.counts, (openings.previews, openings.visits, openings.unique_visits))
}
