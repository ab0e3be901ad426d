//! Who brought how much: the ranking of a program's advocates.

use chrono::NaiveDate;

use super::answer::answer;
use super::asked::not_counted;
use super::months::end_of;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::api::request::page::{cursor, read_cursor};
use crate::decide::programs::program;
use crate::records::advocate_count::{ALL_TIME, Brought, FIGURES};
use crate::records::day_count::Figure;
use crate::records::time::day_number;
use crate::records::{Customer, Id, Timestamp};
use crate::refusal::Rejection;
use crate::store::advocate_counts::{Ranking, ranked, waiting_since};
use crate::store::queries::records::get_all;
use crate::store::queries::reports::is_tallied;
use crate::views::report::advocates::{AdvocateScope, AdvocatesReportView, advocate};
use crate::views::report::definitions;

/// Advocates of a page at most.
const PAGE: i64 = 100;
/// What ranks them.
const SORTS: [&str; 3] = ["revenue", "orders", "referrals"];
const MEANT: &[&str] = &["referrals", "orders", "kept", "revenue", "refunded", "own_rewards"];

pub(in crate::api) async fn get_advocates_report(call: Call) -> Result<Reply, Problem> {
    let (query, format) = (call.query(), call.format()?);
    let named = query.text("program").map(str::to_owned);
    let month = query.text("month").map(month).transpose()?;
    let sort = SORTS.into_iter().find(|sort| query.word("sort", &SORTS).ok().flatten() == Some(sort));
    query.word("sort", &SORTS)?;
    let sort = sort.unwrap_or(SORTS[0]);
    let most = limit(query.text("limit"))?;
    let after = query.text("after").map(|text| read_cursor(call.cursors(), text)).transpose()?;
    query.refuse_unknown()?;
    let named = named.ok_or_else(|| Rejection::field("?program", "a program is expected: its id or slug"))?;
    let known = call.dry_run(move |draft| {
        let program = program::known(draft, &named, "?program")?;
        Ok((program.id, draft.shop.zones(), draft.shop.currency, draft.at()))
    });
    let (program, zones, currency, now) = known.await?;
    let by = Figure::parse(sort).unwrap_or(Figure::Revenue);
    let after = after.map(|(many, advocate)| (many.ms(), advocate));
    let ranking = Ranking { month: month.map_or(ALL_TIME, day_number), program, by, after, most };
    let shop = call.shop();
    let found = call.read(move |connection| {
        if !is_tallied(connection, shop)? {
            return Ok(None);
        }
        let waiting = waiting_since(connection, shop)?;
        let rows = ranked(connection, shop, &ranking)?;
        let ids: Vec<Id> = rows.iter().map(|(advocate, _)| *advocate).collect();
        Ok(Some((waiting, rows, get_all::<Customer>(connection, shop, &ids)?)))
    });
    let Some((waiting, rows, customers)) = found.await? else { return Err(not_counted().into()) };
    let scope = AdvocateScope {
        program,
        ends: month.map(|first| {
            let next = end_of(first).and_then(|last| last.succ_opt()).unwrap_or(first);
            (zones.begin_of(first), zones.begin_of(next))
        }),
    };
    let place = |brought: &Brought| FIGURES.iter().position(|figure| *figure == by).map_or(0, |place| brought.0[place]);
    let last = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|rows| rows == most));
    let next = last.map(|(id, brought)| cursor(call.cursors(), Timestamp::from_ms(place(brought)), *id));
    let shown = rows
        .iter()
        .map(|(id, brought)| advocate(&scope, *id, customers.iter().find(|customer| customer.id == *id), brought));
    let report = AdvocatesReportView {
        from: month,
        to: month.and_then(end_of),
        program,
        sort,
        currency,
        data: shown.collect(),
        next,
        definitions: definitions::of(MEANT),
        as_of: waiting.unwrap_or(now),
    };
    answer(&call, format, report).await
}

/// The first day of a month that a parameter names.
fn month(text: &str) -> Result<NaiveDate, Rejection> {
    let fault = || Rejection::field("?month", "a month is expected, for example 2026-11");
    let is_one = text.len() == "2026-11".len();
    format!("{text}-01").parse().ok().filter(|_| is_one).ok_or_else(fault)
}

fn limit(text: Option<&str>) -> Result<i64, Rejection> {
    let fault = || Rejection::field("?limit", format!("1 to {PAGE} are expected"));
    let Some(text) = text else { return Ok(PAGE) };
    text.parse().ok().filter(|limit| (1..=PAGE).contains(limit)).ok_or_else(fault)
}
