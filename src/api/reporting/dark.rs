//! How much of what comes to the shop's pages was sent in private: what is known of it, what is suspected, and the rest.

use chrono::NaiveDate;
use serde::Serialize;

use super::answer::answer;
use super::asked::day;
use super::parts::{Interval, part_of, parts, period};
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::records::Timestamp;
use crate::records::arrival::{Arrivals, Source};
use crate::records::time::day_number;
use crate::store::arrivals::of_days;
use crate::views::report::{Report, day as written};
use crate::views::share::Definition;

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
    #[serde(serialize_with = "written")]
    from: NaiveDate,
    #[serde(serialize_with = "written")]
    to: NaiveDate,
    interval: Option<&'static str>,
    rule: &'static str,
    typed_pages: Vec<String>,
    data: Vec<DarkRow>,
    totals: DarkFigures,
    definitions: Vec<Definition>,
    as_of: Timestamp,
}

impl Report for DarkReportView {
    type Row = DarkRow;
    fn rows(self) -> Vec<DarkRow> {
        self.data
    }
}

#[derive(Serialize)]
struct DarkRow {
    #[serde(serialize_with = "written")]
    from: NaiveDate,
    #[serde(serialize_with = "written")]
    to: NaiveDate,
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
    let (ends, format) = ((day(&call, "from")?, day(&call, "to")?), call.format()?);
    let interval = call.query().word("interval", Interval::WORDS)?.and_then(Interval::parse);
    call.query().refuse_unknown()?;
    let known = call.dry_run(|draft| {
        let typed_pages: Vec<String> = draft.shop.typed_pages().map(str::to_owned).collect();
        Ok((draft.at(), draft.at().day_in(draft.shop.zone()), typed_pages))
    });
    let (as_of, today, typed_pages) = known.await?;
    let (from, to) = period(ends.0, ends.1, today)?;
    let parts = parts((from, to), interval)?;
    let shop = call.shop();
    let days = call.read(move |connection| of_days(connection, shop, day_number(from), day_number(to))).await?;
    let (mut totals, mut sums) = (Arrivals::default(), vec![Arrivals::default(); parts.len()]);
    for (day, arrivals) in days {
        totals.add_all(&arrivals);
        if let Some(sum) = sums.get_mut(part_of(&parts, day)) {
            sum.add_all(&arrivals);
        }
    }
    let row = |((from, to), sum)| DarkRow { from, to, figures: DarkFigures::of(sum) };
    let data: Vec<DarkRow> = parts.into_iter().zip(&sums).map(row).collect();
    let definitions = DEFINITIONS.iter().map(|(figure, means)| Definition { figure, means }).collect();
    let totals = DarkFigures::of(&totals);
    let interval = interval.map(Interval::as_str);
    let report = DarkReportView { from, to, interval, rule: RULE, typed_pages, data, totals, definitions, as_of };
    answer(&call, format, report).await
}
