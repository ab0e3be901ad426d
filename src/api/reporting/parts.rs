//! A period of calendar days, and the parts into which it is divided.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::records::time::day_number;
use crate::refusal::Rejection;
use crate::words;

/// The longest period, years.
const YEARS: u32 = 10;
/// Days of a period of which only one end is said, or none.
const USUAL_DAYS: u64 = 30;
/// Parts that a report has at most.
const PARTS: usize = 1_000;

words! {
    /// Into what a period is divided.
    Interval {
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// Some days, one after the other: the first and the last.
pub(super) type Part = (NaiveDate, NaiveDate);

/// The period between two days, of which either may be left out; `today` is then where it ends.
pub(super) fn period(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Part, Rejection> {
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
pub(super) fn parts((from, to): Part, interval: Option<Interval>) -> Result<Vec<Part>, Rejection> {
    let Some(interval) = interval else { return Ok(vec![(from, to)]) };
    let (mut parts, mut first) = (Vec::new(), from);
    while first <= to {
        if parts.len() == PARTS {
            let detail = format!("at most {PARTS} parts are shown; ask for a longer interval or a shorter period");
            return Err(Rejection::field("?interval", detail));
        }
        let next = after(first, interval);
        parts.push((first, next.and_then(|next| next.pred_opt()).map_or(to, |last| last.min(to))));
        let Some(next) = next else { break };
        first = next;
    }
    Ok(parts)
}

/// In which part a day lies, given by its number.
pub(super) fn part_of(parts: &[Part], day: i64) -> usize {
    parts.partition_point(|(_, last)| day_number(*last) < day)
}

/// The first day of the next interval.
fn after(day: NaiveDate, interval: Interval) -> Option<NaiveDate> {
    match interval {
        Interval::Day => day.succ_opt(),
        Interval::Week => day.checked_add_days(Days::new(7 - u64::from(day.weekday().num_days_from_monday()))),
        Interval::Month => day.with_day(1)?.checked_add_months(Months::new(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn told(from: &str, to: &str, interval: Interval) -> String {
        let parts = parts((day(from), day(to)), Some(interval)).expect("few");
        parts.iter().map(|(from, to)| format!("{from}/{to}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_period_is_divided_by_the_calendar() {
        assert_eq!(told("2026-11-28", "2026-11-29", Interval::Day), "2026-11-28/2026-11-28 2026-11-29/2026-11-29");
        assert_eq!(
            told("2026-11-25", "2026-12-08", Interval::Week),
            "2026-11-25/2026-11-29 2026-11-30/2026-12-06 2026-12-07/2026-12-08"
        );
        assert_eq!(
            told("2026-01-31", "2026-03-01", Interval::Month),
            "2026-01-31/2026-01-31 2026-02-01/2026-02-28 2026-03-01/2026-03-01"
        );
        assert_eq!(parts((day("2026-01-01"), day("2026-12-31")), None).expect("one").len(), 1);
    }

    #[test]
    fn parts_leave_no_day_out_and_have_none_twice() {
        for interval in [Interval::Day, Interval::Week, Interval::Month] {
            let (from, to) = (day("2027-01-17"), day("2028-03-02"));
            let parts = parts((from, to), Some(interval)).expect("few");
            assert_eq!((parts[0].0, parts[parts.len() - 1].1), (from, to));
            assert!(parts.windows(2).all(|two| two[0].1.succ_opt() == Some(two[1].0)), "{parts:?}");
        }
    }

    #[test]
    fn a_period_has_two_ends_in_order_and_ten_years() {
        let today = day("2026-11-30");
        let read = |from: &str, to: &str| {
            let end = |text: &str| (!text.is_empty()).then(|| day(text));
            period(end(from), end(to), today).map_err(|refused| refused.errors[0].pointer.clone())
        };
        assert_eq!(read("", ""), Ok((day("2026-11-01"), today)));
        assert_eq!(read("2026-11-30", ""), Ok((today, today)));
        assert_eq!(read("2027-02-01", ""), Ok((day("2027-02-01"), day("2027-02-01"))));
        assert_eq!(read("", "2026-03-31"), Ok((day("2026-03-02"), day("2026-03-31"))));
        assert_eq!(read("2026-11-30", "2026-11-29"), Err("?to".to_owned()));
        assert_eq!(read("2016-12-01", "2026-11-30"), Ok((day("2016-12-01"), today)));
        assert_eq!(read("2016-11-30", "2026-11-30"), Err("?from".to_owned()));
        assert!(parts((day("2016-12-01"), today), Some(Interval::Day)).is_err());
        assert!(parts((day("2016-12-01"), today), Some(Interval::Week)).is_ok());
    }
}
