//! Reports of months: how fast it goes from hand to hand, and how many friends advocates win.

use chrono::NaiveDate;
use serde::Serialize;

use super::rows_url::Scope;
use super::{Report, day};
use crate::records::Timestamp;
use crate::records::month_tally::bounds_of;
use crate::views::share::Definition;

/// See the contract's `CycleReport` and `CohortsReport`.
#[derive(Serialize)]
pub struct MonthsReportView<R, T> {
    /// The first day of the first month.
    #[serde(serialize_with = "day")]
    pub from: NaiveDate,
    /// The last day of the last month.
    #[serde(serialize_with = "day")]
    pub to: NaiveDate,
    /// The rows.
    pub data: Vec<R>,
    /// All of the period.
    pub totals: Vec<T>,
    /// What each figure means.
    pub definitions: Vec<Definition>,
    /// When it was read, in the shop's time.
    pub as_of: Timestamp,
}

impl<R: Serialize + 'static, T: Serialize> Report for MonthsReportView<R, T> {
    type Row = R;
    fn rows(self) -> Vec<R> {
        self.data
    }
}

/// How many of each class of times there are, from the shortest on.
pub type Classes = Vec<i64>;

/// Of times in classes, how many there are and between which bounds their quartiles lie. Of n, the quartile of a quarter
/// is the one in place ⌈n / 4⌉ from below.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    count: i64,
    q1_from_minutes: Option<i64>,
    q1_to_minutes: Option<i64>,
    median_from_minutes: Option<i64>,
    median_to_minutes: Option<i64>,
    q3_from_minutes: Option<i64>,
    q3_to_minutes: Option<i64>,
}

impl Times {
    /// Of classes.
    pub fn of(classes: &Classes) -> Self {
        let count = classes.iter().sum();
        let quartile = |quarters: i64| quartile(classes, count, quarters);
        let [
            (q1_from_minutes, q1_to_minutes),
            (median_from_minutes, median_to_minutes),
            (q3_from_minutes, q3_to_minutes),
        ] = [1, 2, 3].map(quartile);
        Self {
            count,
            q1_from_minutes,
            q1_to_minutes,
            median_from_minutes,
            median_to_minutes,
            q3_from_minutes,
            q3_to_minutes,
        }
    }
}

/// Between which bounds a quartile lies.
fn quartile(classes: &Classes, count: i64, quarters: i64) -> (Option<i64>, Option<i64>) {
    let place = (count * quarters + 3).div_euclid(4);
    let below = classes.iter().scan(0, |sum, many| {
        *sum += many;
        Some(*sum)
    });
    match below.enumerate().find(|(_, sum)| count > 0 && *sum >= place) {
        Some((class, _)) => {
            let (from, to) = bounds_of(class);
            (Some(from), to)
        }
        None => (None, None),
    }
}

/// See the contract's `CycleFigures`.
#[derive(Serialize)]
pub struct CycleRow {
    #[serde(serialize_with = "day")]
    from: NaiveDate,
    #[serde(serialize_with = "day")]
    to: NaiveDate,
    #[serde(flatten)]
    step: CycleStep,
    rows_url: String,
}

/// One of the two steps, of some time.
#[derive(Serialize)]
pub struct CycleStep {
    step: &'static str,
    #[serde(flatten)]
    times: Times,
}

/// The steps: from a share to one that was sent by who came by it, and to the first order of a friend.
pub fn cycle_steps(shared: &Classes, ordered: &Classes) -> [CycleStep; 2] {
    [("shared", shared), ("ordered", ordered)].map(|(step, classes)| CycleStep { step, times: Times::of(classes) })
}

/// Shows a month.
pub fn cycle(scope: &Scope, shared: &Classes, ordered: &Classes) -> [CycleRow; 2] {
    let (from, to) = (scope.from, scope.to);
    let lists = [
        scope.url("/v1/shares", "created", &[("cycle", "true")]),
        scope.url("/v1/conversions", "occurred", &[("cycle", "true"), ("counted", "true")]),
    ];
    let mut lists = lists.into_iter();
    cycle_steps(shared, ordered).map(|step| CycleRow { from, to, step, rows_url: lists.next().unwrap_or_default() })
}

/// How many friends the advocates of a month won.
#[derive(Serialize)]
pub struct CohortRow {
    #[serde(serialize_with = "day")]
    from: NaiveDate,
    #[serde(serialize_with = "day")]
    to: NaiveDate,
    #[serde(flatten)]
    won: Won,
    comparable: bool,
    rows_url: CohortRowsUrl,
}

/// The lists of a row.
#[derive(Serialize)]
struct CohortRowsUrl {
    advocates: String,
    friends: String,
}

/// Friends who were won within so many days by so many advocates.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Won {
    /// The days, of each advocate's own.
    pub within_days: i64,
    /// Advocates.
    pub advocates: i64,
    /// Friends.
    pub friends: i64,
    k_bps: Option<i64>,
    amplification_bps: Option<i64>,
}

impl Won {
    /// Of so many.
    pub fn of(within_days: i64, advocates: i64, friends: i64) -> Self {
        let part = |many: i64, of: i64| i64::try_from(i128::from(many) * 10_000 / i128::from(of)).ok();
        let rest = advocates - friends;
        Self {
            within_days,
            advocates,
            friends,
            k_bps: if advocates > 0 { part(friends, advocates) } else { None },
            amplification_bps: if advocates > 0 && rest > 0 { part(advocates, rest) } else { None },
        }
    }
}

/// Shows the advocates of a month; whether all of them had the time.
pub fn cohort(scope: &Scope, won: Won, comparable: bool) -> CohortRow {
    let within = won.within_days.to_string();
    let friends = [("counted", "true"), ("within_days", within.as_str())];
    let rows_url = CohortRowsUrl {
        advocates: scope.url("/v1/shares", "created", &[("first", "true")]),
        friends: scope.url("/v1/referrals", "advocate_since", &friends),
    };
    CohortRow { from: scope.from, to: scope.to, won, comparable, rows_url }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::month_tally::{BOUNDS_MINUTES, class_of};

    /// Against the sorted times themselves.
    #[test]
    fn quartiles_lie_between_their_bounds() {
        let mut times: Vec<i64> = Vec::new();
        let mut classes = vec![0; BOUNDS_MINUTES.len() + 1];
        for n in 1..=40_i64 {
            let ms = (n * n * n * 7_919 % 997) * (n * 3_600_000 / 7 + 11);
            times.push(ms);
            classes[class_of(ms)] += 1;
            times.sort_unstable();
            for quarters in 1..=3 {
                let place = usize::try_from((n * quarters + 3) / 4).expect("small") - 1;
                let (from, to) = bounds_of(class_of(times[place]));
                assert_eq!(quartile(&classes, n, quarters), (Some(from), to), "{quarters} of {n}");
            }
        }
        assert_eq!(quartile(&vec![0; 3], 0, 2), (None, None));
    }

    #[test]
    fn what_multiplies_without_end_has_no_amplification() {
        let table = [
            (0, 0, None, None),
            (10, 0, Some(0), Some(10_000)),
            (10, 5, Some(5_000), Some(20_000)),
            (3, 1, Some(3_333), Some(15_000)),
            (10, 10, Some(10_000), None),
            (10, 25, Some(25_000), None),
        ];
        for (advocates, friends, k_bps, amplification_bps) in table {
            let expected = Won { within_days: 7, advocates, friends, k_bps, amplification_bps };
            assert_eq!(Won::of(7, advocates, friends), expected);
        }
    }
}
