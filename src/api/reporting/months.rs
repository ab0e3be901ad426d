//! Reports of months: which are asked for, and the two that there are.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

use super::answer::answer;
use super::asked::{day, not_counted};
use super::parts::{Interval, Part, parts, period};
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::Call;
use crate::decide::programs::program;
use crate::records::month_tally::{BOUNDS_MINUTES, MonthKey, MonthTallies, WITHIN_DAYS, What};
use crate::records::shop::Zones;
use crate::records::time::{day_number, day_of_number};
use crate::records::{Id, Timestamp};
use crate::store::month_tallies;
use crate::store::queries::reports::is_tallied;
use crate::views::report::definitions;
use crate::views::report::months::{Classes, MonthsReportView, Won, cohort, cycle, cycle_steps};
use crate::views::report::rows_url::Scope;

/// Months of a period of which only one end is said, or none.
const USUAL_MONTHS: u32 = 12;

/// What is asked for, and what is counted of it.
pub(super) struct Asked {
    format: Format,
    months: Vec<Part>,
    program: Option<Id>,
    zones: Zones,
    today: NaiveDate,
    as_of: Timestamp,
    tallies: MonthTallies,
}

impl Asked {
    /// The only program that is asked for.
    pub(super) fn program(&self) -> Option<Id> {
        self.program
    }

    /// In which form.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// When it is, in the shop's time.
    pub(super) fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// The first and the last day of all months, and what is listed of them.
    pub(super) fn whole(&self) -> (Part, Scope) {
        let ends = self.months.first().zip(self.months.last());
        let whole = ends.map_or((self.today, self.today), |((from, _), (_, to))| (*from, *to));
        (whole, self.scope(whole))
    }

    /// What was counted of all months.
    pub(super) fn tallied(&self) -> impl Iterator<Item = (What, i64)> {
        self.tallies.iter().map(|(key, many)| (key.what, *many))
    }

    pub(super) async fn read(call: &Call) -> Result<Self, Problem> {
        let (query, format) = (call.query(), call.format()?);
        let program = query.text("program").map(str::to_owned);
        let (from, to) = (day(call, "from")?, day(call, "to")?);
        query.refuse_unknown()?;
        let known = call.dry_run(move |draft| {
            let program = program.as_deref().map(|name| program::known(draft, name, "?program")).transpose()?;
            Ok((program.map(|program| program.id), draft.shop.zones(), draft.at()))
        });
        let (program, zones, as_of) = known.await?;
        let today = day_of_number(zones.day_of(as_of)).unwrap_or_default();
        let from = from.or_else(|| begin(to.unwrap_or(today))?.checked_sub_months(Months::new(USUAL_MONTHS - 1)));
        let (from, to) = period(from, to, today)?;
        let whole = (begin(from).unwrap_or(from), end_of(to).unwrap_or(to));
        let months = parts(whole, Some(Interval::Month))?;
        let (shop, days) = (call.shop(), (day_number(whole.0), day_number(whole.1)));
        let found = call.read(move |connection| match is_tallied(connection, shop)? {
            true => month_tallies::sums(connection, shop, days, program).map(Some),
            false => Ok(None),
        });
        let Some(tallies) = found.await? else { return Err(not_counted().into()) };
        Ok(Self { format, months, program, zones, today, as_of, tallies })
    }

    fn many(&self, (first, _): Part, what: What) -> i64 {
        let key = MonthKey { month: day_number(first), program: String::new(), what };
        self.tallies.get(&key).copied().unwrap_or(0)
    }

    fn classes(&self, month: Part, what: fn(usize) -> What) -> Classes {
        (0..=BOUNDS_MINUTES.len()).map(|class| self.many(month, what(class))).collect()
    }

    /// Whether everything of a month is so many days old.
    fn is_past(&self, (_, last): Part, days: i64) -> bool {
        let days = Days::new(u64::try_from(days).unwrap_or_default());
        last.checked_add_days(days).is_some_and(|over| over < self.today)
    }

    fn scope(&self, (from, to): Part) -> Scope {
        Scope {
            from,
            to,
            begins: self.zones.begin_of(from),
            ends: to.succ_opt().map_or(self.as_of, |next| self.zones.begin_of(next)),
            program: self.program,
            is_credited: false,
            channel: None,
            placement: None,
        }
    }

    async fn answer<R, T>(&self, call: &Call, data: Vec<R>, totals: Vec<T>, meant: &[&str]) -> Result<Reply, Problem>
    where
        R: Serialize + 'static,
        T: Serialize,
    {
        let ((from, to), _) = self.whole();
        let definitions = definitions::of(meant);
        answer(call, self.format, MonthsReportView { from, to, data, totals, definitions, as_of: self.as_of }).await
    }
}

/// The first day of a day's month.
fn begin(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

/// The last one.
pub(super) fn end_of(day: NaiveDate) -> Option<NaiveDate> {
    begin(day)?.checked_add_months(Months::new(1))?.pred_opt()
}

pub(in crate::api) async fn get_cycle_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call).await?;
    let steps = |month: &Part| (asked.classes(*month, What::Shared), asked.classes(*month, What::Ordered));
    let of_months: Vec<(Part, (Classes, Classes))> = asked.months.iter().map(|month| (*month, steps(month))).collect();
    let mut total = (vec![0; BOUNDS_MINUTES.len() + 1], vec![0; BOUNDS_MINUTES.len() + 1]);
    for (_, (shared, ordered)) in &of_months {
        total.0.iter_mut().zip(shared).for_each(|(sum, many)| *sum += many);
        total.1.iter_mut().zip(ordered).for_each(|(sum, many)| *sum += many);
    }
    let rows = of_months.iter().flat_map(|(month, (shared, ordered))| cycle(&asked.scope(*month), shared, ordered));
    let totals = cycle_steps(&total.0, &total.1).into();
    asked.answer(&call, rows.collect(), totals, &["shared", "first_ordered", "quartiles"]).await
}

pub(in crate::api) async fn get_cohorts_report(call: Call) -> Result<Reply, Problem> {
    let asked = Asked::read(&call).await?;
    let mut rows = Vec::new();
    let mut totals: Vec<(i64, i64)> = vec![(0, 0); WITHIN_DAYS.len()];
    for month in &asked.months {
        let advocates = asked.many(*month, What::Advocates);
        for ((place, days), total) in WITHIN_DAYS.iter().enumerate().zip(&mut totals) {
            let friends = asked.many(*month, What::Won(place));
            let is_comparable = asked.is_past(*month, *days);
            if is_comparable {
                *total = (total.0 + advocates, total.1 + friends);
            }
            rows.push(cohort(&asked.scope(*month), Won::of(*days, advocates, friends), is_comparable));
        }
    }
    let totals = WITHIN_DAYS.iter().zip(totals).map(|(days, (advocates, friends))| Won::of(*days, advocates, friends));
    let meant = ["advocates", "friends", "k_bps", "amplification_bps", "comparable"];
    asked.answer(&call, rows, totals.collect(), &meant).await
}
