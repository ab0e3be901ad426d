//! How much of what comes to the shop's pages was sent in private: what is known of it, what is suspected, and the rest.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::records::Timestamp;
use crate::records::arrival::{Arrivals, Source, number_of};
use crate::refusal::Rejection;
use crate::store::arrivals::of_days;
use crate::views::share::Definition;

/// The longest period, years.
const YEARS: u32 = 10;
/// Days of a period of which only one end is said, or none.
const USUAL_DAYS: u64 = 30;
/// Parts that a report has at most.
const PARTS: usize = 1_000;
/// Into what a period is divided.
const INTERVALS: &[&str] = &["day", "week", "month"];

/// By which arrivals are told apart, as it is shown beside the figures.
const RULE: &str = "Chartbeat's (Madrigal, The Atlantic, 12 October 2012): an arrival without a referrer, without a mark and \
                    without the parameters of a campaign is suspected to have been sent in private, unless its page is one whose \
                    address people type (typed_pages, as they were when it was counted). It is an estimate.";

const DEFINITIONS: &[(&str, &str)] = &[
    ("arrivals", "Pages that were opened from elsewhere, as the shop or its pages told."),
    ("private", "Those of them whose address had the mark of a Grapevine link: known to have been sent."),
    ("suspected", "Those that came from nowhere to a page that nobody types: suspected to have been sent in private."),
    ("typed", "Those that came from nowhere to a page that people type."),
    ("search", "Those that a search engine led there."),
    ("social", "Those that a public network led there."),
    ("other", "Those that another site or campaign led there."),
    (
        "dark_before_bps",
        "What would be dark without Grapevine: private and suspected, of private, suspected and social, basis points; empty \
         where there are none.",
    ),
    ("dark_after_bps", "What is dark still: suspected, of private, suspected and social, basis points."),
];

/// See the contract's `DarkReport`.
#[derive(Serialize)]
struct DarkReportView {
    from: String,
    to: String,
    interval: Option<String>,
    rule: &'static str,
    typed_pages: Vec<String>,
    data: Vec<DarkRow>,
    totals: DarkFigures,
    definitions: Vec<Definition>,
    as_of: Timestamp,
}

#[derive(Serialize)]
struct DarkRow {
    from: String,
    to: String,
    #[serde(flatten)]
    figures: DarkFigures,
}

#[derive(Serialize)]
struct DarkFigures {
    arrivals: i64,
    private: i64,
    suspected: i64,
    typed: i64,
    search: i64,
    social: i64,
    other: i64,
    dark_before_bps: Option<i64>,
    dark_after_bps: Option<i64>,
}

impl DarkFigures {
    fn of(arrivals: &Arrivals) -> Self {
        let count = |source| arrivals.of(source);
        let (private, suspected, social) = (count(Source::Private), count(Source::Suspected), count(Source::Social));
        let all = i128::from(private) + i128::from(suspected) + i128::from(social);
        let part = |count: i64| (all > 0).then(|| i64::try_from(i128::from(count) * 10_000 / all).unwrap_or(10_000));
        Self {
            arrivals: arrivals.all(),
            private,
            suspected,
            typed: count(Source::Typed),
            search: count(Source::Search),
            social,
            other: count(Source::Other),
            dark_before_bps: part(private.saturating_add(suspected)),
            dark_after_bps: part(suspected),
        }
    }
}

pub(in crate::api) async fn get_dark_report(call: Call) -> Result<Reply, Problem> {
    let ends = (day(&call, "from")?, day(&call, "to")?);
    let interval = call.query().word("interval", INTERVALS)?.map(str::to_owned);
    call.query().refuse_unknown()?;
    let known = call.dry_run(|draft| {
        let typed_pages: Vec<String> = draft.shop.typed_pages().map(str::to_owned).collect();
        Ok((draft.at(), draft.at().day_in(draft.shop.zone()), typed_pages))
    });
    let (as_of, today, typed_pages) = known.await?;
    let (from, to) = period(ends, today)?;
    let parts = parts((from, to), interval.as_deref())?;
    let shop = call.shop();
    let days = call.read(move |connection| of_days(connection, shop, number_of(from), number_of(to))).await?;
    let (mut totals, mut sums) = (Arrivals::default(), vec![Arrivals::default(); parts.len()]);
    for (day, arrivals) in days {
        totals.add_all(&arrivals);
        let at = parts.partition_point(|(_, last)| number_of(*last) < day);
        if let Some(sum) = sums.get_mut(at) {
            sum.add_all(&arrivals);
        }
    }
    let rows = parts.iter().zip(&sums);
    let data = rows
        .map(|((from, to), sum)| DarkRow { from: from.to_string(), to: to.to_string(), figures: DarkFigures::of(sum) })
        .collect();
    let definitions = DEFINITIONS.iter().map(|(figure, means)| Definition { figure, means }).collect();
    let totals = DarkFigures::of(&totals);
    let (from, to) = (from.to_string(), to.to_string());
    Ok(Reply::json(&DarkReportView { from, to, interval, rule: RULE, typed_pages, data, totals, definitions, as_of }))
}

fn day(call: &Call, name: &str) -> Result<Option<NaiveDate>, Rejection> {
    let fault = || Rejection::field(format!("?{name}"), "a day is expected, for example 2026-11-30");
    let read = |text: &str| text.parse().ok().filter(|_| text.len() == "2026-11-30".len()).ok_or_else(fault);
    call.query().text(name).map(read).transpose()
}

type Part = (NaiveDate, NaiveDate);

/// The period between two days, of which either may be left out; `today` is then where it ends.
fn period((from, to): (Option<NaiveDate>, Option<NaiveDate>), today: NaiveDate) -> Result<Part, Rejection> {
    let usual = |day: NaiveDate| day.checked_sub_days(Days::new(USUAL_DAYS - 1)).unwrap_or(day);
    let to = to.unwrap_or(from.map_or(today, |from| today.max(from)));
    let from = from.unwrap_or(usual(to));
    if from > to {
        return Err(Rejection::field("?to", format!("a day that is not before {from}, the first, is expected")));
    }
    if from.checked_add_months(Months::new(12 * YEARS)).is_some_and(|end| end <= to) {
        return Err(Rejection::field("?from", format!("a period of at most {YEARS} years is expected")));
    }
    Ok((from, to))
}

/// The parts of a period, oldest first; those at its ends are as long as it has them.
fn parts((from, to): Part, interval: Option<&str>) -> Result<Vec<Part>, Rejection> {
    let Some(interval) = interval else { return Ok(vec![(from, to)]) };
    let (mut parts, mut first) = (Vec::new(), from);
    while first <= to {
        if parts.len() == PARTS {
            let detail = format!("at most {PARTS} parts are shown; ask for a longer interval or a shorter period");
            return Err(Rejection::field("?interval", detail));
        }
        let next = match interval {
            "week" => first.checked_add_days(Days::new(7 - u64::from(first.weekday().num_days_from_monday()))),
            "month" => first.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))),
            _ => first.succ_opt(),
        };
        parts.push((first, next.and_then(|next| next.pred_opt()).map_or(to, |last| last.min(to))));
        let Some(next) = next else { break };
        first = next;
    }
    Ok(parts)
}
